"""From metrics as written to typed figures with a grain, a time and a filter."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.suggest import closest
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._reports.engine import GRAINS, Metric, ReportProgram
from orderkit._reports.filters import compile_filter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from orderkit._expr.types import Type
    from orderkit._reports.definition import MetricDefinition
    from orderkit._reports.engine import Field
    from orderkit._reports.fields import Readable
    from orderkit._text.definition import Ref
    from orderkit._text.values import Source

_KINDS: Final = ("count", "sum", "average", "distinct", "ratio", "formula")
_LATER: Final = ("spread", "min", "max", "median", "cumulative", "conversion", "in_")
"""Keys that are checked and that this version does not run."""
_MADE_OF: Final = frozenset({"ratio", "formula"})
_ADDABLE: Final = frozenset({"integer", "money", "price"})


@dataclass(slots=True)
class MetricCompiler:
    """Compiles all metrics of a project; one made of others waits for them.

    Args:
        definitions: As written, by name.
        readable: What they may read.
    """

    definitions: Mapping[str, MetricDefinition]
    readable: Readable
    _made: dict[str, Metric | None] = field(default_factory=dict)
    _waiting: list[str] = field(default_factory=list)

    def compile(self) -> dict[str, Metric]:
        """Compile them.

        Returns:
            Those without mistakes, by name, in file order.
        """
        for name in self.definitions:
            self._metric(name)
        return {name: made for name in self.definitions if (made := self._made.get(name)) is not None}

    def _metric(self, name: str) -> Metric | None:
        if name in self._made:
            return self._made[name]
        one = self.definitions.get(name)
        if one is None:  # its definition has a mistake, told where it stands
            return None
        if self._waits(one):
            self._made[name] = None
            return None
        kinds = [kind for kind in _KINDS if getattr(one, kind) is not None]
        made = None
        if len(kinds) != 1:
            self.readable.found.add("OK901", one.span, name=name)
        else:
            self._waiting.append(name)
            made = (
                self._compound(name, one, kinds[0])
                if kinds[0] in _MADE_OF
                else self._base(name, one, kinds[0])
            )
            self._waiting.pop()
        self._made[name] = made
        return made

    def _waits(self, one: MetricDefinition) -> bool:
        """Check a metric that this version does not run, as far as its names and types go."""
        written = [key for key in _LATER if getattr(one, key) is not None]
        for key in written:
            value = getattr(one, key)
            if key in ("spread", "min", "max", "median"):
                measured = self.readable.path(value)
                if measured is not None and measured.kind not in _ADDABLE:
                    self.readable.found.add("OK904", value.span, kind=key, name=measured.path)
            elif key == "cumulative":
                self._known((value,))
            elif key == "conversion":
                for ref in value:
                    self.readable.vocabulary.require(
                        "event", ref.text, ref.span, self.readable.found, also=self.readable.vocabulary.events
                    )
        return bool(written)

    def _base(self, name: str, one: MetricDefinition, kind: str) -> Metric | None:
        found = self.readable.found
        made = Metric(
            name, one.label or name, kind, "count", additive=kind in ("count", "sum"), span=one.span
        )
        if kind == "count":
            grain = one.count.text if one.count else ""
            if grain not in GRAINS:
                span = one.count.span if one.count else one.span
                found.add("OK902", span, suggestion=closest(grain, GRAINS), name=grain)
                return None
        else:
            source: Source = getattr(one, kind)
            measured = self.readable.path(source)
            if measured is None:
                return None
            if kind != "distinct" and measured.kind not in _ADDABLE:
                found.add("OK904", source.span, kind=kind, name=measured.path)
                return None
            grain = measured.owner
            amount = measured.kind in ("money", "price")
            word = "money" if amount else "decimal" if kind == "average" else "count"
            made = replace(made, field=measured, type=word if kind != "distinct" else "count")
        condition = compile_filter(one.if_, grain, self.readable) if one.if_ is not None else None
        at = self._time(one, grain)
        if at is None or (one.if_ is not None and condition is None):
            return None
        text = one.if_.text if one.if_ else ""
        return replace(made, grain=grain, condition=condition, condition_text=text, at=at)

    def _time(self, one: MetricDefinition, grain: str) -> Field | None:
        if one.at is None:
            return self.readable.own_time(grain)
        at = self.readable.path(one.at, (grain,))
        if at is not None and at.kind != "datetime":
            self.readable.found.add("OK914", one.at.span, name=at.path)
            return None
        if at is not None and grain == "refund" and at.owner == "order":
            return replace(at, optional=True)
        return at

    def _compound(self, name: str, one: MetricDefinition, kind: str) -> Metric | None:
        for key, written in (("if", one.if_), ("at", one.at)):
            if written is not None:
                self.readable.found.add("OK910", one.key_span(key), key=key)
        return self._ratio(name, one) if kind == "ratio" else self._formula(name, one)

    def _ratio(self, name: str, one: MetricDefinition) -> Metric | None:
        found = self.readable.found
        named = one.ratio or ()
        if len(named) != 2:  # noqa: PLR2004 - a ratio has two sides
            found.add("OK909", one.value_span("ratio"))
            return None
        if not self._known(named):
            return None
        sides = [self._part(name, ref.text, one) for ref in named]
        if sides[0] is None or sides[1] is None:
            return None
        if sides[1].type == "money" and sides[0].type != "money":
            found.add("OK920", named[1].span, name=sides[1].name)
            return None
        word = "money" if sides[0].type == "money" and sides[1].type != "money" else "decimal"
        self._warn_of_times(one, sides[0], sides[1])
        names = (sides[0].name, sides[1].name)
        return Metric(name, one.label or name, "ratio", word, additive=False, span=one.span, of=names)

    def _known(self, named: tuple[Ref, ...]) -> bool:
        known = self.readable.vocabulary.require
        return all([known("metric", ref.text, ref.span, self.readable.found) for ref in named])  # noqa: C419 - tell every unknown one

    def _warn_of_times(self, one: MetricDefinition, above: Metric, below: Metric) -> None:
        known = {name: made for name, made in self._made.items() if made is not None}
        times = {base.at.path for base in ReportProgram(known).base((above.name, below.name)) if base.at}
        if len(times) > 1:
            said = ", ".join(sorted(times))
            self.readable.found.add("OK917", one.value_span("ratio"), times=said)

    def _formula(self, name: str, one: MetricDefinition) -> Metric | None:
        source = one.formula
        if source is None:
            return None
        # Every metric is declared, so the names are known before the metrics behind them are compiled.
        declared = dict.fromkeys((*self.definitions, *self.readable.vocabulary.of("metric")))
        read = _names(source.text, declared)
        parts = {other: self._part(name, other, one) for other in read}
        if any(part is None for part in parts.values()):
            return None
        scope = {other: _type(part) for other, part in parts.items() if part is not None}
        others = {other: types.DECIMAL for other in declared if other not in scope}
        program = compile_expression(source, {**others, **scope}, self.readable.found)
        if program is None:
            return None
        word = {types.Kind.MONEY: "money", types.Kind.COUNT: "count"}.get(program.type.kind, "decimal")
        if program.type.kind not in types.NUMBERS | {types.Kind.MONEY}:
            self.readable.found.add("OK921", source.span)
            return None
        additive = _adds_up(
            program.stepper.parsed.tree, {other: part for other, part in parts.items() if part}
        )
        of = tuple(program.names)
        made = Metric(name, one.label or name, "formula", word, additive, one.span, of=of, formula=program)
        if not of:
            self.readable.found.add("OK921", source.span)
            return None
        return made

    def _part(self, name: str, other: str, one: MetricDefinition) -> Metric | None:
        if other in self._waiting:
            chain = " → ".join([*self._waiting[self._waiting.index(other) :], other])
            self.readable.found.add("OK922", one.span, chain=chain, name=name)
            return None
        return self._metric(other)


def _names(text: str, known: Collection[str]) -> list[str]:
    try:
        tree = ast.parse(f"({text})", mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # The expression compiler says what is wrong, at its column.
        return []
    read = [one.id for one in ast.walk(tree) if isinstance(one, ast.Name)]
    return [one for one in dict.fromkeys(read) if one in known]


def _type(metric: Metric) -> Type:
    kind = {"money": types.MONEY, "count": types.COUNT}.get(metric.type, types.DECIMAL)
    return kind if metric.additive or metric.kind == "distinct" else types.optional(kind)


def _adds_up(node: ast.expr, parts: Mapping[str, Metric]) -> bool:
    """Tell whether a formula of sums is itself one: sums, differences, and multiples by constants."""
    match node:
        case ast.Name():
            return parts[node.id].additive
        case ast.UnaryOp(op=ast.USub()):
            return _adds_up(node.operand, parts)
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return _adds_up(node.left, parts) and _adds_up(node.right, parts)
        case ast.BinOp(op=ast.Mult()):
            return (_adds_up(node.left, parts) and isinstance(node.right, ast.Constant)) or (
                _adds_up(node.right, parts) and isinstance(node.left, ast.Constant)
            )
        case ast.BinOp(op=ast.Div()):
            return _adds_up(node.left, parts) and isinstance(node.right, ast.Constant)
    return False
