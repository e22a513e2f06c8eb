"""What an order costs and why: every minor unit between list and total is a row naming its promotion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orderkit.domain.explanation import explain_price, price_to_dict
from orderkit.domain.ledger import Adjustment, Gift, PricedLine, PriceFacts, unit_shares
from orderkit.domain.missed import Missed, MissReason
from orderkit.domain.policies import RefundPolicy

__all__ = [
    "Adjustment",
    "Gift",
    "MissReason",
    "Missed",
    "Price",
    "PriceFacts",
    "PricedLine",
    "RefundPolicy",
    "unit_shares",
]


@dataclass(frozen=True, slots=True)
class Price(PriceFacts):
    """The price of a cart with the reason of every amount."""

    def explain(self, lang: str = "en") -> str:
        """Tell in plain text how the total came about.

        Args:
            lang: `en` or `zh`.

        Returns:
            A table of lines and promotions with the YAML line of each amount, then what was missed.
        """
        return explain_price(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """Give the same as plain data for JSON: money and decimals as exact texts.

        Returns:
            A new nested dict.
        """
        return price_to_dict(self)
