"""Law: what is read straight from its nodes is what pydantic reads, and nothing that pydantic refuses."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from orderkit._diagnostics import Collector
from orderkit._project.examples import examples
from orderkit._text import ListNode, MapNode, Node, ScalarNode, read_text
from orderkit._text.definition import Definition
from orderkit._text.straight import Crooked, straight
from orderkit._text.values import Mistake

_FOLDERS = ["fields", "calendars", "effects", "channels", "pricing", "flows", "rules", "reports", "cases"]
_DEFINITIONS = [
    one
    for folder in _FOLDERS
    for one in vars(import_module(f"orderkit._{folder}.definition")).values()
    if isinstance(one, type) and issubclass(one, Definition) and one is not Definition
]
_WRITTEN = [(model, node) for model in _DEFINITIONS for node in examples().get(model.__name__, ())]


def _odd(text: str) -> Node:
    root = read_text(f"k: {text}\n".encode(), "odd.yaml", Collector())
    assert isinstance(root, MapNode)
    return root.entries[0][1]


def _parts(node: Node) -> list[Node]:
    if isinstance(node, ScalarNode):
        return [node]
    below = node.items if isinstance(node, ListNode) else [value for _, value in node.entries]
    return [node, *(one for part in below for one in _parts(part))]


_ODD = [
    _odd(text)
    for text in [
        "", "~", "''", "word", "two words", "-3", "0", "20%", "1.5", "12 USD", "true", "no", "[]", "{}", "[a, 1]", "[~]",
        "{a: 1}", "{CNY: 3}", "满300减40", "{spend: 3, minus: 1}", "[{spend: 3, minus: 1}]", "x" * 120, "5,000",
    ]
]  # fmt: skip
_PARTS = [*_ODD, *(part for _, node in _WRITTEN for part in _parts(node))]


def _agree(model: type[Definition], node: Node) -> bool:
    """Compare both ways, and tell whether the straight one took the definition."""
    try:
        made = straight(model, node)
    except (Crooked, Mistake):
        return False
    found = Collector()
    try:
        carefully = model.model_validate(node, context=found)
    except ValidationError as failure:
        pytest.fail(f"{model.__name__} takes {node} straight, and pydantic says {failure}")
    assert made == carefully
    assert list(made.__dict__) == list(carefully.__dict__)
    assert made.model_fields_set == carefully.model_fields_set
    assert found.diagnostics == ()
    return True


def test_most_of_the_language_is_read_straight() -> None:
    taken = [_agree(model, node) for model, node in _WRITTEN]
    assert sum(taken) > len(taken) / 2


@settings(max_examples=600)
@given(st.sampled_from(_WRITTEN), st.data())
def test_a_changed_definition_is_read_alike_or_left(
    written: tuple[type[Definition], MapNode], data: st.DataObject
) -> None:
    model, node = written
    entries = [
        (key, data.draw(st.sampled_from(_PARTS)) if data.draw(st.integers(0, 3)) == 0 else value)
        for key, value in node.entries
        if data.draw(st.integers(0, 4))
    ]
    _agree(model, node._replace(entries=tuple(entries)))


@settings(max_examples=400)
@given(st.sampled_from(_DEFINITIONS), st.sampled_from(_PARTS))
def test_anything_in_the_place_of_a_definition_is_read_alike_or_left(
    model: type[Definition], node: Node
) -> None:
    _agree(model, node)


@settings(max_examples=400)
@given(st.sampled_from(_DEFINITIONS), st.sampled_from(_PARTS), st.data())
def test_any_value_under_any_key_is_read_alike_or_left(
    model: type[Definition], node: Node, data: st.DataObject
) -> None:
    name, field = data.draw(st.sampled_from(list(model.model_fields.items())))
    key = ScalarNode(field.alias or name, node.span)
    needed = [
        (ScalarNode(one.alias or other, node.span), data.draw(st.sampled_from(_PARTS)))
        for other, one in model.model_fields.items()
        if one.is_required() and other != name
    ]
    _agree(model, MapNode(((key, node), *needed), node.span))
