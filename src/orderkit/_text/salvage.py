"""Reads a definition with mistakes as far as it goes, so that one mistake does not hide the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from pydantic import ValidationError

from orderkit._text.definition import Definition, variant
from orderkit._text.findings import report
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.straight import Crooked, straight
from orderkit._text.values import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit._diagnostics import Collector

_D = TypeVar("_D", bound=Definition)
_Path: TypeAlias = tuple[str | int, ...]
_ROUNDS: Final = 12
"""Taking a wrong value away may leave its owner without something it needs; that goes up level by level."""


def salvage(
    model: type[_D],
    node: Node,
    found: Collector,
    *,
    whole: tuple[str, ...] = (),
    fill: Callable[[Node, str], Node | None] | None = None,
) -> _D | None:
    """Read one definition, note every mistake, and give what is left without the wrong parts.

    Args:
        model: The definition's class.
        node: What the file says.
        found: Takes the mistakes, each once.
        whole: Keys whose members are left out as a whole where one has a mistake.
        fill: Gives a value for a key that has to be there and is not.

    Returns:
        The definition, or none where nothing useful is left. It is only good for looking for further
        mistakes: the project does not load.
    """
    chosen = variant(model, node, found)
    if chosen is None:
        return None
    model = chosen
    try:
        plainly: _D = straight(model, node)
    except (Crooked, Mistake):
        pass
    else:
        return plainly
    try:
        return model.model_validate(node, context=found)
    except ValidationError as failure:
        errors: Sequence[Mapping[str, Any]] = failure.errors(include_url=False)
        report(errors, node, found)
    rest: Node = node
    for _ in range(_ROUNDS):
        cut = {_place(rest, error["loc"], whole) for error in errors}
        if () in cut:
            filled = _filled(rest, errors, fill)
            if filled is None:
                return None
            rest = filled
        else:
            rest = _without(rest, cut, ())
        try:
            return model.model_validate(rest)
        except ValidationError as failure:
            errors = failure.errors(include_url=False)
    return None


def _place(root: Node, loc: _Path, whole: tuple[str, ...]) -> _Path:
    """Find the smallest part of the file that holds the mistake."""
    node, path = root, list[str | int]()
    for step in loc:
        if isinstance(node, MapNode) and isinstance(step, str):
            inner = node.get(step)
            if inner is None:
                continue
            node = inner
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            continue
        path.append(step)
    most = 2 if path and path[0] in whole else len(path)
    return tuple(path[:most])


def _filled(
    node: Node, errors: Sequence[Mapping[str, Any]], fill: Callable[[Node, str], Node | None] | None
) -> Node | None:
    missing = [
        str(error["loc"][0]) for error in errors if error["type"] == "missing" and len(error["loc"]) == 1
    ]
    if fill is None or not isinstance(node, MapNode) or not missing:
        return None
    entries = list(node.entries)
    for name in missing:
        given = fill(node, name)
        if given is None:
            return None
        entries.append((ScalarNode(name, node.span), given))
    return node._replace(entries=tuple(entries))


def _without(node: Node, cut: set[_Path], path: _Path) -> Node:
    if isinstance(node, MapNode):
        entries = tuple(
            (key, _without(value, cut, (*path, key.text)))
            for key, value in node.entries
            if (*path, key.text) not in cut
        )
        return node._replace(entries=entries)
    if isinstance(node, ListNode):
        items = tuple(
            _without(item, cut, (*path, place))
            for place, item in enumerate(node.items)
            if (*path, place) not in cut
        )
        return node._replace(items=items)
    return node
