"""What the language refuses, each with its own code at its own column."""

from __future__ import annotations

from typing import Any

import pytest

from orderkit._diagnostics import Collector
from orderkit._diagnostics.catalog import expression_names, expressions
from orderkit._expr import BOOLEAN, COUNT, MONEY, NotComputable, Reason, choice, compile_expression

# expression, code, column inside the expression (from 1), what to write instead
SYNTAX = [
    ("", "OK500", 1, ""),
    ("   ", "OK500", 1, ""),
    ("order.total > " + "1" * 2000, "OK501", 1, ""),
    ("order.number in (" + "'a'," * 450 + ")", "OK502", 1, ""),
    ("(" * 40 + "1" + ")" * 40, "OK503", 33, ""),
    ("-" * 40 + "1", "OK503", 33, ""),
    ("not " * 400 + "true", "OK503", 129, ""),
    ("1" + " + 1" * 60, "OK503", 1, ""),
    ("order" + ".total" * 50, "OK503", 1, ""),
    ("(order.total > 1", "OK504", 1, ""),
    ("order.total > 1)", "OK504", 16, ""),
    ("order.total > (1]", "OK504", 17, ""),
    ("order.total 5", "OK505", 13, ""),
    ("order.state in ('待支付' '已支付')", "OK505", 23, ""),
    ("order.state == '待支付", "OK506", 16, ""),
    ("order.total = 5", "OK507", 13, "=="),
    (" 订单 = 5", "OK507", 5, "=="),
    ("order.held && order.held", "OK508", 12, "and"),
    ("order.held || order.held", "OK508", 12, "or"),
    ("!order.held", "OK508", 1, "not"),
    ("order.total <> 5", "OK508", 13, "!="),
    ("order.total => 5", "OK508", 13, ">="),
    ("order.held AND order.held", "OK508", 12, "and"),
    ("order.held 且 order.held", "OK508", 12, "and"),
    ("order.total ＞ 5", "OK509", 13, ">"),
    ("order.订单总额 ＝ 5", "OK509", 12, "=="),
    ("order.state == “待支付”", "OK509", 16, "'"),
    ("count（order.lines)", "OK509", 6, "("),
    ("order.total ≥ 5", "OK509", 13, ">="),
    ("order.total\u3000> 5", "OK510", 12, ""),
    ("order.total\u200b > 5", "OK510", 12, ""),
    ("order.state == '待\u202e支付'", "OK510", 18, ""),
    ("order.number == 'a\x00'", "OK510", 19, ""),
    ("ｏrder.total > 5", "OK511", 1, "order"),
    ("order.number == 'cafe\u0301'", "OK511", 17, "caf\u00e9"),
    ("order.total ** 2", "OK512", 13, ""),
    ("order.total % 2", "OK512", 13, ""),
    ("+order.total", "OK512", 1, ""),
    ("(x := 1)", "OK512", 4, ""),
    ("order.total is 5", "OK513", 13, "=="),
    ("lambda: 1", "OK513", 1, ""),
    ("order.from == 1", "OK513", 7, ""),
    ("order.total > 5€", "OK514", 16, ""),
    ("order.number.startswith('a')", "OK515", 1, ""),
    ("'a'.x == 1", "OK516", 1, ""),
    ("(order).total.x if order.held else abs(1).x", "OK516", 36, ""),
    ("order.total >", "OK517", 13, ""),
    ("1 if order.held else", "OK517", 17, ""),
    ("order.total > 12345678901234567890123456789", "OK518", 15, ""),
    ("order.total > 1_000", "OK519", 15, ""),
    ("order.total > 1e3", "OK519", 15, ""),
    ("order.total > 0x10", "OK519", 15, ""),
    ("order.total > 30m", "OK519", 15, ""),
    ("f'{order}'", "OK520", 1, ""),
    ("b'abc' == order.number", "OK520", 1, ""),
    (r"order.number == '\x41'", "OK521", 18, ""),
    ("order.total, 1", "OK522", 1, ""),
    ("('a', 'b') == order.tags", "OK522", 1, ""),
    ("order.number in (order.number, 'a')", "OK522", 17, ""),
    ("[x for x in order.lines]", "OK523", 1, ""),
    ("len(x for x in order.lines)", "OK523", 4, ""),
    ("sum(a.quantity for a in order.lines for b in order.lines)", "OK523", 4, ""),
    ("sum(a for a, b in order.lines)", "OK523", 11, ""),
    ("sum(count(b for b in order.lines) for a in order.lines)", "OK524", 10, ""),
    ("order['total']", "OK525", 1, ""),
    ("round(order.total, n=2)", "OK507", 21, "=="),
    ("max(*order.tags)", "OK526", 1, ""),
    ("sum(1 for none in order.lines)", "OK527", 11, ""),
    ("sum(1 for count in order.lines)", "OK527", 11, ""),
]
NAMES = [
    ("ordr.total > 5", "OK330", 1, "order"),
    ("total > 5", "OK330", 1, "order.total"),
    ("ordеr.total > 5", "OK330", 1, "order"),
    ("__import__ == 1", "OK330", 1, ""),
    ("order.totl > 5", "OK331", 7, "total"),
    ("order.订单总金额 > 5", "OK331", 7, "订单总额"),
    ("order.held and order.订单 > 5", "OK331", 22, "订单总额"),
    ("order.__class__ == 1", "OK331", 7, ""),
    ("col('收货地') == ''", "OK331", 5, "'收货地址'"),
    ("order.total.x > 5", "OK332", 1, ""),
    ("order.lines.quantity > 5", "OK332", 1, ""),
    ("eval('1')", "OK333", 1, ""),
    ("coun(order.lines) > 1", "OK333", 1, "count"),
    ("True", "OK335", 1, "true"),
    ("None == order.points", "OK335", 1, "none"),
    ("NULL == order.points", "OK335", 1, "none"),
    ("count > 1", "OK336", 1, ""),
    ("order(1) > 1", "OK337", 1, ""),
]
TYPES = [
    ("order.total", "OK400", 1, ""),
    ("order.state == '待支付' or '已支付'", "OK401", 25, ""),
    ("not order.total", "OK401", 5, ""),
    ("order.number > '5'", "OK402", 16, ""),
    ("order.total > order.qty", "OK331", 21, ""),
    ("order.total > qty.shipped", "OK402", 15, ""),
    ("order.placed_at > '2026-02-30'", "OK402", 19, ""),
    ("order.total == '5'", "OK403", 16, ""),
    ("order.lines == order.lines", "OK403", 16, ""),
    ("5 in order.tags", "OK403", 6, ""),
    ("order.total + qty.shipped > 5", "OK404", 1, ""),
    ("order.total * order.total > 5", "OK404", 1, ""),
    ("order.number + 'a' == 'b'", "OK404", 1, ""),
    ("true + true > 1", "OK404", 1, ""),
    ("order.state == '待付款'", "OK405", 16, "'待支付'"),
    ("order.state in ('待支付', '已关闭了')", "OK405", 24, "'已关闭'"),
    ("order.points > none", "OK406", 16, ""),
    ("order.points + none > 1", "OK406", 1, ""),
    ("-none == 1", "OK406", 1, ""),
    ("order.number in ('a')", "OK407", 18, "('a',)"),
    ("order.number in order.total", "OK407", 17, ""),
    ("-order.number == 'a'", "OK408", 1, ""),
    ("lower() == 'a'", "OK409", 1, ""),
    ("round(order.total, 1, 2) > 1", "OK409", 1, ""),
    ("days('3') > hours(1)", "OK410", 6, ""),
    ("sum(order.lines) > 1", "OK410", 5, ""),
    ("max(order.total) > 1", "OK410", 5, ""),
    ("in_stock(order.tags)", "OK410", 10, ""),
    ("(1 if order.held else 'a') == 1", "OK411", 23, ""),
    ("coalesce(order.points, 'a') == 1", "OK411", 24, ""),
    ("any(true for x in order.total)", "OK412", 19, ""),
    ("count(line.gift for line in order.lines) > 1", "OK413", 7, ""),
    ("order.total / 0 > 1", "OK414", 1, ""),
    ("now > time('2026-02-30')", "OK416", 12, ""),
    ("order.total > money('abc')", "OK416", 21, ""),
    ("round(order.total, qty.shipped) > 1", "OK418", 20, ""),
    ("col(order.number) == ''", "OK418", 5, ""),
]


