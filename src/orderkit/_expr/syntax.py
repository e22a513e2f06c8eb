"""Text to a vetted tree: what leaves this module holds only what the language has, within its limits."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.place import Place, SourceText
from orderkit._expr.plain_tree import LITERALS, Odd, exact
from orderkit._expr.tokens import MAX_DEPTH, Scanner, Sort, Token, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector, Span

__all__ = ["MAX_NODES", "MAX_TEXT", "OVER_LISTS", "Parsed", "SourceText", "parse"]

MAX_TEXT: Final = 2_000
MAX_NODES: Final = 400
OVER_LISTS: Final = frozenset({"sum", "any", "all", "min", "max", "count"})
"""The functions that take a generator."""

_SHAPES: Final = (
    ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Attribute,
    ast.Constant, ast.Tuple, ast.List, ast.GeneratorExp, ast.comprehension,
)  # fmt: skip
_UNQUESTIONED: Final = frozenset({ast.Name, ast.Constant, ast.BoolOp, ast.BinOp, ast.Compare, ast.IfExp})
"""The shapes that are right wherever a value stands."""
_ROLES: Final = frozenset({ast.comprehension, ast.Compare, ast.Call})
"""The shapes that let a child be more than a value."""
_MARKS: Final = (ast.expr_context, ast.boolop, ast.unaryop, ast.operator, ast.cmpop)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """A vetted tree with the way back to the text.

    Args:
        text: The expression as written.
        place: Where it stands.
        tree: The tree; numbers are int or Decimal constants, `true`, `false` and `none` are constants.
    """

    text: str
    place: Place
    tree: ast.expr

    def bounds(self, node: ast.expr) -> tuple[int, int]:
        """Find a node's stretch of the text.

        Args:
            node: Any node of the tree.

        Returns:
            Start and end in code points, the end exclusive.
        """
        end_line = node.lineno if node.end_lineno is None else node.end_lineno
        end_column = node.col_offset if node.end_col_offset is None else node.end_col_offset
        return _offset(self.text, node.lineno, node.col_offset), _offset(self.text, end_line, end_column)

    def span(self, node: ast.expr) -> Span:
        """Find a node's place in the file.

        Args:
            node: Any node of the tree.

        Returns:
            Its span.
        """
        return self.place.at(*self.bounds(node))

    def words(self, node: ast.expr) -> str:
        """Quote a node as it was written.

        Args:
            node: Any node of the tree.

        Returns:
            Its stretch of the text.
        """
        start, end = self.bounds(node)
        return self.text[start:end]


def parse(text: str, place: Place, found: Collector) -> Parsed | None:
    """Read one expression.

    Args:
        text: The expression, without YAML's quotes.
        place: Where it stands.
        found: Takes every mistake.

    Returns:
        The vetted tree, or None where a mistake was reported.
    """
    if len(text) > MAX_TEXT:
        found.add("OK501", place.span, length=len(text), limit=MAX_TEXT)
        return None
    tokens = Scanner(place, text, found).scan()
    if tokens is None:
        return None
    if not tokens:
        found.add("OK500", place.span)
        return None
    tree = _read(text, place, tokens, found)
    if tree is None:
        return None
    constants = {one.start: one for one in tokens if one.sort is Sort.NUMBER or one.sort is Sort.TEXT}
    # Every node takes a sign at least, so that a short text cannot have too many.
    if len(text) <= MAX_NODES and text.isascii() and "\n" not in text:
        try:
            return Parsed(text, place, exact(tree, constants))
        except Odd:
            tree = ast.parse(f"({text})", mode="eval").body
    return _carefully(Parsed(text, place, tree), constants, found)


def _carefully(parsed: Parsed, constants: Mapping[int, Token], found: Collector) -> Parsed | None:
    if not _Vetting(parsed, found).passes():
        return None
    return Parsed(parsed.text, parsed.place, _make_plain(parsed, constants))


def _read(text: str, place: Place, tokens: tuple[Token, ...], found: Collector) -> ast.expr | None:
    # The bracket in front lets an expression begin with a space or go over several lines and moves columns by
    # one only; the scanner has already seen that the text's own brackets match.
    try:
        return ast.parse(f"({text})", mode="eval").body
    except (RecursionError, MemoryError):
        found.add("OK503", place.span, limit=MAX_DEPTH)
    except SyntaxError as error:
        line = error.lineno or 1
        at = _line_start(text, line) + (error.offset or 1) - 1 - (line == 1)
        near = next((one for one in tokens if one.end > at), tokens[-1])
        found.add("OK517", place.at(near.start, near.end), found=near.text[:40])
    except (ValueError, OverflowError):
        found.add("OK517", place.span, found=text[:40])
    return None


def _line_start(text: str, line: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1 if "\n" in text[at:] else at
    return at


def _offset(text: str, line: int, column: int) -> int:
    # The parser counts bytes of UTF-8 and knows the bracket in front; editors and people count characters.
    start = _line_start(text, line)
    before = column - (line == 1)
    if text.isascii():
        return max(0, min(start + before, len(text)))
    return start + len(text[start:].encode()[: max(before, 0)].decode(errors="ignore"))


class _Vetting:
    """Walks a fresh tree without recursion and reports every shape that the language does not have."""

    __slots__ = ("_fine", "_found", "_parsed")

    def __init__(self, parsed: Parsed, found: Collector) -> None:
        self._parsed = parsed
        self._found = found
        self._fine = True

    def passes(self) -> bool:
        count = 0
        # Each entry: the node, its depth, what it may be beyond an operand, whether inside a generator.
        todo: list[tuple[ast.AST, int, str, bool]] = [(self._parsed.tree, 1, "", False)]
        while todo:
            node, depth, role, looping = todo.pop()
            count += 1
            if count > MAX_NODES:
                self._found.add("OK502", self._parsed.place.span, limit=MAX_NODES)
                return False
            if depth > MAX_DEPTH:
                self._found.add("OK503", self._parsed.place.span, limit=MAX_DEPTH)
                return False
            kind = type(node)
            if kind not in _UNQUESTIONED:
                self._look(node, role, looping=looping)
            inside = looping or kind is ast.GeneratorExp
            asks = kind in _ROLES
            below = _children(node)
            todo += [(child, depth + 1, _role(node, child) if asks else "", inside) for child in below]
        return self._fine

    def _wrong(self, code: str, node: ast.AST, *, suggestion: str = "", **params: object) -> None:
        self._fine = False
        span = self._parsed.span(node) if isinstance(node, ast.expr) else self._parsed.place.span
        self._found.add(code, span, related=(), suggestion=suggestion, **params)

    def _look(self, node: ast.AST, role: str, *, looping: bool) -> None:
        if isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Attribute):
            if not isinstance(node.value, ast.Attribute | ast.Name):
                self._wrong("OK516", node, found=node.attr)
        elif isinstance(node, ast.Tuple | ast.List):
            plain = all(isinstance(one, ast.Constant) or _is_signed_number(one) for one in node.elts)
            if role != "target" and (role != "list" or not plain or not node.elts):
                self._wrong("OK522", node)
        elif isinstance(node, ast.GeneratorExp):
            self._generator(node, role, looping=looping)
        elif isinstance(node, ast.ListComp):
            self._wrong("OK523", node)
        elif isinstance(node, ast.Subscript):
            self._wrong("OK525", node)
        elif isinstance(node, ast.Starred):
            self._fine = False  # told with the call or the list it stands in
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            self._wrong("OK512", node, found="+")
        elif not isinstance(node, _SHAPES) and isinstance(node, ast.expr):
            self._wrong("OK517", node, found=self._parsed.words(node)[:40])

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            owner = self._parsed.words(node.func.value)
            rest = [self._parsed.words(one) for one in node.args]
            self._wrong(
                "OK515", node, found=node.func.attr, instead=f"{node.func.attr}({', '.join([owner, *rest])})"
            )
        elif not isinstance(node.func, ast.Name):
            self._wrong("OK517", node, found=self._parsed.words(node)[:40])
        elif any(isinstance(one, ast.Starred) for one in node.args):
            self._wrong("OK526", node, function=node.func.id)

    def _generator(self, node: ast.GeneratorExp, role: str, *, looping: bool) -> None:
        if looping:
            self._wrong("OK524", node)
        elif role != "over" or len(node.generators) != 1:
            self._wrong("OK523", node)
        elif not isinstance(node.generators[0].target, ast.Name):
            self._wrong("OK523", node.generators[0].target)
        elif node.generators[0].target.id in LITERALS:
            self._wrong("OK527", node.generators[0].target, found=node.generators[0].target.id)


def _is_signed_number(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
    )


def _role(parent: ast.AST, child: ast.AST) -> str:
    if isinstance(parent, ast.comprehension) and parent.target is child:
        return "target"
    if isinstance(parent, ast.Compare):
        pairs = zip(parent.ops, parent.comparators, strict=True)
        return "list" if any(isinstance(op, ast.In | ast.NotIn) and one is child for op, one in pairs) else ""
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return "over" if parent.func.id in OVER_LISTS and parent.args == [child] else ""
    return ""


def _children(node: ast.AST) -> list[ast.AST]:
    """List what stands directly below, signs left out."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST) and not isinstance(one, _MARKS)]
        elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
            found.append(value)
    return found


