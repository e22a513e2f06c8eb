"""Money and ranges as written, brought into the forms that programs hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from orderkit._pricing.goods import Band
from orderkit.domain.money import digits_of, exact_minor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._pricing.benefit import Amounts
    from orderkit._text.values import MoneyText

ABOVE_ZERO: Final = {"least": "a number above 0", "least_zh": "大于 0 的数"}
FROM_ZERO: Final = {"least": "0 or a number above it", "least_zh": "0 或大于 0 的数"}
_BAND: Final = re.compile(
    r"\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)?\s*\.\.\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)?\s*"
).fullmatch


@dataclass(frozen=True, slots=True)
class MoneyReader:
    """Turns written money into amounts per currency, noting what does not fit.

    Args:
        currency: The project's currency, which bare numbers mean.
        found: Takes the mistakes.
    """

    currency: str
    found: Collector

    def prices(self, money: MoneyText) -> Mapping[str, Decimal] | None:
        """Read unit prices, which may be finer than the currency.

        Args:
            money: As written.

        Returns:
            Major units per currency, or None where it is negative.
        """
        if any(amount < 0 for amount in money.amounts.values()):
            self.found.add("OK720", money.span, value=_shown(money), related=(), **FROM_ZERO)
            return None
        return {code or self.currency: amount for code, amount in money.amounts.items()}

    def amounts(self, money: MoneyText, *, zero: bool = False) -> Amounts | None:
        """Read amounts that the currency can pay.

        Args:
            money: As written.
            zero: Whether nothing is an amount here.

        Returns:
            Minor units per currency, or None where it has a mistake.
        """
        read: dict[str, int] = {}
        for code, amount in money.amounts.items():
            currency = code or self.currency
            minor = exact_minor(amount, currency)
            if minor is None:
                self.found.add(
                    "OK710", money.span, value=f"{amount:f}", currency=currency, digits=digits_of(currency)
                )
                return None
            if minor < 0 or (minor == 0 and not zero):
                least = FROM_ZERO if zero else ABOVE_ZERO
                self.found.add("OK720", money.span, value=f"{amount:f}", related=(), **least)
                return None
            read[currency] = minor
        return read


def read_band(text: str, span: Span, found: Collector) -> Band | None:
    """Read `80 ..`, `80 .. 200` or `.. 200`, both ends included.

    Args:
        text: As written.
        span: Where it stands.
        found: Takes the mistake.

    Returns:
        The range, or None where it is none or holds nothing.
    """
    ends = _BAND(text)
    low = Decimal(ends[1]) if ends and ends[1] else None
    high = Decimal(ends[2]) if ends and ends[2] else None
    if (low is None and high is None) or (low is not None and high is not None and high < low):
        found.add("OK714", span, value=text)
        return None
    return Band(low, high)


def _shown(money: MoneyText) -> str:
    return ", ".join(f"{amount:f} {code}".strip() for code, amount in money.amounts.items())
