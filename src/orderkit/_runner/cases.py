"""Plays one case on an in-memory store with a simulated clock, and compares what it expects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from orderkit._fields.view import order_view
from orderkit._kit import Kit
from orderkit.adapters.memory import MemoryStore, SimulatedClock
from orderkit.domain.events import Actor
from orderkit.domain.money import Money
from orderkit.errors import InvalidOrder, OrderkitError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._cases.compiler import Case, CaseStep
    from orderkit._diagnostics import Span
    from orderkit._project import Project
    from orderkit.domain.order import Order
    from orderkit.domain.price import Price

_BEGIN: Final = datetime(2026, 1, 1, 10, 0, tzinfo=UTC)
_SWEEPS: Final = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is not as the case expects.

    Args:
        span: Where the case says it.
        what: What was looked at.
        expected: What the case says.
        got: What came.
    """

    span: Span
    what: str
    expected: str
    got: str


@dataclass(slots=True)
class Touched:
    """What cases have touched, for the coverage figure.

    Args:
        actions: (flow, action) pairs that were fired.
        promotions: Promotions that gave something.
        rules: Rules that ran.
    """

    actions: set[tuple[str, str]] = field(default_factory=set)
    promotions: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one case.

    Args:
        case: The case.
        failures: What is not as expected; none where it passed.
    """

    case: Case
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything was as expected."""
        return not self.failures


class _Stop(Exception):  # noqa: N818 - ends one case
    pass


class _Player:
    def __init__(self, project: Project, case: Case, touched: Touched) -> None:
        self.project, self.case, self.touched = project, case, touched
        self.clock = SimulatedClock(case.now or _BEGIN)
        tables = {name: _rows(project, name, rows) for name, rows in case.tables.items()}
        self.kit = Kit(project, store=MemoryStore(), tables=tables, clock=self.clock)
        for sku, units in case.stock.items():
            self.kit.stock.set(sku, units)
        self.order_id = ""
        self.price: Price | None = None
        self.failures: list[Failure] = []

    def play(self) -> tuple[Failure, ...]:
        try:
            for step in self.case.steps:
                getattr(self, f"_{step.kind}")(step)
        except _Stop:
            pass
        self._note()
        return tuple(self.failures)

    def _fail(self, span: Span, what: str, expected: object, got: object) -> None:
        self.failures.append(Failure(span, what, str(expected), str(got)))

    def _try(self, step: CaseStep, what: str, run: Any) -> Any:
        try:
            done = run()
        except Refused as refused:
            if step.refused != refused.reason:
                self._fail(step.span, what, step.refused or "done", f"refused: {refused.reason} ({refused})")
                raise _Stop from None
            return None
        except InvalidOrder as invalid:
            if step.refused != "invalid":
                self._fail(step.span, what, step.refused or "done", f"invalid: {invalid}")
                raise _Stop from None
            return None
        except OrderkitError as error:
            self._fail(step.span, what, step.refused or "done", error)
            raise _Stop from None
        if step.refused is not None:
            self._fail(step.span, what, f"refused: {step.refused}", "done")
            raise _Stop
        return done

    def _actor(self, step: CaseStep) -> Actor:
        if step.role == "customer":
            order = self._order(step.span)
            return Actor(order.customer or "customer", ["customer"])
        return Actor(step.role or "case", [step.role] if step.role else [])

    def _place(self, step: CaseStep) -> None:
        data = step.data if isinstance(step.data, dict) else {}
        placed = self._try(step, "place", lambda: self.kit.place(data, actor=Actor("case", [step.role])))
        if placed is not None:
            self._note()
            self.order_id = placed.id

    def _fire(self, step: CaseStep) -> None:
        actor = self._actor(step)
        self._try(
            step,
            f"fire {step.name}",
            lambda: self.kit.fire(
                self._order(step.span).id, step.name, data=step.data, actor=actor, part=step.part
            ),
        )

    def _refund(self, step: CaseStep) -> None:
        data = step.data if isinstance(step.data, dict) else None
        lines = {line: int(units) for line, units in data.items()} if data else None
        self._try(
            step,
            "refund",
            lambda: self.kit.refund(self._order(step.span).id, lines=lines, actor=self._actor(step)),
        )

    def _wait(self, step: CaseStep) -> None:
        if step.duration is None:
            return
        until = step.duration.after(self.clock(), self.project.fields.zone)
        for _ in range(_SWEEPS):
            ran = self.kit.run_due()
            if ran.ran or ran.failed:
                continue
            if ran.next_due is None or ran.next_due > until:
                break
            self.clock.set(ran.next_due)
        self.clock.set(until)
        self.kit.run_due()

    def _price(self, step: CaseStep) -> None:
        data = step.data if isinstance(step.data, dict) else {}
        self.price = self._try(step, "price", lambda: self.kit.quote(data))
        if self.price is not None:
            self.touched.promotions.update(self.price.promotions)

    def _order(self, span: Span) -> Order:
        if not self.order_id:
            self._fail(span, "order", "an order placed before", "none")
            raise _Stop
        return self.kit.get(self.order_id)

    def _expect(self, step: CaseStep) -> None:
        for one in step.expects:
            got = self._look(one.name, one.value, one.span)
            if not agrees(one.value, got):
                self._fail(one.span, one.name, shown(one.value), shown(got))

    def _look(self, name: str, expected: Any, span: Span) -> Any:
        if name == "stock":
            return {
                sku: {figure: getattr(self.kit.stock.get(sku), figure, None) for figure in figures}
                if isinstance(figures, dict)
                else self.kit.stock.get(sku).available
                for sku, figures in (expected or {}).items()
            }
        if self.price is not None and not self.order_id:
            if name == "missed":
                return list(dict.fromkeys(one.promotion for one in self.price.missed))
            return getattr(self.price, name, None)
        if name == "sent":
            messages = [one for one in self.kit.outbox(limit=_SWEEPS) if one.effect.startswith("notify")]
            return [one.payload.get("template") or one.payload.get("cause") for one in messages]
        order = self._order(span)
        if name == "parts":
            return {part.id: part.state for part in order.parts}
        if name == "waiting":
            return [timer.name for timer in self.kit.timers(order.id)]
        view = order_view(order, tuple(self.project.flows["order"].parts))
        return view[name] if name in view else getattr(order, name, None)

    def _note(self) -> None:
        if not self.order_id:
            return
        order = self.kit.get(self.order_id)
        flows = {part.id: self.project.flows["order"].parts[part.kind].flow for part in order.parts}
        self.touched.promotions.update(order.promotions)
        for entry in self.kit.history(order.id):
            if entry.verb == "fired":
                self.touched.actions.add((flows.get(entry.part, "order"), entry.subject))
            elif entry.verb == "rule":
                self.touched.rules.add(entry.subject)


