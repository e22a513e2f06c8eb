from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit._pricing.apportion import Split
from orderkit._pricing.engine import Cart, CartLine, Left, PricingProgram, price_cart

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from orderkit.domain.price import Price

SHOP = """\
pricing:
  goods: {food: {category: food}, dear: {price: 20 ..}}
  customers: {gold: {level: gold}}
  shipping: {fee: 8, free_over: 199}
promotions:
  gold:   {stage: price, customers: gold, price: {A: 9.99, B: 15.5, C: 0.333}}
  off5:   {stage: price, goods: dear, percent_off: 5}
  food:   {stage: item, goods: food, percent_off: 12.5, paid_by: {platform: 30%, brand: 30%, shop: 40%}}
  two:    {stage: item, units: 2, zhe: 8, at_most: 30}
  m100:   {stage: shop, tiers: [满100减13, 满200减30]}
  dear:   {stage: shop, goods: dear, every_spend: 50, minus: 7, at_most: 40}
  new:    {stage: coupon, code: NEW, spend: 50, minus: 20, paid_by: {platform: 50%, shop: 50%}}
  ten:    {stage: coupon, code: TEN, percent_off: 10, at_most: 15}
  all:    {stage: platform, percent_off: 3.33, together: all}
  ship:   {stage: shipping, percent_off: 50}
"""

MARKET = """\
pricing:
  goods: {food: {category: food}}
  shipping: {fee: 8}
  split: SPLIT
  floor: cost
  tax: {included: INCLUDED, rate: 13%, rates: {food: 9%}, shipping: 6%, round: rate}
  points: {worth: 0.01, at_most: 30%}
promotions:
  flash:  {stage: price, price: {A: 1.11, B: 2}, limit: {units: 3}, not_with: [shop, ten]}
  gold:   {stage: price, price: {A: 9.99, C: 0.333}}
  half:   {stage: item, goods: food, every_units: 2, percent_off: 50}
  cheap:  {stage: item, every_units: 3, get: 2, percent_off: 33.3, pick: cheapest, times: 2}
  set:    {stage: item, bundle: {A: 1, B: 2}, for: 20}
  any3:   {stage: item, goods: food, any: 3, for: 30}
  each:   {stage: item, goods: {sku: [D, E]}, minus: 0.37, per: unit}
  extra:  {stage: item, goods: {sku: D}, buy: {goods: food, units: 2}, get: 1, percent_off: 100}
  m100:   {stage: shop, tiers: [满100减13, 满200减30], with_shipping: true}
  dear:   {stage: shop, spend: 60, minus: 7, amounts: gross}
  ten:    {stage: platform, percent_off: 10, at_most: 15, when: {any: [{units: 4}, {spend: 90}]}}
  bag:    {stage: platform, spend: 50, gift: BAG}
  all:    {stage: platform, percent_off: 3.33, together: all}
  ship:   {stage: shipping, percent_off: 50}
"""

