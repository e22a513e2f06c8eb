"""Exact arithmetic on numbers, amounts and times: 28 digits, no floats, elapsed time."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.failure import Failure, Reason
from orderkit._expr.guards import BOUND, PRECISION, unfit

if TYPE_CHECKING:
    from datetime import tzinfo

_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = 86_400_000_000
_HOUR: Final = 3_600_000_000


def exact() -> decimal.Context:
    """Make the rules of arithmetic: 28 digits, bounded exponents, no silent infinities or nonsense.

    Returns:
        A fresh context.
    """
    return decimal.Context(
        prec=PRECISION,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=-PRECISION,
        Emax=PRECISION,
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
    )


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unfit(value)
    return value


def _stretch(microseconds: Decimal) -> timedelta:
    try:
        return timedelta(microseconds=int(microseconds))
    except OverflowError:
        raise Failure(Reason.TOO_LARGE) from None


def divided(left: Any, right: Any) -> Any:
    """Divide without ever making a float of two integers.

    Args:
        left: A number or a duration.
        right: A number, or a duration where the left one is.

    Returns:
        A Decimal; a duration where a duration is divided by a number.

    Raises:
        Failure: An operand is absent or of another kind, or the divisor is zero.
    """
    if isinstance(left, timedelta):
        if isinstance(right, timedelta):
            return divided(left // _MICROSECOND, right // _MICROSECOND)
        return _stretch(divided(left // _MICROSECOND, right))
    if not _number(right):
        raise Failure(Reason.DIVIDED_BY_ZERO)
    return Decimal(_number(left)) / right


def scaled(left: Any, right: Any) -> timedelta:
    """Multiply a duration by a number, exactly to the microsecond.

    Args:
        left: A duration or a number.
        right: The other of the two.

    Returns:
        The longer or shorter duration.

    Raises:
        Failure: An operand is absent or of another kind, or the result is beyond all calendars.
    """
    length, factor = (left, right) if isinstance(left, timedelta) else (right, left)
    if not isinstance(length, timedelta):
        raise unfit(length)
    return _stretch(Decimal(length // _MICROSECOND) * _number(factor))


def _aware(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise unfit(value)
    return value


def later(left: Any, right: Any) -> Any:
    """Add a duration to a time or a date; time is elapsed time, also over a change of clocks.

    Args:
        left: An aware time, a date or a duration.
        right: A duration, or a time where the left one is.

    Returns:
        The later time in the same zone, or the later date.

    Raises:
        Failure: An operand is absent or of another kind, or the result is beyond all calendars.
    """
    moment, length = (right, left) if isinstance(left, timedelta) else (left, right)
    if not isinstance(length, timedelta):
        raise unfit(length)
    try:
        if isinstance(moment, datetime):
            return (_aware(moment).astimezone(UTC) + length).astimezone(moment.tzinfo)
        if isinstance(moment, date):
            return moment + length
    except OverflowError:
        raise Failure(Reason.TOO_LARGE) from None
    raise unfit(moment)


def earlier(left: Any, right: Any) -> Any:
    """Subtract a duration from a time, or one time from another.

    Args:
        left: An aware time or a date.
        right: A duration, or a time or date like the left one.

    Returns:
        The earlier time, or the duration between the two.

    Raises:
        Failure: An operand is absent or of another kind, or the result is beyond all calendars.
    """
    if isinstance(right, timedelta):
        return later(left, -right)
    if isinstance(left, datetime):
        return _aware(left).astimezone(UTC) - _aware(right).astimezone(UTC)
    if not isinstance(left, date):
        raise unfit(left)
    if not isinstance(right, date) or isinstance(right, datetime):
        raise unfit(right)
    return left - right


def bounded(value: Any) -> Any:
    """Hold a whole number within 28 digits.

    Args:
        value: The result of an expression that gives a count, or none.

    Returns:
        The same value.

    Raises:
        Failure: It is beyond the bound, or no whole number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise unfit(value)
    if abs(value) >= BOUND:
        raise Failure(Reason.TOO_LARGE)
    return value


def decimal_of(value: Any) -> Decimal | None:
    """Turn a whole number into the decimal that a slot for money or numbers wants.

    Args:
        value: An int, a Decimal or none.

    Returns:
        The Decimal, or none.

    Raises:
        Failure: The value is no number, or not a finite one.
    """
    if value is None:
        return None
    exactly = value if type(value) is Decimal else Decimal(_number(value))
    if not exactly.is_finite():
        raise unfit(value)
    return exactly


def magnitude(value: Any) -> Any:
    """Take the sign away.

    Args:
        value: A number, an amount or a duration.

    Returns:
        The same without its sign.

    Raises:
        Failure: The value is absent or no number.
    """
    return abs(value) if isinstance(value, timedelta) else abs(_number(value))


def rounded(value: Any, places: int = 0) -> Any:
    """Round half away from zero, as people round money.

    Args:
        value: A number or an amount.
        places: Decimals to keep.

    Returns:
        The rounded value; whole numbers stay as they are.

    Raises:
        Failure: The value is absent or no number, or the result has more than 28 digits.
    """
    if isinstance(_number(value), int):
        return value
    try:
        return value.quantize(Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)
    except decimal.InvalidOperation:
        raise Failure(Reason.TOO_LARGE) from None


def days(amount: Any) -> timedelta:
    """Make a length of days of 24 hours.

    Args:
        amount: How many; a part of one is exact to the microsecond.

    Returns:
        The duration.
    """
    return _stretch(Decimal(_number(amount)) * _DAY)


def hours(amount: Any) -> timedelta:
    """Make a length of hours.

    Args:
        amount: How many; a part of one is exact to the microsecond.

    Returns:
        The duration.
    """
    return _stretch(Decimal(_number(amount)) * _HOUR)


def day_of(moment: Any, zone: tzinfo) -> date:
    """Give the calendar day of a point in time.

    Args:
        moment: An aware time.
        zone: Whose calendar.

    Returns:
        The day there.
    """
    return _aware(moment).astimezone(zone).date()
