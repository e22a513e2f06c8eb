"""What a refund of some units pays back: the exact shares frozen when the order was placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.domain.money import Money
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit.domain.order import Order


def refundable(
    order: Order,
    kind: str,
    lines: Mapping[str, int] | None,
    *,
    live: frozenset[str],
    done: frozenset[str],
    money: bool,
) -> tuple[dict[str, int], Money]:
    """Take units from what no other part of this kind has taken, and add up their shares.

    Units are paid back first to last, each with its own share, so that any order and grouping of
    returns sums to exactly what was paid.

    Args:
        order: The order.
        kind: Kind of part.
        lines: Units per line id; None for all that is left.
        live: States in which a part of this kind holds its units.
        done: States in which its money has been paid back already.
        money: Whether the amount must be covered by payments.

    Returns:
        Units per line id, and the sum of their shares.

    Raises:
        Refused: An unknown line, more units than are left, or more money than was paid.
    """
    others = [one for one in order.parts if one.kind == kind and one.state in live]
    wanted: dict[str, int] = {}
    total = 0
    known = {line.id: line for line in order.lines}
    for line_id in lines or {}:
        if line_id not in known:
            details = {"line": line_id, "lines": list(known)}
            raise Refused("needs", details, f"order {order.number} has no line {line_id!r}")
    for line in order.lines:
        taken = sum(one.lines.get(line.id, 0) for one in others)
        left = line.quantity - taken
        units = left if lines is None else lines.get(line.id, 0)
        if not units:
            continue
        if units < 0 or units > left:
            short = {"line": line.id, "asked": units, "left": left}
            raise Refused("guard", short, f"line {line.id} has {left} units left, {units} were asked")
        wanted[line.id] = units
        total += sum(share.minor for share in line.shares[taken : taken + units])
    if not wanted:
        raise Refused("needs", {"lines": {}}, "nothing is left to take")
    amount = Money(total, order.currency)
    pending = sum(one.amount.minor for one in others if one.state not in done)
    covered = order.paid.minor - order.refunded.minor - pending
    if money and total > covered:
        details = {"asked": str(amount), "left": str(Money(covered, order.currency))}
        raise Refused("guard", details, f"only {Money(covered, order.currency)} of the payments is left")
    return wanted, amount
