"""Findings as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.diagnostic import Severity
from orderkit._diagnostics.render import concise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic

_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.HINT: "notice",
}
_SHOWN: Final = 10
"""GitHub shows ten annotations of a kind for one step and drops the others without a word."""


def github(diagnostics: Sequence[Diagnostic], lang: str = "en") -> str:
    """Write annotations, the most severe first, and then the whole list for the log.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        At most ten `::error ...::message` lines of each kind, how many have none, and one line for each
        finding.
    """
    if not diagnostics:
        return ""
    lines: list[str] = []
    silent = 0
    for severity, level in _LEVELS.items():
        several = [one for one in diagnostics if one.severity is severity]
        lines += [_annotation(one, level, lang) for one in several[:_SHOWN]]
        silent += len(several[_SHOWN:])
    if silent:
        lines.append(
            f"另有 {silent} 个未加注释，见下面的列表\n"
            if lang == "zh"
            else f"{silent} more not annotated, listed below\n"
        )
    return "".join(lines) + concise(diagnostics, lang)


def unplaced(message: str) -> str:
    """Write an annotation that belongs to no file.

    Args:
        message: What is wrong.

    Returns:
        One line.
    """
    return f"::error title=orderkit::{_data(message)}\n"


def _annotation(one: Diagnostic, level: str, lang: str) -> str:
    span = one.span
    where = f",file={_property(one.file)}" if one.file else ""
    if span.line:
        where += f",line={span.line},col={span.column},endLine={span.end_line},endColumn={span.end_column}"
    said = ("；" if lang == "zh" else "; ").join(part for part in (one.text(lang), one.remedy(lang)) if part)
    return f"::{level} title=orderkit ({one.code}){where}::{_data(said)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
