"""Checks of how a store keeps orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from orderkit.domain.order import Payment
from orderkit.domain.records import ColumnSpec
from orderkit.domain.stock import Claim
from orderkit.errors import Conflict
from orderkit.testing.samples import (
    COLUMNS,
    NOON,
    raised,
    ready,
    rich_order,
    same,
    sample_line,
    sample_order,
    yuan,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.domain.order import Order
    from orderkit.ports import Store
    from orderkit.testing.samples import Check, Opener


def _insert(store: Store, *orders: Order) -> None:
    with store.transaction() as unit:
        unit.orders.insert(orders)


def _update(store: Store, order: Order, expected: int) -> None:
    with store.transaction() as unit:
        unit.orders.update(order, expected=expected)


def _get(store: Store, order_id: str) -> Order | None:
    with store.transaction(write=False) as unit:
        return unit.orders.get(order_id)


def an_order_is_read_as_it_was_written(opened: Opener) -> None:
    """Every field of an order survives, whatever its type."""
    order = rich_order()
    with ready(opened) as store:
        _insert(store, order, sample_order("SO2"))
        same(_get(store, order.id), order, "the order by its id")
        with store.transaction(write=False) as unit:
            same(unit.orders.by_number(order.number), order, "the order by its number")
            same(unit.orders.by_external("tmall", "TB-77"), order, "the order by its channel's number")


def values_beyond_their_columns_are_read_as_written(opened: Opener) -> None:
    """A figure finer or larger than a column holds is not rounded."""
    fields = {**rich_order().fields, "insured": Decimal("0.1234567891"), "楼层": 10**30, "weight": Decimal(7)}
    line = sample_line(price=Decimal("1E+20"), fields={"cost": Decimal("1E+20"), "颜色": "", "more": ("a",)})
    line = replace(line, fields={**sample_line().fields, **line.fields})
    order = sample_order(fields=fields, lines=(line,))
    with ready(opened) as store:
        _insert(store, order)
        same(_get(store, order.id), order, "the order")


def an_unknown_order_is_none(opened: Opener) -> None:
    """Asking for what is not there raises nothing."""
    with ready(opened) as store:
        _insert(store, sample_order())
        with store.transaction(write=False) as unit:
            same(unit.orders.get("nobody"), None, "an unknown id")
            same(unit.orders.by_number("nobody"), None, "an unknown number")
            same(unit.orders.by_external("tmall", "nobody"), None, "an unknown external number")


def many_orders_are_written_at_once(opened: Opener) -> None:
    """One call takes thousands of orders."""
    orders = [
        sample_order(f"SO{index:05}", placed_at=NOON + timedelta(seconds=index), lines=(
            sample_line(1, sku=f"S{index % 7}"), sample_line(2, quantity=index + 1),
        ))
        for index in range(2_500)
    ]  # fmt: skip
    with ready(opened) as store:
        _insert(store, *orders)
        with store.transaction(write=False) as unit:
            same(unit.orders.find(limit=600), orders[:-601:-1], "the newest 600")


def an_update_writes_the_next_version(opened: Opener) -> None:
    """Whatever a command changed is there afterwards, and nothing else changed."""
    order = rich_order()
    steps: list[Callable[[Order], Order]] = [
        lambda one: replace(
            one, state="已发货", epoch=5, assigned=None, note="", claims={"A100": Claim(0, 0, 2)}
        ),
        lambda one: replace(one, events={**one.events, "canceled": NOON}, fired=(*one.fired, "取消")),
        lambda one: replace(one, events={"paid": NOON}, fields={**one.fields, "urgent": None, "楼层": 8}),
        lambda one: replace(
            one, payments=(*one.payments, Payment("payment-2", "payment", yuan("5.00"), NOON, txn="T-2"))
        ),
        lambda one: replace(one, parts=(replace(one.parts[0], state="已关闭", data={}), *one.parts[1:])),
        lambda one: replace(one, parts=(*one.parts, replace(one.parts[0], id="refund-2", number="N-2"))),
        lambda one: replace(one, payments=one.payments[:1], parts=()),
        lambda one: replace(
            one, lines=(*one.lines[:1], sample_line(3, sku="C")), adjustments=one.adjustments[1:]
        ),
        lambda one: replace(
            one, customer="C-2", channel="jd", external_number=None, coupons=(), tags=("neu",)
        ),
    ]
    with ready(opened) as store:
        _insert(store, order, sample_order("SO2"))
        for index, step in enumerate(steps):
            after = replace(step(order), version=order.version + 1)
            _update(store, after, order.version)
            same(_get(store, order.id), after, f"the order after step {index}")
            order = after
        same(_get(store, "id-SO2"), sample_order("SO2"), "the other order")
        with store.transaction(write=False) as unit:
            same(unit.orders.by_external("tmall", "TB-77"), None, "the external number it had before")
            same(unit.orders.placed_by("C-1"), 0, "orders of the customer it had before")
            same(unit.orders.placed_by("C-2"), 1, "orders of its customer")


def two_updates_of_one_transaction_both_count(opened: Opener) -> None:
    """The second update compares with the first, not with what was there before both."""
    order = rich_order()
    first = replace(order, version=6, payments=order.payments[:1])
    second = replace(first, version=7, payments=order.payments)
    with ready(opened) as store:
        _insert(store, order)
        with store.transaction() as unit:
            unit.orders.update(first, expected=5)
            unit.orders.update(second, expected=6)
            same(unit.orders.get(order.id), second, "the order inside the transaction")
        same(_get(store, order.id), second, "the order")


def a_stale_update_is_refused(opened: Opener) -> None:
    """A decision on an old version is a Conflict marked `stale`, and changes nothing."""
    order = sample_order()
    with ready(opened) as store:
        _insert(store, order)
        _update(store, replace(order, version=2, state="paid"), 1)
        late = replace(
            order, version=2, state="canceled", payments=(Payment("p", "payment", yuan("1"), NOON),)
        )
        conflict = raised(Conflict, lambda: _update(store, late, 1), "an update of an old version")
        same(getattr(conflict, "stale", False), True, "the mark of a stale version")
        same(_get(store, order.id), replace(order, version=2, state="paid"), "the order")
        unknown = sample_order("SO404")
        raised(Conflict, lambda: _update(store, unknown, 1), "an update of an unknown order")


def numbers_are_unique(opened: Opener) -> None:
    """A number, and an external number within its channel, belong to one order; that is no stale version."""
    first = sample_order("SO1", channel="tmall", external_number="77")
    with ready(opened) as store:
        _insert(store, first)
        _insert(store, sample_order("SO2", channel="jd", external_number="77"))
        _insert(store, sample_order("SO3", channel="jd"), sample_order("SO4", channel="jd"))
        for again, what in (
            (replace(first, id="other", external_number="78"), "a number twice"),
            (replace(first, id="other", number="SO5"), "an external number twice"),
        ):
            batch = [sample_order("SO6"), again]
            conflict = raised(Conflict, lambda batch=batch: _insert(store, *batch), what)  # type: ignore[misc]
            same(getattr(conflict, "stale", False), False, f"the mark of a stale version at {what}")
        same(_get(store, "id-SO6"), None, "an order of a refused insert")


def orders_are_found_newest_first(opened: Opener) -> None:
    """Filters combine; at the same instant the id decides."""
    orders = [
        sample_order(
            f"SO{index}",
            placed_at=NOON + timedelta(minutes=index // 2),
            state="paid" if index % 2 else "placed",
            channel="tmall" if index % 3 else None,
            customer="C-2" if index // 4 else "C-1",
        )
        for index in range(8)
    ]
    newest = sorted(orders, key=lambda one: (one.placed_at, one.id), reverse=True)
    with ready(opened) as store:
        _insert(store, *orders)
        with store.transaction(write=False) as unit:
            same(unit.orders.find(), newest, "all orders")
            same(unit.orders.find(limit=3), newest[:3], "the newest three")
            same(unit.orders.find(state="paid"), [o for o in newest if o.state == "paid"], "by state")
            same(unit.orders.find(channel="tmall"), [o for o in newest if o.channel], "by channel")
            same(unit.orders.find(customer="C-2"), [o for o in newest if o.customer == "C-2"], "by customer")
            wanted = [o for o in newest if o.state == "paid" and o.channel and o.customer == "C-1"]
            same(unit.orders.find(state="paid", channel="tmall", customer="C-1"), wanted, "by all three")


def canceled_orders_are_not_counted(opened: Opener) -> None:
    """A customer's first order stays the first where the one before was canceled."""
    with ready(opened) as store:
        _insert(
            store,
            sample_order("SO1", customer="C-1"),
            sample_order("SO2", customer="C-1", events={"canceled": NOON}),
            sample_order("SO3", customer="C-2"),
            sample_order("SO4"),
        )
        with store.transaction(write=False) as unit:
            same([unit.orders.placed_by(one) for one in ("C-1", "C-2", "C-3")], [1, 1, 0], "orders placed")


