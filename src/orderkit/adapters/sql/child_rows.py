"""What belongs to an order, as rows: its ledger, its payments, its parts."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orderkit._diagnostics import Span
from orderkit.adapters.sql.codec import EMPTY, minor, pack, unpack
from orderkit.domain.calendar import from_micros, to_micros
from orderkit.domain.money import Money
from orderkit.domain.order import Part, Payment
from orderkit.domain.policies import RefundPolicy, RefundRow
from orderkit.domain.price import Adjustment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orderkit.domain.order import Order

    Row = tuple[Any, ...]


def adjustment_rows(order: Order) -> list[Row]:
    """Write an order's ledger.

    Args:
        order: The order.

    Returns:
        Values of the adjustments table.

    Raises:
        StoreError: An amount of another currency.
    """
    currency = order.currency
    return [
        (
            order.id,
            position,
            one.promotion,
            *((None,) * 5 if one.span is None else _span_columns(one.span)),
            one.stage,
            one.line,
            minor(one.base, currency),
            None if one.rate is None else str(one.rate),
            minor(one.amount, currency),
            pack([[who, minor(part, currency)] for who, part in one.paid_by]) if one.paid_by else EMPTY,
            one.label,
            one.note,
            None if one.exact is None else str(one.exact),
            one.units,
        )
        for position, one in enumerate(order.adjustments)
    ]


def _span_columns(span: Span) -> tuple[str, int, int, int, int]:
    return span.file, span.line, span.column, span.end_line, span.end_column


def adjustment_reader(currency: str) -> Callable[[Row], Adjustment]:
    """Make a reader of ledger rows.

    Args:
        currency: Of the order.

    Returns:
        A function from values of the adjustments table to the ledger's row.
    """

    def read(row: Row) -> Adjustment:
        return Adjustment(
            promotion=row[2],
            span=None if row[3] is None else Span(*row[3:8]),
            stage=row[8],
            line=row[9],
            base=Money(row[10], currency),
            rate=None if row[11] is None else Decimal(row[11]),
            amount=Money(row[12], currency),
            paid_by=()
            if row[13] == EMPTY
            else tuple((who, Money(part, currency)) for who, part in json.loads(row[13])),
            label=row[14],
            note=row[15],
            exact=None if row[16] is None else Decimal(row[16]),
            units=row[17],
        )

    return read


def payment_row(order_id: str | None, position: int, one: Payment) -> Row:
    """Write one payment.

    Args:
        order_id: Its order, or None for a refund whose order nobody knows.
        position: Place among the order's payments.
        one: The payment.

    Returns:
        Values of the payments table, without the running number.
    """
    channel = one.channel if order_id is not None else one.channel or ""
    money = one.amount
    return (
        order_id, position, channel, one.id, one.kind, money.minor, money.currency, to_micros(one.at),
        one.txn, one.reason,
    )  # fmt: skip


def read_payment(row: Row) -> Payment:
    """Read one payment.

    Args:
        row: Values of the payments table, without the running number.

    Returns:
        The payment.
    """
    return Payment(
        id=row[3],
        kind=row[4],
        amount=Money(row[5], row[6]),
        at=from_micros(row[7]),
        txn=row[8],
        reason=row[9],
        channel=row[2],
    )


def part_row(order: Order, position: int, one: Part) -> Row:
    """Write one part.

    Args:
        order: Its order.
        position: Place among the order's parts.
        one: The part.

    Returns:
        Values of the parts table.

    Raises:
        StoreError: An amount of another currency, or data of an unknown type.
    """
    return (
        order.id, position, one.id, one.kind, one.number, one.state, one.epoch, to_micros(one.opened_at),
        to_micros(one.entered_at), pack(one.lines), minor(one.amount, order.currency), one.reason,
        one.assigned, pack(one.data), _pack_rows(one.rows, order.currency),
    )  # fmt: skip


def part_reader(currency: str) -> Callable[[Row], Part]:
    """Make a reader of parts.

    Args:
        currency: Of the order.

    Returns:
        A function from values of the parts table to the part.
    """

    def read(row: Row) -> Part:
        return Part(
            id=row[2],
            kind=row[3],
            number=row[4],
            state=row[5],
            epoch=row[6],
            opened_at=from_micros(row[7]),
            entered_at=from_micros(row[8]),
            lines=unpack(row[9]),
            amount=Money(row[10], currency),
            reason=row[11],
            assigned=row[12],
            data=unpack(row[13]),
            rows=() if row[14] == EMPTY else tuple(_refund_row(one, currency) for one in json.loads(row[14])),
        )

    return read


def _pack_rows(rows: Sequence[RefundRow], currency: str) -> str:
    if not rows:
        return EMPTY
    return pack(
        [
            [one.promotion, _pack_span(one.span), one.what, one.line, minor(one.amount, currency), one.units]
            for one in rows
        ]
    )


def _refund_row(row: list[Any], currency: str) -> RefundRow:
    promotion, span, what, line, amount, units = row
    return RefundRow(promotion, _read_span(span), what, line, Money(amount, currency), units)


def pack_policies(policies: Sequence[RefundPolicy]) -> str:
    """Write an order's refund policies.

    Args:
        policies: The policies.

    Returns:
        JSON, values in minor units of the order's currency.
    """
    if not policies:
        return EMPTY
    return pack(
        [
            [
                one.promotion, _pack_span(one.span), one.threshold, one.gift, one.value, one.coupon,
                one.shipping,
            ]
            for one in policies
        ]
    )  # fmt: skip


def unpack_policies(text: str) -> tuple[RefundPolicy, ...]:
    """Read an order's refund policies.

    Args:
        text: As `pack_policies` wrote it.

    Returns:
        The policies.
    """
    if text == EMPTY:
        return ()
    return tuple(RefundPolicy(name, _read_span(span), *more) for name, span, *more in json.loads(text))


def _pack_span(span: Span | None) -> list[Any] | None:
    return None if span is None else list(_span_columns(span))


def _read_span(columns: list[Any] | None) -> Span | None:
    return None if columns is None else Span(*columns)
