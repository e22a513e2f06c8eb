"""The nearest known word to a misspelt one, for "did you mean"."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR: Final = 0.6
_LONGEST: Final = 100


def closest(word: str, known: Iterable[str]) -> str:
    """Find the one known word that was probably meant, so that a message can offer it.

    Full-width letters and capitals count as equal; short words need to be nearly right.

    Args:
        word: What was written.
        known: What may be written.

    Returns:
        The nearest known word, or an empty text where none is near.
    """
    if len(word) > _LONGEST:
        return ""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(_fold(name), name)
    found = get_close_matches(_fold(word), folded, n=1, cutoff=_NEAR)
    return folded[found[0]] if found else ""


def _fold(word: str) -> str:
    return normalize("NFKC", word).strip().casefold()
