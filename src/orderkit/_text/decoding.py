"""From the bytes of a file to text that shows everything it holds: encodings and characters nobody sees."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final
from unicodedata import name as character_name

from orderkit._diagnostics.span import Span

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector

MAX_BYTES: Final = 1 << 20
_MAX_SHOWN: Final = 20
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BREAKS: Final = re.compile(r"\r\n|\r|\n")
_HIDDEN: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, among them NUL and the line break NEL
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
_ACCENTS: Final = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SUSPECT: Final = re.compile(f"[{_HIDDEN}{_ACCENTS}\u200d]").search
_UNSEEN: Final = re.compile(
    f"[{_HIDDEN}]"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"  # the joiner stands inside pictures only
    f"|[{_ACCENTS}]{{17,}}"  # piled-up accents
)
_COMMON: Final = re.compile("[ -~\n]+").sub
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]").search


def split_lines(text: str) -> list[str]:
    """Cut a text at the line breaks of YAML 1.2, so that lines count as they do in an editor.

    Args:
        text: A whole file.

    Returns:
        Its lines without their ends.
    """
    return _BREAKS.split(text) if "\r" in text else text.split("\n")


def uncommon(text: str) -> str:
    """Leave printable ASCII out, which most of a file is, so that a search for rare signs is short.

    Args:
        text: A whole file.

    Returns:
        Its other characters in order.
    """
    return _COMMON("", text)


def decode(data: bytes, name: str, found: Collector, *, most: int = MAX_BYTES) -> str | None:
    """Decode a file strictly and refuse what a reader of the file could not see.

    Args:
        data: The bytes as stored: UTF-8 with or without mark, or UTF-16 with mark.
        name: The file's name for positions.
        found: Takes the mistakes.
        most: Bytes that are read at most.

    Returns:
        The text without its mark, or none where it cannot be trusted.
    """
    if len(data) > most:
        found.add("OK147", Span(name, 1, 1, 1, 1), size=len(data) // 1024, most=most // 1024)
        return None
    try:
        text = data.decode("utf-16") if data.startswith(_UTF16) else data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        _undecodable(data, failure.start, name, found)
        return None
    if _SUSPECT(uncommon(text)) is None:
        return text
    return None if _unseen(text, name, found) else text


def unseen_in(text: str) -> str:
    """Find a control character that a numbered escape put into a text.

    Args:
        text: A scalar's text.

    Returns:
        Its number such as `U+0000`, or an empty text.
    """
    hit = _CONTROLS(text)
    return f"U+{ord(hit[0]):04X}" if hit else ""


def _undecodable(data: bytes, offset: int, name: str, found: Collector) -> None:
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    line = len(_BREAKS.findall(data[:offset].decode("latin-1"))) + 1
    column = len(data[start:offset].decode("utf-8", "replace")) + 1
    span = Span(name, line, column, line, column + 1)
    byte = f"0x{data[offset]:02X}" if offset < len(data) else ""
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        found.add("OK101", span, byte=byte, offset=offset)
    else:
        found.add("OK102", span, byte=byte, offset=offset)


def _unseen(text: str, name: str, found: Collector) -> bool:
    hits = [hit for _, hit in zip(range(_MAX_SHOWN), _UNSEEN.finditer(text), strict=False)]
    for hit in hits:
        before = split_lines(text[: hit.start()])
        line, column = len(before), len(before[-1]) + 1
        sign = hit[0][0]
        label = f"U+{ord(sign):04X} {character_name(sign, '')}".strip()
        found.add("OK104", Span(name, line, column, line, column + len(hit[0])), sign=label)
    return bool(hits)
