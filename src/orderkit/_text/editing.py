"""Edits of a file's text by path: comments, quotes, line ends and all outside the edit stay as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from orderkit._diagnostics import Collector
from orderkit._diagnostics.fix import Edit, apply, lines_of
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderkit._diagnostics import Span

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys of mappings and positions in lists, from the root."""
Plain: TypeAlias = "str | dict[str, Plain] | list[Plain]"
"""What a tree says without places: texts, lists and mappings."""

_NAME: Final = "text"
_SAFE: Final = re.compile(r"[^\W\d][\w.+-]*(?: [\w.+-]+)*|-?[0-9]+(?:\.[0-9]+)?%?").fullmatch
_WORDS: Final = frozenset({"", "~", "null"})
_BREAK: Final = re.compile(r"\r\n|\r|\n")


class EditRefused(ValueError):  # noqa: N818 - named like the other refusals
    """An edit that cannot be made without changing more than was asked; nothing is changed then."""


def set_value(text: str, path: Path, value: str) -> str:
    """Write another scalar in the place of one that is there.

    Args:
        text: A whole YAML file, without its byte order mark.
        path: Where the scalar stands.
        value: The new text; it is quoted where YAML would read it otherwise.

    Returns:
        The new text of the file.

    Raises:
        EditRefused: There is no scalar, or the file would say anything else too.
    """
    root = _read(text)
    node = _at(root, path)
    if not isinstance(node, ScalarNode):
        message = f"{_shown(path)} is no single value"
        raise EditRefused(message)
    if node.style in ("|", ">") or (not node.text and not node.style):
        return _replaced(text, root, path, value, node)
    flow = _flowing(text, root, path)
    return _checked(
        text, [Edit(node.span, spell(value, node.style, flow=flow))], _with(plain(root), path, value)
    )


def _replaced(text: str, root: Node, path: Path, value: str, node: ScalarNode) -> str:
    """Write a value where there is none, or where a block stands, behind its key."""
    holder, key = _at(root, path[:-1]), node.key
    if not isinstance(holder, MapNode) or key is None:
        message = f"{_shown(path)} holds a block or nothing, and has no key to write behind"
        raise EditRefused(message)
    span, lines = node.span, lines_of(text)
    flow = _flowing(text, root, path)
    if node.style:
        end = span.end_line if span.end_column > 1 else span.end_line - 1
        end_column = span.end_column if span.end_column > 1 else len(lines[end - 1]) + 1
        place = span._replace(end_line=end, end_column=end_column)
        return _checked(text, [Edit(place, spell(value, "", flow=flow))], _with(plain(root), path, value))
    at = key.span._replace(line=key.span.end_line, column=key.span.end_column)
    row = lines[at.line - 1]
    colon = row.find(":", at.column - 1)
    if colon < 0:
        message = f"{_shown(path)} has no colon behind its key"
        raise EditRefused(message)
    place = at._replace(column=colon + 2, end_column=colon + 2)
    return _checked(text, [Edit(place, f" {spell(value, '', flow=flow)}")], _with(plain(root), path, value))


def rename_key(text: str, path: Path, name: str) -> str:
    """Give a key another name; its value, its place and its comments stay.

    Args:
        text: A whole YAML file, without its byte order mark.
        path: Where the key stands.
        name: The new name.

    Returns:
        The new text of the file.

    Raises:
        EditRefused: There is no such key, or the new name is there already.
    """
    root = _read(text)
    holder = _at(root, path[:-1])
    if not isinstance(holder, MapNode) or not path or not isinstance(path[-1], str):
        message = f"{_shown(path)} is no key"
        raise EditRefused(message)
    key = next((one for one, _ in holder.entries if one.text == path[-1]), None)
    if key is None:
        message = f"there is no {_shown(path)}"
        raise EditRefused(message)
    if name != key.text and name in holder.names:
        message = f"{name!r} is there already"
        raise EditRefused(message)
    flow = _flowing(text, root, path)
    wanted = _renamed(plain(root), path, name)
    return _checked(text, [Edit(key.span, spell(name, key.style, flow=flow))], wanted)


def insert(text: str, path: Path, key: str, value: str) -> str:
    """Add a key at the end of a mapping.

    Args:
        text: A whole YAML file, without its byte order mark.
        path: Where the mapping stands; empty for the whole file.
        key: The new key.
        value: Its value, a single text.

    Returns:
        The new text of the file.

    Raises:
        EditRefused: There is no such mapping, or the key is there already.
    """
    root = _read(text)
    node = _at(root, path)
    if not isinstance(node, MapNode) or key in node.names:
        message = (
            f"{_shown((*path, key))} is there already" if isinstance(node, MapNode) else "no mapping there"
        )
        raise EditRefused(message)
    wanted = _with(plain(root), (*path, key), value)
    lines = lines_of(text)
    flow = _opens(node.span, lines) == "{"
    entry = f"{spell(key, '', flow=flow)}: {spell(value, '', flow=flow)}"
    if flow:
        last = node.entries[-1][1].span if node.entries else None
        end = node.span
        if last is None:
            place = end._replace(column=end.column + 1, end_line=end.line, end_column=end.column + 1)
            return _checked(text, [Edit(place, entry)], wanted)
        bare = not node.entries[-1][1].key or (last.end_line, last.end_column)
        line, column = (last.end_line, last.end_column) if bare else (end.end_line, end.end_column - 1)
        place = last._replace(line=line, column=column, end_line=line, end_column=column)
        return _checked(text, [Edit(place, f", {entry}")], wanted)
    if not node.entries:
        new_line = "" if not text or text.endswith(("\n", "\r")) else _ending(text)
        made = f"{text}{new_line}{entry}{_ending(text)}"
        return _same(made, wanted)
    first, last_value = node.entries[0][0], node.entries[-1][1]
    below = max(
        last_value.span.end_line - (last_value.span.end_column == 1), node.entries[-1][0].span.end_line
    )
    row = lines[below - 1]
    place = first.span._replace(line=below, column=len(row) + 1, end_line=below, end_column=len(row) + 1)
    return _checked(text, [Edit(place, f"{_ending(text)}{' ' * (first.span.column - 1)}{entry}")], wanted)


