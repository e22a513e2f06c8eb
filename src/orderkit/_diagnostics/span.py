"""The place in a file that caused something: made once by the reader, carried to every explanation."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of one file, so that any figure can name the line of YAML behind it.

    A tuple, because the reader makes one for every word.

    Args:
        file: Path as the user gave it, relative to the project where there is one.
        line: First line, from 1.
        column: First column, from 1, in code points.
        end_line: Last line, from 1.
        end_column: Column after the last character, in code points.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        """Give `file:line:column`, the form that editors and terminals make clickable."""
        return f"{self.file}:{self.line}:{self.column}"

    def part(self, start: int, end: int) -> Span:
        """Narrow a one-line span to a stretch inside it.

        Args:
            start: Code points from this span's first column.
            end: Code points from this span's first column, exclusive.

        Returns:
            The narrower span on the same line.
        """
        return Span(self.file, self.line, self.column + start, self.line, self.column + end)


NOWHERE = Span("", 0, 0, 0, 0)
"""The span of what no file caused: the defaults that orderkit itself brings."""
