"""What a promotion gives, ready to run: money in minor units, percentages as exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from orderkit._diagnostics import Span
    from orderkit._pricing.goods import Goods

Amounts: TypeAlias = Mapping[str, int]
"""One amount per currency, in minor units of each."""


class Per(StrEnum):
    """What an amount off is taken from, each time."""

    SCOPE = "scope"
    LINE = "line"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Minus:
    """Takes a fixed amount off, once or once per full step of the amount spent.

    Args:
        amounts: What is taken off.
        every: The step, or None for once.
        at_most: Cap, or None.
        per: Whether it is taken off the scope, each line or each unit.
    """

    amounts: Amounts
    every: Amounts | None = None
    at_most: Amounts | None = None
    per: Per = Per.SCOPE


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
        everywhere: Unit price of every unit of the scope instead, or None.
    """

    by_sku: Mapping[str, Mapping[str, Decimal]]
    everywhere: Mapping[str, Decimal] | None = None

    def of(self, sku: str, currency: str) -> Decimal | None:
        """Find the price of a sku.

        Args:
            sku: Stock keeping unit.
            currency: Three-letter code.

        Returns:
            Major units, or None where it has none.
        """
        prices = self.by_sku.get(sku) if self.everywhere is None else self.everywhere
        return None if prices is None else prices.get(currency)


@dataclass(frozen=True, slots=True)
class SetPrice:
    """Sells full sets at one price.

    Args:
        price: Price of one set.
        parts: Units by sku that make a set; empty where any goods of the scope do.
        size: Units of a set of any goods.
    """

    price: Amounts
    parts: tuple[tuple[str, int], ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class GiveAlong:
    """Adds units that cost nothing, as lines of their own.

    Args:
        sku: What is given.
        units: How many each time.
        instead: What is given where it is out of stock, or None.
    """

    sku: str
    units: int = 1
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class GivePoints:
    """Adds points to the customer's account; the host keeps it.

    Args:
        points: How many each time.
    """

    points: int


@dataclass(frozen=True, slots=True)
class FreeShipping:
    """Takes the fee off."""


Benefit: TypeAlias = Minus | PercentOff | UnitPrices | SetPrice | GiveAlong | GivePoints | FreeShipping


class Pick(StrEnum):
    """Which units of a scope get the benefit of groups."""

    LAST = "last"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


@dataclass(frozen=True, slots=True)
class Groups:
    """Full groups of units, some of which get the benefit.

    Args:
        size: Units of a group.
        get: Units of each group that get the benefit.
        pick: Which ones.
    """

    size: int
    get: int = 1
    pick: Pick = Pick.LAST


@dataclass(frozen=True, slots=True)
class Buy:
    """Goods that have to be bought beside those that get the benefit.

    Args:
        goods: The set.
        units: How many of it, each time.
        get: Units that get the benefit for each time; None for the whole scope.
        pick: Which ones.
    """

    goods: Goods
    units: int = 1
    get: int | None = None
    pick: Pick = Pick.LAST


@dataclass(frozen=True, slots=True)
class Times:
    """How often groups may repeat.

    Args:
        per_order: Groups of an order, or None.
        per_line: Groups that one line may bring units for, or None.
    """

    per_order: int | None = None
    per_line: int | None = None


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
