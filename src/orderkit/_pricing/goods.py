"""Sets of goods and of customers, ready to be asked whether somebody or something belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from orderkit._pricing.cart import CartLine


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
        fields: Other fields of the product or line, each with the values it may have.
        discounted: Whether units already priced below their list price belong, only those (True) or only
            the others (False); None for both.
        excluded: Sets whose goods do not belong.
        within: A set the goods must belong to as well, or None.
    """

    skus: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    price: Mapping[str, Band] | None = None
    fields: tuple[tuple[str, frozenset[object]], ...] = ()
    discounted: bool | None = None
    excluded: tuple[Goods, ...] = ()
    within: Goods | None = None

    def holds(self, line: CartLine, currency: str, *, cheaper: bool = False) -> bool:
        """Tell whether the goods of a line belong.

        Args:
            line: A line of the cart.
            currency: The cart's currency.
            cheaper: Whether the units in question cost less than their list price already.

        Returns:
            True where they do.
        """
        if self.skus is not None and line.sku not in self.skus:
            return False
        if self.categories is not None and line.category not in self.categories:
            return False
        if self.discounted is not None and self.discounted is not cheaper:
            return False
        if self.price is not None:
            band = self.price.get(currency)
            if band is None or not band.holds(line.price):
                return False
        if any(line.attributes.get(name) not in values for name, values in self.fields):
            return False
        if self.within is not None and not self.within.holds(line, currency, cheaper=cheaper):
            return False
        return not any(one.holds(line, currency, cheaper=cheaper) for one in self.excluded)


@dataclass(frozen=True, slots=True)
class Customers:
    """A set of customers; every condition that is given must hold.

    Args:
        fields: Field of the customer and the values it may have.
        orders: How many orders the customer had before, or None.
        idle_days: Whole days since the last order, or None; who never ordered has no such day.
    """

    fields: tuple[tuple[str, frozenset[object]], ...] = ()
    orders: Band | None = None
    idle_days: Band | None = None

    def holds(
        self, customer: Mapping[str, Any] | None, orders_before: int | None, idle_days: int | None = None
    ) -> bool:
        """Tell whether a customer belongs; who is not known belongs to no set.

        Args:
            customer: The customer's row, or None for a guest.
            orders_before: Earlier orders, or None where nobody knows.
            idle_days: Whole days since the last order, or None where there is none or nobody knows.

        Returns:
            True where the customer belongs.
        """
        if self.orders is not None and (orders_before is None or not self.orders.holds(orders_before)):
            return False
        if self.idle_days is not None and (idle_days is None or not self.idle_days.holds(idle_days)):
            return False
        if not self.fields:
            return True
        return customer is not None and all(customer.get(name) in values for name, values in self.fields)
