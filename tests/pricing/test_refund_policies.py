"""What a return pays back under `on_refund`: YAML and goods in, amounts out."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

import orderkit
from orderkit import Actor, Kit, Money, Refused
from orderkit.adapters.memory import MemoryStore, SimulatedClock
from orderkit.cli.show import show_order
from orderkit.domain.policies import RefundPolicy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from orderkit.domain.order import Order, Part

HEAD = """\
project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}
tables:
  customers: {key: id, host: true, fields: {name: text}}
  products: {key: sku, file: data/products.csv, fields: {name: text, price: money}}
flows:
  order:
    starts: 待支付
    states: {待支付: {}, 已支付: {}, 已关闭: {end: canceled}}
    actions:
      支付: {from: 待支付, to: 已支付, by: system, do: [pay: {amount: order.total}]}
    parts: {refund: {flow: refund, many: true}}
  refund:
    starts: 申请
    states: {申请: {}, 已退款: {end: done}, 已拒绝: {end: canceled}}
    actions:
      退款: {from: 申请, to: 已退款, by: system, do: [refunded: {amount: refund.amount}]}
      拒绝: {from: 申请, to: 已拒绝, by: system}
"""
SYSTEM = Actor("gateway", roles=["system"])
NOW = datetime(2026, 6, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TIER = "  m300: {stage: shop, tiers: [{spend: 300, minus: 40}]POLICY}\n"
BAG = "  bag: {stage: shop, spend: 300, gift: BAGPOLICY}\n"
SENDING = "pricing: {shipping: {fee: 8}}\n"
FREE = "  free: {stage: shipping, spend: 100, free: shippingPOLICY}\n"
CODE = "  hello: {stage: coupon, codes: {prefix: NEW, count: 3, length: 10}, minus: 20POLICY}\n"


class Shop:
    """A till with a returns desk."""

    def __init__(self, folder: Path, text: str, store: Any = None) -> None:
        (folder / "orderkit.yaml").write_text(text, encoding="utf-8")
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / "products.csv").write_text("sku,name,price\nBAG,包,59\n", encoding="utf-8")
        self.project = orderkit.load(folder)
        clock = SimulatedClock(NOW)
        self.kit = Kit(self.project, store=store, tables={"customers": lambda _: {"name": "x"}}, clock=clock)
        self.kit.stock.set("BAG", 100)

    def sold(self, *goods: tuple[str, int, str], **more: object) -> Order:
        lines = [{"sku": sku, "quantity": units, "price": price} for sku, units, price in goods]
        order = self.kit.place({"customer": "C1", "lines": lines, **more})
        return self.kit.fire(order.id, "支付", actor=SYSTEM)

    def asked(self, order: Order, **lines: int) -> Part:
        return self.kit.refund(order.id, lines=lines or None).parts[-1]

    def paid_back(self, order: Order, **lines: int) -> str:
        part = self.asked(order, **lines)
        self.kit.fire(order.id, "退款", part=part.id, actor=SYSTEM)
        return str(part.amount.amount)


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Shop]:
    store = MemoryStore() if request.param == "memory" else f"sqlite:///{tmp_path / 'o.db'}"

    def opened(promotion: str, policy: str = "", pricing: str = "") -> Shop:
        written = f", on_refund: {policy}" if policy else ""
        text = HEAD + pricing + "promotions:\n" + promotion.replace("POLICY", written)
        return Shop(tmp_path, text, store)

    return opened


def why(part: Part) -> list[tuple[str, str, str | None, str]]:
    return [(row.what, row.promotion, row.line, str(row.amount.amount)) for row in part.rows]


# --- threshold ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["", "{threshold: keep}"])
def test_threshold_keep_pays_the_frozen_shares_back(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(TIER, policy)
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    part = desk.asked(order, L2=1)
    assert why(part) == [("share", "", "L2", "173.33")]
    assert desk.paid_back(order) == "86.67"


def test_threshold_recalculate_closes_buying_to_the_threshold_and_returning(
    shop: Callable[..., Shop],
) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    part = desk.asked(order, L2=1)
    assert str(part.amount) == "160.00 CNY"
    assert why(part) == [("share", "", "L2", "173.33"), ("recalculated", "m300", None, "-13.33")]
    assert str(part.rows[1].span).startswith("orderkit.yaml:19:")
    assert desk.kit.get(order.id).parts[-1] == part
    # The rest comes back too: in all exactly what was paid.
    assert desk.paid_back(order, L1=1) == "100.00"


def test_an_order_is_shown_with_what_was_taken_off_its_refunds(shop: Callable[..., Shop]) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    desk.asked(order, L2=1)
    for zh, word in ((False, "recalculated m300"), (True, "按留下的商品重算 m300")):
        told = StringIO()
        show_order(Console(file=told, width=120), desk.kit.get(order.id), [], desk.project, zh=zh)
        (line,) = [one for one in told.getvalue().splitlines() if word in one]
        assert "13.33" in line
        assert "orderkit.yaml:19" in line
    (part,) = desk.kit.get(order.id).to_dict()["parts"]
    assert [row["amount"] for row in part["rows"]] == ["173.33", "-13.33"]


def test_recalculated_kept_goods_may_still_reach_a_lower_tier(shop: Callable[..., Shop]) -> None:
    desk = shop("  m: {stage: shop, tiers: [满300减60, 满200减30], on_refund: {threshold: recalculate}}\n")
    order = desk.sold(("A", 2, "100"), ("B", 1, "100"))
    # 240 was paid, what is kept costs 170, then 100.
    assert [desk.paid_back(order, L2=1), desk.paid_back(order, L1=1)] == ["70.00", "70.00"]
    assert desk.paid_back(order) == "100.00"


def test_a_return_that_is_owed_nothing_pays_nothing_and_never_less(shop: Callable[..., Shop]) -> None:
    desk = shop("  m: {stage: shop, spend: 300, minus: 150, on_refund: {threshold: recalculate}}\n")
    order = desk.sold(("A", 1, "250"), ("B", 1, "50"))
    # 150 was paid and A alone costs 250.
    assert desk.paid_back(order, L2=1) == "0.00"
    assert desk.paid_back(order) == "150.00"


def test_recalculation_knows_the_time_the_code_and_the_customer_of_the_order(
    shop: Callable[..., Shop],
) -> None:
    desk = shop(
        "  m: {stage: shop, spend: 300, minus: 40, on_refund: {threshold: recalculate}}\n"
        "  first: {stage: coupon, code: HI, customers: {orders: 0}, minus: 10, limit: {per_customer: 1}}\n"
        "  batch: {stage: platform, codes: {prefix: NEW, count: 1, length: 10}, minus: 5}\n"
        "  june: {stage: points, active: 2026-06-18 .. 2026-06-19, minus: 1, together: all}\n"
    )
    codes = desk.kit.coupons.draw("batch")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"), coupons=["HI", *codes])
    assert str(order.total) == "244.00 CNY"
    desk.sold(("A", 1, "100"))
    desk.kit._clock = SimulatedClock(NOW.replace(month=8))
    assert desk.paid_back(order, L2=1) == "160.00"
    assert desk.paid_back(order) == "84.00"


def test_units_beyond_a_quota_do_not_get_its_price_when_some_come_back(shop: Callable[..., Shop]) -> None:
    desk = shop(
        "  flash: {stage: price, price: {A: 10}, limit: {units: 2}, on_refund: {threshold: recalculate}}\n"
    )
    order = desk.sold(("A", 4, "100"))
    assert str(order.total) == "220.00 CNY"
    # Three are kept, two of them at the flash price: 120.
    assert desk.paid_back(order, L1=1) == "100.00"


def test_tax_on_top_of_prices_comes_back_with_the_goods(shop: Callable[..., Shop]) -> None:
    tax = "pricing: {tax: {included: false, rate: 13%}}\n"
    desk = shop(TIER, "{threshold: recalculate}", tax)
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    assert str(order.total) == "293.80 CNY"
    assert desk.paid_back(order, L2=1) == "180.80"
    assert desk.paid_back(order) == "113.00"


def test_a_refused_refund_gives_its_units_and_its_cents_back(shop: Callable[..., Shop]) -> None:
    desk = shop("  m: {stage: shop, minus: 0.01}\n")
    order = desk.sold(("A", 2, "0.04"))
    assert str(order.total) == "0.07 CNY"
    first, second = desk.asked(order, L1=1), desk.asked(order, L1=1)
    assert [str(one.amount.amount) for one in (first, second)] == ["0.03", "0.04"]
    desk.kit.fire(order.id, "拒绝", part=first.id, actor=SYSTEM)
    assert str(desk.asked(order).amount.amount) == "0.03"


# --- gift --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["{gift: charge, value: 30}", "{gift: return_or_pay, value: 30}"])
def test_a_gift_that_is_kept_and_no_longer_earned_is_paid(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(BAG, policy)
    order = desk.sold(("A", 2, "100"), ("B", 1, "200"))
    # 300 is kept at first, and the bag with it.
    assert desk.paid_back(order, L1=1) == "100.00"
    part = desk.asked(order, L2=1)
    assert why(part) == [("share", "", "L2", "200.00"), ("gift", "bag", None, "-30.00")]
    assert desk.paid_back(order, L1=1) == "100.00"


@pytest.mark.parametrize("policy", ["", "{gift: keep, value: 30}"])
def test_a_gift_that_may_be_kept_costs_nothing(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(BAG, policy)
    assert desk.paid_back(desk.sold(("A", 3, "100")), L1=3) == "300.00"


@pytest.mark.parametrize("policy", ["{gift: charge, value: 30}", "{gift: return_or_pay, value: 30}"])
def test_a_gift_that_comes_back_with_the_goods_is_not_paid(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(BAG, policy)
    assert desk.paid_back(desk.sold(("A", 3, "100")), L1=1, G1=1) == "100.00"
    assert desk.paid_back(desk.sold(("A", 3, "100"))) == "300.00"


def test_a_gift_that_comes_back_later_is_paid_back_unless_it_was_charged(shop: Callable[..., Shop]) -> None:
    desk = shop(BAG, "{gift: return_or_pay, value: 30}")
    order = desk.sold(("A", 3, "100"))
    assert [desk.paid_back(order, L1=1), desk.paid_back(order, G1=1)] == ["70.00", "30.00"]
    assert desk.paid_back(order) == "200.00"


def test_a_gift_that_was_charged_is_sold(shop: Callable[..., Shop]) -> None:
    desk = shop(BAG, "{gift: charge, value: 30}")
    order = desk.sold(("A", 3, "100"))
    assert [desk.paid_back(order, L1=1), desk.paid_back(order, G1=1)] == ["70.00", "0.00"]
    assert desk.paid_back(order) == "200.00"


def test_a_gift_without_a_value_costs_what_the_product_cost_when_it_was_given(
    shop: Callable[..., Shop],
) -> None:
    desk = shop(BAG, "{gift: charge}")
    order = desk.sold(("A", 3, "100"))
    assert order.policies[0].value == 5900
    assert desk.paid_back(order, L1=1) == "41.00"


def test_a_gift_is_charged_no_more_than_there_is_and_the_rest_next_time(shop: Callable[..., Shop]) -> None:
    desk = shop(BAG, "{gift: charge, value: 150}")
    order = desk.sold(("A", 3, "100"))
    assert [desk.paid_back(order, L1=1) for _ in range(3)] == ["0.00", "50.00", "100.00"]


# --- shipping ----------------------------------------------------------------------------------------------


def test_shipping_rebill_takes_the_fee_that_the_kept_goods_would_bear(shop: Callable[..., Shop]) -> None:
    desk = shop(FREE, "{shipping: rebill}", SENDING)
    order = desk.sold(("A", 2, "60"))
    assert str(order.total) == "120.00 CNY"
    part = desk.asked(order, L1=1)
    assert why(part) == [("share", "", "L1", "60.00"), ("shipping", "free", None, "-8.00")]
    # Nothing is kept in the end, so no fee is borne.
    assert desk.paid_back(order, L1=1) == "68.00"


def test_shipping_is_not_billed_again_while_it_is_earned_or_once_nothing_is_kept(
    shop: Callable[..., Shop],
) -> None:
    desk = shop(FREE, "{shipping: rebill}", SENDING)
    assert desk.paid_back(desk.sold(("A", 3, "60")), L1=1) == "60.00"
    assert desk.paid_back(desk.sold(("A", 2, "60")), L1=2) == "120.00"
    # The fee was paid, so there is nothing to bill again.
    assert desk.paid_back(desk.sold(("A", 1, "60")), L1=1) == "60.00"


@pytest.mark.parametrize("policy", ["", "{shipping: keep}"])
def test_shipping_keep_leaves_the_parcel_free(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(FREE, policy, SENDING)
    assert desk.paid_back(desk.sold(("A", 2, "60")), L1=1) == "60.00"


# --- coupon ------------------------------------------------------------------------------------------------


def test_a_code_is_free_again_once_all_was_paid_back_and_not_before(shop: Callable[..., Shop]) -> None:
    desk = shop(CODE, "{coupon: return_if_all_refunded}")
    code = desk.kit.coupons.draw("hello")[0]
    order = desk.sold(("A", 2, "60"), coupons=[code])

    def status() -> str:
        return dict(desk.kit.coupons.list("hello"))[code]

    assert desk.paid_back(order, L1=1) == "50.00"
    assert status() == "committed"
    last = desk.asked(order)
    # Who merely asks may be turned down.
    assert status() == "committed"
    desk.kit.fire(order.id, "退款", part=last.id, actor=SYSTEM)
    assert status() == "released"
    assert str(desk.sold(("A", 1, "60"), coupons=[code]).discount) == "20.00 CNY"


@pytest.mark.parametrize("policy", ["", "{coupon: lost}", "{coupon: split}"])
def test_a_code_that_is_lost_or_split_stays_used(shop: Callable[..., Shop], policy: str) -> None:
    desk = shop(CODE, policy)
    code = desk.kit.coupons.draw("hello")[0]
    order = desk.sold(("A", 2, "60"), coupons=[code])
    # The coupon's share of each unit is not paid back.
    assert [desk.paid_back(order, L1=1), desk.paid_back(order)] == ["50.00", "50.00"]
    assert dict(desk.kit.coupons.list("hello"))[code] == "committed"


def test_the_use_of_a_limit_comes_back_with_all_of_the_goods(shop: Callable[..., Shop]) -> None:
    desk = shop(
        "  once: {stage: coupon, code: ONCE, minus: 20, limit: {per_customer: 1, budget: 20},"
        " on_refund: {coupon: return_if_all_refunded}}\n"
    )
    order = desk.sold(("A", 1, "60"), coupons=["once"])
    assert str(desk.sold(("A", 1, "60"), coupons=["once"]).discount) == "0.00 CNY"
    assert desk.paid_back(order) == "40.00"
    assert str(desk.sold(("A", 1, "60"), coupons=["once"]).discount) == "20.00 CNY"


# --- what stands fast --------------------------------------------------------------------------------------


def test_an_old_order_keeps_its_policy_after_the_project_changed(shop: Callable[..., Shop]) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    edited = shop(TIER, "{threshold: keep}")
    assert edited.project.hash != desk.project.hash
    old = edited.kit.get(order.id)
    assert [(one.promotion, one.threshold) for one in old.policies] == [("m300", "recalculate")]
    assert old == order
    assert edited.paid_back(old, L2=1) == "160.00"
    new = edited.sold(("A", 1, "100"), ("B", 1, "200"))
    assert edited.paid_back(new, L2=1) == "173.33"


def test_without_the_promotion_it_was_bought_under_the_frozen_shares_are_paid(
    shop: Callable[..., Shop],
) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    assert desk.paid_back(order, L1=1) == "60.00"
    later = shop("  other: {stage: shop, minus: 1}\n")
    assert later.paid_back(order) == "200.00"
    again = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    assert [later.paid_back(again, L2=1), later.paid_back(again)] == ["173.33", "86.67"]


def test_only_promotions_that_applied_put_their_policy_on_the_order(shop: Callable[..., Shop]) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    assert desk.sold(("A", 1, "100")).policies == ()
    (policy,) = desk.sold(("A", 3, "100")).policies
    assert policy == RefundPolicy("m300", policy.span, "recalculate")


def test_an_amount_that_is_named_wins_over_every_policy(shop: Callable[..., Shop]) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.sold(("A", 1, "100"), ("B", 1, "200"))
    part = desk.kit.open(order.id, "refund", lines={"L2": 1}, amount=Money.of("170", "CNY")).parts[-1]
    assert (str(part.amount), part.rows) == ("170.00 CNY", ())
    # What it gave is not given again.
    assert desk.paid_back(order) == "90.00"


def test_no_more_is_refunded_than_was_paid(shop: Callable[..., Shop]) -> None:
    desk = shop(TIER, "{threshold: recalculate}")
    order = desk.kit.place({"lines": [{"sku": "A", "quantity": 3, "price": "100"}]})
    with pytest.raises(Refused, match="of the payments is left"):
        desk.kit.refund(order.id)


def test_the_host_s_products_are_asked_for_what_is_kept(tmp_path: Path) -> None:
    text = (
        HEAD.replace("file: data/products.csv, fields: {", "host: true, fields: {brand: text, ")
        + "pricing: {goods: {acme: {fields: {brand: acme}}}}\npromotions:\n"
        "  m: {stage: shop, goods: acme, tiers: [满300减40, 满100减10], on_refund: {threshold: recalculate}}\n"
    )
    (tmp_path / "orderkit.yaml").write_text(text, encoding="utf-8")
    rows = {"customers": lambda _: {"name": "x"}, "products": lambda _: {"brand": "acme"}}
    with Kit(orderkit.load(tmp_path), tables=rows, clock=SimulatedClock(NOW)) as kit:
        order = kit.place({"lines": [{"sku": "A", "quantity": 3, "price": "100"}]})
        kit.fire(order.id, "支付", actor=SYSTEM)
        # Two at 200 less 10 are kept of 260.
        assert str(kit.refund(order.id, lines={"L1": 1}).parts[-1].amount) == "70.00 CNY"
