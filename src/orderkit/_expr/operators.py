"""Which types go together: the tables behind comparison and arithmetic."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

from orderkit._expr.types import DECIMAL, DURATION, MONEY, NUMBERS, ORDERED, TEXTS, UNKNOWN, Kind, Type

SIGNS: Final[dict[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<",
    ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in", ast.And: "and",
    ast.Or: "or", ast.Not: "not",
}  # fmt: skip
"""The operators as an analyst writes them."""

_TIMES: Final = frozenset({Kind.DATE, Kind.DATETIME})


def meets_bare_money(left: Type, right: Type) -> bool:
    """Tell whether a number without unit stands beside money and thereby becomes money.

    Args:
        left: One operand.
        right: The other.

    Returns:
        True where exactly one is money and the other a bare number.
    """
    return (left.kind is Kind.MONEY and right.bare) or (right.kind is Kind.MONEY and left.bare)


def can_order(left: Type, right: Type) -> bool:
    """Tell whether `<` and its kin make sense.

    Args:
        left: One operand.
        right: The other.

    Returns:
        True for like with like.
    """
    if Kind.UNKNOWN in (left.kind, right.kind):
        return True
    if left.kind not in ORDERED or right.kind not in ORDERED:
        return False
    return left.kind is right.kind or {left.kind, right.kind} <= NUMBERS or meets_bare_money(left, right)


def can_equal(left: Type, right: Type) -> bool:
    """Tell whether `==` could ever be true.

    Args:
        left: One operand.
        right: The other.

    Returns:
        True for comparable kinds, and for anything beside none.
    """
    if left.kind is right.kind and (left.kind is Kind.TEXT or left.kind is Kind.BOOLEAN):
        return True
    if {Kind.UNKNOWN, Kind.NONE} & {left.kind, right.kind}:
        return True
    if {left.kind, right.kind} <= TEXTS or (left.kind is right.kind is Kind.BOOLEAN):
        return True
    return can_order(left, right)


def together(left: Type, right: Type) -> Type | None:
    """Find the one type of two values that may stand for each other (both sides of `if ... else`).

    Args:
        left: One.
        right: The other.

    Returns:
        The common type, absent allowed where either may be; None where there is none.
    """
    missing = left.optional or right.optional
    if Kind.UNKNOWN in (left.kind, right.kind):
        return UNKNOWN
    if left.kind is Kind.NONE or right.kind is Kind.NONE:
        return replace(right if left.kind is Kind.NONE else left, optional=True)
    if left.kind is Kind.LIST or left.kind is Kind.RECORD:
        return (
            replace(left, optional=missing)
            if replace(left, optional=False) == replace(right, optional=False)
            else None
        )
    if left.kind is right.kind:
        values = tuple(dict.fromkeys((*left.values, *right.values)))
        return replace(left, optional=missing, bare=left.bare and right.bare, values=values)
    if {left.kind, right.kind} <= TEXTS:
        return Type(Kind.TEXT, optional=missing)
    if {left.kind, right.kind} <= NUMBERS:
        return Type(Kind.DECIMAL, optional=missing, bare=left.bare and right.bare)
    return Type(Kind.MONEY, optional=missing) if meets_bare_money(left, right) else None


def accepts(want: Type, have: Type) -> bool:
    """Tell whether a slot takes what an expression gives.

    Args:
        want: What the slot needs.
        have: What the expression gives.

    Returns:
        True where every present value fits; an absent one is a matter of run time.
    """
    if have.kind is Kind.UNKNOWN or want.kind is Kind.UNKNOWN:
        return True
    if have.kind is Kind.NONE:
        return want.optional
    if want.kind is Kind.LIST and have.kind is Kind.LIST:
        return want.of is None or have.of is None or accepts(want.of, have.of)
    if want.kind is Kind.RECORD and have.kind is Kind.RECORD:
        return want.name == have.name
    if want.kind in TEXTS:
        return have.kind in TEXTS
    if want.kind is Kind.MONEY:
        return have.kind is Kind.MONEY or have.bare
    if want.kind in (Kind.DECIMAL, Kind.PERCENT):
        return have.kind in NUMBERS
    return want.kind is have.kind


def arithmetic(operator: ast.operator, left: Type, right: Type) -> Type | None:
    """Find what a calculation gives.

    Args:
        operator: One of `+ - * /`.
        left: Type of the left operand.
        right: Type of the right operand.

    Returns:
        The result's type, never optional; None where the two cannot be calculated with.
    """
    if Kind.UNKNOWN in (left.kind, right.kind):
        return UNKNOWN
    if isinstance(operator, ast.Add | ast.Sub):
        return _added(left, right, minus=isinstance(operator, ast.Sub))
    if isinstance(operator, ast.Mult):
        return _multiplied(left, right)
    return _divided(left, right)


def _numbers(left: Type, right: Type, *, alike: bool) -> Type | None:
    if not {left.kind, right.kind} <= NUMBERS:
        return None
    keeps = left.kind is right.kind and (alike or left.kind is Kind.COUNT)
    return Type(left.kind if keeps else Kind.DECIMAL, bare=left.bare and right.bare)


def _added(left: Type, right: Type, *, minus: bool) -> Type | None:
    kinds = (left.kind, right.kind)
    if kinds == (Kind.MONEY, Kind.MONEY) or meets_bare_money(left, right):
        return MONEY
    if kinds == (Kind.DURATION, Kind.DURATION) or (minus and left.kind is right.kind and left.kind in _TIMES):
        return DURATION
    if left.kind in _TIMES and right.kind is Kind.DURATION:
        return Type(left.kind)
    if right.kind in _TIMES and left.kind is Kind.DURATION and not minus:
        return Type(right.kind)
    return _numbers(left, right, alike=True)


def _multiplied(left: Type, right: Type) -> Type | None:
    for one, other in ((left, right), (right, left)):
        if one.kind in (Kind.MONEY, Kind.DURATION) and other.kind in NUMBERS:
            return Type(one.kind)
    return _numbers(left, right, alike=False)


def _divided(left: Type, right: Type) -> Type | None:
    if left.kind is right.kind and left.kind in (Kind.MONEY, Kind.DURATION):
        return DECIMAL
    if left.kind in (Kind.MONEY, Kind.DURATION) and right.kind in NUMBERS:
        return Type(left.kind)
    if {left.kind, right.kind} <= NUMBERS:
        return Type(Kind.DECIMAL, bare=left.bare and right.bare)
    return None
