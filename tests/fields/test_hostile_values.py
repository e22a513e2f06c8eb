"""Values that nobody should send: each becomes a problem with its field, quickly, and never a failure."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit import InvalidOrder, Kit, Money, Project
from orderkit._fields.contacts import to_phone
from orderkit._fields.converters import BadValue, to_decimal
from orderkit._fields.patterns import BadPattern, compiled
from orderkit._fields.spelling import deep, shown

MakeProject = Callable[..., Project]
MODEL = """
fields:
  order:
    title: text
    floor: integer
    gift: boolean
    born: date
    call_at: datetime
    hold_for: duration
    rate: percent
    deposit: money
    plate: {type: text, match: "[A-Z]+(-[0-9]+)*"}
tables:
  products: {key: sku, host: true, fields: {name: text, price: money}}
  customers: {key: id, host: true, fields: {level: {type: choice, of: [normal, gold]}, since: date}}
"""
ROWS: dict[str, Any] = {
    "A": {"name": "cup", "price": "5"},
    "list": [1],
    "text": "cup",
    "misfit": {"name": "cup", "price": "cheap"},
}


@pytest.fixture
def kit(project: MakeProject) -> Kit:
    people: dict[str, Any] = {
        "C1": {"level": "gold"},
        "list": [1],
        "text": "gold",
        "misfit": {"level": "tin"},
    }
    return Kit(project(MODEL), tables={"products": ROWS.get, "customers": people.get})


def problems(kit: Kit, **fields: Any) -> list[tuple[str, str, str]]:
    order = {"lines": [{"sku": "A"}], **fields}
    told = []
    for verb in (kit.place, kit.quote):
        start = time.perf_counter()
        with pytest.raises(InvalidOrder) as caught:
            verb(order)
        assert time.perf_counter() - start < 2
        caught.value.render(lang="zh").encode()
        told.append([(one.code, one.field, one.value) for one in caught.value.problems])
    assert told[0] == told[1]
    assert kit.find() == []
    return told[0]


def nested(levels: int) -> list[Any]:
    deepest: list[Any] = []
    for _ in range(levels):
        deepest = [deepest]
    return deepest


ROUND: dict[str, Any] = {}
ROUND["again"] = ROUND
FAR = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))


HOSTILE: list[tuple[str, Any, str]] = [
    ("title", 10**5000, "OK455"),
    ("title", Decimal("1E+200000000"), "OK455"),
    ("title", Decimal("1E-200000000"), "OK455"),
    ("title", "a\ud800", "OK451"),
    ("title", "a" + "\u0301\u0327" * 60_000, "OK451"),
    ("title", "x" * 10_000_000, "OK452"),
    ("floor", 10**5000, "OK455"),
    ("floor", Decimal("1E+200000000"), "OK455"),
    ("floor", Decimal("1E-200000000"), "OK455"),
    ("floor", "9" * 1_000_000, "OK454"),
    ("floor", Decimal("NaN"), "OK454"),
    ("floor", [[]], "OK454"),
    ("gift", 10**5000, "OK457"),
    ("born", 10**5000, "OK461"),
    ("hold_for", 10**5000, "OK462"),
    ("rate", 10**5000, "OK454"),
    ("deposit", 10**5000, "OK455"),
    ("deposit", Money(10**5000, "CNY"), "OK455"),
    ("deposit", "10000000000001", "OK455"),
    ("call_at", 10**5000, "OK460"),
    ("call_at", FAR, "OK460"),
    ("call_at", datetime.max.replace(tzinfo=UTC), "OK460"),
    ("call_at", datetime.min.replace(tzinfo=timezone(timedelta(hours=5))), "OK460"),
    ("call_at", "9999-12-31 23:59", "OK460"),
    ("placed_at", FAR, "OK460"),
    ("plate", "A" * 1_000 + "1", "OK471"),
    ("shipping", "-1", "OK468"),
    ("shipping", "0.001", "OK459"),
    ("points", -1, "OK468"),
    ("wh\ud800at", 10**5000, "OK472"),
]


@pytest.mark.parametrize(
    ("field", "value", "code"), HOSTILE, ids=[f"{at}-{one[2]}" for at, one in enumerate(HOSTILE)]
)
def test_one_value_gives_one_problem(kit: Kit, field: str, value: Any, code: str) -> None:
    ((told, path, _),) = problems(kit, **{field: value})
    assert (told, path) == (code, field.replace("\ud800", "?"))


@pytest.mark.parametrize("value", [nested(33), nested(100_000), ROUND], ids=["deep", "deeper", "round"])
def test_data_that_is_nested_too_deep_is_one_problem_of_the_whole(kit: Kit, value: Any) -> None:
    for field in ("title", "what", "customer"):
        assert problems(kit, **{field: {"id": "C1", "more": value}}) == [("OK483", "", "")]
    assert not deep(nested(20))


@pytest.mark.parametrize(
    ("key", "code", "value"),
    [("list", "OK450", "[1]"), ("text", "OK450", "gold"), ("misfit", "OK466", "tin")],
)
def test_a_customer_row_of_the_host_that_does_not_fit_is_told(
    kit: Kit, key: str, code: str, value: str
) -> None:
    assert problems(kit, customer=key) == [(code, "customer", value)]


@pytest.mark.parametrize(
    ("key", "code", "value"),
    [("list", "OK450", "[1]"), ("text", "OK450", "cup"), ("misfit", "OK454", "cheap")],
)
def test_a_product_row_of_the_host_that_does_not_fit_is_told(
    kit: Kit, key: str, code: str, value: str
) -> None:
    assert problems(kit, lines=[{"sku": "A"}, {"sku": key}]) == [(code, "lines[1].sku", value)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("99999999999999", 99999999999999)], [("OK469", "lines[0].quantity")]),
        ([("1", 10**9 + 1)], [("OK469", "lines[0].quantity")]),
        ([("10000000000000.01", 1)], [("OK482", "lines[0]")]),
        ([("6000000000000", 1), ("6000000000000", 1)], [("OK482", "total")]),
    ],
)
def test_what_no_store_can_keep_is_a_problem_of_its_line_or_of_the_total(
    kit: Kit, lines: list[tuple[str, int]], expected: list[tuple[str, str]]
) -> None:
    rows = [{"sku": "A", "price": price, "quantity": quantity} for price, quantity in lines]
    assert [(code, field) for code, field, _ in problems(kit, lines=rows)] == expected


def test_the_largest_order_is_placed(kit: Kit) -> None:
    placed = kit.place({"lines": [{"sku": "A", "price": "10000", "quantity": 10**9}]})
    assert placed.total.minor == 10**15
    with pytest.raises(InvalidOrder, match="total"):
        kit.place({"lines": [{"sku": "A", "price": "10000", "quantity": 10**9}], "shipping": "0.01"})


@pytest.mark.parametrize("text", ["138****8000", "+86-138****8000", "(010) ****5678", "*******"])
def test_a_hidden_phone_is_taken(text: str) -> None:
    assert to_phone(text) == re.sub(r"[\s()]", "", text)


@pytest.mark.parametrize("text", ["<script>*", "138****8000x", "*" * 41, "*\u202e1", "王*"])
def test_a_star_does_not_make_a_phone_of_anything(text: str) -> None:
    with pytest.raises(BadValue):
        to_phone(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_a_decimal_is_the_number_it_is_however_it_is_spelled(number: Decimal) -> None:
    try:
        assert to_decimal(number) == number
    except BadValue:
        assert abs(number.adjusted()) > 99


@given(st.recursive(st.text() | st.integers() | st.decimals(), st.lists, max_leaves=5))
def test_any_value_can_be_shown(value: Any) -> None:
    text = shown(value)
    text.encode()
    assert len(text) <= 200


BUSY = [
    "(a+)+b", "(a|a)+b", "(a|ab|b)*c", "(a*)*b", "(a?a?)+b", r"(\w+\s?)+,", "(.*,)*;", r"\d*\d*\d*\d*x",
    "a?" * 40 + "a" * 40, "([a-zA-Z]+)*1", "((a+)b?)+c", "(?i:(a|A+))+b", r"(.|\s)*x", r"(\d{3}|\d+)+x",
]  # fmt: skip
REFUSED = [
    (r"(a)\1", "OK439"),
    ("(?=a)b", "OK439"),
    ("(?<!a)b", "OK439"),
    ("[0-9", "OK433"),
    ("a)|(b", "OK433"),
    ("*a", "OK433"),
    ("(" * 5_000 + "a" + ")" * 5_000, "OK434"),
    ("(?:a{1,1000}){1,1000}", "OK434"),
    ("a{9999999999999}", "OK434"),
]
FINE = [
    ("[0-9]{6}", "310000", "3100000"),
    ("a|b", "b", "ab"),
    (r"^\d+$", "12", "12\n"),
    (r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "a@b.cn", "a@b"),
    (".*茶.*", "龙井茶叶", "咖啡"),
    ("(京|沪|粤)[A-Z][A-Z0-9]{5,6}", "沪A12345", "浙A12345"),
    ("[\u4e00-\u9fa5]{2,4}", "王小明", "Wang"),
    ("(?i)[a-z]+[0-9]*", "Ab1", "1a"),
]


@pytest.mark.parametrize(("pattern", "code"), REFUSED)
def test_a_pattern_that_cannot_be_had_is_refused_at_load(pattern: str, code: str) -> None:
    with pytest.raises(BadPattern) as caught:
        compiled(pattern)
    assert caught.value.code == code


def test_a_refused_pattern_is_told_at_its_place(findings: Callable[..., list[str]]) -> None:
    text = "fields: {order: {zip: {type: text, match: '(a)\\1'}}}"
    assert findings(text) == [r"OK439|'(a)\1'"]


@pytest.mark.parametrize(("pattern", "fits", "other"), FINE)
def test_a_pattern_is_held_against_the_whole_text(pattern: str, fits: str, other: str) -> None:
    made = compiled(pattern)
    assert made.holds(fits)
    assert not made.holds(other)


@pytest.mark.parametrize("pattern", BUSY)
def test_no_text_keeps_a_pattern_busy(pattern: str) -> None:
    made = compiled(pattern)
    start = time.process_time()
    made.holds("a" * 60_000 + "c")
    made.holds("1" * 60_000 + "c")
    assert time.process_time() - start < 2


@given(st.text("ab?+*|()[]", max_size=9), st.text("ab", max_size=6))
def test_a_pattern_means_what_python_takes_it_for(pattern: str, text: str) -> None:
    with warnings.catch_warnings(action="ignore"):
        try:
            expected = re.compile(pattern).fullmatch(text) is not None
            made = compiled(pattern)
        except (re.error, BadPattern):
            return
    # Possessive repeats (`a*+`) are Python's alone; a class in a class (`[[a]`) is the other's.
    if not re.search(r"[*+?}]\+|\[[^\]]*\[", pattern):
        assert made.holds(text) is expected
