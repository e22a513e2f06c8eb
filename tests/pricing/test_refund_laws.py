"""Laws of refunds: nothing is lost or made, whatever comes back in whatever order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit._pricing.engine import Cart, CartLine, PricingProgram, price_cart
from orderkit._pricing.refunds import refund_due
from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order
from orderkit.domain.refund import paid_for
from orderkit.testing import sample_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit.domain.policies import Refund, RefundRow
    from orderkit.domain.price import Price

SHOP = """\
pricing:
  goods: {food: {category: food}}
  shipping: {fee: 8}
  tax: {included: INCLUDED, rate: 13%, rates: {food: 9%}}
promotions:
  half:   {stage: item, goods: food, every_units: 2, percent_off: 50, on_refund: {threshold: THRESHOLD}}
  set:    {stage: item, bundle: {A: 1, B: 2}, for: 20, on_refund: {threshold: THRESHOLD, gift: charge}}
  m100:   {stage: shop, tiers: [满60减13, 满200减30], on_refund: {threshold: THRESHOLD}}
  ten:    {stage: platform, percent_off: 10, at_most: 15, when: {any: [{units: 4}, {spend: 90}]}}
  bag:    {stage: platform, spend: 50, gift: BAG, on_refund: {gift: GIFT, value: 9.9}}
  cup:    {stage: platform, units: 3, gift: {sku: CUP, units: 2}, on_refund: {gift: keep}}
  free:   {stage: shipping, spend: 70, free: shipping, on_refund: {shipping: SHIPPING, threshold: THRESHOLD}}
