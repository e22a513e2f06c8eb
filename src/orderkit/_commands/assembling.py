"""Puts an order together from its checked draft and its price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from orderkit.domain.money import Money, to_minor
from orderkit.domain.order import Line, Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._fields.engine import LineDraft, OrderDraft
    from orderkit.domain.policies import RefundPolicy
    from orderkit.domain.price import Gift, Price, PricedLine


def assemble(
    draft: OrderDraft,
    price: Price,
    *,
    order_id: str,
    number: str,
    project: str,
    products: Callable[[str], Mapping[str, Any] | None],
    **more: Any,
) -> Order:
    """Make the order that a draft and its price describe, before its first state.

    Args:
        draft: The checked draft.
        price: Its price.
        order_id: Identity in the store.
        number: What people call it.
        project: Hash of the project that decides.
        products: Gives the row of a product, which names gifts.
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
        lines=(
            *assemble_lines(draft.lines, price.lines, draft.currency),
            *gift_lines(price.gifts, draft.lines, draft.currency, products),
        ),
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
        policies=tuple(_valued(one, price, products) for one in price.policies),
        **more,
    )


def _valued(
    policy: RefundPolicy, price: Price, products: Callable[[str], Mapping[str, Any] | None]
) -> RefundPolicy:
    """Freeze the product's price as the value of a gift whose policy names none."""
    gift = next((one for one in price.gifts if one.promotion == policy.promotion), None)
    if policy.value is not None or policy.gift == "keep" or gift is None:
        return policy
    listed = (products(gift.sku) or {}).get("price")
    if not isinstance(listed, Decimal):
        return policy
    return replace(policy, value=to_minor(listed, price.currency))


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


def gift_lines(
    gifts: tuple[Gift, ...],
    drafts: tuple[LineDraft, ...],
    currency: str,
    products: Callable[[str], Mapping[str, Any] | None],
) -> tuple[Line, ...]:
    """Make the lines of what promotions give along: they cost nothing and ship like others.

    Args:
        gifts: What is given.
        drafts: Lines before pricing, whose ids are taken.
        currency: Their currency.
        products: Gives the row of a product.

    Returns:
        One line for each gift, `G1`, `G2` ...
    """
    nothing = Money(0, currency)
    taken = {line.id for line in drafts}
    ids = (name for number in count(1) if (name := f"G{number}") not in taken)
    made = []
    for gift, line_id in zip(gifts, ids, strict=False):
        row = products(gift.sku) or {}
        made.append(
            Line(
                id=line_id,
                sku=gift.sku,
                name=row.get("name"),
                category=row.get("category"),
                quantity=gift.quantity,
                price=Decimal(0),
                list=nothing,
                discount=nothing,
                net=nothing,
                tax=nothing,
                gift=gift.promotion,
            )
        )
    return tuple(made)


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
