"""Joins what the stages heard with what the text shows: every name with its declaration and its uses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from orderkit._diagnostics import NOWHERE, Span
from orderkit._project.listening import Use
from orderkit._project.mentions import Mentions, part_flows
from orderkit._text import MapNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from orderkit._project.files import Sections
    from orderkit._project.listening import Listener

_QUOTES: Final = ("'", '"')
_UNPLACED: Final = ("status",)
"""Kinds whose declarations the vocabulary knows only roughly; the text shows them exactly."""


def resolve(heard: Listener, texts: Mapping[str, str]) -> tuple[tuple[Use, ...], tuple[Use, ...]]:
    """Find every declaration and every use of a project.

    Args:
        heard: What listened while the project was compiled.
        texts: Its files by relative name.

    Returns:
        Declarations and uses, each at exactly its word, without quotes.
    """
    if heard.sections is None:
        return (), ()
    lines = {name: text.splitlines() for name, text in texts.items()}
    mentions = Mentions()
    mentions.read(heard.sections)
    known = heard.vocabulary.names if heard.vocabulary is not None else {}
    declared = [
        Use(kind, name, span)
        for kind, members in known.items()
        if kind.partition(":")[0] not in _UNPLACED
        for name, span in members.items()
        if span != NOWHERE
    ]
    declared += [replace(one, kind=_KINDS.get(one.kind, one.kind)) for one in mentions.declared]
    first: dict[tuple[str, str], Use] = {}
    for one in declared:
        first.setdefault((one.kind, one.name), one)
    names = {key: place for key, use in first.items() for place in _exact(use, lines)[:1]}
    resolver = _Resolver(heard.sections, names)
    places = {use.span for use in names.values()}
    uses: dict[Use, None] = {}
    for raw in (*heard.heard, *mentions.used):
        for one in resolver.meant(raw):
            for exact in _exact(one, lines, of=raw.kind):
                if exact.span not in places:
                    uses.setdefault(exact)
    return tuple(sorted(names.values(), key=_by_place)), tuple(sorted(uses, key=_by_place))


_KINDS: Final = {"field:order": "field"}


def _by_place(one: Use) -> Span:
    return one.span


class _Resolver:
    """Turns what was heard into the kind the name is declared under."""

    def __init__(self, sections: Sections, names: Mapping[tuple[str, str], Use]) -> None:
        self.names = names
        self.parts = part_flows(sections)
        self.actions = list(_actions(sections))

    def meant(self, raw: Use) -> Iterator[Use]:
        kind, _, owner = raw.kind.partition(":")
        path = raw.name.rpartition(".")
        if raw.kind == "dimension":
            yield from self._first(raw, ("field:line" if path[0] == "line" else "field",), path[2])
        elif raw.kind == "event":
            yield from self._first(raw, ("part",), raw.name.partition(".")[0])
        elif raw.kind == "root":
            yield from self._first(raw, ("part",), raw.name)
        elif raw.kind == "table":
            yield from self._first(raw, ("table",), raw.name)
        elif kind == "value":
            holder, _, field = owner.rpartition(".")
            flow = "order" if holder == "order" else self.parts.get(holder, "")
            if field == "state" and flow:
                yield from self._first(raw, (f"state:{flow}",), raw.name)
        elif raw.kind == "field:needs":
            yield from self._need(raw)
        else:
            yield from self._first(raw, _CANDIDATES.get(raw.kind, (raw.kind,)), raw.name)

    def _first(self, raw: Use, kinds: Iterable[str], name: str) -> Iterator[Use]:
        for kind in kinds:
            if (kind, name) in self.names:
                yield Use(kind, name, raw.span, raw.lead)
                return

    def _need(self, raw: Use) -> Iterator[Use]:
        for flow, name, answered, span in self.actions:
            if span.file == raw.span.file and span.line <= raw.span.line <= span.end_line:
                inside = (span.line, span.column) <= (raw.span.line, raw.span.column)
                if inside and (raw.span.end_line, raw.span.end_column) <= (span.end_line, span.end_column):
                    yield from self._first(raw, (f"need:{flow}.{name}", f"need:{flow}.{answered}"), raw.name)


_CANDIDATES: Final[Mapping[str, tuple[str, ...]]] = {
    "field": ("field", "field:order"),
    "field:order": ("field", "part", "status:order"),
    "field:vars": ("var",),
    "field:customer": ("column:customers",),
    "column:customers": ("column:customers",),
}


def _actions(sections: Sections) -> Iterator[tuple[str, str, str, Span]]:
    """Go through the actions: their flow, their name, the action they answer, and where they stand."""
    for flow, node in sections.named.get("flows", {}).items():
        actions = node.get("actions") if isinstance(node, MapNode) else None
        for key, one in actions.entries if isinstance(actions, MapNode) else ():
            answers = one.get("answers") if isinstance(one, MapNode) else None
            yield flow, key.text, answers.text if isinstance(answers, ScalarNode) else "", one.span


def _exact(use: Use, lines: Mapping[str, Sequence[str]], of: str = "") -> list[Use]:
    """Narrow a use to its word; in a text that is folded or escaped, look the word up."""
    rows = lines.get(use.span.file)
    span = use.span
    if rows is None or not 0 < span.line <= span.end_line <= len(rows):
        return []
    if span.line == span.end_line:
        text = rows[span.line - 1][span.column - 1 : span.end_column - 1]
        if text == use.name:
            return [replace(use, lead="")]
        inner = text[1:-1]
        if text[:1] in _QUOTES and text[-1:] == text[:1] and _plain(inner, text[0], use.name):
            return [replace(use, span=span.part(1, len(text) - 1), lead="")]
        if normalize("NFC", text.strip()) == use.name:
            return [replace(use, lead="")]
    return list(_searched(use, rows, of))


def _plain(inner: str, quote: str, name: str) -> bool:
    raw = inner.replace("''", "'") if quote == "'" else inner
    return normalize("NFC", raw) == name


def _searched(use: Use, rows: Sequence[str], of: str) -> Iterator[Use]:
    span = use.span
    text = "\n".join(rows[span.line - 1 : span.end_line])
    start = span.column - 1
    end = len(text) - len(rows[span.end_line - 1]) + span.end_column - 1
    before, after = r"(?<!\w)", r"(?!\w)"
    if of.startswith("value:"):
        before, after = "['\"]", "(?=['\"])"
    elif of.startswith("field:"):
        before = r"\."
    if use.lead:
        before = _led(use.lead)
    for found in re.compile(f"{before}({re.escape(use.name)}){after}").finditer(text, start, end):
        line = text.count("\n", 0, found.start(1))
        column = found.start(1) - (text.rfind("\n", 0, found.start(1)) + 1) + 1
        word = Span(span.file, span.line + line, column, span.line + line, column + len(use.name))
        yield replace(use, span=word, lead="")


def _led(lead: str) -> str:
    """Make a pattern of what stands before a word, whatever way YAML folds or quotes it."""
    words = [re.escape(one).replace("'", "'{1,2}").replace('"', r'\\?"') for one in lead.split()]
    gap = r"\s+"
    return gap.join(words) + (gap if lead[-1:].isspace() else "")
