"""Makes the project's tables ready: typed columns, and the rows of those that name a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderkit._diagnostics import Problem
from orderkit._fields import converters
from orderkit._fields.converters import BadValue
from orderkit._fields.engine import TableProgram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._fields.definition import TableDefinition
    from orderkit._fields.spec_maker import SpecMaker
    from orderkit._text.table import Row


def compile_table(maker: SpecMaker, name: str, table: TableDefinition, rows: list[Row]) -> TableProgram:
    """Compile one table.

    Args:
        maker: Makes its columns, and takes the mistakes.
        name: Its name.
        table: As written.
        rows: Rows of its file.

    Returns:
        The table with the rows that fit.
    """
    maker = replace(maker, finer=True)
    specs = {
        column: spec
        for column, definition in table.fields.items()
        if (spec := maker.spec(column, definition, None)) is not None
    }
    if not table.host and table.file is None:
        maker.found.add("OK415", table.span)
    program = TableProgram(name, table.key, specs, {}, table.host, table.span)
    known: dict[str, Mapping[str, Any]] = {}
    lines: dict[str, int] = {}
    place = table.value_span("file")
    for row in rows:
        key = row.values.get(table.key, "")
        if key in known:
            maker.found.add("OK416", place, file=table.file, name=key, first=lines[key], line=row.line)
            continue
        try:
            known[key] = program.read(row.values)
            lines[key] = row.line
        except BadValue as bad:
            column, value = _culprit(program, row.values)
            said = Problem(bad.code, column, value, bad.params).text()
            maker.found.add("OK407", place, file=table.file, line=row.line, column=column, said=said)
    return replace(program, rows=known)


def _culprit(program: TableProgram, values: Mapping[str, str]) -> tuple[str, str]:
    for name, spec in program.fields.items():
        raw = values.get(name, "")
        try:
            if not converters.absent(raw):
                spec.read(raw)
        except BadValue:
            return name, raw
    return program.key, values.get(program.key, "")