def spell(value: str, style: str, *, flow: bool) -> str:
    """Write a text as a scalar that reads as exactly this text.

    Args:
        value: The text.
        style: Quotes to keep: empty for plain, `'` or `"`.
        flow: Whether it stands inside braces or brackets.

    Returns:
        The scalar; in quotes where it was, or where plain text would be read otherwise.
    """
    simple = value.isprintable() and "\n" not in value
    if not simple or (style == '"' and value.isprintable()):
        return '"' + "".join(_escaped(sign) for sign in value) + '"'
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    if _SAFE(value) and value not in _WORDS:
        return value
    kept = _read_back(f"[{value}]" if flow else f"k: {value}")
    if kept == (value, ""):
        return value
    return "'" + value.replace("'", "''") + "'"


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return known.get(sign, f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")  # noqa: PLR2004


def _read_back(text: str) -> tuple[str, str] | None:
    found = Collector()
    root = read_text(text.encode("utf-8", "replace"), _NAME, found)
    if root is None or found.diagnostics:
        return None
    one: Node | None = None
    if isinstance(root, ListNode) and len(root.items) == 1:
        one = root.items[0]
    elif isinstance(root, MapNode) and len(root.entries) == 1:
        one = root.entries[0][1]
    return (one.text, one.style) if isinstance(one, ScalarNode) and not one.empty else None


def plain(node: Node) -> Plain:
    """Give what a tree says, wherever it stands and however it is written.

    Args:
        node: Any node.

    Returns:
        Texts, lists and mappings.
    """
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [plain(one) for one in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def _with(tree: Plain, path: Path, value: str) -> Plain:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(tree, dict) and isinstance(step, str):
        return {**tree, step: _with(tree.get(step, {}), rest, value)}
    if isinstance(tree, list) and isinstance(step, int):
        return [_with(one, rest, value) if at == step else one for at, one in enumerate(tree)]
    return tree


def _renamed(tree: Plain, path: Path, name: str) -> Plain:
    step, rest = path[0], path[1:]
    if isinstance(tree, dict):
        if not rest:
            return {name if key == step else key: value for key, value in tree.items()}
        return {key: _renamed(value, rest, name) if key == step else value for key, value in tree.items()}
    if isinstance(tree, list) and isinstance(step, int):
        return [_renamed(one, rest, name) if at == step else one for at, one in enumerate(tree)]
    return tree


def _read(text: str) -> Node:
    found = Collector()
    root = read_text(text.encode("utf-8"), _NAME, found)
    if root is None or found.failed:
        message = "the file cannot be read: " + "; ".join(str(one) for one in found.diagnostics)
        raise EditRefused(message)
    return root


def _at(root: Node, path: Path) -> Node:
    node = root
    for step in path:
        inner: Node | None = None
        if isinstance(node, MapNode) and isinstance(step, str):
            inner = node.get(step)
        elif isinstance(node, ListNode) and isinstance(step, int) and -1 < step < len(node.items):
            inner = node.items[step]
        if inner is None:
            message = f"there is no {_shown(path)}"
            raise EditRefused(message)
        node = inner
    return node


def _checked(text: str, edits: Sequence[Edit], wanted: Plain) -> str:
    return _same(apply(text, edits), wanted)


def _same(made: str, wanted: Plain) -> str:
    """Give the new text where it says what was asked and nothing else."""
    try:
        said = plain(_read(made))
    except EditRefused as refused:
        message = "the file would not read afterwards"
        raise EditRefused(message) from refused
    if said != wanted or (isinstance(said, dict) and isinstance(wanted, dict) and list(said) != list(wanted)):
        message = "more than the asked place would change"
        raise EditRefused(message)
    return made


def _flowing(text: str, root: Node, path: Path) -> bool:
    """Tell whether a place lies inside braces or brackets."""
    lines = lines_of(text)
    holders = [_at(root, path[:depth]) for depth in range(len(path))]
    return any(not isinstance(one, ScalarNode) and _opens(one.span, lines) in ("{", "[") for one in holders)


def _opens(span: Span, lines: list[str]) -> str:
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    return line[span.column - 1 : span.column]


def _ending(text: str) -> str:
    hit = _BREAK.search(text)
    return hit[0] if hit else "\n"


def _shown(path: Path) -> str:
    return ".".join(str(step) for step in path) or "the file"
