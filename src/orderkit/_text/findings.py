"""From the errors of a validation to diagnostics: one per mistake, at the word that is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.suggest import closest
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import Mistake, kind_of, place_of, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics import Collector, Span

_UNPAIRED: Final = re.compile(r"[^(\[]*[)\]].*|.*['\"].*").fullmatch
_WORDS: Final = re.compile(r"'((?:[^'\\]|\\.)*)'").findall
_BOUNDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "greater_than": ("gt", "more than {}", "大于 {}"),
    "greater_than_equal": ("ge", "at least {}", "不小于 {}"),
    "less_than": ("lt", "less than {}", "小于 {}"),
    "less_than_equal": ("le", "at most {}", "不大于 {}"),
}
_SIZES: Final[Mapping[str, tuple[str, str, str]]] = {
    "too_short": ("min_length", "at least {}", "不少于 {} 个"),
    "too_long": ("max_length", "at most {}", "不多于 {} 个"),
}
_KINDS: Final[Mapping[str, str]] = {
    "tuple_type": "OK202",
    "list_type": "OK202",
    "dict_type": "OK201",
    "model_type": "OK201",
    "model_attributes_type": "OK201",
    "string_type": "OK203",
    "is_instance_of": "OK203",
}


class Entries(dict[str, object]):
    """The keys and values of one definition on their way through validation.

    Args:
        node: The node they were read from.
    """

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        """Start without keys."""
        super().__init__()
        self.node = node


@dataclass(frozen=True, slots=True)
class Stray:
    """The value of a key that the definition does not have, with what is needed to say so well.

    Args:
        node: The value.
        name: The key.
        known: All keys of the definition.
        free: Those that are not written yet, and so may have been meant.
    """

    node: Node
    name: str
    known: tuple[str, ...]
    free: tuple[str, ...]


def report(errors: Sequence[Mapping[str, Any]], root: Node, found: Collector) -> None:
    """Note each mistake of one validation once.

    A misspelt required key is one mistake, not a missing and an unknown one; of several complaints
    about one value the first stands.

    Args:
        errors: What pydantic says.
        root: The validated node.
        found: Takes the diagnostics.
    """
    meant: set[tuple[tuple[int | str, ...], str]] = set()
    for error in errors:
        stray = error["input"]
        if isinstance(stray, Stray):
            meant.add((error["loc"][:-1], _unknown_key(stray, found)))
    seen: set[Span] = set()
    for error in errors:
        value, loc = error["input"], error["loc"]
        if isinstance(value, Stray):
            continue
        if error["type"] == "missing":
            name = str(loc[-1])
            if (loc[:-1], name) not in meant:
                found.add("OK205", _place(value, root, loc[:-1]), key=name)
            continue
        span = _place(value, root, loc)
        mistake = error.get("ctx", {}).get("error")
        if isinstance(mistake, Mistake) and mistake.span.line:
            span = mistake.span
        if span in seen:
            continue
        seen.add(span)
        if isinstance(mistake, Mistake):
            found.add(mistake.code, span, suggestion=mistake.suggestion, **mistake.params)
        else:
            _constraint(error, span, _nearest(root, loc), found)


def _unknown_key(stray: Stray, found: Collector) -> str:
    key = stray.node.key
    span = stray.node.span if key is None else key.span
    if isinstance(stray.node, ScalarNode) and not stray.node.text and _UNPAIRED(stray.name):
        return ""  # the end of an expression that a comma has cut off: the cut is told where it begins
    guess = closest(stray.name, stray.free)
    allowed = ", ".join(sorted(stray.known))
    found.add("OK204", span, suggestion=guess, key=shorten(stray.name), allowed=allowed)
    return guess


def _constraint(error: Mapping[str, Any], span: Span, node: Node, found: Collector) -> None:
    kind, context = error["type"], error.get("ctx", {})
    value = shorten(node.text) if isinstance(node, ScalarNode) else ""
    if kind in ("literal_error", "union_tag_invalid"):
        allowed = _WORDS(str(context.get("expected") or context.get("expected_tags", "")))
        guess = closest(value, allowed)
        found.add("OK215", span, suggestion=guess, value=value, allowed=", ".join(allowed))
    elif kind in _BOUNDS:
        name, en, zh = _BOUNDS[kind]
        bound = context[name]
        found.add("OK216", span, value=value, rule_en=en.format(bound), rule_zh=zh.format(bound))
    elif kind in _SIZES and isinstance(node, ScalarNode):
        # A repetition (`*name`) of what is not there stands for nothing too; it is told where it is read.
        if node.span.column == node.span.end_column:
            found.add("OK207", span)
    elif kind in _SIZES:
        name, en, zh = _SIZES[kind]
        bound, count = context[name], context["actual_length"]
        found.add("OK217", span, count=count, rule_en=en.format(bound), rule_zh=zh.format(bound))
    else:
        found.add(_KINDS.get(kind, "OK203"), span, **kind_of(node))


def _place(value: object, root: Node, loc: tuple[int | str, ...]) -> Span:
    node = value.node if isinstance(value, Entries) else value
    if not isinstance(node, ScalarNode | ListNode | MapNode):
        node = _nearest(root, loc)
    if isinstance(node, MapNode | ListNode) and node.key is not None:
        return node.key.span
    if isinstance(node, MapNode) and node.entries:
        return node.entries[0][0].span
    return place_of(node)


def _nearest(root: Node, loc: tuple[int | str, ...]) -> Node:
    """Walk as far as the file goes along; names of union branches are not in the file and are passed over."""
    node = root
    for step in loc:
        if isinstance(node, MapNode) and isinstance(step, str):
            node = node.get(step) or node
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
    return node
