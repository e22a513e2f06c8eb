"""Findings as data: stages append them and go on; only the edge raises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from typing import TYPE_CHECKING

from orderkit._diagnostics import codes
from orderkit._diagnostics.labels import label
from orderkit._diagnostics.span import NOWHERE, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics.fix import Fix


class Severity(StrEnum):
    """How much a finding matters: errors stop `load`, warnings and hints do not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding speaks of, such as the first of two equal names.

    Args:
        span: The other place.
        label: What stands there, in English; `text` words it in the reader's language.
    """

    span: Span
    label: str

    def text(self, lang: str) -> str:
        """Word what stands there.

        Args:
            lang: `en` or `zh`.

        Returns:
            A few words.
        """
        return label(self.label, lang)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in the text, with its position and its remedy.

    Args:
        code: Stable id from the closed table, such as `OK501`.
        span: Where it is.
        params: Values for the message's holes.
        related: Other places it speaks of.
        suggestion: The text to write instead, where there is exactly one ("did you mean").
        source: The source line the caret is drawn under; empty where it is not known.
        also: Other places of the very same mistake, such as a wrong name used twenty times.
        fix: The edits that mend it, where a machine may make them.
    """

    code: str
    span: Span
    params: Mapping[str, str] = attribute(default_factory=dict)
    related: tuple[Related, ...] = ()
    suggestion: str = ""
    source: str = ""
    also: tuple[Span, ...] = ()
    fix: Fix | None = None

    @property
    def places(self) -> tuple[Span, ...]:
        """Give every place of the mistake, the first of the file first."""
        return (self.span, *self.also)

    @property
    def others(self) -> tuple[Related, ...]:
        """Give every other place to look at: what it speaks of, then where else it stands."""
        return (*self.related, *(Related(span, "also here") for span in self.also))

    @property
    def severity(self) -> Severity:
        """Say how much it matters."""
        return Severity(codes.find(self.code).severity)

    @property
    def message(self) -> str:
        """Say what is wrong, in English."""
        return self.text("en")

    @property
    def hint(self) -> str:
        """Say how to mend it, in English."""
        return self.remedy("en")

    @property
    def file(self) -> str:
        """Name the file."""
        return self.span.file

    @property
    def line(self) -> int:
        """Give the line, from 1."""
        return self.span.line

    @property
    def column(self) -> int:
        """Give the column, from 1, in code points."""
        return self.span.column

    @property
    def end(self) -> tuple[int, int]:
        """Give the end as (line, column), the column exclusive."""
        return self.span.end_line, self.span.end_column

    def text(self, lang: str) -> str:
        """Word what is wrong.

        Args:
            lang: `en` or `zh`.

        Returns:
            One sentence without position.
        """
        return codes.find(self.code).say(lang, self.params)

    def remedy(self, lang: str) -> str:
        """Word how to mend it.

        Args:
            lang: `en` or `zh`.

        Returns:
            One sentence, or an empty text where the message itself says it.
        """
        told = codes.find(self.code).advise(lang, self.params)
        if not self.suggestion:
            return told
        meant = f"你是不是想写“{self.suggestion}”？" if lang == "zh" else f"did you mean `{self.suggestion}`?"
        return f"{meant} {told}".strip()

    def __str__(self) -> str:
        """Give the one-line form `file:line:column: severity[code] message`."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.span}: {self.severity}[{self.code}] {self.message}{hint}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of an order, a row or a command: data, never an exception.

    Args:
        code: Stable id from the same closed table.
        field: Path of the field, such as `lines[0].quantity`.
        value: The value as it came in.
        params: Values for the message's holes.
        span: The line of YAML whose rule refused it.
    """

    code: str
    field: str
    value: str = ""
    params: Mapping[str, str] = attribute(default_factory=dict)
    span: Span = NOWHERE

    def text(self, lang: str = "en") -> str:
        """Word what is wrong with the value.

        Args:
            lang: `en` or `zh`.

        Returns:
            One sentence that stands without the position.
        """
        params = {"field": self.field, "value": self.value, **self.params}
        params["field"] = _place(params["field"], lang)
        entry = codes.find(self.code)
        advice = entry.advise(lang, params).strip()
        said = entry.say(lang, params)
        if not advice:
            return said
        return f"{said}；{advice}" if lang == "zh" else f"{said}; {advice}"

    def where(self, lang: str = "en") -> str:
        """Name the field as people count: the first line is line 1.

        Args:
            lang: `en` or `zh`.

        Returns:
            Such as `line 1, quantity`.
        """
        return _place(self.field, lang)

    def __str__(self) -> str:
        """Give the field and the sentence."""
        return f"{self.field}: {self.text()}"


_LINE = re.compile(r"lines\[(\d+)\](\.)?").match


def _place(field: str, lang: str) -> str:
    hit = _LINE(field)
    if hit is None:
        return field
    number, name = int(hit[1]) + 1, field[hit.end() :]
    if lang == "zh":
        return f"第 {number} 行商品{f'的 {name}' if name else ''}"
    return f"line {number}{f', {name}' if name else ''}"
