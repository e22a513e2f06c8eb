"""What a refund of units pays back: the policies on the order, and the kept goods priced as at placement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._commands.calls import Ask, ask
from orderkit._commands.counting import own_left
from orderkit._pricing.cart import PLENTY
from orderkit._pricing.refunds import asks_price, refund_due
from orderkit.domain.refund import REFUND, units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._project import Project
    from orderkit.domain.order import Order
    from orderkit.domain.policies import Refund
    from orderkit.domain.price import Price

_MOST: Final = 10_000
"""Orders of one customer that are looked through for what came before."""


def refund_of(
    project: Project,
    order: Order,
    lines: Mapping[str, int],
    *,
    live: frozenset[str],
    products: Callable[[str], Mapping[str, Any] | None],
) -> Ask[Refund]:
    """Work out what a refund of units pays back.

    Args:
        project: The project that decides; its promotions price what is kept.
        order: The order.
        lines: Units per line id that come back.
        live: States in which a refund holds its units.
        products: Gives the row of a product.

    Returns:
        The refund.
    """
    left, orders_before, idle_days = PLENTY, None, None
    if asks_price(order):
        left = yield from own_left(project, order)
        orders_before, idle_days = yield from _history(project, order)

    known = {one.name for one in project.pricing.promotions}
    forgotten = not known.issuperset(order.promotions)

    def reprice(kept: Mapping[str, int]) -> Price | None:
        if forgotten:
            # Without a promotion it was bought under, what is kept would cost more than it did then.
            return None
        return project.price_kept(
            order, kept, left=left, products=products, orders_before=orders_before, idle_days=idle_days
        )

    # A refund without units stands for no goods: the fee, or a kindness.
    earlier = [part for part in order.parts if part.kind == REFUND and part.state in live and part.lines]
    return refund_due(
        order,
        lines,
        units_of(earlier),
        sum(part.amount.minor for part in earlier),
        reprice,
        [row for part in earlier for row in part.rows],
    )


def _history(project: Project, order: Order) -> Ask[tuple[int | None, int | None]]:
    """Tell what the customer had ordered before this order: how often, and how many days before."""
    if order.customer is None:
        return None, None
    if not project.pricing.asks_orders:
        return None, None
    known: list[Order] = yield from ask("orders", "find", customer=order.customer, limit=_MOST)
    before = [
        one.placed_at
        for one in known
        if one.id != order.id and one.placed_at < order.placed_at and "canceled" not in one.events
    ]
    return len(before), max(0, (order.placed_at - max(before)).days) if before else None
