"""Examples of every key of the language, for editors and for the pages of the reference."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from orderkit._cases.compiler import plain
from orderkit._diagnostics import Collector
from orderkit._text import MapNode, read_text
from orderkit._text.nodes import ListNode

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def examples() -> Mapping[str, tuple[MapNode, ...]]:
    """Read the examples that ship with orderkit.

    Returns:
        Mappings as an analyst would write them, by the name of their definition.
    """
    data = files("orderkit").joinpath("data", "examples.yaml").read_bytes()
    root = read_text(data, "examples.yaml", Collector())
    found: dict[str, tuple[MapNode, ...]] = {}
    for key, node in root.entries if isinstance(root, MapNode) else ():
        several = node.items if isinstance(node, ListNode) else (node,)
        found[key.text] = tuple(one for one in several if isinstance(one, MapNode))
    return found


def key_examples(definition: str) -> dict[str, list[Any]]:
    """Gather the example values of each key of one definition.

    Args:
        definition: Name of its class.

    Returns:
        Values as plain data by key.
    """
    found: dict[str, list[Any]] = {}
    for one in examples().get(definition, ()):
        for key, node in one.entries:
            value = plain(node)
            if value is not None and value not in found.setdefault(key.text, []):
                found[key.text].append(value)
    return found
