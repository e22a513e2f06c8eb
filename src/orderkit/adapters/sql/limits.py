"""What promotions limit, in SQL: one row per use, and counters that a conditional update guards."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, or_, select, update

from orderkit.adapters.agreement import LIVE, used_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.wire import Wire
    from orderkit.domain.events import LimitUse

ALL: Final = ""
"""Stands in the counters for all customers together; a use without customer counts only there."""

_UNLIMITED: Final = 2**62


class SqlLimits:
    """Counts what promotions limit.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def used(self, counters: Sequence[str], customer: str) -> Mapping[str, tuple[int, int]]:
        """Give (taken in all, taken by this customer) per counter, released uses not counted."""
        limits = self._wire.tables.limits
        rows = self._wire.rows_of(
            "limits.used",
            lambda condition: select(*limits.c).where(
                condition, or_(limits.c.customer == ALL, limits.c.customer == bindparam("customer"))
            ),
            limits.c.counter,
            counters,
            {"customer": customer},
        )
        counts = {(counter, whose): used for counter, whose, used in rows}
        return {
            name: (counts.get((name, ALL), 0), counts.get((name, customer), 0) if customer else 0)
            for name in counters
        }

    def record(self, uses: Sequence[LimitUse]) -> None:
        """Reserve, commit or release; raises Refused `limit` where a reservation exceeds its limit."""
        for use in sorted(uses, key=attrgetter("counter")):
            status, customer, amount = self._known(use)
            if use.status == "reserved":
                if status not in LIVE:
                    self._reserve(use, status)
            elif use.status == "committed":
                if status == "reserved":
                    self._settle(use, "committed", customer, amount)
            elif status in LIVE:
                self._settle(use, "released", customer, amount)
                # The customer as the use was reserved: a later edit of the order changes nothing here.
                for whose in _counted(customer):
                    self._count(use.counter, whose, -amount, None)

    def _known(self, use: LimitUse) -> tuple[str, str, int]:
        uses = self._wire.tables.uses

        def make() -> Executable:
            return select(uses.c.status, uses.c.customer, uses.c.amount).where(
                uses.c.counter == bindparam("counter"), uses.c.order_id == bindparam("order_id")
            )

        values = {"counter": use.counter, "order_id": use.order_id}
        rows = self._wire.rows("uses.known", make, values)
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else ("", "", 0)

    def _reserve(self, use: LimitUse, status: str) -> None:
        if status:
            self._settle(use, "reserved", use.customer, use.amount)
        else:
            row = (use.counter, use.order_id, use.customer, use.amount, "reserved")
            self._wire.insert(self._wire.tables.uses, [row])
        for whose in _counted(use.customer):
            most = use.total if whose == ALL else use.per_customer
            if not self._count(use.counter, whose, use.amount, most):
                self._wire.insert(self._wire.tables.limits, [(use.counter, whose, 0)], again=True)
                if not self._count(use.counter, whose, use.amount, most):
                    raise used_up(use, own=whose != ALL)

    def _settle(self, use: LimitUse, status: str, customer: str, amount: int) -> None:
        uses = self._wire.tables.uses

        def make() -> Executable:
            return (
                update(uses)
                .values(status=bindparam("becomes"), customer=bindparam("whose"), amount=bindparam("much"))
                .where(uses.c.counter == bindparam("of"), uses.c.order_id == bindparam("by"))
            )

        values = {
            "of": use.counter, "by": use.order_id, "becomes": status, "whose": customer, "much": amount,
        }  # fmt: skip
        self._wire.run("uses.settle", make, values)

    def _count(self, counter: str, customer: str, units: int, most: int | None) -> int:
        limits = self._wire.tables.limits

        def make() -> Executable:
            used = limits.c.used
            return (
                update(limits)
                .values(used=used + bindparam("units", type_=used.type))
                .where(limits.c.counter == bindparam("of"), limits.c.customer == bindparam("whose"))
                .where(used + bindparam("units", type_=used.type) <= bindparam("most", type_=used.type))
            )

        values = {"of": counter, "whose": customer, "units": units}
        return self._wire.run("limits.count", make, {**values, "most": _UNLIMITED if most is None else most})


def _counted(customer: str) -> tuple[str, ...]:
    return (ALL, customer) if customer else (ALL,)
