"""What expressions come to on an order, and where they have no value."""

from __future__ import annotations

import gc
import linecache
import pickle
import traceback
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderkit._diagnostics import Collector
from orderkit._expr import (
    BOOLEAN,
    DECIMAL,
    FUNCTIONS,
    MONEY,
    Kind,
    NotComputable,
    Reason,
    compile_expression,
    describe,
    optional,
)

TRUE = [
    "order.total > 97.99 and order.total < 98.01",
    "order.订单总额 == order.total",
    "order.state in ('待支付', '已支付')",
    "order.state not in ('已支付', '已关闭')",
    "'高价值' in order.tags",
    "0 < order.total <= 98",
    "not order.held and (order.held or order.total > vars.high_value / 1000)",
    "order.points == none",
    "order.points != 5",
    "order.customer.level == none",
    "order.customer.level != 'gold'",
    "order.customer == none",
    "all(line.quantity > 0 for line in order.lines)",
    "any(line.category == '图书' for line in order.lines)",
    "not any(line.quantity > 5 for line in order.lines)",
    "all(line.gift for line in order.lines if line.quantity > 1)",
    "sum(line.quantity * line.price for line in order.lines) == order.total",
    "count(order.lines) == 2 and len(order.lines) == 2",
    "count(line for line in order.lines if line.gift) == 1",
    "min(line.price for line in order.lines) == 8 and max(line.price for line in order.lines) == 45",
    "min(line.price for line in order.lines if line.quantity > 9) == none",
    "sum(line.points for line in order.lines if line.points != none) == 3",
    "max(order.total, 100, order.paid) == 100",
    "abs(order.paid - order.total) == 98",
    "round(order.total / 3, 2) == 32.67 and round(0.125 * order.weight / order.weight, 2) == 0.13",
    "round(-2.5 * order.weight / order.weight) == -3",
    "len(order.number) == 3 and lower(order.number) == 'so1' and upper('so1') == order.number",
    "startswith(order.number, 'SO') and endswith(order.number, '1') and contains(order.number, 'O')",
    "now - order.placed_at > days(3) and now - order.placed_at < hours(97)",
    "now() == now and order.placed_at + days(4) == now",
    "order.placed_at + vars.pay_within * 2 == order.placed_at + hours(1)",
    "(now - order.placed_at) / days(1) == 4 and (now - order.placed_at) / 4 == days(1)",
    "coalesce(order.points, 7) == 7",
    "money(col('实收  金额 ')) == 1234.50",
    "number('１２３') == 123 and number('-5') < 0 and number('') == none",
    "time(col('时间')) < now and time('2026-06-18 12:00+02:00') == now",
    "in_stock(order.lines)",
    "1 / 3 * 3 < order.total",
    "qty.shipped / qty.ordered > 0.3333",
    "order.rate * 100 == 5 and order.total * order.rate == 4.90",
    "0.1 + 0.2 + order.weight == 1.8",
    "true if order.held else order.total > 1",
    r"order.note == '' or order.note == 'a\'b'",
]


@pytest.mark.parametrize("text", TRUE)
def test_true_on_the_order_compiled_and_step_by_step(desk: Any, text: str) -> None:
    program = desk.program_of(text, BOOLEAN)
    assert program.run(desk.env()) is True
    last = program.steps(desk.env())[-1]
    assert (last.text, last.value) == (text, True)


