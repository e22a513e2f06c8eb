"""From parser events to the node tree, with an explicit stack, counted limits and unique keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn
from unicodedata import normalize

from orderkit._diagnostics import Related
from orderkit._diagnostics.span import Span
from orderkit._text.decoding import unseen_in
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.traps import join_thousands, key_trap
from orderkit._text.values import shorten

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector
    from orderkit._text.events import Events

MAX_DEPTH: Final = 32
MAX_EVENTS: Final = 100_000
MAX_SCALAR: Final = 64 * 1024
MAX_KEY: Final = 200
_FIRST: Final = 2
"""The event that begins the first document; the stream's own is before it."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}").fullmatch
_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)+").match


class Stop(Exception):  # noqa: N818 - ends the reading of one file after its finding is noted
    """The text goes past a limit or is no tree; what follows cannot be trusted."""


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = (
        "anchor", "count", "flowing", "height", "items", "key", "keys", "mapping", "pending", "skip", "start"
    )  # fmt: skip

    def __init__(self, event: Any, key: ScalarNode | None, count: int, *, mapping: bool) -> None:
        self.mapping = mapping
        self.key = key
        self.start = event.start_mark
        self.anchor: str = event.anchor or ""
        self.flowing: bool = event.flow_style
        self.count = count
        self.items: list[Any] = []
        self.keys: dict[str, ScalarNode] = {}
        self.pending: ScalarNode | None = None
        self.skip = False
        self.height = 0


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Node | None
    span: Span
    weight: int = 0
    height: int = 0


