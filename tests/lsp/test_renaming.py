"""Renaming: every name of every example gets another spelling everywhere, and nothing notices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import orderkit
from orderkit._project.listening import Use
from orderkit._project.loading import inspect
from orderkit._runner.cases import play
from orderkit.lsp.renaming import Refusal, apply, rename
from orderkit.lsp.workspace import OpenProject

EXAMPLES = Path(__file__).parents[2] / "examples"
BUSINESS = ("retail", "course", "subscription", "giftshop")
NAMES = [
    pytest.param(example, one, id=f"{example}-{one.kind}-{one.name}")
    for example in BUSINESS
    for one in inspect(EXAMPLES / example).names
]
REFUSED = {
    # the CSV file would have to change too
    **{("column:products", one): "the header has no column" for one in ("name", "category", "price")},
    ("field", "number"): "field of orderkit itself",
    ("part", "refund"): "would break",  # it is what the standard effect opens
    ("table", "products"): "would break",  # it is what lines read
    ("table", "customers"): "would break",  # it is where customers' levels come from
    ("flow", "order"): "the flow of orders",
}


def renamed(project: OpenProject, name: Use, new: str) -> dict[str, str]:
    edits = rename(project.inspect(), name, new, project.text, project.look_with)
    return apply({one.span.file: project.text(one.span.file) for one in edits}, edits)


@pytest.mark.parametrize(("example", "name"), NAMES)
def test_a_renamed_project_checks_as_before_or_the_reason_is_told(example: str, name: Use) -> None:
    project = OpenProject(EXAMPLES / example)
    told = project.inspect()
    if (name.kind, name.name) in REFUSED:
        with pytest.raises(Refusal, match=REFUSED[name.kind, name.name]):
            renamed(project, name, "新的名字")
        return
    after = project.look(renamed(project, name, "新的名字"))
    assert [one.code for one in after.diagnostics] == [one.code for one in told.diagnostics]
    spelt = {(one.kind, one.name) for one in (*after.uses, *after.names)}
    assert (name.kind, "新的名字") in spelt
    assert (name.kind, name.name) not in spelt
    assert len(after.uses) == len(told.uses)


def test_the_cases_of_a_shop_pass_when_all_it_calls_something_is_renamed(tmp_path: Path) -> None:
    project = OpenProject(EXAMPLES / "retail")
    files = {one.span.file for one in project.inspect().names}
    kinds = ("role", "var", "template", "promotion", "state", "need", "action")
    while True:
        left = [one for one in project.inspect().names if one.kind.partition(":")[0] in kinds]
        now = next((one for one in left if not one.name.startswith("新")), None)
        if now is None:
            break
        for file, text in renamed(project, now, f"新{now.name}").items():
            project.write(file, text)
    for file in files:
        (tmp_path / file).write_text(project.text(file), encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "products.csv").write_bytes((EXAMPLES / "retail/data/products.csv").read_bytes())
    assert "from: 新待支付" in (tmp_path / "flow.yaml").read_text(encoding="utf-8")
    loaded = orderkit.load(tmp_path)
    assert len(loaded.cases) > 10
    assert [one.failures for one in (play(loaded, case) for case in loaded.cases.values())] == [()] * len(
        loaded.cases
    )


SHOP = """\
flows:
  order:
    starts: '待支付'
    states: {'待支付': {timers: [{after: vars.pay_within, fire: 取消}]}, 已关闭: {end: canceled}}
    actions:
      取消: {from: 待支付, to: 已关闭, by: [system, 客服]}
fields:
  order:
    note2: {type: text, see: [客服]}
rules:
  r:
    when: {event: order.placed}
    if: >-
      order.state == '待支付' and
      order.note2 != '待支付' and
      vars.high_value > 3
    do: [tag: 新]
"""


@pytest.fixture
def shop(write: Callable[..., Path]) -> OpenProject:
    return OpenProject(write(SHOP))


def named(project: OpenProject, kind: str, name: str) -> Use:
    return next(one for one in project.inspect().names if (one.kind, one.name) == (kind, name))


def test_quotes_are_kept_and_given_where_they_are_needed(shop: OpenProject) -> None:
    text = renamed(shop, named(shop, "state:order", "待支付"), "待付 #1")["orderkit.yaml"]
    assert "starts: '待付 #1'" in text
    assert "states: {'待付 #1': {timers" in text
    assert 'from: "待付 #1", to' in text
    assert "order.state == '待付 #1' and" in text
    assert "order.note2 != '待支付'" in text


def test_a_word_in_a_folded_expression_is_renamed(shop: OpenProject) -> None:
    text = renamed(shop, named(shop, "field", "note2"), "备注2")["orderkit.yaml"]
    assert "    备注2: {type: text" in text
    assert "      order.备注2 != '待支付' and\n" in text
    text = renamed(shop, named(shop, "var", "pay_within"), "付款时限")["orderkit.yaml"]
    assert "after: vars.付款时限" in text
    assert "付款时限: 30m" in text


@pytest.mark.parametrize(
    ("kind", "name", "new", "reason"),
    [
        ("state:order", "待支付", "  ", "at least one sign"),
        ("state:order", "待支付", "已关闭", "state of order `已关闭` is declared at orderkit.yaml:"),
        ("state:order", "待支付", "it's", "no quotes"),
        ("field", "note2", "my note", "no identifier"),
        ("field", "note2", "if", "no identifier"),
        ("field", "note2", "total", "exists in every project"),
        ("var", "high_value", "2x", "no identifier"),
        ("flow", "order", "orders", "the flow of orders"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(
    shop: OpenProject, kind: str, name: str, new: str, reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        renamed(shop, named(shop, kind, name), new)


def test_nothing_is_renamed_while_a_file_cannot_be_read(shop: OpenProject) -> None:
    name = named(shop, "role", "客服")
    shop.write("more.yaml", "rules: {r: [")
    with pytest.raises(Refusal, match=r"more\.yaml is no YAML"):
        renamed(shop, name, "顾问")