GIVES = [
    ("order.total * 2", Kind.MONEY),
    ("order.total / order.paid", Kind.DECIMAL),
    ("order.total / 3", Kind.MONEY),
    ("order.total + 5", Kind.MONEY),
    ("5", Kind.COUNT),
    ("5.0", Kind.DECIMAL),
    ("qty.shipped + qty.ordered", Kind.COUNT),
    ("qty.shipped / qty.ordered", Kind.DECIMAL),
    ("order.rate + order.rate", Kind.PERCENT),
    ("1 - order.rate", Kind.DECIMAL),
    ("now - order.placed_at", Kind.DURATION),
    ("now + days(1)", Kind.DATETIME),
    ("today() - today()", Kind.DURATION),
    ("today() + days(1)", Kind.DATE),
    ("vars.pay_within * 2", Kind.DURATION),
    ("order.total if order.held else 0", Kind.MONEY),
    ("order.state if order.held else 'x'", Kind.TEXT),
    ("sum(line.price for line in order.lines)", Kind.MONEY),
    ("sum(line.quantity for line in order.lines)", Kind.COUNT),
    ("max(line.quantity for line in order.lines)", Kind.COUNT),
    ("order.lines", Kind.LIST),
    ("number(order.number)", Kind.DECIMAL),
]


@pytest.mark.parametrize(("text", "kind"), GIVES)
def test_the_type_is_known_before_any_order(desk: Any, text: str, kind: Kind) -> None:
    given = desk.program_of(text).type
    assert given.kind is kind
    assert describe(given, "en") != describe(given, "zh")


# expression, changes to the order, why, the part that has no value
NOT_COMPUTABLE = [
    ("order.points > 3", {}, Reason.ABSENT, "order.points"),
    ("order.total > 1 and order.points > 3", {}, Reason.ABSENT, "order.points"),
    ("order.points + 1 == 2", {}, Reason.ABSENT, "order.points"),
    ("order.customer.since < today()", {}, Reason.ABSENT, "order.customer.since"),
    ("not order.held", {"held": None}, Reason.ABSENT, "order.held"),
    ("order.held", {"held": None}, Reason.ABSENT, "order.held"),
    ("order.held or order.total > 1", {"held": None}, Reason.ABSENT, "order.held"),
    (
        "order.held == order.held and (order.held if order.total > 1 else true)",
        {"held": None},
        Reason.ABSENT,
        "",
    ),
    ("sum(line.points for line in order.lines) > 1", {}, Reason.ABSENT, ""),
    ("min(line.points for line in order.lines) > 1", {}, Reason.ABSENT, ""),
    ("any(line.points > 5 for line in order.lines)", {}, Reason.ABSENT, "line.points"),
    ("now - order.paid_at > days(1)", {}, Reason.ABSENT, "order.paid_at"),
    ("contains(order.note, 'a')", {"note": None}, Reason.ABSENT, "order.note"),
    ("count(order.lines) > 1", {"lines": None}, Reason.ABSENT, "order.lines"),
    ("any(line.gift for line in order.lines)", {"lines": None}, Reason.ABSENT, "order.lines"),
    ("'a' in order.tags", {"tags": None}, Reason.ABSENT, "order.tags"),
    ("order.total / order.paid > 1", {}, Reason.DIVIDED_BY_ZERO, "order.total / order.paid"),
    (
        "order.total * order.weight > 1",
        {"weight": Decimal("1e28")},
        Reason.TOO_LARGE,
        "order.total * order.weight",
    ),
    ("now + days(order.weight) > now", {"weight": Decimal(10**9)}, Reason.TOO_LARGE, "days(order.weight)"),
    ("now + days(9999999 * order.weight) > now", {}, Reason.TOO_LARGE, ""),
    ("count(order.tags) > 1", {"tags": ["a"] * 10_001}, Reason.TOO_LONG, "count(order.tags)"),
    ("'a' in order.tags", {"tags": ["a"] * 10_001}, Reason.TOO_LONG, "'a' in order.tags"),
    (
        "sum(line.quantity for line in order.lines) > 1",
        {"lines": [{}] * 10_001},
        Reason.TOO_LONG,
        "order.lines",
    ),
    ("number(order.note) > 1", {"note": "abc"}, Reason.UNREADABLE, "number(order.note)"),
    ("number(order.note) > 1", {"note": "1e999999999"}, Reason.UNREADABLE, "number(order.note)"),
    ("number(order.note) > 1", {"note": "NaN"}, Reason.UNREADABLE, "number(order.note)"),
    ("time(order.note) > now", {"note": "2026-02-30"}, Reason.UNREADABLE, "time(order.note)"),
    ("order.total > 1", {"total": "abc"}, Reason.UNFIT, ""),
    ("order.total > 1", {"total": Decimal("NaN")}, Reason.TOO_LARGE, ""),
    ("order.held", {"held": 1}, Reason.UNFIT, "order.held"),
    ("order.placed_at > now", {"placed_at": datetime(2026, 1, 1)}, Reason.UNFIT, ""),  # noqa: DTZ001 - the point
    ("order.placed_at > now - days(1)", {"placed_at": date(2026, 1, 1)}, Reason.UNFIT, ""),
]


