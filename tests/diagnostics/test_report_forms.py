"""Findings as build servers read them: GitLab, JUnit, SARIF and GitHub, each against its documented shape."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from orderkit._diagnostics import Collector, Diagnostic, Related, Span
from orderkit._diagnostics.annotations import github
from orderkit._diagnostics.code_quality import gitlab
from orderkit._diagnostics.fix import Edit, Fix
from orderkit._diagnostics.formats import FORMS, failure, write
from orderkit._diagnostics.outcome import Report

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
SARIF = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def wrong_key(line: int, file: str = "促销/a b.yaml") -> Diagnostic:
    found = Collector()
    span = Span(file, line, 5, line, 10)
    other = Related(Span("b.yaml", 1, 1, 1, 3), "declared here")
    found.add("OK204", span, related=[other], suggestion="tiers", key="teirs", allowed="tiers")
    fix = Fix((Edit(span, "tiers"),))
    return replace(found.diagnostics[0], source="    teirs: <1>&", fix=fix)


def warning(line: int) -> Diagnostic:
    found = Collector()
    found.add("OK136", Span("a.yaml", line, 1, line, 2))
    return found.diagnostics[0]


def nowhere() -> Diagnostic:
    found = Collector()
    found.add("OK314", Span("", 0, 0, 0, 0))
    return found.diagnostics[0]


SEVERAL = [wrong_key(14), wrong_key(15), warning(3), nowhere()]


def sarif_of(found: list[Diagnostic], lang: str = "en") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(write("sarif", Report(found, lang=lang)))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    run: dict[str, Any] = log["runs"][0]
    return run


def test_sarif_names_the_rule_the_place_in_code_points_and_the_fix() -> None:
    run = sarif_of(SEVERAL)
    first = run["results"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "OK204"
    assert "keys that may stand here" in run["tool"]["driver"]["rules"][first["ruleIndex"]]["help"]["text"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%E4%BF%83%E9%94%80/a%20b.yaml"
    region = {"startLine": 14, "startColumn": 5, "endLine": 14, "endColumn": 10}
    assert place["region"] == region
    change = first["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change == {"deletedRegion": region, "insertedContent": {"text": "tiers"}}
    assert first["relatedLocations"][0]["message"]["text"] == "declared here"
    assert "locations" not in next(one for one in run["results"] if one["ruleId"] == "OK314")


def test_sarif_in_chinese_for_nothing_and_for_a_project_that_is_not_there() -> None:
    assert sarif_of(SEVERAL, "zh")["results"][0]["relatedLocations"][0]["message"]["text"] == "在这里声明"
    assert sarif_of([])["results"] == []
    log = json.loads(failure("sarif", "there is no shop"))
    assert list(SARIF.iter_errors(log)) == []
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def issues(found: list[Diagnostic]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(gitlab(found))
    for one in told:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["path"]
        assert not one["location"]["path"].startswith("./")
        assert one["location"]["lines"]["begin"] >= 1
    return told


def test_a_gitlab_fingerprint_stays_when_lines_move_and_is_never_shared() -> None:
    before, after = issues(SEVERAL), issues([wrong_key(40), wrong_key(41), warning(9), nowhere()])
    prints = [one["fingerprint"] for one in before]
    assert prints == [one["fingerprint"] for one in after]
    assert len(set(prints)) == len(prints)
    assert before[0]["location"] == {"path": "促销/a b.yaml", "lines": {"begin": 14}}
    assert issues([]) == []
    assert len(issues([wrong_key(1, "other.yaml")])) == 1
    assert issues([wrong_key(1, "other.yaml")])[0]["fingerprint"] not in prints


def suite(text: str) -> ET.Element:
    root = ET.fromstring(text)  # noqa: S314 - our own text
    (one,) = root
    assert (root.tag, one.tag) == ("testsuites", "testsuite")
    cases = one.findall("testcase")
    assert one.get("tests") == str(len(cases))
    assert one.get("failures") == str(len(one.findall("testcase/failure")))
    assert one.get("errors") == str(len(one.findall("testcase/error")))
    for case in cases:
        assert case.get("name")
        assert case.get("classname")
    return one


def test_junit_has_one_case_for_each_file_and_fails_those_with_errors() -> None:
    one = suite(write("junit", Report(SEVERAL, ["促销/a b.yaml", "a.yaml", "good.yaml"])))
    names = [case.get("name") for case in one.findall("testcase")]
    assert names == ["促销/a b.yaml", "a.yaml", "good.yaml", "project"]
    failed, warned, good, _ = one.findall("testcase")
    told = failed.find("failure")
    assert told is not None
    assert told.get("message") == "2 errors"
    assert "a b.yaml:14:5" in str(told.text)
    assert warned.find("failure") is None
    assert "OK136" in str(warned.findtext("system-out"))
    assert list(good) == []


def test_junit_keeps_out_what_xml_forbids() -> None:
    found = Collector()
    found.add("OK212", Span("a.yaml", 1, 1, 1, 2), value="\x00\x0b]]><&\ufffe")
    assert "]]><&" in str(suite(write("junit", Report(found.diagnostics))).findtext("testcase/failure"))
    assert suite(failure("junit", "no <project>")).find("testcase/error") is not None


def test_github_gets_the_most_severe_first_ten_of_a_kind_and_always_the_whole_list() -> None:
    found = [*(warning(number) for number in range(1, 13)), *(wrong_key(number) for number in range(1, 15))]
    lines = github(found).splitlines()
    annotated = [line.split(" ")[0] for line in lines if line.startswith("::")]
    assert annotated == ["::error"] * 10 + ["::warning"] * 10
    assert lines[20] == "6 more not annotated, listed below"
    assert len(lines[21:]) == len(found)
    assert "另有 6 个" in github(found, "zh")
    assert github([]) == ""


@pytest.mark.parametrize("form", [one for one in FORMS if one != "human"])
def test_every_form_is_written_for_no_findings_and_for_no_project(form: str) -> None:
    good = write(form, Report([], ["a.yaml"]))
    bad = failure(form, "there is no shop")
    if form in ("json", "gitlab", "sarif"):
        json.loads(good)
        assert "there is no shop" in json.dumps(json.loads(bad))
    elif form == "junit":
        suite(good)
    else:
        assert good == ""
