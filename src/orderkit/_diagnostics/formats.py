"""Findings for programs: JSON with a version, and one door to every form that `--format` names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic
    from orderkit._diagnostics.fix import Fix
    from orderkit._diagnostics.outcome import Report
    from orderkit._diagnostics.span import Span

FORMAT_VERSION: Final = "1.0"
FORMS: Final = ("human", "concise", "json", "github", "gitlab", "junit", "sarif")
"""What `--format` may name, the usual one first."""


def write(form: str, report: Report) -> str:
    """Write findings in one form; none are written in every form as well.

    Args:
        form: One of `FORMS` but `human`, which needs the texts: see `render`.
        report: What was found.

    Returns:
        The whole output.
    """
    if form == "json":
        return to_json(report.diagnostics, report.lang, report.names)
    if form == "github":
        from orderkit._diagnostics.annotations import github

        return github(report.diagnostics, report.lang)
    if form == "gitlab":
        from orderkit._diagnostics.code_quality import gitlab

        return gitlab(report.diagnostics, report.lang)
    if form == "junit":
        from orderkit._diagnostics.junit import junit

        return junit(report)
    if form == "sarif":
        from orderkit._diagnostics.sarif import sarif

        return sarif(report.diagnostics, report.lang)
    from orderkit._diagnostics.render import concise

    return concise(report.diagnostics, report.lang)


def failure(form: str, message: str, kind: str = "usage") -> str:
    """Write in one form that nothing could be checked, so that its reader does not take silence for success.

    Args:
        form: One of `FORMS`.
        message: Why.
        kind: `usage` or `not_found`.

    Returns:
        The whole output; empty for the forms that people read.
    """
    if form == "json":
        told = {"kind": kind, "reason": "", "message": message, "details": {}}
        return _document({"format_version": FORMAT_VERSION, "ok": False, "diagnostics": [], "error": told})
    if form == "github":
        from orderkit._diagnostics.annotations import unplaced

        return unplaced(message)
    if form == "gitlab":
        from orderkit._diagnostics.code_quality import unchecked

        return unchecked(message)
    if form == "junit":
        from orderkit._diagnostics.junit import unread

        return unread(message)
    if form == "sarif":
        from orderkit._diagnostics.sarif import unrun

        return unrun(message)
    return ""


def to_json(
    diagnostics: Sequence[Diagnostic], lang: str = "en", names: Mapping[str, str] | None = None
) -> str:
    """Write findings for scripts; lines and columns count from 1, columns in code points, ends exclusive.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.
        names: Names inside the project by the name shown; the shown one is then given as `path`.

    Returns:
        One JSON object: `format_version`, `ok`, `summary`, `diagnostics`.
    """
    counts = {f"{kind}s": sum(one.severity is kind for one in diagnostics) for kind in Severity}
    counts["fixable"] = sum(one.fix is not None and one.fix.safe for one in diagnostics)
    document = {
        "format_version": FORMAT_VERSION,
        "ok": not counts["errors"],
        "summary": counts,
        "diagnostics": [as_data(one, lang, names) for one in diagnostics],
    }
    return _document(document)


def as_data(one: Diagnostic, lang: str = "en", names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give one finding as plain data, for JSON and the language server.

    Args:
        one: The finding.
        lang: `en` or `zh`.
        names: Names inside the project by the name shown; the shown one is then given as `path`.

    Returns:
        Its code, severity, message, file, range, snippet, help, suggestion, related places and fix.
    """
    known = names or {}

    def placed(span: Span) -> dict[str, Any]:
        made: dict[str, Any] = {"file": known.get(span.file, span.file)}
        if names is not None:
            made["path"] = span.file
        return {**made, "range": range_of(span)}

    return {
        "code": one.code,
        "severity": str(one.severity),
        "message": one.text(lang),
        **placed(one.span),
        "snippet": one.source,
        "help": one.remedy(lang),
        "suggestion": one.suggestion,
        "related": [{**placed(other.span), "message": other.text(lang)} for other in one.others],
        "fix": None if one.fix is None else _fix(one.fix, placed),
    }


def _fix(fix: Fix, placed: Any) -> dict[str, Any]:
    return {
        "applicability": fix.applicability,
        "edits": [{**placed(edit.span), "text": edit.text} for edit in fix.edits],
    }


def range_of(span: Span) -> dict[str, dict[str, int]]:
    """Give a place as plain data.

    Args:
        span: The place.

    Returns:
        `start` and `end`, each with `line` and `column` from 1; the end exclusive.
    """
    return {
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _document(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
