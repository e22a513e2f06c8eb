"""Edits of YAML by path: what was asked changes, comments and everything else stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit._diagnostics import Collector
from orderkit._text import MapNode, read_text
from orderkit._text.editing import EditRefused, insert, plain, rename_key, set_value, spell
from orderkit._text.nodes import ListNode, Node, ScalarNode

SHOP = """\
# the shop
promotions:            # what is taken off
  m300:  {name: 618满减, stage: shop, minus: 40}   # the big one
  new20:
    name: '新人''券'   # first order
    stage: "coupon"
    note: >
      two
      lines

    empty:
flows:
  order: {states: [a, b]}
"""


def test_a_value_is_written_in_its_place_with_its_quotes() -> None:
    assert "minus: 50}   # the big one" in set_value(SHOP, ("promotions", "m300", "minus"), "50")
    assert "name: 'it''s'   # first order" in set_value(SHOP, ("promotions", "new20", "name"), "it's")
    assert 'stage: "a\\"b"' in set_value(SHOP, ("promotions", "new20", "stage"), 'a"b')
    assert "name: 'a, b', stage" in set_value(SHOP, ("promotions", "m300", "name"), "a, b")
    assert "note: short\n" in set_value(SHOP, ("promotions", "new20", "note"), "short")
    assert "empty: full\nflows" in set_value(SHOP, ("promotions", "new20", "empty"), "full")
    assert "states: [a, c]" in set_value(SHOP, ("flows", "order", "states", 1), "c")


def test_a_key_is_renamed_and_added() -> None:
    assert "  m400:  {name: 618满减" in rename_key(SHOP, ("promotions", "m300"), "m400")
    assert "minus: 40, spend: 300}   # the big one" in insert(SHOP, ("promotions", "m300"), "spend", "300")
    assert "    empty:\n    spend: 199\nflows" in insert(SHOP, ("promotions", "new20"), "spend", "199")
    assert insert(SHOP, (), "rules", "none").endswith("[a, b]}\nrules: none\n")
    assert insert("a: {}\n", ("a",), "b", "1") == "a: {b: 1}\n"
    assert insert("", (), "a", "1") == "a: 1\n"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda: set_value(SHOP, ("promotions", "m300"), "x"), "no single value"),
        (lambda: set_value(SHOP, ("promotions", "m301", "name"), "x"), "there is no"),
        (lambda: rename_key(SHOP, ("promotions", "m300"), "new20"), "there already"),
        (lambda: rename_key(SHOP, ("promotions", "m301"), "x"), "there is no"),
        (lambda: insert(SHOP, ("promotions",), "m300", "x"), "there already"),
        (lambda: insert(SHOP, ("flows", "order", "states"), "m300", "x"), "no mapping"),
        (lambda: set_value("a: [1\n", ("a", 0), "2"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(edit: object, words: str) -> None:
    with pytest.raises(EditRefused, match=words):
        edit()  # type: ignore[operator]


def tree(text: str) -> Node:
    root = read_text(text.encode(), "f.yaml", Collector())
    assert root is not None
    return root


EXAMPLES = {
    path: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "examples").rglob("*.yaml"))
    if "inbox" not in path.parts
}


def paths(node: Node, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Node]]:
    found: list[tuple[tuple[str | int, ...], Node]] = [(path, node)]
    if isinstance(node, MapNode):
        for key, value in node.entries:
            found += paths(value, (*path, key.text))
    elif isinstance(node, ListNode):
        for at, one in enumerate(node.items):
            found += paths(one, (*path, at))
    return found


PLACES = {path: paths(tree(text)) for path, text in EXAMPLES.items()}
_WORD = st.text(alphabet=st.sampled_from(list("ab 1.:#'\"{}[],-?*&!|>%@`满减\n\t")), min_size=1, max_size=12)


def comments(text: str) -> list[str]:
    return re.findall(r"(?m)(?:^|\s)#.*$", text)


@given(data=st.data(), value=_WORD)
def test_a_set_value_is_read_again_and_nothing_else_moves(data: st.DataObject, value: str) -> None:
    path = data.draw(st.sampled_from(sorted(EXAMPLES)))
    where, node = data.draw(st.sampled_from([one for one in PLACES[path] if isinstance(one[1], ScalarNode)]))
    text = EXAMPLES[path]
    made = set_value(text, where, value)
    again = dict(paths(tree(made)))
    assert isinstance(node, ScalarNode)
    there = again[where]
    assert isinstance(there, ScalarNode)
    assert there.text == value
    if "#" not in value and "#" not in node.text:
        assert comments(made) == comments(text)
    if "\n" not in node.source:
        assert set_value(made, where, node.text).count("\n") == text.count("\n")


@given(
    data=st.data(),
    name=_WORD.filter(lambda word: word.strip() == word and len(word) > 1 and "\n" not in word),
)
def test_renaming_there_and_back_is_the_same_file(data: st.DataObject, name: str) -> None:
    path = data.draw(st.sampled_from(sorted(EXAMPLES)))
    text = EXAMPLES[path]
    where, _ = data.draw(
        st.sampled_from([one for one in PLACES[path] if one[0] and isinstance(one[0][-1], str)])
    )
    try:
        made = rename_key(text, where, name)
    except EditRefused:
        return
    back = rename_key(made, (*where[:-1], name), str(where[-1]))
    assert plain(tree(back)) == plain(tree(text))
    if all(spell(name, "", flow=flow) == name for flow in (True, False)):
        assert back == text


@given(value=_WORD, style=st.sampled_from(["", "'", '"']), flow=st.booleans())
def test_a_spelled_text_reads_as_itself(value: str, style: str, flow: bool) -> None:  # noqa: FBT001 - drawn
    written = spell(value, style, flow=flow)
    root = tree(f"k: [{written}]\n" if flow else f"k: {written}\n")
    assert isinstance(root, MapNode)
    node = root.entries[0][1]
    one = node.items[0] if isinstance(node, ListNode) else node
    assert isinstance(one, ScalarNode)
    assert one.text == value
