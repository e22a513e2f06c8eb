"""The page of a code shows a file that prints exactly this code, and the page is as the tool words it today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import orderkit

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


def test_no_page_is_left_over() -> None:
    there = {path.name.partition(".")[0] for path in PAGES.PAGES.glob("*.md")}
    assert there == set(PAGES.examples())
