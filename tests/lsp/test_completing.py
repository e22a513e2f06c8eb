"""What is offered at the cursor `¦`, in whole and in half-written files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.lsp.completing import Proposal, complete
from orderkit.lsp.cursor import Cursor, find
from orderkit.lsp.hovering import hover
from orderkit.lsp.positions import Units, rows_of
from orderkit.lsp.shape import Shape
from orderkit.lsp.workspace import OpenProject, find_root

RETAIL = Path(__file__).parents[2] / "examples" / "retail"
STATES = [
    "待支付",
    "已支付",
    "待审核",
    "审核失败",
    "分配中",
    "待补货",
    "待发货",
    "已发货",
    "已签收",
    "已完成",
    "已关闭",
]
ROLES = ["客服", "客服经理", "运营", "仓库", "采购", "销售主管"]


@pytest.fixture(scope="module")
def project() -> OpenProject:
    return OpenProject(RETAIL)


def cursor(text: str) -> tuple[list[str], int, int]:
    before = text.split("¦", maxsplit=1)[0]
    return rows_of(text.replace("¦", "")), before.count("\n"), len(before.rpartition("\n")[2])


def offered(project: OpenProject, text: str) -> list[Proposal]:
    return complete(project.inspect(), Shape(), *cursor(text))


ALL = {
    "sections at the root": ("¦", {"project", "flows", "cases"}, {"states"}),
    "keys of a definition": ("flows:\n  order:\n    ¦", {"starts", "states", "actions"}, {"from", "order"}),
    "keys behind others": ("rules:\n  r:\n    do: [tag: a]\n    ¦", {"when", "if", "still"}, {"event"}),
    "keys in braces": ("rules:\n  r: {do: [tag: a], when: {¦", {"event", "enters"}, {"still"}),
    "keys of a member of a list": ("cases:\n  a:\n    steps:\n      - ¦", {"place", "fire"}, {"given"}),
    "keys of a second key of a member": ("cases:\n  a:\n    steps:\n    - fire: x\n      ¦", {"as"}, {"given"}),
    "effects": ("rules:\n  r:\n    do:\n      - ¦", {"notify", "tag", "fire"}, {"event"}),
    "columns are for fields": ("channels:\n  c:\n    order:\n      map:\n        ¦", {"phone", "note"}, {"from"}),
    "fields of an order": ("rules:\n  r:\n    if: order.¦", {"total", "high_value"}, {"gift_wrap", "order"}),
    "fields of an element": ("metrics:\n  m: {sum: line.¦", {"gift_wrap", "net"}, {"high_value"}),
    "fields of what is listed": ("rules:\n  r:\n    if: refund.¦", {"amount", "reason"}, {"high_value"}),
    "fields in a folded text": ("rules:\n  r:\n    if: >-\n      order.to¦", {"total"}, {"if"}),
    "fields in a hole": ('templates:\n  t: {text: "x {order.¦', {"number"}, {"text"}),
    "functions": ("rules:\n  r:\n    if: order.total > 1 and ¦", {"count", "startswith", "order"}, {"when"}),
}  # fmt: skip
EXACT = {
    "states of the flow": ("flows:\n  order:\n    actions:\n      a:\n        to: ¦", [*STATES, "any", "back"]),
    "states of another flow": (
        "flows:\n  refund:\n    actions:\n      a: {from: ¦",
        ["待处理", "退款中", "已退款", "已拒绝", "any"],
    ),
    "roles": ("flows:\n  order:\n    actions:\n      a: {by: [客服, ¦", [*ROLES, "system", "customer", "anyone"]),
    "variables": ("rules:\n  r:\n    if: order.total > vars.¦", ["high_value", "pay_within"]),
    "states in quotes": ("rules:\n  r:\n    still: order.state in ('已发货', '¦", STATES),
    "states in quotes after quotes": ("rules:\n  r:\n    if: \"order.state == '¦", STATES),
    "addressees": ("rules:\n  r:\n    do:\n      - notify: {to: ¦", [*ROLES, "customer"]),
    "templates": (
        "rules:\n  r:\n    do: [notify: {to: 客服, template: ¦",
        ["shipped", "how_was_it", "review_failed", "shortage"],
    ),
    "metrics": ("reports:\n  r:\n    metrics:\n      - ¦", ["orders", "gmv", "aov", "paid", "refunds"]),
    "words of a closed set": ("pricing: {rounding: ¦", ["half_up", "half_even", "half_down", "down", "up"]),
    "nothing in a free text": ("promotions:\n  p:\n    name: ¦", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "there", "absent"), ALL.values(), ids=ALL)
def test_what_may_stand_is_offered_and_nothing_else(
    project: OpenProject, text: str, there: set[str], absent: set[str]
) -> None:
    labels = {one.label for one in offered(project, text)}
    assert there <= labels
    assert not absent & labels


@pytest.mark.parametrize(("text", "labels"), EXACT.values(), ids=EXACT)
def test_names_are_offered_where_names_are_asked_for(
    project: OpenProject, text: str, labels: list[str]
) -> None:
    assert [one.label for one in offered(project, text)] == labels


def test_a_name_that_needs_quotes_gets_them() -> None:
    own = OpenProject(RETAIL)
    flow = own.text("flow.yaml").replace("已关闭", '"关 #1"').replace("'\"关 #1\"'", "'关 #1'")
    own.write("flow.yaml", flow)
    last = [one for one in offered(own, "rules:\n  r:\n    when: {enters: ¦") if one.label == "关 #1"]
    assert [one.fits for one in last] == [False]
    last = [one for one in offered(own, "rules:\n  r:\n    when: {enters: '¦") if one.label == "关 #1"]
    assert [one.fits for one in last] == [True]


PATHS = {
    "flows:\n  order:\n    starts: 待¦": Cursor(("flows", "order", "starts"), True, "待"),
    "a:\n  b: 1\nc¦": Cursor((), False, "c"),
    "a:\n- b: 1\n  c: ¦": Cursor(("a", "c"), True, ""),
    "a:\n  - - b: {c: [x, 'y¦": Cursor(("a", "b", "c"), False, "y", "'", True),
    "a: {b: 'x, {', c¦": Cursor(("a",), False, "c"),
    "a: {b: {c: 1},\n  d: ¦": Cursor(("a", "d"), True, ""),
    "a: [x, # {\n  y¦": Cursor(("a",), False, "y", "", True),
    'a:\n  "b: c":\n    d¦': Cursor(("a", "b: c"), False, "d"),
    "a:\n  t: |\n    x: y\n\n    z: {\n  b¦": Cursor(("a",), False, "b"),
    "a: {b: c}\nd: ¦": Cursor(("d",), True, ""),
    "a:\n  # b:\n  c: 1 # {\n  ¦": Cursor(("a",), False, ""),
    "a:\n  url: http://x¦": Cursor(("a", "url"), True, "http://x"),
}


@pytest.mark.parametrize("text", PATHS)
def test_the_keys_around_a_place_are_found(text: str) -> None:
    assert find(*cursor(text)) == PATHS[text]


@given(st.text(alphabet="ab:- {}[],'\"\n#|>🎉待", max_size=60), st.data())
def test_any_half_written_text_has_a_cursor(text: str, data: st.DataObject) -> None:
    rows = rows_of(text)
    line = data.draw(st.integers(0, len(rows)))
    assert find(rows, line, data.draw(st.integers(0, 10))).prefix is not None


@given(st.text(alphabet="a待🎉𝄞é"), st.sampled_from(["utf-8", "utf-16", "utf-32"]), st.data())
def test_columns_of_editors_and_ours_are_the_same_places(row: str, unit: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(row)))
    units = Units(unit)
    assert units.points(row, units.column(row, at)) == at
    assert row[:at] == row.encode(f"{unit}-le" if unit != "utf-8" else unit)[
        : units.column(row, at) * {"utf-8": 1, "utf-16": 2, "utf-32": 4}[unit]
    ].decode(f"{unit}-le" if unit != "utf-8" else unit)


def test_hover_tells_nothing_about_plain_texts(project: OpenProject) -> None:
    rows = ["promotions:", "  p: {stage: shop, name: 满减}"]
    assert hover(project.inspect(), Shape(), "x.yaml", rows, 1, 24) is None
    told = hover(project.inspect(), Shape(), "x.yaml", rows, 1, 20)
    assert told is not None
    assert "What people call it" in told


def test_the_nearest_project_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "shop" / "parts" / "flow.yaml"
    (tmp_path / "shop").mkdir()
    assert find_root(inner, [tmp_path]) == inner
    (tmp_path / "orderkit.yaml").touch()
    assert find_root(inner, []) == tmp_path
    (tmp_path / "shop" / "orderkit.yaml").touch()
    assert find_root(inner, [tmp_path]) == tmp_path / "shop"


def test_a_project_of_one_file_and_files_that_are_no_part_of_it(tmp_path: Path) -> None:
    project = OpenProject(RETAIL)
    assert project.holds(RETAIL / "flow.yaml")
    assert project.holds(RETAIL / "new" / "more.yaml")
    assert not project.holds(RETAIL / "carts" / "one.yaml")
    assert not project.holds(RETAIL / ".hidden" / "one.yaml")
    assert not project.holds(RETAIL / "notes.txt")
    alone = tmp_path / "shop.yaml"
    one = OpenProject(alone)
    one.write("shop.yaml", "project: {name: x, currency: CNY, timezone: UTC}\nfields: {order: {a: txet}}\n")
    alone.write_text("", encoding="utf-8")
    assert [each.code for each in one.inspect().diagnostics if each.severity == "error"] != []