"""
_AT = datetime(2026, 6, 17, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
_LINES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["food", None]),
        st.integers(1, 5),
        st.decimals("0", "59.99", places=2),
    ),
    min_size=1,
    max_size=4,
)
_WORDS = {
    "INCLUDED": ["true", "false"],
    "THRESHOLD": ["keep", "recalculate"],
    "GIFT": ["keep", "return_or_pay"],
    "SHIPPING": ["keep", "rebill"],
}


def _texts(**fixed: str) -> st.SearchStrategy[str]:
    def fill(words: Mapping[str, str]) -> str:
        text = SHOP
        for name, word in words.items():
            text = text.replace(name, word)
        return text

    choices = {name: st.sampled_from(words) for name, words in _WORDS.items()}
    return st.fixed_dictionaries(choices | {name: st.just(word) for name, word in fixed.items()}).map(fill)


class _Sale:
    """An order of a cart and the refunds of it so far."""

    def __init__(
        self, program: PricingProgram, goods: Sequence[tuple[str, str | None, int, Decimal]]
    ) -> None:
        self.program = program
        self.goods = {f"L{number}": one for number, one in enumerate(goods, 1)}
        self.order = self._order(self.priced({name: one[2] for name, one in self.goods.items()}))
        self.returned: dict[str, int] = {}
        self.given = 0
        self.rows: list[RefundRow] = []

    def priced(self, units: Mapping[str, int]) -> Price:
        lines = tuple(
            CartLine(name, sku, "", category, units[name], price)
            for name, (sku, category, _, price) in self.goods.items()
            if name in units
        )
        return price_cart(self.program, Cart(lines, "CNY", _AT))

    def _order(self, price: Price) -> Order:
        nothing = Money(0, "CNY")
        bought = [
            Line(one.id, one.sku, None, None, one.quantity, one.price, one.list, one.discount, one.net,
                 one.tax or nothing)
            for one in price.lines
        ]  # fmt: skip
        gifts = [
            Line(f"G{number}", one.sku, None, None, one.quantity, Decimal(0), nothing, nothing, nothing,
                 nothing, gift=one.promotion)
            for number, one in zip(count(1), price.gifts, strict=False)
        ]  # fmt: skip
        return sample_order(
            lines=(*bought, *gifts), adjustments=price.adjustments, policies=price.policies,
            shipping=price.shipping, tax=price.tax, total=price.total,
        )  # fmt: skip

    @property
    def paid(self) -> int:
        return sum(paid_for(self.order, line) for line in self.order.lines)

    def back(self, units: Mapping[str, int]) -> Refund:
        found = refund_due(self.order, units, self.returned, self.given, self.priced, self.rows)
        assert found.amount.minor >= 0
        assert sum(row.amount.minor for row in found.rows) == found.amount.minor
        self.given += found.amount.minor
        self.rows += found.rows
        for name, number in units.items():
            self.returned[name] = self.returned.get(name, 0) + number
        return found


def _groups(data: st.DataObject, order: Order) -> list[dict[str, int]]:
    """Cut all units of an order into parcels, in any order."""
    units = [line.id for line in order.lines for _ in range(line.quantity)]
    mixed = data.draw(st.permutations(units))
    parcels: list[dict[str, int]] = [{}]
    for name in mixed:
        parted = data.draw(st.booleans())
        if parted and parcels[-1]:
            parcels.append({})
        parcels[-1][name] = parcels[-1].get(name, 0) + 1
    return parcels


@settings(max_examples=150, deadline=None)
@given(_texts(), _LINES, st.data())
def test_all_that_comes_back_is_paid_back_to_the_cent_in_any_order_and_grouping(
    compiled: Callable[..., PricingProgram],
    text: str,
    goods: list[tuple[str, str | None, int, Decimal]],
    data: st.DataObject,
) -> None:
    sale = _Sale(compiled(text), goods)
    for parcel in _groups(data, sale.order):
        sale.back(parcel)
        assert sale.given <= sale.paid
    assert sale.given == sale.paid


@settings(max_examples=100, deadline=None)
@given(_texts(THRESHOLD="keep", GIFT="keep", SHIPPING="keep"), _LINES, st.data())
def test_kept_shares_do_not_depend_on_order_or_grouping_of_some_of_the_units(
    compiled: Callable[..., PricingProgram],
    text: str,
    goods: list[tuple[str, str | None, int, Decimal]],
    data: st.DataObject,
) -> None:
    parcels = _groups(data, _Sale(compiled(text), goods).order)
    some = parcels[: data.draw(st.integers(1, len(parcels)))]
    once, apart = _Sale(compiled(text), goods), _Sale(compiled(text), goods)
    whole: dict[str, int] = {}
    for parcel in some:
        for name, number in parcel.items():
            whole[name] = whole.get(name, 0) + number
    once.back(whole)
    for parcel in data.draw(st.permutations(some)):
        apart.back(parcel)
    assert once.given == apart.given


@settings(max_examples=100, deadline=None)
@given(_texts(THRESHOLD="recalculate", GIFT="keep", SHIPPING="keep"), _LINES, st.data())
def test_recalculated_the_buyer_never_keeps_goods_for_less_than_they_cost(
    compiled: Callable[..., PricingProgram],
    text: str,
    goods: list[tuple[str, str | None, int, Decimal]],
    data: st.DataObject,
) -> None:
    sale = _Sale(compiled(text), goods)
    if all(one.threshold == "keep" for one in sale.order.policies):
        return
    most = 0
    for parcel in _groups(data, sale.order):
        sale.back(parcel)
        kept = {
            name: one[2] - sale.returned.get(name, 0)
            for name, one in sale.goods.items()
            if one[2] > sale.returned.get(name, 0)
        }
        price = sale.priced(kept)
        cost = price.total.minor - price.shipping.minor
        if not price.tax_included and price.lines:
            # Tax of the fee is not a matter of goods.
            cost = sum(line.net.minor + (line.tax.minor if line.tax else 0) for line in price.lines)
        # What once was rightly given is not claimed back from the buyer.
        most = max(most, sale.paid - cost)
        assert sale.given == most


@settings(max_examples=60, deadline=None)
@given(_texts(), _LINES, st.data())
def test_a_refund_that_is_turned_down_leaves_no_trace_in_the_sum(
    compiled: Callable[..., PricingProgram],
    text: str,
    goods: list[tuple[str, str | None, int, Decimal]],
    data: st.DataObject,
) -> None:
    sale = _Sale(compiled(text), goods)
    parcels = _groups(data, sale.order)
    first = sale.back(parcels[0])
    for parcel in parcels[1:]:
        sale.back(parcel)
    # The first one is turned down: its units and its rows are gone, and they come back once more.
    sale.given -= first.amount.minor
    sale.rows = sale.rows[len(first.rows) :]
    for name, number in parcels[0].items():
        sale.returned[name] -= number
    sale.back(parcels[0])
    assert sale.given == sale.paid
