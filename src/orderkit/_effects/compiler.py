"""From a list of effects as written to calls that run, every name and argument checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from orderkit._effects.definition import BARE
from orderkit._effects.engine import EffectCall, MessageTemplate
from orderkit._effects.planned import LATER, check_later, named, no_argument
from orderkit._effects.slot import EXAMPLES, EffectSlot
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.template import compile_template
from orderkit._fields.compiler import compile_need
from orderkit._text.nodes import ListNode, MapNode, ScalarNode
from orderkit._text.values import Source, kind_of, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics import Collector
    from orderkit._effects.definition import TemplateDefinition
    from orderkit._expr.compiler import Program
    from orderkit._expr.template import Template
    from orderkit._expr.types import Type
    from orderkit._text.nodes import Node
    from orderkit._vocabulary import Vocabulary
    from orderkit.domain.calendar import Duration

_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reserve_stock": ("short",),
    "pay": ("amount", "txn"),
    "refund": ("amount", "why"),
    "refunded": ("amount", "why"),
    "notify": ("to", "via", "template", "text"),
    "task": ("to", "kind"),
}
_ONE_VALUE: Final = {"wanted": "one value", "wanted_zh": "一个值"}
_FIELDS: Final = {"wanted": "fields with their values", "wanted_zh": "字段和值"}
_EXPRESSIONS: Final[Mapping[str, Type]] = {"amount": types.MONEY, "txn": types.TEXT}


@dataclass(slots=True)
class _Call:
    programs: dict[str, Program] = field(default_factory=dict)
    texts: dict[str, Template] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


def compile_templates(
    definitions: Mapping[str, TemplateDefinition], vocabulary: Vocabulary, found: Collector
) -> dict[str, MessageTemplate]:
    """Compile the section `templates:`.

    Args:
        definitions: As written, by name.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        Templates by name.
    """
    scope = vocabulary.scope(**vocabulary.parts)
    made: dict[str, MessageTemplate] = {}
    for name, definition in definitions.items():
        text = compile_template(definition.text, scope, found, now_zone=vocabulary.zone)
        subject = (
            compile_template(definition.subject, scope, found, now_zone=vocabulary.zone)
            if definition.subject
            else None
        )
        if text is not None:
            made[name] = MessageTemplate(name, text, subject, definition.span)
    return made


def compile_effects(nodes: Sequence[Node], slot: EffectSlot) -> tuple[EffectCall, ...]:
    """Compile one list of effects.

    Args:
        nodes: The entries as written.
        slot: Where they stand.

    Returns:
        Calls in the order written, those with mistakes left out.
    """
    found = [_effect(node, slot) for node in nodes]
    return tuple(one for one in found if one is not None)


def _effect(node: Node, slot: EffectSlot) -> EffectCall | None:
    if isinstance(node, ScalarNode):
        return _bare(node, slot)
    if isinstance(node, MapNode) and node.get("fire") is not None and set(node.names) <= {"fire", "of"}:
        return _fire(node, slot)
    if not isinstance(node, MapNode) or len(node.entries) != 1:
        slot.found.add("OK645", node.span)
        return None
    key, value = node.entries[0]
    name = key.text
    if name in LATER and name not in slot.declared:
        check_later(name, key, value, slot)
        return None
    if not _exists(name, key, slot):
        return None
    if name in slot.declared:
        return _host(key, value, slot)
    if name in BARE and name not in _ARGUMENTS:
        slot.found.add("OK642", key.span, name=name)
        return None
    call = _Call()
    read = _words if name in ("tag", "assign", "set") else _mapped
    if not read(name, key, value, call, slot):
        return None
    return EffectCall(name, call.programs, call.texts, call.words, key.span)


def _exists(name: str, key: ScalarNode, slot: EffectSlot) -> bool:
    if name in BARE or name in EXAMPLES or name in slot.declared:
        return True
    if name in slot.vocabulary.of("effect") or "effect" in slot.vocabulary.open:
        return False  # its declaration has a mistake or cannot be read: told there
    known = (*slot.known, *LATER)
    close = next(iter(get_close_matches(name, known, n=1, cutoff=0.5)), "")
    slot.found.add("OK641", key.span, suggestion=close, name=name, known=", ".join(known))
    return False


def _bare(node: ScalarNode, slot: EffectSlot) -> EffectCall | None:
    name = node.text
    if name in LATER and name not in slot.declared:
        check_later(name, node, node, slot)
        return None
    if not _exists(name, node, slot):
        return None
    if name in slot.declared:
        wanted = tuple(slot.declared[name].needs)
        if wanted:
            example = f"{name}: {{{': …, '.join(wanted)}: …}}"
            slot.found.add("OK643", node.span, name=name, example=example, related=(), **named(wanted))
            return None
        return EffectCall(name, span=node.span, host=True)
    if name not in BARE:
        example = EXAMPLES[name]
        wanted = _ARGUMENTS.get(name, ())
        told = named(wanted) if wanted else _ONE_VALUE
        slot.found.add("OK643", node.span, name=name, example=example, related=(), **told)
        return None
    if name == "pay_back" and not slot.part:
        slot.found.add("OK648", node.span, name=name)
        return None
    return EffectCall(name, span=node.span)


def _fire(node: MapNode, slot: EffectSlot) -> EffectCall | None:
    target = node.get("fire")
    of = node.get("of")
    if not isinstance(target, ScalarNode):
        slot.found.add("OK645", node.span)
        return None
    whole = isinstance(of, ScalarNode) and of.text == "order"
    if of is not None and not whole:
        slot.found.add("OK649", of.span)
        return None
    flow = "order" if whole else slot.flow
    if not slot.vocabulary.require(f"action:{flow}", target.text, target.span, slot.found):
        return None
    return EffectCall(
        "fire", words={"action": (target.text,), "of": ("order",) if whole else ()}, span=node.span
    )


def _words(name: str, key: ScalarNode, value: Node, call: _Call, slot: EffectSlot) -> bool:
    if name == "set":
        return _set(key, value, call, slot)
    if not isinstance(value, ScalarNode):
        slot.found.add("OK643", key.span, name=name, example=EXAMPLES[name], related=(), **_ONE_VALUE)
        return False
    if name == "assign":
        call.words["role"] = (value.text,)
        return slot.vocabulary.require("role", value.text, value.span, slot.found)
    return _template("tag", value, call, slot)


def _set(key: ScalarNode, value: Node, call: _Call, slot: EffectSlot) -> bool:
    if not isinstance(value, MapNode):
        slot.found.add("OK643", key.span, name="set", example=EXAMPLES["set"], related=(), **_FIELDS)
        return False
    good = True
    for name, node in value.entries:
        if not slot.vocabulary.require("field", name.text, name.span, slot.found) or not _program(
            name.text, node, slot.vocabulary.order.fields.get(name.text, types.UNKNOWN), call, slot
        ):
            good = False
    return good


def _mapped(name: str, key: ScalarNode, value: Node, call: _Call, slot: EffectSlot) -> bool:
    allowed = _ARGUMENTS[name]
    if not isinstance(value, MapNode):
        slot.found.add(
            "OK643", key.span, name=name, example=EXAMPLES.get(name, name), related=(), **named(allowed)
        )
        return False
    good = True
    for argument, node in value.entries:
        if argument.text not in allowed:
            no_argument(name, argument, allowed, slot)
            good = False
        elif not _argument(argument.text, node, call, slot):
            good = False
    return good and _complete(name, key, call, slot)


def _complete(name: str, key: ScalarNode, call: _Call, slot: EffectSlot) -> bool:
    if name == "notify":
        if "to" not in call.words:
            slot.found.add("OK643", key.span, name=name, example=EXAMPLES[name], related=(), **named(["to"]))
            return False
        given = ("template" in call.words) + ("text" in call.texts)
        if given > 1 or (given == 0 and slot.worded):
            slot.found.add("OK646", key.span)
            return False
    if name == "refund" and not slot.vocabulary.require("part", "refund", key.span, slot.found):
        return False
    if name in ("pay", "refund", "refunded") and "amount" not in call.programs:
        slot.found.add("OK643", key.span, name=name, example=EXAMPLES[name], related=(), **named(["amount"]))
        return False
    return True


def _argument(name: str, node: Node, call: _Call, slot: EffectSlot) -> bool:
    if name in _EXPRESSIONS:
        return _program(name, node, _EXPRESSIONS[name], call, slot)
    if name in ("to", "via", "template", "short", "kind"):
        nodes = node.items if isinstance(node, ListNode) else (node,)
        words = [one for one in nodes if isinstance(one, ScalarNode) and not one.empty]
        if len(words) < len(nodes):
            return _no_word(next(one for one in nodes if one not in words), slot)
        call.words[name] = tuple(one.text for one in words)
        if name == "to":
            checks = [
                slot.vocabulary.require("role", one.text, one.span, slot.found, also=("customer",))
                for one in words
            ]
            return all(checks)
        if name == "template":
            return all(slot.vocabulary.require("template", one.text, one.span, slot.found) for one in words)
        return True
    return _template(name, node, call, slot) if isinstance(node, ScalarNode) else _no_word(node, slot)


def _no_word(node: Node, slot: EffectSlot) -> bool:
    """Tell that one value belongs where something else or nothing stands."""
    if isinstance(node, ScalarNode):
        slot.found.add("OK207", node.span if node.key is None or node.text else node.key.span)
    else:
        slot.found.add("OK203", node.span, **kind_of(node))
    return False


def _program(name: str, node: Node, expects: Type, call: _Call, slot: EffectSlot) -> bool:
    if not isinstance(node, ScalarNode):
        slot.found.add("OK645", node.span)
        return False
    program = compile_expression(
        source_of(node),
        slot.scope,
        slot.found,
        expects=expects,
        functions=("in_stock",),
        now_zone=slot.vocabulary.zone,
    )
    if program is not None:
        call.programs[name] = program
    return program is not None


def _template(name: str, node: ScalarNode, call: _Call, slot: EffectSlot) -> bool:
    template = compile_template(source_of(node), slot.scope, slot.found, now_zone=slot.vocabulary.zone)
    if template is not None:
        call.texts[name] = template
    return template is not None


def _host(key: ScalarNode, value: Node, slot: EffectSlot) -> EffectCall | None:
    declared = slot.declared[key.text].needs
    call = _Call()
    good = isinstance(value, MapNode)
    for argument, node in value.entries if isinstance(value, MapNode) else ():
        spec = None
        if argument.text in declared:
            spec = compile_need(argument.text, declared[argument.text], slot.vocabulary, slot.found)
        else:
            no_argument(key.text, argument, declared, slot)
        good = spec is not None and _program(argument.text, node, spec.type, call, slot) and good
    missing = [name for name, need in declared.items() if name not in call.programs and need.default is None]
    if good and missing:
        example = f"{key.text}: {{{': …, '.join(missing)}: …}}"
        slot.found.add("OK643", key.span, name=key.text, example=example, related=(), **named(missing))
        good = False
    return EffectCall(key.text, call.programs, {}, {}, key.span, host=True) if good else None


def compile_duration(source: Source, vocabulary: Vocabulary, found: Collector) -> Duration | None:
    """Read a length of time: written out, or named by a variable of the project.

    Args:
        source: `30m`, `3d` or `vars.pay_within`.
        vocabulary: The project's names.
        found: Takes the mistake.

    Returns:
        The duration, or None where the text is none.
    """
    duration = vocabulary.duration(source.text)
    if duration is None:
        found.add("OK653", source.span, value=source.text)
    elif duration.business_days:
        found.add("OK206", source.span, key=source.text)
    return duration
