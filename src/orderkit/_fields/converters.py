"""One raw value to one typed value: a closure per field, compiled once, called per cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from orderkit._fields.spelling import MOST_MARKS, WANTED, spelled, stacked, too_wide
from orderkit.domain.calendar import parse_date, parse_duration, parse_moment
from orderkit.domain.money import Money, digits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    Converter = Callable[[Any], Any]

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_MONEY_SIGNS: Final = "¥￥$€£元 \u00a0"
_LARGEST: Final = Decimal(10) ** 15
_WORDS: Final[dict[str, bool]] = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "有", "真"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "无", "假"), False),
}
_CUT_ID: Final = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+]?\d+|\d{4,}\.0")
LONGEST_TEXT: Final = 65_536
"""Longest text of a field, in characters."""

_WIDEST: Final = 10_000
_MOST_MINOR: Final = 10**15
_YEARS: Final = (2, 9998)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class BadValue(ValueError):  # noqa: N818 - data about one value, not a failure
    """A raw value that its field's type refuses.

    Args:
        code: Id of the reason in the table of messages.
        params: Values for the message's holes.

    Attributes:
        value: The raw value where it is another one than the caller gave, as in a row of a table.
    """

    def __init__(self, code: str, **params: object) -> None:
        """Keep the reason as data."""
        self.code = code
        self.params: dict[str, Any] = {name: str(value) for name, value in params.items()}
        self.value: str | None = None
        super().__init__(code)


def absent(raw: Any) -> bool:
    """Tell whether a raw value stands for nothing.

    Args:
        raw: Any value.

    Returns:
        True for None and for blank texts.
    """
    return raw is None or (isinstance(raw, str) and not raw.strip())


def clean(raw: object) -> str:
    """Bring a text to the one form that is stored: NFC, no outer blanks.

    Args:
        raw: A text or a number.

    Returns:
        The text.

    Raises:
        BadValue: It holds control characters, or is longer than 65,536 characters.
    """
    text = str(raw)
    if len(text) > 2 * LONGEST_TEXT:
        raise BadValue("OK452", longest=LONGEST_TEXT)
    if len(text) > MOST_MARKS and not text.isascii() and stacked(text):
        raise BadValue("OK451")
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > LONGEST_TEXT:
        raise BadValue("OK452", longest=LONGEST_TEXT)
    if _CONTROL.search(text):
        raise BadValue("OK451")
    return text


def to_text(raw: object) -> str:
    """Read a text; numbers are spelled out, never rounded.

    Args:
        raw: Text, integer or decimal.

    Returns:
        The text.

    Raises:
        BadValue: It is a list, a mapping or a float, or a number of thousands of digits.
    """
    if isinstance(raw, str):
        return clean(raw)
    if isinstance(raw, bool | float | list | tuple | dict) or not isinstance(raw, int | Decimal):
        raise BadValue("OK450", **WANTED["text"])
    if isinstance(raw, Decimal):
        if too_wide(raw):
            raise BadValue("OK455")
        return f"{raw:f}"
    if raw.bit_length() > _WIDEST:
        raise BadValue("OK455")
    return str(raw)


def to_identity(raw: object) -> str:
    """Read an id; one that a spreadsheet has cut is refused.

    Args:
        raw: Text or integer.

    Returns:
        The text.

    Raises:
        BadValue: It looks like `1.23E+18` or `17850.0`.
    """
    text = to_text(raw)
    if _CUT_ID.fullmatch(text):
        raise BadValue("OK453")
    return text


def to_decimal(raw: object) -> Decimal:
    """Read an exact number; thousands separators are taken where they stand right.

    Args:
        raw: Text, integer, decimal, or a float as JSON hosts give it (its shortest spelling counts).

    Returns:
        The number.

    Raises:
        BadValue: It is no number, or not finite, or 10^15 and more.
    """
    if isinstance(raw, bool):
        raise BadValue("OK454")
    if isinstance(raw, int) and abs(raw) >= _LARGEST:
        raise BadValue("OK455")
    if isinstance(raw, Decimal) and raw.is_finite():
        if too_wide(raw):
            raise BadValue("OK455")
        raw = f"{raw:f}"
    text = repr(raw) if isinstance(raw, float) else spelled(raw)
    text = unicodedata.normalize("NFKC", text).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise BadValue("OK454")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadValue("OK454") from None
    if abs(number) >= _LARGEST:
        raise BadValue("OK455")
    return number


def to_integer(raw: object) -> int:
    """Read a whole number.

    Args:
        raw: Text or number; `3.0` counts as 3.

    Returns:
        The number.

    Raises:
        BadValue: It is none, or has a fraction.
    """
    number = to_decimal(raw)
    whole = int(number)
    if whole != number:
        raise BadValue("OK456")
    return whole


def to_boolean(raw: object) -> bool:
    """Read a truth value from the words people use.

    Args:
        raw: A boolean or one of true/false, yes/no, 1/0, 是/否.

    Returns:
        The truth value.

    Raises:
        BadValue: It is none of them.
    """
    if isinstance(raw, bool):
        return raw
    found = _WORDS.get(spelled(raw).strip().lower())
    if found is None:
        raise BadValue("OK457")
    return found


def price_reader(currency: str) -> Converter:
    """Make a reader of unit prices, which may be finer than the currency.

    Args:
        currency: Three-letter code of the amounts.

    Returns:
        A function from a raw value to an exact decimal in major units.
    """

    def read(raw: object) -> Decimal:
        if isinstance(raw, Money):
            if raw.currency != currency:
                raise BadValue("OK458", currency=currency)
            if abs(raw.minor) > _MOST_MINOR:
                raise BadValue("OK455")
            return raw.amount
        if isinstance(raw, str):
            text = unicodedata.normalize("NFKC", spelled(raw)).strip()
            code = text[-3:]
            if code.isalpha() and code.isascii() and code.isupper():
                if code != currency:
                    raise BadValue("OK458", currency=currency)
                text = text[:-3]
            raw = text.strip(unicodedata.normalize("NFKC", _MONEY_SIGNS))
        return to_decimal(raw)

    return read


def money_reader(currency: str) -> Converter:
    """Make a reader of amounts.

    Args:
        currency: Three-letter code of the amounts.

    Returns:
        A function from a raw value to an exact decimal with the currency's own places.
    """
    price = price_reader(currency)
    step = Decimal(1).scaleb(-digits_of(currency))
    # Every store keeps minor units in 64 bits, and orders are added up.
    most = Decimal(_MOST_MINOR).scaleb(-digits_of(currency))

    def read(raw: object) -> Decimal:
        amount: Decimal = price(raw)
        if abs(amount) > most:
            raise BadValue("OK455")
        fitted = amount.quantize(step)
        if fitted != amount:
            raise BadValue("OK459", currency=currency, digits=digits_of(currency))
        return fitted

    return read


def moment_reader(zone: ZoneInfo) -> Converter:
    """Make a reader of instants.

    Args:
        zone: Where wall-clock texts are read.

    Returns:
        A function from a text or a datetime to an aware datetime in UTC.
    """

    def read(raw: object) -> datetime:
        if isinstance(raw, datetime):
            try:
                found = (raw if raw.tzinfo is not None else raw.replace(tzinfo=zone)).astimezone(UTC)
            except (OverflowError, ValueError):
                raise BadValue("OK460") from None
        else:
            parsed = parse_moment(spelled(raw), zone)
            if parsed is None:
                raise BadValue("OK460")
            found = parsed
        # The calendar's first and last years leave no room for zones and waiting times.
        if not _YEARS[0] <= found.year <= _YEARS[1]:
            raise BadValue("OK460")
        return found

    return read


def to_date(raw: object) -> date:
    """Read a calendar date.

    Args:
        raw: A date or `2026-06-18`.

    Returns:
        The date.

    Raises:
        BadValue: It is none.
    """
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    found = parse_date(spelled(raw))
    if found is None:
        raise BadValue("OK461")
    return found


def to_duration(raw: object) -> Any:
    """Read a duration.

    Args:
        raw: `30m`, `24h`, `3d` ...

    Returns:
        A timedelta, days counted as 24 hours.

    Raises:
        BadValue: It is none.
    """
    found = parse_duration(spelled(raw))
    if found is None:
        raise BadValue("OK462")
    return found.as_timedelta()


def to_percent(raw: object) -> Decimal:
    """Read a share.

    Args:
        raw: `20%` or `20`, both twenty in a hundred.

    Returns:
        The share, `Decimal("0.2")`.

    Raises:
        BadValue: It is no number.
    """
    text = spelled(raw).strip()
    return to_decimal(text.removesuffix("%").removesuffix("％")) / 100


def choice_reader(values: Mapping[str, str]) -> Converter:
    """Make a reader of one word out of several; the labels people see are taken too.

    Args:
        values: Label by value.

    Returns:
        A function from a raw text to the value.
    """
    by_label = {label: value for value, label in values.items()}

    def read(raw: object) -> str:
        text = to_text(raw)
        found = text if text in values else by_label.get(text)
        if found is None:
            raise BadValue("OK466", allowed=", ".join(values))
        return found

    return read


def list_reader(inner: Converter) -> Converter:
    """Make a reader of lists.

    Args:
        inner: Reader of one member.

    Returns:
        A function from a list to a list of values.
    """

    def read(raw: object) -> list[Any]:
        if isinstance(raw, str) or not isinstance(raw, list | tuple):
            raise BadValue("OK450", **WANTED["list"])
        members: Sequence[Any] = raw
        return [inner(one) for one in members]

    return read
