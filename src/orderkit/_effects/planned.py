"""Effects that are checked and that this version does not run."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from orderkit._expr.template import compile_template
from orderkit._text.nodes import MapNode, ScalarNode
from orderkit._text.values import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._effects.slot import EffectSlot
    from orderkit._text.nodes import Node

LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "escalate": ("to", "via", "template", "text"),
    "webhook": ("to", "template", "text"),
    "ship": ("lines", "carrier", "tracking_no"),
    "hold": ("name", "why"),
    "unhold": ("name",),
    "open": ("part", "lines", "why"),
}
"""Effects that are checked and that this version does not run, with their arguments."""
_SINGLE: Final[Mapping[str, str]] = {"hold": "name", "unhold": "name", "open": "part", "webhook": "to"}
"""Their argument that `effect: x` stands for."""


def check_later(name: str, key: ScalarNode, value: Node, slot: EffectSlot) -> None:
    """Check an effect that this version does not run: its arguments and the names they speak of.

    Args:
        name: Its name.
        key: Where the name stands.
        value: Its arguments as written.
        slot: Where it stands.
    """
    slot.found.add("OK206", key.span, key=name)
    single = _SINGLE.get(name)
    if isinstance(value, ScalarNode) and single is not None:
        _named_there(single, value, name, slot)
        return
    if not isinstance(value, MapNode):
        example = f"{name}: {{{': …, '.join(LATER[name])}: …}}"
        slot.found.add("OK643", key.span, name=name, example=example, related=(), **named(LATER[name]))
        return
    for argument, node in value.entries:
        if argument.text not in LATER[name]:
            no_argument(name, argument, LATER[name], slot)
        elif isinstance(node, ScalarNode):
            _named_there(argument.text, node, name, slot)


def _named_there(argument: str, node: ScalarNode, effect: str, slot: EffectSlot) -> None:
    kinds = {"part": "part", "template": "template"}
    if argument in ("text", "why", "carrier", "tracking_no"):
        compile_template(source_of(node), slot.scope, slot.found, now_zone=slot.vocabulary.zone)
    elif argument == "to" and effect == "escalate":
        slot.vocabulary.require("role", node.text, node.span, slot.found)
    elif argument == "name":
        slot.vocabulary.require(f"hold:{slot.flow}", node.text, node.span, slot.found)
    elif argument in kinds:
        slot.vocabulary.require(kinds[argument], node.text, node.span, slot.found)


def named(arguments: Iterable[str]) -> dict[str, str]:
    """Word the arguments that an effect needs.

    Args:
        arguments: Their names.

    Returns:
        The words for the message's holes.
    """
    told = [f"`{name}`" for name in arguments]
    return {"wanted": ", ".join(told), "wanted_zh": "、".join(told)}


def no_argument(name: str, argument: ScalarNode, allowed: Iterable[str], slot: EffectSlot) -> None:
    """Tell of an argument that an effect does not take.

    Args:
        name: The effect.
        argument: The argument as written.
        allowed: What it takes.
        slot: Where it stands.
    """
    known = tuple(allowed)
    close = next(iter(get_close_matches(argument.text, known, n=1)), "")
    slot.found.add(
        "OK644", argument.span, suggestion=close, name=name, argument=argument.text, known=", ".join(known)
    )
