"""Timers, effects, history, command keys, sources and rejects in memory."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from orderkit.adapters.agreement import key_taken, reject_identity, unknown_effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from orderkit.adapters.memory.journal import Journal
    from orderkit.domain.events import AuditEntry, EffectRequest, Timer
    from orderkit.domain.records import Reject, SourceRow


def _earliest(timer: Timer) -> tuple[datetime, str]:
    return timer.due_at, timer.key


class MemoryTimers:
    """Keeps what is due later.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._timers: dict[str, Timer] = {}

    def arm(self, timers: Iterable[Timer]) -> None:
        """Start timers; the same key again changes nothing."""
        for one in timers:
            if one.key not in self._timers:
                self._journal.put(self._timers, one.key, one)

    def disarm(self, keys: Iterable[str]) -> None:
        """Drop timers."""
        for key in keys:
            self._journal.drop(self._timers, key)

    def of(self, order_id: str) -> list[Timer]:
        """List an order's armed timers, earliest first."""
        return sorted((one for one in self._timers.values() if one.order_id == order_id), key=_earliest)

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """List what is due, earliest first."""
        return sorted((one for one in self._timers.values() if one.due_at <= now), key=_earliest)[:limit]

    def next_due(self) -> datetime | None:
        """Tell when the next timer is due."""
        return min((one.due_at for one in self._timers.values()), default=None)


class MemoryOutbox:
    """Keeps effects until they are sent.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._effects: dict[str, EffectRequest] = {}

    def enqueue(self, effects: Sequence[EffectRequest]) -> None:
        """Add effects; the same key again changes nothing."""
        for one in effects:
            if one.key not in self._effects:
                self._journal.put(self._effects, one.key, one)

    def waiting(self, now: datetime, limit: int, senders: Sequence[str] | None = None) -> list[EffectRequest]:
        """List what may be sent now, oldest first.

        An effect that waits for another try holds back the later ones of its order.
        """
        found: list[EffectRequest] = []
        held: set[str] = set()
        for one in self._effects.values():
            if one.status != "waiting" or one.order_id in held:
                continue
            if senders is not None and not {one.effect, one.effect.partition(".")[0]}.intersection(senders):
                continue
            if one.due_at is None or one.due_at <= now:
                found.append(one)
            elif one.order_id:
                held.add(one.order_id)
        return found[:limit]

    def claim(self, key: str, now: datetime, until: datetime) -> bool:
        """Take one effect for sending; False where another worker has it."""
        one = self._effects.get(key)
        if one is None or one.status != "waiting" or (one.due_at is not None and one.due_at > now):
            return False
        self._journal.put(self._effects, key, replace(one, due_at=until))
        return True

    def settle(self, effect: EffectRequest) -> None:
        """Write what became of an attempt."""
        if effect.key not in self._effects:
            raise unknown_effect(effect.key)
        self._journal.put(self._effects, effect.key, effect)

    def of(self, order_id: str | None = None, limit: int = 100) -> list[EffectRequest]:
        """List effects in the order they were asked."""
        found = (one for one in self._effects.values() if order_id is None or one.order_id == order_id)
        return list(islice(found, limit))


class MemoryAudit:
    """Keeps the history; nothing in it is ever changed.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._entries: dict[str, list[AuditEntry]] = {}

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries."""
        for one in entries:
            self._journal.add(self._entries.setdefault(one.order_id, []), one)

    def of(self, order_id: str) -> list[AuditEntry]:
        """List an order's entries, oldest first."""
        return list(self._entries.get(order_id, ()))


class MemoryInbox:
    """Remembers command keys.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._keys: dict[tuple[str, str], tuple[str, str]] = {}

    def recall(self, verb: str, key: str) -> tuple[str, str] | None:
        """Give (content hash, order id) of an earlier command with this key."""
        return self._keys.get((verb, key))

    def remember(self, verb: str, key: str, content: str, order_id: str) -> None:
        """Keep the key; raises Conflict where another transaction just did."""
        if (verb, key) in self._keys:
            raise key_taken(verb, key)
        self._journal.put(self._keys, (verb, key), (content, order_id))


class MemorySources:
    """Remembers what each channel has sent, so that a repeat is harmless.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._rows: dict[tuple[str, str], SourceRow] = {}

    def known(self, channel: str, keys: Sequence[str]) -> Mapping[str, SourceRow]:
        """Give what is remembered of these keys."""
        return {key: self._rows[channel, key] for key in keys if (channel, key) in self._rows}

    def note(self, rows: Sequence[SourceRow]) -> None:
        """Remember or replace."""
        for one in rows:
            self._journal.put(self._rows, (one.channel, one.key), one)


class MemoryRejects:
    """Keeps rows that could not be taken, until someone mends them.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._rows: dict[tuple[object, ...], Reject] = {}

    def keep(self, rows: Sequence[Reject]) -> None:
        """Add rows; the same file, line and reason again changes nothing."""
        for one in rows:
            identity = reject_identity(one)
            if identity not in self._rows:
                self._journal.put(self._rows, identity, one)

    def of(self, channel: str | None = None, limit: int = 100) -> list[Reject]:
        """List rows, newest first."""
        found = (one for one in reversed(self._rows.values()) if channel is None or one.channel == channel)
        return list(islice(found, limit))
