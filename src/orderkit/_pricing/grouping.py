"""Which units of a scope make full groups, and which of those get the benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from orderkit._pricing.benefit import Pick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Heap(NamedTuple):
    """Units of one slice that may go into groups.

    Args:
        at: Place of the slice.
        units: How many.
    """

    at: int
    units: int


class Block(NamedTuple):
    """Some full groups made of the same slices.

    Args:
        groups: How many.
        taken: Units by slice.
    """

    groups: int
    taken: tuple[Heap, ...]


def every(
    heaps: Sequence[Heap], size: int, get: int, most: int | None, pick: Pick, cost: Callable[[int], Any]
) -> tuple[int, list[Heap], list[Heap]]:
    """Fill groups of so many units in line order and say which of them get the benefit.

    Without a choice the last `get` units of each group do; `cheapest` and `dearest` choose among all units
    of the scope.

    Args:
        heaps: Units of the scope in line order.
        size: Units of a group.
        get: Units of each group that get the benefit, at most `size`.
        most: Most groups, or None.
        pick: Which units get it.
        cost: Gives what one unit of a slice costs, for choosing.

    Returns:
        Number of groups, units that get the benefit, units that the groups use up.
    """
    whole = sum(heap.units for heap in heaps)
    groups = whole // size if most is None else min(whole // size, most)
    used = groups * size
    if pick is Pick.LAST:
        chosen, consumed, sofar = [], [], 0
        for heap in heaps:
            here = min(heap.units, max(0, used - sofar))
            got = _favored(sofar + here, size, get) - _favored(sofar, size, get)
            chosen += [Heap(heap.at, got)] if got else []
            consumed += [Heap(heap.at, here)] if here else []
            sofar += here
        return groups, chosen, consumed
    chosen = picked(heaps, groups * get, pick, cost)
    taken = {heap.at: heap.units for heap in chosen}
    rest = used - groups * get
    for heap in heaps:
        more = min(heap.units - taken.get(heap.at, 0), rest)
        if more:
            taken[heap.at] = taken.get(heap.at, 0) + more
            rest -= more
    return groups, chosen, [Heap(heap.at, taken[heap.at]) for heap in heaps if taken.get(heap.at)]


def _favored(upto: int, size: int, get: int) -> int:
    """Count the favored units among the first ones, those being the last `get` of each group."""
    return upto // size * get + max(0, upto % size - (size - get))


def picked(heaps: Sequence[Heap], units: int, pick: Pick, cost: Callable[[int], Any]) -> list[Heap]:
    """Choose units by what they cost; equal ones in line order.

    Args:
        heaps: Units to choose from, in line order.
        units: How many.
        pick: Which ones; `LAST` takes them in line order.
        cost: Gives what one unit of a slice costs.

    Returns:
        The units, in line order.
    """
    order = list(heaps)
    if pick is not Pick.LAST:
        sign = 1 if pick is Pick.CHEAPEST else -1
        order.sort(key=lambda heap: sign * cost(heap.at))
    chosen: dict[int, int] = {}
    for heap in order:
        chosen[heap.at] = min(heap.units, units)
        units -= chosen[heap.at]
    return [Heap(heap.at, chosen[heap.at]) for heap in heaps if chosen[heap.at]]


def sets(pools: Sequence[Sequence[Heap]], needs: Sequence[int], most: int | None) -> list[Block]:
    """Fill sets in line order: so many units of each pool make one.

    Sets that take from the same slices are one block, so that thousands of units cost no more than one.

    Args:
        pools: Units that may stand for each part of a set, in line order; pools share no units.
        needs: Units of each part.
        most: Most sets, or None.

    Returns:
        The blocks, in the order in which they are filled.
    """
    rests = [[[heap.at, heap.units] for heap in pool] for pool in pools]
    at = [0] * len(pools)
    left = min(sum(heap.units for heap in pool) // need for pool, need in zip(pools, needs, strict=True))
    left = left if most is None else min(left, most)
    blocks: list[Block] = []
    while left > 0:
        alike = left
        for which, need in enumerate(needs):
            alike = min(alike, rests[which][at[which]][1] // need)
        groups = max(1, alike)
        taken: list[Heap] = []
        for which, need in enumerate(needs):
            wanted = need * groups
            while wanted:
                head = rests[which][at[which]]
                here = min(head[1], wanted)
                if here:
                    taken.append(Heap(head[0], here))
                head[1] -= here
                wanted -= here
                if head[1] == 0 and at[which] + 1 < len(rests[which]):
                    at[which] += 1
        blocks.append(Block(groups, tuple(taken)))
        left -= groups
    return blocks


def bought_sets(bought: int, both: int, units: int, get: int) -> int:
    """Count how often a purchase of a trigger set is complete, where some units could stand for both sides.

    Args:
        bought: Units of the trigger set.
        both: Those of them that also belong to the goods that get the benefit.
        units: Units of the trigger set, each time.
        get: Units that get the benefit, each time.

    Returns:
        The largest number of times for which no unit has to count twice.
    """
    low, high = 0, bought // units
    while low < high:
        middle = (low + high + 1) // 2
        # Only what is taken from the common units can lack on the trigger's side.
        if middle * units + min(middle * get, both) <= bought:
            low = middle
        else:
            high = middle - 1
    return low
