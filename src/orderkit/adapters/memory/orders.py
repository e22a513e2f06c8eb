"""Orders in memory, with the indexes that commands ask by."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from heapq import nlargest
from typing import TYPE_CHECKING

from orderkit.adapters.agreement import changed_meanwhile
from orderkit.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from orderkit.adapters.memory.journal import Journal
    from orderkit.domain.order import Order, Payment
    from orderkit.domain.records import ColumnSpec


class MemoryOrders:
    """Keeps orders whole.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._orders: dict[str, Order] = {}
        self._numbers: dict[str, str] = {}
        self._externals: dict[tuple[str, str], str] = {}
        self._customers: dict[str, dict[str, None]] = {}
        self._serials: dict[str, int] = {}
        self._loose: dict[tuple[str | None, str], Payment] = {}
        self._order_fields: frozenset[str] = frozenset()
        self._line_fields: frozenset[str] = frozenset()

    def learn(self, columns: Sequence[ColumnSpec]) -> None:
        """Take the project's fields, so that orders from before have the new ones as None.

        Args:
            columns: The project's scalar fields.
        """
        self._order_fields = frozenset(one.name for one in columns if one.owner == "order")
        self._line_fields = frozenset(one.name for one in columns if one.owner == "line")
        self._orders.update({key: self._complete(order) for key, order in self._orders.items()})

    def _complete(self, order: Order) -> Order:
        missing = self._order_fields - order.fields.keys()
        if missing:
            order = replace(order, fields={**order.fields, **dict.fromkeys(missing)})
        if any(self._line_fields - line.fields.keys() for line in order.lines):
            nothing = dict.fromkeys(self._line_fields)
            lines = [replace(line, fields={**nothing, **line.fields}) for line in order.lines]
            order = replace(order, lines=tuple(lines))
        return order

    def everything(self) -> tuple[list[Order], list[Payment]]:
        """Give all orders and all refunds whose order is unknown, for reports.

        Returns:
            Orders and refunds, as they came.
        """
        return list(self._orders.values()), list(self._loose.values())

    def get(self, order_id: str) -> Order | None:
        """Read one order by its id."""
        return self._orders.get(order_id)

    def by_number(self, number: str) -> Order | None:
        """Read one order by the number people use."""
        return self._orders.get(self._numbers.get(number, ""))

    def by_external(self, channel: str, external_number: str) -> Order | None:
        """Read one order by its channel's number."""
        return self._orders.get(self._externals.get((channel, external_number), ""))

    def insert(self, orders: Sequence[Order]) -> None:
        """Write new orders; raises Conflict where a number or external number exists."""
        for order in orders:
            external = _external(order)
            if order.id in self._orders or order.number in self._numbers or external in self._externals:
                message = (
                    f"an order {order.number}, or with its number of channel {order.channel}, exists already"
                )
                raise Conflict(message)
            self._journal.put(self._numbers, order.number, order.id)
            self._keep(order, None)

    def _keep(self, order: Order, before: Order | None) -> None:
        journal = self._journal
        journal.put(self._orders, order.id, self._complete(order))
        external, known = _external(order), _external(before) if before else None
        if external != known:
            if known is not None:
                journal.drop(self._externals, known)
            if external is not None:
                journal.put(self._externals, external, order.id)
        was = before.customer if before else None
        if order.customer != was:
            if was is not None:
                journal.drop(self._customers[was], order.id)
            if order.customer is not None:
                journal.put(self._customers.setdefault(order.customer, {}), order.id, None)

    def update(self, order: Order, *, expected: int) -> None:
        """Write the next version; raises Conflict where the stored version is not `expected`."""
        before = self._orders.get(order.id)
        if before is None or before.version != expected:
            raise changed_meanwhile(order.id, expected)
        self._keep(order, before)

    def find(
        self,
        *,
        state: str | None = None,
        channel: str | None = None,
        customer: str | None = None,
        limit: int = 50,
    ) -> list[Order]:
        """List orders, newest first."""
        found = [
            order
            for order in self._orders.values()
            if (state is None or order.state == state)
            and (channel is None or order.channel == channel)
            and (customer is None or order.customer == customer)
        ]
        return nlargest(limit, found, key=lambda order: (order.placed_at, order.id))

    def placed_by(self, customer: str) -> int:
        """Count the customer's orders that are not canceled."""
        own = self._customers.get(customer, {})
        return sum("canceled" not in self._orders[order_id].events for order_id in own)

    def last_placed(self, customer: str) -> datetime | None:
        """Tell when the customer last placed an order that is not canceled."""
        own = (self._orders[order_id] for order_id in self._customers.get(customer, {}))
        return max((one.placed_at for one in own if "canceled" not in one.events), default=None)

    def states(self) -> Mapping[tuple[str, str], int]:
        """Count orders and parts by (kind of part, state)."""
        found = Counter(("", order.state) for order in self._orders.values())
        found.update((part.kind, part.state) for order in self._orders.values() for part in order.parts)
        return found

    def next_serial(self, prefix: str) -> int:
        """Take the next number after this prefix; gaps are allowed."""
        serial = self._serials.get(prefix, 0) + 1
        self._journal.put(self._serials, prefix, serial)
        return serial

    def add_loose(self, refunds: Sequence[Payment]) -> None:
        """Keep refunds whose order is unknown; the same channel and id again replaces the first."""
        for one in refunds:
            self._journal.put(self._loose, (one.channel, one.id), one)

    def loose(self, channel: str | None = None) -> list[Payment]:
        """List refunds whose order is unknown, earliest first."""
        found = [one for one in self._loose.values() if channel is None or one.channel == channel]
        return sorted(found, key=lambda one: (one.at, one.id))


def _external(order: Order) -> tuple[str, str] | None:
    if order.channel is None or order.external_number is None:
        return None
    return order.channel, order.external_number
