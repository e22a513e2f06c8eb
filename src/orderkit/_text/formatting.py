"""One layout for all YAML of a project; the meaning, the comments and the order stay, and that is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Collector, Diagnostic
from orderkit._text.decoding import decode, split_lines
from orderkit._text.layout import Layout
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.reader import read_text
from orderkit._text.tokens import comments

if TYPE_CHECKING:
    from collections.abc import Hashable

_ROUNDS: Final = 4
"""Taking blanks away may part what stood in one column; the next round sees that."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """What became of one file.

    Args:
        text: The file in its one layout; none where it has to stay as it is.
        found: Why it cannot be read; empty where it can.
        kept: Why a readable file stays as it is, in English; empty where it does not.
    """

    text: str | None
    found: tuple[Diagnostic, ...] = ()
    kept: str = ""


def format_text(data: bytes, name: str) -> Formatted:
    """Lay a file out: two blanks a level, lists one level in, single blanks, no empty lines in a row.

    Quotes, flow style, line breaks inside values, the order of keys and columns of values are kept.

    Args:
        data: The file's bytes.
        name: The file's name for positions.

    Returns:
        The laid-out text, or why the file stays as it is.
    """
    found = Collector()
    before = read_text(data, name, found)
    text = decode(data, name, Collector())
    if before is None or text is None or found.failed:
        return Formatted(None, found.diagnostics)
    text = "\n".join(split_lines(text))
    try:
        made = text
        for _ in range(_ROUNDS):
            last, made = made, Layout(made).write()
            if made == last:
                break
        else:
            return Formatted(None, kept="its layout does not settle")
        said = comments(text) == comments(made)
    except ValueError as failure:
        return Formatted(None, kept=str(failure))
    after = read_text(made.encode(), name, Collector())
    if after is None or outline(after) != outline(before):
        return Formatted(None, kept="another layout would change its meaning")
    if not said:
        return Formatted(None, kept="another layout would lose a comment")
    return Formatted(made)


def outline(node: Node) -> Hashable:
    """Give what a file says without where it says it.

    Args:
        node: The root, or any part.

    Returns:
        Texts, quoting and order as something to compare.
    """
    if isinstance(node, ScalarNode):
        return node.text, node.style
    if isinstance(node, ListNode):
        return ("list", *(outline(item) for item in node.items))
    assert isinstance(node, MapNode)  # noqa: S101 - for the type checker
    return ("map", *((key.text, key.style, outline(value)) for key, value in node.entries))
