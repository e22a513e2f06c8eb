"""Findings for machines: JSON with a version, and annotations that GitHub shows beside the line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic
    from orderkit._diagnostics.span import Span

FORMAT_VERSION: Final = "1.0"
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.HINT: "notice",
}


def to_json(diagnostics: Sequence[Diagnostic], lang: str = "en") -> str:
    """Write findings for scripts; lines and columns count from 1, columns in code points, ends exclusive.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        One JSON object: `format_version`, `ok`, `summary`, `diagnostics`.
    """
    counts = {f"{kind}s": sum(one.severity is kind for one in diagnostics) for kind in Severity}
    document = {
        "format_version": FORMAT_VERSION,
        "ok": not counts["errors"],
        "summary": counts,
        "diagnostics": [as_data(one, lang) for one in diagnostics],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_data(one: Diagnostic, lang: str = "en") -> dict[str, Any]:
    """Give one finding as plain data, for JSON and the language server.

    Args:
        one: The finding.
        lang: `en` or `zh`.

    Returns:
        Its code, severity, message, file, range, hint, suggestion and related places.
    """
    return {
        "code": one.code,
        "severity": str(one.severity),
        "message": one.text(lang),
        "file": one.file,
        "range": _range(one.span),
        "hint": one.remedy(lang),
        "suggestion": one.suggestion,
        "related": [
            {"file": other.span.file, "range": _range(other.span), "message": other.label}
            for other in one.related
        ],
    }


def github(diagnostics: Iterable[Diagnostic], lang: str = "en") -> str:
    """Write findings as workflow commands, so that a pull request shows them beside the line.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        One `::error ...::message` line for each.
    """
    lines: list[str] = []
    for one in diagnostics:
        span = one.span
        where = f"file={_property(one.file)},line={span.line},col={span.column}"
        where += f",endLine={span.end_line},endColumn={span.end_column}"
        said = ("；" if lang == "zh" else "; ").join(
            part for part in (one.text(lang), one.remedy(lang)) if part
        )
        lines.append(f"::{_LEVELS[one.severity]} title=orderkit ({one.code}),{where}::{_data(said)}\n")
    return "".join(lines)


def _range(span: Span) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
