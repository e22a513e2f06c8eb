"""simpleeval on a vetted tree: our operators, our functions, plain data, and nothing beside them."""

from __future__ import annotations

import ast
import operator
from datetime import date, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any, Final

from simpleeval import SimpleEval  # type: ignore[import-untyped] # it ships no types

from orderkit._expr import arithmetic, guards, lists, runtime, texts
from orderkit._expr.failure import Failure, NotComputable, Reason
from orderkit._expr.names import dotted
from orderkit._expr.step import Step
from orderkit._expr.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import tzinfo

    from orderkit._expr.syntax import Parsed
    from orderkit._expr.types import Type


class Evaluator(SimpleEval):  # type: ignore[misc] # simpleeval has no types
    """Evaluates one expression once.

    Args:
        parsed: The vetted tree.
        types: The type of every node.
        zone: The zone of `today()` and `time()`.
        env: Values by name.
        noted: Takes each part with its value.
    """

    def __init__(  # simpleeval's own start would bring its operators, functions and node types along
        self,
        parsed: Parsed,
        types: Mapping[ast.expr, Type],
        zone: tzinfo,
        env: Mapping[str, object],
        noted: list[Step],
    ) -> None:
        """Set up the closed world of one evaluation."""
        self._parsed = parsed
        self._types = types
        self._env = env
        self._noted = noted
        self.values: dict[ast.AST, object] = {}
        self._looped: dict[str, object] = {}
        self._quiet = 0
        self.expr = parsed.text
        self.names: dict[str, object] = {}
        self.operators = _OPERATORS
        self.functions = {**_FUNCTIONS, **self._bound(zone)}
        self.nodes = {
            ast.Constant: self._eval_constant,
            ast.Name: self._read,
            ast.Attribute: self._read,
            ast.BoolOp: self._joined,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._chosen,
            ast.Call: self._called,
            ast.Tuple: self._listed,
            ast.List: self._listed,
            ast.GeneratorExp: self._generated,
        }

    def value(self) -> object:
        """Evaluate the tree.

        Returns:
            Its value.

        Raises:
            NotComputable: It has none.
        """
        return self._eval(self._parsed.tree)

    def _bound(self, zone: tzinfo) -> dict[str, Callable[..., object]]:
        env = self._env
        return {
            "now": lambda: env.get("now"),
            "today": lambda: arithmetic.day_of(env.get("now"), zone),
            "date": lambda value: arithmetic.day_of(value, zone),
            "time": lambda value: texts.read_time(value, zone),
            "col": lambda header: guards.inside(env.get("$row"), texts.column_key(header)),
            "in_stock": lambda lines: guards.asked(env.get("$in_stock"), lines),
        }

    def _check_disallowed_items(self, item: object) -> None:
        """Leave the values alone: they are plain data, and walking them costs more than evaluating."""

    def _eval(self, node: ast.expr) -> Any:
        try:
            value = self.nodes[type(node)](node)
        except Failure as failure:
            blamed = self._blamed(node, failure)
            words, span = self._parsed.words(blamed), self._parsed.span(blamed)
            raise NotComputable(failure.reason, words, span, failure.value) from None
        self.values[node] = value
        if not self._quiet and not isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.GeneratorExp):
            self._noted.append(Step(self._parsed.words(node), value, self._parsed.span(node)))
        return value

    def _blamed(self, node: ast.expr, failure: Failure) -> ast.expr:
        if failure.reason is not Reason.ABSENT:
            return node
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and child in self.values and self.values[child] is None:
                return child
        return node

    def _read(self, node: ast.expr) -> object:
        first, *rest = dotted(node)
        value = self._looped[first] if first in self._looped else self._env.get(first)
        for name in rest:
            value = guards.inside(value, name)
        return value

    def _joined(self, node: ast.BoolOp) -> bool:
        stops_at = isinstance(node.op, ast.Or)
        for one in node.values:
            if guards.truth(self._eval(one)) is stops_at:
                return stops_at
        return not stops_at

    def _chosen(self, node: ast.IfExp) -> object:
        return self._eval(node.body if guards.truth(self._eval(node.test)) else node.orelse)

    def _listed(self, node: ast.Tuple | ast.List) -> tuple[object, ...]:
        return tuple(self._eval(one) for one in node.elts)

    def _called(self, node: ast.Call) -> object:
        if isinstance(node.func, ast.Name) and node.func.id == "sum":
            return _guarded(lists.total)(self._eval(node.args[0]), lists.zero_of(self._types[node.args[0]]))
        return self._eval_call(node)

    def _generated(self, node: ast.GeneratorExp) -> Generator[object, None, None]:
        clause = node.generators[0]
        over = self._eval(clause.iter)
        try:
            listed = guards.rows(over)
        except Failure as failure:
            words, span = self._parsed.words(clause.iter), self._parsed.span(clause.iter)
            raise NotComputable(failure.reason, words, span, failure.value) from None
        return self._elements(node, listed)

    def _elements(self, node: ast.GeneratorExp, listed: list[object]) -> Generator[object, None, None]:
        clause = node.generators[0]
        name = clause.target.id if isinstance(clause.target, ast.Name) else ""
        for one in listed:
            self._looped[name] = one
            self._quiet += 1
            try:
                if not all(self._holds(test) for test in clause.ifs):
                    continue
                value = self._eval(node.elt)
                if value is None and self._types[node.elt].kind is not Kind.RECORD:
                    self.values[node] = None
            finally:
                self._quiet -= 1
                del self._looped[name]
            yield value

    def _holds(self, test: ast.expr) -> bool:
        try:
            return guards.truth(self._eval(test))
        except Failure as failure:
            words, span = self._parsed.words(test), self._parsed.span(test)
            raise NotComputable(failure.reason, words, span, failure.value) from None


