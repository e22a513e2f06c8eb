"""The plain part of YAML that files mostly consist of, read by one pattern a line and without a parser.

Asking a parser for twenty thousand events costs more than all else a load does. Lines such as `key:`,
`key: value`, `- value`, `- key: value` and comments, with values that are plain, quoted without escapes or
in braces on one line, can only mean one thing. A file that holds anything else, a mistake among them, is
left to the parser as a whole: this reader finds no mistakes, it is only sure or not.
`tests/text/test_plain_lines.py` holds that both make the same tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderkit._diagnostics.span import Span
from orderkit._text.builder import MAX_DEPTH, MAX_EVENTS, MAX_SCALAR
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.plain_values import KEY, PLAIN, PlainValue, Unsure

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINES: Final = re.compile(
    rf"^( *+)(- ++)?+(?:({KEY})(:(?: ++|$)))?+(?:({PLAIN})|([\[{{'\"][^\n]*+))?+"
    r"( *+(?:(?<![^ \n])#[^\n]*+)?+)$",
    re.MULTILINE,
).findall
_OUTER: Final = 5
"""Events that are neither members nor ends of collections: stream, document and the root itself."""

_Level: TypeAlias = tuple[int, bool, list[Any], set[str], "ScalarNode | None", tuple[int, int]]
"""An outer list or mapping: indentation, whether it is a mapping, members, keys, its own key, its place."""


class PlainLines:
    """Reads one file.

    Args:
        file: The file's name for positions.
    """

    __slots__ = ("commented", "file")

    def __init__(self, file: str) -> None:
        """Start before the first line."""
        self.file = file
        self.commented = False
        """Whether a comment stands behind a value, which may be the end of a cut value."""

    def read(self, lines: Sequence[str]) -> Node | None:  # noqa: C901, PLR0912, PLR0915 - calls would cost as much as the work
        """Take all lines of a file.

        Args:
            lines: The lines without their ends.

        Returns:
            The tree; none where a line is not plain, so that only a parser can tell what it means.
        """
        if len(max(lines, key=len)) > MAX_SCALAR:
            return None
        read = _LINES("\n".join(lines))
        if len(read) != len(lines):
            return None
        file, make, place, node_of, map_of, list_of = (
            self.file, tuple.__new__, Span, ScalarNode, MapNode, ListNode
        )  # fmt: skip
        stack: list[_Level] = []
        # The innermost list or mapping: its indentation, whether it is a mapping, and what it holds so far.
        indent, mapping = -1, False
        items: list[Any] = []
        keys: set[str] = set()
        owner: ScalarNode | None = None
        waiting: ScalarNode | None = None
        begun = (0, 0)
        count, end_line, end = _OUTER, 0, 0
        for number, (lead, dash, key, colon, plain, odd, rest) in enumerate(read, 1):
            if not key and not dash:
                if plain or odd:
                    return None
                continue
            column = len(lead)
            if waiting is not None and (column > indent or (dash and column == indent)):
                stack.append((indent, mapping, items, keys, owner, begun))
                indent, mapping, items, keys, owner = column, not dash, [], set(), waiting
                begun = (number, column + 1)
                waiting = None
                if len(stack) > MAX_DEPTH:
                    return None
            else:
                if waiting is not None:
                    end += 1
                    spot = make(place, (file, end_line, end, end_line, end))
                    items.append((waiting, make(node_of, ("", spot, "", waiting, ""))))
                    waiting = None
                while indent > column or (indent == column and not mapping and not dash):
                    if mapping and len(keys) != len(items):
                        return None
                    count += 1 + (len(items) << mapping)
                    span = make(place, (file, *begun, end_line, end))
                    done = make(map_of if mapping else list_of, (tuple(items), span, owner))
                    key_of = owner
                    indent, mapping, items, keys, owner, begun = stack.pop()
                    items.append((key_of, done) if mapping else done)
                if indent != column or (mapping if dash else not mapping):
                    if indent >= 0 or dash or column:
                        return None
                    stack.append((indent, mapping, items, keys, owner, begun))
                    indent, mapping, begun = 0, True, (number, 1)
                    items, keys = [], set()
            if dash:
                column += len(dash)
                if key:
                    stack.append((indent, mapping, items, keys, owner, begun))
                    indent, mapping, items, keys, owner = column, True, [], set(), None
                    begun = (number, column + 1)
                    if len(stack) > MAX_DEPTH:
                        return None
            end_line = number
            if key:
                keys.add(key)
                end = column + len(key) + 1
                span = make(place, (file, number, column + 1, number, end))
                name = make(node_of, (key, span, "", None, ""))
                if plain:
                    column = end + len(colon)
                    end = column + len(plain)
                    span = make(place, (file, number, column, number, end))
                    items.append((name, make(node_of, (plain, span, "", name, ""))))
                elif odd:
                    column = end + len(colon) - 1
                else:
                    waiting = name
                    continue
            elif plain:
                end = column + len(plain) + 1
                span = make(place, (file, number, column + 1, number, end))
                name = None
                items.append(make(node_of, (plain, span, "", None, "")))
            elif odd:
                name = None
            else:
                return None
            if odd:
                value = PlainValue(odd, file, number, column, MAX_DEPTH - len(stack))
                try:
                    made = value.read(name)
                except Unsure:
                    return None
                items.append(made if name is None else (name, made))
                count += value.count
                end = made.span[4]
                self.commented = self.commented or "#" in odd[value.at :]
            elif rest and not rest.isspace():
                self.commented = True
        if waiting is not None:
            end += 1
            items.append((waiting, ScalarNode("", Span(file, end_line, end, end_line, end), "", waiting)))
        stack.append((indent, mapping, items, keys, owner, begun))
        root: Node | None = None
        for _, mapping, items, keys, owner, begun in reversed(stack[1:]):
            if root is not None:
                items.append((root.key, root) if mapping else root)
            if mapping and len(keys) != len(items):
                return None
            count += 1 + (len(items) << mapping)
            span = Span(file, *begun, end_line, end)
            root = MapNode(tuple(items), span, owner) if mapping else ListNode(tuple(items), span, owner)
        return root if count <= MAX_EVENTS else None
