"""What one promotion would take off given goods: its tier, its base, and each line's share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from orderkit._pricing.apportion import apportion
from orderkit._pricing.program import Basis, FreeShipping, Minus, PercentOff, UnitPrices, WorksOn
from orderkit.domain.money import divide, to_decimal, to_minor
from orderkit.domain.price import MissReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderkit._diagnostics import Span
    from orderkit._pricing.program import Cart, Promotion, Tier
    from orderkit.domain.money import Rounding

Ratio: TypeAlias = tuple[int, int]
"""An exact amount in minor units: plain integers, since a search judges many offers."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a promotion does to one line, or to the fee.

    Args:
        place: Place of the line in the cart; None for the fee.
        base: Minor units it brought to the amount that was worked on.
        amount: Minor units taken off.
        exact: The same before rounding, as numerator and positive denominator.
        note: The figure that decided.
    """

    place: int | None
    base: int
    amount: int
    exact: Ratio
    note: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a promotion gives on given goods.

    Args:
        tier: The tier reached.
        shares: Its effect; one per line it takes.
        saving: Sum of the shares in minor units.
        beyond: The next tier and what is lacking for it, where there is one.
    """

    tier: Tier
    shares: tuple[Share, ...]
    saving: int
    beyond: Shortfall | None = None

    @property
    def places(self) -> frozenset[int]:
        """Name the lines it takes."""
        return frozenset(share.place for share in self.shares if share.place is not None)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a promotion gives nothing on given goods.

    Args:
        reason: Why.
        span: The line of YAML that asks for more.
        short_by: Minor units (for `spend`) or units lacking.
    """

    reason: MissReason
    span: Span
    short_by: int = 0


class Bench:
    """The amounts one stage works on; offers are judged here and nothing is changed."""

    __slots__ = ("_cart", "_fee", "_judged", "_lists", "_nets", "_rounding", "_works_on")

    def __init__(
        self,
        cart: Cart,
        works_on: WorksOn,
        lists: Sequence[int],
        nets: Sequence[int],
        fee: int,
        rounding: Rounding,
    ) -> None:
        """Lay the amounts out.

        Args:
            cart: The cart.
            works_on: What the stage hands out.
            lists: List amount per line, in minor units.
            nets: What earlier stages left of it.
            fee: What earlier stages left of the shipping fee.
            rounding: How a rest below one minor unit is settled.
        """
        self._cart = cart
        self._works_on = works_on
        self._lists = lists
        self._nets = nets
        self._fee = fee
        self._rounding = rounding
        self._judged: dict[tuple[int, frozenset[int]], Offer | Shortfall] = {}

    def scope(self, promotion: Promotion) -> frozenset[int]:
        """Find the lines whose goods a promotion speaks of.

        Args:
            promotion: The promotion.

        Returns:
            Places in the cart.
        """
        goods, currency = promotion.goods, self._cart.currency
        places = (
            place
            for place, line in enumerate(self._cart.lines)
            if line.quantity and (goods is None or goods.holds(line, currency))
        )
        benefit = promotion.tiers[0].benefit
        if not isinstance(benefit, UnitPrices):
            return frozenset(places)
        table = benefit.by_sku
        return frozenset(place for place in places if currency in table.get(self._cart.lines[place].sku, ()))

    def judge(self, promotion: Promotion, places: frozenset[int]) -> Offer | Shortfall:
        """Work out what a promotion would give on some lines.

        Args:
            promotion: The promotion; it is for this cart.
            places: The lines of its scope that it may have.

        Returns:
            The offer, which may save nothing, or what is lacking.
        """
        key = (promotion.place, places)
        if key not in self._judged:
            self._judged[key] = self._judge(promotion, sorted(places))
        return self._judged[key]

    def _judge(self, promotion: Promotion, taken: list[int]) -> Offer | Shortfall:
        if not taken:
            return Shortfall(MissReason.GOODS, promotion.at("goods"))
        looked_at = self._nets if promotion.thresholds is Basis.NET else self._lists
        spent = sum(looked_at[place] for place in taken)
        units = sum(self._cart.lines[place].quantity for place in taken)
        beyond: Shortfall | None = None
        for tier in reversed(promotion.tiers):
            lacking = self._lacking(tier, spent, units)
            if lacking is None:
                shares = self._shares(promotion, tier, taken, spent)
                return Offer(tier, shares, sum(share.amount for share in shares), beyond)
            beyond = lacking
        assert beyond is not None, "a promotion has at least one tier"  # noqa: S101 - the compiler's promise
        return beyond

    def _lacking(self, tier: Tier, spent: int, units: int) -> Shortfall | None:
        least = self._least_spend(tier)
        if spent < least:
            return Shortfall(MissReason.SPEND, tier.span, least - spent)
        if tier.units is not None and units < tier.units:
            return Shortfall(MissReason.UNITS, tier.span, tier.units - units)
        return None

    def _least_spend(self, tier: Tier) -> int:
        currency = self._cart.currency
        least = tier.spend[currency] if tier.spend is not None else 0
        if isinstance(tier.benefit, Minus) and tier.benefit.every is not None:
            least = max(least, tier.benefit.every[currency])
        return least

    def _shares(self, promotion: Promotion, tier: Tier, taken: list[int], spent: int) -> tuple[Share, ...]:
        note = self._threshold(tier)
        if isinstance(tier.benefit, FreeShipping):
            return (Share(None, self._fee, self._fee, (self._fee, 1), note),)
        if self._works_on is WorksOn.FEE:
            return self._off_fee(tier, spent, note)
        if isinstance(tier.benefit, UnitPrices):
            return self._at_prices(tier.benefit, taken)
        bases = self._nets if promotion.basis is Basis.NET else self._lists
        if isinstance(tier.benefit, PercentOff) and self._works_on is WorksOn.UNITS:
            return self._off_each(tier.benefit, taken, [bases[place] for place in taken], note)
        return self._off_scope(tier, taken, [bases[place] for place in taken], spent, note)

    def _at_prices(self, benefit: UnitPrices, taken: list[int]) -> tuple[Share, ...]:
        currency = self._cart.currency
        shares = []
        for place in taken:
            line = self._cart.lines[place]
            price = benefit.by_sku[line.sku][currency]
            costs = to_minor(Fraction(price) * line.quantity, currency, self._rounding)
            off = self._nets[place] - costs
            if off > 0:
                shares.append(Share(place, self._nets[place], off, (off, 1), f"@ {price:f}"))
        return tuple(shares)

    def _off_each(
        self, benefit: PercentOff, taken: list[int], bases: list[int], note: str
    ) -> tuple[Share, ...]:
        top, under = benefit.rate.as_integer_ratio()
        amounts = [
            min(divide(base * top, under, self._rounding), self._nets[place])
            for base, place in zip(bases, taken, strict=True)
        ]
        cap = None if benefit.at_most is None else benefit.at_most[self._cart.currency]
        if cap is not None and sum(amounts) > cap:
            return self._spread(taken, bases, (cap, 1), _joined(note, f"≤ {self._shown(cap)}"))
        return tuple(
            Share(place, base, amount, (base * top, under), note)
            for place, base, amount in zip(taken, bases, amounts, strict=True)
            if base
        )

    def _off_scope(
        self, tier: Tier, taken: list[int], bases: list[int], spent: int, note: str
    ) -> tuple[Share, ...]:
        exact, more = self._worth(tier, sum(bases), spent)
        return self._spread(taken, bases, exact, _joined(note, more))

    def _spread(self, taken: list[int], bases: list[int], exact: Ratio, note: str) -> tuple[Share, ...]:
        weights = [self._nets[place] for place in taken]
        whole = sum(weights)
        if exact[0] > whole * exact[1]:
            exact = (whole, 1)
        amount = divide(*exact, self._rounding)
        amounts = apportion(amount, weights, [self._cart.lines[place].id for place in taken])
        under = exact[1] * (whole or 1)
        return tuple(
            Share(place, base, part, (exact[0] * weight, under), note)
            for place, base, part, weight in zip(taken, bases, amounts, weights, strict=True)
            if base
        )

    def _off_fee(self, tier: Tier, spent: int, note: str) -> tuple[Share, ...]:
        exact, more = self._worth(tier, self._fee, spent)
        if exact[0] > self._fee * exact[1]:
            exact = (self._fee, 1)
        return (Share(None, self._fee, divide(*exact, self._rounding), exact, _joined(note, more)),)

    def _worth(self, tier: Tier, base: int, spent: int) -> tuple[Ratio, str]:
        """Give what the tier takes off a whole scope, exactly, with its note."""
        currency, benefit = self._cart.currency, tier.benefit
        if isinstance(benefit, Minus):
            minus = benefit.amounts[currency]
            worth, note = (minus, 1), f"-{self._shown(minus)}"
            if benefit.every is not None:
                times = spent // benefit.every[currency]
                worth, note = (minus * times, 1), f"{times} × {note}"
        elif isinstance(benefit, PercentOff):
            top, under = benefit.rate.as_integer_ratio()
            worth, note = (base * top, under), ""
        else:
            message = f"{type(benefit).__name__} is not taken off a whole scope"
            raise TypeError(message)
        cap = None if benefit.at_most is None else benefit.at_most[currency]
        if cap is not None and worth[0] > cap * worth[1]:
            return (cap, 1), _joined(note, f"≤ {self._shown(cap)}")
        return worth, note

    def _threshold(self, tier: Tier) -> str:
        least = self._least_spend(tier)
        parts = [f"≥ {self._shown(least)}"] if least else []
        if tier.units is not None:
            parts.append(f"≥ {tier.units} ×")
        return ", ".join(parts)

    def _shown(self, minor: int) -> str:
        return f"{to_decimal(minor, self._cart.currency):f}"


def _joined(first: str, second: str) -> str:
    return ", ".join(part for part in (first, second) if part)
