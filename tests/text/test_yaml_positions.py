"""Laws of the reader: what is written is read back, and every span points at the text it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit._diagnostics import Collector
from orderkit._text import ListNode, MapNode, Node, ScalarNode, read_text
from orderkit._text.events import c_events

if TYPE_CHECKING:
    import pytest

letters = st.characters(
    codec="utf-8",
    categories=["Lu", "Ll", "Lo", "Nd", "Po", "Ps", "Pe", "Sm", "Zs"],
    exclude_characters="\u00a0\u1680\u2028\u2029\u115f\u1160\u3164\uffa0",
    max_codepoint=0x9FFF,
)
texts = st.one_of(
    st.text(letters, max_size=20),
    st.sampled_from(
        ["no", "0123", "12:30", "39.90", "~", "null", "- x", "a: b", "a #b", "'", '"', "满100，减10", "{x}"]
    ),
)
keys = st.text(st.sampled_from("abc订单_. 1"), min_size=1, max_size=8).filter(
    lambda key: key == key.strip() and not key.startswith("__")
)


def documents(size: int) -> st.SearchStrategy[object]:
    return st.recursive(
        texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=size,
    )


def written(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, ListNode):
        return [written(item) for item in node.items]
    return {key.text: written(value) for key, value in node.entries}


def scalars(node: Node) -> list[ScalarNode]:
    if isinstance(node, ScalarNode):
        return [node]
    if isinstance(node, ListNode):
        return [one for item in node.items for one in scalars(item)]
    return [one for key, value in node.entries for one in (key, *scalars(value))]


def dump(data: object, *, flow: bool | None) -> str:
    return yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, width=10_000, sort_keys=False)


def read(text: str, *, pure: bool = False) -> Node:
    found = Collector()
    node = read_text(text.encode(), "some.yaml", found, pure=pure)
    assert not found.failed, [str(one) for one in found.diagnostics]
    assert node is not None
    return node


@given(documents(12), st.sampled_from([True, False, None]))
def test_what_is_written_is_read_back(data: object, flow: bool | None) -> None:  # noqa: FBT001 - drawn
    assert written(read(dump(data, flow=flow))) == data


@given(documents(12), st.sampled_from([True, False, None]))
def test_every_span_points_at_its_text(data: object, flow: bool | None) -> None:  # noqa: FBT001 - drawn
    text = dump(data, flow=flow)
    lines = text.split("\n")
    for node in scalars(read(text)):
        span = node.span
        if span.line != span.end_line:
            continue
        piece = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        if node.style:
            assert piece[0] == piece[-1] == node.style
            assert yaml.safe_load(piece) == node.text
        else:
            assert piece == node.text


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(documents(8), st.sampled_from([True, False, None]))
def test_both_parsers_build_the_same_tree(data: object, flow: bool | None) -> None:  # noqa: FBT001 - drawn
    text = dump(data, flow=flow)
    assert read(text) == read(text, pure=True)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_file_never_raises(data: st.DataObject) -> None:
    text = dump(data.draw(documents(8)), flow=data.draw(st.sampled_from([True, False, None])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        text = (
            text[:at] + data.draw(st.sampled_from(list("[]{}:,'\"#&*!|>%@`-? \n\t：，“"))) + text[at + cut :]
        )
    found = Collector()
    node = read_text(text.encode(), "some.yaml", found)
    assert node is not None or found.failed
    for one in found.diagnostics:
        assert one.line <= text.count("\n") + 2
        assert one.message


def test_values_keep_the_spelling_that_yaml_would_change() -> None:
    node = read("a: no\nb: 0123\nc: 12:30\nd: 39.90\ne: 2026-02-30\nf: 1e400\n")
    assert written(node) == {
        "a": "no",
        "b": "0123",
        "c": "12:30",
        "d": "39.90",
        "e": "2026-02-30",
        "f": "1e400",
    }


def test_a_value_that_is_not_written_is_absent_and_a_quoted_one_is_not() -> None:
    node = read("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n")
    assert isinstance(node, MapNode)
    assert [value.empty for _, value in node.entries if isinstance(value, ScalarNode)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_value_knows_the_key_it_stands_under() -> None:
    node = read("flows:\n  order: {starts: 待支付}\n")
    assert isinstance(node, MapNode)
    flows = node.get("flows")
    assert isinstance(flows, MapNode)
    order = flows.get("order")
    assert isinstance(order, MapNode)
    assert order.key is not None
    assert (order.key.text, str(order.key.span)) == ("order", "some.yaml:2:3")
    starts = order.get("starts")
    assert starts is not None
    assert str(starts.span) == "some.yaml:2:19"
    assert (order.span.end_line, order.span.end_column) == (2, 23)


def test_a_mapping_in_blocks_ends_with_its_last_value() -> None:
    node = read("a:\n  b: 1\n  c: 22\n\n\nd: 3\n")
    assert isinstance(node, MapNode)
    inner = node.get("a")
    assert inner is not None
    assert (inner.span.line, inner.span.column, inner.span.end_line, inner.span.end_column) == (2, 3, 3, 8)


def test_an_alias_repeats_its_part_under_its_own_key() -> None:
    node = read("a: &same {x: 1}\nb: *same\nc: &word hello\nd: *word\n")
    assert written(node) == {"a": {"x": "1"}, "b": {"x": "1"}, "c": "hello", "d": "hello"}
    assert isinstance(node, MapNode)
    repeated, word = node.get("b"), node.get("c")
    assert repeated is not None
    assert repeated.key is not None
    assert repeated.key.text == "b"
    assert word is not None
    assert str(word.span) == "some.yaml:3:10"


def test_an_empty_file_is_an_empty_mapping() -> None:
    for text in ("", "\n", "# nothing yet\n", "---\n"):
        assert written(read(text)) in ({}, "")


def test_windows_files_are_read() -> None:
    for data in (
        "a: 一\r\nb: 2\r\n".encode("utf-8-sig"),
        "a: 一\r\nb: 2\r\n".encode("utf-16"),
        "a: 一\rb: 2\r".encode(),
    ):
        found = Collector()
        node = read_text(data, "some.yaml", found)
        assert node is not None
        assert written(node) == {"a": "一", "b": "2"}
        assert [str(one.span) for one in scalars(node)][2] == "some.yaml:2:1"


def test_without_the_compiled_parser_the_other_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert c_events("a: 1") is None
    assert written(read("a: {b: [1, 二]}\n")) == {"a": {"b": ["1", "二"]}}
