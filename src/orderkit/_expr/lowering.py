"""A vetted, typed tree to one Python code object: fields become plain look-ups, functions become ours."""

from __future__ import annotations

import ast
import decimal
import linecache
import weakref
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr import arithmetic, guards, lists, runtime, texts
from orderkit._expr.failure import Failure
from orderkit._expr.traces import UNREAD, Kept, Layout, may_skip, parts_of
from orderkit._expr.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from orderkit._expr.syntax import Parsed

_FAILURES: Final = (Failure, TypeError, KeyError, ValueError, ArithmeticError)
_EXACT_KINDS: Final = frozenset({Kind.MONEY, Kind.DECIMAL, Kind.PERCENT})
_PLAIN: Final = """
def program(env):
    try:
        return None
    except FAILURES:
        return slow(env)
"""
_CALCULATING: Final = """
def program(env):
    before = getcontext()
    setcontext(exact)
    try:
        return None
    except FAILURES:
        return slow(env)
    finally:
        setcontext(before)
"""
_LOOP: Final = "g"


@dataclass(slots=True, eq=False)
class Lowering:
    """Turns one tree into a function of the environment.

    Args:
        parsed: The vetted tree.
        types: The type of every node.
        names: The top-level names it reads, in slot order.
        zone: The zone of `today()` and `time()`.
    """

    parsed: Parsed
    types: Mapping[ast.expr, Type]
    names: Sequence[str]
    zone: tzinfo
    _globals: dict[str, Any] = attribute(default_factory=dict)
    _constants: dict[Decimal | str, str] = attribute(default_factory=dict)
    _looped: str = ""
    _calculates: bool = False
    _noting: list[tuple[ast.expr, str]] | None = None
    _notes: int = 0
    _skips: bool = False

    def function(
        self, finish: Sequence[Callable[[Any], Any]], slow: Callable[[Mapping[str, object]], object]
    ) -> Callable[[Mapping[str, object]], object]:
        """Compile.

        Args:
            finish: What is done to the result before the slot gets it.
            slow: Called where anything went wrong: gives the value after all, or tells what has none.

        Returns:
            The function of the environment.
        """
        body = self._lower(self.parsed.tree)
        for change in finish:
            body = self._call(change.__name__, change, [body])
        return self._function_of([ast.Return(body)], slow)

    def _function_of(
        self, body: list[ast.stmt], slow: Callable[[Mapping[str, object]], object]
    ) -> Callable[[Mapping[str, object]], object]:
        self._globals |= {
            "__builtins__": {},
            "FAILURES": _FAILURES,
            "slow": slow,
            "getcontext": decimal.getcontext,
            "setcontext": decimal.setcontext,
            # One context for all threads: nothing but its flags is ever written, and nobody reads those.
            "exact": arithmetic.exact(),
        }
        module = ast.parse(_CALCULATING if self._calculates else _PLAIN)
        tried = next(one for one in ast.walk(module) if isinstance(one, ast.Try))
        slots = [ast.parse(f"v{at} = env[{name!r}]").body[0] for at, name in enumerate(self.names)]
        tried.body = [*slots, *body]
        file = f"<orderkit {self.parsed.place.span}>"
        exec(compile(ast.fix_missing_locations(module), file, "exec"), self._globals)  # noqa: S102 - our own vetted tree
        program: Callable[[Mapping[str, object]], object] = self._globals["program"]
        # A traceback through an expression then shows the expression, in the bracket the parser needs.
        lines = [f"({self.parsed.text})\n"]
        entry = (len(lines[0]), None, lines, file)
        linecache.cache[file] = entry
        weakref.finalize(program, _forget, file, entry).atexit = False
        return program

    def tracing(
        self, finish: Sequence[Callable[[Any], Any]], slow: Callable[[Mapping[str, object], Layout], object]
    ) -> tuple[Callable[[Mapping[str, object]], Any], Layout]:
        """Compile so that the value of each part is kept, and those of the paths it reads.

        Args:
            finish: As for `function`.
            slow: As for `function`; it gives the kept values too.

        Returns:
            The function of the environment, which gives the value and the kept values in one flat tuple, and
            what those belong to.
        """
        tree = self.parsed.tree
        joined = isinstance(tree, ast.BoolOp)
        stops = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
        kept: list[ast.expr] = []
        steps: list[ast.stmt] = []
        layout: list[Kept] = []
        parts = parts_of(tree)
        for at, part in enumerate(parts):
            self._noting, self._skips = [], may_skip(part)
            lowered = self._decided(part) if joined else self._lower(part)
            noted, self._noting = self._noting, None
            layout.append(Kept(part, tuple(node for node, _ in noted)))
            if self._skips:
                self._globals["UNREAD"] = UNREAD
                unread = ast.Name("UNREAD", ast.Load())
                steps += [ast.Assign([ast.Name(name, ast.Store())], unread) for _, name in noted]
            steps.append(ast.Assign([ast.Name(f"p{at}", ast.Store())], lowered))
            last: ast.expr = ast.Name(f"p{at}", ast.Load())
            kept += [last, *(ast.Name(name, ast.Load()) for _, name in noted)]
            if at == len(parts) - 1:
                for change in finish:
                    last = self._call(change.__name__, change, [last])
            given = ast.Return(ast.Tuple([last, ast.Tuple(list(kept), ast.Load())], ast.Load()))
            if at == len(parts) - 1:
                steps.append(given)
            else:
                test = ast.UnaryOp(ast.Not(), last) if stops else last
                steps.append(ast.If(test, [given], []))
        whole = tuple(layout)
        return self._function_of(steps, lambda env: slow(env, whole)), whole

    def _call(self, name: str, function: Callable[..., Any], given: list[ast.expr]) -> ast.expr:
        self._globals[name] = function
        return ast.Call(ast.Name(name, ast.Load()), given, [])

    def _constant(self, value: Decimal) -> ast.expr:
        # 1.0 and 1.00 are equal but not the same text, so the digits are the key.
        name = self._constants.setdefault(str(value), f"k{len(self._constants)}")
        self._globals[name] = value
        return ast.Name(name, ast.Load())

    def _slot(self, name: str) -> ast.expr:
        return ast.Name(f"v{list(self.names).index(name)}", ast.Load())

    def _lower(self, node: ast.expr) -> ast.expr:
        return ast.copy_location(self._lowered(node), node)

    def _lowered(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Constant():
                return (
                    self._constant(node.value)
                    if isinstance(node.value, Decimal)
                    else ast.Constant(node.value)
                )
            case ast.Name() | ast.Attribute():
                return self._noted(node, self._path(node))
            case ast.BoolOp():
                return ast.BoolOp(node.op, [self._decided(one) for one in node.values])
            case ast.UnaryOp(op=ast.Not()):
                return ast.UnaryOp(node.op, self._decided(node.operand))
            case ast.UnaryOp():
                self._calculates = True
                return ast.UnaryOp(node.op, self._lower(node.operand))
            case ast.BinOp():
                return self._calculation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                return ast.IfExp(self._decided(node.test), self._lower(node.body), self._lower(node.orelse))
            case ast.Call():
                return self._function(node)
            case ast.Tuple() | ast.List():
                return ast.Tuple([self._lower(one) for one in node.elts], ast.Load())
            case ast.GeneratorExp():
                return self._generator(node, self._lower)
        raise AssertionError(ast.dump(node))

    def _path(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else ""
            return ast.Name(_LOOP, ast.Load()) if name == self._looped else self._slot(name)
        owner = ast.copy_location(self._path(node.value), node.value)
        if self.types[node.value].optional:
            return self._call("inside", guards.inside, [owner, ast.Constant(node.attr)])
        return ast.Subscript(owner, ast.Constant(node.attr), ast.Load())

    def _noted(self, node: ast.expr, path: ast.expr) -> ast.expr:
        """Keep what a path gives, where a trace is wanted; lists and records would tell nothing."""
        if self._noting is None or self.types[node].kind in (Kind.LIST, Kind.RECORD):
            return path
        if isinstance(path, ast.Name) and not self._skips:
            self._noting.append((node, path.id))
            return path
        name = f"r{self._notes}"
        self._notes += 1
        self._noting.append((node, name))
        return ast.NamedExpr(ast.Name(name, ast.Store()), path)

    def _decided(self, node: ast.expr) -> ast.expr:
        lowered = self._lower(node)
        return lowered if is_surely_boolean(node) else self._call("truth", guards.truth, [lowered])

    def _beside(self, node: ast.expr, other: ast.expr) -> ast.expr:
        # A whole number beside decimals is made a decimal once, at load: comparing two decimals is faster.
        whole = isinstance(node, ast.Constant) and type(node.value) is int
        if whole and isinstance(node, ast.Constant) and self.types[other].kind in _EXACT_KINDS:
            return self._constant(Decimal(int(str(node.value))))
        return self._lower(node)

    def _calculation(self, node: ast.BinOp) -> ast.expr:
        self._calculates = True
        left, right = self._beside(node.left, node.right), self._beside(node.right, node.left)
        kinds = {self.types[node.left].kind, self.types[node.right].kind}
        if isinstance(node.op, ast.Div):
            return self._call("divided", arithmetic.divided, [left, right])
        if isinstance(node.op, ast.Mult) and Kind.DURATION in kinds:
            return self._call("scaled", arithmetic.scaled, [left, right])
        if kinds & {Kind.DATE, Kind.DATETIME}:
            if isinstance(node.op, ast.Add):
                return self._call("later", arithmetic.later, [left, right])
            return self._call("earlier", arithmetic.earlier, [left, right])
        return ast.BinOp(left, node.op, right)

    def _comparison(self, node: ast.Compare) -> ast.expr:
        left = self._beside(node.left, node.comparators[0])
        rest: list[ast.expr] = []
        before = node.left
        for operator, one in zip(node.ops, node.comparators, strict=True):
            lowered = self._beside(one, before)
            if isinstance(operator, ast.In | ast.NotIn) and not isinstance(one, ast.Tuple | ast.List):
                lowered = self._call("rows", guards.rows, [lowered])
            rest.append(lowered)
            before = one
        return ast.Compare(left, node.ops, rest)

    def _generator(self, node: ast.GeneratorExp, element: Callable[[ast.expr], ast.expr]) -> ast.expr:
        clause = node.generators[0]
        noting, self._noting = self._noting, None
        over = self._call("rows", guards.rows, [self._lower(clause.iter)])
        self._looped = clause.target.id if isinstance(clause.target, ast.Name) else ""
        tests = [self._decided(one) for one in clause.ifs]
        inner = element(node.elt)
        self._looped = ""
        self._noting = noting
        return ast.GeneratorExp(inner, [ast.comprehension(ast.Name(_LOOP, ast.Store()), over, tests, 0)])

    def _function(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first = node.args[0] if node.args else None
        if name in ("any", "all") and isinstance(first, ast.GeneratorExp):
            native: Callable[..., Any] = any if name == "any" else all
            return self._call(name, native, [self._generator(first, self._decided)])
        given = [self._lower(one) for one in node.args]
        if name in ("sum", "round", "abs", "days", "hours"):
            self._calculates = True
        match name:
            case "sum":
                return self._sum(node.args[0], given[0])
            case "now":
                return self._slot("now")
            case "today":
                return self._zoned("day_of", arithmetic.day_of, self._slot("now"))
            case "date":
                return self._zoned("day_of", arithmetic.day_of, given[0])
            case "time":
                return self._zoned("read_time", texts.read_time, given[0])
            case "col":
                header = texts.column_key(first.value) if isinstance(first, ast.Constant) else ""  # type: ignore[arg-type]
                return self._call("inside", guards.inside, [self._slot("$row"), ast.Constant(header)])
            case "in_stock":
                return self._call("asked", guards.asked, [self._slot("$in_stock"), given[0]])
        return self._call(f"f_{name}", runtime.CALLED[name], given)

    def _zoned(self, name: str, function: Callable[..., Any], value: ast.expr) -> ast.expr:
        self._globals["zone"] = self.zone
        return self._call(name, function, [value, ast.Name("zone", ast.Load())])

    def _sum(self, node: ast.expr, given: ast.expr) -> ast.expr:
        zero = lists.zero_of(self.types[node])
        name = f"zero_{type(zero).__name__}"
        self._globals[name] = zero
        start = ast.Name(name, ast.Load())
        if isinstance(node, ast.GeneratorExp):
            return self._call("sum", sum, [given, start])
        return self._call("total", lists.total, [given, start])


def _forget(file: str, entry: object) -> None:
    """Let the text of an expression go with its code object; a newer one at the same place stays."""
    if linecache.cache.get(file) is entry:
        del linecache.cache[file]


def is_surely_boolean(node: ast.expr) -> bool:
    """Tell whether an operand can give nothing but true and false.

    Args:
        node: A vetted node of boolean type.

    Returns:
        False for what is read from data or chosen, which may be absent.
    """
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id != "coalesce"
    return isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp)
