"""Places as editors count them: lines from 0, columns in units of UTF-16 or whatever was agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderkit._diagnostics import Span

_BYTES: Final = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@dataclass(frozen=True, slots=True)
class Units:
    """What one column is.

    Args:
        encoding: `utf-16`, or what server and editor agreed on.
    """

    encoding: str = "utf-16"

    def column(self, row: str, points: int) -> int:
        """Count the units before a code point.

        Args:
            row: The line's text.
            points: Code points from its start.

        Returns:
            Units from its start.
        """
        codec, size = _BYTES[self.encoding]
        return len(row[:points].encode(codec, "surrogatepass")) // size

    def points(self, row: str, column: int) -> int:
        """Count the code points before a unit.

        Args:
            row: The line's text.
            column: Units from its start.

        Returns:
            Code points from its start, at most its length.
        """
        codec, size = _BYTES[self.encoding]
        return len(row.encode(codec, "surrogatepass")[: column * size].decode(codec, "ignore"))

    def range(self, span: Span, rows: Sequence[str]) -> tuple[int, int, int, int]:
        """Give a span as an editor's range.

        Args:
            span: The span; a finding about a whole project begins at the first sign of the file.
            rows: The file's lines.

        Returns:
            Line and column of the start, line and column of the end.
        """
        first, last = max(span.line - 1, 0), max(span.end_line - 1, 0)
        start = self.column(rows[first], max(span.column - 1, 0)) if first < len(rows) else 0
        end = self.column(rows[last], max(span.end_column - 1, 0)) if last < len(rows) else 0
        return first, start, last, end


def rows_of(text: str) -> list[str]:
    """Split a text as the reader does.

    Args:
        text: The text.

    Returns:
        Its lines without their ends.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