@pytest.mark.parametrize(("text", "code", "column", "suggestion"), [*SYNTAX, *NAMES, *TYPES])
def test_a_mistake_is_told_at_its_column(
    desk: Any, text: str, code: str, column: int, suggestion: str
) -> None:
    judged = desk.judge(text, BOOLEAN)
    assert judged.program is None
    first = judged.diagnostics[0]
    assert (first.code, first.column - 6) == (code, column)
    assert first.suggestion == suggestion
    assert "{" not in first.text("en").replace("{path}", "") + first.text("zh") + first.remedy("zh").replace(
        "{路径}", ""
    )


def test_functions_that_need_something_exist_only_where_it_is(desk: Any) -> None:
    assert desk.judge("in_stock(order.lines)", functions=()).codes == ["OK334"]
    found = Collector()
    scope = {"order": desk.scope["order"]}
    assert compile_expression(desk.source("today() == today()"), scope, found) is None
    assert {one.code for one in found.diagnostics} == {"OK334"}


def test_what_never_changes_is_a_warning(desk: Any) -> None:
    for text in ("1 < 2 > 1", "0 == -0.0", "'é' == 'é'", "days(3) > hours(1)"):
        judged = desk.judge(text, BOOLEAN)
        assert judged.codes == ["OK415"]
        assert judged.program is not None
    assert desk.judge("order.total == none").codes == ["OK417"]
    assert desk.judge("order.points == none").codes == []


