"""Names and the paths behind them: what exists in a slot, and what was probably meant."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from orderkit._expr.types import Kind, Scope, Type

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 60
_LISTED: Final = 12
_SHORT: Final = 3
_LITERALS: Final[dict[str, str]] = {
    "null": "none", "nil": "none", "undefined": "none", "none": "none", "true": "true", "false": "false",
}  # fmt: skip


def meant(name: str, known: Iterable[str]) -> str:
    """Guess the name that was meant.

    Args:
        name: The name that does not exist.
        known: The names that do.

    Returns:
        The nearest one, or an empty text where none is near.
    """
    if len(name) > _LONGEST:
        return ""
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5 if len(name) <= _SHORT else 0.65)
    return folded[near[0]] if near else ""


def meant_in(name: str, scope: Scope) -> str:
    """Guess the path that was meant by a name that does not exist in a slot.

    Args:
        name: The name.
        scope: What exists.

    Returns:
        A name or a path of two names, or an empty text.
    """
    for owner, kind in scope.items():
        if kind.kind is Kind.RECORD and name in kind.fields:
            return f"{owner}.{name}"
    return meant(name, (one for one in scope if not one.startswith("$")))


def misspelt_literal(name: str) -> str:
    """Tell what `NULL`, `TRUE` and the like are called here.

    Args:
        name: A name that does not exist.

    Returns:
        `none`, `true` or `false`, or an empty text.
    """
    return _LITERALS.get(name.casefold(), "")


def listed(names: Iterable[str]) -> str:
    """Name what exists, for a message.

    Args:
        names: All names; those with `$` are not for analysts.

    Returns:
        The first dozen, separated by commas.
    """
    shown = [one for one in names if not one.startswith("$")]
    return ", ".join(shown[:_LISTED]) + (", …" if len(shown) > _LISTED else "")


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Give the names of a path.

    Args:
        node: A name or a vetted chain of dots.

    Returns:
        The names from left to right.
    """
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        names.append(node.id)
    return tuple(reversed(names))


def element(kind: Type) -> Type | None:
    """Give what a list holds.

    Args:
        kind: Any type.

    Returns:
        The elements' type, or None for what is no list.
    """
    return kind.of if kind.kind is Kind.LIST else None
