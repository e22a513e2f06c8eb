"""The nearest known word to a misspelt one, for "did you mean", and whether it is certainly the one meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR: Final = 0.6
_LONGEST: Final = 100
_SHORT: Final = 4
_LEAST: Final = 3
_SEVERAL: Final = 5
_PAIR: Final = 2
_ZONES: Final = {
    "beijing": "Asia/Shanghai", "asia/beijing": "Asia/Shanghai", "china": "Asia/Shanghai",
    "cst": "Asia/Shanghai", "utc+8": "Asia/Shanghai", "gmt+8": "Asia/Shanghai", "+08:00": "Asia/Shanghai",
    "utc+08:00": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "中国": "Asia/Shanghai",
    "北京时间": "Asia/Shanghai", "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "东京": "Asia/Tokyo",
    "新加坡": "Asia/Singapore", "伦敦": "Europe/London", "纽约": "America/New_York",
}  # fmt: skip
"""What people write where a zone is asked for."""


def closest(word: str, known: Iterable[str]) -> str:
    """Find the one known word that was probably meant, so that a message can offer it.

    Full-width letters and capitals count as equal; short words need to be nearly right, and of a Chinese
    word of two signs one has to be right and in its place. Of several near
    words the one that takes the fewest slips is meant: `strats` is `starts`, not `status`.

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
    meant = _fold(word)
    found = get_close_matches(meant, folded, n=_SEVERAL, cutoff=_NEAR)
    if not found and len(meant) == _PAIR and not meant.isascii():
        # Half of a word of two signs is right; that tells which is meant where no other shares a sign.
        found = [one for one in folded if len(one) == _PAIR and distance(meant, one) == 1]
        found = found if len(found) == 1 else []
    return folded[min(found, key=lambda one: distance(meant, one))] if found else ""


def closest_zone(word: str) -> str:
    """Find the time zone that was probably meant: by its name, its city or a word people use for it.

    Args:
        word: What was written.

    Returns:
        A name such as `Asia/Shanghai`, or an empty text where none is near.
    """
    from zoneinfo import available_timezones

    spoken = _ZONES.get(_fold(word).replace(" ", ""))
    if spoken:
        return spoken
    names = sorted(available_timezones())
    cities = {_fold(name.rpartition("/")[2]): name for name in names if "/" in name}
    city = _fold(word).rpartition("/")[2].replace(" ", "_")
    return cities.get(city, "") or closest(word, names) or cities.get(closest(city, cities), "")


def certain(word: str, meant: str, known: str) -> bool:
    """Tell whether a suggestion is the one slip of the fingers, so that a machine may write it.

    One wrong, missing, additional or swapped sign, two in longer words; and no other known word is as
    near. In Chinese one sign is half a word, so the word needs three.

    Args:
        word: What was written.
        meant: The suggestion.
        known: What may be written, separated by commas; ending in an ellipsis where it is not all.

    Returns:
        True where nothing else can have been meant.
    """
    wrong, right = _fold(word), _fold(meant)
    if wrong == right:
        return True
    if len(right) < _LEAST or not known or known.rstrip().endswith("…") or len(wrong) > _LONGEST:
        return False
    most = 1 if len(right) <= _SHORT or not right.isascii() else 2
    far = distance(wrong, right)
    if far > most:
        return False
    others = (_fold(one) for one in known.split(", "))
    return all(one == right or distance(wrong, one) > far for one in others)


def distance(one: str, other: str) -> int:
    """Count the slips between two words: a wrong, missing, additional sign, or two neighbours swapped.

    Args:
        one: A word.
        other: Another.

    Returns:
        The fewest slips that turn one into the other.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        following = [at]
        for place, two in enumerate(other, 1):
            cost = min(row[place] + 1, following[-1] + 1, row[place - 1] + (sign != two))
            swapped = at > 1 and place > 1 and sign == other[place - 2] and one[at - 2] == two
            following.append(min(cost, before[place - 2] + 1) if swapped else cost)
        before, row = row, following
    return row[-1]


def _fold(word: str) -> str:
    return normalize("NFKC", word).strip().casefold()