def test_several_mistakes_are_told_at_once(desk: Any) -> None:
    assert desk.judge("order.totl > 5 and ordr.x == 1 and order.state == 'x'").codes == [
        "OK331",
        "OK330",
        "OK405",
    ]


def test_an_unknown_name_is_told_once(desk: Any) -> None:
    judged = desk.judge("ordr.total + 1 > 5 and not (ordr.total > 'a')")
    assert judged.codes == ["OK330"]
    assert len(judged.diagnostics[0].places) == 2


def test_a_star_is_one_mistake(desk: Any) -> None:
    assert desk.judge("max(*order.tags) > 1").codes == ["OK526"]


def test_the_slot_decides_what_a_result_may_be(desk: Any) -> None:
    assert desk.judge("order.total", MONEY).codes == []
    assert desk.judge("5.5", MONEY).codes == []
    assert desk.judge("qty.shipped", MONEY).codes == ["OK400"]
    assert desk.judge("order.weight", COUNT).codes == ["OK400"]
    assert desk.judge("'b'", choice("a", "bb")).codes == ["OK405"]


def test_columns_of_quoted_and_folded_scalars(desk: Any) -> None:
    found = Collector()
    compile_expression(desk.source("order.totl > 5", quotes=2), desk.scope, found)
    assert found.diagnostics[0].column == 7 + 1 + 6
    found = Collector()
    folded = desk.source("order.totl > 5", quotes=5)
    compile_expression(folded, desk.scope, found)
    assert found.diagnostics[0].span == folded.span


def test_an_expression_may_go_over_lines(desk: Any) -> None:
    assert desk.value_of("order.total > 5\n  and not order.held") is True
    assert desk.judge("order.total > 5\n  and nix").codes == ["OK330"]


def test_every_code_of_the_catalog_is_produced(desk: Any) -> None:
    told = {code for _, code, _, _ in [*SYNTAX, *NAMES, *TYPES]} | {"OK334", "OK415", "OK417"}
    for text in ("{order.number", "a}", "{order.total + 1}", "{order.total:x}", "{order.lines}"):
        told |= {one.code for one in desk.template_of(text)[1]}
    told |= {reason.value for reason in Reason}
    assert told == {row.id for row in (*expressions.CODES, *expression_names.CODES)}
    for reason in Reason:
        failure = NotComputable(reason, "order.total", desk.source("x").span, "7")
        assert failure.problem.text("zh") != failure.problem.text("en")
        assert "order.total" in str(failure)
