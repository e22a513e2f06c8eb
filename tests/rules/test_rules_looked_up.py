"""A look-up of rules is a way to be quick: what happens to an order is the same as if each rule were tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import orderkit
from orderkit import Kit
from orderkit.adapters.memory import SimulatedClock

HEAD = (
    "project: {name: T, currency: CNY, timezone: UTC}\n"
    "fields: {order: {level: {type: text}}}\n"
    "flows: {order: {starts: new, states: {new: {}, done: {end: done}}, "
    "actions: {go: {from: new, to: done, by: system}}}}\n"
)
CLAUSES = st.one_of(
    st.sampled_from(["tmall", "jd"]).map(lambda one: f"order.channel == '{one}'"),
    st.just("order.channel in ('jd', 'app')"),
    st.tuples(st.sampled_from([">", ">=", "<", "<="]), st.integers(0, 4)).map(
        lambda one: f"order.total {one[0]} {one[1]}"
    ),
    st.integers(0, 4).map(lambda one: f"{one} < order.total"),
    st.sampled_from(
        [
            "order.level == 'gold'",
            "order.external_number == 'X'",
            "len(order.tags) > 1",
            "'t0' in order.tags",
            "order.placed_at <= now",
            "order.paid_at > now",
            "order.customer.id == 'C'",
        ]
    ),
)
RULES = st.lists(st.lists(CLAUSES, min_size=1, max_size=4).map(" and ".join), min_size=8, max_size=16)


def life(project: Any, cart: dict[str, Any]) -> tuple[Any, ...]:
    with Kit(project, clock=SimulatedClock(datetime(2026, 6, 18, tzinfo=UTC))) as kit:
        order = kit.place(cart)
        told = [(one.verb, one.subject, one.span) for one in kit.history(order.id)]
    return order.tags, told


@settings(max_examples=60, deadline=None)
@given(
    conditions=RULES,
    channel=st.sampled_from(["tmall", "jd", "app"]),
    price=st.integers(1, 5),
    level=st.none() | st.just("gold"),
)
def test_looked_up_and_tried_in_turn_are_one(
    tmp_path_factory: Any, conditions: list[str], channel: str, price: int, level: str | None
) -> None:
    rules = "".join(
        f'  r{at}: {{when: {{event: order.placed}}, if: "{one}", do: [tag: t{at}]}}\n'
        for at, one in enumerate(conditions)
    )
    path = tmp_path_factory.mktemp("p") / "orderkit.yaml"
    path.write_text(f"{HEAD}rules:\n{rules}", encoding="utf-8")
    wrong = [one for one in orderkit.check(path) if one.severity == "error"]
    assert not wrong, [str(one) for one in wrong]
    project = orderkit.load(path)
    assert project.rules.indexes
    in_turn = replace(project, rules=replace(project.rules, indexes={}))
    cart = {
        "channel": channel,
        "lines": [{"sku": "A", "price": price}],
        **({"level": level} if level else {}),
    }
    assert life(project, cart) == life(in_turn, cart)
