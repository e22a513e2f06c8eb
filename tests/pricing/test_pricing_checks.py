from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from orderkit._diagnostics.catalog.pricing import CODES
from orderkit._pricing.benefit import FreeShipping, PercentOff

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._pricing.engine import PricingProgram

# Each text with what is found, as code@line:column and the suggestion; line 2 is the promotion.
MISTAKES = [
    ("promotions:\n  p: {stage: shop}\n", ["OK701@2:3"]),
    ("promotions:\n  p: {stage: shop, minus: 1, zhe: 8}\n", ["OK702@2:30"]),
    ("promotions:\n  p: {stage: shop, tiers: [满3减1], free: shipping}\n", ["OK702@2:35"]),
    ("promotions:\n  p: {stage: shop, tiers: [{spend: 3}]}\n", ["OK701@2:28"]),
    ("promotions:\n  p: {stage: shop, zhe: 88}\n", ["OK703@2:25 8.8"]),
    ("promotions:\n  p: {stage: shop, zhe: 10}\n", ["OK703@2:25"]),
    ("promotions:\n  p: {stage: shop, tiers: [满2件88折]}\n", ["OK703@2:31 8.8"]),
    ("promotions:\n  p: {stage: shop, percent_off: 120}\n", ["OK704@2:33"]),
    ("promotions:\n  p: {stage: shop, percent_off: 0}\n", ["OK704@2:33"]),
    ("promotions:\n  p: {stage: shop, tiers: [满300减40, 满500减30]}\n", ["OK705@2:37"]),
    ("promotions:\n  p: {stage: shop, tiers: [满2件8折, 满3件9折]}\n", ["OK705@2:35"]),
    ("promotions:\n  p: {stage: shop, tiers: [满300减40, 满300减50]}\n", ["OK706@2:28"]),
    (
        "promotions:\n  p: {stage: shop, active: 2026-06-20 .. 2026-06-18, minus: 1}\n",
        ["OK707@2:28"],
    ),
    ("promotions:\n  p: {stage: shop, active: 618, minus: 1}\n", ["OK708@2:28"]),
    ("promotions:\n  p: {stage: coupon, minus: 1}\n", ["OK709@2:7"]),
    ("promotions:\n  p: {stage: shop, minus: 0.005}\n", ["OK710@2:27"]),
    ("promotions:\n  p: {stage: shop, minus: 1.5 JPY}\n", ["OK710@2:27"]),
    ("promotions:\n  p: {stage: shop, spend: 5, tiers: [满3减1]}\n", ["OK711@2:20"]),
    ("promotions:\n  p: {stage: shop, every_spend: 100, percent_off: 5}\n", ["OK712@2:20"]),
    ("promotions:\n  p: {stage: shop, price: {A: 1}}\n", ["OK713@2:20"]),
    ("promotions:\n  p: {stage: shop, tiers: [满3减1, 满9包邮]}\n", ["OK713@2:20"]),
    ("pricing: {goods: {a: {price: 80}}}\n", ["OK714@1:30"]),
    ("pricing: {goods: {a: {price: 80 .. 70}}}\n", ["OK714@1:30"]),
    ("promotions:\n  p: {stage: shop, tiers: [满300减40, 满5件减50]}\n", ["OK715@2:20"]),
    ("promotions:\n  p: {stage: shop, tiers: [{minus: 1}, {minus: 2}]}\n", ["OK715@2:20"]),
    ("pricing: {customers: {gold: [gold]}}\n", ["OK716@1:29"]),
    ("promotions:\n  p: {stage: shop, tiers: [买三送一]}\n", ["OK717@2:28"]),
    ("pricing: {stages: [shop, coupon, shop]}\n", ["OK718@1:34"]),
    ("pricing: {customers: {old: {since: 2020-01-01}}}\n", ["OK719@1:36"]),
    ("promotions:\n  p: {stage: shop, minus: 0}\n", ["OK720@2:27"]),
    ("promotions:\n  p: {stage: price, price: {A: -1}}\n", ["OK720@2:32"]),
    ("promotions:\n  p: {stage: shop, units: 0, minus: 1}\n", ["OK720@2:27"]),
    ("promotions:\n  p: {stage: shop, limit: {total: 0}, minus: 1}\n", ["OK720@2:35"]),
    ("pricing: {customers: {new: {orders: -1}}}\n", ["OK720@1:37"]),
    ("promotions:\n  p: {stage: shop, minus: 5, at_most: 3}\n", ["OK721@2:30"]),
    ("promotions:\n  p: {stage: shop, spend: 9 USD, minus: 1}\n", ["OK722@2:3"]),
    ("pricing: {goods: {a: {set: b}, b: {set: a}}}\n", ["OK723@1:41"]),
    ("promotions:\n  p: {stage: shop, minus: 5, paid_by: {a: 50%}}\n", ["OK724@2:39"]),
    # names that nothing declares
    ("promotions:\n  p: {stage: shpo, minus: 5}\n", ["OK301@2:14 shop"]),
    (
        "pricing: {goods: {drinks: {sku: a}}}\npromotions:\n  p: {stage: shop, goods: drink, minus: 5}\n",
        ["OK301@3:27 drinks"],
    ),
    (
        "pricing: {customers: {gold: {}}}\npromotions:\n  p: {stage: shop, customers: gol, zhe: 5}\n",
        ["OK301@3:31 gold"],
    ),
    ("pricing: {customers: {gold: {levle: gold}}}\n", ["OK301@1:30 level"]),
    ("pricing: {customers: {gold: {level: [gold, blak]}}}\n", ["OK301@1:44 black"]),
    ("pricing: {customers: {a: {children: many}}}\n", ["OK211@1:37"]),
    ("promotions:\n  p: {stage: shop, if: order.totl > 5, minus: 5}\n", ["OK331@2:30 total"]),
    # what a return does
    (
        "promotions:\n  p: {stage: shop, spend: 9, gift: A, on_refund: {gift: charge, value: 0.005}}\n",
        ["OK710@2:72"],
    ),
    (
        "promotions:\n  p: {stage: shop, spend: 9, gift: A, on_refund: {gift: charge, value: 0}}\n",
        ["OK720@2:72"],
    ),
    ("promotions:\n  p: {stage: shop, minus: 5, on_refund: {threshold: keeep}}\n", ["OK215@2:53 keep"]),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistakes_are_found_at_their_place(
    findings: Callable[..., list[str]], text: str, expected: list[str]
) -> None:
    assert findings(text) == expected


def test_every_code_of_this_area_is_produced() -> None:
    produced = {one[:5] for _, expected in MISTAKES for one in expected}
    assert {code.id for code in CODES} - {"OK732"} <= produced


@pytest.mark.parametrize(
    "text",
    [
        "promotions:\n  p: {stage: shop, minus: 5, best_for: shop}\n",
    ],
)
def test_what_this_version_does_not_run_is_told_and_not_ignored(
    findings: Callable[..., list[str]], text: str
) -> None:
    found = findings(text)
    assert found
    assert all(one.startswith("OK206@") for one in found)


def test_two_mistakes_of_two_promotions_are_both_told_and_the_good_one_is_compiled(
    findings: Callable[..., list[str]],
) -> None:
    text = "promotions:\n  a: {stage: shop}\n  b: {stage: shop, zhe: 80}\n  c: {stage: shop, minus: 1}\n"
    assert findings(text) == ["OK701@2:3", "OK703@3:25 8"]


@pytest.mark.parametrize("written", ["满300减40", "满300元减40元", "满 300 减 40", "'满300,减40'"])
def test_banner_words_mean_the_long_form(compiled: Callable[..., PricingProgram], written: str) -> None:
    tier = compiled(f"promotions:\n  p: {{stage: shop, tiers: [{written}]}}\n").promotions[0].tiers[0]
    long = compiled("promotions:\n  p: {stage: shop, tiers: [{spend: 300, minus: 40}]}\n")
    assert (tier.spend, tier.units, tier.benefit) == (
        {"CNY": 30000},
        None,
        long.promotions[0].tiers[0].benefit,
    )


def test_banner_words_for_percentages_and_free_shipping(compiled: Callable[..., PricingProgram]) -> None:
    text = """\
promotions:
  a: {stage: item, tiers: [满2件打8.8折, "满3件，8折"]}
  b: {stage: shipping, tiers: [满99包邮]}
"""
    item, ship = compiled(text).promotions
    assert [(tier.units, tier.benefit) for tier in item.tiers] == [
        (2, PercentOff(Decimal("0.12"))),
        (3, PercentOff(Decimal("0.2"))),
    ]
    assert (ship.tiers[0].spend, ship.tiers[0].benefit) == ({"CNY": 9900}, FreeShipping())


def test_tiers_are_taken_lowest_first_however_they_are_written(
    compiled: Callable[..., PricingProgram],
) -> None:
    program = compiled("promotions:\n  p: {stage: shop, tiers: [满500减80, 满300减40]}\n")
    assert [tier.spend for tier in program.promotions[0].tiers] == [{"CNY": 30000}, {"CNY": 50000}]


def test_limits_are_data_for_the_store(compiled: Callable[..., PricingProgram]) -> None:
    program = compiled("promotions:\n  p: {stage: shop, minus: 1, limit: {per_customer: 1, total: 90}}\n")
    assert (program.promotions[0].limit.per_customer, program.promotions[0].limit.total) == (1, 90)


def test_the_engine_needs_no_yaml_and_no_pydantic() -> None:
    folder = Path(__file__).parents[2] / "src" / "orderkit" / "_pricing"
    pure = ["program", "conditions", "offers", "search", "engine", "apportion"]
    for name in pure:
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        assert not any(f"orderkit.{word}" in text for word in ("_text", "_pricing.definition")), name
        assert "pydantic" not in text
