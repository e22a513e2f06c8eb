"""Judges the patterns of `match:` before they meet a text: one that tries too many ways is refused."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

LONGEST: Final = 1_000
"""Longest text that is held against a pattern, in characters; a longer one does not match."""

_MOST_STEPS: Final = 2_000_000
_MOST_PLACES: Final = 2_000
_UNROLLED: Final = 32
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_BEYOND: Final = "éÉßİ中あ٣𠮷\u00a0\u3000\uffff\U0010ffff"


def risky(pattern: str) -> bool:
    """Tell whether some text of a thousand characters keeps a pattern busy for too long.

    A pattern is a walk from place to place, a place being one character of it. Where the next
    character of a text may lead on in two ways the engine tries both: twice the work at a lone place,
    as many times as it repeats at a loop's end, and without bound inside a loop of several places.

    Args:
        pattern: As written; one that is no pattern at all is nobody's risk.

    Returns:
        True also where it looks around, refers back, or is nested too deep to be judged.
    """
    try:
        # The same tree that `re.compile` works on; there is no public way to it.
        tree = __import__("re._parser", fromlist=["parse"]).parse(pattern)
        walk = _Walk([chr(at) for at in range(128)] + list(_BEYOND) + _edges(tree))
        whole = walk.sequence(tree)
    except re.error:
        return False
    except (_Refused, RecursionError, OverflowError):
        return True
    return walk.steps(whole.first) > _MOST_STEPS


def worded(error: re.error) -> tuple[str, str]:
    """Say what keeps a pattern from being one.

    Args:
        error: What the engine says of it.

    Returns:
        A few words in English and in Chinese, with the place in the pattern.
    """
    said = next((words for start, words in _SLIPS.items() if error.msg.startswith(start)), None)
    en, zh = said or (error.msg, "写法有误")
    at = 1 if error.pos is None else error.pos + 1
    return f"{en} (character {at})", f"{zh}（第 {at} 个字符）"


_SLIPS: Final = {
    "unterminated character set": ("a `[` is never closed", "有“[”没有用“]”结束"),
    "missing ), unterminated": ("a `(` is never closed", "有“(”没有用“)”结束"),
    "unbalanced parenthesis": ("a `)` closes nothing", "有“)”没有对应的“(”"),
    "nothing to repeat": ("there is nothing before the repetition", "重复符号前面没有内容"),
    "multiple repeat": ("two repetitions follow each other", "两个重复符号连在一起"),
    "min repeat greater": ("the least number is above the most", "最少次数大于最多次数"),
    "bad character range": ("the range runs backwards", "字符范围前后颠倒"),
    "bad escape": ("this letter means nothing behind `\\`", "“\\”后面的字母没有意义"),
}
"""How the engine's words begin, and what to say instead."""


class _Refused(Exception):  # noqa: N818 - ends the walk, and never leaves this module
    """The pattern holds what cannot be judged, or what surely explodes."""


