"""What a price is asked for, and what is left of everything that is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


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
        attributes: The line's other fields and those of its product.
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
        at: Aware instant whose promotions count, in the project's zone.
        customer: The customer's row, or None for a guest.
        channel: Where it came from, or None.
        coupons: Codes as they were entered.
        orders_before: Earlier orders of this customer, or None where nobody knows.
        shipping: Fee in minor units instead of the project's, or None.
        env: Values by name for `if:`; the amounts under `order` are replaced by what each stage left, and
            `order.lines` must stand in the order of `lines`.
        payment: How it will be paid, or None.
        points: Points the customer wants to pay with.
        idle_days: Whole days since the customer's last order, or None.
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
    payment: str | None = None
    points: int = 0
    idle_days: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What a store has counted for this customer; what is not named has no limit.

    Args:
        uses: Uses left per promotion.
        units: Units left per promotion, the smaller of all and of this customer's.
        money: Minor units left of a promotion's budget, in the cart's currency.
        codes: Promotion of each single-use code that may still be used, by `fold_code` of it.
        spent: Single-use codes that have been used, by `fold_code`.
        stock: Available units of the skus that promotions give along; a sku that is not named has enough.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    money: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    spent: frozenset[str] = frozenset()
    stock: Mapping[str, int] = field(default_factory=dict)


PLENTY = Left()
"""Nothing is counted, as in a quote without a store."""
