"""What happens by itself: at once, after a time, again; and that it can never break a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderkit import Actor, Kit, Refused
from orderkit.adapters.memory import SimulatedClock

Shop = Callable[..., Kit]
FLOW = """
flows:
  order:
    starts: new
    states: {new: {}, sent: {}, done: {end: done}, closed: {end: canceled}}
    actions:
      send:  {from: new, to: sent, by: 仓库}
      close: {from: [new, sent], to: closed, by: [system, 客服]}
      sign:  {from: sent, to: done, by: system}
      pay:   {from: [new, sent, closed], by: system, needs: {amount: money}, do: [pay: {amount: needs.amount}]}
    parts: {refund: {flow: refund}}
  refund:
    starts: open
    states: {open: {assign: 客服}, paid: {end: done}}
    actions: {settle: {from: open, to: paid, by: system, do: [refunded: {amount: refund.amount}]}}
"""
SYSTEM = Actor("gateway", ["system"])
WAREHOUSE = Actor("wu", ["仓库"])


def cart(price: str = "50") -> dict[str, Any]:
    return {"lines": [{"sku": "A", "price": price}]}


def messages(kit: Kit, order_id: str) -> list[str]:
    return [str(one.payload.get("text") or one.payload.get("template")) for one in kit.outbox(order_id)]


def verbs(kit: Kit, order_id: str) -> list[tuple[str, str]]:
    return [(one.verb, one.subject) for one in kit.history(order_id) if one.verb.startswith("rule")]


def test_a_high_value_order_is_tagged_and_the_sales_lead_told_on_every_route(shop: Shop) -> None:
    kit = shop(
        FLOW
        + "rules: {预警: {when: {event: order.placed}, if: order.total > vars.high_value, "
        + 'do: [tag: 高价值, notify: {to: 销售主管, text: "{order.number} 金额 {order.total}"}]}}\n'
    )
    large, small = kit.place(cart("5000.01")), kit.place(cart("5000"))
    assert (large.tags, small.tags) == (("高价值",), ())
    assert [one.effect for one in kit.outbox()] == ["notify.wecom", "notify.dingtalk"]
    assert messages(kit, large.id) == [f"{large.number} 金额 5000.01"] * 2
    assert kit.outbox()[0].span.startswith("orderkit.yaml:")
    assert verbs(kit, large.id) == [("rule", "预警")]


CARE = (
    FLOW
    + "rules: {关怀: {when: {enters: sent}, after: 3d, still: \"order.state in ('sent', 'done') and "
    + 'count(order.refunds) == 0", do: [notify: {to: customer, text: 还好吗}]}}\n'
)


def sent(kit: Kit) -> str:
    order = kit.place(cart())
    kit.fire(order.id, "send", actor=WAREHOUSE)
    return order.id


def test_a_delayed_rule_runs_once_when_its_time_has_come(shop: Shop, clock: SimulatedClock) -> None:
    kit = shop(CARE)
    order_id = sent(kit)
    clock.advance(timedelta(days=3) - timedelta(seconds=1))
    kit.run_due()
    assert messages(kit, order_id) == []
    clock.advance(timedelta(seconds=1))
    kit.run_due()
    kit.run_due()
    assert messages(kit, order_id) == ["还好吗"]


def test_a_delayed_rule_asks_again_whether_it_still_applies(shop: Shop, clock: SimulatedClock) -> None:
    kit = shop(CARE)
    order_id = sent(kit)
    kit.fire(order_id, "close", actor=SYSTEM)
    clock.advance(timedelta(days=4))
    kit.run_due()
    assert messages(kit, order_id) == []
    assert verbs(kit, order_id) == [("rule_passed", "关怀")]


def test_days_are_wall_clock_days_over_a_change_of_the_clocks(
    project: Callable[..., Any], clock: SimulatedClock
) -> None:
    text = CARE.replace(
        "flows:",
        "project: {name: x, currency: EUR, timezone: Europe/Berlin, roles: {仓库: {}, 客服: {}}}\nflows:",
        1,
    )
    berlin = ZoneInfo("Europe/Berlin")
    clock.set(datetime(2026, 3, 27, 12, 0, tzinfo=berlin))
    kit = Kit(project(text), clock=clock)
    order_id = sent(kit)
    due = kit.timers(order_id)[0].due_at.astimezone(berlin)
    assert due == datetime(2026, 3, 30, 12, 0, tzinfo=berlin)
    assert due.astimezone(UTC) - clock().astimezone(UTC) == timedelta(days=3) - timedelta(hours=1)


def test_a_refund_nobody_handles_is_escalated_and_again_until_it_is(
    shop: Shop, clock: SimulatedClock
) -> None:
    kit = shop(
        FLOW
        + "rules: {升级: {when: {state: open, of: refund, for: 24h}, do: [assign: 客服经理, "
        + 'notify: {to: 客服经理, text: "{refund.number} 已等待"}], again: {every: 24h, times: 3}}}\n'
    )
    order = kit.place(cart())
    kit.fire(order.id, "pay", data={"amount": "50"}, actor=SYSTEM)
    kit.refund(order.id)
    part = kit.get(order.id).parts[0]
    assert part.assigned == "客服"
    for day in range(1, 7):
        clock.advance(timedelta(days=1))
        kit.run_due()
        assert len(messages(kit, order.id)) == min(day, 4)
    assert kit.get(order.id).parts[0].assigned == "客服经理"
    assert messages(kit, order.id)[0] == f"{part.number} 已等待"


def test_a_refund_handled_in_time_is_not_escalated(shop: Shop, clock: SimulatedClock) -> None:
    kit = shop(FLOW + "rules: {升级: {when: {state: open, of: refund, for: 24h}, do: [assign: 客服经理]}}\n")
    order = kit.place(cart())
    kit.fire(order.id, "pay", data={"amount": "50"}, actor=SYSTEM)
    kit.refund(order.id)
    assert len(kit.timers(order.id)) == 1
    kit.fire(order.id, "settle", part="refund-1", actor=SYSTEM)
    assert kit.timers(order.id) == []
    clock.advance(timedelta(days=2))
    assert kit.run_due().ran == 0
    assert kit.get(order.id).refunded.amount == 50


def test_a_rule_fires_an_action_with_all_its_guards(shop: Shop, clock: SimulatedClock) -> None:
    kit = shop(FLOW + "rules: {关闭: {when: {state: new, for: 30m}, do: [fire: close]}}\n")
    order = kit.place(cart())
    clock.advance(timedelta(minutes=30))
    kit.run_due()
    assert kit.get(order.id).state == "closed"
    assert kit.get(order.id).canceled_at == clock()


def test_a_refused_rule_is_undone_whole_and_the_command_stands(shop: Shop) -> None:
    kit = shop(
        FLOW
        + "rules: {坏: {when: {event: order.placed}, do: [tag: 先, notify: {to: 客服, text: 先}, fire: sign]}}\n"
    )
    order = kit.place(cart())
    assert (order.state, order.tags) == ("new", ())
    assert kit.outbox() == []
    assert verbs(kit, order.id) == [("rule_failed", "坏")]
    assert kit.history(order.id)[-1].reason == "not_in_state"


def test_a_rule_whose_condition_cannot_be_computed_says_so(shop: Shop) -> None:
    kit = shop(
        "fields: {order: {floor: integer}}\n"
        + FLOW
        + "rules: {楼层: {when: {event: order.placed}, if: order.floor > 6, do: [tag: 高层]}}\n"
    )
    order = kit.place(cart())
    assert order.tags == ()
    assert verbs(kit, order.id) == [("rule_failed", "楼层")]
    assert "order.floor" in kit.history(order.id)[-1].details["why"]
    assert kit.place({**cart(), "floor": 7}).tags == ("高层",)


def test_rules_that_wake_each_other_for_ever_are_stopped_and_nothing_of_it_stays(shop: Shop) -> None:
    kit = shop(
        "flows: {order: {starts: a, states: {a: {}, b: {}}, actions: "
        "{go: {from: a, to: b, by: system}, back: {from: b, to: a, by: system}}}}\n"
        "rules: {x: {when: {enters: b}, do: [fire: back]}, y: {when: {action: back}, do: [fire: go]}}\n"
    )
    order = kit.place(cart())
    with pytest.raises(Refused, match="more than 100 steps"):
        kit.fire(order.id, "go", actor=SYSTEM)
    assert kit.get(order.id) == order


def test_private_values_are_masked_for_roles_that_may_not_see_them(shop: Shop) -> None:
    kit = shop(
        "fields: {order: {phone: {type: phone, private: true, see: [仓库]}}}\n"
        "templates: {t: {text: '{order.phone}'}}\n"
        + FLOW
        + "rules: {r: {when: {event: order.placed}, do: [notify: {to: [客服, 仓库, customer], template: t}]}}\n"
    )
    order = kit.place({**cart(), "phone": "13800138000"})
    told = {one.payload["to"]: one.payload["text"] for one in kit.outbox(order.id)}
    assert told == {"客服": "***", "仓库": "13800138000", "customer": "13800138000"}


def test_effects_the_host_declares_are_typed_and_reach_the_outbox(shop: Shop) -> None:
    kit = shop(
        "effects: {wms.pick: {needs: {number: text, units: integer}}}\n"
        + FLOW
        + "rules: {r: {when: {event: order.placed}, do: [wms.pick: {number: order.number, "
        + "units: sum(line.quantity for line in order.lines)}]}}\n"
    )
    order = kit.place({"lines": [{"sku": "A", "price": 1, "quantity": 3}]})
    payload = kit.outbox(order.id)[0].payload
    assert (payload["number"], payload["units"]) == (order.number, 3)


def test_many_rules_are_looked_up_and_run_as_if_each_were_tried(shop: Shop) -> None:
    rules = "\n".join(
        f"  r{at}: {{when: {{event: order.placed}}, if: order.channel == 'c{at % 5}' and order.total >= {at}, "
        f"do: [tag: r{at}]}}"
        for at in range(40)
    )
    kit = shop(
        f"{FLOW}rules:\n{rules}\n"
        "  all: {when: {event: order.placed}, if: len(order.tags) == 4, do: [tag: four]}\n"
        "  absent: {when: {event: order.placed}, if: order.paid_at > now and order.channel == 'c9', do: [tag: never]}\n"
    )
    assert kit.project.rules.indexes
    order = kit.place({**cart("17"), "channel": "c2"})
    assert order.tags == ("r2", "r7", "r12", "r17", "four")
    told = [one.subject for one in kit.history(order.id) if one.verb == "rule_failed"]
    assert told == ["absent"]
