"""One transaction on a SQL database, seen by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit.adapters.sql.codes import SqlCodes
from orderkit.adapters.sql.limits import SqlLimits
from orderkit.adapters.sql.orders import SqlOrders
from orderkit.adapters.sql.records import SqlAudit, SqlInbox, SqlRejects, SqlSources
from orderkit.adapters.sql.stock import SqlStock
from orderkit.adapters.sql.work import SqlOutbox, SqlTimers

if TYPE_CHECKING:
    from orderkit.adapters.sql.order_rows import OrderRows
    from orderkit.adapters.sql.wire import Wire
    from orderkit.ports import (
        Audit,
        Codes,
        Figures,
        Inbox,
        Limits,
        Orders,
        Outbox,
        Rejects,
        Sources,
        Stock,
        Timers,
    )


class SqlFigures:
    """Answers report queries with the SQL that `figures` writes.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Run a query of `_reports` and give its rows."""
        from orderkit.adapters.sql.figures import rows

        found: list[tuple[Any, ...]] = rows(query, self._wire.connection, self._wire.tables)
        return found


class SqlUnit:
    """One transaction, seen by role; a role that has raised leaves it good for nothing but its end.

    Args:
        wire: The transaction.
        rows: Turns orders into rows and back.
    """

    __slots__ = (
        "audit",
        "codes",
        "figures",
        "inbox",
        "limits",
        "orders",
        "outbox",
        "rejects",
        "sources",
        "stock",
        "timers",
    )

    def __init__(self, wire: Wire, rows: OrderRows) -> None:
        """Give each role the same transaction."""
        self.orders: Orders = SqlOrders(wire, rows)
        self.sources: Sources = SqlSources(wire)
        self.timers: Timers = SqlTimers(wire)
        self.outbox: Outbox = SqlOutbox(wire)
        self.stock: Stock = SqlStock(wire)
        self.audit: Audit = SqlAudit(wire)
        self.inbox: Inbox = SqlInbox(wire)
        self.limits: Limits = SqlLimits(wire)
        self.codes: Codes = SqlCodes(wire)
        self.rejects: Rejects = SqlRejects(wire)
        self.figures: Figures = SqlFigures(wire)
