"""Writes a file again token by token with other blanks between the tokens, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from unicodedata import combining, east_asian_width

from orderkit._text.tokens import UNWRITTEN, Sort, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

STEP: Final = 2
_BLANK: Final = " \t"


@dataclass(slots=True)
class _Level:
    """A list or mapping that is open: its column as read, and as written."""

    sort: Sort
    old: int
    new: int
    implied: bool = False
    first: tuple[int, int, int, int] | None = None
    """Of a bracket: the column and the width before its first member, as read and as written."""


class Layout:
    """Lays one text out; made for one text and used once."""

    def __init__(self, text: str) -> None:
        """Read the tokens.

        Args:
            text: A whole file that is known to be YAML, with line feeds only, without byte order mark.

        Raises:
            ValueError: It is written in a way that this layout does not know.
        """
        self._text = text
        self._tokens = list(tokens(text))
        self._columns = aligned(self._tokens, text)
        self._made: list[str] = []
        self._levels: list[_Level] = []
        self._open: list[tuple[int, int]] = []
        self._at = 0
        self._last: Token | None = None
        self._key = False
        self._moved = 0

    def write(self) -> str:
        """Write it.

        Returns:
            The text in its layout.
        """
        for one in self._tokens:
            if one.sort in UNWRITTEN:
                self._structure(one)
            else:
                self._written(one)
        return self._finish()

    def _structure(self, one: Token) -> None:
        if one.sort is Sort.KEY:
            self._leave_implied()
            self._key = True
        elif one.sort is Sort.END:
            self._leave_implied()
            self._levels.pop()
        else:
            self._levels.append(_Level(one.sort, one.column, self._inside()))

    def _leave_implied(self) -> None:
        if self._levels and self._levels[-1].implied:
            self._levels.pop()

    def _inside(self) -> int:
        return self._levels[-1].new + STEP if self._levels else 0

    def _flowing(self) -> bool:
        return bool(self._levels) and self._levels[-1].sort is Sort.OPEN

    def _written(self, one: Token) -> None:
        if one.sort is Sort.DASH and (not self._levels or self._levels[-1].sort is not Sort.LIST):
            self._levels.append(_Level(Sort.LIST, one.column, self._inside(), implied=True))
        begins = one.sort is Sort.DASH or (self._key and not self._flowing())
        self._key = False
        gap = self._text[self._at : one.start]
        if self._last is None or "\n" in gap:
            self._new_line(gap, one, begins=begins)
        else:
            self._made.append(self._between(one, gap))
        flow = self._levels[-1] if self._flowing() else None
        if flow is not None and flow.first is None and one.sort is not Sort.CLOSE:
            flow.first = (*self._before(one), *self._so_far())
        self._made.append(self._spelt(one))
        if one.sort is Sort.OPEN:
            self._levels.append(_Level(Sort.OPEN, one.column, self._inside()))
        elif one.sort is Sort.CLOSE:
            self._levels.pop()
        self._last, self._at = one, one.end
        self._open = [(level.old, level.new) for level in self._levels if level.sort is not Sort.OPEN]

    def _before(self, one: Token) -> tuple[int, int]:
        line = self._text[self._text.rfind("\n", 0, one.start) + 1 : one.start]
        return len(line), width(line)

    def _so_far(self) -> tuple[int, int]:
        line = ""
        for part in reversed(self._made):
            head, feed, tail = part.rpartition("\n")
            line = tail + line
            if feed or head:
                break
        return len(line), width(line)

    def _between(self, one: Token, gap: str) -> str:
        """Choose the blanks between two tokens of one line."""
        last = self._last.sort if self._last else Sort.DOCUMENT
        if last is Sort.COLON:
            if one.sort in (Sort.COMMA, Sort.CLOSE):
                return " " if gap else ""
            return gap if one.start in self._columns else " "
        if one.sort in (Sort.COLON, Sort.COMMA, Sort.CLOSE):
            return " " if last is Sort.MARK else ""
        return "" if last is Sort.OPEN else " "

    def _new_line(self, gap: str, one: Token, *, begins: bool) -> None:
        """End a line, keep the comments, and begin the next with its indentation."""
        if one.sort is Sort.DOCUMENT:
            old, new = 0, 0
        elif self._flowing():
            old, new = one.column, self._continued(one)
        elif begins:
            old, new = one.column, self._levels[-1].new
        else:
            old, new = one.column, self._inside()
        if not self._flowing():
            self._moved = new - old
        self._made.append(self._remarks(gap, old, new, first=self._last is None) + " " * new)

    def _continued(self, one: Token) -> int:
        first = self._levels[-1].first
        if first is not None and one.sort is not Sort.CLOSE:
            if one.column == first[0]:
                return first[2]
            if one.column == first[1]:
                return first[3]
        return max(0, one.column + self._moved)

    def _remarks(self, gap: str, old: int, new: int, *, first: bool) -> str:
        """Write what stands between two lines: a remark behind the first, remarks and empty lines between."""
        lines = gap.split("\n")
        made = []
        if first:
            lines.insert(0, "")
        else:
            made.append(lines[0].rstrip() if lines[0].strip() else "")
        for line in lines[1:-1]:
            said = line.strip()
            if said:
                made.append(" " * self._level_of(line, old, new) + said)
            elif made and (made[-1] or len(made) == 1):
                made.append("")
        if first:
            while made and not made[0]:
                made.pop(0)
        return "\n".join([*made, ""]) if made else ""

    def _level_of(self, line: str, old: int, new: int) -> int:
        """Find the indentation of a remark that has a line of its own."""
        column = len(line) - len(line.lstrip())
        if self._flowing():
            return max(0, column + self._moved)
        if column <= old:
            return new
        if self._last is not None and self._last.sort in (Sort.COLON, Sort.DASH, Sort.MARK):
            return self._open[-1][1] + STEP if self._open else new
        return next((there for was, there in reversed(self._open) if old < was <= column), max(new, 0))

    def _spelt(self, one: Token) -> str:
        text = self._text[one.start : one.end]
        if one.sort is Sort.BLOCK:
            return self._block(text)
        if "\n" not in text:
            return text
        lines = text.split("\n")
        made = [_trimmed(lines[0])]
        for place, line in enumerate(lines[1:], 2):
            said = line.strip(_BLANK) if place < len(lines) else line.lstrip(_BLANK)
            if not said:
                made.append("")
                continue
            if place < len(lines):
                said = _trimmed(line.lstrip(_BLANK))
            if self._flowing():
                indent = max(0, len(line) - len(line.lstrip(_BLANK)) + self._moved)
            else:
                indent = self._inside()
            made.append(" " * indent + said)
        return "\n".join(made)

    def _block(self, text: str) -> str:
        lines = text.split("\n")
        header, _, remark = lines[0].partition("#")
        parent = self._levels[-1] if self._levels else _Level(Sort.MAP, -1, -1)
        digits = [int(sign) for sign in header if sign.isdigit()]
        filled = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip(" ")]
        if digits:
            was, there = parent.old + digits[0], parent.new + digits[0]
        else:
            was, there = (filled[0] if filled else 0), self._inside()
        made = [f"{header}#{remark}".rstrip() if remark else lines[0].rstrip()]
        made += [" " * there + line[was:] if line[was:] else "" for line in lines[1:]]
        return "\n".join(made)

    def _finish(self) -> str:
        gap = self._text[self._at :]
        if self._last is None:
            kept = [line.strip() for line in gap.split("\n")]
            return "\n".join([*_single(kept), ""]) if any(kept) else ""
        if "\n" not in gap:
            block = self._last.sort is Sort.BLOCK
            return "".join(self._made) + gap.rstrip() + ("" if block else "\n")
        self._levels.clear()
        tail = self._remarks(gap if gap.endswith("\n") else gap + "\n", -1, 0, first=False)
        return "".join(self._made) + tail.rstrip("\n") + "\n"


def _trimmed(line: str) -> str:
    """Take blanks from the end of a line inside a text, unless the last is escaped."""
    bare = line.rstrip(_BLANK)
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2
    return line if escaped else bare


def _single(lines: Sequence[str]) -> list[str]:
    made: list[str] = []
    for line in lines:
        if line or (made and made[-1]):
            made.append(line)
    while made and not made[-1]:
        made.pop()
    return made


def aligned(found: Sequence[Token], text: str) -> frozenset[int]:
    """Find the values that stand in one column with that of the key before or after them.

    Args:
        found: The tokens.
        text: The file.

    Returns:
        Where such values begin.
    """
    levels: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    stack: list[int] = []
    written = [one for one in found if one.sort not in UNWRITTEN]
    following = dict(zip((one.start for one in written), written[1:], strict=False))
    for one in found:
        if one.sort in (Sort.MAP, Sort.LIST, Sort.OPEN):
            stack.append(one.start if one.sort is Sort.OPEN else -one.column)
        elif one.sort in (Sort.END, Sort.CLOSE):
            stack.pop()
        elif one.sort is Sort.COLON and stack and one.start in following:
            value = following[one.start]
            gap = text[one.end : value.start]
            if not gap or gap.strip(" ") or text[one.start - 1] in _BLANK:
                continue
            line = text[text.rfind("\n", 0, value.start) + 1 : value.start]
            place = (value.start, len(line), width(line))
            levels.setdefault((len(stack), stack[-1]), []).append(place)
    return frozenset(
        start
        for places in levels.values()
        for one, other in pairwise(places)
        if one[1] == other[1] or one[2] == other[2]
        for start in (one[0], other[0])
    )


def width(text: str) -> int:
    """Tell how many columns a text takes in an editor, where Chinese signs take two.

    Args:
        text: One line.

    Returns:
        The columns.
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)
