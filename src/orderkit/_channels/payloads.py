"""Lays a payload's nested mappings and lists out as rows, so that one reader serves files and payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._channels.binding import Sheet
from orderkit._channels.program import Fault, RecordRead
from orderkit._channels.reading import RecordReader
from orderkit._expr.functions import column_key
from orderkit._fields.converters import BadValue, to_identity
from orderkit._fields.spelling import DEEPEST, deep, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._channels.program import ChannelProgram, Section
    from orderkit._channels.reading import Row


class PayloadReader:
    """Reads payloads of one channel; made once, used for each of them.

    Args:
        program: The channel.
    """

    __slots__ = ("_program", "_reader", "_sheets")

    def __init__(self, program: ChannelProgram) -> None:
        """Lay the sections over the columns that the channel mentions."""
        self._program = program
        self._sheets = {
            source: Sheet(program, source, columns, remember=False)
            for source, columns in program.columns.items()
        }
        self._reader = RecordReader(program, self._sheets)

    def read(self, payload: Mapping[str, Any], number: int = 0) -> RecordRead:
        """Read one payload.

        Args:
            payload: Nested mappings and lists, or the cells of one row by column.
            number: Number of the payload in its file, from 1, or 0.

        Returns:
            What it became.
        """
        program = self._program
        if deep(payload):
            nested = Fault("OK483", "", "", "", {"most": str(DEEPEST)}, program.span)
            return RecordRead(record=number, has_order=False, faults=[nested])
        known = {column_key(str(name)): value for name, value in payload.items()}
        row = self._row(program.order.source, known, number)
        key, fault = record_key(program, program.order, self._sheets[program.order.source], row)
        if fault is not None:
            return RecordRead(record=number, has_order=False, faults=[fault])
        stray = self._strange(known)
        if stray:
            params = {"columns": ", ".join(stray)}
            fault = Fault("OK846", stray[0], stray[0], shown(known[stray[0]]), params, program.span)
            return RecordRead(key=key, record=number, has_order=False, faults=[fault])
        lines, refunds = program.lines, program.refunds
        astray: list[Fault] = []
        record = self._reader.read(
            key,
            [row],
            self._rows("lines", lines, known, row, number, astray),
            self._rows("refunds", refunds, known, row, number, astray),
        )
        if astray and not (record.skipped and record.has_order):
            # Goods that nobody could read must not be lost: what is left over would be another order.
            record.skipped = ""
            record.faults = [*astray, *(one for one in record.faults if not one.field.startswith("lines["))]
        return record

    def _rows(
        self,
        name: str,
        section: Section | None,
        known: Mapping[str, Any],
        row: Row,
        number: int,
        astray: list[Fault],
    ) -> list[Row]:
        if section is None:
            return []
        if section.source == self._program.order.source:
            return [row]
        listed = self._program.cell(value_at(known, section.source))
        if isinstance(listed, list | tuple):
            members = [(f"[{at}]", one) for at, one in enumerate(listed)]
        else:
            members = [] if listed is None else [("", listed)]
        rows = []
        for place, one in members:
            if not isinstance(one, dict):
                column, said = f"{section.source}{place}", shown(one)
                astray.append(
                    Fault("OK852", name + place, column, said, {}, section.span, row[0], number, row[2])
                )
                continue
            cells = {column_key(str(column)): value for column, value in one.items()}
            rows.append(self._row(section.source, cells, number))
        return rows

    def _row(self, source: str, known: Mapping[str, Any], number: int) -> Row:
        return 0, number, [value_at(known, column) for column in self._sheets[source].columns]

    def _strange(self, known: Mapping[str, Any]) -> list[str]:
        if self._program.unknown != "reject":
            return []
        paths = [*self._program.columns[self._program.order.source], *self._program.columns]
        mapped = {*paths, *(path.partition(".")[0] for path in paths)}
        return [name for name in known if name not in mapped]


def payload_record(program: ChannelProgram, payload: Mapping[str, Any]) -> RecordRead:
    """Read one payload.

    Args:
        program: The channel.
        payload: Nested mappings and lists, or the cells of one row by column.

    Returns:
        What it became.
    """
    return PayloadReader(program).read(payload)


def value_at(known: Mapping[str, Any], column: str) -> Any:
    """Follow a column into a payload: its own name first, then the path it may spell.

    Args:
        known: Values by name, in the form headers are compared in.
        column: Such as `buyer` or `address.city`.

    Returns:
        The value, or None.
    """
    if column in known:
        return known[column]
    value: Any = known
    for step in column.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def record_key(program: ChannelProgram, section: Section, sheet: Sheet, row: Row) -> tuple[str, Fault | None]:
    """Read the identity of one row.

    Args:
        program: The channel.
        section: The section whose key is meant.
        sheet: The columns of its file.
        row: The row.

    Returns:
        The key, or an empty text and the reason why there is none.
    """
    place = sheet.positions.get(section.key)
    raw = None if place is None else row[2][place]
    bare = program.cell(raw)
    where = (section.span, row[0], row[1], row[2], section.source)
    if bare is None:
        return "", Fault("OK845", "key", section.key, "", {}, *where)
    for target in program.order.targets:
        if target.field == "external_number" and target.columns == (program.order.key,):
            for clean in target.clean:
                bare = clean(str(bare))
    try:
        return to_identity(bare), None
    except BadValue as bad:
        return "", Fault(bad.code, "key", section.key, shown(raw), bad.params, *where)