def serials_count_by_prefix(opened: Opener) -> None:
    """Each prefix has its own numbers, and none is given twice."""
    with ready(opened) as store:
        taken = []
        for prefix in ("SO20260618", "SO20260618", "SO20260619", "SO20260618"):
            with store.transaction() as unit:
                taken.append(unit.orders.next_serial(prefix))
        same(taken, [1, 2, 1, 3], "serials")


def loose_refunds_are_kept_once(opened: Opener) -> None:
    """A refund without order is known by its channel and id; the newest text of it counts."""
    first = Payment("R1", "refund", yuan("5.00"), NOON, "T1", "broken", "tmall")
    second = Payment("R2", "refund", yuan("6.00"), NOON - timedelta(days=1), channel="tmall")
    other = Payment("R1", "refund", yuan("7.00"), NOON + timedelta(days=1), channel="jd")
    mended = replace(first, amount=yuan("5.50"))
    with ready(opened) as store:
        _insert(store, rich_order())
        with store.transaction() as unit:
            unit.orders.add_loose([first, second])
            unit.orders.add_loose([other])
        with store.transaction() as unit:
            unit.orders.add_loose([mended])
            same(unit.orders.loose(), [second, mended, other], "loose refunds")
            same(unit.orders.loose("jd"), [other], "loose refunds of one channel")
        same(_get(store, rich_order().id), rich_order(), "the order beside them")


