"""Checks of what a store counts: stock, and uses of limited promotions."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Final

from orderkit.domain.events import LimitUse
from orderkit.domain.stock import StockLevel, StockMove
from orderkit.errors import Refused
from orderkit.testing.samples import raised, ready, same

if TYPE_CHECKING:
    from orderkit.ports import Store
    from orderkit.testing.samples import Check, Opener

_SELLERS: Final = 8
_TRIES: Final = 10
_UNITS: Final = 50


def _put(store: Store, sku: str, units: int) -> None:
    with store.transaction() as unit:
        unit.stock.put(sku, units)


def _move(store: Store, *moves: StockMove) -> None:
    with store.transaction() as unit:
        unit.stock.move(moves)


def _level(store: Store, sku: str) -> StockLevel:
    with store.transaction(write=False) as unit:
        return unit.stock.levels([sku])[sku]


def _reserve(units: int, cause: str, sku: str = "A", order_id: str = "O1") -> StockMove:
    return StockMove(sku, "reserve", reserved=units, order_id=order_id, cause=cause)


def stock_goes_from_hand_to_hand(opened: Opener) -> None:
    """Units are promised, locked, sent and given back, and the figures follow."""
    with ready(opened) as store:
        same(_level(store, "A"), StockLevel("A"), "an unknown sku")
        _put(store, "A", 10)
        _move(store, _reserve(4, "1"))
        same(_level(store, "A"), StockLevel("A", 10, 4, 0), "after reserve")
        _move(store, StockMove("A", "allocate", reserved=-4, allocated=4, order_id="O1", cause="2"))
        same(_level(store, "A"), StockLevel("A", 10, 0, 4), "after allocate")
        _move(store, StockMove("A", "consume", on_hand=-3, allocated=-3, order_id="O1", cause="3"))
        same(_level(store, "A"), StockLevel("A", 7, 0, 1), "after consume")
        _move(store, StockMove("A", "release", allocated=-1, order_id="O1", cause="4"))
        same(_level(store, "A"), StockLevel("A", 7, 0, 0), "after release")
        _move(store, StockMove("B", "return", on_hand=2, order_id="O1", cause="5"))
        same(_level(store, "B"), StockLevel("B", 2, 0, 0), "a return of a sku that was never counted")


def stock_is_never_promised_twice(opened: Opener) -> None:
    """A movement beyond what is there is refused with the units that are missing, and leaves no trace."""
    with ready(opened) as store:
        _put(store, "A", 5)
        _put(store, "B", 5)
        _move(store, _reserve(3, "1"))
        moves = (_reserve(3, "2", order_id="O2"), _reserve(3, "3", sku="B", order_id="O2"))
        for order in (moves, moves[::-1]):
            refused = raised(Refused, lambda order=order: _move(store, *order), "a reservation beyond")  # type: ignore[misc]
            same((refused.reason, refused.details), ("stock", {"short": {"A": 1}}), "the refusal")
        same(_level(store, "A"), StockLevel("A", 5, 3, 0), "the sku that fell short")
        same(_level(store, "B"), StockLevel("B", 5, 0, 0), "the sku beside it")
        with store.transaction(write=False) as unit:
            same(len(unit.stock.ledger("B")), 1, "movements of the sku beside it")
        raised(Refused, lambda: _move(store, _reserve(1, "4", sku="unknown")), "an unknown sku")


def no_figure_falls_below_nothing(opened: Opener) -> None:
    """Nothing is released, locked or sent that is not there."""
    with ready(opened) as store:
        _put(store, "A", 2)
        _move(store, _reserve(1, "1"))
        for move in (
            StockMove("A", "release", reserved=-2, order_id="O1", cause="2"),
            StockMove("A", "release", allocated=-1, order_id="O1", cause="3"),
            StockMove("A", "consume", on_hand=-3, order_id="O1", cause="4"),
            StockMove("A", "consume", on_hand=-2, order_id="O1", cause="5"),
            StockMove("A", "allocate", allocated=2, order_id="O1", cause="6"),
        ):
            raised(Refused, lambda move=move: _move(store, move), f"{move}")  # type: ignore[misc]
        raised(Refused, lambda: _put(store, "A", -1), "a negative count")
        same(_level(store, "A"), StockLevel("A", 2, 1, 0), "the figures")


def a_count_below_the_promises_stands(opened: Opener) -> None:
    """Who counts fewer units than are promised is believed: promises can be kept, new ones cannot be made."""
    with ready(opened) as store:
        _put(store, "A", 5)
        _move(store, _reserve(4, "1"))
        _put(store, "A", 3)
        same(_level(store, "A").available, -1, "units available")
        raised(Refused, lambda: _move(store, _reserve(1, "2")), "a new promise")
        _move(store, StockMove("A", "allocate", reserved=-3, allocated=3, order_id="O1", cause="3"))
        _move(store, StockMove("A", "consume", on_hand=-3, allocated=-3, order_id="O1", cause="4"))
        same(_level(store, "A"), StockLevel("A", 0, 1, 0), "after what was there was sent")


def a_cause_moves_stock_once(opened: Opener) -> None:
    """The same order and cause again changes nothing; causes of two orders are not the same."""
    with ready(opened) as store:
        _put(store, "A", 5)
        _move(store, _reserve(1, "1"))
        _move(store, _reserve(1, "1"))
        _move(store, _reserve(1, "1", order_id="O2"))
        _put(store, "A", 6)
        _put(store, "A", 7)
        same(_level(store, "A"), StockLevel("A", 7, 2, 0), "the figures")


def movements_sum_to_the_figures(opened: Opener) -> None:
    """The ledger of a sku lists every movement in order, and explains its figures."""
    moves = [
        _reserve(3, "1"),
        StockMove("A", "allocate", reserved=-2, allocated=2, order_id="O1", cause="2"),
        StockMove("A", "consume", on_hand=-1, allocated=-1, order_id="O1", cause="3"),
    ]
    with ready(opened) as store:
        _put(store, "A", 9)
        for move in moves:
            _move(store, move)
        _put(store, "A", 4)
        with store.transaction(write=False) as unit:
            ledger, level = unit.stock.ledger("A"), unit.stock.levels(["A"])["A"]
            same(unit.stock.ledger("B"), [], "movements of an unknown sku")
        wanted = [StockMove("A", "set", on_hand=9), *moves, StockMove("A", "set", on_hand=-4)]
        same(ledger, wanted, "the ledger")
        sums = [sum(getattr(one, name) for one in ledger) for name in ("on_hand", "reserved", "allocated")]
        same(sums, [level.on_hand, level.reserved, level.allocated], "the sums")


def threads_sell_exactly_what_is_there(opened: Opener) -> None:
    """Eight sellers at once sell every unit once."""
    with ready(opened) as store:
        _put(store, "A", _UNITS)
        sold: list[str] = []
        failed: list[BaseException] = []
        start = Barrier(_SELLERS)

        def sell(seller: int) -> None:
            start.wait()
            for index in range(_TRIES):
                name = f"{seller}-{index}"
                try:
                    _move(store, _reserve(1, "1", order_id=name))
                except Refused:
                    continue
                except BaseException as error:  # noqa: BLE001 - a thread's failure has to fail the check
                    failed.append(error)
                    return
                sold.append(name)

        threads = [Thread(target=sell, args=(seller,)) for seller in range(_SELLERS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        same(failed, [], "failures in threads")
        same(len(sold), _UNITS, "units sold")
        same(_level(store, "A"), StockLevel("A", _UNITS, _UNITS, 0), "the figures")


def _record(store: Store, *uses: LimitUse) -> None:
    with store.transaction() as unit:
        unit.limits.record(uses)


def _used(store: Store, customer: str, *promotions: str) -> dict[str, tuple[int, int]]:
    with store.transaction(write=False) as unit:
        return dict(unit.limits.used(promotions, customer))


def uses_stop_at_their_limits(opened: Opener) -> None:
    """A promotion is used at most as often as it says, in all and by each customer."""
    in_all = LimitUse("flash", "O1", "C1", total=2)
    own = LimitUse("first", "O1", "C1", per_customer=1)
    with ready(opened) as store:
        same(_used(store, "C1", "flash"), {"flash": (0, 0)}, "a promotion nobody used")
        _record(store, in_all, own)
        same(_used(store, "C1", "flash", "first"), {"flash": (1, 1), "first": (1, 1)}, "uses of C1")
        same(_used(store, "C2", "flash"), {"flash": (1, 0)}, "uses of C2")
        raised(Refused, lambda: _record(store, replace(own, order_id="O2")), "one use too many of a customer")
        _record(store, replace(own, order_id="O2", customer="C2"))
        _record(store, replace(in_all, order_id="O3", customer=""))
        over = replace(in_all, order_id="O4", customer="C3")
        refused = raised(Refused, lambda: _record(store, LimitUse("a", "O4", "C3"), over), "one use too many")
        same((refused.reason, refused.details["promotion"]), ("limit", "flash"), "the refusal")
        same(_used(store, "", "flash", "a"), {"flash": (2, 0), "a": (0, 0)}, "uses after the refusal")


def a_released_use_is_free_again(opened: Opener) -> None:
    """Commit keeps a use, release gives it back, and either again changes nothing."""
    use = LimitUse("flash", "O1", "C1", total=1, per_customer=1)
    with ready(opened) as store:
        _record(store, replace(use, status="committed"), replace(use, status="released"))
        same(_used(store, "C1", "flash"), {"flash": (0, 0)}, "a use that was never reserved")
        for _ in range(2):
            _record(store, use)
            _record(store, use)
            same(_used(store, "C1", "flash"), {"flash": (1, 1)}, "reserved twice")
            for status in ("committed", "committed", "reserved"):
                _record(store, replace(use, status=status))
            same(_used(store, "C1", "flash"), {"flash": (1, 1)}, "committed twice")
            raised(Refused, lambda: _record(store, replace(use, order_id="O2")), "a use of another order")
            for status in ("released", "released", "committed"):
                _record(store, replace(use, status=status))
            same(_used(store, "C1", "flash"), {"flash": (0, 0)}, "released twice")


CHECKS: Final[tuple[Check, ...]] = (
    stock_goes_from_hand_to_hand,
    stock_is_never_promised_twice,
    no_figure_falls_below_nothing,
    a_count_below_the_promises_stands,
    a_cause_moves_stock_once,
    movements_sum_to_the_figures,
    threads_sell_exactly_what_is_there,
    uses_stop_at_their_limits,
    a_released_use_is_free_again,
)
"""Checks of the roles `stock` and `limits`."""
