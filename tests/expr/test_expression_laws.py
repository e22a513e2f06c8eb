"""Laws: the compiled form and the slow one agree on everything that the checker lets through."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderkit._diagnostics import Collector, Severity
from orderkit._expr import FUNCTIONS, Kind, NotComputable, compile_expression, syntax
from orderkit._expr.place import Place
from orderkit._expr.plain_tree import Odd
from orderkit._expr.syntax import parse
from orderkit._expr.tokens import Scanner

_AMOUNTS = st.decimals(-10_000, 10_000, places=2)
_LEAVES = {
    "boolean": ["order.held", "true"],
    "money": ["order.total", "order.paid", "order.订单总额"],
    "number": ["qty.shipped", "qty.ordered", "order.points", "order.weight", "order.rate", "2", "0", "1.50"],
    "text": ["order.number", "order.state", "order.note", "order.customer.level", "'gold'", "'a'"],
    "moment": ["now", "order.placed_at", "order.paid_at"],
    "length": ["vars.pay_within", "days(2)", "hours(order.points)"],
    "day": ["today()", "date(now)"],
}
_IN_LINE = {
    "boolean": ["line.gift"],
    "money": ["line.price"],
    "number": ["line.quantity", "line.points"],
    "text": ["line.sku", "line.category"],
}


def _shapes(*, looping: bool) -> dict[str, list[str]]:
    return {
        "boolean": [
            "({boolean} and {boolean} or {boolean})",
            "(not {boolean})",
            "({money} {order} {money} {order} {money})",
            "({number} {order} {number})",
            "({text} == {text})",
            "({text} != none)",
            "({text} in ('a', 'gold'))",
            "({text} not in order.tags)",
            "({moment} {order} {moment})",
            "({length} {order} {length})",
            "({day} {order} {day})",
            "startswith({text}, {text})",
            "endswith({text}, {text})",
            "contains({text}, {text})",
            "in_stock(order.lines)",
            "({boolean} if {boolean} else {boolean})",
            *(
                []
                if looping
                else ["any({L:boolean} for line in order.lines)", "all({L:boolean} for line in order.lines)"]
            ),
        ],
        "money": [
            "({money} + {money})",
            "({money} - {money})",
            "({money} * {number})",
            "({money} / {number})",
            "(-{money})",
            "abs({money})",
            "round({money}, 1)",
            "max({money}, {money}, 5)",
            "coalesce({money}, 0)",
            "min({money}, {money})",
            "money({text})",
            "({money} if {boolean} else 0)",
            *([] if looping else ["sum({L:money} for line in order.lines if {L:boolean})"]),
        ],
        "number": [
            "({number} + {number})",
            "({number} - {number})",
            "({number} * {number})",
            "({number} / {number})",
            "({money} / {money})",
            "len({text})",
            "coalesce({number}, {number})",
            "number(col('收货地址'))",
            "len(order.lines)",
            "round({number})",
            *(
                []
                if looping
                else [
                    "count(line for line in order.lines if {L:boolean})",
                    "min({L:number} for line in order.lines)",
                    "max({L:number} for line in order.lines if {L:boolean})",
                    "count(order.tags)",
                ]
            ),
        ],
        "text": [
            "upper({text})",
            "lower({text})",
            "coalesce({text}, 'x')",
            "({text} if {boolean} else {text})",
        ],
        "moment": [
            "({moment} + {length})",
            "({moment} - {length})",
            "coalesce({moment}, now)",
            "time(col('时间'))",
        ],
        "day": ["date({moment})", "({day} + days(1))", "({day} if {boolean} else {day})"],
        "length": [
            "({moment} - {moment})",
            "({length} + {length})",
            "({length} * {number})",
            "({length} / {number})",
            "days({number})",
            "hours({number})",
            "abs({length})",
            "({day} - {day})",
        ],
    }


@st.composite
def _expression(draw: Any, kind: str, depth: int, *, looping: bool = False) -> str:
    leaves = _LEAVES[kind] + (_IN_LINE.get(kind, []) if looping else [])
    if depth == 0:
        return str(draw(st.sampled_from(leaves)))

    def part(name: str) -> str:
        return str(draw(_expression(name, depth - 1, looping=looping)))

    shapes = _shapes(looping=looping)
    shape = draw(st.sampled_from(shapes[kind]))
    while "{" in shape:
        start, end = shape.index("{"), shape.index("}")
        name = shape[start + 1 : end]
        if name == "order":
            filled = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
        elif name.startswith("L:"):
            filled = draw(_expression(name[2:], depth - 1, looping=True))
        else:
            filled = part(name)
        shape = shape[:start] + str(filled) + shape[end + 1 :]
    return str(shape)


_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds must be naive
_LINES = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(["A", "B"]),
            "quantity": st.integers(0, 5),
            "price": _AMOUNTS,
            "category": st.sampled_from([None, "图书"]),
            "gift": st.booleans(),
            "points": st.none() | st.integers(0, 5),
        }
    ),
    max_size=3,
)
_ORDERS = st.fixed_dictionaries(
    {
        "number": st.text(max_size=3),
        "state": st.sampled_from(["待支付", "已支付"]),
        "total": _AMOUNTS,
        "paid": _AMOUNTS,
        "订单总额": _AMOUNTS,
        "weight": _AMOUNTS,
        "rate": st.decimals(0, 1, places=4),
        "points": st.none() | st.integers(-5, 5),
        "held": st.sampled_from([None, True, False]),
        "tags": st.lists(st.sampled_from(["a", "b"]), max_size=2) | st.none(),
        "lines": _LINES,
        "customer": st.none() | st.just({"level": "gold"}),
        "placed_at": _MOMENTS,
        "paid_at": st.none() | _MOMENTS,
        "note": st.none() | st.text(max_size=3),
    }
)


_TEXTS = st.tuples(
    st.sampled_from(["boolean", "boolean", "money", "number", "moment", "day", "length", "text"]),
    st.integers(1, 3),
).flatmap(lambda shape: _expression(*shape))


def _came_to(run: Any, env: dict[str, Any]) -> tuple[str, object]:
    try:
        value = run(env)
    except NotComputable as failure:
        return "none", (failure.reason, failure.text, failure.span)
    return type(value).__name__, value


def test_the_laws_are_tried_on_the_whole_language() -> None:
    written = " ".join(
        [one for leaves in _LEAVES.values() for one in leaves]
        + [one for shapes in _shapes(looping=False).values() for one in shapes]
    )
    assert {name for name in FUNCTIONS if f"{name}(" not in written and name not in written} == set()
    for sign in (
        " + ",
        " - ",
        " * ",
        " / ",
        "(-",
        " and ",
        " or ",
        "not ",
        " in ",
        " not in ",
        " if ",
        "none",
        "{order}",
    ):
        assert sign in written, sign
    paths = {one.removeprefix("order.") for leaves in _LEAVES.values() for one in leaves}
    assert {"points", "note", "paid_at", "customer.level"} <= paths, "data that may be absent"


@settings(max_examples=250, deadline=None)
@given(
    text=_TEXTS,
    order=_ORDERS,
)
def test_compiled_and_step_by_step_agree(desk: Any, text: str, order: dict[str, Any]) -> None:
    found = Collector()
    program = compile_expression(desk.source(text), desk.scope, found, functions=("in_stock",))
    if program is None:
        wrong = {one.code for one in found.diagnostics if one.severity is Severity.ERROR}
        assert wrong <= {"OK501", "OK502", "OK503", "OK405", "OK414", "OK416"}
        return
    env = {
        "order": order,
        "now": datetime(2026, 6, 18, 10, tzinfo=UTC),
        "qty": {"shipped": 1, "ordered": 3},
        "vars": {"high_value": 5000, "pay_within": timedelta(minutes=30)},
        "$row": {"收货地址": "12", "实收 金额": "¥1,234.50", "时间": "2026/06/16 20:00"},
        "$in_stock": lambda lines: len(lines) == 2,
    }
    fast, slow = _came_to(program.run, env), _came_to(program.stepper.value, env)
    assert fast == slow
    assert _came_to(lambda given: program.trace(given)[0], env) == fast
    if fast[0] != "none":
        steps = [(step.text, step.value) for step in program.steps(env)]
        given = program.trace(env)[1]
        assert given == program.stepper.trace(env, program.layout)[1]
        for part in program.told(given):
            assert (part.text, part.value) in steps or part.text == "true"
            for read in part.reads:
                assert (read.text, read.value) in steps
    if fast[1] is True:
        assert [one for one in program.clauses if not one.holds(env)] == []
    if program.only_clauses and all(one.holds(env) for one in program.clauses):
        assert fast[1] is True
    last = program.steps(env)[-1]
    assert (last.value == slow[1]) if slow[0] != "none" else isinstance(last.value, NotComputable)
    exact = {Kind.BOOLEAN: "bool", Kind.MONEY: "Decimal", Kind.DECIMAL: "Decimal", Kind.COUNT: "int"}
    if fast[0] not in ("none", "NoneType") and program.type.kind in exact:
        assert fast[0] == exact[program.type.kind]
    if isinstance(fast[1], Decimal):
        assert fast[1].is_finite()


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(
        alphabet=st.sampled_from(
            list("order.total >=<!()[]'\"+-*/,0159 and or not in if else for sum\\＞“\u200b订单")
        ),
        max_size=60,
    )
)
def test_any_text_is_judged_without_an_exception(desk: Any, text: str) -> None:
    judged = desk.judge(text)
    assert judged.program is not None or judged.diagnostics
    template, diagnostics = desk.template_of("{" + text + "}")
    assert template is not None or diagnostics


_ODD_TOKENS = [
    "order",
    ".",
    "total",
    "1",
    "1.5",
    ".5",
    "1.",
    "1e5",
    "0x1",
    "007",
    "1_0",
    "'a'",
    '"b"',
    "'é'",
    "'a\\'b'",
    "and",
    "or",
    "not",
    "in",
    "if",
    "is",
    "None",
    "true",
    "==",
    "!=",
    "<=",
    ">=",
    "===",
    "<>",
    "=>",
    "=<",
    "**",
    "//",
    "->",
    "!",
    "(",
    ")",
    "[",
    "]",
    ",",
    "…",
    "＞",
    "a'b'",
    "1a",
    "a.1",
    "a..b",
    "...",
]


_ODD_TREES = [
    "a == true",
    "true.a",
    "true(a)",
    "a in ()",
    "a in (1)",
    "a in (1,)",
    "a in ('x', -1)",
    "a in [b]",
    "(1, 2) == a",
    "a == (1, 2)",
    "a.b(c)",
    "f(*a)",
    "f(a=1)",
    "f(x for x in a)",
    "+a",
    "not -a",
    "a[1]",
    "[a for a in b]",
    "1.50 + .5 < 2 < a",
    "('a').b",
    "a if b else none",
    " a and b or (c)",
    "订单 == 'x'",
    "a ==\n1",
    ".".join("a" * 40),
    "(" * 30 + "a" + " + 1)" * 30,
    " + ".join("a" * 40),
    " and ".join("a" * 90),
]
_SOUPS = (
    _TEXTS
    | st.text(
        alphabet=st.sampled_from(
            list(
                "order.total >=<!()[]'\"+-*/,0159 and or not in if else for sum is True\\＞“\u200b\u0301订单\t\n_e.5"
            )
        ),
        max_size=40,
    )
    | st.lists(
        st.sampled_from(_ODD_TOKENS),
        max_size=12,
    ).map(" ".join)
)


@settings(max_examples=400, deadline=None)
@given(text=_SOUPS | st.sampled_from(_ODD_TREES))
def test_plain_trees_are_what_the_careful_walks_make(desk: Any, text: str) -> None:
    def parsed() -> Any:
        found = Collector()
        made = parse(text, Place.of(desk.source(text)), found)
        tree = None if made is None else ast.dump(made.tree, include_attributes=True)
        return tree, [(one.code, one.span, one.params) for one in found.diagnostics]

    quickly = parsed()
    with patch.object(syntax, "exact", side_effect=Odd):
        assert parsed() == quickly


@settings(max_examples=400, deadline=None)
@given(
    text=_SOUPS
    | st.lists(st.sampled_from([*_ODD_TOKENS, "a", "=", "＞", "is", "True", "  "]), max_size=5).map(" ".join)
)
@example(text="a ＞ b ")
@example(text="a is b")
@example(text="((a)")
def test_usual_tokens_are_taken_as_the_careful_way_takes_them(desk: Any, text: str) -> None:
    def scanned(kind: type[Scanner]) -> Any:
        found = Collector()
        tokens = kind(Place.of(desk.source(text)), text, found).scan()
        return tokens, [(one.code, one.span, one.params) for one in found.diagnostics]

    assert scanned(Scanner) == scanned(_Careful)


class _Careful(Scanner):
    __slots__ = ()

    def _plain(self) -> None:
        return None
