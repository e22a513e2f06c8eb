"""What an editor can mend by itself: the edits of a finding's fix, or the one text that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit._diagnostics.fix import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderkit._diagnostics import Diagnostic

_QUOTES = ("'", '"')


def fix_of(one: Diagnostic, row: str, lang: str) -> tuple[str, Sequence[Edit]] | None:
    """Give what mends a finding.

    Args:
        one: The finding.
        row: Its line, as the editor shows it.
        lang: `en` or `zh`.

    Returns:
        A title and the edits, or None where only a person can tell.
    """
    said = f"改成“{one.suggestion}”" if lang == "zh" else f"write `{one.suggestion}`"
    if one.fix is not None:
        title = said if one.suggestion else one.remedy(lang)
        return title, one.fix.edits
    span = one.span
    if not one.suggestion or span.line != span.end_line:
        return None
    written = row[span.column - 1 : span.end_column - 1]
    text = one.suggestion
    if written[:1] in _QUOTES and written[-1:] == written[:1] and text[:1] not in _QUOTES:
        text = f"{written[0]}{text}{written[0]}"
    return said, [Edit(span, text)]
