"""Where inside a YAML scalar a stretch of an expression stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from orderkit._diagnostics.span import Span


class SourceText(Protocol):
    """What holds an expression: any object with a text and its position."""

    @property
    def text(self) -> str:
        """Give the expression, without YAML's quotes."""

    @property
    def span(self) -> Span:
        """Give where the scalar stands."""


@dataclass(frozen=True, slots=True)
class Place:
    """Turns offsets inside a text into positions in its file.

    Args:
        span: The whole scalar.
        shift: Code points from the span's first column to the text's first character; None where the text is
            folded, escaped or of several lines.
        points: Then the line and column of each character, where they are known; else the whole scalar is
            shown.
    """

    span: Span
    shift: int | None
    points: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, source: SourceText) -> Place:
        """Find out whether the scalar shows the text character by character.

        Args:
            source: The text and its span; the span may include YAML's quotes.

        Returns:
            The place.
        """
        span = source.span
        quotes = (span.end_column - span.column - len(source.text)) if span.line == span.end_line else -1
        shift = {0: 0, 2: 1}.get(quotes)
        points = () if shift is not None else getattr(source, "points", None)
        return cls(span, shift, points or ())

    def at(self, start: int, end: int) -> Span:
        """Narrow the place to a stretch of the text.

        Args:
            start: Code points from the start of the text.
            end: The same, exclusive.

        Returns:
            The stretch, or the whole scalar where the columns are not known.
        """
        if self.shift is not None:
            return self.span.part(self.shift + start, self.shift + end)
        inside = self.points[start : max(end, start + 1)]
        if not inside:
            return self.span
        (line, column), (end_line, end_column) = inside[0], inside[-1]
        return Span(self.span.file, line, column, end_line, end_column + 1)

    def inner(self, start: int) -> Place:
        """Give the place of a text inside this one, such as the hole of a template.

        Args:
            start: Code points from the start of this text.

        Returns:
            The inner text's place.
        """
        shift = None if self.shift is None else self.shift + start
        return Place(self.span, shift, self.points[start:])
