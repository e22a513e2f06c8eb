"""The column of a mistake inside a scalar, whatever way the scalar is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import orderkit
from orderkit._diagnostics import Collector
from orderkit._text import MapNode, ScalarNode, read_text
from orderkit._text.offsets import points_of

HEAD = "project: {name: T, currency: CNY, timezone: UTC}\nrules:\n  r:\n    when: {event: order.placed}\n"
TAIL = "    do: [tag: a]\n"
WORDS = [
    "order.total > 5",
    "order.note == '订单 it\u2019s'",
    "len(order.lines) > 1",
    "order.channel in ('a', 'b')",
]


@st.composite
def written(draw: st.DrawFn) -> str:
    """Write `if:` with one wrong name among good conditions, in one of YAML's ways."""
    parts = [draw(st.sampled_from(WORDS)) for _ in range(draw(st.integers(0, 3)))]
    parts.insert(draw(st.integers(0, len(parts))), "order.totl > 1")
    text = " and ".join(parts)
    style = draw(st.sampled_from(["plain", "single", "double", "literal", "folded"]))
    words = text.split(" ")
    breaks = {at for at in range(1, len(words)) if draw(st.booleans())}

    def folded(words: list[str], indent: str) -> str:
        return "".join(
            word if at == 0 else (f"\n{indent}{word}" if at in breaks else f" {word}")
            for at, word in enumerate(words)
        )

    if style == "plain":
        return "    if: " + folded(words, " " * draw(st.integers(6, 9))) + "\n"
    if style == "single":
        return "    if: '" + folded([one.replace("'", "''") for one in words], "      ") + "'\n"
    if style == "double":
        escaped = [
            "".join(f"\\u{ord(sign):04x}" if draw(st.integers(0, 4)) == 0 else sign for sign in one)
            if "totl" not in one
            else one
            for one in words
        ]
        if draw(st.booleans()):
            # A backslash at the end of a line keeps the blank before it and takes all blanks behind it.
            return '    if: "' + folded(escaped, "      ").replace("\n", " \\\n") + '"\n'
        return '    if: "' + folded(escaped, "      ") + '"\n'
    size = draw(st.integers(1, 4))
    indent = " " * (4 + size)
    sign = draw(st.sampled_from(["", "-", "+", f"{size}", f"{size}-", f"+{size}", " # why"]))
    if style == "literal":
        # A text of the expression itself stays on its line.
        breaks = {at for at in breaks if not words[at].startswith("it")}
        return f"    if: |{sign}\n{indent}" + folded(words, indent + " " * draw(st.integers(0, 2))) + "\n"
    return f"    if: >{sign}\n{indent}" + folded(words, indent) + "\n"


@given(text=written(), ending=st.sampled_from(["\n", "\r\n"]))
def test_the_wrong_name_is_pointed_at(
    tmp_path_factory: pytest.TempPathFactory, text: str, ending: str
) -> None:
    whole = HEAD + text + TAIL
    path = tmp_path_factory.mktemp("p") / "p.yaml"
    path.write_bytes(whole.replace("\n", ending).encode())
    found = [one for one in orderkit.check(path) if one.severity == "error"]
    assert [one.code for one in found] == ["OK331"], [str(one) for one in found]
    line = whole.split("\n")[found[0].line - 1]
    assert line[found[0].column - 1 :].startswith("totl"), (line, str(found[0]))


@given(
    text=st.text(alphabet=st.sampled_from(list("ab:' \"\\\n#|>-é中")), max_size=30),
    style=st.sampled_from(["'", '"', "|", ">", ""]),
)
def test_every_place_holds_the_character_or_nothing_is_told(text: str, style: str) -> None:
    import yaml

    source = yaml.safe_dump({"k": text}, default_style=style or None, allow_unicode=True, width=20)
    root = read_text(source.encode(), "f.yaml", Collector())
    node = root.get("k") if isinstance(root, MapNode) else None
    if not isinstance(node, ScalarNode):
        return
    points = points_of(node.source, node.text, node.style, node.span.line, node.span.column)
    assert points is not None or "\n" in node.source, source
    lines = source.split("\n")
    for sign, (line, column) in zip(node.text, points or (), strict=False):
        there = lines[line - 1][column - 1 : column]
        assert there in (sign, "\\", "'", "") or sign in " \n", (source, sign, there)


def test_a_scalar_keeps_its_source_text() -> None:
    text = "a: \"x\\u0041\"\nb: 'it''s'\nc: plain\nd: >-\n  two\n  lines\ne: 39.90\n"
    root = read_text(text.encode(), "f.yaml", Collector())
    assert isinstance(root, MapNode)
    told = {
        key.text: (value.source.rstrip(), value.text)
        for key, value in root.entries
        if isinstance(value, ScalarNode)
    }
    assert told == {
        "a": ('"x\\u0041"', "xA"),
        "b": ("'it''s'", "it's"),
        "c": ("plain", "plain"),
        "d": (">-\n  two\n  lines", "two lines"),
        "e": ("39.90", "39.90"),
    }
