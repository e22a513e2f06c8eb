"""The store in memory: one lock, one journal, the roles behind it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from orderkit.adapters.agreement import not_prepared
from orderkit.adapters.memory.codes import MemoryCodes
from orderkit.adapters.memory.goods import MemoryLimits, MemoryStock
from orderkit.adapters.memory.journal import Journal
from orderkit.adapters.memory.orders import MemoryOrders
from orderkit.adapters.memory.records import (
    MemoryAudit,
    MemoryInbox,
    MemoryOutbox,
    MemoryRejects,
    MemorySources,
    MemoryTimers,
)
from orderkit.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from orderkit.domain.records import ColumnSpec
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
        Unit,
    )


class MemoryFigures:
    """Answers report queries by the reference that reads whole orders.

    Args:
        orders: Where they are.
    """

    def __init__(self, orders: MemoryOrders) -> None:
        """Belong to one store."""
        self._orders = orders

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Run a query of `_reports` and give its rows."""
        from orderkit._reports.reference import rows

        return rows(query, *self._orders.everything())


class MemoryUnit:
    """One transaction, seen by role; a store has one at a time."""

    def __init__(self, journal: Journal, orders: MemoryOrders) -> None:
        """Give each role the same journal."""
        self.orders: Orders = orders
        self.sources: Sources = MemorySources(journal)
        self.timers: Timers = MemoryTimers(journal)
        self.outbox: Outbox = MemoryOutbox(journal)
        self.stock: Stock = MemoryStock(journal)
        self.audit: Audit = MemoryAudit(journal)
        self.inbox: Inbox = MemoryInbox(journal)
        limits = MemoryLimits(journal)
        self.limits: Limits = limits
        self.codes: Codes = MemoryCodes(journal, limits)
        self.rejects: Rejects = MemoryRejects(journal)
        self.figures: Figures = MemoryFigures(orders)


class MemoryStore:
    """Keeps everything in this process; threads take turns, and a failed transaction leaves no trace."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._journal = Journal()
        self._orders = MemoryOrders(self._journal)
        self._unit = MemoryUnit(self._journal, self._orders)
        self._projects: dict[str, Mapping[str, str]] = {}

    def prepare(self, columns: Sequence[ColumnSpec], project: str, texts: Mapping[str, str]) -> None:
        """Make typed columns ready for a project and keep its texts once per hash.

        Args:
            columns: The project's scalar fields.
            project: Its hash.
            texts: Its files by path.
        """
        with self._lock:
            self._orders.learn(columns)
            self._projects.setdefault(project, dict(texts))

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Unit]:
        """Open a transaction: its changes stand at the end of the block, and are undone by an exception.

        Args:
            write: Whether it may change something.

        Yields:
            The roles.

        Raises:
            StoreError: The store was not prepared, or this thread is inside a transaction already.
        """
        if not self._projects:
            raise not_prepared()
        here = threading.get_ident()
        if self._owner == here:
            raise StoreError("a transaction is open in this thread already: end it before the next")
        with self._lock:
            self._owner = here
            self._journal.begin(write=write)
            try:
                yield self._unit
            except BaseException:
                self._journal.undo()
                raise
            else:
                self._journal.end()
            finally:
                self._owner = None

    def close(self) -> None:
        """Do nothing: what is in memory stays until the store is dropped."""
