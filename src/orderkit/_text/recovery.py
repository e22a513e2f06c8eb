"""Reads what is left of a file with a mistake in its YAML, so that one slip hides one section and not all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Collector, Related
from orderkit._text.decoding import decode, split_lines
from orderkit._text.nodes import MapNode, Node, ScalarNode
from orderkit._text.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderkit._diagnostics import Diagnostic

ANY: Final = "*"
"""Stands for a lost stretch whose section nobody can tell."""
_HEAD: Final = re.compile(r"([^\W\d]\w{0,40})[ \t]*(?:[:：]|$)").match
_MOST: Final = 500
_ANCHORS: Final = frozenset({"OK127", "OK129"})
"""Findings about anchors, which may stand in another stretch of the same file."""
_WHOLE_FILE: Final = frozenset({"OK117", "OK118", "OK122", "OK123", "OK130", "OK151"})
"""Findings after which the stretches of a file are not worth reading."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What could be read of a file.

    Args:
        root: The file's tree, or the sections of it that can be read; none where nothing can.
        lost: Names of the sections that cannot be read; `*` where a stretch has no name.
    """

    root: Node | None
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stretch:
    name: str
    first: int
    last: int


def read_sections(data: bytes, name: str, found: Collector) -> Recovered:
    """Read a file; where its YAML is broken, read its sections one by one.

    Args:
        data: The file's bytes.
        name: The file's name for positions.
        found: Takes the findings.

    Returns:
        The tree and what is missing from it.
    """
    own = Collector()
    root = read_text(data, name, own)
    told = own.diagnostics
    if root is not None and not _misplaced(told):
        found.extend(told)
        return Recovered(root)
    text = decode(data, name, Collector())
    cut = [] if text is None or any(one.code in _WHOLE_FILE for one in told) else _cut(split_lines(text))
    if text is None or len(cut) < 2:  # noqa: PLR2004 - one stretch is the file itself
        found.extend(told)
        return Recovered(None, frozenset({ANY}))
    return _pieces(text, name, cut, told, found)


def _cut(lines: list[str]) -> list[_Stretch]:
    heads = [(number, hit[1]) for number, line in enumerate(lines) if (hit := _HEAD(line))][:_MOST]
    if not heads:
        return []
    ends = [number for number, _ in heads[1:]] + [len(lines)]
    return [_Stretch(name, first, last) for (first, name), last in zip(heads, ends, strict=True)]


def _pieces(
    text: str, name: str, cut: list[_Stretch], told: tuple[Diagnostic, ...], found: Collector
) -> Recovered:
    lines = split_lines(text)
    entries: dict[str, tuple[ScalarNode, Node]] = {}
    lost: set[str] = set()
    broken: list[tuple[_Stretch, tuple[Diagnostic, ...]]] = []
    for one in cut:
        own = Collector()
        # Line ends in front keep every position what it is in the whole file.
        piece = "\n" * one.first + "\n".join(lines[one.first : one.last]) + "\n"
        node = read_text(piece.encode(), name, own)
        said = tuple(each for each in own.diagnostics if each.code not in _ANCHORS)
        if not isinstance(node, MapNode) or _misplaced(said):
            lost.add(one.name)
            if said:
                broken.append((one, said))
            continue
        found.extend(said)
        for key, value in node.entries:
            first = entries.setdefault(key.text, (key, value))
            if first[0] is not key:
                related = [Related(first[0].span, f"`{key.text}`")]
                found.add("OK112", key.span, related=related, key=key.text)
    found.extend(_chosen(told, broken))
    members = tuple(entries.values())
    if not lost:
        lost.add(ANY)
    return Recovered(MapNode(members, members[0][0].span) if members else None, frozenset(lost))


def _misplaced(told: Iterable[Diagnostic]) -> bool:
    """Tell whether keys stand at a level that nobody meant: what follows from it says nothing."""
    return any(one.code == "OK133" for one in told)


def _chosen(
    told: tuple[Diagnostic, ...], broken: list[tuple[_Stretch, tuple[Diagnostic, ...]]]
) -> Iterable[Diagnostic]:
    """Prefer what the whole file's reader says of a stretch; it has seen the lines around it."""
    if not broken:
        return told
    chosen: list[Diagnostic] = []
    for stretch, said in broken:
        here = [one for one in told if stretch.first < one.line <= stretch.last]
        chosen += here or said
    return chosen
