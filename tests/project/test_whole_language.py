"""Every key of the language is read and checked; what is not run yet stands in the way of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import orderkit
from orderkit import ConfigError, InvalidOrder, Kit, Project
from orderkit._diagnostics import Problem

Findings = Callable[..., list[str]]

WHOLE = """
project:
  name: 全部写法
  currency: CNY
  timezone: Asia/Shanghai
  roles: {客服: {}, 仓库: {}, 财务: {}}
  vars: {pay_within: 30m}
fields:
  order:
    address: {type: address, private: true}
    invoice: {type: text, required: order.total > 1000, checks: [{that: len(order.invoice) > 3, say: 发票抬头太短}]}
  line: {gift_wrap: boolean}
  address: {province: text, city: text, postcode: {type: text, match: "[0-9]{6}"}}
  refund: {photos: [text]}
tables: {products: {key: sku, host: true, fields: {name: text, category: text, price: money, cost: money}}}
calendars: {工作时间: {days: CN, hours: 09:00 .. 18:00}, 周末: {days: [sat, sun], zone: Asia/Shanghai}}
flows:
  order:
    version: 2
    starts: [待支付, {to: 已完成, if: order.total == 0}]
    states:
      待支付:
        timers: [{after: vars.pay_within, since: order.placed_at, fire: 关闭, again: {every: 10m}, calendar: 工作时间}]
        edit: {by: 客服, fields: [invoice], lines: true}
      处理中:
        starts: 审核中
        sla: 审核
        states: {审核中: {}, 配货中: {shows: 部分发货}}
      已完成: {end: done}
      已关闭: {end: canceled}
    actions:
      支付: {from: 待支付, to: 处理中, by: system}
      通过: {from: 审核中, to: 配货中, by: 客服, not_who: 支付}
      退回: {from: 配货中, to: back, by: 客服}
      完成: {from: 处理中, to: 已完成, by: 仓库, if: qty.shipped == qty.ordered, undo: [tag: 撤销]}
      关闭: {from: 待支付, to: 已关闭, by: [system, 客服], reenter: true}
    parts:
      refund: {flow: refund, takes: {lines: ordered}, counts: {refunded: [done]}, each: order}
    status: {发货: [{is: 未发货, if: qty.shipped == 0}, {is: 部分发货}]}
    slas: {审核: {target: 4h, calendar: 工作时间, pause: order.held, at: {75%: [notify: {to: 客服}], 100%: [escalate: {to: 财务}]}}}
    holds: {风控: {blocks: [完成], placed_by: 财务, released_by: 财务}}
    migrate: {1: {老状态: 待支付}}
  refund: {starts: 开始, states: {开始: {}, done: {end: done}}, actions: {退: {from: 开始, to: done, by: 财务}}}
effects: {wms.pick: {needs: {number: text}}}
rules:
  改价: {when: {changed: order.invoice}, do: [hold: 风控, webhook: {to: erp, text: "{order.number}"}], retroactive: true}
channels:
  自有: {use: orderkit/tmall, label: 天猫}
  接口: {order: {key: id, map: {placed_at: at, total: sum}}, trust: [total], reach: {处理中: [支付]}, occurred_at: at}
gateways:
  微信:
    files: {trade: {has: [单号, 状态, 金额], footer: {starts: 总计, totals: {总笔数: count}}}}
    rows: [{if: 状态 == 'SUCCESS', as: payment, map: {number: 单号, settled: 金额}}]
    match: {payment: number}
pricing:
  split: last_line
  tax: {included: true, rate: 13%, rates: {书: 9%}, shipping: 6%}
  floor: cost
  goods: {书: {category: 图书}}
  points: {worth: 0.01, at_most: 50%}
promotions:
  套装: {stage: item, bundle: {A: 1, B: 2}, for: 199}
  任选: {stage: item, goods: 书, any: 3, for: 99, pick: cheapest}
  买赠: {stage: shop, spend: 399, gift: {sku: BAG, else: CUP}, on_refund: {gift: return_or_pay, value: 59}}
  第二件: {stage: item, goods: 书, every_units: 2, get: 1, percent_off: 50, times: {per_line: 1}, buy: {goods: 书, units: 2}}
  闪购: {stage: price, price: {A: 9.9}, limit: {units: 10, units_per_customer: 1, budget: 900}, beyond_limit: regular_price, not_with: [shop, 套装]}
  券: {stage: coupon, codes: {prefix: NEW, count: 500, length: 8}, minus: 20, on_refund: {coupon: split, threshold: keep, shipping: rebill}}
  积分: {stage: points, points: 100, hours: [10:00 .. 12:00], weekdays: [sat, sun], exclusive: true, priority: 2}
  运费: {stage: shop, minus: 5, with_shipping: true, amounts: gross, best_for: shop, tiers: ~}
