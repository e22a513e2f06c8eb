"""From the condition of a metric or report to the small tree that Python and SQL judge alike."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import Collector
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.failure import NotComputable
from orderkit._reports.engine import Always, Both, Compare, Either, Field, Literal, Member, Opposite, Truth
from orderkit.domain.money import exact_minor

if TYPE_CHECKING:
    from orderkit._diagnostics import Span
    from orderkit._expr.compiler import Program
    from orderkit._expr.place import SourceText
    from orderkit._expr.syntax import Parsed
    from orderkit._reports.engine import Condition
    from orderkit._reports.fields import Readable

_SIGNS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PRICE_PLACES: Final = 6
_LARGEST: Final = 2**63 - 1


class _Unsupported(Exception):  # noqa: N818 - the end of a walk, caught in this module
    """A part that has no place in the tree; carries the finding about it."""

    def __init__(self, code: str, node: ast.expr) -> None:
        super().__init__(code)
        self.code, self.node = code, node


def compile_filter(source: SourceText, grain: str, readable: Readable) -> Condition | None:
    """Compile a condition.

    Args:
        source: As written.
        grain: Whose records it judges; those of `order` may be read in every grain.
        readable: What it may read.

    Returns:
        The condition, or None where a mistake was reported.
    """
    program = compile_expression(
        source,
        readable.scope(grain),
        readable.found,
        expects=types.BOOLEAN,
        now_zone=readable.vocabulary.zone,
    )
    if program is None:
        return None
    walk = _Walk(program, grain, readable)
    try:
        return walk.condition(walk.parsed.tree)
    except _Unsupported as part:
        span = walk.parsed.span(part.node)
        currency = readable.vocabulary.currency
        readable.found.add(part.code, span, text=walk.parsed.words(part.node), currency=currency)
        return None


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a condition, compiled again by itself where it reads no record."""

    text: str
    span: Span


class _Walk:
    """Goes down one vetted tree."""

    def __init__(self, program: Program, grain: str, readable: Readable) -> None:
        self.parsed: Parsed = program.stepper.parsed
        self.types = program.stepper.types
        self.grain, self.readable = grain, readable

    def condition(self, node: ast.expr) -> Condition:
        if self._is_constant(node):
            return Always(bool(self._constant(node)))
        match node:
            case ast.BoolOp(op=ast.And()):
                return Both(tuple(self.condition(one) for one in node.values))
            case ast.BoolOp():
                return Either(tuple(self.condition(one) for one in node.values))
            case ast.UnaryOp(op=ast.Not()):
                return Opposite(self.condition(node.operand))
            case ast.Compare():
                sides = [node.left, *node.comparators]
                links = tuple(
                    self._link(left, sign, right)
                    for left, sign, right in zip(sides, node.ops, node.comparators, strict=False)
                )
                return links[0] if len(links) == 1 else Both(links)
            case ast.Attribute():
                return Truth(self._field(node))
        raise _Unsupported("OK905", node)

    def _link(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Condition:
        if isinstance(sign, ast.In | ast.NotIn):
            return self._member(left, right, negated=isinstance(sign, ast.NotIn))
        operator = _SIGNS[type(sign)]
        if self._is_constant(left):
            left, right, operator = right, left, _MIRRORED[operator]
        if self._is_constant(left):
            raise _Unsupported("OK905", left)
        one = self._field(left)
        if self._is_constant(right):
            value = self._stored(one, right)
            money = one.kind in ("money", "price") and bool(value)
            return Compare(operator, one, Literal(value), self.readable.vocabulary.currency if money else "")
        other = self._field(right)
        if one.kind != other.kind:
            raise _Unsupported("OK905", right)
        return Compare(operator, one, other)

    def _member(self, left: ast.expr, right: ast.expr, *, negated: bool) -> Condition:
        one = self._field(left)
        if isinstance(right, ast.Tuple | ast.List):
            values = [self._stored(one, each) for each in right.elts]
        elif self._is_constant(right):
            values = [self._fit(one, each, right) for each in self._constant(right)]
        else:
            raise _Unsupported("OK905", right)
        return Member(one, tuple(values), negated)

    def _field(self, node: ast.expr) -> Field:
        if not isinstance(node, ast.Attribute):
            raise _Unsupported("OK905", node)
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        one = self.readable.field(owner, node.attr, self.grain) if owner in ("order", self.grain) else None
        if one is None:
            raise _Unsupported("OK907", node)
        return one

    def _is_constant(self, node: ast.expr) -> bool:
        functions = {one.func for one in ast.walk(node) if isinstance(one, ast.Call)}
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one not in functions}
        called = {one.id for one in functions if isinstance(one, ast.Name)}
        loops = any(isinstance(one, ast.GeneratorExp) for one in ast.walk(node))
        return names <= {"vars"} and not called & {"now", "today", "in_stock"} and not loops

    def _constant(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        part = _Part(self.parsed.words(node), self.parsed.span(node))
        vocabulary = self.readable.vocabulary
        # It was checked as a part of the whole, so it has no mistakes by itself.
        program = compile_expression(
            part, self.readable.scope(self.grain), Collector(), now_zone=vocabulary.zone
        )
        if program is None:
            raise _Unsupported("OK905", node)
        try:
            return program.run({"vars": vocabulary.variables})
        except NotComputable as failure:
            raise _Unsupported("OK905", node) from failure

    def _stored(self, one: Field, node: ast.expr) -> Any:
        if not self._is_constant(node):
            raise _Unsupported("OK905", node)
        return self._fit(one, self._constant(node), node)

    def _fit(self, one: Field, value: Any, node: ast.expr) -> Any:
        """Give a constant in the form in which a store keeps the field it is compared with."""
        if value is None:
            return None
        if one.kind in ("money", "price", "integer") and isinstance(value, int | Decimal):
            if one.kind == "money":
                whole = exact_minor(Decimal(value), self.readable.vocabulary.currency)
            else:
                scaled = Decimal(value).scaleb(_PRICE_PLACES if one.kind == "price" else 0)
                whole = int(scaled) if scaled == scaled.to_integral_value() else None
            if whole is None or abs(whole) > _LARGEST:
                raise _Unsupported("OK908", node)
            return whole
        fits = {
            "text": str,
            "boolean": bool,
            "date": date,
            "datetime": datetime,
        }.get(one.kind)
        if fits is None or not isinstance(value, fits) or (fits is date and isinstance(value, datetime)):
            raise _Unsupported("OK905", node)
        return value