def _guarded(function: Callable[..., object]) -> Callable[..., object]:
    def guarded(*values: object) -> object:
        try:
            return function(*values)
        except (DecimalException, OverflowError):
            raise Failure(Reason.TOO_LARGE) from None
        except TypeError:
            raise Failure(Reason.UNFIT, ", ".join(guards.shown(one) for one in values)) from None

    return guarded


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | timedelta):
        raise guards.unfit(value)
    return value


def _calculating(function: Callable[[Any, Any], object], sign: str) -> Callable[..., object]:
    def calculate(left: object, right: object) -> object:
        if left is None or right is None:
            raise Failure(Reason.ABSENT)
        if isinstance(left, date) or isinstance(right, date):
            return arithmetic.later(left, right) if sign == "+" else arithmetic.earlier(left, right)
        if sign == "*" and (isinstance(left, timedelta) or isinstance(right, timedelta)):
            return arithmetic.scaled(left, right)
        return function(_number(left), _number(right))

    return _guarded(calculate)


def _family(value: object) -> str:
    if value is None:
        raise Failure(Reason.ABSENT)
    if isinstance(value, bool):
        raise guards.unfit(value)
    if isinstance(value, int | Decimal):
        return "number"
    if isinstance(value, datetime):
        return "datetime"
    return "date" if isinstance(value, date) else "duration" if isinstance(value, timedelta) else "other"


def _ordering(function: Callable[[Any, Any], bool]) -> Callable[..., object]:
    def order(left: object, right: object) -> bool:
        families = {_family(left), _family(right)}
        if len(families) > 1 or "other" in families:
            raise Failure(Reason.UNFIT, f"{guards.shown(left)}, {guards.shown(right)}")
        return function(left, right)

    return _guarded(order)


_OPERATORS: Final[dict[type[ast.AST], Callable[..., object]]] = {
    ast.Add: _calculating(operator.add, "+"),
    ast.Sub: _calculating(operator.sub, "-"),
    ast.Mult: _calculating(operator.mul, "*"),
    ast.Div: _calculating(arithmetic.divided, "/"),
    ast.USub: _guarded(lambda value: operator.neg(_number(value))),  # type: ignore[arg-type]
    ast.Not: lambda value: not guards.truth(value),
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _ordering(operator.lt),
    ast.LtE: _ordering(operator.le),
    ast.Gt: _ordering(operator.gt),
    ast.GtE: _ordering(operator.ge),
    ast.In: lambda value, listed: value in guards.rows(listed),
    ast.NotIn: lambda value, listed: value not in guards.rows(listed),
}
_FUNCTIONS: Final[dict[str, Callable[..., object]]] = {
    name: _guarded(function) for name, function in runtime.CALLED.items()
}
