"""Edits change the one place they name: every comment, quote, line end and blank elsewhere stays."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.text.test_yaml_positions import documents, keys, texts

from orderkit._diagnostics import Collector, Span
from orderkit._diagnostics.fix import Edit
from orderkit._text import ListNode, MapNode, Node, ScalarNode, read_text
from orderkit._text.editing import EditRefused, insert, rename_key, replace, set_value
from orderkit._text.spelling import spell
from orderkit._text.tokens import comments

if TYPE_CHECKING:
    from orderkit._text.spelling import Value

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*/*.yaml"))

SHOP = """\
# the shop
project:   # why
  name: '示例商城'   # kept
  vars: {high_value: 5000, pay_within: "30m"}
flows:
  order:
    states:
      待支付:   {enter: [reserve_stock]}   # 😀
      已支付: {}
    path:
    - 待支付
    - 已支付   # last
"""


hostile = st.text(alphabet=st.sampled_from(list("ab 1.:#'\"{}[],-?*&!|>%@`满减😀\n\t")), max_size=12)


def read(text: str) -> Node:
    found = Collector()
    node = read_text(text.encode(), "", found)
    assume(node is not None and not found.diagnostics)
    assert node is not None
    return node


def test_a_value_keeps_its_quotes_and_its_comment() -> None:
    made = set_value(SHOP, ("project", "name"), "it's 好")
    assert made == SHOP.replace("'示例商城'", "'it''s 好'")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("6000", "6000"),
        (6000, "6000"),
        (Decimal("39.90"), "39.90"),
        (True, "true"),
        (None, "null"),
        ("null", "'null'"),
        ("", "''"),
        ("a, b", "'a, b'"),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
        ("- x", "'- x'"),
        ("it's, so", "'it''s, so'"),
        ("two\nlines", '"two\\nlines"'),
        (["a", "b, c"], "[a, 'b, c']"),
        ({"a": 1, "b": []}, "{a: 1, b: []}"),
    ],
)
def test_a_new_value_is_quoted_where_it_would_be_read_otherwise(value: Value, written: str) -> None:
    assert set_value(SHOP, ("project", "vars", "high_value"), value) == SHOP.replace("5000", written)


def test_a_block_of_lines_stays_one() -> None:
    text = "a:\r\n  b: |\r\n    one\r\n    two\r\n# c\r\n"
    assert set_value(text, ("a", "b"), "three\nfour\n") == "a:\r\n  b: |\r\n    three\r\n    four\r\n# c\r\n"


def test_a_value_is_written_where_a_block_or_nothing_stood() -> None:
    text = "a:\n  b: >\n    two\n    lines\n\n  c:\n  d:   # why\ne: [x, ]\n"
    assert set_value(text, ("a", "b"), "short") == text.replace(">\n    two\n    lines", "short")
    assert set_value(text, ("a", "c"), "full") == text.replace("c:", "c: full")
    assert set_value(text, ("a", "d"), "full") == text.replace("d:", "d: full")
    assert set_value(text, ("e",), ["y"]) == text.replace("[x, ]", "[y]")


@given(value=hostile, style=st.sampled_from(["", "'", '"']), flow=st.booleans(), key=st.booleans())
def test_a_spelled_text_reads_as_itself(value: str, style: str, *, flow: bool, key: bool) -> None:
    assume(value.strip() or not key)
    form = spell(value, flow=flow, style=style, key=key)
    root = read(
        f"{{{form}: 1}}"
        if flow and key
        else f"{form}: 1\n"
        if key
        else f"k: [{form}]"
        if flow
        else f"k: {form}"
    )
    assert isinstance(root, MapNode)
    node = root.entries[0][0] if key else root.entries[0][1]
    node = node.items[0] if isinstance(node, ListNode) else node
    assert isinstance(node, ScalarNode)
    assert node.text == value


def test_a_mapping_of_lines_becomes_a_value() -> None:
    assert set_value("a:\n  b: 1\n  c: 2\nd: 3\n", ("a",), "x") == "a: x\nd: 3\n"
    with pytest.raises(EditRefused, match="without changing something else"):
        set_value("a:\n  b: 1  # why\n  c: 2\nd: 3\n", ("a",), "x")


def test_a_key_is_added_at_the_end_of_its_mapping() -> None:
    made = insert(SHOP, ("flows", "order", "states"), "已关闭", {"end": "canceled"})
    assert made == SHOP.replace("已支付: {}\n", "已支付: {}\n      已关闭: {end: canceled}\n")
    made = insert(SHOP, ("project", "vars"), "a: b", "x")
    assert made == SHOP.replace('"30m"}', "\"30m\", 'a: b': x}")
    assert insert(SHOP, ("flows", "order", "states", "已支付"), "auto", "完成") == SHOP.replace(
        "已支付: {}", "已支付: {auto: 完成}"
    )


def test_a_pair_without_braces_gets_them() -> None:
    text = "do: [tag: a, pay: {amount: 1}]\n"
    assert insert(text, ("do", 1), "b", "x") == "do: [tag: a, {pay: {amount: 1}, b: x}]\n"
    assert set_value(text, ("do", 1), "x") == "do: [tag: a, x]\n"


def test_a_member_is_added_to_a_list() -> None:
    path = ("flows", "order", "path")
    assert insert(SHOP, path, 2, "完成") == SHOP + "    - 完成\n"
    assert insert(SHOP, path, 0, "完成") == SHOP.replace("    - 待支付\n", "    - 完成\n    - 待支付\n")
    assert insert(SHOP, ("flows", "order", "states", "待支付", "enter"), 0, "x") == SHOP.replace(
        "[reserve", "[x, reserve"
    )


def test_the_first_member_makes_the_mapping() -> None:
    assert insert("", (), "a", 1) == "a: 1\n"
    assert insert("a:\nb: 1\n", ("a",), "c", 2) == "a:\n  c: 2\nb: 1\n"
    assert insert("a:  # none\nb: 1\n", ("a",), 0, 2) == "a:  # none\n  - 2\nb: 1\n"
    assert insert("a: {b: }\n", ("a", "b"), "c", 2) == "a: {b: {c: 2}}\n"


def test_a_key_is_renamed_where_it_stands() -> None:
    made = rename_key(SHOP, ("flows", "order", "states", "待支付"), "等待: 支付")
    assert made == SHOP.replace("待支付:  ", "'等待: 支付':  ")


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    text = "\ufeffa: 1\r\nb: {c: 2}\r\n"
    assert set_value(text, ("a",), 3) == "\ufeffa: 3\r\nb: {c: 2}\r\n"
    assert insert(text, (), "d", 4) == text + "d: 4\r\n"


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda: set_value(SHOP, ("project", "nome"), "x"), "there is no project.nome"),
        (lambda: rename_key(SHOP, ("project", "nome"), "x"), "there is no key project.nome"),
        (lambda: rename_key(SHOP, ("project", "name"), "vars"), "project.vars is there already"),
        (lambda: insert(SHOP, ("project",), "name", "x"), "project.name is there already"),
        (lambda: insert(SHOP, ("project", "name"), "x", 1), "project.name takes no key"),
        (lambda: insert(SHOP, ("flows", "order", "path"), 7, 1), "flows.order.path has 2 members"),
        (lambda: set_value("a: [1\n", ("a",), 1), "the file cannot be read"),
        (lambda: set_value("a: &x 1\nb: *x\n", ("b",), 2), "without changing something else"),
        (lambda: set_value("a: 1\n", ("a",), "\0"), "the file cannot be read"),
        (lambda: set_value("a: 1\n", ("a",), "\ud800"), "half a character"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(edit: object, reason: str) -> None:
    assert callable(edit)
    with pytest.raises(EditRefused, match=reason):
        edit()


def test_replacing_counts_code_points_and_refuses_overlaps() -> None:
    text = "😀: 好\r\nb: 2\r\n"
    one, two = Edit(Span("", 1, 4, 1, 5), "坏"), Edit(Span("", 2, 4, 2, 5), "3")
    assert replace(text, [two, one]) == "😀: 坏\r\nb: 3\r\n"
    with pytest.raises(EditRefused, match="touch the same place"):
        replace(text, [one, Edit(Span("", 1, 1, 1, 5), "x")])
    with pytest.raises(EditRefused, match="no such place"):
        replace(text, [Edit(Span("", 9, 1, 9, 5), "x")])


def places(node: Node, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Node]] = []
    if isinstance(node, MapNode):
        inner = [(key.text, value) for key, value in node.entries]
    elif isinstance(node, ListNode):
        inner = list(enumerate(node.items))
    return [path, *(one for step, value in inner for one in places(value, (*path, step)))]


def at(node: Node, path: tuple[str | int, ...]) -> Node:
    for step in path:
        if isinstance(node, MapNode):
            node = next(value for key, value in node.entries if key.text == step)
        else:
            assert isinstance(node, ListNode)
            assert isinstance(step, int)
            node = node.items[step]
    return node


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file of its own making, or an example of the project."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(EXAMPLES)).read_text("utf-8")
    data = draw(st.dictionaries(keys, documents(8), min_size=1, max_size=4))
    text = yaml.safe_dump(
        data,
        allow_unicode=True,
        default_flow_style=draw(st.sampled_from([True, False, None])),
        width=10_000,
        sort_keys=False,
    )
    return "".join(f"{line}{draw(st.sampled_from(['', '', ' # 说明']))}\n" for line in text.splitlines())


laws = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@laws
@given(text=files(), value=texts | hostile, draw=st.data())
def test_a_value_that_was_set_is_read(text: str, value: str, draw: st.DataObject) -> None:
    root = read(text)
    path = draw.draw(
        st.sampled_from([one for one in places(root) if isinstance(at(root, one), ScalarNode)] or [()])
    )
    assume(path)
    made = set_value(text, path, value)
    after = at(read(made), path)
    assert isinstance(after, ScalarNode)
    assert after.text == value
    assert not after.empty
    assert comments(made) == comments(text)


@laws
@given(text=files(), new=st.sampled_from(["新名字", "zz_9", "A b"]), draw=st.data())
def test_renaming_back_gives_the_file_again(text: str, new: str, draw: st.DataObject) -> None:
    root = read(text)
    path = draw.draw(st.sampled_from([one for one in places(root) if one and isinstance(one[-1], str)]))
    made = rename_key(text, path, new)
    assert made != text
    assert comments(made) == comments(text)
    owner = at(root, path[:-1])
    assert isinstance(owner, MapNode)
    key = next(key for key, _ in owner.entries if key.text == path[-1])
    back = rename_key(made, (*path[:-1], new), key.text)
    if not key.style:
        assert back == text


@laws
@given(text=files(), key=keys, value=texts | hostile, draw=st.data())
def test_a_key_that_was_added_is_read(text: str, key: str, value: str, draw: st.DataObject) -> None:
    root = read(text)
    path = draw.draw(st.sampled_from([one for one in places(root) if isinstance(at(root, one), MapNode)]))
    owner = at(root, path)
    assert isinstance(owner, MapNode)
    assume(all(key.strip() != name.strip() for name in owner.names))
    made = insert(text, path, key, value)
    after = at(read(made), (*path, key))
    assert isinstance(after, ScalarNode)
    assert after.text == value
    assert comments(made) == comments(text)
