"""What must never happen, however commands, reloads and failures are mixed."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from orderkit import Actor, ConfigError, InvalidOrder, Kit, Money, Project, Refused, load
from orderkit.adapters.memory import MemoryStore, SimulatedClock
from orderkit.errors import StoreError

Shop = Callable[..., Kit]
MakeProject = Callable[..., Project]
SYSTEM = Actor("gateway", ["system"])
REFUNDS = """
    parts: {refund: {flow: refund}}
  refund:
    starts: open
    states: {open: {timers: [{after: 1h, fire: lapse}]}, sent: {enter: [pay_back]}, done: {end: done}, dropped: {end: canceled}}
    actions:
      agree: {from: open, to: sent, by: 客服}
      lapse: {from: open, to: dropped, by: [system, 客服]}
      settle: {from: sent, to: done, by: system, do: [refunded: {amount: refund.amount}]}
"""
FLOW = (
    """
flows:
  order:
    starts: new
    states: {new: {}, paid: {}, gone: {end: canceled}, over: {end: done}}
    actions:
      pay:    {from: [new, paid], to: paid, by: system, needs: {amount: money}, do: [pay: {amount: needs.amount}]}
      cancel: {from: [paid, over], to: gone, by: 客服, do: [refund: {amount: order.paid - order.refunded, why: canceled}]}
      finish: {from: paid, to: over, by: system}
      reopen: {from: [gone, over], to: paid, by: 客服}
