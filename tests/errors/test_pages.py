"""The page of a code shows a file that prints exactly this code, and the page is as the tool words it today."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import orderkit
from orderkit._diagnostics.codes import find, table

CODE = re.compile(r"\bOK\d{3}\b")
NOT_RUN_YET = "OK206"
"""Told beside a mistake inside a key that is checked and not run yet."""
HERE = Path(__file__).parent


def _pages() -> Any:
    spec = importlib.util.spec_from_file_location("pages", HERE / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


PAGES = _pages()


@pytest.mark.parametrize("code", sorted(PAGES.examples()))
def test_the_page_is_the_one_that_is_written_today(code: str, tmp_path: Path) -> None:
    name = PAGES.examples()[code]
    for lang, ending in (("en", ".md"), ("zh", ".zh.md")):
        text = (PAGES.PAGES / f"{code}{ending}").read_text(encoding="utf-8")
        assert text == PAGES.page(code, name, lang), "run python tests/errors/pages.py"
        wrong = text.split("```text\n")[1].split("```")[0]
        (tmp_path / "p.yaml").write_text(wrong, encoding="utf-8")
        assert [one.code for one in orderkit.check(tmp_path / "p.yaml")] == [code]


@pytest.mark.parametrize("code", PAGES.folders())
def test_the_example_prints_its_code_and_its_mended_form_does_not(code: str) -> None:
    for lang, ending in PAGES.ENDINGS:
        status, said = PAGES.ran(code, "wrong", lang)
        assert "Traceback" not in said
        told = set(CODE.findall(said))
        assert code in told
        assert told <= {code, NOT_RUN_YET}, said
        tolerant = PAGES.command(code).startswith(("import", "price", "python"))
        assert status == 1 or find(code).severity != "error" or tolerant
        text = (PAGES.PAGES / f"{code}{ending}").read_text(encoding="utf-8")
        assert text == PAGES.folder_page(code, lang), "run python tests/errors/pages.py"
    status, said = PAGES.ran(code, "mended", "en")
    assert (status, set(CODE.findall(said)) - {NOT_RUN_YET}) == (0, set()), said
    assert code not in said


def test_no_page_is_left_over() -> None:
    there = {path.name.partition(".")[0] for path in PAGES.PAGES.glob("*.md")}
    assert there == {*PAGES.examples(), *PAGES.folders()}


def test_every_code_has_its_page() -> None:
    assert set(table()) - {*PAGES.examples(), *PAGES.folders()} == set()
