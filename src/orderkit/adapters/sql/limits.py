"""Limits of promotions in SQL: one row per use, and counters that a conditional update guards."""

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
    """Counts uses of limited promotions.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def used(self, promotions: Sequence[str], customer: str) -> Mapping[str, tuple[int, int]]:
        """Give (uses in all, uses of this customer) per promotion, released ones not counted."""
        limits = self._wire.tables.limits
        rows = self._wire.rows_of(
            "limits.used",
            lambda condition: select(*limits.c).where(
                condition, or_(limits.c.customer == ALL, limits.c.customer == bindparam("customer"))
            ),
            limits.c.promotion,
            promotions,
            {"customer": customer},
        )
        counts = {(promotion, whose): used for promotion, whose, used in rows}
        return {
            name: (counts.get((name, ALL), 0), counts.get((name, customer), 0) if customer else 0)
            for name in promotions
        }

    def record(self, uses: Sequence[LimitUse]) -> None:
        """Reserve, commit or release; raises Refused `limit` where a reservation exceeds its limit."""
        for use in sorted(uses, key=attrgetter("promotion")):
            status, customer = self._known(use)
            if use.status == "reserved":
                if status not in LIVE:
                    self._reserve(use, status)
            elif use.status == "committed":
                if status == "reserved":
                    self._settle(use, "committed", customer)
            elif status in LIVE:
                self._settle(use, "released", customer)
                # The customer as the use was reserved: a later edit of the order changes nothing here.
                for whose in _counted(customer):
                    self._count(use.promotion, whose, -1, None)

    def _known(self, use: LimitUse) -> tuple[str, str]:
        uses = self._wire.tables.uses

        def make() -> Executable:
            return select(uses.c.status, uses.c.customer).where(
                uses.c.promotion == bindparam("promotion"), uses.c.order_id == bindparam("order_id")
            )

        values = {"promotion": use.promotion, "order_id": use.order_id}
        rows = self._wire.rows("uses.known", make, values)
        return (rows[0][0], rows[0][1]) if rows else ("", "")

    def _reserve(self, use: LimitUse, status: str) -> None:
        if status:
            self._settle(use, "reserved", use.customer)
        else:
            row = (use.promotion, use.order_id, use.customer, "reserved")
            self._wire.insert(self._wire.tables.uses, [row])
        for whose in _counted(use.customer):
            most = use.total if whose == ALL else use.per_customer
            if not self._count(use.promotion, whose, 1, most):
                self._wire.insert(self._wire.tables.limits, [(use.promotion, whose, 0)], again=True)
                if not self._count(use.promotion, whose, 1, most):
                    raise used_up(use, own=whose != ALL)

    def _settle(self, use: LimitUse, status: str, customer: str) -> None:
        uses = self._wire.tables.uses

        def make() -> Executable:
            return (
                update(uses)
                .values(status=bindparam("becomes"), customer=bindparam("whose"))
                .where(uses.c.promotion == bindparam("of"), uses.c.order_id == bindparam("by"))
            )

        values = {"of": use.promotion, "by": use.order_id, "becomes": status, "whose": customer}
        self._wire.run("uses.settle", make, values)

    def _count(self, promotion: str, customer: str, units: int, most: int | None) -> int:
        limits = self._wire.tables.limits

        def make() -> Executable:
            used = limits.c.used
            return (
                update(limits)
                .values(used=used + bindparam("units", type_=used.type))
                .where(limits.c.promotion == bindparam("of"), limits.c.customer == bindparam("whose"))
                .where(used + bindparam("units", type_=used.type) <= bindparam("most", type_=used.type))
            )

        values = {"of": promotion, "whose": customer, "units": units}
        return self._wire.run("limits.count", make, {**values, "most": _UNLIMITED if most is None else most})


def _counted(customer: str) -> tuple[str, ...]:
    return (ALL, customer) if customer else (ALL,)
