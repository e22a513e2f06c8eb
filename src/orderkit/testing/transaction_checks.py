"""Checks of transactions: all or nothing, readers that do not write, and threads that take turns."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from orderkit.domain.events import AuditEntry, EffectRequest, LimitUse, Timer
from orderkit.domain.order import Payment
from orderkit.domain.records import Reject, SourceRow
from orderkit.domain.stock import StockMove
from orderkit.errors import Conflict, StoreError
from orderkit.testing.samples import COLUMNS, NOON, raised, ready, rich_order, same, sample_order, yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.ports import Store, Unit
    from orderkit.testing.samples import Check, Opener

_THREADS: Final = 4
_STEPS: Final = 5
_REJECT: Final = Reject(
    "tmall", "f.csv", 2, 1, "k", "c", "v", "total", "OK454", "r", "原因", "c.yaml:1:1", NOON
)


class _Stop(Exception):  # noqa: N818 - no failure, only the way out of a transaction
    """Ends a transaction the hard way."""


def _stop() -> None:
    raise _Stop


def _writes(number: str) -> dict[str, Callable[[Unit], None]]:
    key = f"key-{number}"
    order = replace(rich_order(number), external_number=number)
    return {
        "orders": lambda unit: unit.orders.insert([order]),
        "payments": lambda unit: unit.orders.add_loose(
            [Payment(key, "refund", yuan("1"), NOON, channel="tmall")]
        ),
        "serials": lambda unit: same(unit.orders.next_serial("SO") > 0, True, "a serial"),
        "sources": lambda unit: unit.sources.note([SourceRow("tmall", key, "hash", "")]),
        "timers": lambda unit: unit.timers.arm([Timer(key, "O1", "state", "t", 1, NOON)]),
        "outbox": lambda unit: unit.outbox.enqueue([EffectRequest(key, "O1", "notify", {}, NOON)]),
        "counts": lambda unit: same(unit.stock.put("A", 7).on_hand, 7, "a count"),
        "moves": lambda unit: unit.stock.move(
            [StockMove("A", "reserve", reserved=2, order_id=key, cause="1")]
        ),
        "audit": lambda unit: unit.audit.append([AuditEntry("O1", NOON, "host", "placed")]),
        "inbox": lambda unit: unit.inbox.remember("place", key, "content", "O1"),
        "limits": lambda unit: unit.limits.record([LimitUse("flash", key, "C1", total=9)]),
        "rejects": lambda unit: unit.rejects.keep([replace(_REJECT, key=key)]),
    }


def _everything(store: Store) -> dict[str, Any]:
    with store.transaction(write=False) as unit:
        return {
            "orders": unit.orders.find(),
            "placed": unit.orders.placed_by("C-1"),
            "payments": unit.orders.loose(),
            "sources": dict(unit.sources.known("tmall", ["key-SO1", "key-SO2"])),
            "timers": unit.timers.of("O1"),
            "outbox": unit.outbox.of(),
            "stock": unit.stock.levels(["A"]),
            "moves": unit.stock.ledger("A"),
            "audit": unit.audit.of("O1"),
            "inbox": [unit.inbox.recall("place", key) for key in ("key-SO1", "key-SO2")],
            "limits": dict(unit.limits.used(["flash"], "C1")),
            "rejects": unit.rejects.of(),
        }


def a_failed_transaction_leaves_nothing(opened: Opener) -> None:
    """An exception takes back whatever any role wrote, on an empty store and on a filled one."""
    with ready(opened) as store:
        for number in ("SO1", "SO2"):
            before = _everything(store)
            try:
                with store.transaction() as unit:
                    for write in _writes(number).values():
                        write(unit)
                    changed = replace(
                        unit.orders.find()[0], version=6, state="changed", payments=(), parts=()
                    )
                    unit.orders.update(changed, expected=5)
                    unit.timers.disarm(["key-SO1", "key-SO2"])
                    unit.limits.record([LimitUse("flash", "key-SO1", "C1", "released")])
                    _stop()
            except _Stop:
                pass
            same(_everything(store), before, f"the store after the failure of {number}")
            with store.transaction() as unit:
                for write in _writes(number).values():
                    write(unit)
        same(len(_everything(store)["orders"]), 2, "orders after two transactions that did not fail")


def a_reading_transaction_writes_nothing(opened: Opener) -> None:
    """A write through a role of a reading transaction is a StoreError, and nothing is kept."""
    with ready(opened) as store:
        before = _everything(store)
        for name, write in _writes("SO1").items():

            def attempt(write: Callable[[Unit], None] = write) -> None:
                with store.transaction(write=False) as unit:
                    write(unit)

            if name != "moves":
                raised(StoreError, attempt, f"writing {name} in a reading transaction")
        same(_everything(store), before, "the store")


def a_store_has_to_be_prepared(opened: Opener) -> None:
    """A transaction before `prepare` is a StoreError that says what to do."""
    store = opened()

    def early() -> None:
        with store.transaction():
            pass

    try:
        raised(StoreError, early, "a transaction before prepare")
    finally:
        store.close()


def preparing_again_changes_nothing(opened: Opener) -> None:
    """A project can be opened any number of times."""
    with ready(opened) as store:
        with store.transaction() as unit:
            for write in _writes("SO1").values():
                write(unit)
        before = _everything(store)
        store.prepare(COLUMNS, "hash-of-samples", {"orderkit.yaml": "project: samples\n"})
        same(_everything(store), before, "the store after it was prepared again")


def threads_change_an_order_in_turn(opened: Opener) -> None:
    """Commands that decide anew where the version is stale all count in the end."""
    with ready(opened) as store:
        with store.transaction() as unit:
            unit.orders.insert([sample_order()])
        failed: list[BaseException] = []

        def step() -> None:
            while True:
                with store.transaction(write=False) as unit:
                    order = unit.orders.get("id-SO1")
                if order is None:
                    raise _Stop
                try:
                    with store.transaction() as unit:
                        raised_order = replace(order, version=order.version + 1, points=order.points + 1)
                        unit.orders.update(raised_order, expected=order.version)
                except Conflict:
                    continue
                return

        def work() -> None:
            try:
                for _ in range(_STEPS):
                    step()
            except BaseException as error:  # noqa: BLE001 - a thread's failure has to fail the check
                failed.append(error)

        threads = [Thread(target=work) for _ in range(_THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        same(failed, [], "failures in threads")
        with store.transaction(write=False) as unit:
            order = unit.orders.get("id-SO1")
        same(order and (order.points, order.version), (_THREADS * _STEPS, _THREADS * _STEPS + 1), "the order")


CHECKS: Final[tuple[Check, ...]] = (
    a_failed_transaction_leaves_nothing,
    a_reading_transaction_writes_nothing,
    a_store_has_to_be_prepared,
    preparing_again_changes_nothing,
    threads_change_an_order_in_turn,
)
"""Checks of transactions."""
