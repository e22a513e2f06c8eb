"""Facts as plain data: what JSON, the command line and message payloads show of an order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orderkit.domain.calendar import Duration
from orderkit.domain.money import Money

if TYPE_CHECKING:
    from orderkit.domain.order import Order


def to_plain(value: Any) -> Any:
    """Turn one value into what JSON can hold, losing nothing.

    Args:
        value: A value of an order, nested as deep as it likes.

    Returns:
        Texts, integers, booleans, None, lists and dicts; money and decimals as exact texts.
    """
    if isinstance(value, dict):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(one) for one in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Money):
        return f"{value.amount:f}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Duration):
        return value.as_timedelta().total_seconds()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value


_LINE = ("id", "sku", "name", "category", "quantity", "price", "list", "discount", "net", "tax")
_AMOUNTS = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")
_MOMENTS = ("paid_at", "shipped_at", "done_at", "canceled_at")
_MARKS = ("coupons", "points", "tags", "note", "assigned", "promotions")
_PAYMENT = ("id", "kind", "amount", "at", "txn", "reason")
_PART = ("id", "kind", "number", "state", "lines", "amount", "reason", "assigned", "data")


def _pick(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: to_plain(getattr(thing, name)) for name in names}


def order_to_dict(order: Order) -> dict[str, Any]:
    """Spell an order out.

    Args:
        order: Any order.

    Returns:
        A new nested dict of plain values; the project's own fields stand beside the standard ones.
    """
    return {
        "id": order.id,
        "number": order.number,
        "channel": order.channel,
        "external_number": order.external_number,
        "state": order.state,
        "version": order.version,
        "currency": order.currency,
        "placed_at": order.placed_at.isoformat(),
        "customer": order.customer,
        **to_plain(dict(order.fields)),
        "lines": [{**_pick(line, _LINE), **to_plain(dict(line.fields))} for line in order.lines],
        **_pick(order, _AMOUNTS),
        **_pick(order, _MOMENTS),
        **_pick(order, _MARKS),
        "payments": [_pick(one, _PAYMENT) for one in order.payments],
        "parts": [_pick(one, _PART) for one in order.parts],
        "project": order.project,
    }
