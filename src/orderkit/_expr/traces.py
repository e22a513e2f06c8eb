"""What a trace keeps: the values of the parts of an expression that decided, and of the paths they read."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from orderkit._expr.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics import Span
    from orderkit._expr.syntax import Parsed

UNREAD: Final = object()
"""Stands in a trace for a path that was not read: a part may be decided before it comes to it."""


class Kept(NamedTuple):
    """One part of an expression whose value a trace keeps.

    Args:
        part: The part.
        paths: The paths in it whose values are kept behind the part's own, in this order.
    """

    part: ast.expr
    paths: tuple[ast.expr, ...]


Layout: TypeAlias = tuple[Kept, ...]
"""What the flat values of a trace belong to."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an expression that was judged.

    Args:
        text: As written.
        value: What it gave.
        span: Where it stands.
        reads: The paths it read, with their values; lists, records and what loops read are left out.
    """

    text: str
    value: object
    span: Span
    reads: tuple[Step, ...]


def parts_of(tree: ast.expr) -> list[ast.expr]:
    """Find the parts of an expression that a trace keeps.

    Args:
        tree: A vetted tree.

    Returns:
        The operands of a top-level `and` or `or`, else the whole.
    """
    return tree.values if isinstance(tree, ast.BoolOp) else [tree]


def may_skip(part: ast.expr) -> bool:
    """Tell whether a part can be decided before all of it is read.

    Args:
        part: A vetted tree.

    Returns:
        True where it holds `and`, `or`, `if` or a comparison of more than two.
    """
    return any(
        isinstance(one, ast.BoolOp | ast.IfExp) or (isinstance(one, ast.Compare) and len(one.ops) > 1)
        for one in ast.walk(part)
    )


def flat(layout: Layout, values: Mapping[ast.AST, object]) -> tuple[object, ...]:
    """Put the values of a slow evaluation in the order in which the compiled trace gives them.

    Args:
        layout: What is kept.
        values: Values by node, of what was evaluated.

    Returns:
        The values of the judged parts.
    """
    given: list[object] = []
    for part, paths in layout:
        if part not in values:
            break
        given += [values[part], *(values.get(path, UNREAD) for path in paths)]
    return tuple(given)


def told(parsed: Parsed, layout: Layout, given: Sequence[Any]) -> tuple[Part, ...]:
    """Find the words and places that belong to the values of a trace.

    Args:
        parsed: The expression.
        layout: What is kept.
        given: The flat values.

    Returns:
        The judged parts in order.
    """
    parts: list[Part] = []
    at = 0
    for part, paths in layout:
        if at >= len(given):
            break
        value, *read = given[at : at + 1 + len(paths)]
        at += 1 + len(paths)
        reads = {
            parsed.words(path): Step(parsed.words(path), one, parsed.span(path))
            for path, one in zip(paths, read, strict=True)
            if one is not UNREAD
        }
        parts.append(Part(parsed.words(part), value, parsed.span(part), tuple(reads.values())))
    return tuple(parts)