"""
    + REFUNDS
)


def cart(price: str = "50") -> dict[str, Any]:
    return {"lines": [{"sku": "A", "price": price, "quantity": 2}]}


def bought(kit: Kit) -> str:
    order = kit.place(cart())
    kit.fire(order.id, "pay", data={"amount": "100"}, actor=SYSTEM)
    return order.id


def refusal(run: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    return caught.value


def test_the_condition_of_an_action_holds_for_each_of_its_rows(shop: Shop) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {}, b: {end: done}, c: {end: done}}, actions: {pay: {from: a, by: system, "
        "needs: {amount: money}, if: needs.amount == order.total, choose: "
        "[{if: order.total > 10, to: b}, {to: c}]}}}}\n"
    )
    order = kit.place(cart())
    assert refusal(lambda: kit.fire(order.id, "pay", data={"amount": "1"}, actor=SYSTEM)).reason == "guard"
    assert kit.fire(order.id, "pay", data={"amount": "100"}, actor=SYSTEM).state == "b"


def test_two_refunds_never_ask_for_the_same_money(shop: Shop) -> None:
    kit = shop(FLOW)
    order_id = bought(kit)
    kit.refund(order_id, lines={"L1": 1})
    after = kit.fire(order_id, "cancel", actor=Actor("he", ["客服"]))
    assert [part.amount.amount for part in after.parts] == [50, 50]
    kit.fire(order_id, "reopen", actor=Actor("he", ["客服"]))
    again = kit.fire(order_id, "cancel", actor=Actor("he", ["客服"]))
    assert len(again.parts) == 2
    assert "refund_covered" in {entry.verb for entry in kit.history(order_id)}


@pytest.mark.parametrize(
    ("amount", "reason"),
    [("100.01", "guard"), ("-5", "guard"), ("0", "guard"), ("1 USD", "currency")],
)
def test_a_refund_of_an_amount_stays_within_what_was_paid(shop: Shop, amount: str, reason: str) -> None:
    kit = shop(FLOW)
    order_id = bought(kit)
    figure, _, currency = amount.partition(" ")
    money = Money.of(figure, currency or "CNY")
    assert refusal(lambda: kit.open(order_id, "refund", amount=money)).reason == reason
    assert kit.open(order_id, "refund", amount=Money.of("40", "CNY")).parts[0].lines == {}
    assert refusal(lambda: kit.open(order_id, "refund", amount=Money.of("60.01", "CNY"))).reason == "guard"


def test_an_automatic_step_without_stock_leaves_the_order_where_it_is(shop: Shop) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {}, b: {auto: alloc}, c: {end: done}}, actions: "
        "{go: {from: a, to: b, by: system}, alloc: {from: b, to: c, by: [system, 仓库], do: [allocate_stock]}}}}\n"
    )
    order = kit.place(cart())
    moved = kit.fire(order.id, "go", actor=SYSTEM)
    assert moved.state == "b"
    last = kit.history(order.id)[-1]
    assert (last.verb, last.subject, last.reason) == ("refused", "alloc", "stock")
    kit.stock.set("A", 2)
    assert kit.fire(order.id, "alloc", actor=Actor("wu", ["仓库"])).state == "c"


def test_ends_are_categories_that_an_order_can_leave(shop: Shop) -> None:
    kit = shop(FLOW)
    order_id = bought(kit)
    done = kit.fire(order_id, "finish", actor=SYSTEM)
    assert (done.done_at is not None, done.canceled_at) == (True, None)
    gone = kit.fire(order_id, "cancel", actor=Actor("he", ["客服"]))
    assert (gone.done_at, gone.canceled_at is not None) == (None, True)
    back = kit.fire(order_id, "reopen", actor=Actor("he", ["客服"]))
    assert (back.done_at, back.canceled_at) == (None, None)


def test_effects_run_in_the_order_leave_action_enter(shop: Shop) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {leave: [tag: 1]}, b: {enter: [tag: 3]}}, "
        "actions: {go: {from: a, to: b, by: system, do: [tag: 2]}}}}\n"
    )
    order = kit.place(cart())
    assert kit.fire(order.id, "go", actor=SYSTEM).tags == ("1", "2", "3")


def test_an_order_is_paid_when_its_total_is_reached_and_not_before(shop: Shop) -> None:
    kit = shop(FLOW + "rules: {p: {when: {event: order.paid}, do: [tag: 付清]}}\n")
    order = kit.place(cart())
    part = kit.fire(order.id, "pay", data={"amount": "99.99"}, actor=SYSTEM)
    assert (part.tags, part.paid_at) == ((), None)
    whole = kit.fire(order.id, "pay", data={"amount": "0.01"}, actor=SYSTEM)
    assert (whole.tags, whole.paid_at is not None) == (("付清",), True)
    for amount in ("0", "-1"):
        with pytest.raises(Refused) as caught:
            kit.fire(order.id, "pay", data={"amount": amount}, actor=SYSTEM)
        assert caught.value.reason == "needs"


def test_private_values_never_reach_the_history_or_other_roles(shop: Shop) -> None:
    kit = shop(
        "fields: {order: {receiver: {type: text, private: true, see: [客服]}}}\n"
        "effects: {wms.pick: {needs: {who: text}}}\n"
        "flows: {order: {starts: a, states: {a: {}}, actions: {"
        "go: {from: a, by: system, needs: {card: {type: text, private: true, match: '[0-9]+'}}, "
        "if: order.receiver == needs.card, do: [tag: x]}, "
        "tell: {from: a, by: system, needs: {card: {type: text, private: true}}, do: ["
        "notify: {to: [运营, 客服], text: '{needs.card} {order.receiver}'}, "
        "wms.pick: {who: order.receiver}, tag: 'T-{order.receiver}']}}}}\n"
    )
    order = kit.place({**cart(), "receiver": "Secret Name"})
    for data in ({"card": "4111"}, {"card": "not digits"}):
        with pytest.raises(Refused) as caught:
            kit.fire(order.id, "go", data=data, actor=SYSTEM)
        assert "4111" not in str(caught.value.details)
        assert "not digits" not in str(caught.value.details)
    after = kit.fire(order.id, "tell", data={"card": "4222"}, actor=SYSTEM)
    assert after.tags == ("T-***",)
    told = {(one.effect, one.payload.get("to")): one.payload for one in kit.outbox(order.id)}
    assert told["notify", "运营"]["text"] == "*** ***"
    assert told["notify", "客服"]["text"] == "*** Secret Name"
    assert told["wms.pick", None]["who"] == "***"
    history = str(kit.history(order.id))
    assert "Secret Name" not in history
    assert "4222" not in history


def test_actions_judge_the_guards_that_need_no_data(shop: Shop) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {}}, actions: {"
        "rich: {from: a, by: system, needs: {r: text}, if: order.total > 1000, do: [tag: x]}, "
        "fits: {from: a, by: system, needs: {m: money}, if: needs.m == order.total, do: [tag: x]}}}}\n"
    )
    order = kit.place(cart())
    views = {one.name: (one.allowed, one.reason) for one in kit.actions(order.id, actor=SYSTEM)}
    assert views == {"rich": (False, "guard"), "fits": (True, "")}


def test_a_project_that_lost_a_live_state_is_not_activated(
    project: MakeProject, clock: SimulatedClock, tmp_path: Any
) -> None:
    for store in (MemoryStore(), f"sqlite:///{(tmp_path / 'x.db').as_posix()}"):
        kit = Kit(project(FLOW), store=store, clock=clock)
        order_id = bought(kit)
        kit.refund(order_id)
        with pytest.raises(StoreError, match="1 orders are in the state 'paid'"):
            Kit(
                project(
                    FLOW.replace("paid:", "settled:")
                    .replace("paid,", "settled,")
                    .replace("to: paid", "to: settled")
                    .replace("[new, paid]", "[new, settled]")
                    .replace("[paid", "[settled")
                    .replace("from: paid", "from: settled")
                ),
                store=store,
                clock=clock,
            )
        with pytest.raises(StoreError, match="kind 'refund'"):
            Kit(
                project(
                    FLOW.replace(REFUNDS, "").replace(
                        ", do: [refund: {amount: order.paid - order.refunded, why: canceled}]", ""
                    )
                ),
                store=store,
                clock=clock,
            )
        Kit(project(FLOW), store=store, clock=clock)


def test_a_timer_of_a_state_that_was_left_and_entered_again_is_stale(
    shop: Shop, clock: SimulatedClock
) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {timers: [{after: 1h, fire: stop}]}, b: {}, x: {end: canceled}}, actions: "
        "{go: {from: a, to: b, by: system}, back: {from: b, to: a, by: system}, stop: {from: a, to: x, by: system}}}}\n"
    )
    order = kit.place(cart())
    first = kit.timers(order.id)[0]
    clock.advance(timedelta(minutes=30))
    kit.fire(order.id, "go", actor=SYSTEM)
    kit.fire(order.id, "back", actor=SYSTEM)
    assert kit.timers(order.id)[0].epoch == first.epoch + 2
    clock.advance(timedelta(minutes=30))
    assert kit.run_due().ran == 0
    clock.advance(timedelta(minutes=30))
    kit.run_due()
    assert kit.get(order.id).state == "x"


def test_one_broken_timer_does_not_stop_the_others(
    shop: Shop, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = shop(
        FLOW.replace("states: {new: {}", "states: {new: {timers: [{after: 1h, fire: void}]}").replace(
            "      reopen:", "      void: {from: new, to: gone, by: system}\n      reopen:"
        )
    )
    broken, good = kit.place(cart()), kit.place(cart())
    from orderkit import _decide

    real = _decide.run_timer

    def sometimes(project: Project, draft: Any, timer: Any) -> None:
        if timer.order_id == broken.id:
            raise KeyError("surprise")
        real(project, draft, timer)

    monkeypatch.setattr(_decide, "run_timer", sometimes)
    clock.advance(timedelta(hours=1))
    ran = kit.run_due()
    assert (ran.ran, ran.failed) == (1, 1)
    assert kit.get(good.id).state == "gone"
    assert kit.history(broken.id)[-1].reason == "failed"
    assert kit.run_due().failed == 0


def test_errors_survive_pickling(project: MakeProject) -> None:
    with pytest.raises(ConfigError) as caught:
        project("fields: {order: {x: nummber}}\n")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert again.render() == caught.value.render()
    refused = pickle.loads(pickle.dumps(Refused("guard", {"a": 1}, "no")))  # noqa: S301
    assert (refused.reason, refused.details, str(refused)) == ("guard", {"a": 1}, "no")
    assert pickle.loads(pickle.dumps(InvalidOrder(()))).problems == ()  # noqa: S301


def test_a_misspelt_overlay_is_not_ignored(write: Callable[..., Any]) -> None:
    folder = write("fields: {order: {x: text}}\n", **{"env/prod.yaml": "project: {vars: {a: 1}}\n"})
    with pytest.raises(FileNotFoundError, match="overlays: prod"):
        load(folder, env="prdo")


def test_orders_start_where_the_flow_says(shop: Shop) -> None:
    kit = shop(FLOW)
    assert refusal(lambda: kit.place(cart(), start="over")).reason == "not_in_state"
    assert kit.place(cart(), start="new").state == "new"


def test_a_coupon_per_customer_needs_a_customer(shop: Shop) -> None:
    kit = shop("promotions: {c: {name: C, stage: coupon, code: C, minus: 5, limit: {per_customer: 1}}}\n")
    assert kit.place({**cart(), "coupons": ["C"]}).total.amount == 100
    assert kit.place({**cart(), "coupons": ["C"], "customer": "K"}).total.amount == 95
