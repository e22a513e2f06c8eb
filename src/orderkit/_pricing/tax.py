"""Tax of lines and fee: worked out on what promotions left, rounded where the project says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit._pricing.apportion import apportion
from orderkit.domain.money import divide

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from orderkit._pricing.cart import CartLine
    from orderkit._pricing.program import Tax
    from orderkit.domain.money import Rounding


def rate_of(tax: Tax, line: CartLine, currency: str) -> Decimal:
    """Find the rate of a line.

    Args:
        tax: How the project taxes.
        line: A line of the cart.
        currency: The cart's currency.

    Returns:
        The rate of the first set that holds the goods, else the usual one; 0.13 for 13%.
    """
    for goods, rate in tax.rates:
        if goods.holds(line, currency):
            return rate
    return tax.rate


def taxes(
    tax: Tax | None,
    lines: Sequence[CartLine],
    nets: Sequence[int],
    fee: int,
    currency: str,
    rounding: Rounding,
) -> tuple[list[int], int]:
    """Work out the tax of each line and of the fee.

    A price that includes tax holds net x r / (1 + r); one that does not bears net x r. Discounts have been
    spread to lines before, so each line is taxed on what it really costs and mixed rates stay apart.

    Args:
        tax: How the project taxes, or None.
        lines: The cart's lines.
        nets: What each costs after promotions, in minor units.
        fee: The fee after promotions.
        currency: The cart's currency.
        rounding: How a rest below one minor unit is settled.

    Returns:
        Tax of each line and of the fee, in minor units.
    """
    if tax is None:
        return [0] * len(lines), 0
    rates = [rate_of(tax, line, currency) for line in lines]
    of_fee = _part(fee, tax.shipping, rounding, included=tax.included) if tax.shipping is not None else 0
    if not tax.by_rate:
        each = [
            _part(net, rate, rounding, included=tax.included) for net, rate in zip(nets, rates, strict=True)
        ]
        return each, of_fee
    each = [0] * len(lines)
    for rate in sorted(set(rates)):
        places = [at for at, one in enumerate(rates) if one == rate]
        whole = _part(sum(nets[at] for at in places), rate, rounding, included=tax.included)
        shares = apportion(whole, [nets[at] for at in places], [lines[at].id for at in places])
        for at, share in zip(places, shares, strict=True):
            each[at] = share
    return each, of_fee


def _part(amount: int, rate: Decimal, rounding: Rounding, *, included: bool) -> int:
    top, under = rate.as_integer_ratio()
    return divide(amount * top, under + top if included else under, rounding)
