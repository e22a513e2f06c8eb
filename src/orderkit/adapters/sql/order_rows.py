"""Orders as rows and rows as orders: column by column, in the order of the tables' columns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderkit.adapters.sql.child_rows import (
    adjustment_reader,
    pack_policies,
    part_reader,
    read_payment,
    unpack_policies,
)
from orderkit.adapters.sql.codec import (
    NOTHING,
    OwnFields,
    minor,
    pack,
    pack_texts,
    price_column,
    read_price,
    unpack,
    unpack_texts,
)
from orderkit.domain.calendar import from_micros, to_micros
from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order, Part, Payment
from orderkit.domain.stock import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from orderkit.domain.price import Adjustment
    from orderkit.domain.records import ColumnSpec

    Row = tuple[Any, ...]

_EVENTS: Final = ("paid", "shipped", "done", "canceled")
_OWN_OF_ORDER: Final = 32
"""Columns of the orders table before the project's own."""
_OWN_OF_LINE: Final = 15
"""Columns of the lines table before the project's own."""


@dataclass(frozen=True, slots=True)
class Children:
    """Rows that belong to orders, each starting with the order's id.

    Args:
        lines: Rows of lines.
        adjustments: Rows of ledgers.
        payments: Rows of payments.
        parts: Rows of parts.
    """

    lines: Sequence[Row]
    adjustments: Sequence[Row]
    payments: Sequence[Row]
    parts: Sequence[Row]


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else to_micros(instant)


def _ordered(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped


class OrderRows:
    """Turns orders into rows and back for one project.

    Args:
        columns: The project's scalar fields.
    """

    __slots__ = ("_line", "_order")

    def __init__(self, columns: Sequence[ColumnSpec]) -> None:
        """Look the fields' kinds up once."""
        self._order = OwnFields([one for one in columns if one.owner == "order"])
        self._line = OwnFields([one for one in columns if one.owner == "line"])

    def order_row(self, order: Order) -> Row:
        """Write the order itself.

        Args:
            order: The order.

        Returns:
            Values of the orders table.

        Raises:
            StoreError: An amount of another currency, or a value of an unknown type.
        """
        currency = order.currency
        events = order.events
        extra, own = self._order.write(order.fields, {})
        others = {name: to_micros(at) for name, at in events.items() if name not in _EVENTS}
        claims = {sku: [one.reserved, one.allocated, one.consumed] for sku, one in order.claims.items()}
        return (
            order.id,
            order.number,
            order.channel,
            order.external_number,
            order.state,
            order.epoch,
            to_micros(order.entered_at),
            order.version,
            order.project,
            currency,
            to_micros(order.placed_at),
            order.customer,
            pack(order.customer_record),
            minor(order.subtotal, currency),
            minor(order.discount, currency),
            minor(order.shipping, currency),
            minor(order.tax, currency),
            minor(order.total, currency),
            pack_texts(order.coupons),
            order.points,
            pack_texts(order.tags),
            order.note,
            order.assigned,
            _micros(events.get("paid")),
            _micros(events.get("shipped")),
            _micros(events.get("done")),
            _micros(events.get("canceled")),
            pack(others),
            pack(claims),
            pack_texts(order.fired),
            pack_policies(order.policies),
            extra,
            *own,
        )

    def line_rows(self, order: Order) -> list[Row]:
        """Write an order's lines.

        Args:
            order: The order.

        Returns:
            Values of the lines table.

        Raises:
            StoreError: An amount of another currency, or a value of an unknown type.
        """
        order_id, currency = order.id, order.currency
        rows = []
        for position, line in enumerate(order.lines):
            price, places, exact = price_column(line.price)
            extra, own = self._line.write(line.fields, {} if exact else {"price": line.price})
            rows.append(
                (
                    order_id,
                    position,
                    line.id,
                    line.sku,
                    line.name,
                    line.category,
                    line.quantity,
                    price,
                    places,
                    minor(line.list, currency),
                    minor(line.discount, currency),
                    minor(line.net, currency),
                    minor(line.tax, currency),
                    line.gift,
                    extra,
                    *own,
                )
            )
        return rows

    def read(self, rows: Sequence[Row], children: Children) -> list[Order]:
        """Put orders together.

        Args:
            rows: Rows of the orders table.
            children: The rows that belong to them, each kind sorted by position.

        Returns:
            The orders, in the order of `rows`.
        """
        lines = _ordered(children.lines)
        adjustments = _ordered(children.adjustments)
        payments = _ordered(children.payments)
        parts = _ordered(children.parts)
        return [
            self._read(
                row,
                lines.get(row[0], ()),
                tuple(map(adjustment_reader(row[9]), adjustments.get(row[0], ()))),
                tuple(map(read_payment, payments.get(row[0], ()))),
                tuple(map(part_reader(row[9]), parts.get(row[0], ()))),
            )
            for row in rows
        ]

    def _read(
        self,
        row: Row,
        lines: Sequence[Row],
        adjustments: tuple[Adjustment, ...],
        payments: tuple[Payment, ...],
        parts: tuple[Part, ...],
    ) -> Order:
        (
            order_id, number, channel, external_number, state, epoch, entered_at, version, project, currency,
            placed_at, customer, customer_record, subtotal, discount, shipping, tax, total, coupons, points,
            tags, note, assigned, paid_at, shipped_at, done_at, canceled_at, events, claims, fired,
            policies, extra,
        ) = row[:_OWN_OF_ORDER]  # fmt: skip
        happened = {
            name: from_micros(at)
            for name, at in zip(_EVENTS, (paid_at, shipped_at, done_at, canceled_at), strict=True)
            if at is not None
        }
        if events != NOTHING:
            happened.update((name, from_micros(at)) for name, at in json.loads(events).items())
        fields, _ = self._order.read(extra, row[_OWN_OF_ORDER:], currency)
        return Order(
            id=order_id,
            number=number,
            channel=channel,
            external_number=external_number,
            state=state,
            epoch=epoch,
            entered_at=from_micros(entered_at),
            version=version,
            project=project,
            currency=currency,
            placed_at=from_micros(placed_at),
            customer=customer,
            customer_record=unpack(customer_record),
            lines=tuple([self._read_line(one, currency) for one in lines]),
            subtotal=Money(subtotal, currency),
            discount=Money(discount, currency),
            shipping=Money(shipping, currency),
            tax=Money(tax, currency),
            total=Money(total, currency),
            coupons=unpack_texts(coupons),
            points=points,
            tags=unpack_texts(tags),
            note=note,
            fields=fields,
            adjustments=adjustments,
            payments=payments,
            parts=parts,
            assigned=assigned,
            events=happened,
            claims={sku: Claim(*held) for sku, held in unpack(claims).items()},
            fired=unpack_texts(fired),
            policies=unpack_policies(policies),
        )

    def _read_line(self, row: Row, currency: str) -> Line:
        fields, beside = self._line.read(row[14], row[_OWN_OF_LINE:], currency)
        return Line(
            id=row[2],
            sku=row[3],
            name=row[4],
            category=row[5],
            quantity=row[6],
            price=beside["price"] if "price" in beside else read_price(row[7], row[8]),
            list=Money(row[9], currency),
            discount=Money(row[10], currency),
            net=Money(row[11], currency),
            tax=Money(row[12], currency),
            fields=fields,
            gift=row[13],
        )
