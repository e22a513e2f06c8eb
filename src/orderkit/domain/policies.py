"""What promotions say about returns, frozen on the order, and the rows of a refund that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from orderkit._diagnostics import Span
    from orderkit.domain.money import Money

Threshold: TypeAlias = Literal["keep", "recalculate"]
GiftPolicy: TypeAlias = Literal["return_or_pay", "keep", "charge"]
CouponPolicy: TypeAlias = Literal["return_if_all_refunded", "split", "lost"]
ShippingPolicy: TypeAlias = Literal["keep", "rebill"]
RowKind: TypeAlias = Literal["share", "recalculated", "gift", "shipping"]


@dataclass(frozen=True, slots=True)
class RefundPolicy:
    """What a return does to one promotion that an order was bought under.

    Args:
        promotion: Its name.
        span: The line of YAML that says so, or None.
        threshold: `keep` pays the frozen shares back; `recalculate` pays what the kept goods leave over.
        gift: What becomes of a gift that the kept goods no longer earn.
        value: What one unit of the gift costs in minor units of the order's currency, or None.
        coupon: What becomes of the use of its limits and of its single-use code.
        shipping: Whether a fee it waived is taken off once the kept goods no longer earn that.
    """

    promotion: str
    span: Span | None = None
    threshold: Threshold = "keep"
    gift: GiftPolicy = "keep"
    value: int | None = None
    coupon: CouponPolicy = "lost"
    shipping: ShippingPolicy = "keep"


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One reason of the amount of a refund; its rows sum to it.

    Args:
        promotion: The promotion whose policy decided; empty for the frozen shares.
        span: The line of YAML behind it, or None.
        what: `share` of returned units, `recalculated` goods, a `gift` kept, `shipping` billed again.
        line: Line id, or None where it is about the whole order.
        amount: Signed; negative takes off what is paid back.
        units: Units of the line it is about; 0 for the whole order.
    """

    promotion: str
    span: Span | None
    what: RowKind
    line: str | None
    amount: Money
    units: int = 0


@dataclass(frozen=True, slots=True)
class Refund:
    """What a return of units pays back, and why.

    Args:
        amount: The sum of the rows, never negative.
        rows: Its reasons.
        releases: Promotions whose uses come back with it.
    """

    amount: Money
    rows: tuple[RefundRow, ...] = ()
    releases: tuple[str, ...] = ()
