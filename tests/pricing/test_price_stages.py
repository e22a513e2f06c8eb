from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from orderkit.domain.price import MissReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.domain.price import Price

SHOP = """\
pricing:
  customers: {gold: {level: gold}}
  shipping: {fee: 8, free_over: 99}
promotions:
  gold_price: {name: 金卡会员价, stage: price, customers: gold, price: {SKU-1: 89}}
  m300:       {name: 满300减40, stage: shop, tiers: [{spend: 300, minus: 40}]}
  new20:      {name: 新人券, stage: coupon, code: NEW20, spend: 199, minus: 20, limit: {per_customer: 1}}
"""
GOLD = {"level": "gold"}


def _rows(price: Price) -> list[tuple[str, str | None, str, str]]:
    return [(row.promotion, row.line, str(row.amount.amount), str(row.span)) for row in price.adjustments]


def _reasons(price: Price) -> dict[str, str]:
    return {one.promotion or one.label: one.reason.value for one in price.missed}


def test_member_price_and_threshold_and_free_shipping_of_the_seed_shop(priced: Callable[..., Price]) -> None:
    price = priced(SHOP, ("SKU-1", 4, "100"), customer=GOLD)
    assert str(price.total) == "316.00 CNY"
    assert price.promotions == ("gold_price", "m300")
    assert (price.subtotal.minor, price.discount.minor, price.shipping.minor) == (40000, 8400, 0)


def test_free_shipping_as_a_promotion_of_its_own_is_named(priced: Callable[..., Price]) -> None:
    text = """\
pricing:
  goods:     {apparel: {category: [服饰, 鞋靴], except: {sku: GIFT-01}}}
  customers: {gold: {level: [gold, black]}}
  shipping:  {fee: 8}
promotions:
  m300:       {name: 618满减, stage: shop, active: 2026-06-16 20:00 .. 2026-06-20 24:00, goods: apparel,
               tiers: [{spend: 300, minus: 40}, {spend: 500, minus: 80}]}
  gold_price: {name: 金卡会员价, stage: price, customers: gold, price: {SKU-1: 89, SKU-2: 158.5}}
  ship99:     {name: 满99包邮, stage: shipping, spend: 99, free: shipping}
"""
    price = priced(text, ("SKU-1", 4, "100", "服饰"), customer=GOLD)
    assert str(price.total.amount) == "316.00"
    assert price.promotions == ("gold_price", "m300", "ship99")


def test_without_a_promotion_the_fee_is_added(priced: Callable[..., Price]) -> None:
    price = priced(SHOP, ("A100", 2, "45"))
    assert str(price.total.amount) == "98.00"
    assert price.promotions == ()
    assert priced(SHOP, ("A100", 2, "100")).total.minor == 20000


def test_every_amount_is_a_row_with_its_line_of_yaml(priced: Callable[..., Price]) -> None:
    price = priced(SHOP, ("SKU-1", 4, "100"), ("SKU-2", 3, "19.90"), customer=GOLD, coupons=(" ｎew20 ",))
    assert _rows(price) == [
        ("gold_price", "L1", "-44.00", "shop.yaml:5:3"),
        ("m300", "L1", "-34.26", "shop.yaml:6:52"),
        ("m300", "L2", "-5.74", "shop.yaml:6:52"),
        ("new20", "L1", "-17.13", "shop.yaml:7:3"),
        ("new20", "L2", "-2.87", "shop.yaml:7:3"),
        ("", None, "-8.00", "shop.yaml:3:22"),
    ]
    assert [row.base.minor for row in price.adjustments] == [40000, 35600, 5970, 32174, 5396, 800]
    assert price.adjustments[1].exact == Decimal("-34.255473")
    assert price.fee.minor == 800
    assert price.uses == ("gold_price", "m300", "new20")


