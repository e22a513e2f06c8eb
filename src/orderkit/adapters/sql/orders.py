"""Orders in SQL: an order with its lines, ledger, payments and parts, read and written together."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from orderkit.adapters.agreement import changed_meanwhile
from orderkit.adapters.sql.child_rows import adjustment_rows, part_row, payment_row, read_payment
from orderkit.adapters.sql.order_rows import Children
from orderkit.domain.calendar import from_micros
from orderkit.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Table
    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.order_rows import OrderRows
    from orderkit.adapters.sql.wire import Wire
    from orderkit.domain.order import Order, Payment

    Row = tuple[Any, ...]

_AT_ONCE: Final = 2_000
"""Orders per statement of a large insert: enough to be fast, few enough to keep memory flat."""


class SqlOrders:
    """Keeps orders with their lines, ledger, payments and parts.

    Args:
        wire: The transaction.
        rows: Turns orders into rows and back.
    """

    __slots__ = ("_read", "_rows", "_wire")

    def __init__(self, wire: Wire, rows: OrderRows) -> None:
        """Begin with no order read."""
        self._wire = wire
        self._rows = rows
        # What this transaction has read: an update compares with it and writes only what differs.
        self._read: dict[str, Order] = {}

    def get(self, order_id: str) -> Order | None:
        """Read one order by its id."""
        return self._one("id", order_id)

    def by_number(self, number: str) -> Order | None:
        """Read one order by the number people use."""
        return self._one("number", number)

    def by_external(self, channel: str, external_number: str) -> Order | None:
        """Read one order by its channel's number."""
        orders = self._wire.tables.orders

        def make() -> Executable:
            return select(*orders.c).where(
                orders.c.channel == bindparam("channel"), orders.c.external_number == bindparam("number")
            )

        values = {"channel": channel, "number": external_number}
        found = self._whole(self._wire.rows("orders.by_external", make, values))
        return found[0] if found else None

    def _one(self, column: str, value: str) -> Order | None:
        orders = self._wire.tables.orders

        def make() -> Executable:
            return select(*orders.c).where(orders.c[column] == bindparam("value"))

        found = self._whole(self._wire.rows(f"orders.by {column}", make, {"value": value}))
        return found[0] if found else None

    def find(
        self,
        *,
        state: str | None = None,
        channel: str | None = None,
        customer: str | None = None,
        limit: int = 50,
    ) -> list[Order]:
        """List orders, newest first."""
        orders = self._wire.tables.orders
        asked = {"state": state, "channel": channel, "customer": customer}
        given = {name: value for name, value in asked.items() if value is not None}

        def make() -> Executable:
            query = select(*orders.c).order_by(orders.c.placed_at.desc(), orders.c.id.desc())
            query = query.limit(bindparam("most"))
            return query.where(*[orders.c[name] == bindparam(name) for name in given])

        rows = self._wire.rows(f"orders.find {' '.join(given)}", make, {**given, "most": limit})
        return self._whole(rows)

    def _whole(self, rows: Sequence[Row]) -> list[Order]:
        if not rows:
            return []
        tables = self._wire.tables
        ids = [row[0] for row in rows]
        found = self._rows.read(
            rows,
            Children(
                lines=self._children(tables.lines, ids),
                adjustments=self._children(tables.adjustments, ids),
                payments=self._children(tables.payments, ids),
                parts=self._children(tables.parts, ids),
            ),
        )
        self._read.update((order.id, order) for order in found)
        return found

    def _children(self, table: Table, ids: Sequence[str]) -> list[Row]:
        def make(condition: ColumnElement[bool]) -> Select[Any]:
            columns = [column for column in table.c if column.name != "seq"]
            return select(*columns).where(condition).order_by(table.c.order_id, table.c.position)

        return self._wire.rows_of(f"children {table.name}", make, table.c.order_id, ids)

    def insert(self, orders: Sequence[Order]) -> None:
        """Write new orders; raises Conflict where a number or external number exists."""
        wire, rows = self._wire, self._rows
        tables = wire.tables
        for start in range(0, len(orders), _AT_ONCE):
            some = orders[start : start + _AT_ONCE]
            try:
                wire.insert(tables.orders, [rows.order_row(one) for one in some])
            except wire.integrity_error as error:
                message = "an order with this number, or with this number of its channel, exists already"
                raise Conflict(message) from error
            wire.insert(tables.lines, [row for one in some for row in rows.line_rows(one)])
            wire.insert(tables.adjustments, [row for one in some for row in adjustment_rows(one)])
            wire.insert(
                tables.payments,
                [payment_row(one.id, at, paid) for one in some for at, paid in enumerate(one.payments)],
            )
            wire.insert(
                tables.parts, [part_row(one, at, part) for one in some for at, part in enumerate(one.parts)]
            )
            self._read.update((one.id, one) for one in some)

    def update(self, order: Order, *, expected: int) -> None:
        """Write the next version; raises Conflict where the stored version is not `expected`."""
        before = self._read.get(order.id) or self.get(order.id)
        table = self._wire.tables.orders

        def make() -> Executable:
            # Not the id: a key that children refer to costs a look at all of them, changed or not.
            columns = [one for one in table.c if one.name != "id"]
            changed: dict[Any, Any] = {one: bindparam(f"new {one.name}") for one in columns}
            return (
                update(table)
                .values(changed)
                .where(table.c.id == bindparam("id"), table.c.version == bindparam("expected"))
            )

        names = [f"new {column.name}" for column in table.c]
        values: dict[str, Any] = dict(zip(names, self._rows.order_row(order), strict=True))
        changed = self._wire.run("orders.update", make, {**values, "id": order.id, "expected": expected})
        if before is None or not changed:
            raise changed_meanwhile(order.id, expected)
        self._update_children(before, order)
        self._read[order.id] = order

    def _update_children(self, before: Order, after: Order) -> None:
        tables = self._wire.tables
        if before.lines is not after.lines:
            self._replace(tables.lines, after.id, self._rows.line_rows(before), self._rows.line_rows(after))
        if before.adjustments is not after.adjustments:
            self._replace(tables.adjustments, after.id, adjustment_rows(before), adjustment_rows(after))
        if before.payments is not after.payments:
            self._change(tables.payments, before, after, _payment_rows)
        if before.parts is not after.parts:
            self._change(tables.parts, before, after, _part_rows)

    def _replace(self, table: Table, order_id: str, before: list[Row], after: list[Row]) -> None:
        if before != after:
            self._delete(table, order_id, 0)
            self._wire.insert(table, after)

    def _change(
        self, table: Table, before: Order, after: Order, spread: Callable[[Order], list[Row]]
    ) -> None:
        old, new = spread(before), spread(after)
        if len(new) < len(old):
            self._delete(table, after.id, len(new))
        columns = [column for column in table.c if column.name != "seq"]

        def make() -> Executable:
            return (
                update(table)
                .values({column: bindparam(f"new {column.name}") for column in columns})
                .where(table.c.order_id == bindparam("of"), table.c.position == bindparam("at"))
            )

        names = [f"new {column.name}" for column in columns]
        changed: list[dict[str, Any]] = []
        added: list[Row] = []
        for position, (was, now) in enumerate(zip_longest(old, new)):
            if was is None:
                added.append(now)
            elif now is not None and was != now:
                changed.append({**dict(zip(names, now, strict=True)), "of": after.id, "at": position})
        if changed:
            self._wire.run_each(f"change {table.name}", make, changed)
        if added:
            self._wire.insert(table, added)

    def _delete(self, table: Table, order_id: str, start: int) -> None:
        def make() -> Executable:
            return delete(table).where(
                table.c.order_id == bindparam("of"), table.c.position >= bindparam("start")
            )

        self._wire.run(f"delete {table.name}", make, {"of": order_id, "start": start})

    def placed_by(self, customer: str) -> int:
        """Count the customer's orders that are not canceled."""
        orders = self._wire.tables.orders

        def make() -> Executable:
            return select(func.count()).where(
                orders.c.customer == bindparam("customer"), orders.c.canceled_at.is_(None)
            )

        count: int = self._wire.rows("orders.placed_by", make, {"customer": customer})[0][0]
        return count

    def last_placed(self, customer: str) -> datetime | None:
        """Tell when the customer last placed an order that is not canceled."""
        orders = self._wire.tables.orders

        def make() -> Executable:
            return select(func.max(orders.c.placed_at)).where(
                orders.c.customer == bindparam("customer"), orders.c.canceled_at.is_(None)
            )

        at: int | None = self._wire.rows("orders.last_placed", make, {"customer": customer})[0][0]
        return None if at is None else from_micros(at)

    def states(self) -> Mapping[tuple[str, str], int]:
        """Count orders and parts by (kind of part, state)."""
        orders, parts = self._wire.tables.orders, self._wire.tables.parts

        def of_orders() -> Executable:
            return select(orders.c.state, func.count()).group_by(orders.c.state)

        def of_parts() -> Executable:
            return select(parts.c.kind, parts.c.state, func.count()).group_by(parts.c.kind, parts.c.state)

        found = {("", state): count for state, count in self._wire.rows("orders.states", of_orders, {})}
        rows = self._wire.rows("parts.states", of_parts, {})
        return found | {(kind, state): count for kind, state, count in rows}

    def next_serial(self, prefix: str) -> int:
        """Take the next number after this prefix; gaps are allowed."""
        wire = self._wire
        table = wire.tables.serials

        def take() -> Executable:
            start = wire.database.insert(table).values(prefix=bindparam("prefix"), last=1)
            return start.on_conflict_do_update(  # type: ignore[no-any-return] # both dialects have it, no stub does
                index_elements=[table.c.prefix], set_={"last": table.c.last + 1}
            )

        wire.run("serials.take", take, {"prefix": prefix})
        rows = wire.rows(
            "serials.last",
            lambda: select(table.c.last).where(table.c.prefix == bindparam("prefix")),
            {"prefix": prefix},
        )
        last: int = rows[0][0]
        return last

    def add_loose(self, refunds: Sequence[Payment]) -> None:
        """Keep refunds whose order is unknown; the same channel and id again replaces the first."""
        wire = self._wire
        table = wire.tables.payments
        columns = [column for column in table.c if column.name != "seq"]
        names = [f"new {column.name}" for column in columns]

        def make() -> Executable:
            start = wire.database.insert(table).inline()
            start = start.values({column: bindparam(f"new {column.name}") for column in columns})
            kept = ("amount", "currency", "at", "txn", "reason", "kind")
            return start.on_conflict_do_update(  # type: ignore[no-any-return] # both dialects have it, no stub does
                index_elements=[table.c.channel, table.c.id],
                index_where=table.c.order_id.is_(None),
                set_={name: start.excluded[name] for name in kept},
            )

        rows = [dict(zip(names, payment_row(None, 0, one), strict=True)) for one in refunds]
        wire.run_each("payments.loose", make, rows)

    def loose(self, channel: str | None = None) -> list[Payment]:
        """List refunds whose order is unknown, earliest first."""
        table = self._wire.tables.payments
        columns = [column for column in table.c if column.name != "seq"]

        def make() -> Executable:
            query = select(*columns).where(table.c.order_id.is_(None)).order_by(table.c.at, table.c.id)
            return query if channel is None else query.where(table.c.channel == bindparam("channel"))

        rows = self._wire.rows(f"payments.loose {channel is None}", make, {"channel": channel})
        return [read_payment(row) for row in rows]


def _payment_rows(order: Order) -> list[Row]:
    return [payment_row(order.id, at, one) for at, one in enumerate(order.payments)]


def _part_rows(order: Order) -> list[Row]:
    return [part_row(order, at, one) for at, one in enumerate(order.parts)]
