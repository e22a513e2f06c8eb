"""What orderkit asks of a host: small protocols, the store split by role.

A store gives transactions; inside one, a command reads and writes through the roles of a `Unit`.
Every conditional write checks its row count and raises what it found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from orderkit.domain.events import AuditEntry, EffectRequest, LimitUse, Timer
    from orderkit.domain.order import Order, Payment
    from orderkit.domain.records import ColumnSpec, Reject, SourceRow
    from orderkit.domain.stock import StockLevel, StockMove


class Clock(Protocol):
    """Gives the present instant."""

    def __call__(self) -> datetime:
        """Give an aware datetime."""


class Effect(Protocol):
    """Sends one kind of effect to the outside world; raising means it will be tried again.

    A callable of the payload alone is taken as well; one that takes `key` can make repeats harmless.
    """

    def __call__(self, payload: Mapping[str, Any], *, key: str) -> None:
        """Send it; `key` is stable over repeats."""


class Table(Protocol):
    """Looks one row of the host's own data up, such as a customer in the CRM."""

    def __call__(self, key: str, /) -> Mapping[str, Any] | None:
        """Give the row, or None where there is none."""


class Orders(Protocol):
    """Keeps orders with their lines, ledger, payments and parts."""

    def get(self, order_id: str) -> Order | None:
        """Read one order by its id."""

    def by_number(self, number: str) -> Order | None:
        """Read one order by the number people use."""

    def by_external(self, channel: str, external_number: str) -> Order | None:
        """Read one order by its channel's number."""

    def insert(self, orders: Sequence[Order]) -> None:
        """Write new orders; raises Conflict where a number or external number exists."""

    def update(self, order: Order, *, expected: int) -> None:
        """Write the next version; raises Conflict where the stored version is not `expected`."""

    def find(
        self, *, state: str | None = None, channel: str | None = None, customer: str | None = None,
        limit: int = 50,
    ) -> list[Order]:  # fmt: skip
        """List orders, newest first."""

    def placed_by(self, customer: str) -> int:
        """Count the customer's orders that are not canceled."""

    def last_placed(self, customer: str) -> datetime | None:
        """Tell when the customer last placed an order that is not canceled."""

    def states(self) -> Mapping[tuple[str, str], int]:
        """Count orders and parts by (kind of part, state); the kind of an order is an empty text."""

    def next_serial(self, prefix: str) -> int:
        """Take the next number after this prefix; gaps are allowed."""

    def add_loose(self, refunds: Sequence[Payment]) -> None:
        """Keep refunds whose order is unknown; the same channel and id again replaces the first."""

    def loose(self, channel: str | None = None) -> list[Payment]:
        """List refunds whose order is unknown, earliest first."""


class Sources(Protocol):
    """Remembers what each channel has sent, so that a repeat is harmless."""

    def known(self, channel: str, keys: Sequence[str]) -> Mapping[str, SourceRow]:
        """Give what is remembered of these keys."""

    def note(self, rows: Sequence[SourceRow]) -> None:
        """Remember or replace."""


class Timers(Protocol):
    """Keeps what is due later."""

    def arm(self, timers: Iterable[Timer]) -> None:
        """Start timers; the same key again changes nothing."""

    def disarm(self, keys: Iterable[str]) -> None:
        """Drop timers."""

    def of(self, order_id: str) -> list[Timer]:
        """List an order's armed timers, earliest first."""

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """List what is due, earliest first."""

    def next_due(self) -> datetime | None:
        """Tell when the next timer is due."""


class Outbox(Protocol):
    """Keeps effects until they are sent."""

    def enqueue(self, effects: Sequence[EffectRequest]) -> None:
        """Add effects; the same key again changes nothing."""

    def waiting(self, now: datetime, limit: int, senders: Sequence[str] | None = None) -> list[EffectRequest]:
        """List what may be sent now, oldest first.

        `senders` names the effects somebody sends (`notify` takes every `notify.<via>`); None lists all.
        """

    def claim(self, key: str, now: datetime, until: datetime) -> bool:
        """Take one effect for sending; False where another worker has it. It is due again at `until`."""

    def settle(self, effect: EffectRequest) -> None:
        """Write what became of an attempt."""

    def of(self, order_id: str | None = None, limit: int = 100) -> list[EffectRequest]:
        """List effects in the order they were asked."""


class Stock(Protocol):
    """Keeps the figures of each sku and their movements."""

    def levels(self, skus: Iterable[str]) -> dict[str, StockLevel]:
        """Read figures; an unknown sku has none of anything."""

    def move(self, moves: Sequence[StockMove]) -> None:
        """Apply movements in sorted sku order; raises Refused `stock` where one would oversell."""

    def put(self, sku: str, on_hand: int) -> StockLevel:
        """Set the units that lie there, with a movement for the difference."""

    def ledger(self, sku: str) -> list[StockMove]:
        """List a sku's movements, oldest first."""


class Audit(Protocol):
    """Keeps the history; nothing in it is ever changed."""

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries."""

    def of(self, order_id: str) -> list[AuditEntry]:
        """List an order's entries, oldest first."""


class Inbox(Protocol):
    """Remembers command keys."""

    def recall(self, verb: str, key: str) -> tuple[str, str] | None:
        """Give (content hash, order id) of an earlier command with this key."""

    def remember(self, verb: str, key: str, content: str, order_id: str) -> None:
        """Keep the key; raises Conflict where another transaction just did."""


class Limits(Protocol):
    """Counts what promotions limit: uses, units, money, single-use codes."""

    def used(self, counters: Sequence[str], customer: str) -> Mapping[str, tuple[int, int]]:
        """Give (taken in all, taken by this customer) per counter, released uses not counted."""

    def record(self, uses: Sequence[LimitUse]) -> None:
        """Reserve, commit or release; raises Refused `limit` where a reservation exceeds its limit."""


class Codes(Protocol):
    """Keeps the single-use codes of promotions."""

    def add(self, promotion: str, codes: Mapping[str, str]) -> None:
        """Keep codes by their folded forms, as they are printed; raises Conflict where one exists."""

    def batches(self, codes: Sequence[str]) -> Mapping[str, str]:
        """Give the promotion of each folded code that exists."""

    def of(self, promotion: str) -> list[tuple[str, str]]:
        """List the codes of a promotion as printed, sorted, with what became of each.

        That is `free`, `reserved`, `committed` or `released`.
        """


class Rejects(Protocol):
    """Keeps rows that could not be taken, until someone mends them."""

    def keep(self, rows: Sequence[Reject]) -> None:
        """Add rows; the same file, line and reason again changes nothing."""

    def of(self, channel: str | None = None, limit: int = 100) -> list[Reject]:
        """List rows, newest first."""


class Figures(Protocol):
    """Answers report queries."""

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """Run a query of `_reports` and give its rows."""


class Unit(Protocol):
    """One transaction, seen by role."""

    orders: Orders
    sources: Sources
    timers: Timers
    outbox: Outbox
    stock: Stock
    audit: Audit
    inbox: Inbox
    limits: Limits
    codes: Codes
    rejects: Rejects
    figures: Figures


@runtime_checkable
class Store(Protocol):
    """Gives transactions on one database."""

    def prepare(self, columns: Sequence[ColumnSpec], project: str, texts: Mapping[str, str]) -> None:
        """Make tables and typed columns ready for a project and keep its texts once per hash."""

    def transaction(self, *, write: bool = True) -> AbstractContextManager[Unit]:
        """Open a transaction: committed at the end of the block, rolled back by an exception."""

    def close(self) -> None:
        """Give connections back."""
