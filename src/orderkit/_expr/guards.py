"""Guards: what compiled expressions let through from plain data, and how they refuse the rest."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import GeneratorType
from typing import Any, Final

from orderkit._expr.failure import Failure, Reason

MAX_LIST: Final = 10_000
PRECISION: Final = 28
BOUND: Final = 10**PRECISION
"""The first whole number with more digits than the language calculates with."""

_SHOWN: Final = 60


def shown(value: object) -> str:
    """Give a value as a short text for a message.

    Args:
        value: Any plain value.

    Returns:
        At most sixty characters.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= BOUND:
        return "…"
    text_ = str(value) if isinstance(value, str | int | Decimal | date | timedelta) else type(value).__name__
    return text_ if len(text_) <= _SHOWN else text_[: _SHOWN - 1] + "…"


def unfit(value: object) -> Failure:
    """Say that a value is absent, or of another kind than the order model declares.

    Args:
        value: The value that was met.

    Returns:
        The failure to raise.
    """
    return Failure(Reason.ABSENT) if value is None else Failure(Reason.UNFIT, shown(value))


def truth(value: object) -> bool:
    """Let only real booleans decide.

    Args:
        value: The operand of `and`, `or`, `not`, `if`, or a whole condition.

    Returns:
        The same boolean.

    Raises:
        Failure: The value is absent or no boolean.
    """
    if value is True or value is False:
        return value
    raise unfit(value)


def present(value: Any) -> Any:
    """Refuse an absent result where the slot needs a value.

    Args:
        value: The result.

    Returns:
        The same value.

    Raises:
        Failure: It is absent.
    """
    if value is None:
        raise Failure(Reason.ABSENT)
    return value


def text(value: Any) -> str:
    """Let only texts through.

    Args:
        value: What a function for texts was given.

    Returns:
        The same text.

    Raises:
        Failure: The value is absent or no text.
    """
    if isinstance(value, str):
        return value
    raise unfit(value)


def rows(value: Any) -> Any:
    """Let only lists of bounded length be gone through.

    Args:
        value: What stands behind `in`.

    Returns:
        The same list.

    Raises:
        Failure: It is absent, no list, or too long.
    """
    if not isinstance(value, list | tuple):
        raise unfit(value)
    if len(value) > MAX_LIST:
        raise Failure(Reason.TOO_LONG, str(len(value)))
    return value


def each(value: Any) -> Any:
    """Let only generators and bounded lists be gone through.

    Args:
        value: What `sum` and its kin were given; a generator goes over a list that `rows` let through.

    Returns:
        The same.

    Raises:
        Failure: It is absent, no list, or too long.
    """
    return value if isinstance(value, GeneratorType) else rows(value)


def inside(value: object, name: str) -> object:
    """Read a field of a record that may be absent: an absent record has absent fields.

    Args:
        value: The record or none.
        name: The field.

    Returns:
        The field's value, or none.

    Raises:
        Failure: The value is no record.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise unfit(value)
    return value.get(name)


def asked(answer: Any, lines: Any) -> bool:
    """Ask the host's side a question about lines.

    Args:
        answer: The callable of the environment, such as the one of `in_stock`.
        lines: A list of line records.

    Returns:
        Its answer.

    Raises:
        Failure: The environment has no such callable, or the answer is no boolean.
    """
    if answer is None:
        raise Failure(Reason.ABSENT)
    return truth(answer(rows(lines)))