class Builder:
    """Builds the tree of one file."""

    __slots__ = ("_anchors", "_count", "_events", "_file", "_found", "_lines", "_root", "_stack")

    def __init__(self, events: Events, file: str, lines: list[str], found: Collector) -> None:
        """Start before the first event.

        Args:
            events: The parser.
            file: The file's name for positions.
            lines: The file's lines.
            found: Takes the findings.
        """
        self._events = events
        self._file = file
        self._lines = lines
        self._found = found
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._count = 0
        self._root: Node | None = None

    def read(self) -> Node | None:  # noqa: C901, PLR0912, PLR0915 - a call for each event would double the time
        """Take all events of the text.

        Returns:
            The root, or none where the text holds no document.

        Raises:
            Stop: A limit is passed, or the text is no tree; already noted.
        """
        kinds, following, stack = self._events.kinds, self._events.next, self._stack
        scalar, alias = kinds.ScalarEvent, kinds.AliasEvent
        starts = {kinds.MappingStartEvent: True, kinds.SequenceStartEvent: False}
        ends = (kinds.MappingEndEvent, kinds.SequenceEndEvent)
        file, make, place, node_of, word = self._file, tuple.__new__, Span, ScalarNode, _WORD
        count, most = 0, MAX_EVENTS
        holder: _Open | None = None
        while True:
            event = following()
            count += 1
            if count > most:
                self._stop("OK118", self._at(event), most=MAX_EVENTS)
            kind = event.__class__
            if kind is scalar and holder is not None and event.anchor is None and event.tag is None:
                # The loop's own, because a file is mostly scalars: see `_scalar` for the odd ones.
                start, end, text, style = event.start_mark, event.end_mark, event.value, event.style or ""
                line, column, end_line, end_column = start.line, start.column, end.line, end.column
                span = make(place, (file, line + 1, column + 1, end_line + 1, end_column + 1))
                raw = ""
                if line != end_line or end_column - column != (len(text) + 2 if style else len(text)):
                    raw = self._raw(span)
                pending = holder.pending
                if pending is not None:
                    if not holder.skip:
                        holder.items.append((pending, make(node_of, (text, span, style, pending, raw))))
                    holder.pending = None
                    holder.skip = False
                elif holder.mapping:
                    key = make(node_of, (text, span, style, None, raw))
                    holder.pending = key
                    if style or text in holder.keys or not word(text):
                        self._odd_key(holder, key, anchored=False)
                    else:
                        holder.keys[text] = key
                    continue
                else:
                    holder.items.append(make(node_of, (text, span, style, None, raw)))
                if style == '"' or len(text) > MAX_SCALAR:
                    self._scalar_limits(text, style, span)
                continue
            self._count = count
            if kind is scalar:
                self._scalar(event)
            elif kind in starts:
                if len(stack) >= MAX_DEPTH:
                    self._stop("OK117", self._at(event), most=MAX_DEPTH)
                holder = self._open(event, holder, mapping=starts[kind])
            elif kind in ends:
                holder = self._close(event)
            elif kind is alias:
                self._alias(event)
                count = self._count
            elif kind is kinds.StreamEndEvent:
                return self._root
            elif kind is kinds.DocumentStartEvent and count > _FIRST:
                self._stop("OK123", self._at(event))

    def _scalar(self, event: Any) -> None:
        """Take a scalar that is the root, or has an anchor or a tag."""
        text, style = event.value, event.style or ""
        span = self._properties(event, self._span(event.start_mark, event.end_mark))
        simple = span.line == span.end_line
        simple = simple and span.end_column - span.column == len(text) + 2 * bool(style)
        raw = "" if simple else self._raw(span)
        holder = self._stack[-1] if self._stack else None
        if holder is not None and holder.mapping and holder.pending is None:
            key = ScalarNode(text, span, style, None, raw)
            holder.pending = key
            self._odd_key(holder, key, anchored=event.anchor is not None)
            return
        node = ScalarNode(text, span, style, None if holder is None else holder.pending, raw)
        self._put(holder, node, 0)
        if style == '"' or len(text) > MAX_SCALAR:
            self._scalar_limits(text, style, span)
        if event.anchor is not None:
            self._anchor(event, _Anchored(node, span, 1, 0))

    def _raw(self, span: Span) -> str:
        """Cut a scalar out of the file as it stands there."""
        rows = self._lines[span.line - 1 : span.end_line]
        if not rows:
            return ""
        if span.end_line - span.line < len(rows):
            rows = [*rows[:-1], rows[-1][: span.end_column - 1]]
        return "\n".join([rows[0][span.column - 1 :], *rows[1:]])

    def _scalar_limits(self, text: str, style: str, span: Span) -> None:
        if len(text) > MAX_SCALAR:
            self._found.add("OK119", span, size=len(text), most=MAX_SCALAR)
        sign = unseen_in(text) if style == '"' else ""
        if sign:
            self._found.add("OK141", span, sign=sign)

    def _odd_key(self, holder: _Open, key: ScalarNode, *, anchored: bool) -> None:
        """Check a key that is more than a new plain ASCII word."""
        text = key.text
        if key.empty or text == "<<":
            self._found.add("OK126" if key.empty else "OK124", key.span)
            holder.skip = True
            return
        if anchored:
            self._found.add("OK125", key.span)
        if len(text) > MAX_KEY:
            self._found.add("OK120", key.span, size=len(text), most=MAX_KEY)
        self._scalar_limits(text[:MAX_SCALAR], key.style, key.span)
        key_trap(key, self._found)
        same = (text if text.isascii() else normalize("NFKC", text)).strip()
        first = holder.keys.setdefault(same, key)
        if first is not key:
            other = Related(first.span, f"`{shorten(first.text)}`")
            self._found.add("OK112", key.span, related=[other], key=shorten(text))
            holder.skip = True

    def _open(self, event: Any, holder: _Open | None, *, mapping: bool) -> _Open:
        key = None
        if event.tag is not None:
            self._properties(event, self._at(event))
        if holder is not None:
            key = holder.pending
            if holder.mapping and key is None:
                self._stop("OK125", self._at(event))
        opened = _Open(event, key, self._count, mapping=mapping)
        self._stack.append(opened)
        if opened.anchor:
            self._anchor(event, _Anchored(None, self._at(event)))
        return opened

    def _close(self, event: Any) -> _Open | None:
        stack = self._stack
        done = stack.pop()
        holder = stack[-1] if stack else None
        span = self._extent(done, event)
        node: Node
        if done.mapping:
            if done.flowing:
                join_thousands(done.items, self._found)
            node = tuple.__new__(MapNode, (tuple(done.items), span, done.key))
        else:
            node = tuple.__new__(ListNode, (tuple(done.items), span, done.key))
        if done.anchor:
            anchored = _Anchored(node, span, self._count - done.count, done.height + 1)
            self._anchors[done.anchor] = anchored
        self._put(holder, node, done.height + 1)
        return holder

    def _alias(self, event: Any) -> None:
        holder = self._stack[-1] if self._stack else None
        span = self._span(event.start_mark, event.end_mark)
        if holder is not None and holder.mapping and holder.pending is None:
            self._stop("OK125", span)
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            self._found.add("OK127", span, name=shorten(event.anchor))
            node: Node = ScalarNode("", span, "", None if holder is None else holder.pending)
            self._put(holder, node, 0)
            return
        if anchored.node is None:
            self._stop("OK128", span, (Related(anchored.span, f"&{event.anchor}"),), name=event.anchor)
        self._count += anchored.weight
        if self._count > MAX_EVENTS:
            self._stop("OK130", span, most=MAX_EVENTS)
        if len(self._stack) + anchored.height > MAX_DEPTH:
            self._stop("OK117", span, most=MAX_DEPTH)
        key = None if holder is None else holder.pending
        self._put(holder, anchored.node._replace(key=key), anchored.height)

    def _put(self, holder: _Open | None, node: Node, height: int) -> None:
        if holder is None:
            self._root = node
            return
        holder.height = max(holder.height, height)
        if not holder.mapping:
            holder.items.append(node)
            return
        if not holder.skip:
            holder.items.append((holder.pending, node))
        holder.pending = None
        holder.skip = False

    def _anchor(self, event: Any, anchored: _Anchored) -> None:
        if event.anchor in self._anchors:
            other = Related(self._anchors[event.anchor].span, f"&{event.anchor}")
            self._found.add("OK129", self._at(event), related=[other], name=shorten(event.anchor))
        if not event.anchor.isascii():
            self._found.add("OK142", self._at(event), sign="&")
        self._anchors[event.anchor] = anchored

    def _properties(self, event: Any, span: Span) -> Span:
        """Refuse a tag and find the place of the value itself behind its anchor and tag."""
        line = self._lines[span.line - 1] if span.line <= len(self._lines) else ""
        hit = _PROPERTIES(line, span.column - 1)
        written = hit[0] if hit else ""
        if event.tag is not None:
            self._found.add(
                "OK121",
                Span(self._file, span.line, span.column, span.line, span.column + len(written.rstrip())),
            )
        if span.line != span.end_line:
            return span
        return Span(self._file, span.line, span.column + len(written), span.line, span.end_column)

    def _extent(self, done: _Open, event: Any) -> Span:
        """Give the place of a finished list or mapping; block style ends with its last member."""
        items = done.items
        start, end = done.start, event.end_mark
        if items and not done.anchor and not done.flowing:
            last: Span = items[-1][1].span if done.mapping else items[-1].span
            line, column = start.line + 1, start.column + 1
            _, _, _, end_line, end_column = last
            if end_line < line or (end_line == line and end_column < column):
                end_line, end_column = line, column
            return tuple.__new__(Span, (self._file, line, column, end_line, end_column))
        line, column = start.line + 1, start.column + 1
        end_line, end_column = end.line + 1, end.column + 1
        flowing = event.start_mark.column != end.column or event.start_mark.line != end.line
        if items:
            first: Span = items[0][0].span if done.mapping else items[0].span
            last = items[-1][1].span if done.mapping else items[-1].span
            if not flowing:
                end_line, end_column = last.end_line, last.end_column
                end_line, end_column = max((end_line, end_column), (line, column))
            if done.anchor and (not flowing or first.line != line):
                line, column = first.line, first.column
        if done.anchor and flowing and line == start.line + 1:
            hit = _PROPERTIES(self._lines[start.line], start.column)
            column = hit.end() + 1 if hit else column
        return Span(self._file, line, column, end_line, end_column)

    def _at(self, event: Any) -> Span:
        start = event.start_mark
        return Span(self._file, start.line + 1, start.column + 1, start.line + 1, start.column + 2)

    def _span(self, start: Any, end: Any) -> Span:
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _stop(self, code: str, span: Span, related: tuple[Related, ...] = (), **params: Any) -> NoReturn:
        self._found.add(code, span, related=related, **params)
        raise Stop
