"""What every store says in the same words: refusals, and when two rows are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderkit.errors import Conflict, Refused, StoreError

if TYPE_CHECKING:
    from orderkit.domain.events import LimitUse
    from orderkit.domain.records import Reject
    from orderkit.domain.stock import StockLevel, StockMove

LIVE: Final = ("reserved", "committed")
"""States of a use that count against its limit."""


def stale(message: str) -> Conflict:
    """Make the conflict that a fresh decision may resolve.

    Args:
        message: What changed meanwhile.

    Returns:
        The conflict, marked with `stale`.
    """
    conflict = Conflict(message)
    conflict.stale = True  # type: ignore[attr-defined] # a mark for the retry loop, no part of the public error
    return conflict


def changed_meanwhile(order_id: str, expected: int) -> Conflict:
    """Make the conflict of an order that another command has changed.

    Args:
        order_id: The order.
        expected: Version the command was decided on.

    Returns:
        The conflict, marked as stale.
    """
    return stale(f"order {order_id} is no longer at version {expected}: another command changed it")


def key_taken(verb: str, key: str) -> Conflict:
    """Make the conflict of a command key that another transaction has just kept.

    Args:
        verb: The command.
        key: Its key.

    Returns:
        The conflict, marked as stale: a second try finds the first answer.
    """
    return stale(f"the key {key!r} of a {verb} has just been used by another command")


def short_of_stock(move: StockMove, level: StockLevel) -> Refused:
    """Make the refusal of a movement that the figures do not allow.

    Args:
        move: The movement.
        level: The figures it met.

    Returns:
        The refusal, with the units that are missing by sku.
    """
    after = (
        level.on_hand + move.on_hand,
        level.reserved + move.reserved,
        level.allocated + move.allocated,
        level.available + move.on_hand - move.reserved - move.allocated,
    )
    missing = -min(after)
    return Refused("stock", {"short": {move.sku: missing}}, f"not enough stock: {move.sku} lacks {missing}")


def fits(move: StockMove, level: StockLevel) -> bool:
    """Tell whether a movement keeps the figures possible.

    Args:
        move: The movement.
        level: The figures it meets.

    Returns:
        False where a figure would fall below nothing, or where units would be promised twice.
    """
    taken = move.reserved + move.allocated - move.on_hand
    return (
        level.on_hand + move.on_hand >= 0
        and level.reserved + move.reserved >= 0
        and level.allocated + move.allocated >= 0
        and (taken <= 0 or level.available >= taken)
    )


def below_nothing(sku: str, on_hand: int) -> Refused:
    """Make the refusal of a negative count.

    Args:
        sku: Stock keeping unit.
        on_hand: Units that were to be set.

    Returns:
        The refusal.
    """
    return Refused("stock", {"on_hand": {sku: on_hand}}, f"{sku} cannot have {on_hand} units on hand")


def used_up(use: LimitUse, *, own: bool) -> Refused:
    """Make the refusal of one use too many.

    Args:
        use: The use.
        own: Whether the customer's own limit is reached, not the promotion's.

    Returns:
        The refusal, with the promotion and the limit.
    """
    most = use.per_customer if own else use.total
    whose = f" by customer {use.customer}" if own else ""
    details = {"promotion": use.promotion, "limit": most, **({"customer": use.customer} if own else {})}
    kind, _, rest = use.measure.partition(".")
    if kind == "code":
        details |= {"measure": kind, "code": rest}
        return Refused("limit", details, f"the code {rest} of promotion {use.promotion} has been used")
    if kind:
        details |= {"measure": kind, "asked": use.amount}
        what = "units" if kind == "units" else f"minor units of {rest}"
        message = f"promotion {use.promotion} has not {use.amount} of its {most} {what} left{whose}"
        return Refused("limit", details, message)
    return Refused(
        "limit", details, f"promotion {use.promotion} may be used {most} times{whose}, and has been"
    )


def known_code(printed: str) -> Conflict:
    """Make the error of a code that exists already.

    Args:
        printed: The code as it is printed.

    Returns:
        The error.
    """
    return Conflict(f"the code {printed} exists already")


def unknown_effect(key: str) -> StoreError:
    """Make the error of an attempt at an effect that nobody asked for.

    Args:
        key: The effect's key.

    Returns:
        The error.
    """
    return StoreError(f"the outbox has no effect {key!r}; was the database replaced meanwhile?")


def not_prepared() -> StoreError:
    """Make the error of a store that is used before it knows the project.

    Returns:
        The error.
    """
    return StoreError("this store is not ready: call prepare(columns, project, texts) before a transaction")


def read_only() -> StoreError:
    """Make the error of a write inside a transaction that was opened for reading.

    Returns:
        The error.
    """
    return StoreError("this transaction only reads: open one with write=True to change something")


def reject_identity(row: Reject) -> tuple[object, ...]:
    """Tell by what two rejected rows are the same.

    Args:
        row: The row.

    Returns:
        Channel, place in the file, record, column and reason.
    """
    return (row.channel, row.file, row.line, row.key, row.column, row.code, row.reason)
