"""The one layout: what it changes, what it leaves, and that no meaning and no comment is ever lost."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.text.test_yaml_positions import documents

from orderkit._diagnostics import Collector
from orderkit._text import read_text
from orderkit._text.formatting import format_text, outline
from orderkit._text.tokens import comments

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/errors/*.yaml")])


def formatted(text: str) -> str:
    made = format_text(dedent(text).encode(), "a.yaml")
    assert made.text is not None, (made.kept, [str(one) for one in made.found])
    return made.text


def meaning(text: str) -> object:
    root = read_text(text.encode(), "a.yaml", Collector())
    return None if root is None else outline(root)


def test_levels_are_two_blanks_and_lists_stand_one_level_in() -> None:
    text = """
        flows:
            order:
               starts:   待支付
               actions:
                      支付:
                          do:
                          - pay: {amount: order.total}
                          -   notify:
                                  to: 客服


                      取消:   {from: 待支付}
        """
    assert formatted(text) == dedent(
        """\
        flows:
          order:
            starts: 待支付
            actions:
              支付:
                do:
                  - pay: {amount: order.total}
                  - notify:
                      to: 客服

              取消: {from: 待支付}
        """
    )


def test_blanks_inside_a_line_are_single() -> None:
    assert formatted("a :   {  b: 1,c :  [ 1,2 ,  3 ] }   \n") == "a: {b: 1, c: [1, 2, 3]}\n"


def test_columns_of_values_stay() -> None:
    text = "  a:\n      驳回:     {to: x}\n      审核通过: {to: y}\n      晚:   z\n"
    assert formatted(text) == "a:\n  驳回:     {to: x}\n  审核通过: {to: y}\n  晚: z\n"


def test_a_continued_bracket_stays_under_its_first_member() -> None:
    text = "promotions:\n    m300:  {name: 618满减, stage: shop,\n            tiers: [{spend: 300}]}\n"
    assert (
        formatted(text)
        == "promotions:\n  m300: {name: 618满减, stage: shop,\n         tiers: [{spend: 300}]}\n"
    )


def test_comments_stand_at_their_level() -> None:
    text = """
        # first


        a:   # beside
        # of b
            b: 1
            # after b
              # deeper than anything
        # of c
        c:
              # only remarks
        d: |  # said
                text

        # last
        """
    assert formatted(text) == dedent(
        """\
        # first

        a:   # beside
          # of b
          b: 1
          # after b
          # deeper than anything
        # of c
        c:
          # only remarks
        d: |  # said
          text

        # last
        """
    )


def test_texts_of_several_lines_keep_what_they_say() -> None:
    text = 'a:\n    b: |2\n        x\n       y\n    c: "one\n          two"\n    d: three\n      four\n    e: |+\n      z\n\n\nf: >-\n g\n'
    assert formatted(text) == (
        'a:\n  b: |2\n      x\n     y\n  c: "one\n    two"\n  d: three\n    four\n  e: |+\n    z\n\n\nf: >-\n  g\n'
    )


def test_line_ends_and_byte_order_mark_go() -> None:
    made = format_text("\ufeffa: 1\r\n\r\n\r\n\r\nb: 2".encode(), "a.yaml")
    assert made.text == "a: 1\n\nb: 2\n"


def test_an_empty_file_stays_empty() -> None:
    assert formatted("") == ""
    assert formatted("\n\n# only this\n\n\n") == "# only this\n"


def test_broken_yaml_is_left_with_its_findings() -> None:
    made = format_text(b"a: [1\n", "a.yaml")
    assert made.text is None
    assert [one.code for one in made.found] == ["OK109"]


def test_what_the_layout_does_not_know_is_left_with_a_reason() -> None:
    made = format_text(b"? a\n: b\n", "a.yaml")
    assert made.text is None
    assert made.kept == "a key is written with `?`"


def test_a_block_at_the_end_keeps_its_missing_line_end() -> None:
    text = formatted("a: |\n   x")
    assert meaning(text) == meaning("a: |\n   x")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_laws_on_every_file(path: Path) -> None:
    made = format_text(path.read_bytes(), path.name)
    if made.text is None:
        assert made.found
        assert not made.kept
    else:
        laws(path.read_text("utf-8").replace("\r\n", "\n"), made.text)


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/**/*.yaml")), ids=lambda path: path.name)
def test_examples_are_formatted(path: Path) -> None:
    assert format_text(path.read_bytes(), path.name).text == path.read_text("utf-8")


def test_yaml_in_the_documentation_is_formatted() -> None:
    blocks = [
        (path.name, block)
        for path in sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])
        for block in re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    ]
    assert blocks
    for name, block in blocks:
        assert format_text(block.encode(), name).text == block


@given(text=st.text(st.sampled_from(list("ab: -#'\"|>{}[],&*?!\n\t\\好😀"))))
def test_any_text_ends_with_a_layout_or_a_reason(text: str) -> None:
    made = format_text(text.encode(), "a.yaml")
    if made.text is None:
        assert bool(made.kept) != bool(made.found)
    else:
        laws(text, made.text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_layout_is_the_same_without_the_compiled_parser(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = format_text(path.read_bytes(), path.name)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    slow = format_text(path.read_bytes(), path.name)
    assert (slow.text, slow.kept) == (fast.text, fast.kept)


def laws(before: str, after: str) -> None:
    assert meaning(after) == meaning(before)
    assert comments(after) == comments(before)
    assert format_text(after.encode(), "a.yaml").text == after
    assert after == "" or after.endswith("\n") or not before.endswith("\n")
    assert "\n\n\n" not in after or "|+" in after or "'" in after or '"' in after or ">" in after


remarks = st.sampled_from(["", "", "", "", "  # 说明 😀", "   ", " #"])
between = st.sampled_from(["", "", "", "", "\n", "\n\n\n", "# x\n", "      # y\n", "  \n   # z: 1\n"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=documents(12),
    indent=st.integers(2, 7),
    flow=st.sampled_from([True, False, None]),
    width=st.sampled_from([10, 40, 10_000]),
    draw=st.data(),
)
def test_laws_on_generated_files(
    data: object, indent: int, *, flow: bool | None, width: int, draw: st.DataObject
) -> None:
    text = yaml.safe_dump(
        data, allow_unicode=True, default_flow_style=flow, width=width, indent=indent, sort_keys=False
    )
    lines = [
        f"{draw.draw(between)}{line}{draw.draw(remarks)}\n"
        for line in text.removesuffix("...\n").splitlines()
    ]
    remarked = "".join(lines)
    for one in (text, remarked):
        found = Collector()
        if read_text(one.encode(), "a.yaml", found) is None or found.failed:
            continue
        made = format_text(one.encode(), "a.yaml")
        assert made.text is not None, made.kept
        laws(one, made.text)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_laws_on_examples_with_other_blanks(draw: st.DataObject) -> None:
    """Widen the indentation of an example, add blanks, remarks and empty lines: the layout is found again."""
    path = draw.draw(st.sampled_from(sorted(ROOT.glob("examples/*/*.yaml"))))
    steps = draw.draw(st.integers(1, 4))
    original = path.read_text("utf-8")
    lines = []
    for line in original.splitlines():
        bare = line.lstrip(" ")
        blanks = " " * ((len(line) - len(bare)) // 2 * steps)
        lines.append(f"{blanks}{bare}{draw.draw(st.sampled_from(['', ' ', '   ']))}\n")
    text = "".join(lines)
    if meaning(text) != meaning(original):
        return
    made = format_text(text.encode(), path.name)
    assert made.text is not None, made.kept
    laws(text, made.text)
