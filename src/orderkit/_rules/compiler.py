"""From rules as written to the table of what wakes them."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING

from orderkit._diagnostics import Related
from orderkit._effects.compiler import compile_duration, compile_effects
from orderkit._effects.slot import EffectSlot
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._rules.engine import Rule, RuleProgram, indexed
from orderkit._text.nodes import MapNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._effects.definition import EffectDeclaration
    from orderkit._effects.engine import MessageTemplate
    from orderkit._expr.compiler import Program
    from orderkit._rules.definition import RuleDefinition
    from orderkit._text.nodes import Node
    from orderkit._text.values import Source
    from orderkit._vocabulary import Vocabulary

_KINDS = ("event", "enters", "leaves", "action", "state", "changed")


def compile_rules(
    definitions: Mapping[str, RuleDefinition],
    flows: Mapping[str, str],
    templates: Mapping[str, MessageTemplate],
    declared: Mapping[str, EffectDeclaration],
    timers: Mapping[tuple[str, str], Span],
    vocabulary: Vocabulary,
    found: Collector,
) -> RuleProgram:
    """Compile the section `rules:`.

    Args:
        definitions: As written, by name.
        flows: Flow of each kind of part; the empty text stands for orders.
        templates: Message templates.
        declared: Effects of the host.
        timers: Places of the flow's own timers by (state, action), to tell duplicates.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        The rules, as far as they have no mistakes.
    """
    made: dict[str, Rule] = {}
    scopes = cache(partial(_scope, vocabulary))
    for name, definition in definitions.items():
        vocabulary.declare("rule", name, definition.span, found)
        rule = _rule(name, definition, flows, templates, declared, scopes, vocabulary, found)
        if rule is None or not definition.enabled:
            continue
        made[name] = rule
        for call in rule.do:
            place = (
                timers.get((rule.subject, call.words.get("action", ("",))[0]))
                if call.kind == "fire"
                else None
            )
            if rule.kind == "state" and place is not None:
                found.add("OK654", definition.span, state=rule.subject, place=place)
    _twins(definitions, found)
    grouped: dict[tuple[str, str, str], list[Rule]] = {}
    for rule in made.values():
        grouped.setdefault((rule.kind, rule.subject, rule.of), []).append(rule)
    woken = {wake: tuple(rules) for wake, rules in grouped.items()}
    indexes = {wake: index for wake, rules in woken.items() if (index := indexed(rules)) is not None}
    return RuleProgram(made, woken, indexes)


def _twins(definitions: Mapping[str, RuleDefinition], found: Collector) -> None:
    """Warn of two rules that say the same: one of them was copied and never changed."""
    first: dict[object, str] = {}
    sights = [_sight(one) for one in definitions.values()]
    alike = Counter(sights)
    for (name, one), sight in zip(definitions.items(), sights, strict=True):
        if alike[sight] == 1:
            continue
        said = tuple(
            (key.text, said_by(value))
            for key, value in sorted(getattr(one.node, "entries", ()), key=lambda entry: str(entry[0].text))
        )
        other = first.setdefault(said, name)
        if other != name:
            place = Related(definitions[other].span, f"`{other}`")
            found.add("OK668", one.span, related=[place], other=other)


def _sight(one: RuleDefinition) -> tuple[object, ...]:
    """Give what two rules that say the same have in common, cheaper than all they say."""
    event, condition = one.when.event, one.if_
    return (
        condition if condition is None else condition.text,
        event if event is None else event.text,
        len(one.model_fields_set),
    )


def said_by(node: Node) -> object:
    """Give what a part of a definition says, wherever it stands, for comparing two of them.

    Args:
        node: Any node.

    Returns:
        Texts and tuples of them; equal where the same is written.
    """
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, MapNode):
        return tuple((key.text, said_by(value)) for key, value in node.entries)
    return tuple(said_by(one) for one in node.items)


def _rule(
    name: str,
    one: RuleDefinition,
    flows: Mapping[str, str],
    templates: Mapping[str, MessageTemplate],
    declared: Mapping[str, EffectDeclaration],
    scopes: Callable[[str], Mapping[str, types.Type]],
    vocabulary: Vocabulary,
    found: Collector,
) -> Rule | None:
    part = one.when.of.text if one.when.of else ""
    if one.when.of is not None and not vocabulary.require("part", part, one.when.of.span, found):
        return None
    waits = _waits(one, flows.get(part, "order"), part, vocabulary, found)
    if waits is None:
        return None
    kind, subject = waits
    if one.calendar is not None:
        vocabulary.require("calendar", one.calendar.text, one.calendar.span, found)
    scope, flow = scopes(part), flows.get(part, "order")
    slot = EffectSlot(vocabulary, scope, templates, declared, flow, part, found)
    delay = None
    for written in (one.after, one.when.for_):
        if written is not None:
            delay = compile_duration(written, vocabulary, found)
    if one.after is not None and one.still is None:
        found.add("OK652", one.key_span("after"))
    every = compile_duration(one.again.every, vocabulary, found) if one.again else None
    if one.again is not None and one.after is None and one.when.for_ is None:
        found.add("OK655", one.key_span("again"))
    return Rule(
        name=name,
        kind=kind,
        subject=subject,
        of=part,
        condition=_condition(one.if_, slot),
        delay=delay,
        still=_condition(one.still, slot),
        do=compile_effects(one.do, slot),
        every=every,
        times=one.again.times if one.again else 0,
        span=one.span,
    )


def _scope(vocabulary: Vocabulary, part: str) -> Mapping[str, types.Type]:
    own = {part: vocabulary.parts.get(part, types.UNKNOWN)} if part else {}
    return vocabulary.scope(**own, event=_event(vocabulary))


def _event(vocabulary: Vocabulary) -> types.Type:
    return types.record(
        "event",
        {"before": types.TEXT, "after": types.TEXT, "actor": vocabulary.actor, "at": types.DATETIME},
    )


def _condition(source: Source | None, slot: EffectSlot) -> Program | None:
    if source is None:
        return None
    return compile_expression(
        source,
        slot.scope,
        slot.found,
        expects=types.BOOLEAN,
        functions=("in_stock",),
        now_zone=slot.vocabulary.zone,
    )


def _waits(
    one: RuleDefinition, flow: str, part: str, vocabulary: Vocabulary, found: Collector
) -> tuple[str, str] | None:
    named = [(kind, ref) for kind in _KINDS if (ref := getattr(one.when, kind)) is not None]
    if len(named) != 1:
        found.add("OK650", one.when.span)
        return None
    kind, ref = named[0]
    if (kind == "state") != (one.when.for_ is not None):
        found.add("OK651", one.when.span)
        return None
    if kind == "event":
        good = vocabulary.require("event", ref.text, ref.span, found, also=vocabulary.events)
        owner = ref.text.partition(".")[0]
        if good and owner in vocabulary.parts and part != owner:
            found.add("OK656", ref.span, name=ref.text, part=owner)
            return None
    elif kind == "changed":
        good = vocabulary.require("field", ref.text.removeprefix("order."), ref.span, found)
    else:
        what = "action" if kind == "action" else "state"
        good = vocabulary.require(f"{what}:{flow}", ref.text, ref.span, found)
    return (kind, ref.text) if good else None
