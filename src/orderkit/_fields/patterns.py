"""The patterns of `match:`, on pydantic's engine, which takes time in step with the length of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SAID: Final = re.compile(r"^error: (.*)", re.MULTILINE)
_POINTER: Final = re.compile(r"^    ( *)\^", re.MULTILINE)
_TOO_LARGE: Final = re.compile(r"size limit|maximum number of nested|decimal literal", re.IGNORECASE)
_LOOKS_AROUND: Final = re.compile(r"look-around|backreferences", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a whole text has to look like.

    Args:
        text: As written.
        holds: Tells whether a text looks like it, in time linear in the text's length.
    """

    text: str
    holds: Callable[[str], bool]


class BadPattern(Exception):  # noqa: N818 - a finding, not a fault
    """A text that is no pattern.

    Args:
        code: The finding.
        said: What is wrong, in English; empty where the code says it all.
        said_zh: The same in Chinese.
    """

    def __init__(self, code: str, said: str = "", said_zh: str = "") -> None:
        """Keep all three."""
        self.code = code
        self.said = said
        self.said_zh = said_zh
        super().__init__(code, said, said_zh)


def compiled(text: str) -> Pattern:
    """Compile a pattern.

    The engine is the `regex` crate inside pydantic-core: finite automata without backtracking, so that
    no text can keep it busy, and no look-around and no back-references.

    Args:
        text: As written.

    Returns:
        The pattern.

    Raises:
        BadPattern: It is none, looks around, or is too large.
    """
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        # By itself first: `a)|(b` would become a pattern only through the brackets put around it.
        SchemaValidator(core_schema.str_schema(pattern=text, regex_engine="rust-regex"))
        whole = SchemaValidator(core_schema.str_schema(pattern=rf"\A(?:{text})\z", regex_engine="rust-regex"))
    except SchemaError as error:
        said = str(error)
        if _LOOKS_AROUND.search(said):
            raise BadPattern("OK439") from None
        if _TOO_LARGE.search(said):
            raise BadPattern("OK434") from None
        raise BadPattern("OK433", *_worded(said, len(text))) from None
    return Pattern(text, whole.isinstance_python)


_SLIPS: Final = {
    "unclosed character class": ("a `[` is never closed", "有“[”没有用“]”结束"),
    "unclosed group": ("a `(` is never closed", "有“(”没有用“)”结束"),
    "unopened group": ("a `)` closes nothing", "有“)”没有对应的“(”"),
    "unclosed counted repetition": ("a `{` is never closed", "有“{”没有用“}”结束"),
    "repetition operator missing expression": (
        "there is nothing before the repetition",
        "重复符号前面没有内容",
    ),
    "repetition quantifier expects a valid decimal": ("a number is missing in `{}`", "“{}”里缺少次数"),
    "invalid repetition count range": ("the least number is above the most", "最少次数大于最多次数"),
    "invalid character class range": ("the range runs backwards", "字符范围前后颠倒"),
    "unrecognized escape sequence": ("this letter means nothing behind `\\`", "“\\”后面的字符没有意义"),
    "incomplete escape sequence": ("there is nothing behind `\\`", "“\\”后面缺少字符"),
}
"""How the engine's words begin, and what to say instead."""


def _worded(said: str, length: int) -> tuple[str, str]:
    """Say what keeps a pattern from being one, with the place in it where the engine points at one."""
    told = _SAID.search(said)
    words = told[1] if told else ""
    known = next((each for start, each in _SLIPS.items() if words.startswith(start)), None)
    en, zh = known or (words, "写法有误")
    pointer = _POINTER.search(said)
    if pointer is None or len(pointer[1]) >= length:
        return en, zh
    at = len(pointer[1]) + 1
    return f"{en} (character {at})", f"{zh}（第 {at} 个字符）"
