"""Findings as JUnit XML, which almost every build server shows: one test for each file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from orderkit._diagnostics.diagnostic import Severity
from orderkit._diagnostics.render import concise

if TYPE_CHECKING:
    from orderkit._diagnostics.outcome import Report

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """Write findings as JUnit XML; a file fails where it has errors, warnings stand in its output.

    Args:
        report: What was found, and the files that were read.

    Returns:
        An XML document with one suite.
    """
    files = dict.fromkeys([*report.files, *(one.file for one in report.diagnostics)])
    bodies: list[str] = []
    failed = 0
    for file in files:
        here = [one for one in report.diagnostics if one.file == file]
        errors = [one for one in here if one.severity is Severity.ERROR]
        others = [one for one in here if one.severity is not Severity.ERROR]
        inside = ""
        if errors:
            failed += 1
            count = f"{len(errors)} 个错误" if report.lang == "zh" else _count(len(errors))
            kinds = ",".join(sorted({one.code for one in errors}))
            told = _text(concise(errors, report.lang))
            inside += f"      <failure message={_value(count)} type={_value(kinds)}>{told}</failure>\n"
        if others:
            inside += f"      <system-out>{_text(concise(others, report.lang))}</system-out>\n"
        head = f'    <testcase classname="orderkit.check" name={_value(file or "project")} time="0"'
        bodies.append(f"{head}>\n{inside}    </testcase>\n" if inside else f"{head}/>\n")
    return _suite(len(files), failed, 0, "".join(bodies))


def unread(message: str) -> str:
    """Write that nothing could be checked.

    Args:
        message: Why.

    Returns:
        An XML document with one test that ended in an error.
    """
    error = f'      <error message={_value(message)} type="usage">{_text(message)}</error>\n'
    body = f'    <testcase classname="orderkit.check" name="project" time="0">\n{error}    </testcase>\n'
    return _suite(1, 0, 1, body)


def _suite(tests: int, failures: int, errors: int, body: str) -> str:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="orderkit" {counts} time="0">\n'
        f'  <testsuite name="orderkit check" {counts} skipped="0" time="0">\n{body}  </testsuite>\n'
        "</testsuites>\n"
    )


def _count(number: int) -> str:
    return f"{number} error" if number == 1 else f"{number} errors"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _value(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))
