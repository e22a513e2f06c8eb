"""Orders moved through a life cycle: who may, from where, with what, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from orderkit import Actor, Kit, Refused
from orderkit.adapters.memory import SimulatedClock
from orderkit.domain.stock import StockLevel

Shop = Callable[..., Kit]

FLOW = """
tables:
  products: {key: sku, file: data/products.csv, fields: {name: text, price: money}}
pricing: {shipping: {fee: 8}}
flows:
  order:
    starts: 待支付
    states:
      待支付: {enter: [reserve_stock], timers: [{after: vars.pay_within, fire: 超时取消}]}
      已支付: {auto: 提交审核}
      待审核: {assign: 运营}
      待发货: {}
      待补货: {enter: [notify: {to: 采购, text: "{order.number} 缺货"}]}
      已发货: {enter: [notify: {to: customer, text: 已发货}]}
      已完成: {end: done}
      已关闭: {end: canceled}
    actions:
      支付:
        from: 待支付
        to: 已支付
        by: system
        needs: {txn: text, amount: money}
        if: needs.amount == order.total
        do: [pay: {amount: needs.amount, txn: needs.txn}]
        repeat: ignore
      超时取消: {from: 待支付, to: 已关闭, by: system, do: [release_stock]}
      提交审核: {from: 已支付, to: 待审核, by: system}
      配货:
        from: [待审核, 待补货]
        by: [运营, 仓库]
        choose:
          - {if: in_stock(order.lines), to: 待发货, do: [allocate_stock]}
          - {to: 待补货}
      发货: {from: 待发货, to: 已发货, by: 仓库, needs: {no: text}, do: [consume_stock]}
      签收: {from: 已发货, to: 已完成, by: [system, customer]}
      加急: {from: any_but_ends, by: 客服, do: [tag: 加急]}
      晚到付款: {answers: 支付, from: 已关闭, by: system, do: [pay: {amount: needs.amount, txn: needs.txn}, refund: {amount: needs.amount, why: late}]}
    parts: {refund: {flow: refund}}
  refund:
    starts: 待处理
    states: {待处理: {assign: 客服}, 退款中: {enter: [pay_back]}, 已退款: {end: done}, 已拒绝: {end: canceled}}
    actions:
      同意: {from: 待处理, to: 退款中, by: 客服}
      拒绝: {from: 待处理, to: 已拒绝, by: 客服, needs: {reason: text}}
      到账: {from: 退款中, to: 已退款, by: system, do: [refunded: {amount: refund.amount}]}
