"""Which findings a machine can mend: the exact wrong word in the text, and the one that belongs there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from orderkit._diagnostics.fix import MAYBE, SAFE, Edit, Fix, lines_of
from orderkit._diagnostics.indentation import blanks, tabs
from orderkit._diagnostics.suggest import certain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic
    from orderkit._diagnostics.span import Span

_EXACT: Final = frozenset(
    [
        "OK210", "OK211", "OK212", "OK213", "OK335", "OK347", "OK441", "OK442", "OK507", "OK508", "OK509",
        "OK511", "OK703",
    ]
)  # fmt: skip
"""The suggestion is what was meant, not a guess."""
_OPERATORS: Final = frozenset({"OK507", "OK508", "OK509"})
_LOOK: Final = frozenset({"OK136", "OK150", "OK209", "OK214", "OK513", "OK726", "OK886"})
"""The suggestion may be right; a person has to look."""
_WORDS: Final = ("name", "key", "argument", "found", "value")
"""Holes that hold the wrong word, in the order in which a message has them."""
_PLAIN_SIGNS: Final = re.compile(r":(?:\s|$)|\s#|[\[\]{},\"']|^[&*!|>%@`?#-]").search
_NEEDS_BLANK: Final = re.compile(r"\w")
_COLONS: Final = {"OK103": MAYBE, "OK106": MAYBE, "OK148": SAFE, "OK149": SAFE}
_FLOW_SIGNS: Final = str.maketrans("：，［］｛｝【】＂“”＇‘’", ":,[]{}[]\"\"\"'''")
_ALLOWED: Final = ("every", "known", "allowed")


def with_fixes(found: Iterable[Diagnostic], texts: Mapping[str, bytes]) -> tuple[Diagnostic, ...]:
    """Give each finding its source line, and the edits that mend it where there are such.

    Args:
        found: The findings.
        texts: Bytes of the files by name.

    Returns:
        The findings in their order.
    """
    split: dict[str, list[str]] = {}
    made: list[Diagnostic] = []
    for one in found:
        for file in {span.file for span in one.places} - set(split):
            split[file] = lines_of(texts.get(file, b"").decode("utf-8-sig", "replace"))
        lines = split[one.file]
        if 0 < one.line <= len(lines):
            made.append(replace(one, source=lines[one.line - 1], fix=fix_of(one, split)))
        else:
            made.append(one)
    return tuple(made)


def fix_of(one: Diagnostic, lines: Mapping[str, Sequence[str]]) -> Fix | None:
    """Work out the edits that mend a finding.

    Args:
        one: The finding.
        lines: Lines of each file it names.

    Returns:
        The fix, or none where nothing certain can be written or the text is not the one that was read.
    """
    if one.code == "OK105":
        return tabs(one.span, lines[one.file])
    if one.code == "OK133":
        return blanks(one.span, lines[one.file])
    if one.code in _COLONS:
        return _colon(one.span, _text_at(one.span, lines), lines[one.file], _COLONS[one.code])
    if one.code in ("OK134", "OK135", "OK143"):
        return _sign(one, lines)
    if not one.suggestion:
        return None
    edits = [_word(one, span, lines) for span in one.places]
    whole = tuple(edit for edit in edits if edit is not None)
    if not whole or len(whole) != len(edits):
        return None
    return Fix(whole, SAFE if _safe(one, whole, lines) else MAYBE)


def _safe(one: Diagnostic, edits: Sequence[Edit], lines: Mapping[str, Sequence[str]]) -> bool:
    if one.code in _LOOK or one.severity != "error":
        return False
    if one.code in _OPERATORS:
        return not any(_delicate(edit, lines) for edit in edits)
    if one.code in _EXACT:
        return True
    known = next((one.params[name] for name in _ALLOWED if name in one.params), "")
    return certain(_wrong(one), one.suggestion.strip("'"), known)


def _delicate(edit: Edit, lines: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a sign means something to YAML too at this place."""
    before = lines[edit.span.file][edit.span.line - 1][: edit.span.column - 1]
    if "," in edit.text or "[" in edit.text or "]" in edit.text:
        return "{" in before or "[" in before
    return "'" in edit.text and before.count("'") % 2 == 1


def _wrong(one: Diagnostic) -> str:
    return (
        "=" if one.code == "OK507" else next((one.params[name] for name in _WORDS if name in one.params), "")
    )


def _text_at(span: Span, lines: Mapping[str, Sequence[str]]) -> str:
    of_file = lines.get(span.file, ())
    if span.line != span.end_line or not 0 < span.line <= len(of_file):
        return ""
    return of_file[span.line - 1][span.column - 1 : span.end_column - 1]


def _word(one: Diagnostic, span: Span, lines: Mapping[str, Sequence[str]]) -> Edit | None:
    """Find the wrong word itself inside its place: quotes and the path before it stay."""
    text, wrong, right = _text_at(span, lines), _wrong(one), one.suggestion
    if one.code == "OK136" and text[1:-1] == right and not _PLAIN_SIGNS(right):
        return Edit(span, right)
    if not text or not wrong:
        return None
    if one.code in _OPERATORS and text == wrong:
        return Edit(span, _spaced(right, span, lines[span.file][span.line - 1]))
    quote = text[0] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else ""
    if quote and text[1:-1] == wrong:
        right = right[1:-1] if one.code == "OK405" else right
        if quote in right or "\\" in right:
            return None
        return Edit(span.part(1, len(text) - 1), right)
    if one.code == "OK405" or _PLAIN_SIGNS(right):
        return None
    if text == wrong or normalize("NFC", text) == wrong:
        return Edit(span, right)
    if text.endswith(f".{wrong}"):
        return Edit(span.part(len(text) - len(wrong), len(text)), right)
    return None


def _spaced(right: str, span: Span, line: str) -> str:
    """Keep words apart: `a&&b` becomes `a and b`."""
    if not right.isalpha():
        return right
    before, after = line[: span.column - 1][-1:], line[span.end_column - 1 :][:1]
    lead = " " if _NEEDS_BLANK.match(before) or before == ")" else ""
    return lead + right + (" " if _NEEDS_BLANK.match(after) or after in tuple("('\"") else "")


def _colon(span: Span, text: str, lines: Sequence[str], applicability: str) -> Fix | None:
    if text not in (":", "："):
        return None
    after = lines[span.line - 1][span.end_column - 1 :][:1]
    right = ":" if not after or after in " \t" else ": "
    return None if right == text else Fix((Edit(span, right),), applicability)


def _sign(one: Diagnostic, lines: Mapping[str, Sequence[str]]) -> Fix | None:
    """Write a full-width sign half-width: certain where YAML stumbled over it, else a guess."""
    span, text = one.span, _text_at(one.span, lines)
    if len(text) != 1:
        return None
    after = lines[span.file][span.line - 1][span.end_column - 1 :][:1]
    if one.code == "OK134":
        right = one.params.get("plain", "")
    else:
        plain = text.translate(_FLOW_SIGNS)
        right = plain + (" " if plain in ":," and after not in ("", " ") else "")
    if right in ("", text):
        return None
    return Fix((Edit(span, right),), SAFE if one.code == "OK143" else MAYBE)
