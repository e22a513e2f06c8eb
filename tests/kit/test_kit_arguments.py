"""What the kit says at its door to arguments of the wrong kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from orderkit import Actor, Kit, Money, Project
from orderkit.adapters.memory import SimulatedClock

SHOP = """
flows:
  order:
    starts: new
    states: {new: {}, paid: {end: done}}
    actions:
      pay: {from: new, to: paid, by: system, needs: {amount: money}, do: [pay: {amount: needs.amount}]}
"""


@pytest.fixture
def kit(project: Callable[..., Project], clock: SimulatedClock) -> Kit:
    made = Kit(project(SHOP), clock=clock)
    made.stock.set("A", 100)
    return made


def cart() -> dict[str, Any]:
    return {"customer": "C1", "lines": [{"sku": "A", "quantity": 1, "price": "60"}]}


def wrong(kind: Any) -> Any:
    """Let a test pass what the type checker would stop."""
    return kind


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda kit: kit.place(None), TypeError, "order is a mapping"),
        (lambda kit: kit.place([]), TypeError, "order is a mapping"),
        (lambda kit: kit.place(cart(), key=""), ValueError, "key is empty"),
        (lambda kit: kit.get(kit.place(cart())), TypeError, "order_id is a text"),
        (lambda kit: kit.refund("x", lines=["L1"]), TypeError, "lines is a mapping"),
        (lambda kit: kit.refund("x", lines={"L1": 1.5}), TypeError, "whole number"),
        (lambda kit: kit.open("x", "refund", amount=5), TypeError, "amount is Money"),
        (lambda kit: kit.quote(cart(), coupons="HELLO"), TypeError, "list of texts"),
        (lambda kit: kit.stock.set("A", 1.5), TypeError, "whole number"),
        (lambda kit: kit.fire("x", "pay", data=[1]), TypeError, "data is a mapping"),
        (lambda kit: kit.report("x", since="soon"), ValueError, "no moment"),
        (lambda kit: kit.report("x", since="2026-02-01", until="2026-01-01"), ValueError, "before since"),
        (lambda _: wrong(Actor)("x", "system"), TypeError, "roles are a list"),
        (lambda _: wrong(Kit)("shop"), TypeError, "orderkit.load"),
        (lambda _: wrong(Money)("19.99", "CNY"), TypeError, "Money.of"),
        (lambda _: Money(5, "yuan"), ValueError, "three letters"),
        (lambda _: Money.of("x", "CNY"), ValueError, "no amount"),
        (lambda _: wrong(Money).of(19.99, "CNY"), TypeError, "float"),
    ],
)
def test_wrong_types_are_named_at_the_door(kit: Kit, call: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        call(kit)


def test_money_adds_up_and_takes_whole_multiples() -> None:
    five = Money.of("5", "CNY")
    assert sum([five, five]) == five * 2 == Money(1000, "CNY")
