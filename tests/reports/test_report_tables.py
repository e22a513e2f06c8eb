"""What a host gets of a table: dicts, CSV that no spreadsheet runs, JSON that says everything."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from orderkit._reports.figures import shares

TEXT = """
metrics: {gmv: {label: GMV, sum: order.total}, aov: {ratio: [gmv, orders]}, orders: {count: order}}
reports: {provinces: {label: By province, metrics: [gmv, aov], by: [province, gift], share: gmv, chart: pie}}
"""


@pytest.mark.parametrize(
    ("province", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2", "'-2"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a, b", '"a, b"'),
        ("江苏", "江苏"),
        (None, ""),
    ],
)
def test_a_text_in_csv_is_never_run(shop: Any, order: Any, province: str | None, cell: str) -> None:
    orders = [order("A", "2026-06-01", ("X", 1, "10"), fields={"province": province, "gift": True})]
    lines = shop.table(TEXT, "provinces", orders).to_csv().split("\r\n")
    assert lines == ['Province,gift,GMV,"GMV, share",aov', f"{cell},true,10.00,100.00%,10.00", ""]


def test_negative_amounts_stay_numbers_in_csv(shop: Any, order: Any, moved: Any) -> None:
    text = "metrics: {b: {sum: order.balance}}\nreports: {r: {metrics: [b]}}"
    paid = [moved("payment", "12.00", "2026-06-01")]
    orders = [order("A", "2026-06-01", ("X", 1, "10"), payments=paid)]
    assert shop.table(text, "r", orders).to_csv() == "b\r\n-2.00\r\n"


def test_json_says_everything(shop: Any, order: Any) -> None:
    orders = [order("A", "2026-06-01", ("X", 1, "10"), fields={"province": "north"})]
    found = json.loads(shop.table(TEXT, "provinces", orders, since="2026-06-01").to_json())
    assert found["rows"] == [
        {"province": "north", "gift": None, "gmv": "10.00", "gmv_share": "1.0000", "aov": "10.00"}
    ]
    assert found["columns"][2]["type"] == "money"
    assert found["columns"][2]["unit"] == "CNY"
    assert found["definition"]["gmv"].startswith("sum of order.total")
    assert (found["zone"], found["since"]) == ("Asia/Shanghai", "2026-06-01T00:00:00+00:00")
    assert (found["chart"], found["additive"], found["partial"]) == ("pie", False, [False])
    assert found["counted"] == {"gmv": 1, "orders": 1}
    assert found["span"].startswith("shop.yaml:")


def test_a_footnote_names_the_line_of_yaml(shop: Any) -> None:
    table = shop.table(TEXT, "provinces", now="2026-06-02T10:00")
    assert table.footnote == f"{table.span} · Asia/Shanghai · … .. … · as of 2026-06-02 10:00:00+0000"


def test_shares_are_handed_out_by_the_largest_rest() -> None:
    values = [Decimal(1), Decimal(1), Decimal(1), None, Decimal(0)]
    assert [shown for _, shown in shares(values)] == [
        Decimal("0.3334"), Decimal("0.3333"), Decimal("0.3333"), Decimal("0.0000"), Decimal("0.0000"),
    ]  # fmt: skip
    assert shares([0, 0]) == [(None, None), (None, None)]
    assert [shown for _, shown in shares([Decimal(150), Decimal(-50)])] == [
        Decimal("1.5000"),
        Decimal("-0.5000"),
    ]