@dataclass(slots=True)
class _Part:
    """A stretch of a pattern: where it may begin and end, and whether it may be skipped."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True
    places: list[int] = field(default_factory=list)


class _Walk:
    """Numbers the places of a pattern and notes which may follow which, as often as it may."""

    __slots__ = ("chars", "follow", "rounds", "samples")

    def __init__(self, samples: list[str]) -> None:
        self.samples = list(dict.fromkeys(samples))
        # One bit for each sample: two places can meet the same character where they share a bit.
        self.chars: list[int] = []
        self.follow: list[list[int]] = []
        self.rounds: dict[int, int] = {}

    def steps(self, start: list[int]) -> int:
        """Estimate how many ways are tried at worst."""
        total = 1 << self._doubts(start)
        for place, nexts in enumerate(self.follow):
            doubts = self._doubts(nexts)
            total *= self.rounds.get(place, 1 << min(doubts, 64)) if doubts else 1
        return total

    def sequence(self, items: Any) -> _Part:
        """Lay parts one after the other."""
        whole = _Part()
        for op, given in items:
            whole = self._joined(whole, self._part(str(op), given))
        return whole

    def _joined(self, left: _Part, right: _Part) -> _Part:
        for place in left.last:
            self.follow[place] += right.first
        return _Part(
            left.first + right.first if left.empty else left.first,
            right.last + left.last if right.empty else right.last,
            left.empty and right.empty,
            left.places + right.places,
        )

    def _part(self, op: str, given: Any) -> _Part:
        if op == "AT":
            return _Part()
        if op in _REPEATS:
            return self._repeat(*given)
        if op == "SUBPATTERN":
            return self.sequence(given[-1])
        if op == "ATOMIC_GROUP":
            return self.sequence(given)
        if op == "BRANCH":
            ways = [self.sequence(one) for one in given[1]]
            if sum(one.empty for one in ways) > 1:
                # `(a|a)` is read as `a(|)`: two ways that no character tells apart.
                raise _Refused(op)
            return _Part(
                [place for one in ways for place in one.first],
                [place for one in ways for place in one.last],
                any(one.empty for one in ways),
                [place for one in ways for place in one.places],
            )
        if op in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._place(op, given)
        raise _Refused(op)

    def _place(self, op: str, given: Any) -> _Part:
        if len(self.chars) >= _MOST_PLACES:
            raise _Refused(op)
        place = len(self.chars)
        # Both cases count, whether the pattern tells them apart or not.
        self.chars.append(
            sum(
                1 << at
                for at, one in enumerate(self.samples)
                if any(_meets(op, given, form) for form in {one, one.lower()[:1], one.upper()[:1]})
            )
        )
        self.follow.append([])
        return _Part([place], [place], empty=False, places=[place])

    def _repeat(self, least: int, most: Any, body: Any) -> _Part:
        if not int(most):
            return _Part()
        one = self.sequence(body)
        if int(most) <= _UNROLLED // max(1, len(one.places)) or int(most) == 1:
            return self._unrolled(one, int(least), int(most), body)
        # Each place of the body, with whatever it can lead to before the loop is left.
        for place in one.last:
            self.follow[place] += one.first
        alone = len(one.places) == 1
        for place in one.places:
            if self._doubts(self.follow[place]):
                raise _Refused
            if least != most or not alone:
                self.rounds[place] = min(int(most), LONGEST)
            else:
                self.rounds[place] = 1
        return _Part(one.first, one.last, one.empty or least == 0, one.places)

    def _unrolled(self, one: _Part, least: int, most: int, body: Any) -> _Part:
        copies = [one, *(self.sequence(body) for _ in range(most - 1))]
        # `x{1,3}` is x(x(x)?)?, built from its end.
        whole = _Part()
        for at in reversed(range(most)):
            whole = self._joined(copies[at], whole)
            whole.empty = whole.empty or at >= least
        return whole

    def _doubts(self, nexts: list[int]) -> int:
        return sum(
            left == right or self.chars[left] & self.chars[right] != 0
            for left, right in combinations(nexts, 2)
        )


def _edges(items: Any) -> list[str]:
    """List the characters at which something that the pattern names begins or ends."""
    found: list[str] = []
    for op, given in items:
        if str(op) in ("LITERAL", "NOT_LITERAL"):
            found.append(chr(given))
        elif str(op) == "RANGE":
            low, high = given
            found += [chr(max(0, low - 1)), chr(low), chr(high), chr(min(sys.maxunicode, high + 1))]
        elif str(op) == "IN":
            found += _edges(given)
        elif str(op) == "BRANCH":
            found += [char for one in given[1] for char in _edges(one)]
        elif str(op) in _REPEATS or str(op) == "SUBPATTERN":
            found += _edges(given[-1])
        elif str(op) == "ATOMIC_GROUP":
            found += _edges(given)
    return found


def _meets(op: str, given: Any, char: str) -> bool:
    if op == "ANY" or not char:
        return op == "ANY"
    if op == "LITERAL":
        return bool(ord(char) == given)
    if op == "NOT_LITERAL":
        return bool(ord(char) != given)
    inside = any(_among(str(one), value, char) for one, value in given)
    return inside != (str(given[0][0]) == "NEGATE")


def _among(op: str, value: Any, char: str) -> bool:
    if op == "LITERAL":
        return bool(ord(char) == value)
    if op == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if op == "CATEGORY":
        kind = str(value).removeprefix("CATEGORY_")
        sign = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[kind.removeprefix("NOT_")]
        return re.fullmatch("\\" + (sign.upper() if kind.startswith("NOT_") else sign), char) is not None
    return False