metrics:
  orders: {count: order}
  gmv: {sum: order.total}
  line_gmv: {sum: order.total, spread: line.net}
reports:
  trend: {metrics: [orders, gmv], time: day, compare: [previous, year]}
  plain: {metrics: [orders]}
  lines: {metrics: [line_gmv]}
  together: {type: bought_together, item: line.sku, min_count: 3, min_confidence: 20%, top: 5}
  cycle: {type: repurchase, customer: order.customer, within: [30d, 90d]}
  rfm: {type: rfm, segments: {重要: r >= 4 and f >= 4 and m >= 4}}
  cohorts: {type: cohort, by: month, periods: 12}
  funnel: {type: funnel, steps: [order.placed, order.paid], within: 7d}
  effect: {type: promotion_effect, promotion: any, baseline: 4w}
dashboards:
  daily: {title: 每日, filters: {period: last 30 days}, rows: [[{kpi: gmv, compare: previous}, {report: plain, chart: line}]]}
cases:
  挂起: {steps: [{place: {lines: [{sku: A, price: 5}]}}, {hold: 风控, as: 财务}, {receive: {接口: {id: 1}}}]}
"""


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_every_key_of_the_language_is_read_without_a_mistake(whole: Path) -> None:
    found = orderkit.check(whole)
    assert {str(one.severity) for one in found} == {"warning"}
    told = {one.params["key"] for one in found if one.code == "OK206"}
    assert {
        "sla",
        "holds",
        "best_for",
        "compare",
        "type",
        "gateways",
        "to: back",
    } <= told
    assert {one.code for one in found} == {"OK206"}


def test_what_is_not_run_yet_refuses_to_run_and_names_every_key(whole: Path) -> None:
    project = orderkit.load(whole)
    with pytest.raises(ConfigError) as refused:
        Kit(project)
    told = {one.params["key"] for one in refused.value.diagnostics}
    assert {"best_for", "holds", "edit", "changed", "qty"} <= told
    assert {one.code for one in refused.value.diagnostics} == {"OK220"}
    with pytest.raises(ConfigError, match="best_for"):
        project.price({"lines": [{"sku": "A", "price": 5}]})
    with pytest.raises(ConfigError, match="occurred_at"):
        project.read("接口", {"id": 1})
    for owner in ("report:trend", "report:lines", "case:挂起"):
        with pytest.raises(ConfigError):
            project.require(owner)
    project.require("report:plain")


def test_a_dashboard_keeps_no_order_from_running(project: Callable[..., Project]) -> None:
    made = project(
        "metrics: {orders: {count: order}}\n"
        "reports: {plain: {metrics: [orders]}, kinds: {type: cohort}}\n"
        "dashboards: {d: {title: D, rows: [[{kpi: orders}]]}}\n"
        "calendars: {c: {days: CN}}\n"
    )
    with Kit(made) as kit:
        kit.place({"lines": [{"sku": "A", "price": 5}]})
        assert kit.report("plain").rows
        with pytest.raises(ConfigError):
            kit.report("kinds")


FLOW = (
    "flows: {{order: {{starts: a, states: {{a: {{{state}}}, b: {{end: done}}}}, "
    "actions: {{go: {{from: a, to: b, by: 客服{action}}}}}{rest}}}}}"
)


def flow(state: str = "", action: str = "", rest: str = "") -> str:
    return FLOW.format(state=state, action=action, rest=rest)


FILES = {"data/p.csv": "sku,price\nA,5\n"}
MISTAKES = {
    "an unknown promise": (flow(state="sla: 审核"), ["OK301|审核"]),
    "an unknown calendar": (
        flow(state="sla: s", rest=", slas: {s: {target: 4h, calendar: 上班}}"),
        ["OK301|上班"],
    ),
    "a target that is no time": (flow(rest=", slas: {s: {target: soon}}"), ["OK653|soon"]),
    "a step of a promise that is neither share nor time": (
        flow(rest=", slas: {s: {target: 4h, at: {often: [tag: x]}}}"),
        ["OK667|at"],
    ),
    "a hold that blocks nothing there is": (
        flow(rest=", holds: {h: {blocks: stop, released_by: 客服}}"),
        ["OK301|stop"],
    ),
    "a hold released by nobody there is": (
        flow(rest=", holds: {h: {blocks: all, released_by: 客福}}"),
        ["OK301|客福|客服"],
    ),
    "an old state that goes nowhere": (flow(rest=", migrate: {1: {old: c}}"), ["OK301|c"]),
    "a status that is judged on nothing there is": (
        flow(rest=", status: {s: [{is: x, if: qty.shiped == 0}, {is: y}]}"),
        ["OK331|shiped|shipped"],
    ),
    "a status row that is never reached": (
        flow(rest=", status: {s: [{is: x}, {is: y, if: qty.shipped == 0}]}"),
        ["OK604|{is: x}"],
    ),
    "an edit of a field there is none of": (
        flow(state="edit: {by: 客服, fields: [remarc]}"),
        ["OK301|remarc"],
    ),
    "four eyes on an unknown action": (flow(action=", not_who: ask"), ["OK301|ask"]),
    "an inner start that is not inside": (
        flow(state="states: {in: {}}, starts: out"),
        ["OK301|out"],
    ),
    "a timer since a text": (
        flow(state="timers: [{after: 3d, since: order.number, fire: go}]"),
        ["OK400|order.number"],
    ),
    "an effect on an unknown hold": (
        "rules: {r: {when: {event: order.placed}, do: [hold: 风控]}}",
        ["OK301|风控"],
    ),
    "an argument of a planned effect": (
        "rules: {r: {when: {event: order.placed}, do: [escalate: {too: 客服}]}}",
        ["OK644|too|to"],
    ),
    "a planned effect without its role": (
        "rules: {r: {when: {event: order.placed}, do: [escalate: {to: 客福}]}}",
        ["OK301|客福|客服"],
    ),
    "a changed field there is none of": (
        "rules: {r: {when: {changed: order.totl}, do: [tag: x]}}",
        ["OK301|order.totl"],
    ),
    "a calendar of no country": ("calendars: {c: {days: monday}}", ["OK665|monday|mon"]),
    "a day of the week in Chinese": ("calendars: {c: {days: 周一}}", ["OK665|周一|mon"]),
    "hours that end before they begin": (
        "calendars: {c: {days: CN, hours: 18:00 .. 09:00}}",
        ["OK666|18:00 .. 09:00"],
    ),
    "a gateway matched by nothing it maps": (
        "gateways: {w: {files: {t: {has: [号]}}, rows: [{as: payment, map: {number: 号}}], match: {payment: numbr}}}",
        ["OK301|numbr|number"],
    ),
    "a gateway row of an unknown kind": (
        "gateways: {w: {files: {t: {has: [号]}}, rows: [{as: paymnt, map: {number: 号}}]}}",
        ["OK215|paymnt|payment"],
    ),
    "a gateway condition on no column": (
        "gateways: {w: {files: {t: {has: [号]}}, rows: [{as: payment, if: 状 == 'x', map: {number: 号}}]}}",
        ["OK330|状"],
    ),
    "codes that are easily guessed": (
        "promotions: {p: {stage: coupon, minus: 5, codes: {count: 50000, length: 4}}}",
        ["OK732|4|8"],
    ),
    "a promotion not with an unknown stage": (
        "promotions: {p: {stage: shop, minus: 5, not_with: shp}}",
        ["OK301|shp|shop"],
    ),
    "a set without a price": ("promotions: {p: {stage: item, bundle: {A: 1}}}", ["OK916|bundle"]),
    "a price for no set": ("promotions: {p: {stage: item, minus: 5, for: 3}}", ["OK916|for"]),
    "units of no group": ("promotions: {p: {stage: item, zhe: 5, get: 2}}", ["OK916|get"]),
    "more units than the group has": (
        "promotions: {p: {stage: item, zhe: 5, every_units: 2, get: 3}}",
        ["OK216|3"],
    ),
    "hours in words": ("promotions: {p: {stage: item, zhe: 5, hours: 18 - 20}}", ["OK666|18 - 20"]),
    "a day that is none": ("promotions: {p: {stage: item, zhe: 5, weekdays: monday}}", ["OK215|monday|mon"]),
    "a price file that is not there": (
        "promotions: {p: {stage: item, price_file: data/q.csv}}",
        ["OK880|data/q.csv|data/p.csv"],
    ),
    "a tax of no set": (
        "pricing: {goods: {books: {sku: a}}, tax: {rate: 13%, rates: {boks: 9%}}}",
        ["OK301|boks|books"],
    ),
    "a floor that is no amount": (
        "pricing: {floor: nmae}\ntables: {products: {key: sku, host: true, fields: {name: text, price: money}}}",
        ["OK301|nmae"],
    ),
    "a gift nobody sells": (
        (
            "promotions: {p: {stage: shop, spend: 9, gift: BAG}}\n"
            "tables: {products: {key: sku, file: data/p.csv, fields: {price: money}}}"
        ),
        ["OK730|BAG"],
    ),
    "a hold in a case there is none of": ("cases: {c: {steps: [{hold: 风控}]}}", ["OK301|风控"]),
    "a payload of no channel": ("cases: {c: {steps: [{receive: {tmal: {}}}]}}", ["OK301|tmal"]),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_what_is_not_run_yet_is_found_at_its_place(
    text: str, expected: list[str], findings: Findings
) -> None:
    found = [one for one in findings(text + "\n", **FILES) if not one.startswith("OK206")]
    assert found == expected


ADDRESS = """
fields:
  order:
    to: address
    invoice: {type: text, required: order.total > 1000, checks: [{that: order.note != 'x', say: 备注不对}]}
  line:
    engraving: {type: text, max: 9, checks: [{that: line.quantity == 1}]}
  address: {province: {type: text, required: true}, city: text, postcode: {type: text, match: "[0-9]{6}"}}
