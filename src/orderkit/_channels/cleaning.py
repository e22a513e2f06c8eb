"""What is taken off a cell before its field reads it: signs that exports add, and the named cleaners."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_BLANKS: Final = " \t\r\n\f\v\u00a0\u3000\ufeff\u200b"
_FLOATED: Final = re.compile(r"(\d{1,15})\.0+")
_NOT_DIGITS: Final = re.compile(r"[^0-9]+")
_NOT_PHONE: Final = re.compile(r"[^0-9+*-]+")
_MOBILE: Final = re.compile(r"1[0-9]{10}")


def _digits(text: str) -> str:
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))


def _phone(text: str) -> str:
    dialled = _NOT_PHONE.sub("", unicodedata.normalize("NFKC", text))
    plain = dialled.replace("-", "").removeprefix("+86").removeprefix("0086")
    return plain if _MOBILE.fullmatch(plain) else dialled


def _whole(text: str) -> str:
    # From 16 digits on a spreadsheet has already lost some of them: the field refuses what is left.
    floated = _FLOATED.fullmatch(text)
    return floated[1] if floated else text


def _collapse(text: str) -> str:
    return " ".join(text.split())


CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "strip": str.strip,
    "digits": _digits,
    "phone": _phone,
    "whole": _whole,
    "upper": str.upper,
    "lower": str.lower,
    "collapse": _collapse,
}
"""Every cleaner an analyst may name under `clean:`."""


def cell_reader(strip: Sequence[str], none: Sequence[str]) -> Callable[[Any], Any]:
    """Make the function that frees every cell of a channel from what surrounds it.

    Args:
        strip: Texts that exports put before or after values.
        none: Texts that mean nothing.

    Returns:
        A function from a raw value to the bare text, or None where it means nothing; what is no text
        (numbers, lists and mappings of a payload) passes through.
    """
    signs = _BLANKS + "".join(one for one in strip if len(one) == 1)
    longer = tuple(one for one in strip if len(one) > 1)
    nothing = frozenset({"", *(one.strip() for one in none)})

    def read(raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw
        text = raw.strip(signs)
        if longer:
            text = _unwrapped(text, longer, signs)
        return None if text in nothing else text

    return read


def _unwrapped(text: str, longer: tuple[str, ...], signs: str) -> str:
    before = None
    while text != before:
        before = text
        for one in longer:
            text = text.removeprefix(one).removesuffix(one).strip(signs)
    return text
