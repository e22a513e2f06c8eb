"""Which promotions of one stage win: exact where few compete, greedy and said so where many do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from orderkit._pricing.offers import Offer
from orderkit._pricing.program import PercentOff, UnitPrices, WorksOn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orderkit._pricing.offers import Bench
    from orderkit._pricing.program import Promotion

COMPETING: Final = 6
"""Up to this many promotions that want the same goods are tried in every order."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)

Places: TypeAlias = frozenset[int]
_Rank: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """A promotion that would save something, with the goods it wants.

    Args:
        promotion: The promotion.
        scope: Places of its goods in the cart.
    """

    promotion: Promotion
    scope: Places

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
        proven: Whether nothing else would have saved more.
    """

    picks: tuple[tuple[Promotion, Offer], ...]
    rivals: tuple[tuple[Promotion, tuple[Promotion, ...]], ...]
    explored: int
    proven: bool


class _Trial:
    """Counts the offers it asks for."""

    __slots__ = ("bench", "explored")

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.explored = 0

    def offer(self, contender: Contender, free: Places) -> Offer | None:
        self.explored += 1
        offer = self.bench.judge(contender.promotion, contender.scope & free)
        return offer if isinstance(offer, Offer) and offer.saving > 0 else None


def choose(bench: Bench, contenders: Sequence[Contender], works_on: WorksOn) -> Choice:
    """Find the ordered list of promotions that saves most in one stage.

    Promotions that share no goods are settled apart. Ties go to fewer promotions, the earlier end, then
    file order. In unit stages, promotions that ask for nothing but goods are settled line by line, so that
    every unit has the best of its prices.

    Args:
        bench: Judges offers.
        contenders: Promotions that would save something, in file order.
        works_on: What the stage hands out.

    Returns:
        The winners and what the search cost.
    """
    trial = _Trial(bench)
    proven = True
    picks: list[tuple[Promotion, Offer]] = []
    rivals: list[tuple[Promotion, tuple[Promotion, ...]]] = []
    for group in _groups(contenders):
        if works_on is WorksOn.UNITS and all(_per_line(one.promotion) for one in group):
            won = _line_by_line(trial, group)
        elif len(group) <= COMPETING:
            won = _exact(trial, group)
        else:
            won = _greedy(trial, group)
            proven = False
        picks += won
        winners = tuple(promotion for promotion, _ in won)
        places = {one.place for one in winners}
        rivals += [(one.promotion, winners) for one in group if one.promotion.place not in places]
    return Choice(tuple(picks), tuple(rivals), trial.explored, proven)


def _groups(contenders: Sequence[Contender]) -> list[list[Contender]]:
    """Part the contenders so that those of different groups want no common line."""
    groups: list[tuple[Places, list[Contender]]] = []
    for one in contenders:
        apart: list[tuple[Places, list[Contender]]] = []
        scope, members = one.scope, [one]
        for known, others in groups:
            if known & one.scope:
                scope, members = scope | known, [*others, *members]
            else:
                apart.append((known, others))
        groups = [*apart, (scope, members)]
    parted = [sorted(members, key=lambda one: one.promotion.place) for _, members in groups]
    return sorted(parted, key=lambda members: members[0].promotion.place)


def _per_line(promotion: Promotion) -> bool:
    if len(promotion.tiers) != 1:
        return False
    tier = promotion.tiers[0]
    if tier.spend is not None or tier.units is not None:
        return False
    benefit = tier.benefit
    return isinstance(benefit, UnitPrices) or (isinstance(benefit, PercentOff) and benefit.at_most is None)


def _line_by_line(trial: _Trial, group: list[Contender]) -> list[tuple[Promotion, Offer]]:
    won: dict[int, set[int]] = {}
    for place in sorted(frozenset[int]().union(*(one.scope for one in group))):
        here = frozenset((place,))
        ranked = [
            (-offer.saving, one.end, one.promotion.place, index)
            for index, one in enumerate(group)
            if place in one.scope and (offer := trial.offer(one, here)) is not None
        ]
        if ranked:
            won.setdefault(min(ranked)[-1], set()).add(place)
    return _applied(trial, [(group[index], frozenset(won[index])) for index in sorted(won)])


def _applied(trial: _Trial, taken: Iterable[tuple[Contender, Places]]) -> list[tuple[Promotion, Offer]]:
    offers = ((one.promotion, trial.offer(one, free)) for one, free in taken)
    return [(promotion, offer) for promotion, offer in offers if offer is not None]


def _rank(group: list[Contender], saving: int, order: tuple[int, ...]) -> _Rank:
    """Give the key of an ordered list, smaller being better.

    Each part keeps its order when both sides gain the same members, so that the best list of what is left
    completes any beginning; that is what lets `_exact` remember results.
    """
    ends = tuple(sorted(group[index].end for index in order))
    return (-saving, len(order), ends, tuple(sorted(order)), order)


def _exact(trial: _Trial, group: list[Contender]) -> list[tuple[Promotion, Offer]]:
    known: dict[Places, tuple[int, tuple[int, ...]]] = {}

    def best(free: Places) -> tuple[int, tuple[int, ...]]:
        if free in known:
            return known[free]
        top: tuple[int, tuple[int, ...]] = (0, ())
        for index, one in enumerate(group):
            offer = trial.offer(one, free)
            if offer is None:
                continue
            saving, order = best(free - offer.places)
            option = (offer.saving + saving, (index, *order))
            if _rank(group, *option) < _rank(group, *top):
                top = option
        known[free] = top
        return top

    free = frozenset[int]().union(*(one.scope for one in group))
    _, order = best(free)
    return _in_order(trial, group, free, order)


def _greedy(trial: _Trial, group: list[Contender]) -> list[tuple[Promotion, Offer]]:
    free = frozenset[int]().union(*(one.scope for one in group))
    order: list[int] = []
    left = free
    while True:
        ranked = [
            (_rank(group, offer.saving, (index,)), index, offer)
            for index, one in enumerate(group)
            if index not in order and (offer := trial.offer(one, left)) is not None
        ]
        if not ranked:
            return _in_order(trial, group, free, tuple(order))
        _, index, offer = min(ranked, key=lambda each: (each[0], each[1]))
        order.append(index)
        left -= offer.places


def _in_order(
    trial: _Trial, group: list[Contender], free: Places, order: tuple[int, ...]
) -> list[tuple[Promotion, Offer]]:
    won: list[tuple[Promotion, Offer]] = []
    for index in order:
        offer = trial.offer(group[index], free)
        if offer is not None:
            won.append((group[index].promotion, offer))
            free -= offer.places
    return won
