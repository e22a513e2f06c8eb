"""From the bytes of a file to its node tree: bounded, without recursion, every mistake at its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.span import Span
from orderkit._text.builder import Builder, Stop
from orderkit._text.decoding import decode, split_lines, uncommon
from orderkit._text.events import c_events, pure_events
from orderkit._text.nodes import MapNode, Node
from orderkit._text.plain_lines import PlainLines
from orderkit._text.syntax import explain
from orderkit._text.traps import may_warn, warn

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector

_PILE: Final = re.compile(r"(?:[\[{][ \t\r\n]*){33}").search
_MOST_OPEN: Final = 32
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?= |$)[^\r\n]*", re.MULTILINE).search
_DIRECTIVE: Final = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*(%[^\r\n]*)").match


def read_text(data: bytes, name: str, found: Collector, *, pure: bool = False) -> Node | None:
    """Read one YAML file; whatever the bytes are, it ends, with a tree or with findings.

    Args:
        data: The file's bytes.
        name: The file's name for positions.
        found: Takes the findings.
        pure: Read with the parser that needs no compiled part.

    Returns:
        The root; an empty mapping for an empty file; none where the text cannot be read.
    """
    text = decode(data, name, found)
    if text is None:
        return None
    lines = split_lines(text)
    if not _admit(text, name, found):
        return None
    if not pure:
        plain = PlainLines(name)
        root = plain.read(lines)
        if root is not None:
            if plain.commented or may_warn(uncommon(text)):
                warn(root, lines, found)
            return root
    events = (None if pure else c_events(text)) or pure_events(text)
    builder = Builder(events, name, lines, found)
    try:
        root = builder.read()
    except Stop:
        return None
    except events.errors as failure:
        explain(failure, name, lines, found)
        return None
    if root is None:
        return MapNode((), Span(name, 1, 1, 1, 1))
    warn(root, lines, found)
    return root


def _admit(text: str, name: str, found: Collector) -> bool:
    """Refuse what a parser should not even begin with."""
    directive = _DIRECTIVE(text)
    if directive:
        line = len(split_lines(text[: directive.start(1)]))
        found.add("OK122", Span(name, line, 1, line, len(directive[1]) + 1))
        return False
    mark = ("<" * 7 in text or ">" * 7 in text) and _CONFLICT(text)
    if mark:
        line = len(split_lines(text[: mark.start()]))
        found.add("OK151", Span(name, line, 1, line, len(mark[0]) + 1))
        return False
    pile = _piled(text) and _PILE(text)
    if pile:
        before = split_lines(text[: pile.start()])
        line, column = len(before), len(before[-1]) + 1
        found.add("OK117", Span(name, line, column, line, column + 1), most=32)
        return False
    return True


def _piled(text: str) -> bool:
    """Look for many brackets with nothing between them, faster than a search at every character."""
    run = 0
    for between in text.replace("[", "{").split("{")[1:]:
        run = 0 if between.strip(" \t\r\n") else run + 1
        if run >= _MOST_OPEN:
            return True
    return False
