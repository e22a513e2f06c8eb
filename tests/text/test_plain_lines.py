"""Laws of the reader of plain lines: where it is sure of a file, the parser says the same of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderkit._diagnostics import Collector
from orderkit._text import Node, read_text
from orderkit._text.builder import MAX_DEPTH, MAX_EVENTS, Builder, Stop
from orderkit._text.decoding import decode, split_lines
from orderkit._text.events import c_events, pure_events
from orderkit._text.plain_lines import PlainLines
from orderkit._text.traps import warn

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PROJECTS = [path.read_text() for path in sorted(_EXAMPLES.rglob("*.yaml"))]
_SIGNS = [
    *"[]{}:,'\"#&*!|>%@`-? \n\t：，“=~.+<_\\", "\n  ", "\n    ", "- ", ": ", " #", "null", "5,000", "---", "...",
    "{a: b}", "[a, b]", "'x'", '"y"', "\n\n", "\n- ", "<<: ", "\u3000", "é", "if: ", "\r\n",
]  # fmt: skip


def by_parser(text: str) -> tuple[Node | None, list[str]]:
    found = Collector()
    lines = split_lines(text)
    events = c_events(text) or pure_events(text)
    try:
        root = Builder(events, "some.yaml", lines, found).read()
    except Stop:
        return None, ["no tree"]
    except events.errors:
        return None, ["no tree"]
    if root is not None:
        warn(root, lines, found)
    return root, [str(one) for one in found.diagnostics]


def agree(text: str) -> bool:
    """Compare both ways, and tell whether the quick one was sure."""
    if decode(text.encode(), "some.yaml", Collector()) is None:
        return False
    root = PlainLines("some.yaml").read(split_lines(text))
    if root is None:
        return False
    slowly, said = by_parser(text)
    assert root == slowly
    found = Collector()
    assert read_text(text.encode(), "some.yaml", found) == root
    assert [str(one) for one in found.diagnostics] == said
    return True


plain = st.sampled_from(
    [
        "a",
        "b1",
        "订单",
        "x.y",
        "a b",
        "满减 1",
        "12:30",
        "39.90",
        "-5",
        "order.total > 3",
        "f(x) == 'c'",
        "a#b",
    ]
)
flow = st.recursive(
    plain.filter(lambda text: not set(text) & set("#'")) | st.sampled_from(["'q: #'", '"[,]"', "{}", "[]"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda several: f"[{', '.join(several)}]")
        | st.lists(inner, max_size=3).map(
            lambda several: "{" + ", ".join(f"k{at}: {one}" for at, one in enumerate(several)) + "}"
        )
        | inner.map(lambda one: f"[k: {one}]")
    ),
    max_leaves=5,
)


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0, depth: int = 3) -> str:
    """Write what orderkit's files look like: mappings and lists of blocks, flow values, comments."""
    made = []
    pad = " " * indent
    for at in range(draw(st.integers(1, 3))):
        comment = draw(st.sampled_from(["", "", "", " # note", "  "]))
        key = f"{pad}{draw(st.sampled_from(['k', '键', 'a.b', 'two words', 'if']))}{at}:"
        shape = draw(st.integers(0, 6 if depth else 2))
        if shape <= 1:
            made.append(f"{key}{' ' * draw(st.integers(1, 3))}{draw(plain | flow)}{comment}")
        elif shape == 2:
            made.append(key + comment)
        elif shape == 3:
            made += [key + comment, draw(blocks(indent + draw(st.integers(1, 4)), depth - 1)).rstrip("\n")]
        else:
            deeper = " " * (indent + draw(st.sampled_from([0, 2])))
            made.append(key + comment)
            for _ in range(draw(st.integers(1, 3))):
                if draw(st.booleans()):
                    made.append(f"{deeper}- {draw(plain | flow)}{comment}")
                else:
                    inner = draw(blocks(len(deeper) + 2, depth - 1)).rstrip("\n")
                    made.append(f"{deeper}- {inner[len(deeper) + 2 :]}")
        if draw(st.integers(0, 5)) == 0:
            made.append(draw(st.sampled_from(["", "# note", f"{pad}  # note", "   "])))
    return "\n".join(made) + draw(st.sampled_from(["\n", ""]))


@settings(max_examples=150)
@given(blocks())
def test_what_is_plain_is_read_as_the_parser_reads_it(text: str) -> None:
    assert agree(text)


@settings(max_examples=300)
@given(st.data())
def test_what_is_damaged_is_left_to_the_parser_or_means_what_it_says(data: st.DataObject) -> None:
    text = data.draw(blocks() | st.sampled_from(_PROJECTS))
    lines = text.split("\n")
    first = data.draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[first : first + data.draw(st.integers(1, 12))])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(_SIGNS)) + text[at + data.draw(st.integers(0, 2)) :]
    agree(text)


@given(st.lists(st.sampled_from([*"ab :-,[]{}#'\"\n\n  ", "- ", ": "]), max_size=40).map("".join))
@example("a: 'b' c")
@example("a: [b: c]")
@example("a:\n- b\n- c: d\n  e: f\ng: h")
@example("a:\n  b: c\n d: e")
@example("- a")
@example("a: b\na: c")
@example("a: b\n  c")
@example("{a: b}")
@example("a: # b\n  c: d\n # e\n")
@example("a: {b: c, d: [e, {f: g}]} # h")
def test_any_text_is_read_alike_or_left(text: str) -> None:
    agree(text)


def test_the_projects_we_show_are_mostly_plain() -> None:
    assert sum(map(agree, _PROJECTS)) > len(_PROJECTS) * 0.8


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
def test_the_limit_of_depth_is_the_parsers(depth: int) -> None:
    block = "".join(f"{' ' * at}k:\n" for at in range(depth - 1)) + " " * depth + "k: v\n"
    flowing = "k: " + "[" * (depth - 1) + "x" + "]" * (depth - 1) + "\n"
    for text in (block, flowing):
        assert agree(text) is (depth == MAX_DEPTH)


def test_the_limit_of_length_is_the_parsers() -> None:
    fitting = (MAX_EVENTS - 6) // 4
    for lines, sure in ((fitting, True), (fitting + 1, False)):
        text = "".join(f"k{at}: {{}}\n" for at in range(lines * 4 // 3))
        events = sum(1 for _ in yaml.parse(text, Loader=yaml.CSafeLoader))
        assert (events <= MAX_EVENTS) is sure
        assert (PlainLines("some.yaml").read(text.split("\n")) is not None) is sure
