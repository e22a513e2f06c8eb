"""From a case as written to steps that a runner plays, every name checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.suggest import closest
from orderkit._text.nodes import ListNode, MapNode, ScalarNode
from orderkit.domain.calendar import Duration, parse_duration, parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit._cases.definition import CaseDefinition, StepDefinition
    from orderkit._cases.known import Known
    from orderkit._diagnostics import Collector, Span
    from orderkit._text.nodes import Node
    from orderkit._vocabulary import Vocabulary

KINDS: Final = ("place", "fire", "refund", "wait", "price", "expect")
_LATER: Final = ("receive", "edit", "hold", "unhold", "import_")
"""Steps that are checked and that this version does not play."""
REASONS: Final = (
    "unknown_action", "not_in_state", "role", "held", "needs", "guard", "stock", "limit", "currency",
    "invalid",
)  # fmt: skip
_EXPECTS: Final = ("stock", "sent", "promotions", "missed", "parts", "waiting")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One figure a case expects.

    Args:
        name: What is looked at, such as `total` or `stock`.
        value: Plain data as written: texts, lists, mappings.
        span: Where it is written.
    """

    name: str
    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case.

    Args:
        kind: One of `place`, `fire`, `refund`, `wait`, `price`, `expect`.
        span: Where it is written.
        name: The action.
        data: Plain data of the step.
        role: Role that does it, or an empty text.
        part: Part it is for, or an empty text.
        refused: Reason it must be refused with, or None.
        duration: Time that passes.
        expects: Figures expected.
    """

    kind: str
    span: Span
    name: str = ""
    data: Any = None
    role: str = ""
    part: str = ""
    refused: str | None = None
    duration: Duration | None = None
    expects: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test, ready to play.

    Args:
        name: Its name.
        now: When it begins, or None.
        stock: Units on hand by sku.
        tables: Rows by table.
        steps: What happens.
        span: Where it is written.
    """

    name: str
    now: datetime | None
    stock: Mapping[str, int]
    tables: Mapping[str, list[Mapping[str, Any]]]
    steps: tuple[CaseStep, ...]
    span: Span
    notes: tuple[str, ...] = field(default=())


def plain(node: Node | None) -> Any:
    """Turn a node into plain data; every scalar stays a text, absent ones become None.

    Args:
        node: Any node.

    Returns:
        Texts, lists and dicts.
    """
    if isinstance(node, ScalarNode):
        return None if node.empty else node.text
    if isinstance(node, ListNode):
        return [plain(one) for one in node.items]
    if isinstance(node, MapNode):
        return {key.text: plain(value) for key, value in node.entries}
    return None


def compile_cases(
    definitions: Mapping[str, CaseDefinition], *, known: Known, vocabulary: Vocabulary, found: Collector
) -> dict[str, Case]:
    """Compile the section `cases:`.

    Args:
        definitions: As written, by name.
        known: What the figures and data of cases are compared with.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        Cases by name, in file order.
    """
    made = {}
    for name, one in definitions.items():
        given = one.given
        now = None
        if given is not None and given.now is not None:
            now = parse_moment(given.now, vocabulary.zone)
            if now is None:
                found.add("OK460", given.value_span("now"), value=given.now)
        tables: dict[str, list[Mapping[str, Any]]] = {}
        for table, node in (given.tables if given else {}).items():
            span = node.key.span if node.key is not None else node.span
            if vocabulary.require("table", table, span, found):
                known.rows(table, node, found)
                rows = plain(node)
                tables[table] = (
                    [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
                )
        steps = [_step(step, known, vocabulary, found) for step in one.steps]
        if one.price is not None:
            known.cart(one.price, vocabulary, found)
            steps.append(CaseStep("price", one.key_span("price"), data=plain(one.price)))
        if one.expect is not None:
            steps.append(
                CaseStep(
                    "expect", one.key_span("expect"), expects=_expects(one.expect, known, vocabulary, found)
                )
            )
        if not steps:
            found.add("OK982", one.span)
        if any(getattr(step, key) is not None for step in one.steps for key in _LATER):
            continue
        whole = tuple(step for step in steps if step is not None)
        made[name] = Case(name, now, dict(given.stock) if given else {}, tables, whole, one.span)
    return made


def _step(one: StepDefinition, known: Known, vocabulary: Vocabulary, found: Collector) -> CaseStep | None:
    later = [kind for kind in _LATER if getattr(one, kind) is not None]
    kinds = [kind for kind in KINDS if getattr(one, kind) is not None]
    if len(kinds) + len(later) != 1:
        found.add("OK980", one.span, known=", ".join(KINDS))
        return None
    if later:
        _later_step(one, vocabulary, found)
        return None
    kind, span = kinds[0], one.key_span(kinds[0])
    role = one.as_ or ""
    if role:
        words = ("system", "customer", "anyone")
        vocabulary.require("role", role, one.value_span("as"), found, also=words)
    if one.refused is not None and one.refused not in REASONS:
        near, place = closest(one.refused, REASONS), one.value_span("refused")
        found.add("OK983", place, suggestion=near, value=one.refused, known=", ".join(REASONS))
    if kind == "expect":
        return CaseStep(kind, span, expects=_expects(one.expect or {}, known, vocabulary, found))
    if kind == "wait":
        duration = parse_duration(one.wait or "")
        if duration is None:
            found.add("OK653", one.value_span("wait"), value=one.wait)
            return None
        return CaseStep(kind, span, duration=duration)
    owner, _, number = one.part.rpartition("-")
    if one.part and not (owner in vocabulary.of("part") and number.isdigit()):
        named = one.value_span("part")
        vocabulary.require("part", owner or one.part, named, found)
    if kind == "fire" and one.fire is not None:
        if one.refused != "unknown_action":
            known.action(one.fire, one.part, one.value_span("part"), vocabulary, found)
        known.needs(one.fire.text, one.needs, found, refused=one.refused is not None)
        needs = {name: plain(node) for name, node in one.needs.items()}
        return CaseStep(kind, span, one.fire.text, needs, role, one.part, one.refused)
    if kind in ("place", "price"):
        known.cart(getattr(one, kind), vocabulary, found, refused=one.refused is not None)
    return CaseStep(kind, span, data=plain(getattr(one, kind)), role=role, refused=one.refused)


def _later_step(one: StepDefinition, vocabulary: Vocabulary, found: Collector) -> None:
    for ref in (one.hold, one.unhold):
        if ref is not None:
            vocabulary.require("hold:order", ref.text, ref.span, found)
    for node in (one.receive, one.import_):
        for key, _ in node.entries if isinstance(node, MapNode) else ():
            vocabulary.require("channel", key.text, key.span, found)


def _expects(
    nodes: Mapping[str, Node], known: Known, vocabulary: Vocabulary, found: Collector
) -> tuple[Expectation, ...]:
    figures = [*vocabulary.order.fields, *_EXPECTS]
    made = []
    for name, node in nodes.items():
        span = node.key.span if node.key is not None else node.span
        if name not in figures:
            close = next(iter(get_close_matches(name, figures, n=1, cutoff=0.5)), "")
            found.add("OK981", span, suggestion=close, name=name, known=", ".join(figures[:20]))
            continue
        known.figure(name, node, vocabulary, found)
        made.append(Expectation(name, plain(node), node.span))
    return tuple(made)
