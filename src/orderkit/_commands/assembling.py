"""Puts an order together from its checked draft and its price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._fields.engine import LineDraft, OrderDraft
    from orderkit.domain.price import Price, PricedLine


def assemble(
    draft: OrderDraft, price: Price, *, order_id: str, number: str, project: str, **more: Any
) -> Order:
    """Make the order that a draft and its price describe, before its first state.

    Args:
        draft: The checked draft.
        price: Its price.
        order_id: Identity in the store.
        number: What people call it.
        project: Hash of the project that decides.
        **more: Further fields of the order, such as `payments`.

    Returns:
        The order, version 1, without state.
    """
    return Order(
        id=order_id,
        number=number,
        channel=draft.channel,
        external_number=draft.external_number,
        state="",
        epoch=0,
        entered_at=draft.placed_at,
        version=1,
        project=project,
        currency=draft.currency,
        placed_at=draft.placed_at,
        customer=draft.customer,
        customer_record=draft.customer_record,
        lines=assemble_lines(draft.lines, price.lines, draft.currency),
        subtotal=price.subtotal,
        discount=price.discount,
        shipping=price.shipping,
        tax=price.tax,
        total=price.total,
        coupons=draft.coupons,
        points=draft.points,
        tags=draft.tags,
        note=draft.note,
        fields=draft.fields,
        adjustments=price.adjustments,
        **more,
    )


def assemble_lines(
    drafts: tuple[LineDraft, ...], priced: tuple[PricedLine, ...], currency: str
) -> tuple[Line, ...]:
    """Join lines as they came with what they cost.

    Args:
        drafts: Lines before pricing.
        priced: The same lines priced, in any order.
        currency: Their currency.

    Returns:
        The order's lines.
    """
    by_id: Mapping[str, PricedLine] = {line.id: line for line in priced}
    nothing = Money(0, currency)
    return tuple(
        assemble_line(
            line,
            by_id[line.id].list,
            by_id[line.id].discount,
            by_id[line.id].net,
            by_id[line.id].tax or nothing,
        )
        for line in drafts
    )


def assemble_line(draft: LineDraft, listed: Money, discount: Money, net: Money, tax: Money) -> Line:
    """Join one line as it came with its amounts, whoever worked them out.

    Args:
        draft: The line before pricing.
        listed: Unit price times quantity.
        discount: What came off it.
        net: What it costs.
        tax: The tax on it.

    Returns:
        The order's line.
    """
    return Line(
        id=draft.id,
        sku=draft.sku,
        name=draft.name,
        category=draft.category,
        quantity=draft.quantity,
        price=draft.price,
        list=listed,
        discount=discount,
        net=net,
        tax=tax,
        fields=draft.fields,
    )
