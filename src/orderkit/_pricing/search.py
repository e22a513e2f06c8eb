"""Which promotions of one stage win: exact within a bound of tries, greedy and said so beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from orderkit._pricing.benefit import PercentOff, SetPrice, UnitPrices
from orderkit._pricing.offers import Free, Offer
from orderkit._pricing.program import BestFor, WorksOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orderkit._pricing.offers import Bench
    from orderkit._pricing.program import Promotion

MOST_TRIES: Final = 20_000
"""Offers that are judged for promotions wanting the same goods before the search gives up being exact."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)

_Rank: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """A promotion that would save something, with the goods it wants.

    Args:
        promotion: The promotion.
        scope: Places of its slices.
    """

    promotion: Promotion
    scope: frozenset[int]

    @property
    def end(self) -> datetime:
        """Tell when it stops running; an open end comes last."""
        active = self.promotion.active
        return _NEVER if active is None or active.end is None else active.end


@dataclass(frozen=True, slots=True)
class Choice:
    """The winners of a stage.

    Args:
        picks: Promotions with their offers, in the order they apply.
        rivals: For each promotion that lost (by place), the winners that took its goods.
        explored: How many offers were tried.
        proven: Whether nothing else would have been better.
    """

    picks: tuple[tuple[Promotion, Offer], ...]
    rivals: tuple[tuple[Promotion, tuple[Promotion, ...]], ...]
    explored: int
    proven: bool


class _TooMany(Exception):  # noqa: N818 - ends an exact search, and never leaves this module
    """The bound of tries is reached."""


class _Trial:
    """Counts the offers it asks for."""

    __slots__ = ("bench", "explored", "most", "sign")

    def __init__(self, bench: Bench, best_for: BestFor) -> None:
        self.bench = bench
        self.explored = 0
        self.most: int | None = None
        # What the customer saves the shop pays: the same search, with the sign turned.
        self.sign = -1 if best_for is BestFor.CUSTOMER else 1

    def offer(self, contender: Contender, free: Free) -> Offer | None:
        self.explored += 1
        if self.most is not None and self.explored > self.most:
            raise _TooMany
        offer = self.bench.judge(contender.promotion, free)
        return offer if isinstance(offer, Offer) and offer.saving > 0 else None


def choose(bench: Bench, contenders: Sequence[Contender], works_on: WorksOn, best_for: BestFor) -> Choice:
    """Find the best ordered list of promotions of one stage.

    Promotions that share no goods are settled apart. Ties go to fewer promotions, the earlier end, then
    file order. In unit stages, promotions that ask for nothing but goods are settled slice by slice, so
    that every unit has the best of its prices. The best for the shop is the list that saves least among
    those to which nothing can be added.

    Args:
        bench: Judges offers.
        contenders: Promotions that would save something, in file order.
        works_on: What the stage hands out.
        best_for: Whose best counts.

    Returns:
        The winners and what the search cost.
    """
    trial = _Trial(bench, best_for)
    proven = True
    picks: list[tuple[Promotion, Offer]] = []
    rivals: list[tuple[Promotion, tuple[Promotion, ...]]] = []
    for group in _groups(contenders):
        free = _within(bench.all, frozenset[int]().union(*(one.scope for one in group)))
        if works_on is WorksOn.UNITS and all(_per_unit(bench, one.promotion) for one in group):
            won = _slice_by_slice(trial, group, free)
        else:
            trial.most = trial.explored + MOST_TRIES
            try:
                won = _exact(trial, group, free)
            except (_TooMany, RecursionError):
                trial.most, proven = None, False
                won = _greedy(trial, group, free)
            trial.most = None
        picks += won
        winners = tuple(promotion for promotion, _ in won)
        places = {one.place for one in winners}
        rivals += [(one.promotion, winners) for one in group if one.promotion.place not in places]
    return Choice(tuple(picks), tuple(rivals), trial.explored, proven)


def _within(free: Free, scope: frozenset[int]) -> Free:
    return tuple(units if at in scope else 0 for at, units in enumerate(free))


def _after(free: Free, offer: Offer) -> Free:
    left = list(free)
    for heap in offer.takes:
        left[heap.at] -= heap.units
    return tuple(left)


def _groups(contenders: Sequence[Contender]) -> list[list[Contender]]:
    """Part the contenders so that those of different groups want no common slice."""
    groups: list[tuple[frozenset[int], list[Contender]]] = []
    for one in contenders:
        apart: list[tuple[frozenset[int], list[Contender]]] = []
        scope, members = one.scope, [one]
        for known, others in groups:
            if known & one.scope:
                scope, members = scope | known, [*others, *members]
            else:
                apart.append((known, others))
        groups = [*apart, (scope, members)]
    parted = [sorted(members, key=lambda one: one.promotion.place) for _, members in groups]
    return sorted(parted, key=lambda members: members[0].promotion.place)


