"""Spreading an amount over lines without losing a cent: by largest remainder, or as another platform does."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from orderkit.domain.money import Rounding, divide
from orderkit.domain.price import unit_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Split", "apportion", "share_out", "spread", "unit_shares"]


class Split(StrEnum):
    """The words of `pricing.split`: how what is below one minor unit finds its line.

    All but the first depend on the order of the lines; they are there to reproduce other platforms' cents.
    """

    LARGEST_REMAINDER = "largest_remainder"
    """The floor of each share, what is left to the largest rests; the order of lines changes nothing."""
    LAST_LINE = "last_line"
    """Each share rounded as the project rounds, the last line takes what is left."""
    CASCADE = "cascade"
    """From the last line up, each the floor of its part of what is left among those that are left."""
    HALF_UP_LAST = "half_up_last"
    """Each share rounded half up, the last line takes what is left."""
    TRUNCATE_LAST = "truncate_last"
    """The floor of each share, the last line takes what is left."""
    RUNNING_DELTA = "running_delta"
    """Each share rounded together with the rest that earlier lines carried over."""


def apportion(amount: int, weights: Sequence[int], ids: Sequence[str]) -> list[int]:
    """Spread an amount by largest remainder.

    Each share is the floor of its exact part; the units left over go to the largest fractions, ties to the
    larger weight, then to the smaller id. With `amount` up to the sum of the weights no share exceeds its
    weight, and nothing weighs nothing.

    Args:
        amount: Minor units, not negative.
        weights: Minor units per receiver, not negative.
        ids: One per receiver, unique; they settle ties so that the order of receivers does not matter.

    Returns:
        Shares in the order of `weights`, summing to `amount` (all 0 where nothing has weight).
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [amount * weight // total for weight in weights]
    rest = amount - sum(shares)
    if rest:
        places = sorted(
            range(len(weights)), key=lambda i: (-(amount * weights[i] % total), -weights[i], ids[i])
        )
        for place in places[:rest]:
            shares[place] += 1
    return shares


def spread(
    amount: int,
    weights: Sequence[int],
    ids: Sequence[str],
    rooms: Sequence[int],
    split: Split = Split.LARGEST_REMAINDER,
    rounding: Rounding = Rounding.HALF_UP,
) -> list[int]:
    """Spread an amount so that no receiver takes more than it has room for.

    What does not fit is spread again over those with room, by largest remainder, until it fits or nobody
    has room. No policy makes a share negative or larger than its room.

    Args:
        amount: Minor units, not negative.
        weights: Minor units per receiver, not negative.
        ids: One per receiver, unique.
        rooms: Most that each may take, in minor units.
        split: Where the rests go.
        rounding: The project's rounding, for `last_line`.

    Returns:
        Shares in the order of `weights`; they sum to `amount` or to all the room there is for weights.
    """
    first = (
        apportion(amount, weights, ids)
        if split is Split.LARGEST_REMAINDER
        else _as_split(amount, weights, split, rounding)
    )
    shares = [max(0, min(share, room)) for share, room in zip(first, rooms, strict=True)]
    left = amount - sum(shares)
    while left > 0:
        free = [min(weight, room - share) for weight, room, share in zip(weights, rooms, shares, strict=True)]
        whole = sum(free)
        if whole == 0:
            break
        more = apportion(min(left, whole), free, ids)
        shares = [share + part for share, part in zip(shares, more, strict=True)]
        left -= sum(more)
    # A rest of the wrong sign: an earlier line was rounded up beyond what there is to give.
    for place in reversed(range(len(shares))):
        if left >= 0:
            break
        back = min(shares[place], -left)
        shares[place] -= back
        left += back
    return shares


def _as_split(amount: int, weights: Sequence[int], split: Split, rounding: Rounding) -> list[int]:
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if split is Split.CASCADE:
        return _cascade(amount, weights)
    if split is Split.RUNNING_DELTA:
        return _running(amount, weights, total)
    how = {Split.HALF_UP_LAST: Rounding.HALF_UP, Split.TRUNCATE_LAST: Rounding.DOWN}.get(split, rounding)
    last = max(place for place, weight in enumerate(weights) if weight)
    shares = [divide(amount * weight, total, how) for weight in weights]
    shares[last] += amount - sum(shares)
    return shares


def _cascade(amount: int, weights: Sequence[int]) -> list[int]:
    shares = [0] * len(weights)
    left, whole = amount, sum(weights)
    for place in reversed(range(len(weights))):
        if whole:
            shares[place] = left * weights[place] // whole
        left -= shares[place]
        whole -= weights[place]
    return shares


def _running(amount: int, weights: Sequence[int], total: int) -> list[int]:
    # Rounding the running sum is what carrying each rest over to the next line comes to.
    shares, sofar, given = [], 0, 0
    for weight in weights:
        sofar += weight
        upto = divide(amount * sofar, total)
        shares.append(upto - given)
        given = upto
    return shares


def share_out(amounts: Sequence[int], payers: Sequence[tuple[str, int]]) -> list[list[int]]:
    """Say of each row who bears how much, so that rows and payers both add up.

    Splitting each row alone would give every odd cent to the same payer; here it goes to the one who is
    furthest behind over the rows so far.

    Args:
        amounts: Minor units per row, not negative.
        payers: Name and weight of each, weights positive.

    Returns:
        For each row the parts in the order of `payers`, summing to the row.
    """
    if len(payers) == 1:
        return [[amount] for amount in amounts]
    total = sum(weight for _, weight in payers)
    given = [0] * len(payers)
    sofar = 0
    rows: list[list[int]] = []
    for amount in amounts:
        sofar += amount
        parts = [amount * weight // total for _, weight in payers]
        rest = amount - sum(parts)
        behind = sorted(
            range(len(payers)),
            key=lambda j: (given[j] * total + parts[j] * total - sofar * payers[j][1], payers[j][0]),
        )
        for j in behind[:rest]:
            parts[j] += 1
        given = [had + part for had, part in zip(given, parts, strict=True)]
        rows.append(parts)
    return rows
