"""Units of one line that cost the same and were priced by the same promotions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(slots=True)
class Slice:
    """Some units of one line; a line begins as one slice and parts where a promotion takes some of it.

    Args:
        line: Place of the line in the cart.
        units: How many.
        listed: What they cost at list price, in minor units.
        net: What promotions left of it.
        by: Promotions that priced them.
    """

    line: int
    units: int
    listed: int
    net: int
    by: frozenset[str] = frozenset()


class Part(NamedTuple):
    """Units of a slice that a promotion is judged on.

    Args:
        at: Place of the slice.
        units: How many of it.
        net: What they cost now, in minor units.
        listed: What they cost at list price.
    """

    at: int
    units: int
    net: int
    listed: int


def part_of(one: Slice, index: int, free: int, units: int) -> Part:
    """Take the first units that are free; earlier promotions of the stage took the ones before.

    Args:
        one: The slice.
        index: Its place.
        free: Units that nobody took.
        units: How many to take, at most `free`.

    Returns:
        The part.
    """
    if units == one.units:
        return Part(index, units, one.net, one.listed)
    start = one.units - free
    return Part(
        index, units, share(one.net, one.units, start, units), share(one.listed, one.units, start, units)
    )


def share(amount: int, units: int, start: int, taken: int) -> int:
    """Give the share of some units by cumulative rounding: shares of any grouping sum to the amount.

    Args:
        amount: Minor units of all units.
        units: How many units there are.
        start: Units before the ones in question.
        taken: How many.

    Returns:
        floor(amount x (start + taken) / units) - floor(amount x start / units).
    """
    return amount * (start + taken) // units - amount * start // units