def _make_plain(parsed: Parsed, tokens: Mapping[int, Token]) -> ast.expr:
    """Put exact values in the place of what Python read: decimals from the source, our own words."""
    root = ast.Expression(parsed.tree)
    todo: list[ast.AST] = [root]
    while todo:
        node = todo.pop()
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                value[:] = [_exact(one, parsed, tokens) for one in value]
                todo += [one for one in value if isinstance(one, ast.AST) and not isinstance(one, _MARKS)]
            elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
                plain = _exact(value, parsed, tokens)
                if plain is not value:
                    setattr(node, name, plain)
                todo.append(plain)
    return root.body


def _exact(node: Any, parsed: Parsed, tokens: Mapping[int, Token]) -> Any:
    """Give what stands for one node; names that are no literals and all larger nodes stay as they are."""
    if isinstance(node, ast.Name) and node.id in LITERALS:
        return ast.copy_location(ast.Constant(LITERALS[node.id]), node)
    if isinstance(node, ast.Constant):
        token = tokens[parsed.bounds(node)[0]]
        if token.sort is Sort.TEXT:
            node.value = spoken(token.text)
        else:
            # Python's stubs know no decimals as constants; lowering gives them names before Python sees them.
            node.value = Decimal(token.text) if "." in token.text else int(token.text)  # type: ignore[assignment]
    return node
