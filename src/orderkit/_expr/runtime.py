"""Everything a compiled expression may call, by the name an analyst writes; nothing else is in its reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._expr import arithmetic, lists, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CALLED: Final[Mapping[str, Callable[..., Any]]] = {
    "any": lists.some,
    "all": lists.every,
    "min": lists.least,
    "max": lists.greatest,
    "count": lists.number_of,
    "len": lists.length,
    "coalesce": lists.first_present,
    "abs": arithmetic.magnitude,
    "round": arithmetic.rounded,
    "days": arithmetic.days,
    "hours": arithmetic.hours,
    "lower": texts.lowered,
    "upper": texts.raised,
    "startswith": texts.begins,
    "endswith": texts.ends,
    "contains": texts.holds,
    "money": texts.read_number,
    "number": texts.read_number,
}
"""The functions that need nothing but their arguments."""
