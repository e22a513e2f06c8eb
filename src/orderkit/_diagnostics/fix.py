"""Edits that mend a finding, as data, and how they are laid over a text without touching anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderkit._diagnostics.span import Span

SAFE: Final = "safe"
MAYBE: Final = "maybe"
_BREAKS: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch of a file and what to write instead.

    Args:
        span: The stretch; an empty one inserts.
        text: The new text.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a finding.

    Args:
        edits: All of them together mend it.
        applicability: `safe` where there is one certain remedy, `maybe` where a person has to look.
    """

    edits: tuple[Edit, ...]
    applicability: str = SAFE

    @property
    def safe(self) -> bool:
        """Say whether `orderkit check --fix` applies it."""
        return self.applicability == SAFE


def lines_of(text: str) -> list[str]:
    """Cut a text at the line breaks of YAML 1.2, so that lines count as they do in an editor.

    Args:
        text: A whole file, without its byte order mark.

    Returns:
        Its lines without their ends.
    """
    return _BREAKS.split(text)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Lay edits over a text; every character outside them stays, line ends too.

    Args:
        text: A whole file, without its byte order mark.
        edits: Edits of this file that do not overlap.

    Returns:
        The new text.
    """
    starts = [0, *(hit.end() for hit in _BREAKS.finditer(text))]
    made = text
    for edit in sorted(edits, key=lambda one: (one.span.line, one.span.column), reverse=True):
        begin = starts[edit.span.line - 1] + edit.span.column - 1
        end = starts[edit.span.end_line - 1] + edit.span.end_column - 1
        made = made[:begin] + edit.text + made[end:]
    return made


def overlap(one: Edit, other: Edit) -> bool:
    """Tell whether two edits touch the same place, so that only one of them may be made at a time.

    Args:
        one: An edit.
        other: Another.

    Returns:
        True where they share a character or the place of an insertion.
    """
    if one.span.file != other.span.file:
        return False
    begin, end = _bounds(one)
    first, last = _bounds(other)
    return (begin, end) == (first, last) or (begin < last and first < end)


def _bounds(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)
