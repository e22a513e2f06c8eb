"""The compiled pricing of a project and the cart it prices: frozen data, money in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from orderkit.domain.money import Rounding

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orderkit._diagnostics import Span
    from orderkit.domain.calendar import Period

Amounts: TypeAlias = Mapping[str, int]
"""One amount per currency, in minor units of each."""

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


class Condition(Protocol):
    """A compiled `if:`; the compiler hands in programs of the expression language."""

    @property
    def span(self) -> Span:
        """Tell where it stands."""

    @property
    def uses_bare_money(self) -> bool:
        """Tell whether a number without currency meets money in it."""

    @property
    def run(self) -> Any:
        """Give the callable that takes the environment and gives a boolean or raises `NotComputable`."""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of numbers, both ends included, either end open.

    Args:
        low: Smallest value, or None.
        high: Largest value, or None.
    """

    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal | int) -> bool:
        """Tell whether a value lies inside.

        Args:
            value: Any number.

        Returns:
            True from `low` to `high`.
        """
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Goods:
    """A set of goods; every condition that is given must hold.

    Args:
        skus: Any of these, or None.
        categories: Any of these, or None.
        price: Unit list price per currency, or None; a currency that is not named holds no goods.
        excluded: Sets whose goods do not belong.
        within: A set the goods must belong to as well, or None.
    """

    skus: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    price: Mapping[str, Band] | None = None
    excluded: tuple[Goods, ...] = ()
    within: Goods | None = None

    def holds(self, line: CartLine, currency: str) -> bool:
        """Tell whether the goods of a line belong.

        Args:
            line: A line of the cart.
            currency: The cart's currency.

        Returns:
            True where they do.
        """
        if self.skus is not None and line.sku not in self.skus:
            return False
        if self.categories is not None and line.category not in self.categories:
            return False
        if self.price is not None:
            band = self.price.get(currency)
            if band is None or not band.holds(line.price):
                return False
        if self.within is not None and not self.within.holds(line, currency):
            return False
        return not any(one.holds(line, currency) for one in self.excluded)


@dataclass(frozen=True, slots=True)
class Customers:
    """A set of customers; every condition that is given must hold.

    Args:
        fields: Field of the customer and the values it may have.
        orders: How many orders the customer had before, or None.
    """

    fields: tuple[tuple[str, frozenset[object]], ...] = ()
    orders: Band | None = None

    def holds(self, customer: Mapping[str, Any] | None, orders_before: int | None) -> bool:
        """Tell whether a customer belongs; who is not known belongs to no set.

        Args:
            customer: The customer's row, or None for a guest.
            orders_before: Earlier orders, or None where nobody knows.

        Returns:
            True where the customer belongs.
        """
        if self.orders is not None and (orders_before is None or not self.orders.holds(orders_before)):
            return False
        if not self.fields:
            return True
        return customer is not None and all(customer.get(name) in values for name, values in self.fields)


@dataclass(frozen=True, slots=True)
class Minus:
    """Takes a fixed amount off, once or once per full step of the amount spent.

    Args:
        amounts: What is taken off.
        every: The step, or None for once.
        at_most: Cap, or None.
    """

    amounts: Amounts
    every: Amounts | None = None
    at_most: Amounts | None = None


@dataclass(frozen=True, slots=True)
class PercentOff:
    """Takes a share off.

    Args:
        rate: 0.2 for 20%.
        at_most: Cap, or None.
    """

    rate: Decimal
    at_most: Amounts | None = None


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """Sells units at another price where that is lower.

    Args:
        by_sku: Unit price in major units per sku and currency.
    """

    by_sku: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class FreeShipping:
    """Takes the fee off."""


Benefit: TypeAlias = Minus | PercentOff | UnitPrices | FreeShipping


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a promotion; a promotion without `tiers` has one.

    Args:
        benefit: What it gives.
        span: The line of YAML that its amounts name.
        spend: Least amount of the scope (inclusive), or None.
        units: Least number of units in the scope (inclusive), or None.
    """

    benefit: Benefit
    span: Span
    spend: Amounts | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a promotion may be used; the store counts.

    Args:
        per_customer: Uses per customer, or None.
        total: Uses altogether, or None.
    """

    per_customer: int | None = None
    total: int | None = None


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
        channels: Channels it is for, or None for all.
        goods: Its scope, or None for everything.
        customers: Whom it is for, or None for everybody.
        code: The code to enter, folded by `fold_code`, or None.
        condition: Its `if:`, or None.
        limit: How often it may be used.
        paid_by: Payers with whole-number weights; never empty.
        thresholds: What `spend` looks at.
        basis: What a percentage is taken of.
        together: Whether it applies beside the winner of its stage instead of competing.
        spans: Places of single keys (`active`, `channel`, `customers`, `code`, `limit`, `goods`).
    """

    name: str
    label: str
    stage: str
    span: Span
    tiers: tuple[Tier, ...]
    place: int = 0
    active: Period | None = None
    channels: frozenset[str] | None = None
    goods: Goods | None = None
    customers: Customers | None = None
    code: str | None = None
    condition: Condition | None = None
    limit: Limit = Limit()
    paid_by: tuple[tuple[str, int], ...] = ((SHOP, 1),)
    thresholds: Basis = Basis.NET
    basis: Basis = Basis.NET
    together: bool = False
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
class PricingProgram:
    """The pricing of a project.

    Args:
        currency: The project's currency.
        stages: Stages in order, each with its promotions.
        fee: Shipping fee per currency; a currency that is not named ships free.
        fee_span: The line of YAML that sets it, or None.
        rounding: How a rest below one minor unit is settled.
    """

    currency: str
    stages: tuple[Stage, ...]
    fee: Amounts = field(default_factory=dict)
    fee_span: Span | None = None
    rounding: Rounding = Rounding.HALF_UP

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """Give every promotion in the order of the stages."""
        return tuple(one for stage in self.stages for one in stage.promotions)


@dataclass(frozen=True, slots=True)
class CartLine:
    """Goods somebody wants to buy.

    Args:
        id: Unique in the cart.
        sku: Stock keeping unit.
        name: What people call it; may be empty.
        category: Its category, or None.
        quantity: Whole units, not negative.
        price: List price of one unit in major units, not negative; may be finer than the currency.
        attributes: The line's other fields.
    """

    id: str
    sku: str
    name: str
    category: str | None
    quantity: int
    price: Decimal
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cart:
    """What a price is asked for.

    Args:
        lines: Its lines; ids unique.
        currency: Three-letter code.
        at: Aware instant whose promotions count.
        customer: The customer's row, or None for a guest.
        channel: Where it came from, or None.
        coupons: Codes as they were entered.
        orders_before: Earlier orders of this customer, or None where nobody knows.
        shipping: Fee in minor units instead of the project's, or None.
        env: Values by name for `if:`; the amounts under `order` are replaced by what each stage left, and
            `order.lines` must stand in the order of `lines`.
    """

    lines: tuple[CartLine, ...]
    currency: str
    at: datetime
    customer: Mapping[str, Any] | None = None
    channel: str | None = None
    coupons: tuple[str, ...] = ()
    orders_before: int | None = None
    shipping: int | None = None
    env: Mapping[str, Any] = field(default_factory=dict)
