"""From a life cycle as written to the machine that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from transitions import Machine

from orderkit._effects.compiler import compile_duration, compile_effects
from orderkit._effects.slot import EffectSlot
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._fields.compiler import compile_need
from orderkit._flows.definition import FlowDefinition
from orderkit._flows.engine import guard_of
from orderkit._flows.lint import lint_flow
from orderkit._flows.program import FlowProgram, PartSpec, Row, StateSpec, TimerSpec
from orderkit._flows.references import check_references, quantities
from orderkit._text.nodes import ListNode, MapNode, ScalarNode
from orderkit._text.salvage import salvage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderkit._diagnostics import Collector
    from orderkit._effects.definition import EffectDeclaration
    from orderkit._effects.engine import MessageTemplate
    from orderkit._expr.compiler import Program
    from orderkit._fields.engine import FieldSpec
    from orderkit._flows.definition import ActionDefinition, ChoiceDefinition, StateDefinition
    from orderkit._text.definition import Ref
    from orderkit._text.nodes import Node
    from orderkit._text.values import Source
    from orderkit._vocabulary import Vocabulary

_WORDS: Final = ("system", "customer", "anyone")


def declare_flow(name: str, flow: FlowDefinition, vocabulary: Vocabulary, found: Collector) -> None:
    """Take a life cycle's names into the vocabulary.

    Args:
        name: The flow's name.
        flow: As written.
        vocabulary: The project's names.
        found: Takes the mistakes.
    """
    vocabulary.declare("flow", name, flow.span, found)
    for state, one in written_states(flow.states):
        vocabulary.declare(f"state:{name}", state, one.span, found)
    for kind, members in (("sla", flow.slas), ("hold", flow.holds)):
        for each, definition in members.items():
            vocabulary.declare(f"{kind}:{name}", each, definition.span, found)
    for status in flow.status:
        vocabulary.declare(f"status:{name}", status, flow.value_span("status"), found)
    for action, row in flow.actions.items():
        vocabulary.declare(f"action:{name}", action, row.span, found)
    for kind, part in flow.parts.items():
        vocabulary.declare("part", kind, part.span, found)
        vocabulary.parts.setdefault(kind, types.UNKNOWN)


def written_states(states: Mapping[str, StateDefinition]) -> Iterator[tuple[str, StateDefinition]]:
    """Go through all states of a flow, those inside others too.

    Args:
        states: States as written, by name.

    Yields:
        Every name with its state, a state before those inside it.
    """
    for name, one in states.items():
        yield name, one
        yield from written_states(one.states)


def read_flows(node: MapNode | None, vocabulary: Vocabulary, found: Collector) -> dict[str, FlowDefinition]:
    """Read the section `flows:`, and take the names of broken members in, so that one mistake is told once.

    Args:
        node: The section, or None where there is none.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        The flows by name, without their wrong parts.
    """
    made: dict[str, FlowDefinition] = {}
    for key, one in () if node is None else node.entries:
        flow = salvage(FlowDefinition, one, found, whole=("actions",), fill=_first_state)
        if flow is None:
            vocabulary.open |= {f"state:{key.text}", f"action:{key.text}"}
            vocabulary.admit("flow", {key.text: key.span})
        else:
            made[key.text] = flow
    return made


def admit_broken(name: str, flow: FlowDefinition, node: Node | None, vocabulary: Vocabulary) -> None:
    """Take in the names of a flow that stand in the file and not in what was read of it.

    Args:
        name: The flow's name.
        flow: As far as it could be read.
        node: As written.
        vocabulary: The project's names, with those of the flow.
    """
    if not isinstance(node, MapNode):
        return
    for section, kind in (("states", f"state:{name}"), ("actions", f"action:{name}"), ("parts", "part")):
        members = node.get(section)
        names = {key.text: key.span for key, _ in members.entries} if isinstance(members, MapNode) else {}
        vocabulary.admit(kind, names)
        if kind == "part":
            for part in names:
                vocabulary.parts.setdefault(part, types.UNKNOWN)
    if not flow.states:
        vocabulary.open |= {f"state:{name}"}


def _first_state(node: Node, key: str) -> Node | None:
    states = node.get("states") if isinstance(node, MapNode) else None
    if key == "starts" and isinstance(states, MapNode) and states.entries:
        return states.entries[0][0]
    return MapNode((), node.span) if key == "states" else None


def compile_flow(
    name: str,
    flow: FlowDefinition,
    part: str,
    templates: Mapping[str, MessageTemplate],
    declared: Mapping[str, EffectDeclaration],
    vocabulary: Vocabulary,
    found: Collector,
) -> FlowProgram:
    """Compile one life cycle.

    Args:
        name: The flow's name.
        flow: As written.
        part: Kind of part it belongs to, or an empty text for orders.
        templates: Message templates.
        declared: Effects of the host.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        The program, as far as it has no mistakes.
    """
    return _FlowMaker(name, flow, part, templates, declared, vocabulary, found).make()


class _FlowMaker:
    def __init__(
        self,
        name: str,
        flow: FlowDefinition,
        part: str,
        templates: Mapping[str, MessageTemplate],
        declared: Mapping[str, EffectDeclaration],
        vocabulary: Vocabulary,
        found: Collector,
    ) -> None:
        self.name, self.flow, self.part, self.found = name, flow, part, found
        self.templates, self.declared, self.vocabulary = templates, declared, vocabulary
        self.every = dict(written_states(flow.states))

    def make(self) -> FlowProgram:
        starts = self.first()
        states = {name: self.state(name, one) for name, one in self.every.items()}
        rows: dict[str, list[Row]] = {}
        for action, definition in self.flow.actions.items():
            for row in self.rows(action, definition):
                rows.setdefault(row.action, []).append(row)
        parts = {}
        for kind, one in self.flow.parts.items():
            if self.vocabulary.require("flow", one.flow.text, one.flow.span, self.found):
                parts[kind] = self.part_spec(kind, one.flow.text)
        frozen = {action: tuple(several) for action, several in rows.items()}
        program = FlowProgram(
            self.name,
            starts,
            states,
            frozen,
            parts,
            _machine(tuple(self.every), starts, frozen),
            self.flow.span,
        )
        slot = self.slot({})
        check_references(self.name, self.flow, self.every, slot)
        if not self.found.failed and self.plain():
            lint_flow(program, self.flow, self.found)
        return program

    def first(self) -> str:
        """Check the first states; the first of them counts."""
        for row in self.flow.starts:
            self.knows("state", row.to)
            self.condition(row.if_, self.slot({}))
        if len(self.flow.starts) > 1 or any(row.if_ is not None for row in self.flow.starts):
            self.found.add("OK206", self.flow.key_span("starts"), key="starts: [...]")
        known = [row.to.text for row in self.flow.starts if row.to.text in self.every]
        return known[0] if known else next(iter(self.every), "")

    def plain(self) -> bool:
        """Tell whether the graph is as it is written: no state inside another, no way to any state."""
        one = self.flow
        several = len(one.starts) != 1 or len(self.every) != len(one.states)
        return not (several or one.migrate or one.status or self.open_ended)

    def part_spec(self, kind: str, flow: str) -> PartSpec:
        one = self.flow.parts[kind]
        for names in one.counts.values():
            for state in names:
                self.vocabulary.require(f"state:{flow}", state.text, state.span, self.found)
        counts = {counter: tuple(state.text for state in names) for counter, names in one.counts.items()}
        return PartSpec(kind, flow, counts, one.span)

    def knows(self, kind: str, ref: Ref) -> bool:
        return self.vocabulary.require(f"{kind}:{self.name}", ref.text, ref.span, self.found)

    def slot(self, needs: Mapping[str, types.Type]) -> EffectSlot:
        more = {"needs": types.record("needs", needs), "actor": self.vocabulary.actor}
        if self.part:
            more[self.part] = self.vocabulary.parts.get(self.part, types.UNKNOWN)
        scope = self.vocabulary.scope(**more)
        return EffectSlot(
            self.vocabulary, scope, self.templates, self.declared, self.name, self.part, self.found
        )

    open_ended = False
    """Whether an action leads to a state that only the caller or the past tells."""

    def state(self, name: str, one: StateDefinition) -> StateSpec:
        slot = self.slot({})
        timers = []
        for index, timer in enumerate(one.timers):
            after = compile_duration(timer.after, self.vocabulary, self.found)
            known = self.knows("action", timer.fire)
            if after is not None and known:
                timers.append(TimerSpec(f"{name}/{index + 1}", after, timer.fire.text, timer.span))
        if one.auto is not None:
            self.knows("action", one.auto)
        if one.assign is not None:
            self.vocabulary.require("role", one.assign.text, one.assign.span, self.found)
        return StateSpec(
            name,
            compile_effects(one.enter, slot),
            compile_effects(one.leave, slot),
            one.auto.text if one.auto else None,
            tuple(timers),
            one.assign.text if one.assign else None,
            one.end,
            one.span,
        )

    def sources(self, node: Node) -> tuple[str, ...]:
        every = tuple(self.every)
        if isinstance(node, ScalarNode):
            if node.text == "any" and "any" not in self.every:
                return every
            return (node.text,) if self._state(node) else ()
        if isinstance(node, ListNode) and all(isinstance(one, ScalarNode) for one in node.items):
            return tuple(one.text for one in node.items if isinstance(one, ScalarNode) and self._state(one))
        if isinstance(node, MapNode) and node.names == ("any_but",):
            but = self.sources(node.entries[0][1])
            return tuple(state for state in every if state not in but)
        self.found.add("OK611", node.span)
        return ()

    def _state(self, node: ScalarNode) -> bool:
        return self.vocabulary.require(f"state:{self.name}", node.text, node.span, self.found)

    def rows(self, action: str, one: ActionDefinition) -> list[Row]:
        answered = self.flow.actions.get(one.answers.text) if one.answers else None
        if one.answers is not None and not self.knows("action", one.answers):
            return []
        for role in one.by:
            self.vocabulary.require("role", role.text, role.span, self.found, also=_WORDS)
        definitions = {**(answered.needs if answered else {}), **one.needs}
        needs = {}
        for name, need in definitions.items():
            spec = compile_need(name, need, self.vocabulary, self.found)
            if spec is not None:
                needs[name] = spec
        slot = self.slot({**dict.fromkeys(definitions, types.UNKNOWN), **_types(needs)})
        base = Row(
            action=one.answers.text if one.answers else action,
            label=action,
            sources=self.sources(one.from_),
            to=self.target(one.to),
            by=tuple(role.text for role in one.by),
            needs=needs,
            conditions=self.conditions(one, slot),
            do=compile_effects(one.do, slot),
            ignore_repeat=one.repeat == "ignore",
            span=one.span,
        )
        if not one.choose:
            if one.to is None and not one.do:
                self.found.add("OK601", one.span)
            return [base]
        if one.to is not None:
            self.found.add("OK602", one.key_span("to"))
        self.exhaustive(one)
        return [self.choice(base, row, slot) for row in one.choose]

    def target(self, to: Ref | None) -> str | None:
        if to is None:
            return None
        if to.text in ("any", "back") and to.text not in self.every:
            self.found.add("OK206", to.span, key=f"to: {to.text}")
            self.open_ended = True
            return None
        return to.text if self.knows("state", to) else None

    def conditions(self, one: ActionDefinition | ChoiceDefinition, slot: EffectSlot) -> tuple[Program, ...]:
        program = self.condition(one.if_, slot)
        return () if program is None else (program,)

    def condition(self, written: Source | None, slot: EffectSlot) -> Program | None:
        if written is None:
            return None
        scope = {**slot.scope, "qty": quantities(self.flow)}
        program = compile_expression(
            written, scope, self.found, expects=types.BOOLEAN, functions=("in_stock",),
            now_zone=self.vocabulary.zone,
        )  # fmt: skip
        if program is not None and "qty" in program.names:
            self.found.add("OK206", written.span, key="qty")
        return program

    def choice(self, base: Row, one: ChoiceDefinition, slot: EffectSlot) -> Row:
        narrowed = base.sources
        if one.from_ is not None:
            named = [state.text for state in one.from_ if self.knows("state", state)]
            narrowed = tuple(state for state in base.sources if state in named)
        return Row(
            action=base.action,
            label=base.label,
            sources=narrowed,
            to=self.target(one.to),
            by=base.by,
            needs=base.needs,
            conditions=(*base.conditions, *self.conditions(one, slot)),
            do=(*base.do, *compile_effects(one.do, slot)),
            ignore_repeat=base.ignore_repeat,
            span=one.span,
        )

    def exhaustive(self, one: ActionDefinition) -> None:
        open_rows = [index for index, row in enumerate(one.choose) if row.if_ is None and row.from_ is None]
        if not open_rows:
            self.found.add("OK603", one.key_span("choose"))
        elif open_rows[0] < len(one.choose) - 1:
            self.found.add("OK604", one.choose[open_rows[0] + 1].span)


def _types(needs: Mapping[str, FieldSpec]) -> dict[str, types.Type]:
    return {need: spec.type for need, spec in needs.items()}


def _machine(states: tuple[str, ...], starts: str, rows: Mapping[str, tuple[Row, ...]]) -> Machine:
    machine = Machine(
        model=None,
        states=list(states),
        initial=starts or None,
        auto_transitions=False,
        send_event=True,
    )
    for action, several in rows.items():
        for row in several:
            for source in row.sources:
                stays = row.to is None or row.to == source
                machine.add_transition(action, source, None if stays else row.to, conditions=guard_of(row))
    return machine
