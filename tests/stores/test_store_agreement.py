"""Any history of stock and limits comes to the same in memory and in SQL, refusals included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.adapters.memory import MemoryStore, SimulatedClock
from orderkit.adapters.sql import SqlStore
from orderkit.domain.events import LimitUse
from orderkit.domain.stock import StockMove
from orderkit.errors import Refused
from orderkit.ports import Store

if TYPE_CHECKING:
    from orderkit.ports import Unit

_few = st.integers(-3, 3)
_moves = st.builds(
    StockMove, st.sampled_from("AB"), st.sampled_from(["reserve", "release"]), _few, _few, _few,
    st.sampled_from(["O1", "O2"]), st.sampled_from(["", "1", "2", "3", "4"]),
)  # fmt: skip
_uses = st.builds(
    LimitUse, st.sampled_from(["p", "q"]), st.sampled_from(["O1", "O2", "O3"]), st.sampled_from(["", "C1", "C2"]),
    st.sampled_from(["reserved", "committed", "released"]), st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 2),
)  # fmt: skip
_steps = st.lists(
    st.tuples(st.just("put"), st.sampled_from("AB"), st.integers(-1, 5))
    | st.tuples(st.just("move"), st.lists(_moves, min_size=1, max_size=3))
    | st.tuples(st.just("record"), st.lists(_uses, min_size=1, max_size=3)),
    max_size=25,
)


def _step(unit: Unit, verb: str, *arguments: Any) -> None:
    if verb == "put":
        unit.stock.put(*arguments)
    elif verb == "move":
        unit.stock.move(*arguments)
    else:
        unit.limits.record(*arguments)


def _seen(store: Store) -> tuple[Any, ...]:
    with store.transaction(write=False) as unit:
        levels = unit.stock.levels(["A", "B"])
        for sku, level in levels.items():
            ledger = unit.stock.ledger(sku)
            for name in ("on_hand", "reserved", "allocated"):
                assert sum(getattr(one, name) for one in ledger) == getattr(level, name) >= 0
        used = [dict(unit.limits.used(["p", "q"], customer)) for customer in ("", "C1", "C2")]
        return levels, used


@settings(max_examples=60, deadline=None)
@given(steps=_steps)
def test_any_history_comes_to_the_same_in_both_stores(steps: list[tuple[Any, ...]]) -> None:
    stores: list[Store] = [MemoryStore(), SqlStore("sqlite://")]
    for store in stores:
        store.prepare((), "h", {})
    for step in steps:
        told = []
        for store in stores:
            try:
                with store.transaction() as unit:
                    _step(unit, *step)
                told.append("")
            except Refused as refused:
                told.append(f"{refused.reason} {refused.details} {refused}")
        assert told[0] == told[1]
        assert _seen(stores[0]) == _seen(stores[1])
    for store in stores:
        store.close()


def test_a_simulated_clock_goes_where_it_is_told() -> None:
    clock = SimulatedClock(datetime(2026, 6, 18, 12, tzinfo=UTC))
    assert clock.advance(timedelta(minutes=30)) == clock() == datetime(2026, 6, 18, 12, 30, tzinfo=UTC)
    clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock() == datetime(2026, 1, 1, tzinfo=UTC)


def test_time_on_a_simulated_clock_is_elapsed_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock = SimulatedClock(datetime(2026, 3, 29, 1, 30, tzinfo=berlin))
    assert clock.advance(timedelta(hours=1)) == datetime(2026, 3, 29, 3, 30, tzinfo=berlin)


def test_a_simulated_clock_refuses_an_instant_without_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SimulatedClock(datetime(2026, 6, 18, 12))  # noqa: DTZ001 - the mistake under test