def _rows(project: Project, table: str, rows: list[Mapping[str, Any]]) -> Any:
    key = project.fields.tables[table].key
    by_key = {str(row.get(key)): row for row in rows}
    return by_key.get


def agrees(expected: Any, got: Any) -> bool:
    """Compare what a case says with what came: numbers by value, lists in order, mappings by their keys.

    Args:
        expected: Plain data as written.
        got: A value of an order, a price or the stock.

    Returns:
        True where they say the same.
    """
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(agrees(value, got.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        return (
            isinstance(got, list | tuple)
            and len(expected) == len(got)
            and all(agrees(one, other) for one, other in zip(expected, got, strict=True))
        )
    if expected is None or got is None:
        return expected is None and got is None
    if isinstance(got, bool):
        return str(expected).lower() == str(got).lower()
    if isinstance(got, Money):
        got = got.amount
    if isinstance(got, Decimal | int):
        try:
            return Decimal(str(expected)) == Decimal(got)
        except InvalidOperation:
            return False
    return str(expected) == str(got)


def shown(value: Any) -> str:
    """Word a value for the report of a failed case.

    Args:
        value: Plain data or a value of an order.

    Returns:
        A short text.
    """
    if isinstance(value, Money):
        return f"{value.amount:f}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {shown(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    return "none" if value is None else str(value)


def play(project: Project, case: Case, touched: Touched | None = None) -> CaseResult:
    """Play one case.

    Args:
        project: The project it tests.
        case: The case.
        touched: Takes what it touches, for the coverage figure.

    Returns:
        What came of it.
    """
    return CaseResult(case, _Player(project, case, touched or Touched()).play())


@dataclass(frozen=True, slots=True)
class Coverage:
    """What no case has touched.

    Args:
        actions: `flow.action` that was never fired.
        promotions: Promotions that never gave anything.
        rules: Rules that never ran.
        total: How much there is in all.
    """

    actions: tuple[str, ...]
    promotions: tuple[str, ...]
    rules: tuple[str, ...]
    total: int

    @property
    def share(self) -> Decimal:
        """Give the touched share, from 0 to 1."""
        missing = len(self.actions) + len(self.promotions) + len(self.rules)
        return Decimal(1) if not self.total else Decimal(self.total - missing) / self.total


def coverage(project: Project, touched: Touched) -> Coverage:
    """Tell what no case has touched.

    Args:
        project: The project.
        touched: What the cases touched.

    Returns:
        The rest.
    """
    actions = [(name, action) for name, flow in project.flows.items() for action in flow.rows]
    promotions = [one.name for one in project.pricing.promotions if one.name]
    rules = list(project.rules.rules)
    return Coverage(
        tuple(f"{flow}.{action}" for flow, action in actions if (flow, action) not in touched.actions),
        tuple(one for one in promotions if one not in touched.promotions),
        tuple(one for one in rules if one not in touched.rules),
        len(actions) + len(promotions) + len(rules),
    )
