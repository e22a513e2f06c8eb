"""Plain keys and values of YAML, and values in braces or quotes that end on their line."""

from __future__ import annotations

import re
from typing import Final

from orderkit._diagnostics.span import Span
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode

_SIGN: Final = r"[A-Za-z0-9\u4e00-\u9fff]"
_INNER: Final = r"[A-Za-z0-9_.\-/\u3001\u4e00-\u9fff]"
# Keys that are equal only as themselves, and that no trap for keys speaks of.
KEY: Final = rf"(?!null:)(?:{_SIGN}|_(?!_)){_INNER}{{0,50}}+(?: {_INNER}{{1,20}}+){{0,7}}+"
"""A key on a line of its own or in braces."""
_START: Final = r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=[0-9.]))"
PLAIN: Final = rf"{_START}[^\s:#]*+(?:(?: ++(?=[^\s#])|:(?=\S)|(?<=\S)#)[^\s:#]*+)*+"
"""Plain text that ends with its line."""
_IN_BRACES: Final = rf"{_START}(?:[^\s:#,\[\]{{}}?]++|:(?=\w)| ++(?=[^\s:#,\[\]{{}}?]))*+"
_ENTRY: Final = re.compile(rf" *+({KEY})(: ++)(?:({_IN_BRACES}) *+([,}}]))?+").match
_MEMBER: Final = re.compile(rf" *+({_IN_BRACES}) *+([,\]])").match
_PAIR: Final = re.compile(rf"({KEY})(: ++)").match
_TEXT: Final = re.compile(_IN_BRACES).match
_QUOTED: Final = re.compile(r"'([^'\t]*+)'(?!')|\"([^\"\\\t]*+)\"").match
_BLANKS: Final = re.compile(" *+").match
_BEHIND: Final = re.compile(r"(?: ++#.*+| *+)").fullmatch


class Unsure(Exception):  # noqa: N818 - no error: the parser reads what this reader leaves
    """The text is more than plain; what it means only a parser can tell."""


class PlainValue:
    """Reads one value that stands in braces or quotes, and what is behind it on its line.

    Args:
        text: The rest of the line from the value's first sign.
        file: The file's name for positions.
        line: The line's number, from 1.
        shift: How far right the text begins.
        room: How many lists and mappings may stand in one another.
    """

    __slots__ = ("at", "count", "file", "line", "room", "shift", "text")

    def __init__(self, text: str, file: str, line: int, shift: int, room: int) -> None:
        """Start before the first sign."""
        self.text, self.file, self.line, self.shift, self.room = text, file, line, shift, room
        self.at = 0
        self.count = 0

    def read(self, key: ScalarNode | None) -> Node:
        """Read the value up to the end of the line.

        Args:
            key: The key it is the value of.

        Returns:
            Its node; `at` is left behind its last sign.

        Raises:
            Unsure: It is not plain.
        """
        made = self._value(key)
        if not _BEHIND(self.text, self.at):
            raise Unsure
        return made

    def _value(self, key: ScalarNode | None) -> Node:
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self._mapping(key)
        if sign == "[":
            return self._list(key)
        quoted = _QUOTED(self.text, self.at)
        if quoted:
            hit, style, text = quoted, sign, quoted[quoted.lastindex or 1]
        else:
            plain = _TEXT(self.text, self.at)
            if plain is None:
                raise Unsure
            hit, style, text = plain, "", plain[0]
        self.at = hit.end()
        return ScalarNode(text, self._span(hit.start(), hit.end()), style, key)

    def _mapping(self, key: ScalarNode | None) -> MapNode:
        start = self._enter()
        entries: list[tuple[ScalarNode, Node]] = []
        known: set[str] = set()
        text, sign = self.text, ","
        if text[self.at : self.at + 1] == "}":
            self.at += 1
            sign = "}"
        while sign == ",":
            hit = _ENTRY(text, self.at)
            if hit is None or hit[1] in known:
                raise Unsure
            known.add(hit[1])
            begin, end = hit.span(1)
            name = ScalarNode(hit[1], self._span(begin, end))
            if hit[3]:
                value: Node = ScalarNode(hit[3], self._span(*hit.span(3)), "", name)
                self.at, sign = hit.end(), hit[4]
            else:
                self.at = hit.end()
                value = self._value(name)
                sign = self._next("}")
            entries.append((name, value))
        self.count += 1 + 2 * len(entries)
        self.room += 1
        return MapNode(tuple(entries), self._span(start, self.at), key)

    def _list(self, key: ScalarNode | None) -> ListNode:
        start = self._enter()
        items: list[Node] = []
        text, sign = self.text, ","
        if text[self.at : self.at + 1] == "]":
            self.at += 1
            sign = "]"
        while sign == ",":
            hit = _MEMBER(text, self.at)
            if hit is not None:
                items.append(ScalarNode(hit[1], self._span(*hit.span(1))))
                self.at, sign = hit.end(), hit[2]
                continue
            self._skip()
            pair = _PAIR(text, self.at)
            items.append(self._value(None) if pair is None else self._pair(pair))
            sign = self._next("]")
        self.count += 1 + len(items)
        self.room += 1
        return ListNode(tuple(items), self._span(start, self.at), key)

    def _pair(self, hit: re.Match[str]) -> MapNode:
        """Read `key: value` inside a list, which is a mapping of its own without braces."""
        start, end = hit.span(1)
        name = ScalarNode(hit[1], self._span(start, end))
        if not self.room:
            raise Unsure
        self.room -= 1
        self.at = hit.end()
        value = self._value(name)
        self.room += 1
        self.count += 3
        return MapNode(((name, value),), self._span(start, self.at), None)

    def _enter(self) -> int:
        """Go behind an opening sign."""
        if not self.room:
            raise Unsure
        self.room -= 1
        start = self.at
        self.at += 1
        self._skip()
        return start

    def _skip(self) -> None:
        hit = _BLANKS(self.text, self.at)
        if hit:
            self.at = hit.end()

    def _next(self, closing: str) -> str:
        self._skip()
        sign = self.text[self.at : self.at + 1]
        if sign not in (",", closing):
            raise Unsure
        self.at += 1
        return sign

    def _span(self, start: int, end: int) -> Span:
        return Span(self.file, self.line, self.shift + start + 1, self.line, self.shift + end + 1)
