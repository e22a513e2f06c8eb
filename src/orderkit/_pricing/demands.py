"""What a promotion asks of a cart beside its threshold, in trees of `all` and `any`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from orderkit._expr.failure import NotComputable
from orderkit.domain.price import MissReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Span
    from orderkit._pricing.benefit import Amounts
    from orderkit._pricing.cart import Cart
    from orderkit._pricing.goods import Customers, Goods


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
class Window:
    """Days of the week and hours of the day, in the project's zone.

    Args:
        weekdays: Monday is 0; empty for every day.
        hours: Minutes of the day from, to (exclusive); empty for the whole day.
    """

    weekdays: frozenset[int] = frozenset()
    hours: tuple[tuple[int, int], ...] = ()

    def holds(self, weekday: int, minute: int) -> bool:
        """Tell whether a moment lies inside.

        Args:
            weekday: Monday is 0.
            minute: Minutes since midnight.

        Returns:
            True where both fit.
        """
        if self.weekdays and weekday not in self.weekdays:
            return False
        return not self.hours or any(begin <= minute < end for begin, end in self.hours)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a promotion gives nothing on given goods.

    Args:
        reason: Why.
        span: The line of YAML that asks for more.
        short_by: Minor units (for `spend`) or units lacking.
        part: The part of a condition that has no value, where that is why.
    """

    reason: MissReason
    span: Span
    short_by: int = 0
    part: str = ""


class Facts(Protocol):
    """What is known of the goods a promotion is judged on."""

    @property
    def cart(self) -> Cart:
        """Give the cart."""

    @property
    def spent(self) -> int:
        """Give what the goods cost, in minor units, by the promotion's thresholds."""

    @property
    def units(self) -> int:
        """Count the units."""

    @property
    def kinds(self) -> int:
        """Count the different skus."""

    def units_of(self, goods: Goods) -> int:
        """Count the cart's units that belong to a set."""

    def env(self) -> Mapping[str, Any]:
        """Give the values for `if:`."""


@dataclass(frozen=True, slots=True)
class Spend:
    """A least amount of the scope, inclusive."""

    amounts: Amounts
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        short = self.amounts[facts.cart.currency] - facts.spent
        return Shortfall(MissReason.SPEND, self.span, short) if short > 0 else None


@dataclass(frozen=True, slots=True)
class Units:
    """A least number of units of the scope, inclusive."""

    least: int
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        short = self.least - facts.units
        return Shortfall(MissReason.UNITS, self.span, short) if short > 0 else None


@dataclass(frozen=True, slots=True)
class Distinct:
    """A least number of different skus of the scope."""

    least: int
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        short = self.least - facts.kinds
        return Shortfall(MissReason.DISTINCT, self.span, short) if short > 0 else None


@dataclass(frozen=True, slots=True)
class Contains:
    """Goods that the cart must hold, inside the scope or not."""

    goods: Goods
    units: int
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        short = self.units - facts.units_of(self.goods)
        return Shortfall(MissReason.CONTAINS, self.span, short) if short > 0 else None


@dataclass(frozen=True, slots=True)
class ForCustomers:
    """A set of customers."""

    customers: Customers
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        cart = facts.cart
        held = self.customers.holds(cart.customer, cart.orders_before, cart.idle_days)
        return None if held else Shortfall(MissReason.CUSTOMERS, self.span)


@dataclass(frozen=True, slots=True)
class Among:
    """A channel or a way of paying."""

    reason: MissReason
    values: frozenset[str]
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        value = facts.cart.channel if self.reason is MissReason.CHANNEL else facts.cart.payment
        return None if value in self.values else Shortfall(self.reason, self.span)


@dataclass(frozen=True, slots=True)
class InWindow:
    """Days of the week and hours of the day."""

    window: Window
    span: Span

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        at = facts.cart.at
        held = self.window.holds(at.weekday(), at.hour * 60 + at.minute)
        return None if held else Shortfall(MissReason.PERIOD, self.span)


@dataclass(frozen=True, slots=True)
class Holds:
    """An expression."""

    condition: Condition

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what is lacking, or None."""
        try:
            met = self.condition.run(facts.env())
        except NotComputable as failure:
            return Shortfall(MissReason.NOT_COMPUTABLE, failure.span, part=failure.text)
        return None if met is True else Shortfall(MissReason.CONDITION, self.condition.span)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of several demands."""

    demands: tuple[Demand, ...]

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what the first one that is not met lacks, or None."""
        return next((lack for one in self.demands if (lack := one.lack(facts)) is not None), None)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several demands."""

    demands: tuple[Demand, ...]

    def lack(self, facts: Facts) -> Shortfall | None:
        """Tell what the first one lacks where none is met, or None."""
        lacks = [one.lack(facts) for one in self.demands]
        return None if None in lacks else lacks[0]


Demand: TypeAlias = (
    Spend | Units | Distinct | Contains | ForCustomers | Among | InWindow | Holds | AllOf | AnyOf
)


def money_of(demand: Demand | None) -> list[Amounts]:
    """List the amounts a demand names, to know in which currencies it speaks.

    Args:
        demand: The demand, or None.

    Returns:
        Amounts per currency.
    """
    if isinstance(demand, Spend):
        return [demand.amounts]
    if isinstance(demand, AllOf | AnyOf):
        return [amounts for one in demand.demands for amounts in money_of(one)]
    return []


def customers_of(demand: Demand | None) -> list[Customers]:
    """List the sets of customers a demand names.

    Args:
        demand: The demand, or None.

    Returns:
        The sets.
    """
    if isinstance(demand, ForCustomers):
        return [demand.customers]
    if isinstance(demand, AllOf | AnyOf):
        return [customers for one in demand.demands for customers in customers_of(one)]
    return []