@pytest.mark.parametrize(("text", "changes", "reason", "part"), NOT_COMPUTABLE)
def test_not_computable(desk: Any, text: str, changes: dict[str, Any], reason: Reason, part: str) -> None:
    program = desk.program_of(text, BOOLEAN)
    with pytest.raises(NotComputable) as raised:
        program.run(desk.env(**changes))
    failure = raised.value
    assert failure.reason is reason
    if part:
        assert failure.text == part
        assert failure.span.column == 7 + text.index(part)
    assert program.steps(desk.env(**changes))[-1].value.args == failure.args
    assert pickle.loads(pickle.dumps(failure)).args == failure.args  # noqa: S301 - our own bytes


def test_the_first_true_operand_decides_without_the_rest(desk: Any) -> None:
    assert desk.value_of("order.total > 1 or order.points > 3") is True
    assert desk.value_of("any(line.quantity > 1 or line.points > 1 for line in order.lines)") is True
    assert desk.value_of("order.total < 1 and order.points > 3") is False


def test_an_absent_result_passes_only_where_the_slot_allows_it(desk: Any) -> None:
    assert desk.program_of("order.points").run(desk.env()) is None
    assert desk.value_of("order.points", optional(DECIMAL)) is None
    with pytest.raises(NotComputable):
        desk.value_of("order.points", DECIMAL)


def test_numbers_never_become_floats(desk: Any) -> None:
    assert desk.value_of("qty.shipped / qty.ordered") == Decimal(1) / Decimal(3)
    for text in ("qty.shipped / qty.ordered", "5", "order.total if order.held else 0", "qty.shipped"):
        given = desk.value_of(text, MONEY if text != "qty.shipped" and "qty" not in text else DECIMAL)
        assert type(given) is Decimal


def test_money_beside_a_bare_number_is_noted(desk: Any) -> None:
    assert desk.program_of("order.total > 100").uses_bare_money
    assert desk.program_of("order.total > vars.high_value").uses_bare_money
    assert desk.program_of("5", MONEY).uses_bare_money
    assert not desk.program_of("order.total * 2 > order.paid").uses_bare_money


def test_a_program_tells_what_it_reads(desk: Any) -> None:
    program = desk.program_of("order.total > vars.high_value and any(line.gift for line in order.lines)")
    assert program.names == ("order", "vars")
    assert program.paths == {"order.total", "vars.high_value", "order.lines", "order.lines.gift"}
    host = desk.program_of("in_stock(order.lines) and col('时间') == '' and today() == today()")
    assert host.names == ("order", "$in_stock", "$row", "now")
    assert host.paths == {"order.lines", "$row.时间"}


def test_steps_tell_every_part_with_its_place(desk: Any) -> None:
    text = "order.total > 5 and 'x' in order.tags"
    steps = desk.program_of(text).steps(desk.env())
    assert [(one.text, one.value) for one in steps] == [
        ("order.total", Decimal("98.00")),
        ("order.total > 5", True),
        ("order.tags", ["高价值"]),
        ("'x' in order.tags", False),
        (text, False),
    ]
    assert steps[2].span.column == 7 + text.index("order.tags")


