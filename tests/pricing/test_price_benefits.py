"""What promotions give: YAML in, cents out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from orderkit._pricing.engine import Left

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.domain.price import Price

SETS = "pricing:\n  goods: {drinks: {category: 饮料}, books: {category: 图书}, phones: {category: 手机}}\n"
TEA = ("TEA", 1, "12", "饮料")


def shop(promotion: str, more: str = "") -> str:
    return f"{SETS}{more}promotions:\n  p: {{{promotion}}}\n"


def rows(price: Price) -> list[tuple[str | None, int, int]]:
    return [(row.line, row.units, row.amount.minor) for row in price.adjustments]


BENEFITS: dict[str, tuple[str, list[tuple[Any, ...]], int]] = {
    # Every second bottle at half price: five bottles make two groups.
    "第二件半价": ("stage: item, goods: drinks, every_units: 2, percent_off: 50", [("TEA", 5, "12", "饮料")], 4800),
    "第二件半价 over lines, the second one of each pair": (
        "stage: item, goods: drinks, every_units: 2, percent_off: 50",
        [("TEA", 1, "12", "饮料"), ("COLA", 1, "4", "饮料")],
        1400,
    ),
    "第二件半价, the cheapest": (
        "stage: item, goods: drinks, every_units: 2, percent_off: 50, pick: cheapest",
        [("COLA", 1, "4", "饮料"), ("TEA", 1, "12", "饮料")],
        1400,
    ),
    "the dearest": (
        "stage: item, goods: drinks, every_units: 2, percent_off: 50, pick: dearest",
        [("COLA", 1, "4", "饮料"), ("TEA", 1, "12", "饮料")],
        1000,
    ),
    "买四免二": (
        "stage: item, goods: books, every_units: 4, get: 2, percent_off: 100",
        [("B", 9, "10", "图书")],
        5000,
    ),
    "买四免二 at most once": (
        "stage: item, goods: books, every_units: 4, get: 2, percent_off: 100, times: 1",
        [("B", 9, "10", "图书")],
        7000,
    ),
    "买四免二 once a line": (
        "stage: item, goods: books, every_units: 4, get: 2, percent_off: 100, times: {per_line: 1}",
        [("B", 9, "10", "图书"), ("C", 4, "20", "图书")],
        7000 + 4000,
    ),
    "an amount off each full group": (
        "stage: item, goods: books, every_units: 3, minus: 5",
        [("B", 7, "10", "图书")],
        6000,
    ),
    "an amount off groups is capped at their value": (
        "stage: item, goods: books, every_units: 2, minus: 50",
        [("B", 2, "10", "图书")],
        0,
    ),
    "a set of two things": (
        "stage: item, bundle: {A: 1, B: 2}, for: 199",
        [("A", 2, "120"), ("B", 5, "60")],
        2 * 19900 + 6000,
    ),
    "a set never raises a price": ("stage: item, bundle: {A: 1, B: 1}, for: 199", [("A", 1, "90"), ("B", 1, "60")], 15000),
    "任选3件100元": (
        "stage: item, goods: drinks, any: 3, for: 100",
        [("X", 2, "50", "饮料"), ("Y", 2, "40", "饮料"), ("Z", 3, "45", "饮料")],
        20000 + 4500,
    ),
    "buy a phone, its accessory is free": (
        "stage: item, goods: {sku: CASE}, buy: {goods: phones, units: 1}, get: 1, percent_off: 100",
        [("PHONE", 1, "999", "手机"), ("CASE", 2, "20")],
        99900 + 2000,
    ),
    "buy a phone, accessories are cheaper": (
        "stage: item, goods: {sku: CASE}, buy: {goods: phones, units: 1}, percent_off: 20",
        [("PHONE", 1, "999", "手机"), ("CASE", 2, "20")],
        99900 + 3200,
    ),
    "buy two of the same, get one": (
        "stage: item, goods: drinks, buy: {goods: drinks, units: 2}, get: 1, percent_off: 100",
        [("TEA", 5, "12", "饮料")],
        4800,
    ),
    "an amount off each unit": ("stage: item, minus: 3, per: unit", [("A", 4, "10")], 2800),
    "an amount off each unit is capped at its price": ("stage: item, minus: 30, per: unit", [("A", 4, "10")], 0),
    "an amount off each line": ("stage: item, minus: 3, per: line", [("A", 4, "10"), ("B", 1, "2")], 3700),
    "a price for more units": (
        "stage: price, goods: books, tiers: [{units: 3, price: 9}, {units: 10, price: 8}]",
        [("B", 4, "10", "图书")],
        3600,
    ),
    "different goods": ("stage: shop, distinct: 2, minus: 5", [("A", 1, "10"), ("B", 1, "10")], 1500),
    "different goods, too few": ("stage: shop, distinct: 2, minus: 5", [("A", 2, "10")], 2000),
    "goods that have to be there": ("stage: shop, contains: [books], minus: 5", [("A", 1, "10"), ("B", 1, "10", "图书")], 1500),
    "any of two conditions": (
        "stage: shop, minus: 5, when: {any: [{spend: 1000}, {units: 2, channel: app}, {units: 3}]}",
        [("A", 3, "10")],
        2500,
    ),
    "all of two conditions": (
        "stage: shop, minus: 5, when: {all: [{units: 3}, {spend: 31}]}",
        [("A", 3, "10")],
        3000,
    ),
    "only what is not discounted yet": (
        "stage: shop, goods: {discounted: false}, percent_off: 10",
        [("A", 1, "10")],
        900,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BENEFITS)
def test_a_promotion_gives(priced: Callable[..., Price], name: str) -> None:
    promotion, lines, total = BENEFITS[name]
    price = priced(shop(promotion), *lines)
    assert price.total.minor == total, price.explain()


def test_units_that_only_complete_a_group_have_a_row_of_nothing(priced: Callable[..., Price]) -> None:
    price = priced(
        shop("stage: item, goods: drinks, every_units: 2, percent_off: 50"), TEA, ("COLA", 1, "4", "饮料")
    )
    assert sorted(rows(price)) == [("L1", 1, 0), ("L2", 1, -200)]


def test_what_had_to_be_bought_has_a_row_of_nothing(priced: Callable[..., Price]) -> None:
    text = shop("stage: item, goods: {sku: CASE}, buy: {goods: phones}, get: 1, percent_off: 100")
    price = priced(text, ("PHONE", 1, "999", "手机"), ("CASE", 1, "20"))
    assert sorted(rows(price)) == [("L1", 0, 0), ("L2", 1, -2000)]


def test_two_groups_of_offers_share_the_units_of_one_line(priced: Callable[..., Price]) -> None:
    # Seven bottles: two sets of three for 30, and the seventh at 10% off.
    text = (
        f"{SETS}promotions:\n  three: {{stage: item, goods: drinks, any: 3, for: 30}}\n"
        "  ten: {stage: item, goods: drinks, percent_off: 10}\n"
    )
    price = priced(text, ("TEA", 7, "12", "饮料"))
    assert (price.promotions, price.total.minor, price.proven) == (("three", "ten"), 6000 + 1080, True)


def test_the_first_units_have_the_flash_price_and_the_rest_the_next_best(
    priced: Callable[..., Price],
) -> None:
    text = (
        "promotions:\n"
        "  flash: {stage: price, price: {A: 9.9}, limit: {units: 1000, units_per_customer: 2}, not_with: coupon}\n"
        "  gold: {stage: price, price: {A: 80}}\n"
        "  ten: {stage: coupon, code: TEN, percent_off: 10}\n"
    )
    price = priced(text, ("A", 5, "100"), left=Left(units={"flash": 2}), coupons=("TEN",))
    # 2 x 9.90 and 3 x 80; the coupon does not see the flash units.
    assert rows(price) == [("L1", 2, -18020), ("L1", 3, -6000), ("L1", 3, -2400)]
    assert price.total.minor == 1980 + 24000 - 2400
    gone = priced(text, ("A", 5, "100"), left=Left(units={"flash": 0}))
    assert [(one.promotion, one.reason.value) for one in gone.missed][:1] == [("flash", "limit")]


def test_a_limit_may_refuse_units_beyond_it(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  flash: {stage: price, price: {A: 9}, limit: {units: 3}, beyond_limit: refuse}\n"
    price = priced(text, ("A", 5, "100"), left=Left(units={"flash": 3}))
    assert [(one.promotion, one.short_by, one.text("zh")) for one in price.refused] == [
        ("flash", 2, "超出限量 2 件")
    ]


def test_a_gift_is_given_along_or_its_stand_in(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  bag: {stage: shop, spend: 399, gift: {sku: BAG, units: 2, else: CUP}}\n"
    assert [(one.sku, one.quantity) for one in priced(text, ("A", 4, "100")).gifts] == [("BAG", 2)]
    out = priced(text, ("A", 4, "100"), left=Left(stock={"BAG": 1}))
    assert [(one.sku, one.quantity) for one in out.gifts] == [("CUP", 2)]
    neither = priced(text, ("A", 4, "100"), left=Left(stock={"BAG": 1, "CUP": 0}))
    assert (neither.gifts, neither.missed[0].reason.value) == ((), "stock")
    assert rows(out) == [("L1", 4, 0)]


def test_a_gift_does_not_compete_and_takes_no_goods(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  bag: {stage: shop, spend: 100, gift: BAG}\n  m: {stage: shop, spend: 100, minus: 10}\n"
    price = priced(text, ("A", 1, "105"))
    # Judged beside the winner: on 95 the bag's threshold is not reached any more.
    assert (price.promotions, price.gifts) == (("m",), ())
    assert priced(text, ("A", 1, "110")).promotions == ("m", "bag")


def test_points_are_given_and_points_pay(priced: Callable[..., Price]) -> None:
    text = (
        "pricing:\n  points: {worth: 0.01, at_most: 50%}\n"
        "promotions:\n  p: {stage: shop, spend: 100, points: 30}\n"
    )
    price = priced(text, ("A", 1, "100"), ("B", 1, "50"), points=9000)
    assert (price.points_earned, price.points_used, price.total.minor) == (30, 7500, 7500)
    few = priced(text, ("A", 1, "100"), points=1234)
    assert (few.points_used, few.total.minor) == (1234, 10000 - 1234)


def test_an_exclusive_promotion_applies_alone_in_all_stages(priced: Callable[..., Price]) -> None:
    text = (
        "promotions:\n"
        "  gold: {stage: price, price: {A: 90}}\n"
        "  x: {stage: shop, spend: 100, minus: 5, exclusive: true}\n"
        "  y: {stage: shop, spend: 100, minus: 9, exclusive: true}\n"
        "  z: {stage: shop, spend: 900, minus: 500, exclusive: true, priority: 9}\n"
        "  ship: {stage: shipping, free: shipping}\n"
    )
    price = priced(text, ("A", 1, "100"))
    assert (price.promotions, price.total.minor) == (("y",), 9100)
    assert {one.promotion: one.reason.value for one in price.missed}["gold"] == "exclusive"
    assert priced(text, ("A", 1, "99")).promotions == ("gold", "ship")


def test_the_shop_may_have_the_best_choice(priced: Callable[..., Price]) -> None:
    text = (
        "pricing: {best_for: shop}\npromotions:\n  a: {stage: shop, minus: 5}\n  b: {stage: shop, minus: 9}\n"
    )
    assert priced(text, ("A", 1, "100")).promotions == ("a",)


def test_the_fee_may_be_one_more_share(priced: Callable[..., Price]) -> None:
    text = "pricing: {shipping: {fee: 10}}\npromotions:\n  p: {stage: shop, minus: 11, with_shipping: true}\n"
    price = priced(text, ("A", 1, "100"))
    assert rows(price) == [("L1", 1, -1000), (None, 0, -100)]
    assert (price.shipping.minor, price.total.minor) == (900, 9900)


def test_a_budget_counts_the_discount_of_the_whole_order(priced: Callable[..., Price]) -> None:
    text = "promotions:\n  p: {stage: shop, percent_off: 50, limit: {budget: 1000}}\n"
    lines = [("A", 1, "1200"), ("B", 1, "1200")]
    assert priced(text, *lines, left=Left(money={"p": 119999})).missed[0].reason.value == "limit"
    assert priced(text, *lines, left=Left(money={"p": 120000})).total.minor == 120000


def test_no_unit_goes_below_its_floor_and_the_rest_finds_room(priced: Callable[..., Price]) -> None:
    text = "pricing: {floor: cost}\npromotions:\n  p: {stage: shop, minus: 30}\n"
    price = priced(text, ("A", 1, "50"), ("B", 1, "50"), attributes=[{"cost": 45}, {}])
    assert [row[2] for row in rows(price)] == [-500, -2500]
    full = priced(text, ("A", 1, "50"), attributes=[{"cost": 45}])
    assert full.total.minor == 4500


NIGHT = datetime(2026, 6, 18, 22, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_days_hours_and_ways_of_paying(priced: Callable[..., Price]) -> None:
    text = shop("stage: shop, minus: 1, weekdays: [thu, fri], hours: [10:00 .. 12:00, 22:00 .. 24:00]")
    assert priced(text, TEA, at=NIGHT).promotions == ("p",)
    assert priced(text, TEA, at=NIGHT.replace(hour=12)).missed[0].reason.value == "period"
    assert priced(text, TEA, at=NIGHT.replace(day=17)).missed[0].reason.value == "period"
    card = shop("stage: shop, minus: 1, payment: card")
    assert priced(card, TEA, payment="card").promotions == ("p",)
    assert priced(card, TEA, payment="alipay").missed[0].text("zh") == "不适用于此支付方式"


def test_customers_who_have_not_bought_for_long(priced: Callable[..., Price]) -> None:
    text = shop("stage: shop, minus: 1, customers: {idle_days: 90 ..}")
    assert priced(text, TEA, customer={}, idle_days=90).promotions == ("p",)
    assert priced(text, TEA, customer={}, idle_days=89).promotions == ()
    assert priced(text, TEA, customer={}).promotions == ()


TAXED = "pricing:\n  goods: {books: {category: 图书}}\n  shipping: {fee: 10.60}\n  tax: {INCLUDED, rate: 13%, rates: {books: 9%}, shipping: 6%}\n"


def test_tax_is_taken_from_what_is_left_and_mixed_rates_stay_apart(priced: Callable[..., Price]) -> None:
    text = TAXED.replace("INCLUDED", "included: true") + "promotions:\n  p: {stage: shop, minus: 20}\n"
    price = priced(text, ("A", 1, "113"), ("B", 1, "109", "图书"))
    nets = [line.net.minor for line in price.lines]
    taxes = [line.tax.minor for line in price.lines if line.tax is not None]
    assert sum(nets) == 20200
    assert taxes == [round(nets[0] * 13 / 113), round(nets[1] * 9 / 109)]
    assert (price.tax.minor, price.total.minor) == (sum(taxes) + 60, 20200 + 1060)


def test_tax_on_top_and_all_off_leaves_nothing(priced: Callable[..., Price]) -> None:
    text = TAXED.replace("INCLUDED", "included: false")
    price = priced(text, ("A", 3, "9.99"), shipping=0)
    assert (price.tax.minor, price.total.minor) == (390, 2997 + 390)
    free = priced(text + "promotions:\n  p: {stage: shop, percent_off: 100}\n", ("A", 3, "9.99"), shipping=0)
    assert (free.tax.minor, free.total.minor) == (0, 0)


def test_tax_may_be_rounded_once_for_each_rate(priced: Callable[..., Price]) -> None:
    each = "pricing: {tax: {included: false, rate: 13%}}\n"
    once = "pricing: {tax: {included: false, rate: 13%, round: rate}}\n"
    lines = [("A", 1, "0.05"), ("B", 1, "0.05"), ("C", 1, "0.05")]
    assert (priced(each, *lines).tax.minor, priced(once, *lines).tax.minor) == (3, 2)
    assert sum(line.tax.minor for line in priced(once, *lines).lines if line.tax is not None) == 2


def test_amounts_with_tax_on_prices_without(priced: Callable[..., Price]) -> None:
    # 320 net is 361.60 with tax: a threshold of 350 in gross amounts is reached.
    text = "pricing: {tax: {included: false, rate: 13%}}\npromotions:\n  p: {stage: shop, spend: 350, minus: 113, amounts: AMOUNTS}\n"
    gross = priced(text.replace("AMOUNTS", "gross"), ("A", 1, "320"))
    assert (gross.discount.minor, gross.total.minor) == (10000, 36160 - 11300)
    assert priced(text.replace("AMOUNTS", "net"), ("A", 1, "320")).promotions == ()
