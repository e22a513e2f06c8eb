"""Findings as a Code Quality report, which GitLab compares between a branch and its target."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._diagnostics.diagnostic import Diagnostic

_SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "major",
    Severity.WARNING: "minor",
    Severity.HINT: "info",
}


def gitlab(diagnostics: Iterable[Diagnostic], lang: str = "en") -> str:
    """Write findings as GitLab reads them.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        A JSON list of issues, empty for none.
    """
    several = list(diagnostics)
    prints = fingerprints(several)
    issues = [
        _issue(one.code, _said(one, lang), mark, _SEVERITIES[one.severity], one.file, one.line)
        for one, mark in zip(several, prints, strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def unchecked(message: str) -> str:
    """Write that nothing could be checked.

    Args:
        message: Why.

    Returns:
        A JSON list with one issue.
    """
    mark = hashlib.sha256(message.encode()).hexdigest()
    return (
        json.dumps([_issue("orderkit", message, mark, "blocker", "", 1)], ensure_ascii=False, indent=2) + "\n"
    )


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Name each finding so that it keeps its name when lines above it come or go.

    Args:
        diagnostics: The findings.

    Returns:
        One text for each, all different.
    """
    seen: dict[tuple[str, ...], int] = {}
    made = []
    for one in diagnostics:
        cause = (one.code, one.file, one.text("en"), one.source.strip())
        seen[cause] = number = seen.get(cause, 0) + 1
        made.append(hashlib.sha256("\0".join((*cause, str(number))).encode()).hexdigest())
    return made


def _issue(name: str, said: str, mark: str, severity: str, file: str, line: int) -> dict[str, Any]:
    return {
        "description": said,
        "check_name": name,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": file or "orderkit.yaml", "lines": {"begin": max(line, 1)}},
    }


def _said(one: Diagnostic, lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(part for part in (one.text(lang), one.remedy(lang)) if part)
