"""Which units a part of an order may take, and what was paid for them: shares frozen at placement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.domain.ledger import unit_shares
from orderkit.domain.money import Money
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit.domain.order import Line, Order, Part

REFUND = "refund"
"""The kind of part that pays units back."""


def paid_for(order: Order, line: Line) -> int:
    """Give what was paid for a line.

    Args:
        order: Its order.
        line: The line.

    Returns:
        Minor units: its net, and its tax where the order's prices exclude it.
    """
    added = order.total.minor - order.shipping.minor - sum(one.net.minor for one in order.lines)
    # An order does not say whether tax was in its prices; its total does.
    return line.net.minor + (line.tax.minor if order.tax.minor and added == order.tax.minor else 0)


def paid_shares(order: Order, line: Line) -> tuple[int, ...]:
    """Split what was paid for a line over its units.

    Args:
        order: Its order.
        line: The line.

    Returns:
        Minor units of each unit, first to last, summing to what was paid.
    """
    return unit_shares(paid_for(order, line), line.quantity)


def units_of(parts: Iterable[Part]) -> dict[str, int]:
    """Add up the units that parts hold.

    Args:
        parts: The parts.

    Returns:
        Units per line id.
    """
    units: dict[str, int] = {}
    for part in parts:
        for line, count in part.lines.items():
            units[line] = units.get(line, 0) + count
    return units


def take_units(
    order: Order, kind: str, lines: Mapping[str, int] | None, *, live: frozenset[str]
) -> dict[str, int]:
    """Take units from what no other part of this kind has taken.

    Args:
        order: The order.
        kind: Kind of part.
        lines: Units per line id; None for all that is left.
        live: States in which a part of this kind holds its units.

    Returns:
        Units per line id, never empty.

    Raises:
        Refused: An unknown line, or more units than are left.
    """
    held = units_of(one for one in order.parts if one.kind == kind and one.state in live)
    wanted: dict[str, int] = {}
    known = {line.id: line for line in order.lines}
    for line_id in lines or {}:
        if line_id not in known:
            details = {"line": line_id, "lines": list(known)}
            raise Refused("needs", details, f"order {order.number} has no line {line_id!r}")
    for line in order.lines:
        left = line.quantity - held.get(line.id, 0)
        units = left if lines is None else lines.get(line.id, 0)
        if not units:
            continue
        if units < 0 or units > left:
            short = {"line": line.id, "asked": units, "left": left}
            raise Refused("guard", short, f"line {line.id} has {left} units left, {units} were asked")
        wanted[line.id] = units
    if not wanted:
        raise Refused("needs", {"lines": {}}, "nothing is left to take")
    return wanted


def share_of(order: Order, kind: str, lines: Mapping[str, int], *, live: frozenset[str]) -> Money:
    """Add up what was paid for units, those after the ones that other parts of the kind hold.

    Args:
        order: The order.
        kind: Kind of part.
        lines: Units per line id, as `take_units` gives them.
        live: States in which a part of this kind holds its units.

    Returns:
        The sum of their frozen shares.
    """
    held = units_of(one for one in order.parts if one.kind == kind and one.state in live)
    total = 0
    for line in order.lines:
        first = held.get(line.id, 0)
        total += sum(paid_shares(order, line)[first : first + lines.get(line.id, 0)])
    return Money(total, order.currency)


def all_returned(order: Order, done: frozenset[str]) -> bool:
    """Tell whether every unit that was bought has been paid back.

    Args:
        order: The order.
        done: States in which a refund has been paid back.

    Returns:
        True where it has; gifts are not bought.
    """
    back = units_of(one for one in order.parts if one.kind == REFUND and one.state in done)
    bought = [line for line in order.lines if line.quantity and not line.gift]
    return bool(bought) and all(back.get(line.id, 0) >= line.quantity for line in bought)
