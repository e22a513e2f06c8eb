"""Turns what a tier takes off into exact shares of units: thresholds, bases, caps, floors, roundings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from orderkit._pricing.apportion import spread
from orderkit._pricing.benefit import Minus, Per, PercentOff, UnitPrices
from orderkit._pricing.program import Basis, WorksOn
from orderkit._pricing.tax import rate_of
from orderkit.domain.money import Rounding, divide, to_decimal, to_minor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from orderkit._pricing.benefit import Tier
    from orderkit._pricing.cart import Cart
    from orderkit._pricing.program import PricingProgram, Promotion
    from orderkit._pricing.slices import Part, Slice

Ratio: TypeAlias = tuple[int, int]
"""An exact amount in minor units: plain integers, since a search judges many offers."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a promotion does to the units of one slice, or to the fee.

    Args:
        at: Place of the slice; None for the fee.
        units: Units it is about; 0 for the fee.
        base: Minor units they brought to the amount that was worked on.
        amount: Minor units taken off.
        exact: The same before rounding, as numerator and positive denominator.
        note: The figure that decided.
    """

    at: int | None
    units: int
    base: int
    amount: int
    exact: Ratio
    note: str


class Sharing:
    """The amounts of one stage, and what comes off them.

    Args:
        program: The project's pricing.
        cart: The cart.
        slices: The units as earlier stages left them.
        fee: What earlier stages left of the shipping fee.
    """

    __slots__ = ("_cart", "_fee", "_ids", "_program", "_promotion", "_slices")

    def __init__(self, program: PricingProgram, cart: Cart, slices: Sequence[Slice], fee: int) -> None:
        """Take what every promotion of the stage works on."""
        self._program = program
        self._cart = cart
        self._slices = slices
        self._fee = fee
        # Slices of one line follow each other, so that ties are settled by line whatever their order.
        self._ids = [(cart.lines[one.line].id, at) for at, one in enumerate(slices)]
        self._promotion: Promotion

    def of(self, promotion: Promotion) -> Sharing:
        """Work for a promotion from now on.

        Args:
            promotion: Whose bases, payers and flags count.

        Returns:
            This sharing.
        """
        self._promotion = promotion
        return self

    def spent(self, parts: Sequence[Part]) -> int:
        """Give what a threshold is held against.

        Args:
            parts: The units of the scope.

        Returns:
            Minor units.
        """
        promotion = self._promotion
        if promotion.thresholds is Basis.LIST:
            return sum(self._gross(part, part.listed) for part in parts)
        return sum(self._gross(part, part.net) for part in parts)

    def least_spend(self, tier: Tier) -> int:
        """Give the least amount a tier asks for.

        Args:
            tier: The tier.

        Returns:
            Minor units; its step where it has one.
        """
        currency = self._cart.currency
        least = tier.spend[currency] if tier.spend is not None else 0
        if isinstance(tier.benefit, Minus) and tier.benefit.every is not None:
            least = max(least, tier.benefit.every[currency])
        return least

    def threshold(self, tier: Tier) -> str:
        """Word a tier's threshold in signs of every language.

        Args:
            tier: The tier.

        Returns:
            Such as `≥ 300.00`, or an empty text.
        """
        least = self.least_spend(tier)
        parts = [f"≥ {self._shown(least)}"] if least else []
        if tier.units is not None:
            parts.append(f"≥ {tier.units} ×")
        return ", ".join(parts)

    def shares(
        self, tier: Tier, parts: list[Part], spent: int, note: str, works_on: WorksOn
    ) -> tuple[Share, ...]:
        """Take a tier's benefit off units.

        Args:
            tier: The tier.
            parts: The units that get it.
            spent: What the threshold was held against.
            note: The figure that decided.
            works_on: What the stage hands out.

        Returns:
            A share for each part that has something to take off.
        """
        benefit = tier.benefit
        if isinstance(benefit, UnitPrices):
            return self._at_prices(benefit, parts)
        if isinstance(benefit, PercentOff) and works_on is WorksOn.UNITS:
            return self._off_lines(benefit, parts, note)
        if isinstance(benefit, Minus) and benefit.per is not Per.SCOPE:
            return self._off_each(benefit, parts, note)
        exact, more = self._worth(tier, sum(self._bases(parts)), spent)
        return self._spread(parts, exact, joined(note, more))

    def off_groups(self, tier: Tier, parts: list[Part], groups: int, note: str) -> tuple[Share, ...]:
        """Take an amount off once for each full group, at most what the groups cost.

        Args:
            tier: The tier; its benefit is a `Minus`.
            parts: The units of the groups.
            groups: How many there are.
            note: The figure that decided.

        Returns:
            A share for each part.
        """
        benefit = tier.benefit
        assert isinstance(benefit, Minus)  # noqa: S101 - the caller asked
        minus = benefit.amounts[self._cart.currency]
        exact, more = self._capped((minus * groups, 1), benefit, f"{groups} × -{self._shown(minus)}")
        return self._spread(parts, exact, joined(note, more))

    def set_shares(self, parts: list[Part], price: int, note: str) -> tuple[Share, ...]:
        """Bring units to the price of their sets.

        Args:
            parts: The units of the sets.
            price: What the sets cost together, in minor units.
            note: The figure that decided.

        Returns:
            A share for each part; none where the units cost no more than that already.
        """
        off = sum(part.net for part in parts) - price
        return self._spread(parts, (off, 1), joined(note, f"@ {self._shown(price)}")) if off > 0 else ()

    def off_fee(self, tier: Tier, spent: int, note: str) -> Share:
        """Take a tier's benefit off the fee, never below nothing.

        Args:
            tier: The tier.
            spent: What the threshold was held against.
            note: The figure that decided.

        Returns:
            The share of the fee.
        """
        exact, more = self._worth(tier, self._fee, spent)
        if exact[0] > self._fee * exact[1]:
            exact = (self._fee, 1)
        amount = divide(*exact, self._program.rounding)
        return Share(None, 0, self._fee, amount, exact, joined(note, more))

    def _bases(self, parts: Sequence[Part]) -> list[int]:
        if self._promotion.basis is Basis.NET:
            return [self._gross(part, part.net) for part in parts]
        return [self._gross(part, part.listed) for part in parts]

    def _gross(self, part: Part, amount: int) -> int:
        """Add the tax where a promotion's amounts include it and prices do not."""
        tax = self._program.tax
        if not self._promotion.gross or tax is None or tax.included:
            return amount
        rate = rate_of(tax, self._cart.lines[self._slices[part.at].line], self._cart.currency)
        top, under = rate.as_integer_ratio()
        return divide(amount * (under + top), under, self._program.rounding)

    def _room(self, part: Part) -> int:
        """Give how much may come off: down to the floor, or to nothing."""
        floor = self._floor(part.at)
        if floor is None:
            return part.net
        least = to_minor(Fraction(floor) * part.units, self._cart.currency, Rounding.UP)
        return max(0, part.net - least)

    def _floor(self, index: int) -> Decimal | None:
        if self._program.floor is None:
            return None
        found: Decimal | None = self._cart.lines[self._slices[index].line].attributes.get(self._program.floor)
        return found

    def _at_prices(self, benefit: UnitPrices, parts: list[Part]) -> tuple[Share, ...]:
        currency = self._cart.currency
        shares = []
        for part in parts:
            price = benefit.of(self._cart.lines[self._slices[part.at].line].sku, currency)
            if price is None:
                continue
            costs = to_minor(Fraction(price) * part.units, currency, self._program.rounding)
            off = min(part.net - costs, self._room(part))
            if off > 0:
                shares.append(Share(part.at, part.units, part.net, off, (off, 1), f"@ {price:f}"))
        return tuple(shares)

    def _off_lines(self, benefit: PercentOff, parts: list[Part], note: str) -> tuple[Share, ...]:
        """Take a percentage off each line, rounded once per line."""
        top, under = benefit.rate.as_integer_ratio()
        bases = self._bases(parts)
        by_line: dict[int, list[int]] = {}
        for at, part in enumerate(parts):
            by_line.setdefault(self._slices[part.at].line, []).append(at)
        amounts = [0] * len(parts)
        for places in by_line.values():
            base = sum(bases[at] for at in places)
            off = divide(base * top, under, self._program.rounding)
            rooms = [self._room(parts[at]) for at in places]
            weights = [parts[at].net for at in places]
            ids = [self._tie(parts[at]) for at in places]
            for at, amount in zip(places, spread(off, weights, ids, rooms), strict=True):
                amounts[at] = amount
        cap = None if benefit.at_most is None else benefit.at_most[self._cart.currency]
        if cap is not None and sum(amounts) > cap:
            return self._spread(parts, (cap, 1), joined(note, f"≤ {self._shown(cap)}"))
        return tuple(
            Share(part.at, part.units, base, amount, (base * top, under), note)
            for part, base, amount in zip(parts, bases, amounts, strict=True)
            if base
        )

    def _off_each(self, benefit: Minus, parts: list[Part], note: str) -> tuple[Share, ...]:
        """Take an amount off every unit or every line, at most what it costs."""
        minus = benefit.amounts[self._cart.currency]
        seen: set[int] = set()
        shares = []
        for part in parts:
            line = self._slices[part.at].line
            times = part.units if benefit.per is Per.UNIT else int(line not in seen)
            seen.add(line)
            off = min(minus * times, self._room(part))
            told = joined(note, f"{times} × -{self._shown(minus)}")
            shares.append(Share(part.at, part.units, part.net, off, (off, 1), told))
        cap = None if benefit.at_most is None else benefit.at_most[self._cart.currency]
        if cap is not None and sum(share.amount for share in shares) > cap:
            return self._spread(parts, (cap, 1), joined(note, f"≤ {self._shown(cap)}"))
        return tuple(shares)

    def _spread(self, parts: list[Part], exact: Ratio, note: str) -> tuple[Share, ...]:
        """Spread an exact amount over units by what they cost, the fee being one more where asked."""
        program, promotion = self._program, self._promotion
        bases = self._bases(parts)
        weights = [self._gross(part, part.net) for part in parts]
        rooms = [
            min(weight, self._gross(part, self._room(part)))
            for part, weight in zip(parts, weights, strict=True)
        ]
        ids = [self._tie(part) for part in parts]
        fee = self._fee if promotion.with_shipping else 0
        if fee:
            bases, weights, rooms, ids = [*bases, fee], [*weights, fee], [*rooms, fee], [*ids, "~"]
        whole = sum(weights)
        if exact[0] > whole * exact[1]:
            exact = (whole, 1)
        amount = divide(*exact, program.rounding)
        amounts = spread(amount, weights, ids, rooms, program.split, program.rounding)
        under = exact[1] * (whole or 1)
        return tuple(
            self._share(parts, at, base, part, (exact[0] * weight, under), weight, note)
            for at, (base, part, weight) in enumerate(zip(bases, amounts, weights, strict=True))
            if base
        )

    def _share(
        self, parts: list[Part], at: int, base: int, amount: int, exact: Ratio, weight: int, note: str
    ) -> Share:
        if at == len(parts):
            return Share(None, 0, base, amount, exact, note)
        part = parts[at]
        if weight != part.net:
            # What comes off in amounts with tax comes off the price without it, all of it at the end.
            amount = part.net if amount == weight else divide(amount * part.net, weight)
            exact = (exact[0] * part.net, exact[1] * weight)
            base = part.net
        return Share(part.at, part.units, base, amount, exact, note)

    def _tie(self, part: Part) -> str:
        line, at = self._ids[part.at]
        return f"{line}\x00{at:06}"

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
            if self._promotion.with_shipping:
                base += self._fee
            top, under = benefit.rate.as_integer_ratio()
            worth, note = (base * top, under), ""
        else:
            message = f"{type(benefit).__name__} is not taken off a whole scope"
            raise TypeError(message)
        return self._capped(worth, benefit, note)

    def _capped(self, worth: Ratio, benefit: Minus | PercentOff, note: str) -> tuple[Ratio, str]:
        cap = None if benefit.at_most is None else benefit.at_most[self._cart.currency]
        if cap is not None and worth[0] > cap * worth[1]:
            return (cap, 1), joined(note, f"≤ {self._shown(cap)}")
        return worth, note

    def _shown(self, minor: int) -> str:
        return f"{to_decimal(minor, self._cart.currency):f}"


def joined(first: str, second: str) -> str:
    """Join two notes.

    Args:
        first: One, or an empty text.
        second: The other.

    Returns:
        Both with a comma between, or the one there is.
    """
    return ", ".join(part for part in (first, second) if part)