"""


def test_a_record_is_read_kept_and_asked_for_in_expressions(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    made = project(
        ADDRESS + "rules: {r: {when: {event: order.placed}, if: order.to.city == '杭州', do: [tag: 本地]}}"
    )
    with Kit(made, store=f"sqlite:///{tmp_path}/kept.db") as kit:
        line = [{"sku": "A", "price": 5}]
        order = kit.place({"lines": line, "to": {"province": "浙江", "city": "杭州"}})
        assert kit.get(order.id).to == {"province": "浙江", "city": "杭州", "postcode": None}
        assert order.tags == ("本地",)
        for wrong in ({"city": "杭州"}, {"province": "浙江", "postcode": "1"}, {"provinz": "浙江"}, "浙江"):
            with pytest.raises(InvalidOrder):
                kit.place({"lines": line, "to": wrong})


def test_a_field_is_asked_for_under_its_condition_and_checks_hold(project: Callable[..., Project]) -> None:
    with Kit(project(ADDRESS)) as kit:
        assert {one.code for one in _problems(kit, {"lines": [{"sku": "A", "price": 9}], "note": "x"})} == {
            "OK484"
        }
        kit.place({"lines": [{"sku": "A", "price": 999}]})
        with pytest.raises(InvalidOrder, match="invoice"):
            kit.place({"lines": [{"sku": "A", "price": 1001}]})
        kit.place({"lines": [{"sku": "A", "price": 1001}], "invoice": "某某公司"})
        with pytest.raises(InvalidOrder, match="备注不对"):
            kit.place({"lines": [{"sku": "A", "price": 9}], "note": "x"})
        with pytest.raises(InvalidOrder, match=r"line\.quantity == 1"):
            kit.place({"lines": [{"sku": "A", "price": 9, "quantity": 2, "engraving": "M"}]})


def _problems(kit: Kit, order: Mapping[str, object]) -> tuple[Problem, ...]:
    with pytest.raises(InvalidOrder) as refused:
        kit.place(order)
    return refused.value.problems


def test_fields_may_read_fields_that_stand_below_them(project: Callable[..., Project]) -> None:
    made = project("fields: {order: {big: {type: boolean, formula: order.boxes > 3}, boxes: integer}}")
    with Kit(made) as kit:
        assert kit.place({"lines": [{"sku": "A", "price": 5}], "boxes": 4}).big is True


def test_standard_fields_are_tightened_and_hidden_like_own_ones(project: Callable[..., Project]) -> None:
    sent: list[str] = []
    made = project(
        """
        fields:
          order: {note: {max: 5}, external_number: {required: true, match: "[A-Z][0-9]+"}, customer: {private: true}}
          line: {category: {required: true}}
        tables: {customers: {key: id, host: true, fields: {name: text}}}
        rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, via: x, text: "{order.customer.name}"}]}}
        """
    )
    line = {"sku": "A", "price": 5, "category": "c"}
    with Kit(
        made,
        tables={"customers": lambda _: {"name": "张三"}},
        effects={"notify.x": lambda payload, **_: sent.append(payload["text"])},
    ) as kit:
        kit.place({"lines": [line], "external_number": "A1", "customer": "C1", "note": "short"})
        kit.deliver()
        assert sent == ["***"]
        for wrong, field in (
            ({"lines": [line]}, "external_number"),
            ({"lines": [line], "external_number": "1"}, "external_number"),
            ({"lines": [line], "external_number": "A1", "note": "longer"}, "note"),
            ({"lines": [{"sku": "A", "price": 5}], "external_number": "A1"}, "lines[0].category"),
        ):
            assert [one.field for one in _problems(kit, wrong)] == [field]