""".replace("from: any_but_ends", "from: {any_but: [已完成, 已关闭]}")
PRODUCTS = "sku,name,price\nA,杯,45\nB,盘,20\n"
SYSTEM = Actor("gateway", ["system"])
OPERATIONS = Actor("li", ["运营"])
WAREHOUSE = Actor("wu", ["仓库"])
SERVICE = Actor("he", ["客服"])


@pytest.fixture
def kit(shop: Shop) -> Kit:
    return shop(FLOW, stock={"A": 10, "B": 3})


@pytest.fixture
def shop(project: Any, clock: SimulatedClock) -> Shop:
    def make(text: str, *, stock: dict[str, int]) -> Kit:
        kit = Kit(project(text, **{"data/products.csv": PRODUCTS}), clock=clock)
        for sku, units in stock.items():
            kit.stock.set(sku, units)
        return kit

    return make


def cart(units: int = 2, sku: str = "A") -> dict[str, Any]:
    return {"customer": "C1", "lines": [{"sku": sku, "quantity": units}]}


def paid(kit: Kit, units: int = 2) -> str:
    order = kit.place(cart(units))
    kit.fire(order.id, "支付", data={"txn": "T1", "amount": order.total.amount}, actor=SYSTEM)
    return order.id


def refusal(run: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    return caught.value


def test_placing_reserves_and_starts_the_clock(kit: Kit) -> None:
    order = kit.place(cart())
    assert (order.state, order.total.amount, order.number) == ("待支付", Decimal("98.00"), "SO20260618000001")
    assert kit.stock.get("A") == StockLevel("A", on_hand=10, reserved=2)
    assert [timer.name for timer in kit.timers(order.id)] == ["待支付/1"]


def test_an_unpaid_order_is_closed_after_thirty_minutes_and_not_before(
    kit: Kit, clock: SimulatedClock
) -> None:
    order = kit.place(cart())
    clock.advance(timedelta(minutes=29, seconds=59))
    assert kit.run_due().ran == 0
    clock.advance(timedelta(seconds=1))
    assert kit.run_due().ran == 1
    assert kit.run_due().ran == 0
    closed = kit.get(order.id)
    assert (closed.state, closed.canceled_at) == ("已关闭", clock())
    assert kit.stock.get("A").available == 10
    assert sum(move.reserved for move in kit.stock.ledger("A")) == 0


def test_a_late_sweep_fires_once(kit: Kit, clock: SimulatedClock) -> None:
    order = kit.place(cart())
    clock.advance(timedelta(days=3))
    assert kit.run_due().ran == 1
    assert [one.subject for one in kit.history(order.id) if one.verb == "fired"] == ["超时取消"]


def test_paying_drops_the_timer(kit: Kit, clock: SimulatedClock) -> None:
    order_id = paid(kit)
    clock.advance(timedelta(hours=1))
    assert kit.run_due().ran == 0
    assert kit.get(order_id).state == "待审核"
    assert kit.get(order_id).assigned == "运营"


def test_the_whole_way_with_its_history(kit: Kit) -> None:
    order_id = paid(kit)
    kit.fire(order_id, "配货", actor=OPERATIONS)
    assert kit.stock.get("A") == StockLevel("A", on_hand=10, allocated=2)
    kit.fire(order_id, "发货", data={"no": "SF1"}, actor=WAREHOUSE)
    assert kit.stock.get("A") == StockLevel("A", on_hand=8)
    done = kit.fire(order_id, "签收", actor=Actor("C1", ["customer"]))
    assert (done.state, done.balance.minor) == ("已完成", 0)
    steps = [(one.verb, one.subject, one.before, one.after) for one in kit.history(order_id)]
    assert steps == [
        ("placed", "SO20260618000001", "", "待支付"),
        ("fired", "支付", "待支付", "已支付"),
        ("fired", "提交审核", "已支付", "待审核"),
        ("fired", "配货", "待审核", "待发货"),
        ("fired", "发货", "待发货", "已发货"),
        ("fired", "签收", "已发货", "已完成"),
    ]
    assert all(one.span.startswith("orderkit.yaml:") for one in kit.history(order_id)[1:])
    assert {one.project for one in kit.history(order_id)} == {kit.project.hash}


@pytest.mark.parametrize(
    ("action", "data", "actor", "reason"),
    [
        ("支fu", {}, SYSTEM, "unknown_action"),
        ("发货", {"no": "1"}, WAREHOUSE, "not_in_state"),
        ("支付", {"txn": "T", "amount": "98"}, OPERATIONS, "role"),
        ("支付", {"txn": "T"}, SYSTEM, "needs"),
        ("支付", {"txn": "T", "amount": "九十八"}, SYSTEM, "needs"),
        ("支付", {"txn": "T", "amount": "98", "tip": "1"}, SYSTEM, "needs"),
        ("支付", {"txn": "T", "amount": "97.99"}, SYSTEM, "guard"),
    ],
)
def test_a_refusal_changes_nothing_and_is_in_the_history(
    kit: Kit, action: str, data: dict[str, Any], actor: Actor, reason: str
) -> None:
    order = kit.place(cart())
    refused = refusal(lambda: kit.fire(order.id, action, data=data, actor=actor))
    assert refused.reason == reason
    assert kit.get(order.id) == order
    last = kit.history(order.id)[-1]
    assert (last.verb, last.subject, last.reason) == ("refused", action, reason)


def test_a_guard_tells_what_it_read(kit: Kit) -> None:
    order = kit.place(cart())
    refused = refusal(lambda: kit.fire(order.id, "支付", data={"txn": "T", "amount": "50"}, actor=SYSTEM))
    read = {step["text"]: step["value"] for step in refused.details["read"]}
    assert Decimal(read["needs.amount"]) == 50
    assert Decimal(read["order.total"]) == 98
    assert read["needs.amount == order.total"] is False
    assert "needs.amount = 50" in str(refused)
    assert "order.total = 98.00" in str(refused)


def test_data_an_action_does_not_take_is_named_with_what_it_takes(kit: Kit) -> None:
    from orderkit._diagnostics.codes import find

    order = kit.place(cart())
    data = {"txn": "T", "amount": "98", "tip": "1"}
    refused = refusal(lambda: kit.fire(order.id, "支付", data=data, actor=SYSTEM))
    row, holes = find("OK479"), {"field": "tip", "known": "txn, amount"}
    told = f"{row.say('en', holes)}; {row.help_en}"
    assert refused.details["needs"] == {"tip": told}
    assert refused.details["needs_zh"] == {"tip": f"{row.say('zh', holes)}；{row.help_zh}"}
    assert str(refused).startswith(f"'支付': {told} [OK479]")


def test_only_the_customer_of_the_order_may_act_as_customer(kit: Kit) -> None:
    order_id = paid(kit)
    kit.fire(order_id, "配货", actor=OPERATIONS)
    kit.fire(order_id, "发货", data={"no": "SF1"}, actor=WAREHOUSE)
    assert refusal(lambda: kit.fire(order_id, "签收", actor=Actor("C2", ["customer"]))).reason == "role"


def test_choose_takes_the_first_row_that_holds(kit: Kit) -> None:
    first, second = paid(kit, 8), kit.place(cart(2, "B")).id
    kit.stock.set("A", 8)
    kit.fire(first, "配货", actor=OPERATIONS)
    assert kit.get(first).state == "待发货"
    kit.fire(second, "支付", data={"txn": "T2", "amount": "48"}, actor=SYSTEM)
    kit.stock.set("B", 1)
    kit.fire(second, "配货", actor=OPERATIONS)
    assert kit.get(second).state == "待补货"
    assert [one.payload["text"] for one in kit.outbox(second)] == [f"{kit.get(second).number} 缺货"]
    kit.stock.set("B", 5)
    assert kit.fire(second, "配货", actor=WAREHOUSE).state == "待发货"


def test_placing_more_than_there_is_is_refused_and_leaves_nothing(kit: Kit) -> None:
    refused = refusal(lambda: kit.place(cart(11)))
    assert (refused.reason, refused.details["short"]) == ("stock", {"A": 1})
    assert kit.find() == []
    assert kit.stock.get("A").available == 10


def test_the_same_key_gives_the_first_answer_and_other_content_a_conflict(kit: Kit) -> None:
    from orderkit.errors import Conflict

    first = kit.place(cart(), key="checkout-1")
    assert kit.place(cart(), key="checkout-1").id == first.id
    assert len(kit.find()) == 1
    with pytest.raises(Conflict):
        kit.place(cart(3), key="checkout-1")
    data = {"txn": "T1", "amount": "98"}
    kit.fire(first.id, "支付", data=data, actor=SYSTEM, key="T1")
    assert kit.fire(first.id, "支付", data=data, actor=SYSTEM, key="T1").paid.amount == 98
    assert len(kit.get(first.id).payments) == 1


def test_a_repeated_payment_under_another_key_changes_nothing(kit: Kit) -> None:
    order_id = paid(kit)
    again = kit.fire(order_id, "支付", data={"txn": "T9", "amount": "98"}, actor=SYSTEM, key="T9")
    assert (again.state, len(again.payments)) == ("待审核", 1)


def test_money_after_closing_is_taken_and_a_refund_opened(kit: Kit, clock: SimulatedClock) -> None:
    order = kit.place(cart())
    clock.advance(timedelta(minutes=30))
    kit.run_due()
    late = kit.fire(order.id, "支付", data={"txn": "T1", "amount": "98"}, actor=SYSTEM)
    assert (late.state, late.paid.amount, late.parts[0].amount.amount) == ("已关闭", Decimal(98), Decimal(98))
    assert kit.history(order.id)[-2].details["answered_by"] == "晚到付款"
    kit.fire(order.id, "同意", part="refund-1", actor=SERVICE)
    assert [one.effect for one in kit.outbox(order.id)] == ["pay_back"]
    done = kit.fire(order.id, "到账", part="refund-1", actor=SYSTEM)
    assert (done.refunded.amount, done.parts[0].state) == (Decimal(98), "已退款")


def test_an_internal_action_leaves_the_timer_running(kit: Kit, clock: SimulatedClock) -> None:
    order = kit.place(cart())
    tagged = kit.fire(order.id, "加急", actor=SERVICE)
    assert (tagged.state, tagged.tags) == ("待支付", ("加急",))
    clock.advance(timedelta(minutes=30))
    kit.run_due()
    assert kit.get(order.id).state == "已关闭"


def test_actions_say_who_could_and_why_not(kit: Kit) -> None:
    order = kit.place(cart())
    views = {one.name: one for one in kit.actions(order.id, actor=SYSTEM)}
    assert views["支付"].allowed
    needs = {name: (one.type, one.required) for name, one in views["支付"].needs.items()}
    assert needs == {"txn": ("text", True), "amount": ("money", True)}
    assert (views["配货"].allowed, views["配货"].reason) == (False, "not_in_state")
    assert views["加急"].reason == "role"
    assert views["加急"].details["by"] == ["客服"]


def test_refunds_pay_back_exact_shares_and_never_more_than_was_paid(kit: Kit) -> None:
    order_id = paid(kit, 3)
    shares = [share.amount for share in kit.get(order_id).lines[0].shares]
    first = kit.refund(order_id, lines={"L1": 1}, actor=SERVICE, reason="broken")
    assert first.parts[0].amount.amount == shares[0]
    rest = kit.refund(order_id, actor=SERVICE)
    assert rest.parts[1].amount.amount == sum(shares[1:])
    assert refusal(lambda: kit.refund(order_id, lines={"L1": 1})).reason == "guard"
    kit.fire(order_id, "拒绝", data={"reason": "used"}, part="refund-2", actor=SERVICE)
    assert kit.refund(order_id, lines={"L1": 2}).parts[-1].amount.amount == sum(shares[1:])


def test_an_unpaid_order_has_nothing_to_refund(kit: Kit) -> None:
    order = kit.place(cart())
    assert refusal(lambda: kit.refund(order.id)).reason == "guard"
