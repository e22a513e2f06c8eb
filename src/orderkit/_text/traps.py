"""What YAML reads without complaint and the analyst did not mean: full-width signs, cut expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from unicodedata import name as character_name

from orderkit._diagnostics.span import Span
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import shorten

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector

_EXPRESSIONS: Final = frozenset({"if", "still", "that", "formula", "value", "pause"})
_LITERAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_WIDE: Final = str.maketrans("：，；（）＞＜＝！＋－＊／“”‘’。　", ":,;()><=!+-*/\"\"''. ")
_WIDE_SIGN: Final = re.compile("[：，；（）＞＜＝！＋－＊／“”‘’。　]").search
_WIDE_OPERATOR: Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*\s*([＞＜＝])|([＞＜＝])\s*[0-9]").search
_WIDE_KEY: Final = re.compile(r"[\w.]{1,30}(：)").match
_WIDE_ASCII_KEY: Final = re.compile(r"[A-Za-z_]\w{0,29}(：)").match
_WIDE_LIST: Final = re.compile(r"\w{1,20}(?:(，)\s*\w{1,20})+").fullmatch
_WIDE_QUOTES: Final = re.compile("“[^“”]*”|‘[^‘’]*’").fullmatch
_NO_BLANK: Final = re.compile(r"[^\W\d][\w.]{0,29}(:)(?!//)[^\s:]").match
_THOUSANDS: Final = re.compile(r"[0-9]{3}(?:\.[0-9]{1,18})?").fullmatch
_FIGURE: Final = re.compile(r"[+-]?[¥￥$€£]?[0-9]{1,15}").fullmatch
_OPEN_END: Final = re.compile(r"(?:[-+*/<>=!]=?|\b(?:and|or|not|in))$").search
_PAIRED: Final = re.compile(r"[()\[\]'\"]").search
_COMMENT: Final = re.compile(r"\s+#").match
_DUNDER: Final = re.compile(r"__.*__").fullmatch
_FOREIGN_BLANK: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_MIXED: Final = re.compile("[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]").search
_LOOK_ALIKES: Final = re.compile("[АВЕКМНОРСТУХавеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν]").search


def key_trap(key: ScalarNode, found: Collector) -> None:
    """Refuse keys that look like other keys or reach into Python.

    Args:
        key: A key that is not a plain ASCII word.
        found: Takes the findings.
    """
    text, span = key.text, key.span
    if _DUNDER(text):
        found.add("OK131", span, key=shorten(text))
    elif _FOREIGN_BLANK.match(text) and not key.style:
        found.add("OK133", span, suggestion=_FOREIGN_BLANK.sub(" ", text).strip())
    elif not text.isascii() and _MIXED(text):
        hit = _LOOK_ALIKES(text)
        if hit:
            sign = f"{hit[0]} (U+{ord(hit[0]):04X} {character_name(hit[0], '')})"
            found.add("OK132", span, key=shorten(text), sign=sign)


def join_thousands(entries: list[Any], found: Collector) -> None:
    """Put `5,000` inside braces together again, which YAML cuts into `5` and a key `000`.

    Args:
        entries: Keys and values of one mapping; mended in place, so that the cut is told once.
        found: Takes the mistakes.
    """
    whole: list[Any] = []
    joined: dict[int, ScalarNode] = {}
    for key, value in entries:
        before = whole[-1][1] if whole else None
        if (
            isinstance(before, ScalarNode)
            and not before.style
            and _FIGURE(before.text)
            and isinstance(value, ScalarNode)
            and not value.text
            and _THOUSANDS(key.text)
            and (before.span.end_line, before.span.end_column + 1) == (key.span.line, key.span.column)
        ):
            span = before.span._replace(end_column=key.span.end_column)
            joined[len(whole) - 1] = before._replace(text=before.text + key.text, span=span)
            whole[-1] = (whole[-1][0], joined[len(whole) - 1])
        else:
            whole.append((key, value))
    for number in joined.values():
        found.add("OK150", number.span, suggestion=number.text, value=number.text)
    if joined:
        entries[:] = whole


def may_warn(signs: str) -> bool:
    """Tell whether `warn` can find anything in a file of plain lines without comments behind values.

    All it could find there speaks of a full-width sign.

    Args:
        signs: The file's characters, ASCII left out.

    Returns:
        Whether one of them is among them.
    """
    return _WIDE_SIGN(signs) is not None


def warn(root: Node, lines: list[str], found: Collector) -> None:
    """Look over a finished tree for text that was probably meant as something else.

    Args:
        root: The tree.
        lines: The file's lines.
        found: Takes the warnings.
    """
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, flow_list = stack.pop()
        if isinstance(node, MapNode):
            before: Node | None = None
            for key, value in node.entries:
                if value.__class__ is ScalarNode:
                    text, span = value.text, value.span
                    usual = span.line == key.span.line == span.end_line and key.text not in _EXPRESSIONS
                    # Words and numbers on the line of their key can be nothing else: most values are.
                    if not value.style and not (usual and text.isascii() and text.isalnum()):
                        _value(key, value, before, lines, found)
                else:
                    stack.append((value, False))
                before = value
        elif isinstance(node, ListNode):
            flowing = _sign_at(node.span, lines) == "["
            stack.extend((item, flowing) for item in node.items)
        elif not node.style:
            _lone(node, lines, found, flow_list=flow_list, root=node is root)


def _value(
    key: ScalarNode, value: ScalarNode, before: Node | None, lines: list[str], found: Collector
) -> None:
    text, span = value.text, value.span
    if not text:
        if span.column == span.end_column == key.span.end_column and span.line == key.span.line:
            _bare_key(key, before, found)
        return
    if span.line != key.span.line or span.line != span.end_line:
        _key_line(value, lines, found)
    if key.text in _EXPRESSIONS or _unbalanced(text):
        _cut_by_comment(value, lines, found)
    if not text.isascii():
        _wide(key.text in _EXPRESSIONS, value, found)


def _lone(node: ScalarNode, lines: list[str], found: Collector, *, flow_list: bool, root: bool) -> None:
    """Judge a scalar of a list or at the root."""
    if root:
        _key_line(node, lines, found)
    if node.text.isascii():
        return
    hit = _WIDE_LIST(node.text) if flow_list else None
    if hit:
        _at_sign("OK135", node, hit.start(1), found)
        return
    key = None if root else _WIDE_ASCII_KEY(node.text)
    if key:
        _at_sign("OK103", node, key.start(1), found)
    else:
        _wide(expression=False, value=node, found=found)


def _bare_key(key: ScalarNode, before: Node | None, found: Collector) -> None:
    """Judge a key without colon inside braces: cut off its neighbour, or lacking a blank."""
    if key.style:
        return
    if isinstance(before, ScalarNode) and not before.style and _unbalanced(before.text):
        whole = f"{before.text}, {key.text}"
        found.add("OK137", before.span, suggestion=f'"{whole}"' if '"' not in whole else "")
        return
    hit = _NO_BLANK(key.text)
    if hit:
        _at_sign("OK149", key, hit.start(1), found)
        return
    wide = _WIDE_KEY(key.text)
    if wide:
        _at_sign("OK148", key, wide.start(1), found)


def _key_line(value: ScalarNode, lines: list[str], found: Collector) -> None:
    """Find a line inside plain text that was meant as `key: value`."""
    for number in range(value.span.line, value.span.end_line + 1):
        line = lines[number - 1] if number <= len(lines) else ""
        begin = value.span.column - 1 if number == value.span.line else len(line) - len(line.lstrip())
        if number == value.span.line and value.key is not None and value.key.span.line == number:
            continue
        for code, match in (("OK103", _WIDE_KEY), ("OK106", _NO_BLANK)):
            hit = match(line[begin:])
            if hit:
                column = begin + hit.start(1) + 1
                found.add(code, Span(value.span.file, number, column, number, column + 1))
                return


def _cut_by_comment(value: ScalarNode, lines: list[str], found: Collector) -> None:
    span = value.span
    if not (_unbalanced(value.text) or _OPEN_END(value.text)) or span.end_line > len(lines):
        return
    rest = lines[span.end_line - 1][span.end_column - 1 :]
    hit = _COMMENT(rest)
    if hit:
        column = span.end_column + hit.end() - 1
        found.add("OK138", Span(span.file, span.end_line, column, span.end_line, column + 1))


def _wide(expression: bool, value: ScalarNode, found: Collector) -> None:  # noqa: FBT001 - private, one caller each way
    text = value.text
    if _WIDE_QUOTES(text):
        found.add("OK136", value.span, suggestion=text[1:-1])
        return
    bare = _LITERAL.sub(lambda hit: "x" * len(hit[0]), text)
    hit = _WIDE_SIGN(bare) if expression else _WIDE_OPERATOR(bare)
    if hit:
        start = hit.start() if expression else hit.start(1 if hit[1] else 2)
        _at_sign("OK134", value, start, found)


def _at_sign(code: str, node: ScalarNode, offset: int, found: Collector) -> None:
    span = node.span
    if span.line == span.end_line and span.end_column - span.column == len(node.text):
        span = span.part(offset, offset + 1)
    sign = node.text[offset]
    found.add(code, span, sign=sign, plain=sign.translate(_WIDE))


def _unbalanced(text: str) -> bool:
    return _PAIRED(text) is not None and (
        text.count("(") != text.count(")")
        or text.count("[") != text.count("]")
        or text.count("'") % 2 == 1
        or text.count('"') % 2 == 1
    )


def _sign_at(span: Span, lines: list[str]) -> str:
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    return line[span.column - 1 : span.column]
