"""Tells who listens which names an expression speaks of; nothing is worked out where nobody does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._expr.syntax import Parsed
    from orderkit._expr.types import Type

_LEAD: Final = 40


def hear_name(found: Collector, parsed: Parsed, kind: str, node: ast.expr, name: str) -> None:
    """Tell of a name, or of the last name of a path.

    Args:
        found: Who listens.
        parsed: The tree.
        kind: Such as `field:order`.
        node: The name or path.
        name: The name.
    """
    end = parsed.bounds(node)[1]
    _hear(found, parsed, kind, name, end - len(name))


def hear_text(found: Collector, parsed: Parsed, kind: str, node: ast.expr) -> None:
    """Tell of a text that stands for a name, at the place inside its quotes.

    Args:
        found: Who listens.
        parsed: The tree.
        kind: Such as `value:order.state`.
        node: The text; anything else is no name.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        _hear(found, parsed, kind, node.value, parsed.bounds(node)[0] + 1)


def hear_state(
    found: Collector, parsed: Parsed, types: Mapping[ast.expr, Type], path: ast.expr, node: ast.expr
) -> None:
    """Tell of the state of a part that is compared; it is a text, so that no choice tells of it.

    Args:
        found: Who listens.
        parsed: The tree.
        types: Types of the nodes judged so far.
        path: What is compared.
        node: What it is compared with.
    """
    if isinstance(path, ast.Attribute) and path.attr == "state":
        owner = types.get(path.value)
        if owner is not None and owner.name != "order":
            hear_text(found, parsed, f"value:{owner.name}.state", node)


def _hear(found: Collector, parsed: Parsed, kind: str, name: str, start: int) -> None:
    place = parsed.place
    lead = "" if place.shift is not None else parsed.text[max(start - _LEAD, 0) : start]
    found.used(kind, name, place.at(start, start + len(name)), lead)
