"""The outline of a file: its sections, and the members that declare something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit._diagnostics import Collector, Span
from orderkit._text import MapNode, Node, read_text

if TYPE_CHECKING:
    from orderkit._project.loading import Inspection


@dataclass(frozen=True, slots=True)
class Symbol:
    """One entry of the outline.

    Args:
        name: As written.
        kind: The kind of name it declares; `section` for what declares none.
        span: All of it.
        word: The name's own place.
        inner: What is inside it.
    """

    name: str
    kind: str
    span: Span
    word: Span
    inner: tuple[Symbol, ...] = ()


def outline(told: Inspection, file: str, text: str) -> tuple[Symbol, ...]:
    """List what a file declares.

    Args:
        told: The inspected project.
        file: The file.
        text: Its text.

    Returns:
        Sections with their members; none while the file is no YAML.
    """
    root = read_text(text.encode(), file, Collector())
    places = {(one.span.line, one.name): one.kind for one in told.names if one.span.file == file}
    return _symbols(root, places) if root is not None else ()


def _symbols(node: Node, places: dict[tuple[int, str], str], depth: int = 0) -> tuple[Symbol, ...]:
    found = []
    for key, value in node.entries if isinstance(node, MapNode) else ():
        kind = places.get((key.span.line, key.text), "")
        inner = _symbols(value, places, depth + 1)
        if kind or inner or depth == 0:
            end = (
                value.span
                if (value.span.line, value.span.column) >= (key.span.line, key.span.column)
                else key.span
            )
            last = max((end.end_line, end.end_column), (key.span.end_line, key.span.end_column))
            span = Span(key.span.file, key.span.line, key.span.column, *last)
            found.append(Symbol(key.text, kind or "section", span, key.span, inner))
    return tuple(found)
