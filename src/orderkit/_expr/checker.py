"""Static types: every mistake that can be known without an order is reported at its column."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING

from orderkit._expr import calls, names
from orderkit._expr.hearing import hear_name, hear_state, hear_text
from orderkit._expr.operators import (
    SIGNS,
    accepts,
    arithmetic,
    can_equal,
    can_order,
    meets_bare_money,
    together,
)
from orderkit._expr.types import (
    BOOLEAN,
    NUMBERS,
    UNKNOWN,
    Kind,
    Scope,
    Type,
    describe,
    list_of,
    literal,
    optional,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from orderkit._diagnostics import Collector
    from orderkit._expr.syntax import Parsed

_CUT = 40


@dataclass(slots=True, eq=False)
class Checker:
    """Judges one vetted tree against the names of its slot.

    Args:
        parsed: The tree.
        scope: The names that exist, with their types.
        found: Takes every mistake.
        functions: Functions that exist here beyond the common ones.
        zone: The zone of times written as text.
        types: Filled with the type of every node.
        paths: Filled with every dotted path that is read; elements of a list stand under the list's path.
        reads: Filled with the top-level names that are read, in order.
        bare_money: Set where a number without unit meets money.
        fine: Cleared at the first error.
    """

    parsed: Parsed
    scope: Scope
    found: Collector
    functions: Sequence[str]
    zone: tzinfo
    types: dict[ast.expr, Type] = attribute(default_factory=dict)
    paths: set[str] = attribute(default_factory=set)
    reads: dict[str, None] = attribute(default_factory=dict)
    bare_money: bool = False
    fine: bool = True
    _looped: dict[str, tuple[Type, str]] = attribute(default_factory=dict)
    _seen: int = 0

    def check(self, expects: Type | None) -> Type | None:
        """Judge the whole tree.

        Args:
            expects: What the slot needs, where it needs anything.

        Returns:
            The type of the result, or None where a mistake was reported.
        """
        tree = self.parsed.tree
        have = self.judge(tree)
        if expects is not None and self.fine:
            if not accepts(expects, have):
                self.wrong("OK400", tree, **both("have", have), **both("want", expects))
            elif expects.kind is Kind.CHOICE:
                self._choices(expects, tree)
            self.bare_money |= meets_bare_money(expects, have)
        return have if self.fine else None

    def wrong(self, code: str, node: ast.expr, *, suggestion: str = "", **params: object) -> Type:
        """Report an error and go on with an unknown type, so that nothing follows from it.

        Args:
            code: Id of the message.
            node: Where.
            suggestion: What to write instead.
            **params: The message's holes.

        Returns:
            The unknown type.
        """
        self.fine = False
        span = self.parsed.span(node)
        if isinstance(node, ast.Attribute) and code == "OK331":
            # The owner is right; only the last name is to be replaced.
            end = self.parsed.bounds(node)[1]
            span = self.parsed.place.at(end - len(node.attr), end)
        self.found.add(code, span, related=(), suggestion=suggestion, **params)
        return UNKNOWN

    def read(self, name: str, path: str = "") -> None:
        """Note that the expression reads something of its environment.

        Args:
            name: The top-level name.
            path: The dotted path, where it is one.
        """
        self.reads.setdefault(name)
        self._seen += 1
        if path:
            self.paths.add(path)

    def judge(self, node: ast.expr) -> Type:
        """Find a node's type and check what is below it.

        Args:
            node: Any vetted node that is a value.

        Returns:
            Its type; unknown where it was reported as wrong.
        """
        kind = self._judge(node)
        self.types[node] = kind
        return kind

    def _judge(self, node: ast.expr) -> Type:
        match node:
            case ast.Constant():
                return literal(node.value)
            case ast.Name() | ast.Attribute():
                return self.path(node)
            case ast.BoolOp():
                for one in node.values:
                    self._condition(one, SIGNS[type(node.op)])
                return BOOLEAN
            case ast.UnaryOp(op=ast.Not()):
                self._condition(node.operand, "not")
                return BOOLEAN
            case ast.UnaryOp():
                return self._negative(node)
            case ast.BinOp():
                return self._calculation(node)
            case ast.Compare():
                return self._comparison(node)
            case ast.IfExp():
                self._condition(node.test, "if")
                return self.alike([node.body, node.orelse])
            case ast.Call():
                return calls.judge_call(self, node)
        return self.wrong("OK517", node, found=self.parsed.words(node)[:_CUT])

    def path(self, node: ast.expr) -> Type:
        """Follow a path from the slot's names.

        Args:
            node: A name or a chain of dots.

        Returns:
            The type of what stands at its end; optional where anything on the way is.
        """
        nodes = [node]
        while isinstance(nodes[-1], ast.Attribute):
            nodes.append(nodes[-1].value)
        root = nodes.pop()
        steps = names.dotted(node)
        kind, whole = self._root(root, steps[0])
        if self.found.listens:
            hear_name(self.found, self.parsed, "root", root, steps[0])
        for step, name in zip(reversed(nodes), steps[1:], strict=True):
            self.types[step.value if isinstance(step, ast.Attribute) else step] = kind
            owner, kind = kind, self._field(step, kind, name)
            if self.found.listens:
                hear_name(self.found, self.parsed, f"field:{owner.name}", step, name)
            whole = f"{whole}.{name}"
        if kind.kind is not Kind.UNKNOWN or self.fine:
            if steps[0] in self._looped:
                self._seen += 1
                self.paths.add(whole)
            else:
                self.read(steps[0], whole)
        return kind

    def _root(self, node: ast.expr, name: str) -> tuple[Type, str]:
        if name in self._looped:
            return self._looped[name]
        if name in self.scope:
            return self.scope[name], name
        shown = name[:_CUT]
        if name in calls.FUNCTIONS:
            example = calls.FUNCTIONS[name].example
            return self.wrong("OK336", node, found=shown, example=example), name
        literal = names.misspelt_literal(name)
        if literal:
            return self.wrong("OK335", node, suggestion=literal, found=shown), name
        known = {**{one: kind for one, (kind, _) in self._looped.items()}, **self.scope}
        near = names.meant_in(name, known)
        every = ", ".join(known)
        shown_known = names.listed(known)
        return self.wrong("OK330", node, suggestion=near, found=shown, known=shown_known, every=every), name

    def _field(self, node: ast.expr, owner: Type, name: str) -> Type:
        if owner.kind is Kind.UNKNOWN:
            return UNKNOWN
        if owner.kind is not Kind.RECORD:
            before = node.value if isinstance(node, ast.Attribute) else node
            return self.wrong("OK332", node, found=self.parsed.words(before)[:_CUT], **both("owner", owner))
        kind = owner.fields.get(name)
        if kind is None:
            near, known = names.meant(name, owner.fields), names.listed(owner.fields)
            return self.wrong(
                "OK331",
                node,
                suggestion=near,
                found=name[:_CUT],
                known=known,
                every=", ".join(owner.fields),
                **both("owner", owner),
            )
        return optional(kind) if owner.optional else kind

    def loop(self, node: ast.GeneratorExp, function: str) -> Type:
        """Judge a generator.

        Args:
            node: The vetted generator: one name, one list, any number of `if`.
            function: The function around it, for messages.

        Returns:
            The type of the list that it makes.
        """
        clause = node.generators[0]
        over = self.judge(clause.iter)
        inner = names.element(over)
        if over.kind is not Kind.UNKNOWN and inner is None:
            self.wrong("OK412", clause.iter, **both("have", over))
        target = clause.target.id if isinstance(clause.target, ast.Name) else ""
        if target in calls.FUNCTIONS:
            self.wrong("OK527", clause.target, found=target)
        self._looped[target] = (inner or UNKNOWN, ".".join(names.dotted(clause.iter)))
        for one in clause.ifs:
            self._condition(one, "if")
        element = self.judge(node.elt)
        del self._looped[target]
        if function == "count" and element.kind is Kind.BOOLEAN:
            self.wrong("OK413", node.elt)
        return list_of(element)

    def alike(self, parts: Sequence[ast.expr]) -> Type:
        """Find the one type of several values.

        Args:
            parts: The values.

        Returns:
            Their common type.
        """
        kinds = [self.types.get(one) or self.judge(one) for one in parts]
        common = kinds[0]
        for kind, part in zip(kinds[1:], parts[1:], strict=True):
            both_ = together(common, kind)
            if both_ is None:
                return self.wrong("OK411", part, **both("left", common), **both("right", kind))
            self._notice_money(common, kind)
            common = both_
        return common

    def _notice_money(self, left: Type, right: Type) -> None:
        self.bare_money |= meets_bare_money(left, right)

    def _condition(self, node: ast.expr, word: str) -> None:
        kind = self.judge(node)
        if kind.kind not in (Kind.BOOLEAN, Kind.UNKNOWN):
            self.wrong("OK401", node, word=word, **both("have", kind))

    def _negative(self, node: ast.UnaryOp) -> Type:
        kind = self.judge(node.operand)
        if kind.kind is Kind.NONE:
            return self.wrong("OK406", node)
        if kind.kind not in NUMBERS | {Kind.MONEY, Kind.DURATION, Kind.UNKNOWN}:
            return self.wrong("OK408", node, **both("have", kind))
        return replace(kind, optional=False)

    def _calculation(self, node: ast.BinOp) -> Type:
        left, right = self.judge(node.left), self.judge(node.right)
        if Kind.NONE in (left.kind, right.kind):
            return self.wrong("OK406", node)
        result = arithmetic(node.op, left, right)
        if result is None:
            sign = SIGNS[type(node.op)]
            return self.wrong("OK404", node, sign=sign, **both("left", left), **both("right", right))
        if isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant) and node.right.value == 0:
            return self.wrong("OK414", node)
        if isinstance(node.op, ast.Add | ast.Sub):
            self._notice_money(left, right)
        return result

    def _comparison(self, node: ast.Compare) -> Type:
        before = self._seen
        left_node, left = node.left, self.judge(node.left)
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn):
                right = self._membership(left_node, left, right_node)
            else:
                right = self.judge(right_node)
                self._pair(operator, (left_node, left), (right_node, right))
            left_node, left = right_node, right
        if self._seen == before and self.fine:
            self.found.add("OK415", self.parsed.span(node))
        return BOOLEAN

    def _pair(self, operator: ast.cmpop, left: tuple[ast.expr, Type], right: tuple[ast.expr, Type]) -> None:
        (left_node, left_kind), (right_node, right_kind) = left, right
        self._notice_money(left_kind, right_kind)
        if not isinstance(operator, ast.Eq | ast.NotEq):
            if Kind.NONE in (left_kind.kind, right_kind.kind):
                self.wrong("OK406", right_node)
            elif not can_order(left_kind, right_kind):
                self.wrong(
                    "OK402",
                    right_node,
                    sign=SIGNS[type(operator)],
                    **both("left", left_kind),
                    **both("right", right_kind),
                )
        elif not can_equal(left_kind, right_kind):
            self.wrong("OK403", right_node, **both("left", left_kind), **both("right", right_kind))
        else:
            self._choices(left_kind, right_node)
            self._choices(right_kind, left_node)
            if self.found.listens:
                hear_state(self.found, self.parsed, self.types, left_node, right_node)
            self._never_absent(left, right)

    def _never_absent(self, left: tuple[ast.expr, Type], right: tuple[ast.expr, Type]) -> None:
        for (_, one), (node, other) in ((left, right), (right, left)):
            if one.kind is Kind.NONE and not other.optional and other.kind is not Kind.UNKNOWN:
                self.found.add("OK417", self.parsed.span(node), found=self.parsed.words(node)[:_CUT])

    def _choices(self, kind: Type, node: ast.expr) -> None:
        if kind.kind is not Kind.CHOICE or not kind.values or not isinstance(node, ast.Constant):
            return
        if self.found.listens and node.value in kind.values:
            hear_text(self.found, self.parsed, f"value:{kind.name}", node)
        if isinstance(node.value, str) and node.value not in kind.values:
            near = names.meant(node.value, kind.values)
            suggestion = f"'{near}'" if near else ""
            known = names.listed(kind.values)
            every = ", ".join(kind.values)
            self.wrong(
                "OK405", node, suggestion=suggestion, found=node.value[:_CUT], known=known, every=every
            )

    def _membership(self, left_node: ast.expr, left: Type, node: ast.expr) -> Type:
        if isinstance(node, ast.Tuple | ast.List):
            for one in node.elts:
                kind = self.judge(one)
                self._pair(ast.Eq(), (left_node, left), (one, kind))
            self.types[node] = list_of(left)
            return list_of(left)
        right = self.judge(node)
        inner = names.element(right)
        if inner is None:
            if right.kind is not Kind.UNKNOWN:
                text = self.parsed.words(node)
                single = isinstance(node, ast.Constant) and isinstance(node.value, str)
                self.wrong("OK407", node, suggestion=f"({text},)" if single else "", **both("have", right))
        elif inner.kind is Kind.RECORD or not can_equal(left, inner):
            self.wrong("OK403", node, **both("left", left), **both("right", inner))
        else:
            self._choices(inner, left_node)
        return right


def both(name: str, kind: Type) -> dict[str, str]:
    """Word a type for both languages' sentences.

    Args:
        name: The hole.
        kind: The type.

    Returns:
        The hole and its Chinese twin.
    """
    return {name: describe(kind, "en"), f"{name}_zh": describe(kind, "zh")}
