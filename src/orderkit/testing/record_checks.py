"""Checks of what a store keeps beside orders: timers, effects, history, keys, sources, rejects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from orderkit.domain.events import AuditEntry, EffectRequest, Timer
from orderkit.domain.records import Reject, SourceRow
from orderkit.errors import Conflict, StoreError
from orderkit.testing.samples import NOON, raised, ready, same

if TYPE_CHECKING:
    from orderkit.testing.samples import Check, Opener

_MINUTE: Final = timedelta(minutes=1)


def _timer(key: str, minutes: int, order_id: str = "O1") -> Timer:
    return Timer(key, order_id, "state", "超时", 3, NOON + minutes * _MINUTE, "refund-1", 2)


def timers_are_due_in_order(opened: Opener) -> None:
    """Timers are listed earliest first, until they are dropped; the same key starts once."""
    late, early, other = _timer("a", 30), _timer("b", 10), _timer("c", 20, "O2")
    with ready(opened) as store:
        with store.transaction() as unit:
            same(unit.timers.next_due(), None, "the next due instant of none")
            unit.timers.arm([late, early, other])
            unit.timers.arm([replace(early, due_at=NOON + 99 * _MINUTE)])
            unit.timers.arm([])
        with store.transaction() as unit:
            same(unit.timers.of("O1"), [early, late], "timers of an order")
            same(unit.timers.due(NOON + 20 * _MINUTE, 10), [early, other], "due at a timer's own instant")
            same(unit.timers.due(NOON + 60 * _MINUTE, 2), [early, other], "the first two due")
            same(unit.timers.next_due(), early.due_at, "the next due instant")
            unit.timers.disarm(["b", "unknown"])
            same(unit.timers.next_due(), other.due_at, "the next due instant after one was dropped")
            unit.timers.arm([early])
            same(unit.timers.of("O1"), [early, late], "timers after one was started again")


def _effect(key: str, order_id: str = "O1") -> EffectRequest:
    payload = {"to": "王", "amount": "9.90", "lines": [{"sku": "A"}], "none": None, "rate": 0.5}
    return EffectRequest(key, order_id, "notify.wecom", payload, NOON, "flow.yaml:3:7")


def effects_wait_until_they_are_sent(opened: Opener) -> None:
    """Effects go out in the order they were asked; one that failed holds back the later ones of its order."""
    first, second, other = _effect("k2"), _effect("k1"), _effect("k0", "O2")
    with ready(opened) as store:
        with store.transaction() as unit:
            unit.outbox.enqueue([first, second])
            unit.outbox.enqueue([other, replace(first, effect="changed")])
        with store.transaction(write=False) as unit:
            same(unit.outbox.waiting(NOON, 10), [first, second, other], "what waits")
            same(unit.outbox.waiting(NOON, 1), [first], "the first that waits")
            same(unit.outbox.of("O1"), [first, second], "effects of an order")
            same(unit.outbox.of(limit=2), [first, second], "the first two")
        tried = replace(first, attempts=1, due_at=NOON + _MINUTE, error="timeout")
        with store.transaction() as unit:
            unit.outbox.settle(tried)
            same(unit.outbox.waiting(NOON, 10), [other], "what waits beside a failed one")
            later = unit.outbox.waiting(NOON + _MINUTE, 10)
            same(later, [tried, second, other], "what waits a minute later")
            unit.outbox.settle(replace(tried, status="parked", attempts=8))
            unit.outbox.settle(replace(second, status="sent", attempts=1))
            same(unit.outbox.waiting(NOON + _MINUTE, 10), [other], "what waits beside parked and sent")
            parked = replace(tried, status="parked", attempts=8)
            sent = replace(second, status="sent", attempts=1)
            same(unit.outbox.of(), [parked, sent, other], "all effects")

        def settle_unknown() -> None:
            with store.transaction() as unit:
                unit.outbox.settle(_effect("unknown"))

        raised(StoreError, settle_unknown, "an attempt at an effect nobody asked for")


def effects_without_an_order_wait_alone(opened: Opener) -> None:
    """Effects of no order do not hold each other back."""
    first, second = _effect("k1", ""), _effect("k2", "")
    with ready(opened) as store, store.transaction() as unit:
        unit.outbox.enqueue([first, second])
        unit.outbox.settle(replace(first, attempts=1, due_at=NOON + _MINUTE))
        same(unit.outbox.waiting(NOON, 10), [second], "what waits")


def history_keeps_its_order(opened: Opener) -> None:
    """Entries of an order come back as they were added, with typed details."""
    entry = AuditEntry(
        "O1", NOON, "王", "fired", "支付", "待支付", "已支付", details={"needs": {"amount": Decimal("9.90")}},
        project="h", span="flow.yaml:3:7", part="refund-1",
    )  # fmt: skip
    earlier = replace(
        entry, at=NOON - _MINUTE, verb="refused", reason="guard", details={"on": date(2026, 1, 1)}
    )
    with ready(opened) as store:
        with store.transaction() as unit:
            unit.audit.append([entry, replace(entry, order_id="O2")])
        with store.transaction() as unit:
            unit.audit.append([earlier, entry])
            unit.audit.append([])
        with store.transaction(write=False) as unit:
            same(unit.audit.of("O1"), [entry, earlier, entry], "the history of an order")
            same(unit.audit.of("O3"), [], "the history of an unknown order")


def a_command_key_is_kept_once(opened: Opener) -> None:
    """A key belongs to one content and order per verb; again it is a Conflict that a retry resolves."""
    with ready(opened) as store:
        with store.transaction() as unit:
            same(unit.inbox.recall("place", "k"), None, "an unknown key")
            unit.inbox.remember("place", "k", "content", "O1")
            unit.inbox.remember("fire", "k", "other", "O2")
        with store.transaction(write=False) as unit:
            same(unit.inbox.recall("place", "k"), ("content", "O1"), "a key")
            same(unit.inbox.recall("fire", "k"), ("other", "O2"), "the same key of another verb")

        def again() -> None:
            with store.transaction() as unit:
                unit.inbox.remember("place", "k", "content", "O3")

        conflict = raised(Conflict, again, "a key twice")
        same(getattr(conflict, "stale", False), True, "the mark that a second try may help")
        with store.transaction(write=False) as unit:
            same(unit.inbox.recall("place", "k"), ("content", "O1"), "the key after a conflict")


def sources_remember_the_newest(opened: Opener) -> None:
    """What a channel sent is known by its key, in any number of keys, and replaced by what it sends next."""
    rows = [SourceRow("tmall", f"k{index}", "hash", f"O{index}", NOON) for index in range(700)]
    newer = replace(rows[3], content="hash 2", order_id="", occurred_at=None)
    with ready(opened) as store:
        with store.transaction() as unit:
            unit.sources.note(rows)
            unit.sources.note([replace(rows[0], channel="jd")])
        with store.transaction() as unit:
            unit.sources.note([newer])
            unit.sources.note([])
        with store.transaction(write=False) as unit:
            keys = [row.key for row in rows]
            wanted = {row.key: row for row in rows} | {newer.key: newer}
            same(dict(unit.sources.known("tmall", [*keys, "unknown"])), wanted, "what is known")
            same(dict(unit.sources.known("tmall", [])), {}, "what is known of no keys")
            same(set(unit.sources.known("jd", keys)), {"k0"}, "keys known of another channel")


def rejects_are_kept_once(opened: Opener) -> None:
    """A row is kept whole with its reason, whatever characters it holds; the same again changes nothing."""
    first = Reject(
        "tmall", "订单.csv", 7, 6, "TB-1", "金额", "12,3", "total", "OK454", "no number", "不是数字",
        "channels.yaml:4:9", NOON, {"金额": "12,3", "备注": "nul \x00 half \ud83d tab \t"},
    )  # fmt: skip
    second = replace(first, line=8, value="\x00")
    other = replace(first, channel="jd", at=NOON + _MINUTE)
    with ready(opened) as store:
        with store.transaction() as unit:
            unit.rejects.keep([first, second])
        with store.transaction() as unit:
            unit.rejects.keep([replace(first, at=NOON + _MINUTE), other])
            unit.rejects.keep([replace(first, code="OK455")])
        with store.transaction(write=False) as unit:
            newest = [replace(first, code="OK455"), other, second, first]
            same(unit.rejects.of(), newest, "rejects, newest first")
            same(unit.rejects.of("tmall", 2), [newest[0], second], "the newest two of a channel")


CHECKS: Final[tuple[Check, ...]] = (
    timers_are_due_in_order,
    effects_wait_until_they_are_sent,
    effects_without_an_order_wait_alone,
    history_keeps_its_order,
    a_command_key_is_kept_once,
    sources_remember_the_newest,
    rejects_are_kept_once,
)
"""Checks of the roles beside orders, stock and limits."""
