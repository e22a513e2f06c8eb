"""Real exports against figures that csv and decimal alone give."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import orderkit
from orderkit import Kit

if TYPE_CHECKING:
    from orderkit._commands.importing import ImportResult

ROOT = Path(__file__).parents[2]
TMALL = ROOT.parent / "shared/data/tmall_orders/tmall_order_report.csv"
GIFTS = ROOT / "examples/giftshop/inbox/invoices-2010-12.csv.gz"
CENT = Decimal("0.01")


def opened(example: str) -> Kit:
    project = orderkit.load(ROOT / "examples" / example)
    return Kit(
        project,
        clock=lambda: datetime(2026, 6, 18, 4, tzinfo=UTC),
        tables={"customers": lambda _key: {"level": "normal"}},
    )


def sums(result: ImportResult) -> bool:
    parts = (result.accepted, result.updated, result.unchanged, result.rejected, result.skipped)
    return sum(parts) == result.read


@pytest.mark.skipif(not TMALL.exists(), reason="the report's licence is unknown: it is never shipped")
def test_a_month_of_tmall_orders() -> None:
    with TMALL.open(encoding="utf-8", newline="") as file:
        rows = [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(file)]
    paid = {row["订单编号"]: Decimal(row["买家实际支付金额"]) for row in rows}
    back = {row["订单编号"]: Decimal(row["退款金额"]) for row in rows}
    closed = {key for key in paid if paid[key] == 0 or back[key] >= paid[key]}
    with opened("retail") as kit:
        result = kit.import_file("tmall", TMALL)
        assert sums(result)
        assert (result.read, result.accepted, result.rejected) == (28_010, 28_010, 0)
        orders = kit.find(limit=30_000)
        again = kit.import_file("tmall", TMALL)
    assert (again.unchanged, again.orders) == (28_010, 0)
    assert Counter(one.state for one in orders) == {"已关闭": len(closed), "已完成": len(rows) - len(closed)}
    assert sum(one.total.amount for one in orders) == sum(Decimal(row["总金额"]) for row in rows)
    assert sum(one.paid.amount for one in orders) == sum(paid.values()) == Decimal("1902487.15")
    assert sum(one.refunded.amount for one in orders) == sum(back.values()) == Decimal("572335.92")
    assert result.refunds == sum(amount > 0 for amount in back.values())
    assert Counter(one.province for one in orders) == Counter(row["收货地址"] for row in rows)


def test_a_month_of_invoice_lines() -> None:
    with gzip.open(GIFTS, "rt", encoding="utf-8", newline="") as file:
        documents = defaultdict(list)
        for row in csv.DictReader(file):
            documents[row["InvoiceNo"]].append(row)
    gmv = Decimal(0)
    lines = 0
    for key, rows in documents.items():
        for row in rows:
            amount = (Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])).quantize(CENT, ROUND_HALF_UP)
            if key[0] not in "CA" and amount > 0:
                gmv += amount
                lines += 1
    with opened("giftshop") as kit:
        result = kit.import_files(GIFTS)
        orders = kit.find(limit=3_000)
        assert kit.import_files(GIFTS).unchanged == 1_885
    assert sums(result)
    assert (result.channel, result.read, len(documents)) == ("invoices", 2_025, 2_025)
    assert (result.orders, result.lines, result.loose_refunds, result.refunds) == (1_559, lines, 326, 326)
    assert (result.skipped, result.rejected) == (140, 0)
    assert sum(one.total.amount for one in orders) == gmv == Decimal("823746.14")
    assert {one.state for one in orders} == {"invoiced"}
    first = next(one for one in orders if one.external_number == "536365")
    assert (first.customer, first.country, first.placed_at) == (
        "17850", "United Kingdom", datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
    )  # fmt: skip


def test_the_inbox_of_the_retail_example() -> None:
    inbox = ROOT / "examples/retail/inbox"
    with opened("retail") as kit:
        result = kit.import_files(inbox / "tmall-2026-06-18.csv")
        assert sums(result)
        assert (result.read, result.accepted, result.rejected, result.notes) == (120, 118, 2, ())
        assert [(one.line, one.column, one.value) for one in result.rejects] == [
            (43, "订单编号", "2.03E+18"),
            (79, "总金额", "二百元"),
        ]
        kit.stock.set("SKU-1", 10)
        kit.stock.set("SKU-2", 10)
        order = kit.receive("mini", json.loads((inbox / "mini-order.json").read_text("utf-8")))
        assert (order.state, order.receiver, order.phone) == ("待支付", "林一", "13800138000")
        assert kit.import_file("mini", inbox / "mini-order.json").unchanged == 1
