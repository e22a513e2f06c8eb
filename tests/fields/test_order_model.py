"""What a host or a channel brings becomes a checked draft, or a problem for each wrong value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit import InvalidOrder, Kit, Project
from orderkit._fields.converters import (
    BadValue,
    money_reader,
    to_boolean,
    to_decimal,
    to_identity,
    to_integer,
)

MakeProject = Callable[..., Project]
FIELDS = """
fields:
  order:
    receiver: {label: 收货人, type: text, private: true, max: 5}
    phone:    phone
    mail:     email
    home:     url
    code:     {type: text, min: 2}
    floor:    {type: integer, min: -2, max: 80}
    deposit:  money
    rate:     percent
    gift:     {type: boolean, default: false}
    born:     date
    call_at:  datetime
    hold_for: duration
    pay:      {type: choice, of: {wechat: 微信, card: 银行卡}}
    zip:      {type: text, match: "[0-9]{6}"}
    aliases:  [text]
    must:     {type: text, required: true}
    big:      {type: boolean, formula: order.total > 100}
  line:
    wrap:     {type: boolean, default: false}
    saved:    {type: money, formula: line.list - line.net}
    many:     {type: boolean, formula: line.quantity > 2}
tables:
  products:  {key: sku, file: data/products.csv, fields: {name: text, category: text, price: money}}
  customers: {key: id, host: true, fields: {level: {type: choice, of: [normal, gold]}}}
