"""Spreading an amount over lines without losing a cent and without depending on their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.domain.price import unit_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["apportion", "share_out", "unit_shares"]


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
