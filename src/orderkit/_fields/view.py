"""An order as expressions see it: plain nested dicts, money as exact decimals in major units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderkit._fields.engine import OrderDraft
    from orderkit.domain.order import Line, Order, Part


def line_view(line: Line) -> dict[str, Any]:
    """Lay one line open.

    Args:
        line: A priced line.

    Returns:
        Its values by name.
    """
    return {
        **line.fields,
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "category": line.category,
        "quantity": line.quantity,
        "price": line.price,
        "list": line.list.amount,
        "discount": line.discount.amount,
        "net": line.net.amount,
        "tax": line.tax.amount,
    }


def part_view(part: Part) -> dict[str, Any]:
    """Lay one refund, shipment or other part open.

    Args:
        part: The part.

    Returns:
        Its values by name.
    """
    return {
        "id": part.id,
        "number": part.number,
        "state": part.state,
        "amount": part.amount.amount,
        "reason": part.reason,
        "opened_at": part.opened_at,
        "assigned": part.assigned,
        "units": sum(part.lines.values()),
    }


def order_view(order: Order, kinds: tuple[str, ...] = ("refund", "shipment")) -> dict[str, Any]:
    """Lay an order open.

    Args:
        order: The order.
        kinds: Names of the parts its flow may have; each becomes a list such as `order.refunds`.

    Returns:
        Its values by name: `order["total"]`, `order["lines"]`, `order["refunds"]` ...
    """
    return {
        **order.fields,
        "id": order.id,
        "number": order.number,
        "channel": order.channel,
        "external_number": order.external_number,
        "state": order.state,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "customer": order.customer_record if order.customer is not None else None,
        "lines": [line_view(line) for line in order.lines],
        "coupons": list(order.coupons),
        "points": order.points,
        "tags": list(order.tags),
        "note": order.note,
        "assigned": order.assigned,
        "shown": order.state,
        "held": False,
        "holds": [],
        **{
            name: getattr(order, name).amount
            for name in ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")
        },
        **{name: getattr(order, name) for name in ("paid_at", "shipped_at", "done_at", "canceled_at")},
        **{f"{kind}s": [part_view(one) for one in order.parts if one.kind == kind] for kind in kinds},
    }


def draft_view(draft: OrderDraft) -> dict[str, Any]:
    """Lay a draft open for conditions of promotions: what is not known before pricing is absent.

    Args:
        draft: A checked order before pricing.

    Returns:
        Its values by name.
    """
    unknown = (
        "id",
        "state",
        "subtotal",
        "discount",
        "shipping",
        "tax",
        "total",
        "paid",
        "refunded",
        "balance",
    )
    moments = ("paid_at", "shipped_at", "done_at", "canceled_at", "assigned", "number")
    return {
        **dict.fromkeys((*unknown, *moments, "shown")),
        "held": False,
        "holds": [],
        **draft.fields,
        "channel": draft.channel,
        "external_number": draft.external_number,
        "placed_at": draft.placed_at,
        "currency": draft.currency,
        "customer": draft.customer_record if draft.customer is not None else None,
        "lines": [
            {
                **line.fields,
                "id": line.id,
                "sku": line.sku,
                "name": line.name,
                "category": line.category,
                "quantity": line.quantity,
                "price": line.price,
            }
            for line in draft.lines
        ],
        "coupons": list(draft.coupons),
        "points": draft.points,
        "tags": list(draft.tags),
        "note": draft.note,
    }