"""
PRODUCTS = "sku,name,category,price\nA,杯,日用,45.5\n"


@pytest.fixture
def kit(project: MakeProject) -> Kit:
    known = {"C1": {"level": "gold"}}
    return Kit(project(FIELDS, **{"data/products.csv": PRODUCTS}), tables={"customers": known.get})


def order(**fields: Any) -> dict[str, Any]:
    return {"must": "x", "lines": [{"sku": "A"}], **fields}


def problems(kit: Kit, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidOrder) as caught:
        kit.place(order(**fields))
    return [(one.code, one.field) for one in caught.value.problems]


def test_texts_become_values_of_their_types(kit: Kit) -> None:
    placed = kit.place(
        order(
            receiver=" 王芳 ", phone="138 0013-8000", floor="12", deposit="¥1,234.50", rate="12.5%", gift="是",
            born="2001-02-03", call_at="2026-06-18 10:00", hold_for="36h", pay="微信", zip="310000",
            aliases=["a", "b"], customer="C1",
        )
    )  # fmt: skip
    assert (placed.receiver, placed.phone, placed.floor) == ("王芳", "1380013-8000", 12)
    assert (placed.deposit, placed.rate, placed.gift) == (Decimal("1234.50"), Decimal("0.125"), True)
    assert (placed.born, placed.pay) == (date(2001, 2, 3), "wechat")
    assert placed.call_at == datetime(2026, 6, 18, 2, 0, tzinfo=UTC)
    assert placed.lines[0].name == "杯"
    assert (placed.lines[0].price, placed.lines[0].wrap) == (Decimal("45.5"), False)
    assert placed.customer_record == {"id": "C1", "level": "gold"}
    assert placed.big is False


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"receiver": ["a"]}, [("OK450", "receiver")]),
        ({"receiver": "a\x00b"}, [("OK451", "receiver")]),
        ({"must": "x" * 70_000}, [("OK452", "must")]),
        ({"number": "1.23E+18"}, [("OK453", "number")]),
        ({"external_number": "17850.0"}, [("OK453", "external_number")]),
        ({"floor": "third"}, [("OK454", "floor")]),
        ({"floor": "9" * 16}, [("OK455", "floor")]),
        ({"floor": "1.5"}, [("OK456", "floor")]),
        ({"gift": "maybe"}, [("OK457", "gift")]),
        ({"deposit": "5 USD"}, [("OK458", "deposit")]),
        ({"deposit": "5.005"}, [("OK459", "deposit")]),
        ({"call_at": "soon"}, [("OK460", "call_at")]),
        ({"born": "2001-02-30"}, [("OK461", "born")]),
        ({"hold_for": "long"}, [("OK462", "hold_for")]),
        ({"phone": "none"}, [("OK463", "phone")]),
        ({"mail": "me@home"}, [("OK464", "mail")]),
        ({"home": "ftp://x"}, [("OK465", "home")]),
        ({"pay": "cash"}, [("OK466", "pay")]),
        ({"must": None}, [("OK467", "must")]),
        ({"floor": "-3"}, [("OK468", "floor")]),
        ({"floor": 81}, [("OK469", "floor")]),
        ({"receiver": "六个字的名字"}, [("OK470", "receiver")]),
        ({"zip": "31000"}, [("OK471", "zip")]),
        ({"code": "x"}, [("OK481", "code")]),
        ({"remark": "x"}, [("OK472", "remark")]),
        ({"lines": []}, [("OK473", "lines")]),
        ({"lines": [{"sku": "Z"}]}, [("OK474", "lines[0].price")]),
        ({"currency": "USD"}, [("OK476", "currency")]),
        ({"lines": [{"sku": "A", "quantity": 0}]}, [("OK468", "lines[0].quantity")]),
        ({"lines": [{"sku": "A", "price": -1}]}, [("OK468", "lines[0].price")]),
        ({"lines": [{"quantity": 1}]}, [("OK467", "lines[0].sku")]),
        ({"lines": ["A"]}, [("OK450", "lines[0]")]),
        ({"customer": {"id": "C9", "level": "platinum"}}, [("OK466", "customer")]),
        ({"floor": "x", "zip": "y", "mail": "z"}, [("OK464", "mail"), ("OK454", "floor"), ("OK471", "zip")]),
    ],
)
def test_every_wrong_value_is_a_problem_with_its_field(
    kit: Kit, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(kit, **fields) == expected
    assert kit.find() == []


def test_problems_are_worded_in_both_languages(kit: Kit) -> None:
    with pytest.raises(InvalidOrder) as caught:
        kit.place(order(floor="third"))
    assert caught.value.render() == (
        "floor: `third` is not a number; write it in digits and without a unit, such as 12.35 [OK454]"
        "  orderkit.yaml:10:5"
    )
    assert caught.value.render(lang="zh") == (
        "floor: “third”不是数字；请写成 12.35 这样的数字，不带单位 [OK454]  orderkit.yaml:10:5"
    )


def test_lines_are_counted_from_one_and_a_near_field_is_offered(kit: Kit) -> None:
    with pytest.raises(InvalidOrder) as caught:
        kit.place(order(lines=[{"sku": "A"}, {"sku": "A", "quantty": 2}]))
    told = "line 2, quantty: the project has no field `line 2, quantty`; did you mean `quantity`?"
    assert caught.value.render().startswith(told)
    assert caught.value.render(lang="zh").startswith(
        "第 2 行商品的 quantty: 项目没有字段“第 2 行商品的 quantty”"
    )


def test_formulas_of_lines_and_orders_are_computed(kit: Kit) -> None:
    placed = kit.place({"must": "x", "lines": [{"sku": "A"}, {"sku": "A", "quantity": 3}]})
    assert [(line.saved, line.many) for line in placed.lines] == [(0, False), (0, True)]
    assert placed.big is True
    assert kit.get(placed.id) == placed


def test_computed_amounts_cannot_be_given(kit: Kit) -> None:
    assert problems(kit, total="5", state="paid") == [("OK480", "total"), ("OK480", "state")]
    assert problems(kit, lines={"sku": "A"}) == [("OK450", "lines")]


def test_a_default_of_now_and_a_given_number(kit: Kit) -> None:
    placed = kit.place(order(number="X-1", placed_at="2026-06-18 10:00"))
    assert (placed.number, placed.placed_at) == ("X-1", datetime(2026, 6, 18, 2, 0, tzinfo=UTC))
    assert kit.get("X-1") == placed


def test_numbers_count_up_per_day(shop: Callable[..., Kit]) -> None:
    kit = shop("fields: {order: {number: {default: 'T{now:%m%d}-{serial:03}'}}}\n")
    numbers = [kit.place({"lines": [{"sku": "A", "price": 1}]}).number for _ in range(3)]
    assert numbers == ["T0618-001", "T0618-002", "T0618-003"]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_reads_back_what_was_written(amount: Decimal) -> None:
    read = money_reader("CNY")
    assert read(f"{amount:f}") == amount
    assert read(f"¥{amount:,}" if amount >= 0 else f"{amount:,}") == amount
    assert read(float(amount)) == amount


@given(st.text(max_size=12))
def test_readers_give_a_value_or_one_reason_never_anything_else(raw: str) -> None:
    for read in (to_decimal, to_integer, to_boolean, to_identity, money_reader("JPY")):
        code = "OK4"
        try:
            read(raw)
        except BadValue as bad:
            code = bad.code
        assert code.startswith("OK4")


def test_the_model_hosts_type_against_says_the_same_as_placing(kit: Kit) -> None:
    from pydantic import ValidationError

    from orderkit._fields.models import order_model

    model = order_model(kit.project.fields)
    good = order(floor=12, zip="310000", pay="wechat")
    model.model_validate(good)
    kit.place(good)
    wrong: list[dict[str, Any]] = [
        {"floor": 99},
        {"zip": "1"},
        {"pay": "cash"},
        {"must": None},
        {"nothing": 1},
        {"lines": []},
    ]
    for bad in wrong:
        with pytest.raises(ValidationError):
            model.model_validate(order(**bad))
        with pytest.raises(InvalidOrder):
            kit.place(order(**bad))


def test_schemas_of_sections_and_of_the_order_can_be_made(kit: Kit) -> None:
    schemas = kit.project.schemas()
    assert schemas["order"]["properties"]["pay"]["anyOf"][0]["enum"] == ["wechat", "card"]
    assert schemas["flows"]["additionalProperties"]["additionalProperties"] is False


def test_a_customers_row_is_converted_once(project: MakeProject) -> None:
    rows = {"C1": {"rate": "5%", "level": "gold"}}
    text = "tables: {customers: {key: id, host: true, fields: {rate: percent, level: text}}}\n"
    kit = Kit(project(text), tables={"customers": rows.get})
    line = {"sku": "A", "price": 1}
    placed = kit.place({"customer": "C1", "lines": [line]})
    assert placed.customer_record == {"id": "C1", "rate": Decimal("0.05"), "level": "gold"}
    given = kit.place({"customer": {"id": "C1", "level": "black"}, "lines": [line]})
    assert given.customer_record == {"id": "C1", "rate": Decimal("0.05"), "level": "black"}