def _per_unit(bench: Bench, promotion: Promotion) -> bool:
    """Tell whether each unit gets the same whatever else is bought."""
    if len(promotion.tiers) != 1 or promotion.demand is not None:
        return False
    if promotion.groups is not None or promotion.buy is not None:
        return False
    if promotion.name in bench.left.units or promotion.name in bench.left.money:
        return False
    tier = promotion.tiers[0]
    if tier.spend is not None or tier.units is not None:
        return False
    benefit = tier.benefit
    return isinstance(benefit, UnitPrices) or (isinstance(benefit, PercentOff) and benefit.at_most is None)


def _slice_by_slice(trial: _Trial, group: list[Contender], free: Free) -> list[tuple[Promotion, Offer]]:
    won: dict[int, set[int]] = {}
    for place in sorted(frozenset[int]().union(*(one.scope for one in group))):
        here = _within(free, frozenset((place,)))
        ranked = [
            (trial.sign * offer.saving, one.end, one.promotion.place, index)
            for index, one in enumerate(group)
            if place in one.scope and (offer := trial.offer(one, here)) is not None
        ]
        if ranked:
            won.setdefault(min(ranked)[-1], set()).add(place)
    taken = [(group[index], _within(free, frozenset(won[index]))) for index in sorted(won)]
    return _applied(trial, taken)


def _applied(trial: _Trial, taken: Iterable[tuple[Contender, Free]]) -> list[tuple[Promotion, Offer]]:
    offers = ((one.promotion, trial.offer(one, free)) for one, free in taken)
    return [(promotion, offer) for promotion, offer in offers if offer is not None]


def _rank(trial: _Trial, group: list[Contender], saving: int, order: tuple[int, ...]) -> _Rank:
    """Give the key of an ordered list, smaller being better.

    Each part keeps its order when both sides gain the same members, so that the best list of what is left
    completes any beginning; that is what lets `_exact` remember results.
    """
    ends = tuple(sorted(group[index].end for index in order))
    return (trial.sign * saving, len(order), ends, tuple(sorted(order)), order)


def _exact(trial: _Trial, group: list[Contender], free: Free) -> list[tuple[Promotion, Offer]]:
    known: dict[tuple[Free, frozenset[int]], tuple[int, tuple[int, ...]]] = {}

    def best(left: Free, used: frozenset[int]) -> tuple[int, tuple[int, ...]]:
        if (left, used) in known:
            return known[left, used]
        top: tuple[int, tuple[int, ...]] | None = None
        for index, one in enumerate(group):
            if index in used:
                continue
            offer = trial.offer(one, left)
            if offer is None:
                continue
            # A list never names a promotion twice; groups that could repeat have said so by `times`.
            saving, order = best(_after(left, offer), _again(group, used, index))
            option = (offer.saving + saving, (index, *order))
            if top is None or _rank(trial, group, *option) < _rank(trial, group, *top):
                top = option
        known[left, used] = top or (0, ())
        return known[left, used]

    _, order = best(free, frozenset())
    return _in_order(trial, group, free, order)


def _again(group: list[Contender], used: frozenset[int], index: int) -> frozenset[int]:
    """Remember who was used only where that cannot be seen from the units it took."""
    promotion = group[index].promotion
    partial = (
        promotion.groups is not None
        or promotion.buy is not None
        or promotion.limit.counted
        or isinstance(promotion.tiers[0].benefit, SetPrice)
    )
    return used | {index} if partial else used


def _greedy(trial: _Trial, group: list[Contender], free: Free) -> list[tuple[Promotion, Offer]]:
    order: list[int] = []
    left = free
    while True:
        ranked = [
            (_rank(trial, group, offer.saving, (index,)), index, offer)
            for index, one in enumerate(group)
            if index not in order and (offer := trial.offer(one, left)) is not None
        ]
        if not ranked:
            return _in_order(trial, group, free, tuple(order))
        _, index, offer = min(ranked, key=lambda each: (each[0], each[1]))
        order.append(index)
        left = _after(left, offer)


def _in_order(
    trial: _Trial, group: list[Contender], free: Free, order: tuple[int, ...]
) -> list[tuple[Promotion, Offer]]:
    won: list[tuple[Promotion, Offer]] = []
    for index in order:
        offer = trial.offer(group[index], free)
        if offer is not None:
            won.append((group[index].promotion, offer))
            free = _after(free, offer)
    return won
