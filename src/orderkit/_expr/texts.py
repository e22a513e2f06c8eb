"""What the functions on texts do, among them the careful reading of channels' texts."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.failure import Failure, Reason
from orderkit._expr.guards import shown, text

if TYPE_CHECKING:
    from datetime import tzinfo

_LONGEST: Final = 60
_AMOUNT: Final = re.compile(
    r"(?P<sign>[+-]?) ?(?:¥|\$|€|£|CNY|RMB|USD)? ?(?P<late>[+-]?)"
    r"(?P<whole>[0-9]{1,28}|[0-9]{1,3}(?:,[0-9]{3}){1,8})(?P<part>\.[0-9]{1,12})? ?元?"
)


def lowered(value: Any) -> str:
    """Write a text in small letters.

    Args:
        value: A text.

    Returns:
        The same in small letters.
    """
    return text(value).lower()


def raised(value: Any) -> str:
    """Write a text in capitals.

    Args:
        value: A text.

    Returns:
        The same in capitals.
    """
    return text(value).upper()


def begins(value: Any, part: Any) -> bool:
    """Tell whether a text begins with another.

    Args:
        value: The text.
        part: Its supposed beginning.

    Returns:
        True where it does.
    """
    return text(value).startswith(text(part))


def ends(value: Any, part: Any) -> bool:
    """Tell whether a text ends with another.

    Args:
        value: The text.
        part: Its supposed end.

    Returns:
        True where it does.
    """
    return text(value).endswith(text(part))


def holds(value: Any, part: Any) -> bool:
    """Tell whether a text holds another.

    Args:
        value: The text.
        part: What to look for.

    Returns:
        True where it does.
    """
    return text(part) in text(value)


def _plain(value: str) -> str:
    if len(value) > _LONGEST:
        raise Failure(Reason.UNREADABLE, shown(value))
    return unicodedata.normalize("NFKC", value).strip()


def read_number(value: Any) -> Decimal | None:
    """Read a number out of a channel's text.

    Args:
        value: A text such as `1,234.50` or `¥ 12`, or a number; none and blank texts are absent.

    Returns:
        The number, or none where the text is blank.

    Raises:
        Failure: The text is no number.
    """
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    plain = _plain(text(value))
    if not plain:
        return None
    match = _AMOUNT.fullmatch(plain)
    if match is None or (match["sign"] and match["late"]):
        raise Failure(Reason.UNREADABLE, shown(value))
    whole = match["whole"].replace(",", "")
    return Decimal(f"{match['sign']}{match['late']}{whole}{match['part'] or ''}")


def read_time(value: Any, zone: tzinfo) -> datetime | None:
    """Read a point in time out of a channel's text.

    Args:
        value: `2026-06-16 20:00`, with `/` or `-`, with or without seconds and zone; blank texts are absent.
        zone: The zone of texts that name none.

    Returns:
        The aware time, or none where the text is blank.

    Raises:
        Failure: The text is no time.
    """
    if value is None:
        return None
    plain = _plain(text(value)).replace("/", "-")
    if not plain:
        return None
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise Failure(Reason.UNREADABLE, shown(value)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def column_key(header: str) -> str:
    """Bring a column's header into the one form that headers are compared in.

    Args:
        header: As the file has it.

    Returns:
        NFKC, trimmed, runs of white space as one space.
    """
    return " ".join(unicodedata.normalize("NFKC", header).split())