def test_a_table_price_never_raises_and_each_line_has_the_best_one(priced: Callable[..., Price]) -> None:
    text = """\
promotions:
  member: {stage: price, price: {A: 89, B: 158.5, C: 20}}
  flash:  {stage: price, price: {A: 95, B: 150}}
  all5:   {stage: price, percent_off: 5}
"""
    price = priced(text, ("A", 1, "100"), ("B", 2, "160"), ("C", 1, "10"), ("D", 1, "10.10"))
    assert [str(line.net.amount) for line in price.lines] == ["89.00", "300.00", "9.50", "9.59"]
    assert price.promotions == ("member", "flash", "all5")
    assert price.proven
    assert [(row.promotion, row.note) for row in price.adjustments[:2]] == [
        ("member", "@ 89"),
        ("flash", "@ 150"),
    ]


def test_a_table_price_above_the_list_price_is_missed(priced: Callable[..., Price]) -> None:
    price = priced("promotions:\n  member: {stage: price, price: {A: 120}}\n", ("A", 1, "100"))
    assert price.total.minor == 10000
    assert _reasons(price) == {"member": "no_effect"}


def test_unit_prices_finer_than_the_currency_round_once_per_line(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  bulk: {stage: price, price: {SCREW: 0.0125}}\n"
    price = priced(text, ("SCREW", 1000, "0.0155"))
    assert (price.subtotal.minor, price.total.minor) == (1550, 1250)


@pytest.mark.parametrize(
    ("benefit", "paid"),
    [
        ("minus: 30", "170.00"),
        ("minus: 500", "0.00"),
        ("percent_off: 33.333%", "133.33"),
        ("percent_off: 100", "0.00"),
        ("percent_off: 50, at_most: 30", "170.00"),
        ("zhe: 8", "160.00"),
        ("zhe: 8.8", "176.00"),
        ("every_spend: 60, minus: 10", "170.00"),
        ("every_spend: 60, minus: 10, at_most: 25", "175.00"),
        ("tiers: [满100减10, 满200减30, 满300减60]", "170.00"),
        ("tiers: [满2件9折, {units: 3, zhe: 7}]", "140.00"),
        ("tiers: [{spend: 100, percent_off: 10}, {spend: 200, percent_off: 20, at_most: 15}]", "185.00"),
        ("spend: 200, minus: 1", "199.00"),
        ("spend: 200.01, minus: 1", "200.00"),
        ("units: 3, minus: 1", "199.00"),
        ("units: 4, minus: 1", "200.00"),
    ],
)
def test_benefits(priced: Callable[..., Price], benefit: str, paid: str) -> None:
    price = priced(f"promotions:\n  p: {{stage: shop, {benefit}}}\n", ("A", 2, "50"), ("B", 1, "100"))
    assert str(price.total.amount) == paid


def test_a_percentage_rounds_once_over_the_scope_and_per_line_in_unit_stages(
    priced: Callable[..., Price],
) -> None:
    lines = [(f"S{number}", 1, "0.05") for number in range(10)]
    assert priced("promotions:\n  p: {stage: shop, percent_off: 10}\n", *lines).discount.minor == 5
    assert priced("promotions:\n  p: {stage: item, percent_off: 10}\n", *lines).discount.minor == 10
    capped = "promotions:\n  p: {stage: item, percent_off: 10, at_most: 0.03}\n"
    assert priced(capped, *lines).discount.minor == 3


@pytest.mark.parametrize(
    ("rounding", "paid"), [("half_up", 9), ("half_even", 10), ("half_down", 10), ("down", 10), ("up", 9)]
)
def test_rounding_is_of_the_magnitude_taken_off(
    priced: Callable[..., Price], rounding: str, paid: int
) -> None:
    text = f"pricing: {{rounding: {rounding}}}\npromotions:\n  p: {{stage: shop, percent_off: 5}}\n"
    assert priced(text, ("A", 1, "0.10")).total.minor == paid


def test_currencies_without_decimals_and_with_three(priced: Callable[..., Price]) -> None:
    text = "pricing: {shipping: {fee: 250}}\npromotions:\n  p: {stage: shop, spend: 1000, percent_off: 15}\n"
    yen = priced(text, ("A", 3, "333"), ("B", 1, "2"), project_currency="JPY", currency="JPY")
    assert (yen.subtotal.minor, yen.discount.minor, yen.total.minor) == (1001, 150, 1101)
    assert str(yen.total) == "1101 JPY"
    text = "promotions:\n  p: {stage: shop, percent_off: 10}\n  c: {stage: coupon, code: X, minus: 0.005}\n"
    dinar = priced(text, ("A", 1, "1.235"), project_currency="KWD", currency="KWD", coupons=["x"])
    assert [str(row.amount.amount) for row in dinar.adjustments] == ["-0.124", "-0.005"]
    assert str(dinar.total) == "1.106 KWD"


def test_values_per_currency(priced: Callable[..., Price]) -> None:
    text = """\
pricing: {goods: {dear: {price: 80 ..}}, shipping: {fee: {CNY: 8, USD: 2}}}
promotions:
  both: {stage: shop, spend: {CNY: 300, USD: 45}, minus: {CNY: 40, USD: 6}}
  yuan: {stage: coupon, code: Y, minus: 5}
  usd:  {stage: platform, minus: 1.50 USD}
  band: {stage: points, goods: dear, percent_off: 1}
  any:  {stage: points, goods: {sku: Z}, percent_off: 1}
"""
    price = priced(text, ("A", 1, "100"), currency="USD", coupons=("Y",))
    assert (price.total.minor, price.promotions) == (10000 - 600 - 150 + 200, ("both", "usd"))
    assert _reasons(price) == {"yuan": "currency", "band": "currency", "any": "goods"}
    price = priced(text, ("A", 4, "100"), coupons=("Y",))
    assert price.promotions == ("both", "yuan", "band")
    rial = priced(text, ("A", 4, "100"), currency="SAR")
    assert rial.shipping.minor == 0
    assert _reasons(rial)["shipping.fee"] == "currency"


def test_thresholds_and_bases_may_look_at_list(priced: Callable[..., Price]) -> None:
    def text(section: str, own: str) -> str:
        return f"""\
pricing: {{{section}}}
promotions:
  first:  {{stage: shop, minus: 50}}
  second: {{stage: coupon, code: C, spend: 200, percent_off: 10{own}}}
"""

    def paid(section: str, own: str) -> int:
        return priced(text(section, own), ("A", 2, "100"), coupons=("C",)).total.minor

    assert paid("thresholds: net", "") == 15000
    assert paid("thresholds: list", "") == 13500
    assert paid("thresholds: list, base: list", "") == 13000
    assert paid("thresholds: list", ", base: list") == 13000
    assert paid("thresholds: list", ", thresholds: net") == 15000


def test_goods_by_sku_category_price_and_exception(priced: Callable[..., Price]) -> None:
    text = """\
pricing:
  goods:
    drinks: {category: 饮料}
    cheap:  {set: drinks, price: .. 5}
promotions:
  p: {stage: item, goods: {category: [饮料, 零食], except: [{sku: NO}, cheap]}, percent_off: 50}
"""
    price = priced(
        text,
        ("A", 1, "10", "饮料"),
        ("B", 1, "10", "零食"),
        ("NO", 1, "10", "零食"),
        ("C", 1, "5", "饮料"),
        ("D", 1, "10", "书"),
        ("E", 1, "10"),
    )
    assert [line.discount.minor for line in price.lines] == [500, 500, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("customers", "customer", "orders", "applies"),
    [
        ("{level: gold}", GOLD, None, True),
        ("{level: [gold, black]}", {"level": "normal"}, None, False),
        ("{level: gold}", None, 0, False),
        ("{orders: 0}", None, 0, True),
        ("{orders: 0}", GOLD, 1, False),
        ("{orders: 0}", GOLD, None, False),
        ("{orders: 2 ..}", GOLD, 3, True),
        ("{vip: true, children: [1, 2]}", {"vip": True, "children": 2}, None, True),
        ("{vip: true, children: [1, 2]}", {"vip": True, "children": 3}, None, False),
        ("{city: 杭州}", {"city": "杭州"}, None, True),
    ],
)
def test_customers(
    priced: Callable[..., Price], customers: str, customer: object, orders: int | None, *, applies: bool
) -> None:
    text = f"promotions:\n  p: {{stage: shop, customers: {customers}, minus: 1}}\n"
    price = priced(text, ("A", 1, "10"), customer=customer, orders_before=orders)
    assert price.promotions == (("p",) if applies else ())
    assert applies or _reasons(price) == {"p": "customers"}


@pytest.mark.parametrize(
    ("active", "hours", "applies"),
    [
        ("2026-06-16 20:00 .. 2026-06-20 24:00", (2026, 6, 20, 23, 59), True),
        ("2026-06-16 20:00 .. 2026-06-20 24:00", (2026, 6, 21, 0, 0), False),
        ("2026-06-16 20:00 .. 2026-06-20 24:00", (2026, 6, 16, 20, 0), True),
        ("2026-06-16 20:00 .. 2026-06-20 24:00", (2026, 6, 16, 19, 59), False),
        ("2026-06-16 ..", (2030, 1, 1, 0, 0), True),
        (".. 2026-06-16", (2026, 6, 16, 0, 0), False),
    ],
)
def test_periods_end_exclusive(
    priced: Callable[..., Price], active: str, hours: tuple[int, ...], *, applies: bool
) -> None:
    year, month, day, hour, minute = hours
    at = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    price = priced(f"promotions:\n  p: {{stage: shop, active: {active}, minus: 1}}\n", ("A", 1, "10"), at=at)
    assert price.promotions == (("p",) if applies else ())


def test_conditions_see_amounts_as_earlier_stages_left_them(priced: Callable[..., Price]) -> None:
    text = """\
pricing: {shipping: {fee: 5}}
promotions:
  first: {stage: shop, minus: 50}
  ok:    {stage: coupon, code: A, if: order.total == 155 and order.discount == 50, minus: 10}
  no:    {stage: platform, if: sum(line.net for line in order.lines) > 140, minus: 10}
  empty: {stage: points, if: order.weight > 1, minus: 10}
"""
    price = priced(text, ("A", 2, "100"), coupons=("a",), env={"order": {"weight": None}})
    assert price.promotions == ("first", "ok")
    assert _reasons(price) == {"no": "condition", "empty": "not_computable"}
    # A bare number beside money is of the project's currency: it says nothing about another.
    assert _reasons(priced(text, ("A", 2, "100"), coupons=("a",), currency="USD"))["ok"] == "currency"


def test_channel_limit_and_codes(priced: Callable[..., Price]) -> None:
    text = """\
promotions:
  mini:  {stage: shop, channel: [mini, app], minus: 1}
  ten:   {stage: coupon, code: TEN, minus: 10, limit: {per_customer: 1, total: 100}}
  old:   {name: 老券, stage: coupon, code: OLD, active: .. 2020-01-01, minus: 10}
"""
    price = priced(
        text, ("A", 1, "50"), channel="tmall", coupons=("ten", "old", "nope", "NOPE"), limits={"ten": 0}
    )
    assert price.total.minor == 5000
    assert _reasons(price) == {"mini": "channel", "ten": "limit", "old": "period", "nope": "unknown_code"}
    price = priced(text, ("A", 1, "50"), channel="app", coupons=("TEN",), limits={"ten": 1})
    assert price.promotions == ("mini", "ten")
    assert _reasons(price) == {"old": "period"}
    assert _reasons(priced(text, ("A", 1, "50")))["ten"] == "code"


def test_shipping_promotions_act_on_the_fee_only(priced: Callable[..., Price]) -> None:
    text = """\
pricing: {shipping: {fee: 9.99}}
promotions:
  half:  {stage: shipping, percent_off: 50}
  three: {stage: shipping, minus: 3}
  ship:  {stage: shipping, spend: 99, free: shipping}
"""
    price = priced(text, ("A", 1, "50"))
    assert (price.total.minor, price.shipping.minor, price.promotions) == (5499, 499, ("half",))
    assert price.adjustments[0].rate == Decimal("0.5")
    assert _reasons(price) == {"three": "better", "ship": "spend"}
    assert price.missed[0].short_by == price.subtotal.of("49", "CNY")
    free = priced(text, ("A", 2, "50"))
    assert (free.shipping.minor, free.promotions, _reasons(free)) == (
        0,
        ("ship",),
        {"half": "no_effect", "three": "no_effect"},
    )
    assert priced(text, ("A", 1, "50"), shipping=2000).shipping.minor == 1000


def test_free_shipping_leaves_a_row_also_where_nothing_was_due(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  ship: {stage: shipping, free: shipping}\n"
    price = priced(text, ("A", 1, "50"))
    assert [(row.promotion, row.amount.minor) for row in price.adjustments] == [("ship", 0)]
    assert (price.promotions, price.uses) == (("ship",), ())


def test_own_stages_in_their_own_order(priced: Callable[..., Price]) -> None:
    text = """\
pricing: {stages: [coupon, {name: 会员日, works_on: units}]}
promotions:
  day:  {stage: 会员日, percent_off: 10}
  ten:  {stage: coupon, code: TEN, minus: 10}
"""
    price = priced(text, ("A", 1, "50"), coupons=("TEN",))
    assert (price.promotions, price.total.minor) == (("ten", "day"), 3600)


def test_who_pays_is_split_to_the_cent(priced: Callable[..., Price]) -> None:
    text = """\
promotions:
  p: {stage: shop, minus: 0.03, paid_by: {platform: 50%, shop: 50%}}
  q: {stage: coupon, code: Q, minus: 1, paid_by: 品牌方}
"""
    price = priced(text, ("A", 1, "1"), ("B", 1, "1"), ("C", 1, "1"), coupons=("q",))
    borne = [{payer: part.minor for payer, part in row.paid_by} for row in price.adjustments]
    assert borne[:3] == [
        {"platform": -1, "shop": 0},
        {"platform": 0, "shop": -1},
        {"platform": -1, "shop": 0},
    ]
    assert all(list(row) == ["品牌方"] for row in borne[3:])


def test_what_is_missed_tells_the_exact_shortfall(priced: Callable[..., Price]) -> None:
    text = """\
promotions:
  m300:  {name: 618满减, stage: shop, tiers: [满300减40, 满500减80]}
  units: {stage: item, goods: {sku: B}, tiers: [{units: 2, zhe: 8}, {units: 5, zhe: 7}]}
  every: {stage: platform, every_spend: 1000, minus: 10}
"""
    price = priced(text, ("A", 1, "320"), ("B", 1, "12"))
    missed = {one.promotion: one for one in price.missed}
    assert (missed["m300"].reason, str(missed["m300"].short_by)) == (MissReason.NEXT_TIER, "168.00 CNY")
    assert (missed["units"].reason, missed["units"].short_by) == (MissReason.UNITS, 1)
    assert (missed["every"].reason, str(missed["every"].short_by)) == (MissReason.SPEND, "708.00 CNY")
    assert missed["m300"].text("zh") == "还差 168.00 可享下一档"
    assert missed["units"].text() == "1 more unit"
    price = priced(text, ("B", 3, "12"))
    missed = {one.promotion: one for one in price.missed}
    assert missed["units"].text("en") == "2 more units for the next tier"
    assert missed["units"].text("zh") == "还差 2 件可享下一档"


def test_an_empty_cart_costs_nothing(priced: Callable[..., Price]) -> None:
    price = priced(SHOP)
    assert (price.total.minor, price.lines, price.promotions) == (0, (), ())
    assert price.explain()


def test_large_amounts_stay_exact(priced: Callable[..., Price]) -> None:
    price = priced("promotions:\n  p: {stage: shop, percent_off: 50}\n", ("A", 10**9, "99999999999999.9999"))
    assert price.subtotal.minor == 999999999999999999 * 10**9 // 100
    assert price.total.minor * 2 == price.subtotal.minor
