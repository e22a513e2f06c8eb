"""Findings as machines read them."""

from __future__ import annotations

import json

from orderkit._diagnostics import Collector, Related, Span
from orderkit._diagnostics.annotations import github
from orderkit._diagnostics.formats import to_json


def test_json_carries_version_summary_and_exact_ranges() -> None:
    found = Collector()
    other = Related(Span("b.yaml", 1, 1, 1, 3), "`金额`")
    found.add("OK112", Span("a.yaml", 2, 5, 2, 7), related=[other], key="金额")
    found.add("OK204", Span("a.yaml", 3, 1, 3, 6), suggestion="tiers", key="teirs", allowed="tiers")
    document = json.loads(to_json(found.diagnostics))
    assert document["format_version"] == "1.0"
    assert document["ok"] is False
    assert document["summary"] == {"errors": 2, "warnings": 0, "hints": 0, "fixable": 0}
    first, second = document["diagnostics"]
    assert first == {
        "code": "OK112",
        "severity": "error",
        "message": "the key `金额` is here twice",
        "file": "a.yaml",
        "range": {"start": {"line": 2, "column": 5}, "end": {"line": 2, "column": 7}},
        "snippet": "",
        "help": "keep one of the two lines; YAML would silently drop the other",
        "suggestion": "",
        "related": [
            {
                "file": "b.yaml",
                "range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 3}},
                "message": "`金额`",
            }
        ],
        "fix": None,
    }
    assert second["suggestion"] == "tiers"


def test_warnings_alone_are_fine() -> None:
    found = Collector()
    found.add("OK136", Span("a.yaml", 1, 1, 1, 2))
    assert json.loads(to_json(found.diagnostics))["ok"] is True


def test_github_annotations_escape_what_would_break_them() -> None:
    found = Collector()
    found.add("OK212", Span("a,b:c.yaml", 1, 2, 1, 3), value="5%\n::error::x")
    assert github(found.diagnostics).splitlines()[0] == (
        "::error title=orderkit (OK212),file=a%2Cb%3Ac.yaml,line=1,col=2,endLine=1,endColumn=3::"
        "`5%25%0A::error::x` is not a number; "
        "write it such as `39.90`: half-width digits, no separators, no unit"
    )
    assert sum(line.startswith("::") for line in github(found.diagnostics).splitlines()) == 1
