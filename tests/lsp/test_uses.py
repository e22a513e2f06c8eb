"""Where names are declared and used: every kind, at exactly its word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orderkit._project.loading import Inspection, inspect

SHOP = """\
project:
  name: 店
  currency: CNY
  timezone: Asia/Shanghai
  roles: {客服: {via: [sms]}, 财务: {}}
  vars: {pay_within: 30m, limit: 100}
fields:
  order:
    remark: {type: text, see: [财务]}
  line:
    wrap: boolean
flows:
  order:
    starts: 新
    states:
      新: {timers: [{after: vars.pay_within, fire: 关}], assign: 客服, sla: 快}
      好: {}
      完: {end: done}
    actions:
      付:
        from: 新
        to: 好
        by: [system, 财务]
        needs: {amount: money}
        if: needs.amount >= vars.limit and any(line.wrap for line in order.lines)
      关: {from: [新, 好], to: 完, by: [system, 客服]}
    slas: {快: {target: 4h, calendar: 班}}
    holds: {查: {blocks: 付, placed_by: 客服, released_by: 财务}}
    parts: {refund: {flow: 退}}
  退:
    starts: 待
    states: {待: {}, 退完: {end: done}}
    actions: {准: {from: 待, to: 退完, by: 财务}}
calendars: {班: {days: [mon], hours: 09:00 .. 18:00}}
templates: {谢: {text: "{order.number}：{order.remark} / {order.remark}"}}
pricing:
  goods: {书: {category: [书]}}
promotions:
  满: {stage: shop, spend: 100, minus: 10, goods: 书, not_with: [券]}
  券: {stage: coupon, code: A1, minus: 5}
rules:
  谢谢:
    when: {enters: 完}
    if: >-
      order.state in ('好',
      '完') and order.remark != '完'
      and count(r for r in order.refunds if r.state == '退完') == 0
    do: [notify: {to: customer, template: 谢}, set: {remark: "'完'"}]
metrics: {单: {count: order}, 均: {ratio: [单, 单]}, 额: {sum: order.total, if: order.remark == ''}}
reports: {表: {metrics: [单, 额], by: [order.remark, channel]}}
dashboards: {板: {title: 板, rows: [[{kpi: 单}, {report: 表}]]}}
cases:
  一单:
    steps:
      - place: {remark: 好, lines: [{sku: A, price: 1, wrap: true}]}
      - {fire: 付, as: 财务, needs: {amount: 100}}
      - expect: {state: 好, remark: 好, promotions: [满]}
"""
EXPECTED = {
    ("role", "客服"): 3,
    ("role", "财务"): 5,
    ("var", "pay_within"): 1,
    ("var", "limit"): 1,
    ("field", "remark"): 8,
    ("field:line", "wrap"): 2,
    ("state:order", "新"): 3,
    ("state:order", "好"): 4,
    ("state:order", "完"): 3,
    ("state:退", "退完"): 2,
    ("state:退", "待"): 2,
    ("action:order", "付"): 2,
    ("action:order", "关"): 1,
    ("need:order.付", "amount"): 2,
    ("sla:order", "快"): 1,
    ("calendar", "班"): 1,
    ("flow", "退"): 1,
    ("template", "谢"): 1,
    ("goods", "书"): 1,
    ("promotion", "券"): 1,
    ("promotion", "满"): 1,
    ("metric", "单"): 4,
    ("metric", "额"): 1,
    ("report", "表"): 1,
}


@pytest.fixture
def told(write: Callable[..., Path]) -> Inspection:
    return inspect(write(SHOP))


def test_the_shop_has_no_mistakes(told: Inspection) -> None:
    assert [str(one) for one in told.diagnostics if one.severity == "error"] == []


@pytest.mark.parametrize(("kind", "name"), EXPECTED)
def test_every_use_is_found_at_exactly_its_word(told: Inspection, kind: str, name: str) -> None:
    (declared,) = [one for one in told.names if (one.kind, one.name) == (kind, name)]
    uses = [one for one in told.uses if (one.kind, one.name) == (kind, name)]
    rows = SHOP.splitlines()
    for one in (declared, *uses):
        assert one.span.line == one.span.end_line
        assert rows[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1] == name
    assert len({one.span for one in uses}) == len(uses) == EXPECTED[kind, name], [
        str(one.span) for one in uses
    ]


def test_a_text_that_only_looks_like_a_state_is_no_use_of_it(told: Inspection) -> None:
    line = next(at for at, row in enumerate(SHOP.splitlines(), 1) if "order.remark != '完'" in row)
    found = [one.span.column for one in told.uses if one.span.line == line and one.name == "完"]
    assert found == [8]


def test_unsaved_texts_replace_files_and_add_some(write: Callable[..., Path]) -> None:
    folder = write(SHOP)
    more = "rules:\n  又: {when: {enters: 好}, do: [tag: a]}\n"
    told = inspect(folder, texts={"more.yaml": more})
    assert ("state:order", "好", "more.yaml") in {(one.kind, one.name, one.span.file) for one in told.uses}
    assert not (folder / "more.yaml").exists()
    told = inspect(folder, texts={"orderkit.yaml": SHOP.replace("to: 完", "to: 无")})
    assert [one.params["name"] for one in told.diagnostics if one.code == "OK301"] == ["无"]


@pytest.mark.parametrize(
    "text", ["", "a: [", "project: 3", "\0", "- 1", "project: {name: x}\nflows: {order: {}}"]
)
def test_a_broken_project_is_inspected_without_raising(write: Callable[..., Path], text: str) -> None:
    told = inspect(write("project: {}"), texts={"orderkit.yaml": text})
    assert told.diagnostics
    assert told.unread <= {"orderkit.yaml"}
