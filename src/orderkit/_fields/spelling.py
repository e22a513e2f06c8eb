"""Spells values that may be anything, without hanging or failing on those that nobody should send."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

DEEPEST: Final = 32
"""Most levels of lists and mappings in what a host or a channel brings."""

MOST_MARKS: Final = 100
"""Most combining marks on one character."""

WANTED: Final[dict[str, dict[str, str]]] = {
    "text": {"kind_en": "a single text or number", "kind_zh": "单个文本或数字"},
    "list": {"kind_en": "a list such as `[a, b]`", "kind_zh": "列表（如 [甲, 乙]）"},
    "lines": {
        "kind_en": "a list such as `[{sku: A1, quantity: 2}]`",
        "kind_zh": "列表（如 [{sku: A1, quantity: 2}]）",
    },
    "mapping": {"kind_en": "a mapping such as `{sku: A1}`", "kind_zh": "一组“键: 值”（如 {sku: A1}）"},
}
"""What belongs in a place, for the message that something else stands there."""

_MOST_VALUES: Final = 1_000_000
_LONGEST_NUMBER: Final = 200


def shown(raw: object, most: int = 200) -> str:
    """Spell any value for a message: quickly, whatever it is, and so that every store takes it.

    Args:
        raw: Any value.
        most: Longest text, in characters; what is cut ends in `…`.

    Returns:
        The text, without halves of characters.
    """
    try:
        # A slice of a text is cheap; the spelling of a deep or huge value may not exist at all.
        # The quotes in the spelling of a list or mapping are Python's; nobody wrote them.
        text = raw if isinstance(raw, str) else str(raw).replace("'", "")
    except (ValueError, RecursionError):
        return f"({type(raw).__name__})"
    if len(text) > most:
        text = text[: most - 1] + "…"
    return text.encode("utf-8", "replace").decode()


def meant(name: object, known: Iterable[str]) -> dict[str, str]:
    """Guess the field that was meant by a name that none has.

    Args:
        name: As it came.
        known: The fields there are.

    Returns:
        The holes `meant_en` and `meant_zh`, empty where nothing is near.
    """
    near = closest(str(name)[:_LONGEST_NUMBER], tuple(known))
    en, zh = (f"did you mean `{near}`?", f"你是不是想写“{near}”？") if near else ("", "")
    return {"meant_en": en, "meant_zh": zh}


def deep(raw: object, most: int = DEEPEST) -> bool:
    """Tell whether data is nested deeper than any order is, or goes round in circles.

    Args:
        raw: Any value.
        most: Most levels of lists and mappings.

    Returns:
        True also where it holds more than a million values.
    """
    waiting: list[tuple[Any, int]] = [(raw, 0)]
    seen = 0
    while waiting:
        one, level = waiting.pop()
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list | tuple) else ()
        seen += len(inner)
        if level > most or seen > _MOST_VALUES:
            return True
        waiting += [(each, level + 1) for each in inner if isinstance(each, dict | list | tuple)]
    return False


def spelled(raw: object) -> str:
    """Spell a value that is to be read as a number, a date or a word.

    Args:
        raw: Any value.

    Returns:
        The text; an empty one where it is longer than any of them.
    """
    if not isinstance(raw, str):
        raw = shown(raw, _LONGEST_NUMBER + 1)
    return "" if len(raw) > _LONGEST_NUMBER else raw


def stacked(text: str) -> bool:
    """Tell whether marks are heaped on one character; normalizing takes the square of their number.

    Args:
        text: Any text.

    Returns:
        True from a hundred marks on.
    """
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MOST_MARKS:
            return True
    return False


def too_wide(number: Decimal) -> bool:
    """Tell whether a decimal is too long to be spelled out, as 1E+200000000 is.

    Args:
        number: Any decimal.

    Returns:
        True where it has hundreds of digits before or after the point.
    """
    exponent = number.as_tuple().exponent
    widest = max(abs(exponent), number.adjusted()) if isinstance(exponent, int) else 0
    return widest > _LONGEST_NUMBER
