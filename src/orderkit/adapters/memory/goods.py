"""Stock and uses of limited promotions in memory."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from orderkit.adapters.agreement import LIVE, below_nothing, fits, short_of_stock, used_up
from orderkit.domain.stock import StockLevel, StockMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit.adapters.memory.journal import Journal
    from orderkit.domain.events import LimitUse


class MemoryStock:
    """Keeps the figures of each sku and their movements.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._levels: dict[str, StockLevel] = {}
        self._moves: dict[str, list[StockMove]] = {}
        self._causes: dict[tuple[str, str], None] = {}

    def levels(self, skus: Iterable[str]) -> dict[str, StockLevel]:
        """Read figures; an unknown sku has none of anything."""
        return {sku: self._levels.get(sku) or StockLevel(sku) for sku in skus}

    def move(self, moves: Sequence[StockMove]) -> None:
        """Apply movements in sorted sku order; raises Refused `stock` where one would oversell.

        A movement whose order and cause are known already was applied before and is left out.
        """
        for move in sorted(moves, key=attrgetter("sku")):
            cause = (move.order_id, move.cause)
            if move.cause and cause in self._causes:
                continue
            level = self._levels.get(move.sku) or StockLevel(move.sku)
            if not fits(move, level):
                raise short_of_stock(move, level)
            if move.cause:
                self._journal.put(self._causes, cause, None)
            self._apply(move, level)

    def _apply(self, move: StockMove, level: StockLevel) -> StockLevel:
        after = StockLevel(
            move.sku,
            level.on_hand + move.on_hand,
            level.reserved + move.reserved,
            level.allocated + move.allocated,
        )
        self._journal.put(self._levels, move.sku, after)
        self._journal.add(self._moves.setdefault(move.sku, []), move)
        return after

    def put(self, sku: str, on_hand: int) -> StockLevel:
        """Set the units that lie there, with a movement for the difference."""
        if on_hand < 0:
            raise below_nothing(sku, on_hand)
        level = self._levels.get(sku) or StockLevel(sku)
        return self._apply(StockMove(sku, "set", on_hand=on_hand - level.on_hand), level)

    def ledger(self, sku: str) -> list[StockMove]:
        """List a sku's movements, oldest first."""
        return list(self._moves.get(sku, ()))


class MemoryLimits:
    """Counts uses of limited promotions.

    Args:
        journal: Makes and takes back changes.
    """

    def __init__(self, journal: Journal) -> None:
        """Begin empty."""
        self._journal = journal
        self._uses: dict[str, dict[str, LimitUse]] = {}

    def used(self, counters: Sequence[str], customer: str) -> Mapping[str, tuple[int, int]]:
        """Give (taken in all, taken by this customer) per counter, released uses not counted."""
        return {name: self._count(name, customer) for name in counters}

    def _count(self, counter: str, customer: str) -> tuple[int, int]:
        live = [one for one in self._uses.get(counter, {}).values() if one.status in LIVE]
        own = sum(one.amount for one in live if one.customer == customer) if customer else 0
        return sum(one.amount for one in live), own

    def status(self, counter: str) -> str:
        """Tell what became of something that is used once: `free` where nobody took it.

        Args:
            counter: Its name.

        Returns:
            `free`, `reserved`, `committed` or `released`.
        """
        found = [one.status for one in self._uses.get(counter, {}).values()]
        return next((one for one in found if one in LIVE), found[-1] if found else "free")

    def record(self, uses: Sequence[LimitUse]) -> None:
        """Reserve, commit or release; raises Refused `limit` where a reservation exceeds its limit."""
        for use in sorted(uses, key=attrgetter("counter")):
            known = self._uses.setdefault(use.counter, {})
            before = known.get(use.order_id)
            status = before.status if before else ""
            if use.status == "reserved":
                if status not in LIVE:
                    self._reserve(use)
            elif before and (status == "reserved" or (use.status == "released" and status in LIVE)):
                self._journal.put(known, use.order_id, replace(before, status=use.status))

    def _reserve(self, use: LimitUse) -> None:
        total, own = self._count(use.counter, use.customer)
        if use.total is not None and total + use.amount > use.total:
            raise used_up(use, own=False)
        if use.per_customer is not None and use.customer and own + use.amount > use.per_customer:
            raise used_up(use, own=True)
        self._journal.put(self._uses[use.counter], use.order_id, use)
