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
        wanted = lead.replace("\t", " " * width)
        before = _before(lines, number, width)
        if before is not None and not _fits(wanted, before):
            # One tab among blanks is as wide as the line above, whatever a level is elsewhere.
            wanted, mixed = before[0] + (" " * width if before[1] else ""), True
        found.append(Edit(place, wanted))
    return Fix(tuple(found), MAYBE if mixed else SAFE) if here else None


def _before(lines: Sequence[str], number: int, width: int) -> tuple[str, bool] | None:
    """Give the indentation of the line above in blanks, and whether it opens a level, where there is one."""
    for line in reversed(lines[: number - 1]):
        text = line.strip()
        if text and not text.startswith("#"):
            return _lead(_LEAD(line)).replace("\t", " " * width), text.endswith((":", "："))
    return None


def _fits(lead: str, before: tuple[str, bool]) -> bool:
    """Tell whether a line may follow the one above with this indentation, as a member or as its content."""
    return len(lead) > len(before[0]) if before[1] else lead == before[0]


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
