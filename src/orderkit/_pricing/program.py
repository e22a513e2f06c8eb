"""The compiled pricing of a project: frozen data, money in minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from orderkit._pricing.apportion import Split
from orderkit._pricing.benefit import GiveAlong
from orderkit._pricing.demands import customers_of
from orderkit.domain.money import Rounding
from orderkit.domain.policies import RefundPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from orderkit._diagnostics import Span
    from orderkit._pricing.benefit import Amounts, Buy, Groups, Tier, Times
    from orderkit._pricing.demands import Condition, Demand, Window
    from orderkit._pricing.goods import Customers, Goods
    from orderkit.domain.calendar import Period
    from orderkit.domain.policies import CouponPolicy, GiftPolicy, ShippingPolicy, Threshold

SHOP = "shop"
"""Who bears a promotion that does not say `paid_by`."""


class WorksOn(StrEnum):
    """What a stage hands out: percentages are rounded per line in `units`, once over the scope in `lines`."""

    UNITS = "units"
    LINES = "lines"
    FEE = "fee"


class Basis(StrEnum):
    """Which amount is looked at: the list amount or what earlier stages left of it."""

    NET = "net"
    LIST = "list"


class BestFor(StrEnum):
    """Whose best choice counts inside a stage: the largest saving or the smallest."""

    CUSTOMER = "customer"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a promotion may be used; the store counts.

    Args:
        per_customer: Uses per customer, or None.
        total: Uses altogether, or None.
        units: Units at its price altogether, or None.
        units_per_customer: Units of one customer, or None.
        budget: Money given away altogether, or None.
        refuse: Whether units beyond the limit are refused instead of costing the next best price.
    """

    per_customer: int | None = None
    total: int | None = None
    units: int | None = None
    units_per_customer: int | None = None
    budget: Amounts | None = None
    refuse: bool = False

    @property
    def counted(self) -> bool:
        """Tell whether the store has to count anything."""
        return any(
            one is not None
            for one in (self.per_customer, self.total, self.units, self.units_per_customer, self.budget)
        )


@dataclass(frozen=True, slots=True)
class Codes:
    """A batch of single-use codes.

    Args:
        prefix: What every code begins with.
        count: How many there are.
        length: Signs behind the prefix.
    """

    prefix: str
    count: int
    length: int


@dataclass(frozen=True, slots=True)
class OnRefund:
    """What a return does to a promotion, in every currency.

    Args:
        span: The line of YAML that says so.
        threshold: Whether kept goods have to reach the threshold.
        gift: What becomes of a gift they no longer earn.
        value: What one unit of the gift costs, or None for the product's price.
        coupon: What becomes of the use of limits and code.
        shipping: What becomes of a fee that was waived.
    """

    span: Span
    threshold: Threshold = "keep"
    gift: GiftPolicy = "keep"
    value: Amounts | None = None
    coupon: CouponPolicy = "lost"
    shipping: ShippingPolicy = "keep"

    def policy(self, promotion: str, currency: str) -> RefundPolicy:
        """Freeze it for one order.

        Args:
            promotion: The promotion it belongs to.
            currency: The order's currency.

        Returns:
            The policy, its value in that currency.
        """
        value = None if self.value is None else self.value.get(currency)
        return RefundPolicy(
            promotion, self.span, self.threshold, self.gift, value, self.coupon, self.shipping
        )


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion, ready to run.

    Args:
        name: Its key; empty for `pricing.shipping.free_over`.
        label: What people call it.
        stage: Name of its stage.
        span: Its own line of YAML.
        tiers: Its steps, lowest first; never empty.
        place: Its place in the files, for ties.
        active: When it runs, or None for always.
        window: Its days and hours, or None for all.
        channels: Channels it is for, or None for all.
        payments: Ways of paying it is for, or None for all.
        goods: Its scope, or None for everything.
        customers: Whom it is for, or None for everybody.
        code: The code to enter, folded by `fold_code`, or None.
        codes: Its batch of codes, or None.
        condition: Its `if:`, or None.
        demand: What else the cart must have, or None.
        groups: Groups of units that it works on, or None.
        buy: Goods that have to be bought beside the scope, or None.
        times: How often groups repeat.
        limit: How often it may be used.
        paid_by: Payers with whole-number weights; never empty.
        thresholds: What `spend` looks at.
        basis: What a percentage is taken of.
        together: Whether it applies beside the winner of its stage instead of competing.
        exclusive: Whether it applies alone, in all stages.
        priority: Of several exclusive ones the larger counts.
        not_with: Stages and promotions that do not see the units it priced.
        with_shipping: Whether the fee is one more share of what is taken off.
        gross: Whether its amounts include tax although prices do not.
        on_refund: What a return does to it, or None where it does not say.
        spans: Places of single keys, such as `customers`.
    """

    name: str
    label: str
    stage: str
    span: Span
    tiers: tuple[Tier, ...]
    place: int = 0
    active: Period | None = None
    window: Window | None = None
    channels: frozenset[str] | None = None
    payments: frozenset[str] | None = None
    goods: Goods | None = None
    customers: Customers | None = None
    code: str | None = None
    codes: Codes | None = None
    condition: Condition | None = None
    demand: Demand | None = None
    groups: Groups | None = None
    buy: Buy | None = None
    times: Times | None = None
    limit: Limit = Limit()
    paid_by: tuple[tuple[str, int], ...] = ((SHOP, 1),)
    thresholds: Basis = Basis.NET
    basis: Basis = Basis.NET
    together: bool = False
    exclusive: bool = False
    priority: int = 0
    not_with: frozenset[str] = frozenset()
    with_shipping: bool = False
    gross: bool = False
    on_refund: OnRefund | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)

    def at(self, key: str) -> Span:
        """Find the place of one of its keys.

        Args:
            key: Such as `customers`.

        Returns:
            The key's place, or the promotion's own.
        """
        return self.spans.get(key, self.span)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the sequence in which promotions apply.

    Args:
        name: Its name.
        works_on: What its promotions compete for.
        promotions: Its promotions in file order.
    """

    name: str
    works_on: WorksOn
    promotions: tuple[Promotion, ...] = ()


