from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from orderkit.domain.explanation import explain_price
from orderkit.domain.price import Missed, MissReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.domain.price import Price

SHOP = """\
pricing:
  customers: {gold: {level: gold}}
  shipping: {fee: 8, free_over: 99}
promotions:
  gold_price: {name: 金卡会员价, stage: price, customers: gold, price: {SKU-1: 89}}
  m300:       {name: 满300减40, stage: shop, tiers: [{spend: 300, minus: 40}, 满500减80]}
  new20:      {name: 新人券, stage: coupon, code: NEW20, percent_off: 5}
  old:        {stage: coupon, code: OLD, active: .. 2020-01-01, minus: 1}
"""

ENGLISH = """\
Priced at 2026-06-17 12:00:00+08:00, CNY

                         SKU-1 x4  保温杯 x3      Total
List price                 400.00      59.70     459.70
gold_price 金卡会员价      -44.00          -     -44.00   shop.yaml:5  (of 400.00, @ 89)
m300 满300减40             -34.26      -5.74     -40.00   shop.yaml:6  (of 415.70, ≥ 300.00, -40.00)
new20 新人券               -16.09      -2.70     -18.79   shop.yaml:7  (5%, of 375.70)
Net                        305.65      51.26     356.91

Net                356.91
Shipping fee         8.00   shop.yaml:3
Free shipping       -8.00   shop.yaml:3  (of 8.00, ≥ 99.00)
To pay             356.91

Not applied
  m300 满300减40  84.30 more for the next tier       shop.yaml:6
  WRONG           no promotion knows the code WRONG
  Not running at this time: old
"""

CHINESE = """\
计价时间 2026-06-17 12:00:00+08:00，CNY

                         SKU-1 x4  保温杯 x3       合计
标价                       400.00      59.70     459.70
gold_price 金卡会员价      -44.00          -     -44.00   shop.yaml:5  (基数 400.00, @ 89)
m300 满300减40             -34.26      -5.74     -40.00   shop.yaml:6  (基数 415.70, ≥ 300.00, -40.00)
new20 新人券               -16.09      -2.70     -18.79   shop.yaml:7  (5%, 基数 375.70)
实价                       305.65      51.26     356.91

实价          356.91
运费标准        8.00   shop.yaml:3
满额包邮       -8.00   shop.yaml:3  (基数 8.00, ≥ 99.00)
应付          356.91

未享受的优惠
  m300 满300减40  还差 84.30 可享下一档   shop.yaml:6
  WRONG           没有活动使用券码 WRONG
  此时不在活动时间内：old
"""


@pytest.fixture
def sample(priced: Callable[..., Price]) -> Price:
    return priced(
        SHOP,
        ("SKU-1", 4, "100"),
        ("保温杯", 3, "19.90"),
        customer={"level": "gold"},
        coupons=("NEW20", "WRONG"),
    )


def test_the_explanation_in_english(sample: Price) -> None:
    assert sample.explain() == ENGLISH


def test_the_explanation_in_chinese(sample: Price) -> None:
    assert sample.explain("zh") == CHINESE


def test_the_same_as_data(sample: Price) -> None:
    data = json.loads(json.dumps(sample.to_dict()))
    assert data["total"] == "356.91"
    assert data["promotions"] == ["gold_price", "m300", "new20"]
    assert data["lines"][0]["shares"] == ["76.41", "76.41", "76.41", "76.42"]
    assert data["adjustments"][1] == {
        "promotion": "m300",
        "label": "满300减40",
        "span": "shop.yaml:6:52",
        "stage": "shop",
        "line": "L1",
        "base": "356.00",
        "rate": None,
        "amount": "-34.26",
        "exact": "-34.255473",
        "paid_by": {"shop": "-34.26"},
        "note": "≥ 300.00, -40.00",
        "units": 4,
    }
    assert data["missed"][0] == {
        "promotion": "m300",
        "label": "满300减40",
        "reason": "next_tier",
        "short_by": "84.30",
        "span": "shop.yaml:6:77",
        "text": {"en": "84.30 more for the next tier", "zh": "还差 84.30 可享下一档"},
    }


def test_a_rounded_single_amount_shows_what_was_rounded(priced: Callable[..., Price]) -> None:
    price = priced("promotions:\n  p: {stage: shop, percent_off: 5}\n", ("A", 3, "19.90"))
    assert "shop.yaml:2  (5%, of 59.70, -2.985 → -2.99)" in price.explain()


def test_many_lines_continue_below_and_every_line_is_shown(priced: Callable[..., Price]) -> None:
    lines = [(f"SKU-{number:03}", 1, "10") for number in range(20)]
    text = priced("promotions:\n  p: {stage: shop, minus: 7}\n", *lines).explain()
    assert all(f"SKU-{number:03} x1" in text for number in range(20))
    assert text.count("List price") > 1
    assert text.count("shop.yaml:2") == 1
    assert max(len(line) for line in text.splitlines()) < 130


@pytest.mark.parametrize("reason", list(MissReason))
def test_every_reason_has_words_without_holes(reason: MissReason) -> None:
    params = {"code": "X", "currency": "USD", "said": "no value", "said_zh": "没有值", "winners": "p"}
    missed = Missed("p", "p", reason, 2, None, params)
    english, chinese = missed.text("en"), missed.text("zh")
    assert english != chinese
    assert "{" not in english + chinese


def test_a_long_name_is_cut_by_its_width(priced: Callable[..., Price]) -> None:
    text = explain_price(priced("promotions: {}\n", ("超长的商品名称" * 5, 1, "10")), "zh")
    assert "超长的商品名称超长的商…" in text
