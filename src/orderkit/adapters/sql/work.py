"""Work that is left for later in SQL: timers, and effects that wait to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, false, func, or_, select, true, update

from orderkit.adapters.agreement import unknown_effect
from orderkit.adapters.sql.codec import pack, unpack
from orderkit.domain.calendar import from_micros, to_micros
from orderkit.domain.events import EffectRequest, Timer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.wire import Wire


class SqlTimers:
    """Keeps what is due later.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def arm(self, timers: Iterable[Timer]) -> None:
        """Start timers; the same key again changes nothing."""
        rows = [
            (one.key, one.order_id, one.kind, one.name, one.epoch, to_micros(one.due_at), one.part, one.fired)
            for one in timers
        ]
        self._wire.insert(self._wire.tables.timers, rows, again=True)

    def disarm(self, keys: Iterable[str]) -> None:
        """Drop timers."""
        table = self._wire.tables.timers
        self._wire.run_each(
            "timers.disarm",
            lambda: delete(table).where(table.c.key == bindparam("key")),
            [{"key": key} for key in sorted(keys)],
        )

    def of(self, order_id: str) -> list[Timer]:
        """List an order's armed timers, earliest first."""
        table = self._wire.tables.timers

        def make() -> Executable:
            query = select(*table.c).where(table.c.order_id == bindparam("order_id"))
            return query.order_by(table.c.due_at, table.c.key)

        return [_timer(row) for row in self._wire.rows("timers.of", make, {"order_id": order_id})]

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """List what is due, earliest first."""
        table = self._wire.tables.timers

        def make() -> Executable:
            query = select(*table.c).where(table.c.due_at <= bindparam("now"))
            query = query.order_by(table.c.due_at, table.c.key)
            return query.limit(bindparam("most"))

        rows = self._wire.rows("timers.due", make, {"now": to_micros(now), "most": limit})
        return [_timer(row) for row in rows]

    def next_due(self) -> datetime | None:
        """Tell when the next timer is due."""
        table = self._wire.tables.timers
        (row,) = self._wire.rows("timers.next_due", lambda: select(func.min(table.c.due_at)), {})
        return None if row[0] is None else from_micros(row[0])


def _timer(row: tuple[Any, ...]) -> Timer:
    key, order_id, kind, name, epoch, due_at, part, fired = row
    return Timer(key, order_id, kind, name, epoch, from_micros(due_at), part, fired)


class SqlOutbox:
    """Keeps effects until they are sent.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def enqueue(self, effects: Sequence[EffectRequest]) -> None:
        """Add effects; the same key again changes nothing."""
        rows = [
            (
                one.key,
                one.order_id,
                one.effect,
                pack(one.payload),
                to_micros(one.at),
                one.span,
                one.attempts,
                None if one.due_at is None else to_micros(one.due_at),
                one.status,
                one.error,
            )
            for one in effects
        ]
        self._wire.insert(self._wire.tables.outbox, rows, again=True)

    def waiting(self, now: datetime, limit: int, senders: Sequence[str] | None = None) -> list[EffectRequest]:
        """List what may be sent now, oldest first.

        An effect that waits for another try holds back the later ones of its order.
        """
        table = self._wire.tables.outbox

        def sent(rows: FromClause) -> ColumnElement[bool]:
            names = [] if senders is None else senders
            some = (or_(rows.c.effect == name, rows.c.effect.startswith(f"{name}.")) for name in names)
            return true() if senders is None else or_(false(), *some)

        def make() -> Executable:
            earlier = table.alias("earlier")
            held = exists().where(
                table.c.order_id != "",
                earlier.c.order_id == table.c.order_id,
                earlier.c.seq < table.c.seq,
                earlier.c.status == "waiting",
                earlier.c.due_at > bindparam("now"),
                sent(earlier),
            )
            ready = or_(table.c.due_at.is_(None), table.c.due_at <= bindparam("now"))
            query = _effects(table).where(and_(table.c.status == "waiting", ready, ~held, sent(table)))
            query = query.order_by(table.c.seq)
            return query.limit(bindparam("most"))  # type: ignore[no-any-return]

        name = "outbox.waiting" if senders is None else f"outbox.waiting {sorted(senders)}"
        rows = self._wire.rows(name, make, {"now": to_micros(now), "most": limit})
        return [_effect(row) for row in rows]

    def claim(self, key: str, now: datetime, until: datetime) -> bool:
        """Take one effect for sending; False where another worker has it."""
        table = self._wire.tables.outbox

        def make() -> Executable:
            ready = or_(table.c.due_at.is_(None), table.c.due_at <= bindparam("now"))
            free = and_(table.c.key == bindparam("of"), table.c.status == "waiting", ready)
            return update(table).values(due_at=bindparam("until")).where(free)

        values = {"of": key, "now": to_micros(now), "until": to_micros(until)}
        return bool(self._wire.run("outbox.claim", make, values))

    def settle(self, effect: EffectRequest) -> None:
        """Write what became of an attempt."""
        table = self._wire.tables.outbox

        def make() -> Executable:
            names = ("attempts", "due_at", "status", "error")
            changed: dict[str, Any] = {name: bindparam(f"new {name}") for name in names}
            return update(table).values(changed).where(table.c.key == bindparam("of"))

        values = {
            "of": effect.key,
            "new attempts": effect.attempts,
            "new due_at": None if effect.due_at is None else to_micros(effect.due_at),
            "new status": effect.status,
            "new error": effect.error,
        }
        if not self._wire.run("outbox.settle", make, values):
            raise unknown_effect(effect.key)

    def of(self, order_id: str | None = None, limit: int = 100) -> list[EffectRequest]:
        """List effects in the order they were asked."""
        table = self._wire.tables.outbox

        def make() -> Executable:
            query = _effects(table).order_by(table.c.seq).limit(bindparam("most"))
            return query if order_id is None else query.where(table.c.order_id == bindparam("order_id"))  # type: ignore[no-any-return]

        values = {"order_id": order_id, "most": limit}
        rows = self._wire.rows(f"outbox.of {order_id is None}", make, values)
        return [_effect(row) for row in rows]


def _effects(table: Any) -> Any:
    return select(*[column for column in table.c if column.name != "seq"])


def _effect(row: tuple[Any, ...]) -> EffectRequest:
    key, order_id, effect, payload, at, span, attempts, due_at, status, error = row
    return EffectRequest(
        key,
        order_id,
        effect,
        unpack(payload),
        from_micros(at),
        span,
        attempts,
        None if due_at is None else from_micros(due_at),
        status,
        error,
    )
