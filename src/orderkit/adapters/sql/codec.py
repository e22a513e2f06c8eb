"""Values as columns keep them: exact, comparable in SQL, and the same again when read.

| value | column |
|---|---|
| amount of an order, line, payment | integer, minor units of the order's currency |
| unit price, field of kind money | integer, millionths of a major unit, so that sums work in SQL |
| decimal | text, exact, in the spelling it came with |
| instant | integer, microseconds since 1970-01-01 UTC |
| date | text, `2026-06-18` |
| boolean | integer, 0 or 1 |
| list, mapping, record | text, JSON in which `{"$decimal": "1.20"}` and the like mark other types |

A value its column cannot hold exactly (a price finer than a millionth, a whole number beyond 64 bits) stands
in the row's JSON column `extra`, which wins on reading; the column keeps the nearest figure, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit.domain.calendar import Duration, from_micros, to_micros
from orderkit.domain.money import Money, digits_of
from orderkit.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from orderkit.domain.records import ColumnSpec

_PLACES: Final = 6
_MOST: Final = 2**63 - 1
_MICROSECOND: Final = timedelta(microseconds=1)
NOTHING: Final = "{}"
EMPTY: Final = "[]"


def _tag(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: _tag(one) for key, one in value.items()}
        return {"$map": [[_tag(key), _tag(one)] for key, one in value.items()]}
    if isinstance(value, list):
        return [_tag(one) for one in value]
    for kind, name, write, _ in _TAGS:
        if isinstance(value, kind):
            return {name: write(value)}
    message = f"a {type(value).__name__} cannot be kept: use texts, numbers, dates, lists and mappings"
    raise StoreError(message)


def _untag(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        ((name, value),) = found.items()
        if name.startswith("$"):
            return _READERS[name](value)
    return found


# A datetime is a date, so it stands first.
_TAGS: Final[tuple[tuple[type, str, Callable[[Any], Any], Callable[[Any], Any]], ...]] = (
    (Decimal, "$decimal", str, Decimal),
    (datetime, "$instant", to_micros, from_micros),
    (date, "$date", date.isoformat, date.fromisoformat),
    (timedelta, "$length", lambda one: one // _MICROSECOND, lambda raw: raw * _MICROSECOND),
    (Money, "$money", lambda one: [one.minor, one.currency], lambda raw: Money(*raw)),
    (
        Duration,
        "$duration",
        lambda one: [one.seconds, one.days, one.business_days],
        lambda raw: Duration(*raw),
    ),
    (tuple, "$tuple", lambda one: [_tag(item) for item in one], tuple),
    (frozenset, "$set", lambda one: sorted((_tag(item) for item in one), key=str), frozenset),
)
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "$map": dict,
    **{name: read for _, name, _, read in _TAGS},
}


def pack(value: Any) -> str:
    """Write plain and typed values as JSON text.

    Args:
        value: Texts, numbers, truth values, dates, instants, lengths, money, lists and mappings, nested.

    Returns:
        The text; characters beyond ASCII stand as they are, so that people can read the table.

    Raises:
        StoreError: A value of another type.
    """
    if not value and value.__class__ is dict:
        return NOTHING
    text = json.dumps(_tag(value), ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a character pair from a broken export: kept escaped, since no database takes it.
        return json.dumps(_tag(value), separators=(",", ":"))
    return text


def unpack(text: str) -> Any:
    """Read what `pack` wrote.

    Args:
        text: JSON text.

    Returns:
        An equal value.
    """
    if text == NOTHING:
        return {}
    return json.loads(text, object_hook=_untag)


def pack_texts(texts: Sequence[str]) -> str:
    """Write a list of texts.

    Args:
        texts: Such as coupon codes.

    Returns:
        JSON text.
    """
    return pack(list(texts)) if texts else EMPTY


def unpack_texts(text: str) -> tuple[str, ...]:
    """Read a list of texts.

    Args:
        text: JSON text.

    Returns:
        The texts.
    """
    return () if text == EMPTY else tuple(json.loads(text))


_STEPS: Final = tuple(10 ** (_PLACES - places) for places in range(_PLACES + 1))


def read_price(millionths: int, places: int) -> Decimal:
    """Read a unit price.

    Args:
        millionths: Millionths of a major unit.
        places: Decimals it was spelled with, at most six.

    Returns:
        Major units.
    """
    return Decimal(millionths // _STEPS[places]).scaleb(-places)


def minor(amount: Money, currency: str) -> int:
    """Write an amount whose currency is a column of its own.

    Args:
        amount: The amount.
        currency: What that column says.

    Returns:
        Minor units.

    Raises:
        StoreError: The amount is of another currency.
    """
    if amount.currency != currency:
        message = f"an order in {currency} cannot hold an amount in {amount.currency}"
        raise StoreError(message)
    return amount.minor


def _write_money(value: Any) -> tuple[int, bool]:
    exact = value if isinstance(value, Decimal) else Decimal(value)
    millionths = int(exact.scaleb(_PLACES))
    if not -_MOST <= millionths <= _MOST:
        return (_MOST if millionths > 0 else -_MOST), False
    return millionths, Decimal(millionths).scaleb(-_PLACES) == exact


def price_column(price: Decimal) -> tuple[int, int, bool]:
    """Write a unit price.

    Args:
        price: Major units.

    Returns:
        Millionths, the number of decimals it was spelled with, and whether both say all of it.
    """
    exponent = price.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else -1
    millionths, exact = _write_money(price)
    return millionths, min(max(places, 0), _PLACES), exact


def _read_money(column: int, currency: str) -> Decimal:
    digits = digits_of(currency)
    step = 10 ** (_PLACES - digits)
    if column % step == 0:
        return Decimal(column // step).scaleb(-digits)
    return Decimal(column).scaleb(-_PLACES).normalize()


def _write_integer(value: int) -> tuple[int | None, bool]:
    return (value, True) if -_MOST <= value <= _MOST else (None, False)


@dataclass(frozen=True, slots=True)
class _Kind:
    types: tuple[type, ...]
    write: Callable[[Any], tuple[Any, bool]]
    read: Callable[[Any, str], Any]


_KINDS: Final[Mapping[str, _Kind]] = {
    "text": _Kind((str,), lambda value: (value, True), lambda column, _: column),
    "integer": _Kind((int,), _write_integer, lambda column, _: column),
    "decimal": _Kind((Decimal, int), lambda value: (str(value), True), lambda column, _: Decimal(column)),
    "money": _Kind((Decimal, int), _write_money, _read_money),
    "boolean": _Kind((bool,), lambda value: (int(value), True), lambda column, _: bool(column)),
    "date": _Kind(
        (date,), lambda value: (value.isoformat(), True), lambda column, _: date.fromisoformat(column)
    ),
    "datetime": _Kind(
        (datetime,), lambda value: (to_micros(value), True), lambda column, _: from_micros(column)
    ),
}


class OwnFields:
    """Writes and reads the project's own fields of orders or lines, column by column.

    Args:
        columns: The fields that have a column.
    """

    __slots__ = ("_kinds", "_names", "_nothing")

    def __init__(self, columns: Iterable[ColumnSpec]) -> None:
        """Look the kinds up once."""
        self._kinds = [(one.name, _KINDS[one.kind]) for one in columns]
        self._names = frozenset(name for name, _ in self._kinds)
        self._nothing = (None,) * len(self._kinds)

    def write(self, fields: Mapping[str, Any], beside: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """Spread fields over columns.

        Args:
            fields: Values by field.
            beside: More to keep in `extra`, such as a standard value its column cannot hold.

        Returns:
            The JSON of what has no column, and the values of the columns.
        """
        if not fields and not beside:
            return NOTHING, self._nothing
        extra = {name: value for name, value in fields.items() if name not in self._names}
        values = []
        for name, kind in self._kinds:
            value = fields.get(name)
            column = None
            if value is not None:
                # bool is an int and datetime a date, so the class itself has to be one of the kind's.
                exact = value.__class__ in kind.types
                if exact:
                    column, exact = kind.write(value)
                if not exact:
                    extra[name] = value
            values.append(column)
        kept = {"fields": extra, **beside} if extra or beside else {}
        return pack(kept), tuple(values)

    def read(
        self, extra: str, values: Sequence[Any], currency: str
    ) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """Gather fields from columns.

        Args:
            extra: The JSON beside them.
            values: The columns.
            currency: Of the order, for amounts.

        Returns:
            Values by field, and what else stood in `extra`.
        """
        fields = {
            name: None if value is None else kind.read(value, currency)
            for (name, kind), value in zip(self._kinds, values, strict=True)
        }
        if extra == NOTHING:
            return fields, {}
        beside = unpack(extra)
        fields.update(beside.get("fields", ()))
        return fields, beside
