"""A slip in the YAML of one section does not hide the mistakes and names of the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import orderkit
from orderkit._diagnostics import Collector
from orderkit._text.recovery import read_sections

Write = Callable[..., Path]
Findings = Callable[..., list[str]]
FLOW = "flows: {order: {starts: a, states: {a: {}, b: {end: done}}, actions: {走: {from: a, to: b}}}}\n"


def places(folder: Path) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in orderkit.check(folder) if one.severity == "error"]


def test_every_broken_section_has_its_own_first_mistake_and_the_others_are_checked(write: Write) -> None:
    base = len((write(FLOW) / "orderkit.yaml").read_text(encoding="utf-8").splitlines())
    text = (
        FLOW + "templates:\n  t: {text: 'x}\npromotions:\n  p: {stage: shop, mnus: 1}\nreports:\n  r: [a, b\n"
    )
    told = places(write(text))
    assert ("OK108", base + 2) in told
    assert ("OK109", base + 6) in told
    assert ("OK204", base + 4) in told
    assert len([code for code, _ in told if code.startswith("OK1")]) == 2


def test_names_of_a_lost_section_are_not_called_unknown(write: Write) -> None:
    rules = "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客服, template: t}]}}\n"
    assert [code for code, _ in places(write(rules + "templates:\n  t: {text: 'x}\n"))] == ["OK108"]
    lost = "flows:\n  order: {starts: a\ncases: {c: {steps: [{fire: 走}, {expect: {state: b}}]}}\n"
    assert [code for code, _ in places(write(lost))] == ["OK109"]
    metric = "metrics:\n  m: {count: 'order}\nreports: {r: {metrics: [m]}}\n"
    assert [code for code, _ in places(write(metric))] == ["OK108"]
    effect = "effects:\n  x: {needs: 'a}\nrules: {r: {when: {event: order.placed}, do: [crm.push: {a: 1}]}}\n"
    assert [code for code, _ in places(write(effect))] == ["OK108"]


def test_names_of_sections_that_can_be_read_are_still_required(write: Write) -> None:
    rules = "rules: {r: {when: {event: order.placed}, do: [notify: {to: 客福, text: x}]}}\n"
    assert [code for code, _ in places(write(rules + "templates:\n  t: {text: 'x}\n"))] == ["OK301", "OK108"]


def test_a_broken_project_section_leaves_the_others_checked(tmp_path: Path) -> None:
    (tmp_path / "orderkit.yaml").write_text(
        "project: {name: x, currency: CNY\npromotions:\n  p: {stage: shop, mnus: 1}\n"
        "rules: {r: {when: {event: order.placed}, if: vars.x > 1, do: [notify: {to: 谁, text: x}]}}\n",
        encoding="utf-8",
    )
    assert [code for code, _ in places(tmp_path)] == ["OK109", "OK204"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_positions_are_those_of_the_whole_file(ending: str) -> None:
    found = Collector()
    text = ending.join(["# 备注", "a: [1", "b:", "  c: 2", "  d: e: f", "g: {h: 1}", ""])
    read = read_sections(text.encode(), "x.yaml", found)
    assert read.lost == {"a", "b"}
    assert [(one.code, one.line) for one in found.diagnostics] == [("OK109", 2), ("OK113", 5)]
    assert read.root is not None
    assert (read.root.span.line, read.root.span.column) == (6, 1)


def test_a_section_that_stands_twice_around_a_slip_is_told() -> None:
    found = Collector()
    read_sections(b"a: {x: 1}\nb: [\na: {x: 2}\n", "x.yaml", found)
    assert ("OK112", 3) in [(one.code, one.line) for one in found.diagnostics]


def test_a_file_that_is_no_text_stays_lost() -> None:
    found = Collector()
    assert read_sections(b"a: \xff\nb: 1\n", "x.yaml", found).root is None
    assert len(found.diagnostics) == 1
