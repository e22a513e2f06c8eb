"""Runs commands on a store: one transaction each, stale ones decided anew, refused ones noted."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar

from orderkit._commands import answer
from orderkit._commands.calls import ask, get_order
from orderkit._commands.placing import plain_lookup
from orderkit._kit.couponing import CouponRoom
from orderkit._pricing.refunds import asks_price
from orderkit._project import Project
from orderkit.domain.events import Actor, AuditEntry
from orderkit.domain.plain import to_plain
from orderkit.errors import Conflict, Refused, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self

    from orderkit._commands import Ask
    from orderkit.domain.order import Order
    from orderkit.domain.stock import StockLevel, StockMove
    from orderkit.ports import Clock, Effect, Store, Table

T = TypeVar("T")

_TRIES: Final = 5
_HOST: Final = Actor("host")


def as_actor(actor: Actor | str | None) -> Actor:
    """Take who gives a command in any of the forms hosts use.

    Args:
        actor: An actor, a name without roles, or None for the host itself.

    Returns:
        The actor.
    """
    if actor is None:
        return _HOST
    return Actor(actor) if isinstance(actor, str) else actor


def _present() -> datetime:
    return datetime.now(UTC)


class StockRoom:
    """Stock figures as hosts set and read them."""

    __slots__ = ("_kit",)

    def __init__(self, kit: Running) -> None:
        """Belong to one kit."""
        self._kit = kit

    def set(self, sku: str, on_hand: int) -> StockLevel:
        """Set the units that lie in the warehouse.

        Args:
            sku: Stock keeping unit.
            on_hand: Units, not negative.

        Returns:
            The figures afterwards.

        Raises:
            TypeError: The units are no whole number from 0 on.
        """
        if type(on_hand) is not int or on_hand < 0:
            message = f"on_hand is a whole number of units, not {on_hand!r}"
            raise TypeError(message)
        level: StockLevel = self._kit.run(lambda: ask("stock", "put", sku, on_hand))
        return level

    def get(self, sku: str) -> StockLevel:
        """Read the figures of one sku; an unknown one has nothing.

        Args:
            sku: Stock keeping unit.

        Returns:
            `on_hand`, `reserved`, `allocated` and `available`.
        """
        levels: dict[str, StockLevel] = self._kit.run(lambda: ask("stock", "levels", [sku]), write=False)
        return levels[sku]

    def ledger(self, sku: str) -> list[StockMove]:
        """List the movements of one sku; they sum to its figures.

        Args:
            sku: Stock keeping unit.

        Returns:
            Movements, oldest first.
        """
        moves: list[StockMove] = self._kit.run(lambda: ask("stock", "ledger", sku), write=False)
        return moves


class Running:
    """What every verb of a kit stands on: the project, the store, the clock and one way to run a command."""

    def __init__(
        self,
        project: Project,
        *,
        store: str | Store | None = None,
        effects: Mapping[str, Effect | Callable[[Mapping[str, Any]], object]] | None = None,
        tables: Mapping[str, Table] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Open the store and make it ready for the project.

        Args:
            project: The compiled project.
            store: A URL such as `sqlite:///orders.db`, a store, or None to keep everything in memory.
            effects: What sends each kind of effect: a callable of (payload, key=...) by name.
            tables: What gives a row of each host table: a callable of (key) by name.
            clock: Gives the present instant, aware; the system's clock where none is given.

        Raises:
            ConfigError: The project needs what this version of orderkit checks and does not run.
            StoreError: The database was made by a later version, or holds orders in states that the
                project no longer has.
            TypeError: An argument is of another kind.
            ValueError: A table is misspelt.
        """
        if not isinstance(project, Project):
            message = f"project is what orderkit.load gives, not {project!r}"
            raise TypeError(message)
        project.require("pricing", "orders")
        for name in tables or {}:
            meant = get_close_matches(name, project.fields.tables, n=1)
            if meant and name not in project.fields.tables:
                message = f"the project has no table {name!r}; did you mean {meant[0]!r}?"
                raise ValueError(message)
        for name, table in (tables or {}).items():
            if not callable(table):
                message = (
                    f"tables[{name!r}] is a callable of the key, such as rows.get, not {type(table).__name__}"
                )
                raise TypeError(message)
        self.project = project
        self._store = _open(store)
        self.effects = dict(effects or {})
        self.lookup = plain_lookup(project, dict(tables or {}))
        self._asks_host = "products" in (tables or {})
        self._clock = clock or _present
        self.stock = StockRoom(self)
        self.coupons = CouponRoom(project, self.run)
        self._store.prepare(project.fields.columns, project.hash, project.texts)
        self._known_states()

    def _known_states(self) -> None:
        flow = self.project.flows["order"]
        live: Mapping[tuple[str, str], int] = self.run(lambda: ask("orders", "states"), write=False)
        for (kind, state), count in sorted(live.items()):
            if kind and kind not in flow.parts:
                message = f"{count} parts of the kind {kind!r} are stored, which the flow no longer has"
            elif state not in (self.project.flows[flow.parts[kind].flow] if kind else flow).states:
                message = (
                    f"{count} {kind or 'order'}s are in the state {state!r}, which the flow no longer has"
                )
            else:
                continue
            self.close()
            raise StoreError(f"{message}; keep it until nothing uses it any more")

    def __enter__(self) -> Self:
        """Give the kit itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Give the store's connections back."""
        self._store.close()

    def _products_of(self, order_id: str) -> Callable[[str], Mapping[str, Any] | None]:
        """Ask the host for the products of an order before a transaction begins.

        Args:
            order_id: Id or number.

        Returns:
            A function from the skus of the order to their rows.
        """
        if not self._asks_host:
            return lambda sku: self.project.row("products", sku)
        order: Order = self.run(lambda: get_order(order_id), write=False)
        needed = asks_price(order)
        rows = {line.sku: self.lookup("products", line.sku) for line in order.lines if needed}
        return rows.get

    def now(self) -> datetime:
        """Ask the clock.

        Returns:
            The present instant, aware, in UTC.

        Raises:
            ValueError: The host's clock gives a naive datetime.
        """
        now = self._clock()
        if now.tzinfo is None:
            message = "the clock gives a naive datetime; give an aware one, such as datetime.now(UTC)"
            raise ValueError(message)
        return now.astimezone(UTC)

    def run(self, command: Callable[[], Ask[T]], *, write: bool = True) -> T:
        """Run one command in one transaction; a stale version is read and decided anew.

        Args:
            command: Makes the command; called once for each try.
            write: Whether it writes.

        Returns:
            The command's result.

        Raises:
            Conflict: The order kept changing, or a key was used with other content.
        """
        for left in range(_TRIES - 1, -1, -1):
            try:
                with self._store.transaction(write=write) as unit:
                    return answer(command(), unit)
            except Conflict as conflict:
                if not left or not getattr(conflict, "stale", False):
                    raise
        message = "unreachable"
        raise AssertionError(message)

    def audited(self, command: Callable[[], Ask[Order]], entry: AuditEntry) -> Order:
        """Run a command; where it is refused, the history says so in a transaction of its own.

        Args:
            command: Makes the command.
            entry: What the history says, reason and details left open.

        Returns:
            The order after it.

        Raises:
            Refused: It is not allowed now.
        """
        try:
            return self.run(command)
        except Refused as refused:
            self.note_refusal(entry, refused)
            raise

    def note_refusal(self, entry: AuditEntry, refused: Refused) -> None:
        """Write a refused command into the history.

        Args:
            entry: What the history says, reason and details left open.
            refused: Why it was refused.
        """

        def note() -> Ask[None]:
            order = yield from ask("orders", "get", entry.order_id)
            if order is None and entry.order_id:
                order = yield from ask("orders", "by_number", entry.order_id)
            details = {**to_plain(refused.details), "message": str(refused)}
            told = AuditEntry(
                order.id if order else entry.order_id, entry.at, entry.actor, entry.verb, entry.subject,
                before=order.state if order else "", reason=refused.reason, details=details,
                project=entry.project, part=entry.part,
            )  # fmt: skip
            yield from ask("audit", "append", [told])

        self.run(note)


def _open(store: str | Store | None) -> Store:
    if store is None:
        from orderkit.adapters.memory import MemoryStore

        return MemoryStore()
    if isinstance(store, str):
        from orderkit.adapters.sql import SqlStore

        return SqlStore(store)
    return store