def a_new_field_is_none_on_orders_from_before(opened: Opener) -> None:
    """A project that gains fields keeps its orders, and they can be changed under the new fields."""
    with ready(opened, COLUMNS[:3]) as store:
        fields = {"receiver": "王", "楼层": 2, "weight": Decimal("1.5")}
        before = sample_order(fields=fields, lines=(sample_line(fields={}),))
        _insert(store, before)
        same(_get(store, before.id), before, "the order under the first project")
        more = (*COLUMNS, ColumnSpec("order", "gift", "boolean"))
        store.prepare(more, "hash-of-more", {"orderkit.yaml": "project: more\n"})
        nothing = {one.name: None for one in more if one.owner == "order"}
        read = replace(before, fields={**nothing, **fields}, lines=(sample_line(),))
        same(_get(store, before.id), read, "the order under the second project")
        after = replace(read, version=2, fields={**read.fields, "gift": True, "urgent": False})
        _update(store, after, 1)
        same(_get(store, before.id), after, "the order with values of the new fields")


CHECKS: Final[tuple[Check, ...]] = (
    an_order_is_read_as_it_was_written,
    values_beyond_their_columns_are_read_as_written,
    an_unknown_order_is_none,
    many_orders_are_written_at_once,
    an_update_writes_the_next_version,
    two_updates_of_one_transaction_both_count,
    a_stale_update_is_refused,
    numbers_are_unique,
    orders_are_found_newest_first,
    canceled_orders_are_not_counted,
    serials_count_by_prefix,
    loose_refunds_are_kept_once,
    a_new_field_is_none_on_orders_from_before,
)
"""Checks of the role `orders`."""
