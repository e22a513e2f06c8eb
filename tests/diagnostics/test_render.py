"""Findings as people see them: the caret under the word, also below Chinese text."""

from __future__ import annotations

import pytest

from orderkit._diagnostics import Collector, Diagnostic, Related, Span
from orderkit._diagnostics.render import concise, render, summary, width


def finding(
    line: int, column: int, end: int, *, file: str = "a.yaml", related: tuple[Related, ...] = ()
) -> Diagnostic:
    found = Collector()
    found.add("OK112", Span(file, line, column, line, end), related=related, key="k")
    return found.diagnostics[0]


def test_a_finding_shows_its_line_with_a_caret_and_the_cure() -> None:
    found = Collector()
    span = Span("promotions/double11.yaml", 14, 5, 14, 10)
    found.add("OK204", span, suggestion="tiers", key="teirs", allowed="name, tiers")
    source = "\n" * 13 + "    teirs:\n"
    assert render(found.diagnostics, {"promotions/double11.yaml": source}) == (
        "error[OK204]: there is no key `teirs` here\n"
        "  --> promotions/double11.yaml:14:5\n"
        "   |\n"
        "14 |     teirs:\n"
        "   |     ^^^^^\n"
        "   |\n"
        "   = help: did you mean `tiers`? keys that may stand here: name, tiers\n"
    )


def test_the_caret_stands_under_the_word_behind_chinese_text() -> None:
    text = render([finding(1, 9, 11)], {"a.yaml": "名称: {甲: 1, 乙: 2}\n"}).splitlines()
    line, carets = text[3], text[4]
    start = carets.index("^") - len("  | ")
    assert width("名称: {甲: ") == 11
    assert line == "1 | 名称: {甲: 1, 乙: 2}"
    assert (start, carets.count("^")) == (11, 2)
    wide = render([finding(1, 1, 3)], {"a.yaml": "名称: x\n"}).splitlines()[4]
    assert wide == "  | ^^^^"


def test_a_second_place_in_the_same_file_is_shown_in_the_same_excerpt() -> None:
    first = Related(Span("a.yaml", 1, 1, 1, 2), "`k`")
    text = render([finding(4, 1, 2, related=(first,))], {"a.yaml": "k: 1\nb: 2\nc: 3\nk: 4\n"})
    assert text.splitlines()[2:8] == ["  |", "1 | k: 1", "  | - `k`", "...", "4 | k: 4", "  | ^"]


def test_a_second_place_in_another_file_has_its_own_excerpt() -> None:
    first = Related(Span("b.yaml", 2, 3, 2, 4), "first")
    text = render([finding(1, 1, 2, related=(first,))], {"a.yaml": "k: 1", "b.yaml": "x:\n  k: 2"})
    assert " ::: b.yaml:2:3" in text
    assert "2 |   k: 2\n  |   - first" in text


def test_a_finding_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    found = Collector()
    found.add("OK108", Span("a.yaml", 1, 4, 3, 2))
    assert render(found.diagnostics, {"a.yaml": 'a: "x y\nb\nc'}).splitlines()[4] == "  |    ^^^^"


@pytest.mark.parametrize("sources", [{}, {"a.yaml": ""}, {"a.yaml": "one line"}])
def test_a_missing_source_leaves_the_message(sources: dict[str, str]) -> None:
    text = render([finding(7, 3, 4)], sources)
    assert "--> a.yaml:7:3" in text
    assert "^" not in text


def test_a_very_long_line_is_cut_around_the_word() -> None:
    line = "x" * 5_000 + "KEY" + "y" * 5_000
    text = render([finding(1, 5_001, 5_004)], {"a.yaml": line}).splitlines()
    start = text[4].index("^")
    assert len(text[3]) < 140
    assert text[3][start : start + 3] == "KEY"


def test_what_could_move_the_cursor_is_made_visible() -> None:
    text = render([finding(1, 4, 5)], {"a.yaml": "a: \x1b[2Jx\u202ey"})
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_tab_keeps_the_caret_in_place() -> None:
    assert render([finding(1, 2, 3)], {"a.yaml": "\tb: 1"}).splitlines()[3:5] == ["1 |     b: 1", "  |     ^"]


def test_chinese_and_colours() -> None:
    text = render([finding(1, 1, 2)], {"a.yaml": "k: 1"}, "zh", color=True)
    assert "错误[OK112]" in text
    assert "帮助：" in text
    assert text.count("\x1b[0m") == text.count("\x1b[") / 2
    assert "\x1b" not in render([finding(1, 1, 2)], {"a.yaml": "k: 1"}, "zh")


def test_nothing_found_is_nothing_said() -> None:
    assert render([], {}) == ""
    assert concise([]) == ""


def test_one_line_for_each_finding() -> None:
    assert concise([finding(3, 1, 2)]) == (
        "a.yaml:3:1: error[OK112] the key `k` is here twice; "
        "keep one of the two lines; YAML would silently drop the other\n"
    )
    assert concise([finding(3, 1, 2)], "zh").startswith("a.yaml:3:1: 错误[OK112] 键“k”出现了两次；")


def test_the_summary_counts() -> None:
    found = Collector()
    found.add("OK112", Span("a", 1, 1, 1, 2), key="a")
    found.add("OK112", Span("a", 2, 1, 2, 2), key="b")
    found.add("OK136", Span("a", 3, 1, 3, 2))
    assert summary(found.diagnostics, 5, 1320) == "Checked 5 files, 1,320 lines: 2 errors, 1 warning"
    assert summary((), 1, 1) == "Checked 1 file, 1 line: 0 errors, 0 warnings"
    assert summary(found.diagnostics, 5, 320, "zh") == "检查了 5 个文件，320 行：2 个错误，1 个警告"