def test_today_is_a_day_of_the_projects_zone(desk: Any) -> None:
    found = Collector()
    late = datetime(2026, 6, 18, 17, tzinfo=UTC)
    program = compile_expression(
        desk.source("today()"), desk.scope, found, now_zone=ZoneInfo("Asia/Shanghai")
    )
    assert program is not None
    assert program.run({"now": late}) == date(2026, 6, 19)


def test_elapsed_time_does_not_follow_the_clock_change(desk: Any) -> None:
    zone = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, tzinfo=zone)
    program = desk.program_of("order.placed_at + hours(24)")
    after = program.run(desk.env(placed_at=before))
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(days=1)
    assert after.hour == 13
    between = desk.program_of("order.placed_at - order.paid_at")
    assert between.run(desk.env(placed_at=after, paid_at=before)) == timedelta(days=1)


def test_what_the_host_answers_wrong_is_the_hosts_own_error(desk: Any) -> None:
    def broken(_lines: object) -> bool:
        raise KeyError("stock")

    program = desk.program_of("in_stock(order.lines)")
    with pytest.raises(KeyError):
        program.run({**desk.env(), "$in_stock": broken})
    with pytest.raises(NotComputable):
        program.run({**desk.env(), "$in_stock": lambda _lines: 1})


def test_inputs_are_never_changed(desk: Any) -> None:
    data = desk.env()
    before = repr(data["order"])
    for text in TRUE:
        desk.program_of(text).steps(data)
    assert repr(data["order"]) == before


def test_tracebacks_show_the_expression(desk: Any) -> None:
    program = desk.program_of("order.points > 3")
    with pytest.raises(NotComputable) as raised:
        program.run(desk.env())
    shown = "".join(traceback.format_exception(raised.value))
    assert "<orderkit shop.yaml:12:7>" in shown
    assert program.run.__code__.co_filename == "<orderkit shop.yaml:12:7>"


def test_the_examples_of_the_functions_are_expressions_of_the_language(desk: Any) -> None:
    wanted = {"order.balance": "order.paid", "(line.sku": "(order.number"}
    for row in FUNCTIONS.values():
        text = row.example
        for given, ours in wanted.items():
            text = text.replace(given, ours)
        for header in ("实收金额", "件数", "收货地址 "):
            text = text.replace(f"'{header}'", "'时间'")
        assert desk.judge(text).codes == [], row.name


def test_the_text_of_an_expression_goes_with_it_and_a_newer_one_at_its_place_stays(desk: Any) -> None:
    name = "<orderkit shop.yaml:12:7>"
    first = desk.program_of("order.total > 1")
    assert name not in linecache.cache or linecache.getline(name, 1) != "(order.total > 1)\n"
    first.run(desk.env())
    assert linecache.getline(name, 1) == "(order.total > 1)\n"
    second = desk.program_of("order.total > 2")
    second.run(desk.env())
    del first
    gc.collect()
    assert linecache.getline(name, 1) == "(order.total > 2)\n"
    linecache.checkcache(name)
    assert linecache.getline(name, 1) == "(order.total > 2)\n"
    del second
    gc.collect()
    assert name not in linecache.cache


def test_the_functions_are_those_of_the_language_each_with_a_sentence_in_two_languages() -> None:
    language = (
        "sum any all min max count round abs len lower upper startswith endswith contains days hours now today date "
        "coalesce in_stock money number time col"
    )
    assert set(FUNCTIONS) == set(language.split())
    for one in FUNCTIONS.values():
        assert one.doc[0].isupper(), one.name
        assert one.doc[-1] in ".?", one.name
        assert ". " not in one.doc, one.name
        assert one.doc_zh[-1] == "。", one.name
        assert one.doc_zh.count("。") == 1, one.name
        assert one.name in one.example
        assert all(want.en and want.zh for want in one.wants)
