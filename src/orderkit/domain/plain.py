"""Facts as plain data: what JSON, the command line and message payloads show of an order."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from orderkit._diagnostics import Span
from orderkit.domain.calendar import Duration
from orderkit.domain.money import Money


def to_plain(value: Any) -> Any:
    """Turn one value into what JSON can hold, losing nothing.

    Args:
        value: A value of an order, nested as deep as it likes.

    Returns:
        Texts, integers, booleans, None, lists and dicts; money and decimals as exact texts.
    """
    if isinstance(value, dict):
        return {str(key): to_plain(one) for key, one in value.items()}
    if isinstance(value, Span):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, Money | Duration | type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
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
