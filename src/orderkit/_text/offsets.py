"""Where each character of a scalar stands in its file, also where YAML folds lines and resolves escapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Points: TypeAlias = tuple[tuple[int, int], ...]
"""Line and column of each character, both from 1."""
_Char: TypeAlias = tuple[str, int, int]

_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_NUMBERED: Final = {"x": 2, "u": 4, "U": 8}
_HEADER: Final = re.compile(r"[|>](?:[+-]?([1-9])?[+-]?)[ \t]*(?:#.*)?").fullmatch
_BLANKS: Final = " \t"


def points_of(raw: str, text: str, style: str, line: int, column: int) -> Points | None:
    """Find the place of every character of a scalar.

    Args:
        raw: The scalar as it stands in the file, quotes or block sign included.
        text: What YAML reads from it.
        style: Empty for plain text, else the quote or block sign.
        line: Line of its first sign, from 1.
        column: Column of its first sign, from 1.

    Returns:
        One place for each character; None where the places cannot be told for sure.
    """
    rows = re.split(r"\r\n|\r|\n", raw)
    first = [(sign, line, column + at) for at, sign in enumerate(rows[0])]
    rest = [
        [(sign, line + below, at) for at, sign in enumerate(row, 1)] for below, row in enumerate(rows[1:], 1)
    ]
    tries = (
        (_block(rows[1:], rest, style, indent) for indent in _indents(rows))
        if style in ("|", ">")
        else (_flow([first, *rest], style),)
    )
    for found in tries:
        if found is not None and "".join(sign for sign, _, _ in found[: len(text)]) == text:
            return tuple((at, place) for _, at, place in found[: len(text)])
    return None


def _flow(rows: list[list[_Char]], style: str) -> list[_Char] | None:
    """Read plain and quoted text: lines are trimmed and joined by one blank, empty lines are breaks."""
    if style:
        rows = [list(row) for row in rows]
        rows[0] = rows[0][1:]
        rows[-1] = rows[-1][:-1]
    made: list[_Char] = []
    breaks = 0
    glued = False
    for number, row in enumerate(rows):
        signs = row if number == 0 else _trimmed(row, head=True)
        last = number == len(rows) - 1
        cut = style == '"' and not last and _continues(signs)
        if cut:
            signs = signs[:-1]
        elif not last:
            signs = _trimmed(signs, head=False)
        if number and not signs and not last:
            breaks += 1
            continue
        if number and not glued:
            made += _joint(made, breaks, row, rows[number - 1])
        breaks, glued = 0, cut
        read = _resolved(signs, style)
        if read is None:
            return None
        made += read
    return made


def _joint(made: list[_Char], breaks: int, row: list[_Char], before: list[_Char]) -> list[_Char]:
    """Give what stands for the end of a line: one blank, or the empty lines that follow it."""
    _, line, column = made[-1] if made else before[-1] if before else row[0] if row else ("", 1, 1)
    return [("\n", line, column + 1)] * breaks if breaks else [(" ", line, column + 1)]


def _trimmed(row: list[_Char], *, head: bool) -> list[_Char]:
    at = 0 if head else len(row)
    while head and at < len(row) and row[at][0] in _BLANKS:
        at += 1
    while not head and at and row[at - 1][0] in _BLANKS:
        at -= 1
    return row[at:] if head else row[:at]


def _continues(row: list[_Char]) -> bool:
    count = 0
    while count < len(row) and row[-1 - count][0] == "\\":
        count += 1
    return count % 2 == 1


def _resolved(row: list[_Char], style: str) -> list[_Char] | None:
    if style == "'":
        return _doubled(row)
    return _escaped(row) if style == '"' else list(row)


def _doubled(row: list[_Char]) -> list[_Char]:
    made: list[_Char] = []
    at = 0
    while at < len(row):
        made.append(row[at])
        at += 2 if row[at][0] == "'" else 1
    return made


def _escaped(row: list[_Char]) -> list[_Char] | None:
    made: list[_Char] = []
    at = 0
    while at < len(row):
        sign, line, column = row[at]
        if sign != "\\":
            made.append(row[at])
            at += 1
            continue
        if at + 1 >= len(row):
            return None
        kind = row[at + 1][0]
        size = _NUMBERED.get(kind, 0)
        digits = "".join(one for one, _, _ in row[at + 2 : at + 2 + size])
        try:
            meant = chr(int(digits, 16)) if size else _ESCAPES[kind]
        except (ValueError, KeyError, OverflowError):
            return None
        made.append((meant, line, column))
        at += 2 + size
    return made


def _indents(rows: list[str]) -> Iterable[int]:
    """List the indentations that a block may have; the one is right that gives the text that YAML read.

    A stated one counts from the parent's, which is not known here.
    """
    header = _HEADER(rows[0])
    indents = [len(one) - len(one.lstrip(" ")) for one in rows[1:] if one.strip(" ")]
    if header is None or not indents:
        return ()
    return range(int(header[1]), min(indents) + 1) if header[1] else indents[:1]


def _block(texts: list[str], rows: list[list[_Char]], style: str, indent: int) -> list[_Char]:
    """Read a literal or folded block: the indentation is taken off, folded lines are joined by a blank."""
    made: list[_Char] = []
    breaks = 0
    deep_before = False
    begun = False
    for text, row in zip(texts, rows, strict=True):
        inside = row[indent:] if text.strip(" ") or len(text) > indent else []
        if not inside:
            breaks += 1
            continue
        deep = inside[0][0] in _BLANKS
        _, line, column = inside[0]
        if begun:
            end = (made[-1][1], made[-1][2] + 1) if made else (line, column)
            if style == "|" or deep or deep_before:
                made += [("\n", *end)] * (breaks + 1)
            else:
                made += [("\n", *end)] * breaks if breaks else [(" ", *end)]
        else:
            made += [("\n", line, column)] * breaks
        made += inside
        breaks, deep_before, begun = 0, deep, True
    _, line, column = made[-1]
    return made + [("\n", line, column + 1)] * (breaks + 1)
