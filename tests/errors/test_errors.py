"""Mistakes of analysts, one file each: the first line names the place, and what is advised mends it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import orderkit
from orderkit._diagnostics import Diagnostic
from orderkit._diagnostics.render import render

HERE = Path(__file__).parent


def places() -> list[tuple[str, str, int, int]]:
    with (HERE / "places.tsv").open(encoding="utf-8") as file:
        return [
            (row["file"], row["code"], int(row["line"]), int(row["column"]))
            for row in csv.DictReader(file, delimiter="\t")
        ]


def found(name: str) -> tuple[Diagnostic, ...]:
    return orderkit.check(HERE / f"{name}.yaml")


def test_every_file_has_its_place_its_text_and_its_mended_form() -> None:
    names = {name for name, *_ in places()}
    assert len(names) >= 60
    for ending in (".yaml", ".txt", ".mended.yaml"):
        there = {path.name.removesuffix(ending) for path in HERE.glob(f"*{ending}")}
        assert {one for one in there if not one.endswith(".mended")} == names


@pytest.mark.parametrize(("name", "code", "line", "column"), places(), ids=[name for name, *_ in places()])
def test_a_mistake_is_one_finding_at_its_place_with_its_words(
    name: str, code: str, line: int, column: int
) -> None:
    told = found(name)
    assert [(one.code, one.line, one.column) for one in told] == [(code, line, column)]
    assert told[0].hint
    source = {f"{name}.yaml": (HERE / f"{name}.yaml").read_text(encoding="utf-8")}
    words = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    assert "\n".join(render(told, source, lang=lang) for lang in ("en", "zh")) == words


@pytest.mark.parametrize("name", [name for name, *_ in places()])
def test_the_mended_file_has_no_finding(name: str) -> None:
    assert [str(one) for one in found(f"{name}.mended")] == []


@pytest.mark.parametrize("name", [name for name, *_ in places()])
def test_what_a_machine_may_mend_is_mended_by_it(name: str, tmp_path: Path) -> None:
    told = found(name)[0]
    if told.fix is None or told.fix.applicability != "safe":
        return
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    lines = text.split("\n")
    for edit in sorted(told.fix.edits, key=lambda one: one.span, reverse=True):
        span = edit.span
        assert span.line == span.end_line
        row = lines[span.line - 1]
        lines[span.line - 1] = row[: span.column - 1] + edit.text + row[span.end_column - 1 :]
    path = tmp_path / "mended.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [one.code for one in orderkit.check(path) if one.code == told.code] == []
