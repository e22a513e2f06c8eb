"""What a YAML file is written with, sign by sign: the tokens, what stands between them, and its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER: Final = re.compile(r"[|>]([+-]?)([1-9]?)([+-]?)")


class Sort(StrEnum):
    """What a token is; the first four are written with no sign of their own."""

    MAP = "map"
    LIST = "list"
    KEY = "key"
    END = "end"
    DASH = "dash"
    COLON = "colon"
    COMMA = "comma"
    OPEN = "open"
    CLOSE = "close"
    MARK = "mark"
    VALUE = "value"
    BLOCK = "block"
    DOCUMENT = "document"


UNWRITTEN: Final = frozenset({Sort.MAP, Sort.LIST, Sort.KEY, Sort.END})

_SORTS: Final = {
    "BlockMappingStartToken": Sort.MAP,
    "BlockSequenceStartToken": Sort.LIST,
    "BlockEndToken": Sort.END,
    "KeyToken": Sort.KEY,
    "ValueToken": Sort.COLON,
    "BlockEntryToken": Sort.DASH,
    "FlowEntryToken": Sort.COMMA,
    "FlowMappingStartToken": Sort.OPEN,
    "FlowSequenceStartToken": Sort.OPEN,
    "FlowMappingEndToken": Sort.CLOSE,
    "FlowSequenceEndToken": Sort.CLOSE,
    "AnchorToken": Sort.MARK,
    "TagToken": Sort.MARK,
    "AliasToken": Sort.VALUE,
    "ScalarToken": Sort.VALUE,
    "DocumentStartToken": Sort.DOCUMENT,
    "DocumentEndToken": Sort.DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token with its place.

    Args:
        sort: What it is.
        start: Code points from the start of the text.
        end: The same, exclusive.
        column: Column from 0.
    """

    sort: Sort
    start: int
    end: int
    column: int


def tokens(text: str) -> Iterator[Token]:
    """Cut a text that is known to be YAML.

    Args:
        text: A whole file with line feeds only, without byte order mark.

    Yields:
        Its tokens in order; block texts end with their last line.

    Raises:
        ValueError: A key is written with `?`, or the parsers do not agree that it is YAML.
    """
    import yaml

    loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        for one in yaml.scan(text, Loader=loader):
            sort = _SORTS.get(type(one).__name__)
            if sort is None:
                continue
            start, end = one.start_mark.index, one.end_mark.index
            if sort is Sort.KEY and end > start:
                message = "a key is written with `?`"
                raise ValueError(message)
            if sort is Sort.VALUE and getattr(one, "style", None) in ("|", ">"):
                sort, end = Sort.BLOCK, block_end(text, start)
            yield Token(sort, start, end, one.start_mark.column)
    except yaml.YAMLError as failure:
        message = "its signs cannot be told apart"
        raise ValueError(message) from failure


def block_end(text: str, start: int) -> int:
    """Find the end of a text that is written as a block.

    Args:
        text: The whole file.
        start: Where its `|` or `>` stands.

    Returns:
        The end of its last line, the line feed excluded; empty lines belong to it where it keeps them.
    """
    header = _HEADER.match(text, start)
    keeps = header is not None and "+" in (header[1], header[3])
    digit = header[2] if header else ""
    least = max(_parent(text, start), 0) + int(digit) if digit else -1
    at = last = _line_end(text, start)
    while at < len(text):
        begin, at = at + 1, _line_end(text, at + 1)
        line = text[begin:at]
        blank = not line.strip(" \r")
        indent = len(line) - len(line.lstrip(" "))
        if not blank and least < 0:
            least = indent if indent > _parent(text, start) else len(text)
        if not blank and indent < least:
            break
        if begin > len(text) or (begin == len(text) and blank):
            break
        if not blank or keeps:
            last = at
    return last


def _parent(text: str, start: int) -> int:
    """Give the indentation that a block's lines must exceed: that of the line it begins on."""
    begin = text.rfind("\n", 0, start) + 1
    line = text[begin:start]
    head = len(line) - len(line.lstrip(" "))
    while line[head : head + 2] == "- ":
        rest = line[head + 2 :]
        inner = head + 2 + len(rest) - len(rest.lstrip(" "))
        if not line[inner:].strip():
            return head
        head = inner
    return head if line.strip() else -1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def comments(text: str) -> list[str]:
    """List the comments of a text that is known to be YAML.

    Args:
        text: A whole file with line feeds only, without byte order mark.

    Returns:
        Each comment from its `#`, without blanks at its end, in order.
    """
    found: list[str] = []
    at = 0
    for one in tokens(text):
        if one.sort in UNWRITTEN:
            continue
        found += _remarks(text[at : one.start])
        if one.sort is Sort.BLOCK:
            _, sign, said = text[one.start : _line_end(text, one.start)].partition("#")
            found += [f"{sign}{said}".rstrip()] if sign else []
        at = one.end
    return found + _remarks(text[at:])


def _remarks(gap: str) -> list[str]:
    return [line.strip() for line in gap.split("\n") if line.strip()]
