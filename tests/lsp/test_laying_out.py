"""`orderkit fmt` from the editor: edits of lines that give the one layout, on texts that are not saved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit._diagnostics.fix import apply
from orderkit._text.formatting import format_text
from orderkit.lsp.laying_out import Unchanged, lay_out

UGLY = "# 😀\nflows:\n    order:\n        starts:   😀a   # 😀\n        states:\n        - x\n"
NEAT = "# 😀\nflows:\n  order:\n    starts: 😀a   # 😀\n    states:\n      - x\n"


def test_an_editor_gets_the_layout_of_what_it_shows(tmp_path: Path, speak: Any) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: {name: a}\n", encoding="utf-8")
    with speak([sys.executable, "-m", "orderkit", "lsp"], tmp_path) as client:
        uri = client.open(tmp_path / "flow.yaml", UGLY)
        options = {"textDocument": {"uri": uri}, "options": {"tabSize": 4, "insertSpaces": True}}
        edits = client.request("textDocument/formatting", options)
        rows = UGLY.splitlines(keepends=True)
        for one in reversed(edits):
            start, end = one["range"]["start"], one["range"]["end"]
            assert (start["character"], end["character"]) == (0, 0)
            rows[start["line"] : end["line"]] = one["newText"].splitlines(keepends=True)
        assert "".join(rows) == NEAT
        client.change(uri, NEAT)
        assert client.request("textDocument/formatting", options) == []
    assert not (tmp_path / "flow.yaml").exists()


def test_lines_that_fit_are_left_alone() -> None:
    (one,) = lay_out("a: 1\nb:   2\nc: 3\n", "a.yaml")
    assert (one.span.line, one.span.end_line, one.text) == (2, 3, "b: 2\n")
    (one,) = lay_out("a: 1\nb: 😀", "a.yaml")
    assert (one.span[1:], one.text) == ((2, 1, 2, 5), "b: 😀\n")


def test_broken_yaml_is_told() -> None:
    with pytest.raises(Unchanged, match="OK109"):
        lay_out("a: [1\n", "a.yaml")


@given(
    st.lists(st.sampled_from(["a: 1", "b:  2", "", "# x", "c:\n    d: 😀", "e: [ 1,2 ]"]), max_size=6),
    st.booleans(),
)
def test_the_edits_give_the_layout(rows: list[str], ended: bool) -> None:  # noqa: FBT001 - drawn
    text = "\n".join(dict.fromkeys(rows)) + ("\n" if ended else "")
    assert apply(text, lay_out(text, "a.yaml")) == format_text(text.encode(), "a.yaml").text
