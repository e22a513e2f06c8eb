"""Findings as SARIF 2.1.0, the form that code scanners exchange."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from orderkit._diagnostics.code_quality import fingerprints
from orderkit._diagnostics.codes import Code, find
from orderkit._diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic
    from orderkit._diagnostics.fix import Fix
    from orderkit._diagnostics.span import Span

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.HINT: "note",
}
_HOLE: Final = re.compile(r"\{(\w+?)(?:_en|_zh)?\}")


def sarif(diagnostics: Sequence[Diagnostic], lang: str = "en") -> str:
    """Write findings as one SARIF run.

    Args:
        diagnostics: The findings.
        lang: `en` or `zh`.

    Returns:
        A SARIF log.
    """
    codes = sorted({one.code for one in diagnostics})
    places = {code: number for number, code in enumerate(codes)}
    prints = fingerprints(diagnostics)
    results = [
        _result(one, places[one.code], mark, lang) for one, mark in zip(diagnostics, prints, strict=True)
    ]
    rules = [_rule(find(code), lang) for code in codes]
    return _log(rules, results, lang, {"executionSuccessful": True})


def unrun(message: str) -> str:
    """Write that nothing could be checked.

    Args:
        message: Why.

    Returns:
        A SARIF log whose one run did not succeed.
    """
    told = {"level": "error", "message": {"text": message}}
    invocation = {"executionSuccessful": False, "toolConfigurationNotifications": [told]}
    return _log([], [], "en", invocation)


def _log(rules: Iterable[Any], results: Iterable[Any], lang: str, invocation: Mapping[str, Any]) -> str:
    from importlib.metadata import version

    driver = {"name": "orderkit", "version": version("orderkit"), "rules": list(rules)}
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if lang == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": list(results),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: Code, lang: str) -> dict[str, Any]:
    said = _HOLE.sub(r"<\1>", code.zh if lang == "zh" else code.en)
    told = _HOLE.sub(r"<\1>", code.help_zh if lang == "zh" else code.help_en)
    return {
        "id": code.id,
        "shortDescription": {"text": said},
        "help": {"text": told or said},
        "defaultConfiguration": {"level": _LEVELS[Severity(code.severity)]},
    }


def _result(one: Diagnostic, rule: int, mark: str, lang: str) -> dict[str, Any]:
    said = ("；" if lang == "zh" else "; ").join(part for part in (one.text(lang), one.remedy(lang)) if part)
    made: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": {"text": said},
        "partialFingerprints": {"orderkit/v1": mark},
    }
    if one.file:
        made["locations"] = [_location(one.span, one.source)]
    if one.others:
        made["relatedLocations"] = [
            {**_location(other.span), "message": {"text": other.text(lang)}} for other in one.others
        ]
    if one.fix is not None:
        made["fixes"] = [_fix(one.fix, one.remedy(lang) or one.text(lang))]
    return made


def _location(span: Span, snippet: str = "") -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(span.file)}
    if span.line:
        place["region"] = _region(span)
        if snippet:
            place["contextRegion"] = {"startLine": span.line, "snippet": {"text": snippet}}
    return {"physicalLocation": place}


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(file)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(fix: Fix, told: str) -> dict[str, Any]:
    files = dict.fromkeys(edit.span.file for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(file),
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in fix.edits
                if edit.span.file == file
            ],
        }
        for file in files
    ]
    return {"description": {"text": told}, "artifactChanges": changes}
