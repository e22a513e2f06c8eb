"""A parser's refusal in our words: where the mistake really is, and what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.span import Span
from orderkit._text.values import shorten

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector

_LONGEST_KEY: Final = 1024
_BLANKS: Final = "\u00a0\u3000"
_QUOTED: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
_HOLE: Final = re.compile(r":\s+([^\s,\[\]{}'\"][^,\[\]{}]*\{[\w.:%]+\}[^,\[\]{}]*)").search
_WIDE_COLON: Final = re.compile(r"^\s*(?:-\s+)*[\w.]{1,30}(：)")
_NO_BLANK: Final = re.compile(r"^\s*(?:-\s+)*[^\W\d][\w.]{0,29}(:)[^\s:/]")
_COLON: Final = re.compile(r":(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where and about what the parser gave up; lines and columns from 0."""

    file: str
    lines: list[str]
    problem: str
    context: str
    line: int
    column: int
    began: tuple[int, int]

    def text(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""

    def span(self, line: int, column: int, width: int = 1) -> Span:
        return Span(self.file, line + 1, column + 1, line + 1, column + 1 + width)

    @property
    def here(self) -> Span:
        return self.span(self.line, self.column)

    @property
    def start(self) -> Span:
        return self.span(*self.began)

    @property
    def before(self) -> int:
        """The nearest line above that is not blank."""
        line = self.line - 1
        while line > 0 and not self.text(line).strip():
            line -= 1
        return line


def explain(failure: Exception, file: str, lines: list[str], found: Collector) -> None:
    """Note why a text cannot be read as YAML.

    Args:
        failure: What the parser raised.
        file: The file's name.
        lines: The file's lines.
        found: Takes the finding.
    """
    mark: Any = getattr(failure, "problem_mark", None) or getattr(failure, "context_mark", None)
    began: Any = getattr(failure, "context_mark", None) or mark
    where = _Failure(
        file,
        lines,
        str(getattr(failure, "problem", "") or ""),
        str(getattr(failure, "context", "") or ""),
        0 if mark is None else mark.line,
        0 if mark is None else mark.column,
        (0, 0) if began is None else (began.line, began.column),
    )
    code, span, params = _token(where) or _structure(where)
    found.add(code, span, **params)


_Finding = tuple[str, Span, dict[str, Any]]

_TOKENS: Final = (
    ("quoted", "OK108"),
    ("alias", "OK142"),
    ("anchor", "OK142"),
    ("tag", "OK121"),
    ("directive", "OK122"),
    ("cannot start any token", "OK114"),
    ("mapping keys are not allowed", "OK114"),
    ("block scalar", "OK140"),
    ("sequence entries are not allowed", "OK115"),
)
"""What the parser's words speak of, in the order in which they decide, with our code for it."""


def _token(at: _Failure) -> _Finding | None:
    """Explain a sign that cannot stand where it stands."""
    line = at.text(at.line)
    if line[at.column : at.column + 1] == "\t" or " tab " in at.problem:
        return "OK105", at.here, {}
    if "unknown escape" in at.problem:
        back = max(line.rfind("\\", 0, at.column + 1), 0)
        return "OK110", at.span(at.line, back, 2), {"sign": line[back : back + 2]}
    said = f"{at.context} {at.problem}"
    for word, code in _TOKENS:
        if word in said:
            number, column = at.began
            return code, at.start, {"sign": at.text(number)[column : column + 1]}
    return None


def _structure(at: _Failure) -> _Finding:
    """Explain words that do not fit together."""
    if "flow" in at.context and "node" not in at.context:
        return _brackets(at)
    if "mapping values are not allowed" in at.problem or "expected ':'" in at.problem:
        return _colon(at)
    return _foreign_blank(at) or _behind(at) or _key_typo(at, at.before) or _level(at)


def _behind(at: _Failure) -> _Finding | None:
    """Explain what follows a value that has already ended."""
    line = at.text(at.line)
    ahead, sign = line[: at.column].rstrip(), line[at.column : at.column + 1]
    if sign in ("]", "}"):
        return "OK146", at.here, {"sign": sign}
    if ahead.endswith(("'", '"')):
        return "OK107", at.here, {}
    return ("OK145", at.here, {}) if ahead.endswith(("}", "]")) else None


def _level(at: _Failure) -> _Finding:
    if "<document start>" in at.problem and any(line.startswith("...") for line in at.lines[: at.line]):
        return "OK123", at.here, {}
    line = at.text(at.line)
    if line.lstrip().startswith(":"):
        return "OK126", at.here, {}
    indented = not line[: at.column].strip() and "flow" not in at.context
    if indented:
        return "OK111", at.here, {"column": at.column}
    sign = line[at.column :].strip()[:1]
    here = ("the end of the line", "行尾") if not sign else (f"`{sign}`", f"“{sign}”")
    return "OK116", at.here, {"at_en": here[0], "at_zh": here[1]}


def _brackets(at: _Failure) -> _Finding:
    """Explain what stops a list or mapping written in brackets."""
    first, last = at.began[0], at.line
    for number in range(first, min(last, first + 20) + 1):
        bare = _QUOTED.sub(lambda hit: "x" * len(hit[0]), at.text(number))
        hit = _HOLE(bare)
        if hit:
            begin, end = hit.start(1), hit.end(1)
            return "OK152", at.span(number, begin, max(end - begin, 1)), {}
    for number in range(first, min(last, first + 20) + 1):
        text = at.text(number)
        begin = at.began[1] if number == first else 0
        end = at.column if number == last else len(text)
        bare = _QUOTED.sub(lambda hit: " " * len(hit[0]), text)[:end]
        for sign, plain in (("：", ": "), ("，", ", ")):
            column = bare.find(sign, begin)
            if column >= 0 and number == last:
                return "OK143", at.span(number, column), {"sign": sign, "plain": plain}
    ahead = at.text(last)[: at.column].rstrip()
    rest = at.text(last)[at.column : at.column + 1]
    if first == last and ahead.endswith(("'", '"')) and rest not in tuple("]},"):
        return "OK107", at.here, {}
    sign = at.text(first)[at.began[1] : at.began[1] + 1]
    return "OK109", at.start, {"sign": sign, "close": {"[": "]", "{": "}"}.get(sign, "")}


def _colon(at: _Failure) -> _Finding:
    """Explain a colon that no key can stand before."""
    line = at.text(at.line)
    if at.column >= _LONGEST_KEY and not _COLON.search(line[: at.column]):
        return "OK120", at.span(at.line, 0), {"size": at.column, "most": 200}
    earlier = _COLON.search(_QUOTED.sub(lambda hit: "x" * len(hit[0]), line)[: at.column])
    if earlier:
        return "OK113", at.here, {}
    blank = _foreign_blank(at)
    if blank:
        return blank
    wrong = _key_typo(at, at.before)
    if wrong:
        return wrong
    above = at.text(at.before)
    if at.line > 0 and not _COLON.search(above):
        start = len(above) - len(above.lstrip())
        span = at.span(at.before, start, max(len(above.strip()), 1))
        return "OK144", span, {"word": shorten(above.strip())}
    return "OK111", at.here, {"column": at.column}


def _key_typo(at: _Failure, line: int) -> _Finding | None:
    for code, pattern in (("OK148", _WIDE_COLON), ("OK149", _NO_BLANK)):
        hit = pattern.match(at.text(line))
        if hit:
            return code, at.span(line, hit.start(1)), {}
    return None


def _foreign_blank(at: _Failure) -> _Finding | None:
    for number in (at.line, at.before):
        text = at.text(number)
        indent = text[: len(text) - len(text.lstrip())]
        for column, sign in enumerate(indent):
            if sign in _BLANKS:
                return "OK133", at.span(number, column), {}
    return None
