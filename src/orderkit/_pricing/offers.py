"""What one promotion would give on given goods: its tier, the units it takes, and each share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from orderkit._pricing.benefit import (
    FreeShipping,
    GiveAlong,
    GivePoints,
    Minus,
    PercentOff,
    SetPrice,
    UnitPrices,
)
from orderkit._pricing.demands import Shortfall
from orderkit._pricing.grouping import Heap, bought_sets, every, picked, sets
from orderkit._pricing.program import WorksOn
from orderkit._pricing.sharing import Share, Sharing
from orderkit._pricing.slices import Part, part_of
from orderkit.domain.price import MissReason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit._pricing.benefit import Tier
    from orderkit._pricing.cart import Cart, Left
    from orderkit._pricing.goods import Goods
    from orderkit._pricing.program import PricingProgram, Promotion, Stage
    from orderkit._pricing.slices import Slice

Free = tuple[int, ...]
"""Units of each slice that no promotion of the stage took."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a promotion gives on given goods.

    Args:
        tier: The tier reached.
        shares: Its effect; one per slice it looks at, and one for the fee where it takes some of it.
        saving: Sum of the shares in minor units.
        takes: Units by slice that later promotions of the stage no longer find.
        beyond: The next tier and what is lacking for it, where there is one.
        gifts: Skus and units given along.
        points: Points given.
        witnesses: Slices that only had to be there.
        refused: Units beyond a limit that refuses them.
    """

    tier: Tier
    shares: tuple[Share, ...] = ()
    saving: int = 0
    takes: tuple[Heap, ...] = ()
    beyond: Shortfall | None = None
    gifts: tuple[tuple[str, int], ...] = ()
    points: int = 0
    witnesses: tuple[int, ...] = ()
    refused: int = 0

    @property
    def gives(self) -> bool:
        """Tell whether it gives anything at all."""
        return bool(self.saving or self.gifts or self.points)


class _Facts:
    """What is known of the goods one promotion is judged on."""

    __slots__ = ("bench", "kinds", "spent", "units")

    def __init__(self, bench: Bench, parts: Sequence[Part], spent: int) -> None:
        self.bench = bench
        self.spent = spent
        self.units = sum(part.units for part in parts)
        self.kinds = len({bench.line(part.at).sku for part in parts})

    @property
    def cart(self) -> Cart:
        return self.bench.cart

    def units_of(self, goods: Goods) -> int:
        return sum(
            one.units
            for one in self.bench.slices
            if goods.holds(self.cart.lines[one.line], self.cart.currency, cheaper=one.net < one.listed)
        )

    def env(self) -> Mapping[str, Any]:
        return self.bench.env()


class Bench:
    """The units one stage works on; offers are judged here and nothing is changed.

    Args:
        program: The project's pricing.
        cart: The cart.
        left: What is left of everything that is counted.
        stage: The stage.
        slices: The units as earlier stages left them.
        fee: What earlier stages left of the shipping fee.
        env: Gives the values for `if:`.
    """

    __slots__ = ("_judged", "_scopes", "_sharing", "cart", "env", "fee", "left", "slices", "stage")

    def __init__(
        self,
        program: PricingProgram,
        cart: Cart,
        left: Left,
        stage: Stage,
        slices: Sequence[Slice],
        fee: int,
        env: Callable[[], Mapping[str, Any]],
    ) -> None:
        """Lay the units out."""
        self.cart = cart
        self.left = left
        self.stage = stage
        self.slices = slices
        self.fee = fee
        self.env = env
        self._sharing = Sharing(program, cart, slices, fee)
        self._judged: dict[tuple[int, Free], Offer | Shortfall] = {}
        self._scopes: dict[int, frozenset[int]] = {}

    @property
    def all(self) -> Free:
        """Give every unit."""
        return tuple(one.units for one in self.slices)

    def line(self, index: int) -> Any:
        """Give the cart's line of a slice."""
        return self.cart.lines[self.slices[index].line]

    def scope(self, promotion: Promotion, hidden: frozenset[int] = frozenset()) -> frozenset[int]:
        """Find the slices whose goods a promotion speaks of.

        Args:
            promotion: The promotion.
            hidden: Slices that it must not see.

        Returns:
            Places of slices.
        """
        known = self._scopes.get(promotion.place)
        if known is None:
            goods, currency, lines = promotion.goods, self.cart.currency, self.cart.lines
            benefit = promotion.tiers[0].benefit
            prices = benefit if isinstance(benefit, UnitPrices) else None
            parts = (
                frozenset(sku for sku, _ in benefit.parts)
                if isinstance(benefit, SetPrice) and benefit.parts
                else None
            )
            known = self._scopes[promotion.place] = frozenset(
                index
                for index, one in enumerate(self.slices)
                if one.units
                and index not in hidden
                and (goods is None or goods.holds(lines[one.line], currency, cheaper=one.net < one.listed))
                and (prices is None or prices.of(lines[one.line].sku, currency) is not None)
                and (parts is None or lines[one.line].sku in parts)
            )
        return known

    def judge(self, promotion: Promotion, free: Free) -> Offer | Shortfall:
        """Work out what a promotion would give.

        Args:
            promotion: The promotion; it is for this cart, and `scope` has been asked for it.
            free: Units of each slice that nobody took.

        Returns:
            The offer, which may give nothing, or what is lacking.
        """
        scope = self._scopes[promotion.place]
        key = (promotion.place, tuple(units if at in scope else 0 for at, units in enumerate(free)))
        if key not in self._judged:
            self._judged[key] = self._judge(promotion, scope, free)
        return self._judged[key]

    def _judge(self, promotion: Promotion, scope: frozenset[int], free: Free) -> Offer | Shortfall:
        parts = [
            part_of(self.slices[at], at, free[at], free[at])
            for at in sorted(scope, key=lambda index: (self.slices[index].line, index))
            if free[at]
        ]
        if not parts:
            return Shortfall(MissReason.GOODS, promotion.at("goods"))
        sharing = self._sharing.of(promotion)
        spent = sharing.spent(parts)
        facts = _Facts(self, parts, spent)
        if promotion.demand is not None:
            lack = promotion.demand.lack(facts)
            if lack is not None:
                return lack
        beyond: Shortfall | None = None
        for tier in reversed(promotion.tiers):
            lacking = self._lacking(tier, facts)
            if lacking is None:
                return self._within_budget(promotion, self._offer(promotion, tier, parts, facts, beyond))
            beyond = lacking
        assert beyond is not None, "a promotion has at least one tier"  # noqa: S101 - the compiler's promise
        return beyond

    def _within_budget(self, promotion: Promotion, offer: Offer | Shortfall) -> Offer | Shortfall:
        money = self.left.money.get(promotion.name)
        if isinstance(offer, Offer) and money is not None and offer.saving > money:
            return Shortfall(MissReason.LIMIT, promotion.at("limit"))
        return offer

    def _lacking(self, tier: Tier, facts: _Facts) -> Shortfall | None:
        least = self._sharing.least_spend(tier)
        if facts.spent < least:
            return Shortfall(MissReason.SPEND, tier.span, least - facts.spent)
        if tier.units is not None and facts.units < tier.units:
            return Shortfall(MissReason.UNITS, tier.span, tier.units - facts.units)
        return None

    def _offer(
        self, promotion: Promotion, tier: Tier, parts: list[Part], facts: _Facts, beyond: Shortfall | None
    ) -> Offer | Shortfall:
        benefit, note = tier.benefit, self._sharing.threshold(tier)
        if isinstance(benefit, FreeShipping):
            share = Share(None, 0, self.fee, self.fee, (self.fee, 1), note)
            return Offer(tier, (share,), self.fee, beyond=beyond)
        if self.stage.works_on is WorksOn.FEE and isinstance(benefit, Minus | PercentOff):
            share = self._sharing.off_fee(tier, facts.spent, note)
            return Offer(tier, (share,), share.amount, beyond=beyond)
        if isinstance(benefit, SetPrice):
            return self._sets(promotion, tier, benefit, parts)
        times, favored, takes, witnesses = self._favored(promotion, parts)
        if times == 0:
            return self._no_group(promotion, tier, facts)
        if isinstance(benefit, GiveAlong | GivePoints):
            return self._along(tier, benefit, times, parts, beyond)
        refused = 0
        if isinstance(benefit, UnitPrices):
            favored, refused = self._within_quota(promotion, favored)
            if not favored:
                return Shortfall(MissReason.LIMIT, promotion.at("limit"))
        sharing = self._sharing.of(promotion)
        if promotion.groups is not None and isinstance(benefit, Minus):
            shares = sharing.off_groups(tier, self._parts(takes, parts), times, note)
        else:
            shares = sharing.shares(tier, favored, facts.spent, note, self.stage.works_on)
        if promotion.groups is not None or (promotion.buy is not None and promotion.buy.get is not None):
            if self.stage.works_on is WorksOn.LINES:
                takes = tuple(Heap(part.at, part.units) for part in parts)
            shares = self._with_bases(shares, takes, parts)
        else:
            takes = tuple(Heap(share.at, share.units) for share in shares if share.at is not None)
        saving = sum(share.amount for share in shares)
        return Offer(tier, shares, saving, takes, beyond, witnesses=witnesses, refused=refused)

    def _favored(
        self, promotion: Promotion, parts: list[Part]
    ) -> tuple[int, list[Part], tuple[Heap, ...], tuple[int, ...]]:
        """Say how often groups are full, which units get the benefit, and which are used up."""
        groups, buy, times = promotion.groups, promotion.buy, promotion.times
        most = None if times is None else times.per_order
        heaps = [Heap(part.at, part.units) for part in parts]
        if groups is not None:
            if times is not None and times.per_line is not None:
                heaps = self._per_line(heaps, times.per_line * groups.size)
            found, chosen, consumed = every(heaps, groups.size, groups.get, most, groups.pick, self._cost)
            return found, self._parts(chosen, parts), tuple(consumed), ()
        if buy is None:
            return 1, parts, tuple(heaps), ()
        witnesses = tuple(
            at
            for at, one in enumerate(self.slices)
            if one.units and buy.goods.holds(self.cart.lines[one.line], self.cart.currency)
        )
        bought = sum(self.slices[at].units for at in witnesses)
        if buy.get is None:
            full = bought // buy.units
            return min(full, 1), parts, tuple(heaps), witnesses
        both = sum(part.units for part in parts if part.at in set(witnesses))
        full = bought_sets(bought, both, buy.units, buy.get)
        full = full if most is None else min(full, most)
        chosen = picked(heaps, full * buy.get, buy.pick, self._cost) if full else []
        return full, self._parts(chosen, parts), tuple(chosen), witnesses

    def _per_line(self, heaps: list[Heap], most: int) -> list[Heap]:
        used: dict[int, int] = {}
        kept = []
        for heap in heaps:
            line = self.slices[heap.at].line
            units = min(heap.units, most - used.get(line, 0))
            used[line] = used.get(line, 0) + units
            if units:
                kept.append(Heap(heap.at, units))
        return kept

    def _cost(self, at: int) -> Fraction:
        return Fraction(self.slices[at].net, self.slices[at].units)

    def _parts(self, chosen: Sequence[Heap], parts: Sequence[Part]) -> list[Part]:
        free = {part.at: part.units for part in parts}
        return [part_of(self.slices[heap.at], heap.at, free[heap.at], heap.units) for heap in chosen]

    def _with_bases(
        self, shares: tuple[Share, ...], takes: tuple[Heap, ...], parts: Sequence[Part]
    ) -> tuple[Share, ...]:
        """Give units that only complete a group a share of nothing: a return has to know them."""
        having = {share.at for share in shares}
        more = [part for part in self._parts(takes, parts) if part.at not in having]
        return (*shares, *(Share(part.at, part.units, part.net, 0, (0, 1), "") for part in more))

    def _no_group(self, promotion: Promotion, tier: Tier, facts: _Facts) -> Shortfall:
        if promotion.groups is not None:
            return Shortfall(MissReason.UNITS, tier.span, promotion.groups.size - facts.units)
        buy = promotion.buy
        if buy is None:
            return Shortfall(MissReason.NO_EFFECT, tier.span)
        return Shortfall(
            MissReason.CONTAINS, promotion.at("buy"), max(1, buy.units - facts.units_of(buy.goods))
        )

    def _within_quota(self, promotion: Promotion, parts: list[Part]) -> tuple[list[Part], int]:
        left = self.left.units.get(promotion.name)
        if left is None:
            return parts, 0
        kept = []
        whole = sum(part.units for part in parts)
        for part in parts:
            units = min(part.units, left)
            left -= units
            if units:
                one = self.slices[part.at]
                kept.append(part if units == part.units else part_of(one, part.at, part.units, units))
        beyond = whole - sum(part.units for part in kept)
        return kept, beyond if promotion.limit.refuse else 0

    def _sets(
        self, promotion: Promotion, tier: Tier, benefit: SetPrice, parts: list[Part]
    ) -> Offer | Shortfall:
        price = benefit.price[self.cart.currency]
        heaps = [Heap(part.at, part.units) for part in parts]
        times = promotion.times
        if benefit.parts:
            pools = [[heap for heap in heaps if self.line(heap.at).sku == sku] for sku, _ in benefit.parts]
            needs = [units for _, units in benefit.parts]
        else:
            if times is not None and times.per_line is not None:
                heaps = self._per_line(heaps, times.per_line * benefit.size)
            pools, needs = [heaps], [benefit.size]
        lacking = sum(
            max(0, need - sum(heap.units for heap in pool)) for pool, need in zip(pools, needs, strict=True)
        )
        if lacking:
            return Shortfall(MissReason.UNITS, tier.span, lacking)
        most = None if times is None else times.per_order
        free = {part.at: part.units for part in parts}
        shares: list[Share] = []
        takes: dict[int, int] = {}
        for block in sets(pools, needs, None):
            groups = block.groups if most is None else min(block.groups, most)
            if not groups:
                break
            taken = []
            for heap in block.taken:
                units = heap.units * groups // block.groups
                already = takes.get(heap.at, 0)
                taken.append(part_of(self.slices[heap.at], heap.at, free[heap.at] - already, units))
            made = self._sharing.of(promotion).set_shares(taken, price * groups, f"{groups} x")
            if not made:
                continue
            shares += made
            for part in taken:
                takes[part.at] = takes.get(part.at, 0) + part.units
            most = None if most is None else most - groups
        saving = sum(share.amount for share in shares)
        heaps = [Heap(index, units) for index, units in takes.items()]
        return Offer(tier, tuple(shares), saving, tuple(heaps))

    def _along(
        self,
        tier: Tier,
        benefit: GiveAlong | GivePoints,
        times: int,
        parts: list[Part],
        beyond: Shortfall | None,
    ) -> Offer | Shortfall:
        note = self._sharing.threshold(tier)
        rows = tuple(Share(part.at, part.units, part.net, 0, (0, 1), note) for part in parts)
        if isinstance(benefit, GivePoints):
            return Offer(tier, rows, 0, (), beyond, points=benefit.points * times)
        units = benefit.units * times
        for sku in (benefit.sku, benefit.instead):
            if sku is not None and self.left.stock.get(sku, units) >= units:
                return Offer(tier, rows, 0, (), beyond, gifts=((sku, units),))
        return Shortfall(MissReason.STOCK, tier.span)
