"""How a value is written so that YAML and orderkit read it back as it was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from orderkit._diagnostics import Collector
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Hashable

Value: TypeAlias = "str | int | Decimal | bool | Sequence[Value] | Mapping[str, Value] | None"
"""Plain data; numbers and flags are written as their text, None as `null`."""


def text_of(value: str | int | Decimal | bool | None) -> str:  # noqa: FBT001 - any plain value
    """Give the text that stands for one plain value.

    Args:
        value: A text, number, flag, or None for an absent value.

    Returns:
        The text, without quotes.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def spell(value: Value, *, flow: bool = True, style: str = "", key: bool = False) -> str:
    """Write a value in one line; a text gets quotes where it would be read otherwise without them.

    Args:
        value: Plain data; lists and mappings are written in brackets.
        flow: Whether it will stand inside brackets.
        style: The quoting that a text had before, kept where it can be.
        key: Whether it is a key.

    Returns:
        YAML.
    """
    if isinstance(value, Mapping):
        inside = (f"{spell(name, key=True)}: {spell(each)}" for name, each in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(spell(each) for each in value) + "]"
    text = text_of(value)
    if not isinstance(value, str):
        return text
    forms = {
        "'": "'" + text.replace("'", "''") + "'",
        '"': json.dumps(text, ensure_ascii=False),
        "": text,
    }
    for form in dict.fromkeys((style, "", "'", '"')):
        if form in forms and _reads(forms[form], text, flow=flow, key=key):
            return forms[form]
    return forms['"']


def _reads(form: str, text: str, *, flow: bool, key: bool) -> bool:
    """Try a form in its surroundings, beside others."""
    if key:
        frame = f"{{{form}: x}}" if flow else f"{form}: x\n"
    else:
        frame = f"[{form}, {{x: {form}}}]" if flow else f"- {form}\n- x: {form} # x\n"
    found = Collector()
    try:
        root = read_text(frame.encode(), "", found)
    except UnicodeEncodeError:
        return False
    if root is None or found.diagnostics:
        return False
    said = (text, False)
    if key:
        return text != "" and shape_of(root) == ("map", (text, ("x", False)))
    return shape_of(root) == ("list", said, ("map", ("x", said)))


def shape(value: Value) -> Hashable:
    """Give what a value says, to compare it with what is read: see `shape_of`.

    Args:
        value: Plain data.

    Returns:
        Texts in order.
    """
    if isinstance(value, Mapping):
        return ("map", *((key, shape(each)) for key, each in value.items()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ("list", *(shape(each) for each in value))
    return text_of(value), value is None


def shape_of(node: Node) -> Hashable:
    """Give what a node says, without places and quotes.

    Args:
        node: Any part of a file.

    Returns:
        Texts in order.
    """
    if isinstance(node, ScalarNode):
        return node.text, node.empty
    if isinstance(node, ListNode):
        return ("list", *(shape_of(item) for item in node.items))
    assert isinstance(node, MapNode)  # noqa: S101 - for the type checker
    return ("map", *((key.text, shape_of(each)) for key, each in node.entries))
