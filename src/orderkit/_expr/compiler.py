"""Checked text to a callable: one code object per expression, ready before the first order arrives."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import UTC
from typing import TYPE_CHECKING, Any

from orderkit._expr.arithmetic import bounded, decimal_of
from orderkit._expr.checker import Checker
from orderkit._expr.clauses import Clause, clauses_of, conjuncts_of
from orderkit._expr.guards import present, truth
from orderkit._expr.lowering import Lowering, is_surely_boolean
from orderkit._expr.place import Place
from orderkit._expr.steps import Stepper
from orderkit._expr.syntax import parse
from orderkit._expr.template import Template, compile_template
from orderkit._expr.traces import told
from orderkit._expr.types import Kind, Scope, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from orderkit._diagnostics import Collector, Span
    from orderkit._expr.place import SourceText
    from orderkit._expr.step import Step
    from orderkit._expr.traces import Layout, Part

__all__ = ["Program", "Template", "compile_expression", "compile_template"]


@dataclass(frozen=True, slots=True)
class Program:
    """A checked expression that runs on plain data.

    Args:
        type: What it gives.
        names: Top-level names of the environment it reads (also `$row`, `$in_stock`), in order of first use.
        paths: Every dotted path it reads, such as `order.total`.
        text: The expression as written.
        span: Where it stands.
        uses_bare_money: Whether a number without currency meets money in it.
        run: Takes the environment (values by name), gives the value; raises `NotComputable`. The code object
            is made at the first call: a project that is only checked makes none.
        trace: As `run`, for every-day audits: gives the value and the bare values of what decided it, at
            twice the price of `run`; `told` finds the words for them when somebody asks.
        stepper: The same expression for `steps`.
        lower: Makes the code object of `run`.
        layout: What the values of `trace` belong to, once it was called.
    """

    type: Type
    names: tuple[str, ...]
    paths: frozenset[str]
    text: str
    span: Span
    uses_bare_money: bool
    run: Callable[[Mapping[str, object]], object] = attribute(repr=False, compare=False)
    trace: Callable[[Mapping[str, object]], tuple[Any, tuple[Any, ...]]] = attribute(
        repr=False, compare=False
    )
    stepper: Stepper = attribute(repr=False, compare=False)
    lower: Callable[[], Callable[[Mapping[str, object]], object]] = attribute(repr=False, compare=False)
    layout: Layout = attribute(default=(), repr=False, compare=False)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Give the clauses that pricing and rules index on: `field == const`, `in (…)`, `>` and the like.

        Each holds wherever `run` gives true. Whoever has many conditions gives their clauses to a
        `ClauseIndex`, asks it for the candidates of one order and runs only those.
        """
        return clauses_of(self.stepper.parsed)

    @property
    def only_clauses(self) -> bool:
        """Whether the clauses are the whole condition: where all hold, `run` gives true and need not run."""
        return len(self.clauses) == len(conjuncts_of(self.stepper.parsed.tree))

    def told(self, given: Sequence[object]) -> tuple[Part, ...]:
        """Find the words for what `trace` kept.

        Args:
            given: The bare values that `trace` gave beside the value.

        Returns:
            Each judged operand of the top-level `and` or `or` (else the whole) with its words, its place,
            its value and the values of the paths it read; the last is the one that decided.
        """
        return told(self.stepper.parsed, self.layout, given)

    def ready(self) -> Callable[[Mapping[str, object]], object]:
        """Make the code object now, for callers that keep `run` and call it often.

        Returns:
            The function of the environment; `run` is the same from now on. Two threads may both make it.
        """
        made = self.lower()
        object.__setattr__(self, "run", made)
        return made

    def steps(self, env: Mapping[str, object]) -> tuple[Step, ...]:
        """Evaluate slowly and tell the value of each part, for `why` and `explain`.

        Args:
            env: Values by name, as for `run`.

        Returns:
            Each sub-expression with its value, innermost first; the last is the whole. Where a part has no
            value the list ends with a step whose value is the `NotComputable`.
        """
        return self.stepper.steps(env)


def compile_expression(
    source: SourceText,
    scope: Scope,
    found: Collector,
    *,
    expects: Type | None = None,
    functions: Sequence[str] = (),
    now_zone: tzinfo | None = None,
) -> Program | None:
    """Check one expression against its slot and compile it.

    Args:
        source: The text and where it stands.
        scope: The names that exist in this slot.
        found: Takes every mistake.
        expects: What the slot needs; an optional type lets an absent value through.
        functions: Names of functions that exist here beyond the common ones, such as `in_stock`.
        now_zone: The zone of `today()` and `time()`; UTC where none is given.

    Returns:
        The program, or None where any error was found.
    """
    parsed = parse(source.text, Place.of(source), found)
    if parsed is None:
        return None
    zone = now_zone or UTC
    checker = Checker(parsed, scope, found, functions, zone)
    have = checker.check(expects)
    if have is None:
        return None
    gives = _result(have, expects)
    finish = _finish(parsed.tree, gives)
    stepper = Stepper(parsed, checker.types, zone, finish)
    names = tuple(checker.reads)
    types = checker.types

    def lower() -> Callable[[Mapping[str, object]], object]:
        return Lowering(parsed, types, names, zone).function(finish, stepper.value)

    def first(env: Mapping[str, object]) -> object:
        return program.ready()(env)

    def first_trace(env: Mapping[str, object]) -> tuple[Any, tuple[Any, ...]]:
        trace, layout = Lowering(parsed, types, names, zone).tracing(finish, stepper.trace)
        object.__setattr__(program, "layout", layout)
        object.__setattr__(program, "trace", trace)
        given: tuple[Any, tuple[Any, ...]] = trace(env)
        return given

    program = Program(
        type=gives,
        names=names,
        paths=frozenset(checker.paths),
        text=source.text,
        span=source.span,
        uses_bare_money=checker.bare_money,
        run=first,
        trace=first_trace,
        stepper=stepper,
        lower=lower,
    )
    return program


def _result(have: Type, expects: Type | None) -> Type:
    if expects is None:
        return have
    kind = have if expects.kind in (Kind.BOOLEAN, Kind.LIST, Kind.RECORD, Kind.TEXT) else expects
    missing = expects.optional and (have.optional or have.kind is Kind.NONE)
    if kind.optional is missing and not kind.bare:
        return kind
    return replace(kind, optional=missing, bare=False)


def _finish(tree: ast.expr, gives: Type) -> tuple[Callable[[object], object], ...]:
    # What is calculated is there; what is only read or chosen may be absent, whatever the order model says.
    calculated = isinstance(tree, ast.BinOp | ast.UnaryOp | ast.Constant)
    if gives.kind is Kind.BOOLEAN and not gives.optional:
        return () if is_surely_boolean(tree) else (truth,)
    last = () if gives.optional or calculated else (present,)
    if gives.kind in (Kind.MONEY, Kind.DECIMAL, Kind.PERCENT):
        return (decimal_of, *last)
    return (bounded, *last) if gives.kind is Kind.COUNT else last
