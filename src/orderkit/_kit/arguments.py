"""What hosts pass, checked at the door, so that a wrong type is named and never stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from orderkit.domain.calendar import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo


def mapping(name: str, value: Any) -> dict[str, Any]:
    """Take a mapping of values by name.

    Args:
        name: The argument's name, for the message.
        value: What came.

    Returns:
        A new dict.

    Raises:
        TypeError: It is no mapping.
    """
    if not isinstance(value, Mapping):
        message = f"{name} is a mapping of values by field, not {_kind(value)}"
        raise TypeError(message)
    return dict(value)


def word(name: str, value: Any) -> str:
    """Take an id, a number or a name.

    Args:
        name: The argument's name.
        value: What came.

    Returns:
        The text.

    Raises:
        TypeError: It is no text.
    """
    if not isinstance(value, str):
        message = f"{name} is a text, not {_kind(value)}"
        raise TypeError(message)
    return value


def key(value: Any) -> str | None:
    """Take the key that makes a repeat harmless.

    Args:
        value: A text that is not empty, or None.

    Returns:
        The key.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty, and would make one command of many.
    """
    if value is None:
        return None
    if not word("key", value):
        message = "key is empty; leave it out, or give each command one of its own"
        raise ValueError(message)
    return str(value)


def words(name: str, value: Any) -> list[str]:
    """Take several texts.

    Args:
        name: The argument's name.
        value: What came.

    Returns:
        A new list.

    Raises:
        TypeError: It is one text, or its members are none.
    """
    if isinstance(value, str) or not all(isinstance(one, str) for one in value):
        message = f"{name} is a list of texts, such as [{value!r}]"
        raise TypeError(message)
    several: Sequence[str] = value
    return list(several)


def units(value: Any) -> dict[str, int] | None:
    """Take units by line id.

    Args:
        value: Such as `{"L1": 1}`, or None for all that is left.

    Returns:
        A new dict, or None.

    Raises:
        TypeError: It is no such mapping.
    """
    if value is None:
        return None
    found = mapping("lines", value)
    for line, count in found.items():
        if type(count) is not int:
            message = f"lines[{line!r}] is a whole number of units, not {_kind(count)}"
            raise TypeError(message)
    return found


def moment(name: str, value: Any, zone: ZoneInfo) -> datetime | None:
    """Take an instant; what names no zone is read in the project's.

    Args:
        name: The argument's name.
        value: A datetime, a date, a text such as `2026-06-18 10:00`, or None.
        zone: The project's zone.

    Returns:
        An aware datetime, or None.

    Raises:
        TypeError: It is none of these.
        ValueError: The text is no moment.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    found = parse_moment(word(name, value), zone)
    if found is None:
        message = f"{name}: {value!r} is no moment; write it like 2026-06-18 10:00"
        raise ValueError(message)
    return found


def _kind(value: Any) -> str:
    return f"{type(value).__name__} ({value!r})"[:120]
