"""Edits that turn tabs and wide blanks of an indentation into the blanks that YAML takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.fix import MAYBE, SAFE, Edit, Fix
from orderkit._diagnostics.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAD: Final = re.compile(r"[ \t]*").match
_WIDE_LEAD: Final = re.compile("[ \u00a0\u3000]*").match


def tabs(span: Span, lines: Sequence[str]) -> Fix | None:
    """Write the tabs of all indentations of a file as blanks, since one level looks like the other.

    Args:
        span: The tab that stopped the reader.
        lines: The file's lines.

    Returns:
        The fix; only a guess where a line mixes tabs and blanks; none where the tab is no indentation.
    """
    found: list[Edit] = []
    mixed, here = False, False
    width = _level(lines)
    for number, line in enumerate(lines, 1):
        lead = _lead(_LEAD(line))
        if "\t" not in lead:
            continue
        mixed = mixed or " " in lead
        here = here or (number == span.line and span.column <= len(lead))
        place = Span(span.file, number, 1, number, len(lead) + 1)
        found.append(Edit(place, lead.replace("\t", " " * width)))
    return Fix(tuple(found), MAYBE if mixed else SAFE) if here else None


def blanks(span: Span, lines: Sequence[str]) -> Fix | None:
    """Write the full-width and no-break blanks of all indentations as half-width ones of the same width.

    Args:
        span: The blank that stopped the reader.
        lines: The file's lines.

    Returns:
        The fix, or none where the blank is no indentation.
    """
    found: list[Edit] = []
    here = False
    for number, line in enumerate(lines, 1):
        lead = _lead(_WIDE_LEAD(line))
        plain = lead.replace("\u3000", "  ").replace("\u00a0", " ")
        if plain != lead:
            here = here or number == span.line
            found.append(Edit(Span(span.file, number, 1, number, len(lead) + 1), plain))
    return Fix(tuple(found)) if here else None


def _lead(hit: re.Match[str] | None) -> str:
    return hit[0] if hit else ""


def _level(lines: Sequence[str]) -> int:
    """Take the blanks of one level from the lines that are indented with blanks."""
    widths = [
        len(lead) for line in lines if (lead := line[: len(line) - len(line.lstrip(" "))]) and line.strip()
    ]
    return min(widths, default=2)
