"""Makes the project's tables ready: typed columns, and the rows of those that name a file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orderkit._diagnostics import Problem
from orderkit._diagnostics.suggest import closest
from orderkit._fields import converters
from orderkit._fields.converters import BadValue
from orderkit._fields.engine import TableProgram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._fields.definition import TableDefinition
    from orderkit._fields.spec_maker import SpecMaker
    from orderkit._text.table import Row, Table


def compile_table(maker: SpecMaker, name: str, table: TableDefinition, file: Table | None) -> TableProgram:
    """Compile one table.

    Args:
        maker: Makes its columns, and takes the mistakes.
        name: Its name.
        table: As written.
        file: Its file as read, or None where it has none that can be read.

    Returns:
        The table with the rows that fit.
    """
    maker = replace(maker, finer=True)
    specs = {
        column: spec
        for column, definition in table.fields.items()
        if (spec := maker.spec(column, definition)) is not None
    }
    if not table.host and table.file is None:
        maker.found.add("OK883", table.span)
    program = TableProgram(name, table.key, specs, {}, table.host, table.span)
    if file is None or not _header(table, file, maker.found):
        return program
    known: dict[str, Mapping[str, Any]] = {}
    lines: dict[str, int] = {}
    for row in file.rows:
        key = row.values.get(table.key, "")
        if not _whole(table, file, row, maker.found):
            continue
        if key in known:
            place = file.at(row, table.key)
            maker.found.add("OK884", place, file=table.file, name=key, first=lines[key], line=row.line)
            continue
        try:
            known[key] = program.read(row.values)
            lines[key] = row.line
        except BadValue as bad:
            column, value = _culprit(program, row.values)
            said = Problem(bad.code, column, value, bad.params)
            maker.found.add(
                "OK882", file.at(row, column), column=column, said=said.text("en"), said_zh=said.text("zh")
            )
            continue
        _prices(file, row, key, known[key], maker.found)
    return replace(program, rows=known)


def _header(table: TableDefinition, file: Table, found: Collector) -> bool:
    """Compare the columns of the file with those of the table; without the key nothing can be read."""
    if not any(file.header):
        found.add("OK892", file.head)
        return False
    declared = (table.key, *table.fields)
    absent = [column for column in declared if column not in file.header]
    for place, column in enumerate(file.header):
        if column in declared:
            continue
        meant = closest(column, absent)
        if meant:
            absent.remove(meant)
        known = ", ".join(declared)
        found.add("OK886", file.cell(1, place), suggestion=meant, name=column, known=known)
        if meant == table.key:
            return False
    for column in absent:
        if column == table.key or table.fields[column].default is None:
            listed = ", ".join(file.header)
            found.add("OK887", file.head, name=column, known=listed)
    if not file.rows:
        found.add("OK892", file.head)
    return table.key in file.header


def _whole(table: TableDefinition, file: Table, row: Row, found: Collector) -> bool:
    most = len(file.header)
    if row.count > most:
        found.add("OK885", file.cell(row.line, most), count=row.count, most=most)
    elif row.count < most:
        found.add("OK889", file.cell(row.line, row.count), count=row.count, most=most)
    elif not row.values.get(table.key):
        found.add("OK888", file.at(row, table.key), name=table.key)
    else:
        return True
    return False


def _prices(file: Table, row: Row, key: str, read: Mapping[str, Any], found: Collector) -> None:
    """Look at what a product costs: nothing is sold below zero, and hardly anything without a price."""
    if "price" not in read or "price" not in file.header:
        return
    price = read["price"]
    if price is None:
        found.add("OK891", file.at(row, "price"), name=key)
    elif isinstance(price, Decimal) and price < 0:
        found.add("OK890", file.at(row, "price"), value=row.values["price"])


def _culprit(program: TableProgram, values: Mapping[str, str]) -> tuple[str, str]:
    for name, spec in program.fields.items():
        raw = values.get(name, "")
        try:
            if not converters.absent(raw):
                spec.read(raw)
        except BadValue:
            return name, raw
    return program.key, values.get(program.key, "")