@dataclass(frozen=True, slots=True)
class Tax:
    """How goods and the fee are taxed.

    Args:
        included: Whether prices include it.
        rate: The usual rate, 0.13 for 13%.
        rates: Other rates by set of goods, the first that holds counts.
        shipping: Rate of the fee.
        by_rate: Whether it is rounded once for each rate of the order instead of on each line.
        span: The line of YAML that sets it.
    """

    included: bool
    rate: Decimal
    rates: tuple[tuple[Goods, Decimal], ...] = ()
    shipping: Decimal | None = None
    by_rate: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PointsPay:
    """Points as a means of payment.

    Args:
        worth: What one point is worth, in major units per currency.
        share: Most of what is left that points may pay, 0.5 for 50%, or None.
        at_most: Most they may pay in money, or None.
        span: The line of YAML that sets it.
    """

    worth: Mapping[str, Decimal]
    share: Decimal | None
    at_most: Amounts | None
    span: Span


@dataclass(frozen=True, slots=True)
class PricingProgram:
    """The pricing of a project.

    Args:
        currency: The project's currency.
        stages: Stages in order, each with its promotions.
        fee: Shipping fee per currency; a currency that is not named ships free.
        fee_span: The line of YAML that sets it, or None.
        rounding: How a rest below one minor unit is settled.
        split: How an amount off is spread over lines.
        tax: How goods and fee are taxed, or None.
        points: Points as a means of payment, or None.
        floor: Money field of products below which no unit is sold, or None.
        best_for: Whose best choice counts.
    """

    currency: str
    stages: tuple[Stage, ...]
    fee: Amounts = field(default_factory=dict)
    fee_span: Span | None = None
    rounding: Rounding = Rounding.HALF_UP
    split: Split = Split.LARGEST_REMAINDER
    tax: Tax | None = None
    points: PointsPay | None = None
    floor: str | None = None
    best_for: BestFor = BestFor.CUSTOMER

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """Give every promotion in the order of the stages."""
        return tuple(one for stage in self.stages for one in stage.promotions)

    @property
    def asks_idle_days(self) -> bool:
        """Tell whether any promotion asks when the customer last ordered."""
        return any(one.idle_days is not None for one in self._customers())

    @property
    def asks_orders(self) -> bool:
        """Tell whether any promotion asks what the customer ordered before."""
        return any(one.orders is not None or one.idle_days is not None for one in self._customers())

    def _customers(self) -> list[Customers]:
        sets = [one.customers for one in self.promotions if one.customers is not None]
        return sets + [each for one in self.promotions for each in customers_of(one.demand)]

    @property
    def gifts(self) -> tuple[str, ...]:
        """List the skus that promotions give along, sorted."""
        given = [tier.benefit for one in self.promotions for tier in one.tiers]
        skus = {sku for one in given if isinstance(one, GiveAlong) for sku in (one.sku, one.instead)}
        return tuple(sorted(sku for sku in skus if sku is not None))

    def named(self, name: str) -> Promotion | None:
        """Find a promotion.

        Args:
            name: Its key.

        Returns:
            The promotion, or None.
        """
        return next((one for one in self.promotions if one.name == name), None)