_LINES = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"),
        st.sampled_from(["food", "books", None]),
        st.integers(0, 7),
        st.decimals("0", "99.999", places=3),
    ),
    max_size=6,
)
_CODES = st.sets(st.sampled_from(["NEW", "TEN", "???"])).map(sorted).map(tuple)
_CUSTOMER = st.sampled_from([None, {"level": "gold"}, {"level": "normal"}])
_AT = datetime(2026, 6, 17, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def _cart(
    lines: list[tuple[str, str | None, int, Decimal]], codes: tuple[str, ...], customer: dict[str, str] | None
) -> Cart:
    made = (
        CartLine(f"L{number}", sku, "", category, quantity, price)
        for number, (sku, category, quantity, price) in enumerate(lines)
    )
    return Cart(tuple(made), "CNY", _AT, customer, coupons=codes)


def _conserves(price: Price) -> None:
    for line in price.lines:
        rows = [row.amount.minor for row in price.adjustments if row.line == line.id]
        assert line.list.minor + sum(rows) == line.net.minor
        assert line.list.minor - line.discount.minor == line.net.minor
        assert 0 <= line.net.minor <= line.list.minor
        assert sum(share.minor for share in line.shares) == line.net.minor
        assert len(line.shares) == line.quantity or not line.net
    assert price.total.minor == sum(line.net.minor for line in price.lines) + price.shipping.minor
    assert price.total == price.subtotal - price.discount + price.shipping
    assert price.shipping.minor >= 0
    for row in price.adjustments:
        assert row.amount.minor <= 0
        assert -row.amount.minor <= row.base.minor
        assert sum(part.minor for _, part in row.paid_by) == row.amount.minor
        # Half a cent where the whole is rounded, less than one where it is split.
        assert row.exact is None or abs(row.exact * 100 - row.amount.minor) < Decimal("1.5")


@settings(max_examples=150, deadline=None)
@given(_LINES, _CODES, _CUSTOMER)
def test_no_cent_is_lost_or_made(
    compiled: Callable[..., PricingProgram],
    lines: list[tuple[str, str | None, int, Decimal]],
    codes: tuple[str, ...],
    customer: dict[str, str] | None,
) -> None:
    _conserves(price_cart(compiled(SHOP), _cart(lines, codes, customer)))


@settings(max_examples=200, deadline=None)
@given(
    _LINES,
    st.sampled_from(Split),
    st.sampled_from(["true", "false"]),
    st.integers(0, 4),
    st.integers(0, 3000),
)
def test_no_cent_is_lost_whatever_promotions_do_to_units(
    compiled: Callable[..., PricingProgram],
    lines: list[tuple[str, str | None, int, Decimal]],
    split: Split,
    included: str,
    units: int,
    points: int,
) -> None:
    text = MARKET.replace("SPLIT", split.value).replace("INCLUDED", included)
    cart = replace(_cart(lines, (), None), points=points)
    price = price_cart(compiled(text), cart, Left(units={"flash": units}))
    goods = sum(line.net.minor for line in price.lines)
    added = 0 if included == "true" else price.tax.minor
    assert price.total.minor == goods + price.shipping.minor + added
    for line in price.lines:
        own = [row for row in price.adjustments if row.line == line.id]
        assert line.list.minor + sum(row.amount.minor for row in own) == line.net.minor
        assert 0 <= line.net.minor <= line.list.minor
        assert sum(share.minor for share in line.shares) == line.net.minor
        assert all(0 <= row.units <= line.quantity for row in own)
    assert 0 <= price.shipping.minor <= 800
    for row in price.adjustments:
        assert 0 <= -row.amount.minor <= row.base.minor or row.amount.minor == 0
        assert sum(part.minor for _, part in row.paid_by) == row.amount.minor
    flash = sum(row.units for row in price.adjustments if row.promotion == "flash")
    assert flash <= units
    assert price.points_used <= points


@settings(max_examples=100, deadline=None)
@given(_LINES, _CODES, _CUSTOMER, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(
    compiled: Callable[..., PricingProgram],
    lines: list[tuple[str, str | None, int, Decimal]],
    codes: tuple[str, ...],
    customer: dict[str, str] | None,
    chance: Random,
) -> None:
    cart = _cart(lines, codes, customer)
    mixed = list(cart.lines)
    chance.shuffle(mixed)
    one = price_cart(compiled(SHOP), cart)
    two = price_cart(
        compiled(SHOP),
        Cart(tuple(mixed), cart.currency, cart.at, cart.customer, coupons=tuple(reversed(codes))),
    )
    assert {line.id: line for line in one.lines} == {line.id: line for line in two.lines}
    assert set(one.adjustments) == set(two.adjustments)
    assert (one.promotions, one.total) == (two.promotions, two.total)


@settings(max_examples=100, deadline=None)
@given(_LINES, _CUSTOMER, st.sampled_from(["NEW", "TEN"]))
def test_entering_a_coupon_never_costs_more_goods(
    compiled: Callable[..., PricingProgram],
    lines: list[tuple[str, str | None, int, Decimal]],
    customer: dict[str, str] | None,
    code: str,
) -> None:
    # The fee may rise: free_over looks at what the coupon left.
    without = price_cart(compiled(SHOP), _cart(lines, (), customer))
    entered = price_cart(compiled(SHOP), _cart(lines, (code,), customer))
    saved = without.discount.minor - sum(
        r.amount.minor * -1 for r in without.adjustments if r.stage == "platform"
    )
    more = entered.discount.minor - sum(
        r.amount.minor * -1 for r in entered.adjustments if r.stage == "platform"
    )
    assert more >= saved


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 50), st.integers(1, 100), st.sampled_from(["JPY", "CNY", "KWD"]))
def test_a_percentage_is_within_half_a_unit_in_every_currency(
    compiled: Callable[..., PricingProgram], minor: int, quantity: int, percent: int, currency: str
) -> None:
    digits = {"JPY": 0, "CNY": 2, "KWD": 3}[currency]
    program = compiled(f"promotions:\n  p: {{stage: shop, percent_off: {percent}}}\n", currency)
    line = CartLine("L1", "A", "", None, quantity, Decimal(minor).scaleb(-digits))
    price = price_cart(program, Cart((line,), currency, _AT))
    assert abs(Decimal(price.discount.minor) - Decimal(minor * quantity * percent) / 100) <= Decimal("0.5")
    assert price.total.minor == minor * quantity - price.discount.minor
