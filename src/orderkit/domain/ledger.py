"""The figures of a price: lines, every row between list and total, gifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit.domain.money import Money

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orderkit._diagnostics import Span
    from orderkit.domain.missed import Missed
    from orderkit.domain.policies import RefundPolicy


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One row of the ledger: what one promotion did to one line or to the shipping fee.

    Every line a promotion was judged on has a row, also where its share is nothing: a return must know
    which lines earned the discount.

    Args:
        promotion: Its name; empty for `pricing.shipping.free_over`, which is no promotion of its own.
        span: The line of YAML behind the amount (a tier's own line where it has one).
        stage: The stage that applied it.
        line: Line id, or None for shipping.
        base: What this line (or the fee) brought to the amount that was worked on; rows of one
            promotion sum to that amount.
        rate: Share taken off (0.2 for 20%), or None where no percentage was taken.
        amount: Signed; negative takes off.
        paid_by: Who bears it, name and signed part; the parts sum to `amount`.
        label: What people call the promotion.
        note: The figure that decided, in signs of every language, such as `≥ 300.00, -40.00`.
        exact: The signed share before rounding, where rounding moved it; None where it is exact.
        units: Units of the line it is about; 0 for the fee.
    """

    promotion: str
    span: Span | None
    stage: str
    line: str | None
    base: Money
    rate: Decimal | None
    amount: Money
    paid_by: tuple[tuple[str, Money], ...] = ()
    label: str = ""
    note: str = ""
    exact: Decimal | None = None
    units: int = 0


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of a cart with its money.

    Args:
        id: Line id of the cart.
        sku: Stock keeping unit.
        name: What people call it; may be empty.
        quantity: Whole units.
        list: Quantity times price, rounded once.
        discount: What promotions took off, not negative.
        net: `list` minus `discount`.
        price: List price of one unit in major units; may be finer than the currency.
        tax: Tax in `net`, or on top of it where prices exclude it; None where the project has no tax.
    """

    id: str
    sku: str
    name: str
    quantity: int
    list: Money
    discount: Money
    net: Money
    price: Decimal
    tax: Money | None = None

    @property
    def shares(self) -> tuple[Money, ...]:
        """Give the net of each unit, first to last, summing to `net`: what a return pays back."""
        return tuple(Money(share, self.net.currency) for share in unit_shares(self.net.minor, self.quantity))


@dataclass(frozen=True, slots=True)
class Gift:
    """Units that a promotion adds to the parcel; they cost nothing and count for no threshold.

    Args:
        promotion: Its name.
        sku: What is given.
        quantity: Whole units.
        span: The line of YAML behind it.
    """

    promotion: str
    sku: str
    quantity: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """The price of one cart, with the reason of every amount.

    `total` is the sum of the lines' `net` plus `shipping`, plus `tax` where prices exclude it.

    Args:
        currency: Three-letter code.
        at: The instant whose promotions counted.
        lines: Priced lines in the cart's order.
        adjustments: Ledger rows in the order they were applied.
        missed: Promotions not applied.
        gifts: Units given.
        subtotal: Sum of the lines' `list`.
        discount: What promotions took off the lines, not negative.
        shipping: Fee after promotions.
        tax: Tax of goods and fee, in the prices or on top of them.
        total: What the customer owes.
        proven: Whether no other choice inside a stage would have saved more.
        explored: How many choices were tried.
        promotions: Names of the promotions that applied, in order.
        shipping_span: The line of YAML that sets the fee, or None.
        tax_span: The line of YAML that sets the tax, or None.
        tax_included: Whether `tax` is in the prices; else it is on top of them.
        points_used: Points of the customer that pay for goods.
        points_earned: Points that promotions give.
        refused: Promotions whose limit refuses units of the cart; an order like this is not placed.
        codes: Promotion and folded form of each single-use code that counted.
        policies: What a return does to the promotions that applied, where they say so.
    """

    currency: str
    at: datetime
    lines: tuple[PricedLine, ...]
    adjustments: tuple[Adjustment, ...]
    missed: tuple[Missed, ...]
    gifts: tuple[Gift, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    proven: bool
    explored: int
    promotions: tuple[str, ...]
    shipping_span: Span | None = None
    tax_included: bool = True
    tax_span: Span | None = None
    points_used: int = 0
    points_earned: int = 0
    refused: tuple[Missed, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    policies: tuple[RefundPolicy, ...] = ()

    @property
    def fee(self) -> Money:
        """Give the shipping fee before promotions."""
        return Money(
            self.shipping.minor - sum(row.amount.minor for row in self.adjustments if row.line is None),
            self.currency,
        )

    @property
    def uses(self) -> tuple[str, ...]:
        """Name the promotions that changed an amount: only these use up their limits."""
        changed = {row.promotion for row in self.adjustments if row.amount}
        changed.update(gift.promotion for gift in self.gifts)
        return tuple(name for name in self.promotions if name in changed)


def unit_shares(net: int, quantity: int) -> tuple[int, ...]:
    """Split a line's net over its units so that any grouping of returns sums to what was paid.

    Args:
        net: Minor units of the line, not negative.
        quantity: Whole units; 0 gives nothing.

    Returns:
        Net of each unit by cumulative rounding: the first k units sum to floor(net * k / quantity).
    """
    return tuple(net * k // quantity - net * (k - 1) // quantity for k in range(1, quantity + 1))
