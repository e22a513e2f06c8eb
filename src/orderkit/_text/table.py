"""CSV files that a project brings along, such as its catalog: every cell text, every row with its line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.span import Span
from orderkit._text.decoding import decode, split_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector

_WORKBOOK: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CELL: Final = re.compile(r'\s*("(?:[^"]|"")*"|[^,"]*)[^,]*(,|$)').match

_CSV_WORDS: Final = (
    ("unexpected end of data", "a quote is opened and never closed", "有一个引号没有结束"),
    ("expected after", "text goes on behind a closing quote", "引号结束后还有文字"),
    (
        "field larger than",
        "a cell is too long; a quote may never be closed",
        "单元格过长，可能有引号没有结束",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Args:
        line: Physical line it begins on, from 1.
        values: Cells by header, blanks at both ends removed.
        count: Cells as written.
    """

    line: int
    values: Mapping[str, str]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its header, its rows, and where everything stands.

    Args:
        name: The file's name for positions.
        header: Names of the columns in file order.
        rows: The rows that are not blank.
        lines: Physical lines of the file.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[str, ...]

    def cell(self, line: int, place: int) -> Span:
        """Find one cell, so that a mistake is shown under it.

        Args:
            line: Physical line on which its row begins, from 1.
            place: Number of the column, from 0.

        Returns:
            The cell's place, or the line's end where the row has no such cell.
        """
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        begin = 0
        for number in range(place + 1):
            hit = _CELL(text, begin)
            if hit is None or (number < place and not hit[2]):
                break
            if number == place:
                return Span(self.name, line, hit.start(1) + 1, line, hit.start(1) + len(hit[1].rstrip()) + 1)
            begin = hit.end()
        return Span(self.name, line, len(text) + 1, line, len(text) + 1)

    @property
    def head(self) -> Span:
        """Give the place of the header."""
        return Span(self.name, 1, 1, 1, (len(self.lines[0]) if self.lines else 0) + 1)

    def at(self, row: Row, column: str) -> Span:
        """Find one cell by the name of its column.

        Args:
            row: The row.
            column: Name of the column.

        Returns:
            The cell's place, or the row's first cell where the header has no such column.
        """
        return self.cell(row.line, self.header.index(column) if column in self.header else 0)


def csv_words(error: Exception) -> dict[str, str]:
    """Word in two languages what the CSV reader says.

    Args:
        error: What it raised.

    Returns:
        `said` and `said_zh` for a message.
    """
    text = str(error)
    for part, en, zh in _CSV_WORDS:
        if part in text:
            return {"said": en, "said_zh": zh}
    return {"said": text, "said_zh": text}


def read_table(data: bytes, name: str, found: Collector) -> Table | None:
    """Read a UTF-8 CSV file with one header row.

    Args:
        data: The file's bytes.
        name: The file's name for positions.
        found: Takes the mistakes.

    Returns:
        The table, or None where the file cannot be read.
    """
    if data.startswith(_WORKBOOK):
        found.add("OK894", Span(name, 1, 1, 1, 1))
        return None
    text = decode(data, name, found, most=len(data))
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    lines = tuple(split_lines(text))
    before = 0
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        before = reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = {title: cell.strip() for title, cell in zip(header, cells, strict=False)}
                rows.append(Row(before + 1, values, len(cells)))
            before = reader.line_num
    except csv.Error as error:
        found.add("OK895", Span(name, before + 1, 1, before + 1, 1), related=(), **csv_words(error))
        return None
    table = Table(name, header, tuple(rows), lines)
    return table if _separated(table, found) else None


def _separated(table: Table, found: Collector) -> bool:
    """Refuse a header that another sign cuts into columns."""
    if len(table.header) != 1:
        return True
    for sign in (";", "，", "；", "\t", "|"):
        place = table.header[0].find(sign)
        if place >= 0:
            column = table.lines[0].find(sign) + 1
            shown = "Tab" if sign == "\t" else sign
            found.add("OK893", Span(table.name, 1, column, 1, column + 1), sign=shown)
            return False
    return True
