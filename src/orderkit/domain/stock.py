"""Stock of one sku: what lies there, what is promised, and every movement between."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StockLevel:
    """The figures of one sku.

    Args:
        sku: Stock keeping unit.
        on_hand: Units that lie in the warehouse.
        reserved: Units promised to orders that are not allocated yet.
        allocated: Units locked for orders that wait for shipping.
    """

    sku: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0

    @property
    def available(self) -> int:
        """Give the units nobody has a claim on."""
        return self.on_hand - self.reserved - self.allocated


@dataclass(frozen=True, slots=True)
class Claim:
    """What one order holds of one sku.

    Args:
        reserved: Units promised to it.
        allocated: Units locked for it.
        consumed: Units that left for it.
    """

    reserved: int = 0
    allocated: int = 0
    consumed: int = 0


@dataclass(frozen=True, slots=True)
class StockMove:
    """One change of a sku's figures, kept for ever; the sum of all moves is the figures.

    Args:
        sku: Stock keeping unit.
        kind: `set`, `reserve`, `allocate`, `consume`, `release` or `return`.
        on_hand: Change of the units that lie there.
        reserved: Change of the promised units.
        allocated: Change of the locked units.
        order_id: The order that caused it, or an empty text.
        cause: Unique with the order: the same cause never moves stock twice.
    """

    sku: str
    kind: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    order_id: str = ""
    cause: str = ""
