"""Findings for people: the source line, a caret under the word, and how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from unicodedata import category, combining, east_asian_width

from orderkit._diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic
    from orderkit._diagnostics.span import Span

_TAB: Final = 4
_PLACES: Final = 3
_WIDEST: Final = 120
_BREAKS: Final = re.compile(r"\r\n|\r|\n")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "error": "error",
        "warning": "warning",
        "hint": "hint",
        "help": "help",
        "note": "note",
        "colon": ": ",
    },
    "zh": {"error": "错误", "warning": "警告", "hint": "提示", "help": "帮助", "note": "说明", "colon": "："},
}
_COLORS: Final[Mapping[str, str]] = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "hint": "\x1b[1;36m",
    "frame": "\x1b[34m",
    "bold": "\x1b[1m",
}
_RESET: Final = "\x1b[0m"


def render(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], lang: str = "en", *, color: bool = False
) -> str:
    """Word findings with the lines they speak of, so that an analyst sees the word and the remedy at once.

    Args:
        diagnostics: The findings, in the order to show.
        sources: Text of each file by its name; a file that is not there is shown without its line.
        lang: `en` or `zh`.
        color: Whether to write terminal colours.

    Returns:
        One block for each finding, blank lines between; an empty text for none.
    """
    split: dict[str, list[str]] = {}
    blocks: list[str] = []
    for one in diagnostics:
        for file in (one.file, *(other.span.file for other in one.others)):
            if file not in split and file in sources:
                split[file] = _BREAKS.split(sources[file])
        blocks.append(_Block(one, split, lang, color=color).text())
    return "\n\n".join(blocks) + "\n" if blocks else ""


def concise(diagnostics: Iterable[Diagnostic], lang: str = "en") -> str:
    """Word findings in one line each, for editors and `grep`.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        Lines `file:line:column: error[OK204] what is wrong, how to mend it`.
    """
    words = _WORDS.get(lang, _WORDS["en"])
    joint = "；" if lang == "zh" else "; "
    lines: list[str] = []
    for one in diagnostics:
        remedy = one.remedy(lang)
        said = one.text(lang) + (f"{joint}{remedy}" if remedy else "") + _more(one, 0, lang)
        said += " [*]" if one.fix is not None and one.fix.safe else ""
        place = f"{one.span}: " if one.span.line else ""
        lines.append(f"{place}{words[one.severity]}[{one.code}] {said}\n")
    return "".join(_visible(line.rstrip("\n")) + "\n" for line in lines)


def summary(diagnostics: Sequence[Diagnostic], files: int, lines: int, lang: str = "en") -> str:
    """Close a report with its figures.

    Args:
        diagnostics: The findings.
        files: Files that were read.
        lines: Lines they hold.
        lang: `en` or `zh`.

    Returns:
        One line such as `Checked 5 files, 320 lines: 2 errors, 1 warning`.
    """
    counts = {kind: sum(one.severity is kind for one in diagnostics) for kind in Severity}
    errors, warnings, hints = counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.HINT]
    fixable = sum(one.fix is not None and one.fix.safe for one in diagnostics)
    if lang == "zh":
        told = f"检查了 {files:,} 个文件，{lines:,} 行：{errors} 个错误，{warnings} 个警告"
        told += f"，{hints} 个提示" if hints else ""
        return told + (f"。其中 {fixable} 个可用 --fix 自动修改" if fixable else "")
    told = f"Checked {_count(files, 'file')}, {_count(lines, 'line')}: {_count(errors, 'error')}, "
    told += _count(warnings, "warning") + (f", {_count(hints, 'hint')}" if hints else "")
    return told + (f". {fixable} can be fixed with --fix" if fixable else "")


def width(text: str) -> int:
    """Measure a text in terminal columns; Chinese characters take two.

    Args:
        text: One line.

    Returns:
        The columns it takes.
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


@dataclass(frozen=True, slots=True)
class _Mark:
    span: Span
    sign: str
    label: str


