"""Finding the rules that hold for one order among a thousand: looked up by clauses, or tried in turn."""

from __future__ import annotations

from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Any

from expressions import have
from orderkit._diagnostics import Collector, Span
from orderkit._expr import MONEY, TEXT, ClauseIndex, compile_expression, record
from orderkit._text.values import Source
from timing import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._expr import Program

LEVELS = ("gold", "vip", "silver", "plain")
CHANNELS = ("tmall", "jd", "app", "shop", "pdd", "wechat")
SCOPE = {
    "order": record(
        "order", {"total": MONEY, "channel": TEXT, "customer": record("customer", {"level": TEXT})}
    )
}
ORDERS: list[dict[str, Any]] = [
    {"order": {"total": Decimal(at * 911 % 9000), "channel": one, "customer": {"level": LEVELS[at % 4]}}}
    for at, one in enumerate(CHANNELS * 12)
]
"""Seventy-two orders, no two alike, one after the other: nothing is found again by chance."""
PLAIN = [{"order": {**one["order"], "total": int(one["order"]["total"])}} for one in ORDERS]


def texts(count: int) -> list[str]:
    """Conditions of the same shape, of which some three in a hundred hold, as in a shop's list."""
    made = []
    for at in range(count):
        levels = f"('{LEVELS[at % 4]}', '{LEVELS[(at * 7 + 1) % 4]}')"
        channel = CHANNELS[at * 5 % 6]
        made.append(
            f"order.total > {at * 37 % 12_000} and order.customer.level in {levels} "
            f"and order.channel == '{channel}'"
        )
    return made


def programs_of(conditions: list[str]) -> list[Program]:
    found = Collector()
    made = []
    for text in conditions:
        span = Span("b.yaml", 1, 1, 1, 1 + len(text))
        program = compile_expression(Source(text, span), SCOPE, found)
        assert program is not None
        program.ready()
        made.append(program)
    return made


def ruling() -> None:
    following, plain = cycle(ORDERS).__next__, cycle(PLAIN).__next__
    print("\nPeers of rules")
    zen = __import__("zen") if have("zen-engine") else None
    for count in (10, 100, 1000):
        conditions = texts(count)
        programs = programs_of(conditions)
        runs = [one.run for one in programs]
        index = ClauseIndex([one.clauses for one in programs], stable=lambda _: True)

        def turn(order: Any = None, runs: list[Any] = runs) -> tuple[int, ...]:
            order = order or following()
            return tuple([at for at, run in enumerate(runs) if run(order) is True])

        def looked_up(order: Any = None, index: ClauseIndex = index) -> tuple[int, ...]:
            return index.candidates(order or following())

        def then_run(order: Any = None, index: ClauseIndex = index, runs: list[Any] = runs) -> Any:
            order = order or following()
            return tuple([at for at in index.candidates(order) if runs[at](order) is True])

        looked, tried = "looked up (their clauses are all of them)", "each tried in turn"
        rows: dict[str, Callable[[], tuple[int, ...]]] = {
            tried: turn,
            looked: looked_up,
            "looked up, then run": then_run,
        }
        for order in ORDERS:
            assert turn(order) == looked_up(order) == then_run(order)
        held = sum(len(turn(order)) for order in ORDERS) / len(ORDERS)
        if zen is not None:
            ready = [zen.compile_expression(text.replace("(", "[").replace(")", "]")) for text in conditions]

            def zens(ready: list[Any] = ready) -> tuple[int, ...]:
                order = plain()
                return tuple([at for at, one in enumerate(ready) if one.evaluate(order)])

            rows["zen, each compiled expression"] = zens
        aims = {looked: "at most 5 µs"} if count == 1000 else {}
        calls(f"{count} conditions on one order, {held:.0f} hold", tried, rows, aims)
