"""The trees that nearly every condition has, vetted and made exact in one walk.

`syntax` walks a tree twice, to refuse what the language does not have and to put exact values in; either
looks at every attribute of every node. Paths, constants, comparisons, calculations and calls by name need
neither: here one walk does both, and gives up where it meets anything else.
`tests/expr/test_expression_laws.py` holds that the tree is the one that the careful walks make.
"""

from __future__ import annotations

import ast
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderkit._expr.tokens import MAX_DEPTH, Sort, Token, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Tokens: TypeAlias = "Mapping[int, Token]"
LITERALS: Final[dict[str, bool | None]] = {"true": True, "false": False, "none": None}


class Odd(Exception):  # noqa: N818 - no error: the careful walks look at what this one leaves
    """The tree holds more than plain shapes, or goes deep."""


def exact(node: ast.expr, tokens: Tokens, depth: int = 1) -> ast.expr:
    """Vet a node and what is below it, and make its constants exact.

    Args:
        node: The node of a fresh tree, its text in ASCII on one line.
        tokens: Numbers and texts by where they start.
        depth: How deep it stands, from 1.

    Returns:
        What stands for it: itself, or a constant for one of our words.

    Raises:
        Odd: It is more than plain; what was walked so far may have changed.
    """
    shape = _SHAPES.get(node.__class__)
    if shape is None or depth > MAX_DEPTH:
        raise Odd
    return shape(node, tokens, depth)


def _name(node: ast.Name, tokens: Tokens, depth: int) -> ast.expr:  # noqa: ARG001 - as the other shapes
    if node.id in LITERALS:
        return ast.copy_location(ast.Constant(LITERALS[node.id]), node)
    return node


def _path(node: ast.Attribute, tokens: Tokens, depth: int) -> ast.expr:  # noqa: ARG001 - as the other shapes
    below: ast.expr = node
    while below.__class__ is ast.Attribute:
        below = below.value
        depth += 1
    if below.__class__ is not ast.Name or below.id in LITERALS or depth > MAX_DEPTH:
        raise Odd
    return node


def _constant(node: ast.Constant, tokens: Tokens, depth: int) -> ast.expr:  # noqa: ARG001 - as the rest
    # The bracket that `syntax` puts in front moves columns by one.
    token = tokens[node.col_offset - 1]
    if token.sort is Sort.TEXT:
        node.value = spoken(token.text)
    else:
        node.value = Decimal(token.text) if "." in token.text else int(token.text)  # type: ignore[assignment] # as in `syntax`
    return node


def _several(node: ast.BoolOp, tokens: Tokens, depth: int) -> ast.expr:
    node.values[:] = [exact(one, tokens, depth + 1) for one in node.values]
    return node


def _comparison(node: ast.Compare, tokens: Tokens, depth: int) -> ast.expr:
    node.left = exact(node.left, tokens, depth + 1)
    for at, (sign, one) in enumerate(zip(node.ops, node.comparators, strict=True)):
        if one.__class__ is ast.Tuple or one.__class__ is ast.List:
            _choices(sign, one, tokens, depth + 1)
        else:
            node.comparators[at] = exact(one, tokens, depth + 1)
    return node


def _choices(sign: ast.cmpop, node: ast.expr, tokens: Tokens, depth: int) -> None:
    assert isinstance(node, ast.Tuple | ast.List)  # noqa: S101 - for the type checker
    listed = all(one.__class__ is ast.Constant for one in node.elts)
    if not isinstance(sign, ast.In | ast.NotIn) or not node.elts or not listed or depth >= MAX_DEPTH:
        raise Odd
    node.elts[:] = [exact(one, tokens, depth + 1) for one in node.elts]


def _calculation(node: ast.BinOp, tokens: Tokens, depth: int) -> ast.expr:
    node.left, node.right = exact(node.left, tokens, depth + 1), exact(node.right, tokens, depth + 1)
    return node


def _sign(node: ast.UnaryOp, tokens: Tokens, depth: int) -> ast.expr:
    if isinstance(node.op, ast.UAdd):
        raise Odd
    node.operand = exact(node.operand, tokens, depth + 1)
    return node


def _choice(node: ast.IfExp, tokens: Tokens, depth: int) -> ast.expr:
    node.test, node.body = exact(node.test, tokens, depth + 1), exact(node.body, tokens, depth + 1)
    node.orelse = exact(node.orelse, tokens, depth + 1)
    return node


def _call(node: ast.Call, tokens: Tokens, depth: int) -> ast.expr:
    if node.keywords or node.func.__class__ is not ast.Name or depth >= MAX_DEPTH:
        raise Odd
    if node.func.id in LITERALS:
        raise Odd
    node.args[:] = [exact(one, tokens, depth + 1) for one in node.args]
    return node


_SHAPES: Final[Mapping[type[ast.expr], Callable[[Any, Tokens, int], ast.expr]]] = {
    ast.Name: _name,
    ast.Attribute: _path,
    ast.Constant: _constant,
    ast.BoolOp: _several,
    ast.Compare: _comparison,
    ast.BinOp: _calculation,
    ast.UnaryOp: _sign,
    ast.IfExp: _choice,
    ast.Call: _call,
}