class _Block:
    """One finding on its way to text."""

    def __init__(
        self, one: Diagnostic, lines: Mapping[str, Sequence[str]], lang: str, *, color: bool
    ) -> None:
        self.one = one
        self.lines = lines
        self.lang = lang
        self.words = _WORDS.get(lang, _WORDS["en"])
        self.color = color
        self.shown = one.others[: len(one.related) + _PLACES - 1]
        self.gutter = max(len(str(span.line)) for span in (one.span, *(other.span for other in self.shown)))

    def text(self) -> str:
        one = self.one
        head = self.paint(f"{self.words[one.severity]}[{one.code}]", one.severity)
        out = [head + self.paint(f"{self.words['colon']}{_visible(one.text(self.lang))}", "bold")]
        if one.span.line:
            out += self.place("-->", one.span)
            marks = [_Mark(other.span, "-", other.text(self.lang)) for other in self.shown]
            out += self.excerpt([mark for mark in marks if mark.span.file == one.file], main=True)
            for mark in marks:
                if mark.span.file != one.file:
                    out += self.place(":::", mark.span)
                    out += self.excerpt([mark], main=False)
        remedy = _visible(one.remedy(self.lang))
        if remedy:
            out.append(self.told("help", remedy + self.fixable()))
        more = _more(one, _PLACES - 1, self.lang).strip(" ()（）")
        if more:
            out.append(self.told("note", more))
        return "\n".join(out)

    def told(self, word: str, text: str) -> str:
        return f"{self.edge('=')} {self.words[word]}{self.words['colon']}{text}"

    def fixable(self) -> str:
        if self.one.fix is None or not self.one.fix.safe:
            return ""
        return (
            "（可自动修改：orderkit check --fix）"
            if self.lang == "zh"
            else " (fixable: orderkit check --fix)"
        )

    def place(self, arrow: str, span: Span) -> list[str]:
        return [" " * self.gutter + self.paint(arrow, "frame") + f" {span}"]

    def edge(self, sign: str = "|") -> str:
        return " " * (self.gutter + 1) + self.paint(sign, "frame")

    def paint(self, text: str, tone: str) -> str:
        return f"{_COLORS[tone]}{text}{_RESET}" if self.color else text

    def excerpt(self, marks: list[_Mark], *, main: bool) -> list[str]:
        if main:
            marks = [*marks, _Mark(self.one.span, "^", "")]
        out: list[str] = []
        last = 0
        for mark in sorted(marks, key=lambda mark: (mark.span.line, mark.span.column)):
            line = self.line_of(mark.span)
            if line is None:
                continue
            if mark.span.line != last:
                if last and mark.span.line > last + 1:
                    out.append(self.paint("...", "frame"))
                text, shift = _window(line, mark.span)
                number = self.paint(f"{mark.span.line:>{self.gutter}} |", "frame")
                out.append(f"{number} {_visible(text)}".rstrip())
                last = mark.span.line
            out.append(self.carets(mark, line, text, shift))
        return [self.edge(), *out, self.edge()] if out else []

    def carets(self, mark: _Mark, line: str, text: str, shift: int) -> str:
        span = mark.span
        start = min(span.column - 1, len(line))
        end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
        lead = width(_visible(text[: max(start - shift, 0)]))
        long = width(_visible(text[max(start - shift, 0) : max(end - shift, 0)]))
        signs = mark.sign * max(long, 1)
        tone = self.one.severity if mark.sign == "^" else "frame"
        label = f" {_visible(mark.label)}" if mark.label else ""
        return f"{self.edge()} {' ' * lead}{self.paint(signs + label, tone)}"

    def line_of(self, span: Span) -> str | None:
        lines = self.lines.get(span.file)
        if lines is not None and 0 < span.line <= len(lines):
            return lines[span.line - 1]
        return self.one.source or None if span == self.one.span else None


def _window(line: str, span: Span) -> tuple[str, int]:
    """Cut a very long line around the place; the second figure says how many code points went."""
    if len(line) <= _WIDEST:
        return line, 0
    shift = max(0, min(span.column - 1 - _WIDEST // 3, len(line) - _WIDEST))
    return line[shift : shift + _WIDEST], shift


def _visible(text: str) -> str:
    """Replace what could move the cursor or hide text in a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " * _TAB if sign == "\t" else "\ufffd" if category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign
        for sign in text
    )


def _more(one: Diagnostic, shown: int, lang: str) -> str:
    """Tell of the places that are not shown."""
    number = len(one.also[shown:])
    if not number:
        return ""
    return f"（另有 {number} 处）" if lang == "zh" else f" (and {_count(number, 'more place')})"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
