"""Where in a file the cursor stands, found from indentation and brackets: half-written text has no tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY: Final = re.compile(r"(\"[^\"]*\"|'[^']*'|[^\s#\"'{}\[\],&*!|>%@][^#\"']*?)\s*:(?=\s|$)\s*")
_DASHES: Final = re.compile(r"(?:-\s+|-$)")
_BLOCK: Final = re.compile(r"[|>][+-]?\d*[+-]?\s*(#.*)?$")
_QUOTES: Final = "'\""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The keys around a place, and the word that ends there.

    Args:
        path: Keys from the root; members of lists do not count.
        is_value: Whether the last key's value begins here; else a key or a member of a list is written.
        prefix: What of the word stands before the cursor, without its opening quote.
        quote: The quote that is open, or an empty text.
        in_list: Whether the word is a member of a list.
    """

    path: tuple[str, ...]
    is_value: bool
    prefix: str
    quote: str = ""
    in_list: bool = False


@dataclass(slots=True)
class _Flow:
    """Reads `{…}` and `[…]` sign by sign."""

    keys: list[tuple[str, str | None]] = field(default_factory=list)
    """Open brackets with the key that is being given its value."""
    token: str = ""
    quote: str = ""
    quoted: str = ""

    def feed(self, text: str) -> None:
        for at, sign in enumerate(text):
            if self.quote:
                self._inside(sign)
            elif sign in _QUOTES and not self.token.strip():
                self.quote, self.quoted, self.token = sign, sign, ""
            elif sign in "{[":
                self.keys.append((sign, None))
                self._clear()
            elif sign in "}]":
                if self.keys:
                    self.keys.pop()
                self._clear()
            elif sign == ",":
                if self.keys:
                    self.keys[-1] = (self.keys[-1][0], None)
                self._clear()
            elif sign == ":" and self._ends_key(text, at):
                self.keys[-1] = (self.keys[-1][0], self.token.strip())
                self._clear()
            else:
                self.token += sign

    def _inside(self, sign: str) -> None:
        if sign == self.quote:
            self.quote = ""
        else:
            self.token += sign

    def _ends_key(self, text: str, at: int) -> bool:
        after = text[at + 1 : at + 2]
        in_map = bool(self.keys) and self.keys[-1] == ("{", None)
        in_list = bool(self.keys) and self.keys[-1] == ("[", None)
        return (in_map or in_list) and (after in ("", " ", ",", "}") or bool(self.quoted))

    def _clear(self) -> None:
        self.token, self.quoted = "", ""

    def cursor(self, path: tuple[str, ...]) -> Cursor:
        inner = tuple(key for _, key in self.keys if key is not None)
        top, key = self.keys[-1]
        prefix = self.token if self.quote else self.token.lstrip()
        return Cursor((*path, *inner), key is not None, prefix, self.quote, top == "[" and key is None)


def find(rows: Sequence[str], line: int, column: int) -> Cursor:
    """Find out what is being written at a place.

    Args:
        rows: The file's lines.
        line: Line from 0.
        column: Code points from its start.

    Returns:
        The keys around the place and the word that ends there.
    """
    reader = _Reader()
    for row in rows[:line]:
        reader.row(row)
    return reader.last(rows[line][:column] if line < len(rows) else "")


class _Reader:
    def __init__(self) -> None:
        self.stack: list[tuple[int, str]] = []
        self.flow: _Flow | None = None
        self.block: int | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(key for _, key in self.stack)

    def row(self, row: str) -> None:
        """Take in a line above the cursor."""
        if self.flow is not None:
            self.flow.feed(_bare(row))
            self._settle()
            return
        content = row.strip()
        indent = len(row) - len(row.lstrip())
        if self.block is not None and (not content or indent > self.block):
            return
        self.block = None
        if not content or content.startswith("#") or content == "---":
            return
        rest = self._open(row)
        if rest is None:
            return
        if _BLOCK.match(rest):
            self.block = self.stack[-1][0] if self.stack else 0
        elif rest[:1] in ("{", "["):
            self.flow = _Flow()
            self.flow.feed(_bare(rest))
            self._settle()

    def _settle(self) -> None:
        if self.flow is not None and not self.flow.keys:
            self.flow = None

    def _open(self, row: str) -> str | None:
        """Open the key of a line; give what stands behind it, or a bare member of a list."""
        at = self._dashes(row, len(row) - len(row.lstrip()))
        found = _KEY.match(row, at)
        if found is None:
            return row[at:] or None
        self._leave(at)
        self.stack.append((at, _unquoted(found[1])))
        return row[found.end() :]

    def _dashes(self, row: str, at: int) -> int:
        while found := _DASHES.match(row, at):
            # A list may stand in the column of its key; a deeper key ends at a dash.
            self.stack = [one for one in self.stack if one[0] <= at]
            at = found.end()
        return at

    def _leave(self, indent: int) -> None:
        self.stack = [one for one in self.stack if one[0] < indent]

    def last(self, row: str) -> Cursor:
        """Take in the line of the cursor up to it."""
        if self.flow is not None:
            self.flow.feed(_bare(row))
            if self.flow.keys:
                return self.flow.cursor(self.path)
        start = len(row) - len(row.lstrip())
        if self.block is not None and start > self.block:
            return Cursor(self.path, is_value=True, prefix=row.strip(), quote="|")
        at = self._dashes(row, start)
        dashed = at > start
        found = _KEY.match(row, at)
        if found is None or (found.end() == len(row) and row[-1:] == ":"):
            word = row[at:]
            if word[:1] in ("{", "["):
                return self._flowing(word)
            if dashed:
                self.stack = [one for one in self.stack if one[0] < at]
            else:
                self._leave(at)
            return _word(self.path, word, is_value=False, in_list=dashed)
        self._leave(at)
        self.stack.append((at, _unquoted(found[1])))
        rest = row[found.end() :]
        if rest[:1] in ("{", "["):
            return self._flowing(rest)
        return _word(self.path, rest, is_value=True, in_list=False)

    def _flowing(self, text: str) -> Cursor:
        flow = _Flow()
        flow.feed(_bare(text))
        if not flow.keys:
            return Cursor(self.path, is_value=True, prefix="")
        return flow.cursor(self.path)


def _word(path: tuple[str, ...], text: str, *, is_value: bool, in_list: bool) -> Cursor:
    quote = text[:1] if text[:1] in tuple(_QUOTES) else ""
    return Cursor(path, is_value, text[1:] if quote else text, quote, in_list)


def _unquoted(key: str) -> str:
    return key[1:-1] if key[:1] in tuple(_QUOTES) else key.strip()


def _bare(text: str) -> str:
    """Drop a comment at the end of a line."""
    found = re.search(r"(?:^|\s)#", text)
    if found is None or text[: found.start()].count('"') % 2 or text[: found.start()].count("'") % 2:
        return text
    return text[: found.start()]
