"""Changes one place of a file's text and nothing else; what comes out is read again and compared."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from orderkit._diagnostics import Collector
from orderkit._diagnostics.fix import Edit, apply, overlap
from orderkit._diagnostics.span import Span
from orderkit._text.formatting import outline
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.reader import read_text
from orderkit._text.spelling import shape, shape_of, spell
from orderkit._text.tokens import block_end, comments

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from orderkit._text.spelling import Value

Path: TypeAlias = tuple[str | int, ...]
_MARK: Final = "\ufeff"
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_HERE: Final = "<edited>"


class EditRefused(ValueError):  # noqa: N818 - what happened, as `Refused` of the commands
    """An edit that cannot be made without touching something else."""


def replace(text: str, edits: Iterable[Edit]) -> str:
    """Write other text into stretches of a file.

    Args:
        text: The file; a byte order mark is kept and not counted.
        edits: Stretches of this file with their new text, in any order.

    Returns:
        The new file; every character outside the stretches as it was.

    Raises:
        EditRefused: Two of them touch the same place, or one is outside the file.
    """
    ordered = sorted(edits, key=lambda one: one.span)
    for one, other in pairwise(ordered):
        if overlap(one, other):
            message = f"two edits touch the same place: {one.span} and {other.span}"
            raise EditRefused(message)
    mark, body = _parted(text)
    lines = _BREAK.split(body)
    for one in ordered:
        for line, column in ((one.span.line, one.span.column), (one.span.end_line, one.span.end_column)):
            if not (0 < line <= len(lines) and 0 < column <= len(lines[line - 1]) + 1):
                message = f"there is no such place in the file: {one.span}"
                raise EditRefused(message)
    return mark + apply(body, ordered)


def set_value(text: str, path: Path, value: Value) -> str:
    """Give a key or a list member another value; its quoting is kept where it can be.

    Args:
        text: The file.
        path: Keys and, in lists, places from 0, from the root to the value.
        value: Plain data.

    Returns:
        The new file.

    Raises:
        EditRefused: There is no such path, the file cannot be read, or something else would change.
    """
    mark, body = _parted(text)
    root = _read(body)
    node = _at(root, path)
    flow = _flowing(body, root, path)
    start, end = _bounds(body, node)
    style = node.style if isinstance(node, ScalarNode) else ""
    written = _literal(body, node, value) or spell(value, flow=flow, style=style)
    if isinstance(node, MapNode | ListNode) and not flow and not _bracketed(body, node):
        start = len(body[:start].rstrip())
    if body[:start] and body[start - 1] in (":", "-"):
        written = f" {written}"
    made = body[:start] + written + body[end:]

    def wanted(there: Node) -> bool:
        return shape_of(there) == shape(value)

    return mark + _checked(body, made, path, wanted, root)


def insert(text: str, path: Path, key: str | int, value: Value) -> str:
    """Add a key to a mapping, at its end, or a member to a list, before the one that has the place now.

    Args:
        text: The file.
        path: Keys and places from the root to the mapping or list; an empty value becomes a mapping,
            or a list where the key is 0.
        key: The new key; or the place in the list, its length to append.
        value: Plain data.

    Returns:
        The new file.

    Raises:
        EditRefused: There is no such mapping or list, the key is there, or something else would change.
    """
    mark, body = _parted(text)
    root = _read(body)
    node = _at(root, path)
    if isinstance(node, MapNode) and isinstance(key, str):
        if key in node.names:
            message = f"{_named((*path, key))} is there already"
            raise EditRefused(message)
        members = [Span(*k.span[:3], *v.span[3:]) for k, v in node.entries]
        place = len(members)
    elif isinstance(node, ListNode) and isinstance(key, int):
        members, place = [item.span for item in node.items], key
        if not 0 <= key <= len(members):
            message = f"{_named(path)} has {len(members)} members"
            raise EditRefused(message)
    elif isinstance(node, ScalarNode) and node.empty and (isinstance(key, str) or key == 0):
        return mark + _filled(body, root, node, path, key, value)
    else:
        message = f"{_named(path)} takes no {'key' if isinstance(key, str) else 'member'}"
        raise EditRefused(message)
    flow = _flowing(body, root, path) or _bracketed(body, node)
    lead = f"{spell(key, flow=flow, key=True)}: " if isinstance(key, str) else "" if flow else "- "
    made = (_into_brackets if flow else _into_lines)(body, node, place, lead + spell(value, flow=flow))
    return mark + _checked(
        body, made, (*path, key), lambda there: shape_of(there) == shape(value), root, new=True
    )


def rename_key(text: str, path: Path, new: str) -> str:
    """Give one key of a mapping another name; its value and its place stay.

    Args:
        text: The file.
        path: Keys and places from the root to the key.
        new: The new name.

    Returns:
        The new file.

    Raises:
        EditRefused: There is no such key, the name is taken, or something else would change.
    """
    mark, body = _parted(text)
    root = _read(body)
    owner = _at(root, path[:-1])
    keys = {key.text: key for key, _ in owner.entries} if isinstance(owner, MapNode) else {}
    if not path or path[-1] not in keys:
        message = f"there is no key {_named(path)}"
        raise EditRefused(message)
    if new in keys and new != path[-1]:
        message = f"{_named((*path[:-1], new))} is there already"
        raise EditRefused(message)
    key = keys[str(path[-1])]
    flow = _flowing(body, root, path)
    start, end = _bounds(body, key)
    made = body[:start] + spell(new, flow=flow, style=key.style, key=True) + body[end:]
    value = outline(_at(root, path))
    after = (*path[:-1], new)
    return mark + _checked(body, made, path, lambda there: outline(there) == value, root, now=after)


def _parted(text: str) -> tuple[str, str]:
    return (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)


def _read(text: str) -> Node:
    found = Collector()
    try:
        root = read_text(text.encode(), "", found)
    except UnicodeEncodeError as failure:
        message = "the text holds half a character"
        raise EditRefused(message) from failure
    if root is None or found.failed:
        wrong = next(iter(found.diagnostics), None)
        message = f"the file cannot be read: {wrong}"
        raise EditRefused(message)
    return root


def _named(path: Path) -> str:
    return ".".join(str(step) for step in path) or "the file"


def _at(root: Node, path: Path) -> Node:
    node: Node | None = root
    for depth, step in enumerate(path, 1):
        if isinstance(node, MapNode) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, ListNode) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
        else:
            node = None
        if node is None:
            message = f"there is no {_named(path[:depth])}"
            raise EditRefused(message)
    assert node is not None  # noqa: S101 - for the type checker
    return node


def _starts(text: str) -> list[int]:
    return [0, *(hit.end() for hit in _BREAK.finditer(text))]


def _bounds(text: str, node: Node) -> tuple[int, int]:
    """Give the offsets of a node, without the line ends behind a block."""
    starts, span = _starts(text), node.span
    start = starts[span.line - 1] + span.column - 1
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        end = block_end(text, start)
        return start, end - (text[end - 1] == "\r")
    end = starts[span.end_line - 1] + span.end_column - 1
    if isinstance(node, MapNode | ListNode) and not _bracketed(text, node):
        last = node.entries[-1] if isinstance(node, MapNode) else node.items[-1:]
        # An alias has the place of what it repeats, which is above.
        end = max(start, *(_bounds(text, one)[1] for one in last))
    return start, end


def _bracketed(text: str, node: Node) -> bool:
    if isinstance(node, MapNode) and not node.entries and not text.strip():
        return False
    start = _starts(text)[node.span.line - 1] + node.span.column - 1
    return isinstance(node, MapNode | ListNode) and text[start : start + 1] in ("{", "[")


def _flowing(text: str, root: Node, path: Path) -> bool:
    """Tell whether a place is inside brackets."""
    return any(_bracketed(text, _at(root, path[:depth])) for depth in range(len(path)))


def _literal(text: str, node: Node, value: Value) -> str:
    """Write a text of several lines as the block it was, where it was one."""
    if not (isinstance(node, ScalarNode) and node.style == "|" and isinstance(value, str) and "\n" in value):
        return ""
    lines = value.removesuffix("\n").split("\n")
    start, _ = _bounds(text, node)
    line = text[_starts(text)[node.span.line - 1] : start]
    indent = len(line) - len(line.lstrip(" -"))
    if lines[0][:1] in (" ", "") or not lines[-1]:
        return ""
    feed = _feed(text)
    header = "|" if value.endswith("\n") else "|-"
    return header + "".join(feed + (" " * (indent + 2) + one if one else "") for one in lines)


def _feed(text: str) -> str:
    hit = _BREAK.search(text)
    return hit[0] if hit else "\n"


def _into_brackets(text: str, node: MapNode | ListNode, place: int, written: str) -> str:
    members: list[Node] = (
        [value for _, value in node.entries] if isinstance(node, MapNode) else list(node.items)
    )
    start, end = _bounds(text, node)
    if not _bracketed(text, node):  # `[pay: {…}]`: the one pair has no braces of its own
        return f"{text[:start]}{{{text[start:end]}, {written}}}{text[end:]}"
    if not members:
        return text[: start + 1] + written + text[end - 1 :]
    if place == len(members):
        at = _bounds(text, members[-1])[1]
        return f"{text[:at]}, {written}{text[at:]}"
    at = _bounds(text, members[place])[0]
    return f"{text[:at]}{written}, {text[at:]}"


def _into_lines(text: str, node: MapNode | ListNode, place: int, written: str) -> str:
    feed, starts = _feed(text), _starts(text)
    members = node.entries if isinstance(node, MapNode) else node.items
    if not members:
        lead = "" if not text or text.endswith(("\n", "\r")) else feed
        return f"{text}{lead}{written}{feed}"
    indent = " " * (node.span.column - 1)
    if place < len(members):
        assert isinstance(node, ListNode)  # noqa: S101 - keys are added at the end only
        at = _bounds(text, node.items[place])[0]
        dash = text.rfind("-", starts[node.items[place].span.line - 1], at)
        return f"{text[:dash]}{written}{feed}{indent}{text[dash:]}"
    _, end = _bounds(text, node)
    hit = _BREAK.search(text, end)
    if hit is None:
        return f"{text}{feed}{indent}{written}"
    return f"{text[: hit.end()]}{indent}{written}{hit[0]}{text[hit.end() :]}"


def _filled(text: str, root: Node, node: Node, path: Path, key: str | int, value: Value) -> str:
    """Make a mapping or a list of one member where nothing is written yet."""
    flow = _flowing(text, root, path)
    member = spell({key: value} if isinstance(key, str) else [value])
    start, end = _bounds(text, node)
    if not flow and not text[start:end] and path:
        column = node.key.span.column - 1 if node.key else text.rfind("-", 0, start) - _line(text, start)
        inner = spell(value, flow=False)
        lead = f"{spell(key, flow=False, key=True)}: " if isinstance(key, str) else "- "
        at = hit.start() if (hit := _BREAK.search(text, start)) else len(text)
        made = f"{text[:at]}{_feed(text)}{' ' * (column + 2)}{lead}{inner}{text[at:]}"
    else:
        blank = "" if text[start - 1 : start] in (" ", "") else " "
        made = text[:start] + blank + member + text[end:]
    wanted = shape({key: value} if isinstance(key, str) else [value])
    return _checked(text, made, path, lambda there: shape_of(there) == wanted, root)


def _line(text: str, at: int) -> int:
    return max(start for start in _starts(text) if start <= at)


def _checked(
    before: str,
    after: str,
    path: Path,
    wanted: Callable[[Node], bool],
    root: Node,
    *,
    new: bool = False,
    now: Path | None = None,
) -> str:
    """Read the new text: it says what was asked at the place, and what it said everywhere else."""
    made = _read(after)
    there = now or path
    said = outline(root) if new else _without(root, path, named=now is None)
    same = said == _without(made, there, named=now is None, drop=new)
    if not (same and wanted(_at(made, there)) and _remarks(before) == _remarks(after)):
        message = f"{_named(path)} cannot be changed here without changing something else"
        raise EditRefused(message)
    return after


def _remarks(text: str) -> list[str]:
    try:
        return comments("\n".join(_BREAK.split(text)))
    except ValueError as failure:
        raise EditRefused(str(failure)) from failure


def _without(node: Node, path: Path, *, named: bool, drop: bool = False) -> Hashable:
    """Give what a file says, one place left out: its value, its name too where that changes, or all of it."""
    if not path:
        return _HERE
    step, last = path[0], len(path) == 1
    if isinstance(node, MapNode):
        entries = [(key, value) for key, value in node.entries if not (drop and last and key.text == step)]
        return (
            "map",
            *(
                (key.text, key.style, outline(value))
                if key.text != step
                else (
                    *((_HERE, "") if last and not named else (key.text, key.style)),
                    _without(value, path[1:], named=named, drop=drop),
                )
                for key, value in entries
            ),
        )
    if isinstance(node, ListNode):
        items = [
            (place, item) for place, item in enumerate(node.items) if not (drop and last and place == step)
        ]
        return (
            "list",
            *(
                _without(item, path[1:], named=named, drop=drop) if place == step else outline(item)
                for place, item in items
            ),
        )
    return outline(node)
