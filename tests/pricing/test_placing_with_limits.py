"""Limits, codes and gifts from the quote to the end of an order, on every store."""

from __future__ import annotations

from datetime import datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import orderkit
from orderkit import Actor, Kit, Refused
from orderkit.adapters.memory import SimulatedClock
from orderkit.domain.codes import fold_batch_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOP = """\
project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}
tables:
  customers: {key: id, host: true, fields: {name: text}}
promotions:
  flash: {name: 秒杀, stage: price, price: {A: 9.9}, limit: {units: 5, units_per_customer: 3}}
  aid:   {name: 补贴, stage: shop, goods: {sku: B}, percent_off: 50, limit: {budget: 100}}
  new:   {name: 新人券, stage: coupon, codes: {prefix: NEW, count: 8, length: 10}, minus: 5}
  bag:   {name: 送包, stage: platform, spend: 300, gift: {sku: BAG, else: CUP}}
flows:
  order:
    starts: 待支付
    states: {待支付: {enter: [reserve_stock]}, 已支付: {end: done}, 已关闭: {end: canceled}}
    actions:
      支付: {from: 待支付, to: 已支付, by: system, needs: {txn: text, amount: money},
             do: [pay: {amount: needs.amount, txn: needs.txn}]}
      关闭: {from: 待支付, to: 已关闭, by: system, do: [release_stock]}
"""
SYSTEM = Actor("gateway", roles=["system"])
NOW = datetime(2026, 6, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(params=["memory", "sqlite"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kit]:
    (tmp_path / "orderkit.yaml").write_text(SHOP, encoding="utf-8")
    store = None if request.param == "memory" else f"sqlite:///{tmp_path / 'o.db'}"
    rows = {name: {"name": name} for name in ("C1", "C2")}
    project = orderkit.load(tmp_path)
    with Kit(project, store=store, tables={"customers": rows.get}, clock=SimulatedClock(NOW)) as kit:
        for sku in ("A", "B", "X", "BAG", "CUP"):
            kit.stock.set(sku, 1 if sku == "BAG" else 100)
        yield kit


def cart(sku: str, units: int, price: str = "100", **more: object) -> dict[str, object]:
    return {"customer": "C1", "lines": [{"sku": sku, "quantity": units, "price": price}], **more}


def test_flash_units_are_counted_over_orders_and_customers(kit: Kit) -> None:
    first = kit.place(cart("A", 2))
    assert str(first.total) == "19.80 CNY"
    # One unit is left to this customer, the second of two costs its list price.
    assert str(kit.quote(cart("A", 2)).total) == "109.90 CNY"
    second = kit.place(cart("A", 2))
    assert str(second.total) == "109.90 CNY"
    # The other customer may have the last two of five.
    other = kit.place(cart("A", 3) | {"customer": "C2"})
    assert str(other.total) == "119.80 CNY"
    assert kit.quote(cart("A", 1)).missed[0].reason.value == "limit"
    kit.fire(first.id, "关闭", actor=SYSTEM)
    assert str(kit.quote(cart("A", 2)).total) == "19.80 CNY"


def test_a_budget_is_spent_and_comes_back(kit: Kit) -> None:
    order = kit.place(cart("B", 1, "160"))
    assert str(order.discount) == "80.00 CNY"
    assert str(kit.quote(cart("B", 1, "60")).discount) == "0.00 CNY"
    assert str(kit.place(cart("B", 1, "40")).discount) == "20.00 CNY"
    kit.fire(order.id, "关闭", actor=SYSTEM)
    assert str(kit.quote(cart("B", 1, "160")).discount) == "80.00 CNY"


def test_a_code_of_a_batch_is_used_once_however_it_is_typed(kit: Kit) -> None:
    codes = kit.coupons.draw("new")
    assert (len(codes), kit.coupons.draw("new")) == (8, [])
    typed = codes[0].lower().replace("0", "o").replace("1", "l")
    order = kit.place(cart("X", 1, coupons=[f" {typed[:5]}-{typed[5:]}"]))
    assert str(order.discount) == "5.00 CNY"
    again = kit.quote(cart("X", 1, coupons=[codes[0]]))
    assert [(one.reason.value, one.text("zh")) for one in again.missed if one.promotion == ""] == [
        ("spent_code", f"券码 {codes[0]} 已被使用")
    ]
    assert dict(kit.coupons.list("new"))[codes[0]] == "reserved"
    kit.fire(order.id, "支付", data={"txn": "T", "amount": "95"}, actor=SYSTEM)
    assert dict(kit.coupons.list("new"))[codes[0]] == "committed"
    other = kit.place(cart("X", 1, coupons=[codes[1]]))
    kit.fire(other.id, "关闭", actor=SYSTEM)
    assert dict(kit.coupons.list("new"))[codes[1]] == "released"
    assert str(kit.place(cart("X", 1, coupons=[codes[1]])).discount) == "5.00 CNY"
    unknown = kit.quote(cart("X", 1, coupons=["NEW0000000000"]))
    assert "unknown_code" in {one.reason.value for one in unknown.missed}


def test_more_codes_than_there_can_be_are_refused(tmp_path: Path) -> None:
    text = SHOP.replace("count: 8, length: 10", "count: 500, length: 1")
    (tmp_path / "orderkit.yaml").write_text(text, encoding="utf-8")
    with (
        Kit(orderkit.load(tmp_path), tables={"customers": lambda _: {"name": "x"}}) as kit,
        pytest.raises(Refused, match="write a larger `length`"),
    ):
        kit.coupons.draw("new")


def test_two_codes_of_one_batch_in_one_cart_use_up_one(kit: Kit) -> None:
    codes = kit.coupons.draw("new")
    order = kit.place(cart("X", 1, coupons=codes[:2]))
    assert str(order.discount) == "5.00 CNY"
    assert sorted(status for _, status in kit.coupons.list("new"))[:8].count("reserved") == 1


def test_a_gift_becomes_a_line_of_the_order_and_takes_stock(kit: Kit) -> None:
    order = kit.place(cart("X", 1, "300"))
    gift = order.lines[1]
    assert (gift.id, gift.sku, gift.gift, str(gift.net)) == ("G1", "BAG", "bag", "0.00 CNY")
    assert kit.stock.get("BAG").available == 0
    assert kit.get(order.id).lines[1] == gift
    # The bag is out of stock now: the cup stands in.
    assert kit.place(cart("X", 1, "300")).lines[1].sku == "CUP"
    kit.fire(order.id, "关闭", actor=SYSTEM)
    assert kit.stock.get("BAG").available == 1


def test_units_beyond_a_limit_that_refuses_are_refused(tmp_path: Path) -> None:
    text = SHOP.replace("units_per_customer: 3}}", "units_per_customer: 3}, beyond_limit: refuse}")
    (tmp_path / "orderkit.yaml").write_text(text, encoding="utf-8")
    with Kit(orderkit.load(tmp_path), tables={"customers": lambda _: {"name": "x"}}) as kit:
        kit.stock.set("A", 9)
        with pytest.raises(Refused) as caught:
            kit.place(cart("A", 4))
        assert (caught.value.reason, caught.value.details["beyond"]) == ("limit", 1)


MANY = """\
project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}
promotions:
  fifty: {stage: coupon, code: FIFTY, minus: 1, limit: {total: 50}}
"""


def _use(folder: str, url: str, who: int, times: int) -> None:
    kit = Kit(orderkit.load(folder), store=url)
    placed = 0
    for number in range(times):
        order = {"lines": [{"sku": "A", "quantity": 1, "price": 10}], "coupons": ["fifty"]}
        while True:
            try:
                kit.place(order, key=f"{who}-{number}")
            except orderkit.OrderkitError as error:
                if type(error).__name__ in ("Busy", "Conflict", "Refused"):
                    continue
                raise
            break
        placed += 1
    kit.close()


def exactly_fifty(folder: Path, url: str) -> None:
    """Place 200 orders from 8 processes with a coupon of 50 uses."""
    (folder / "orderkit.yaml").write_text(MANY, encoding="utf-8")
    with Kit(orderkit.load(folder), store=url):
        pass
    context = get_context("spawn")
    workers = [context.Process(target=_use, args=(str(folder), url, who, 25)) for who in range(8)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(300)
    assert [one.exitcode for one in workers] == [0] * 8
    with Kit(orderkit.load(folder), store=url) as kit:
        orders = kit.find(limit=500)
        assert len(orders) == 200
        assert sum(order.discount.minor for order in orders) == 50 * 100


@pytest.mark.slow
def test_two_hundred_uses_of_a_coupon_for_fifty_end_at_fifty_on_sqlite(tmp_path: Path) -> None:
    exactly_fifty(tmp_path, f"sqlite:///{tmp_path / 'o.db'}")


def test_codes_are_folded_alike() -> None:
    assert fold_batch_code(" nｅw-oil 1") == "NEW0111"
