"""What the functions over lists do: sums, counts, extremes, and the first value that is there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from orderkit._expr.guards import each, rows, truth, unfit
from orderkit._expr.types import Kind, Type


def zero_of(kind: Type) -> object:
    """Give the sum of nothing.

    Args:
        kind: The type of the list that is summed.

    Returns:
        A zero of the elements' kind.
    """
    inner = kind.of.kind if kind.of is not None else Kind.COUNT
    if inner is Kind.DURATION:
        return timedelta(0)
    return 0 if inner is Kind.COUNT else Decimal(0)


def total(values: Any, zero: Any) -> Any:
    """Add up.

    Args:
        values: A list or generator of numbers, amounts or durations.
        zero: The sum of nothing, of the same kind.

    Returns:
        The sum.

    Raises:
        Failure: An element is absent or of another kind.
    """
    whole = zero
    for one in each(values):
        if isinstance(one, bool) or not isinstance(one, int | Decimal | timedelta):
            raise unfit(one)
        whole = whole + one
    return whole


def number_of(values: Any) -> int:
    """Count elements.

    Args:
        values: A list or a generator over one.

    Returns:
        How many there are.
    """
    return sum(1 for _ in each(values))


def every(values: Any) -> bool:
    """Tell whether all are true.

    Args:
        values: A list or generator of booleans.

    Returns:
        True also for none at all.
    """
    return all(truth(one) for one in each(values))


def some(values: Any) -> bool:
    """Tell whether one is true.

    Args:
        values: A list or generator of booleans.

    Returns:
        False for none at all.
    """
    return any(truth(one) for one in each(values))


def _comparable(values: tuple[Any, ...]) -> list[Any]:
    listed = list(each(values[0]) if len(values) == 1 else values)
    for one in listed:
        if isinstance(one, bool) or not isinstance(one, int | Decimal | timedelta | date):
            raise unfit(one)
    return listed


def least(*values: Any) -> Any:
    """Give the smallest.

    Args:
        *values: One list or generator, or several values of one kind.

    Returns:
        The smallest, or none for an empty list.

    Raises:
        Failure: An element is absent.
    """
    return min(_comparable(values), default=None)


def greatest(*values: Any) -> Any:
    """Give the largest.

    Args:
        *values: One list or generator, or several values of one kind.

    Returns:
        The largest, or none for an empty list.

    Raises:
        Failure: An element is absent.
    """
    return max(_comparable(values), default=None)


def length(value: Any) -> int:
    """Count the characters of a text or the elements of a list.

    Args:
        value: A text or a list.

    Returns:
        How many there are.
    """
    return len(value) if isinstance(value, str) else len(rows(value))


def first_present(*values: Any) -> Any:
    """Give the first value that is there.

    Args:
        *values: Values of one kind.

    Returns:
        The first that is not none, or none.
    """
    return next((one for one in values if one is not None), None)
