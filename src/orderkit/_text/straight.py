"""Reads definitions that have no mistake straight from their nodes, without asking pydantic.

What pydantic does for a definition is known from its fields once and for all: which key takes which value,
and what stands for a key that is not written. Here that is done by plain calls, a third of the time. Nothing
is explained here: whatever is wrong, or is not known to be right, raises, and pydantic reads the definition
again and finds the words. `tests/text/test_straight_definitions.py` holds that both read the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from orderkit._text import values
from orderkit._text.leaves import Leaf, OneOrMany, Place, Placed, Ref, listed, members, named
from orderkit._text.nodes import ABSENT, MapNode, Node, ScalarNode
from orderkit._text.values import KeyText

NODE: Final = "<node>"
PARTS: Final = "<parts>"
"""Where an instance keeps what it was read from: no names that a field could have."""
_Read: TypeAlias = Callable[[Any], Any]
_put: Final = object.__setattr__


class Crooked(Exception):  # noqa: N818 - no error: pydantic reads what this reader leaves
    """The definition has a mistake, or more than is known here."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one class is read.

    Args:
        model: The class.
        usual: A value for each field, in order, for those that are not written.
        makers: What makes the value of those that share none.
        needed: Fields that have to be written.
        keys: By key: the field, how its value is read, and whether an empty value counts as written.
        pairs: Gives the keys and values of a short form.
    """

    model: type[BaseModel]
    usual: Mapping[str, Any]
    makers: Mapping[str, Callable[[], Any]]
    needed: frozenset[str]
    keys: Mapping[str, tuple[str, _Read, bool]]
    pairs: Callable[[Node], Iterator[tuple[str, Node]]]

    def read(self, node: Node) -> Any:
        parts = (
            {key.text: one for key, one in node.entries}
            if node.__class__ is MapNode
            else dict(self.pairs(node))
        )
        filled = dict(self.usual)
        given = set()
        keys = self.keys
        for name, one in parts.items():
            known = keys.get(name)
            if known is None:
                raise Crooked
            field, read, must = known
            if must or one.__class__ is not ScalarNode or one.style or one.text not in ABSENT:
                filled[field] = read(one)
                given.add(field)
        if not given >= self.needed:
            raise Crooked
        for field, make in self.makers.items():
            if field not in given:
                filled[field] = make()
        filled[NODE] = node
        filled[PARTS] = parts
        made = self.model.__new__(self.model)
        _put(made, "__dict__", filled)
        _put(made, "__pydantic_fields_set__", given)
        _put(made, "__pydantic_extra__", None)
        _put(made, "__pydantic_private__", None)
        return made


def straight(model: type[BaseModel], node: Node) -> Any:
    """Read a definition.

    Args:
        model: Its class.
        node: What the file says.

    Returns:
        The definition, as pydantic reads it.

    Raises:
        Crooked: It cannot be read this way.
        Mistake: A value cannot stand.
    """
    return _plan(model).read(node)


@cache
def _plan(model: type[BaseModel]) -> _Plan:
    decorated = model.__pydantic_decorators__
    own = {name for name in decorated.model_validators if name != "_read"}
    checked = own or decorated.validators or decorated.field_validators or decorated.root_validators
    fields: Mapping[str, FieldInfo] = {} if checked else model.model_fields
    later: frozenset[str] = getattr(model, "later", frozenset())
    pairs = getattr(model, "_pairs", None)
    if checked or pairs is None:
        return _Plan(model, {}, {}, frozenset({""}), {}, lambda _: iter(()))
    return _Plan(
        model,
        {
            name: None if field.default is PydanticUndefined else field.default
            for name, field in fields.items()
        },
        {name: field.default_factory for name, field in fields.items() if field.default_factory is not None},  # type: ignore[misc] # none of ours takes the other values
        frozenset(name for name, field in fields.items() if field.is_required()),
        {
            key: (name, _reader(field.annotation, tuple(field.metadata)), field.is_required())
            for name, field in fields.items()
            # What is later told of is left to the careful way, which tells it.
            if (key := field.alias or name) not in later
        },
        pairs,
    )


def _crooked(_: object) -> Any:
    raise Crooked


def _reader(kind: Any, notes: tuple[Any, ...]) -> _Read:
    """Find how the values of a type are read; those that are not known here are never read here."""
    while get_origin(kind) is Annotated:
        kind, *inner = get_args(kind)
        notes = (*inner, *notes)
    notes = tuple(one for one in notes if not isinstance(one, WithJsonSchema | FieldInfo))
    arguments = get_args(kind)
    if not notes:
        if get_origin(kind) in (Union, UnionType):
            several = [one for one in arguments if one is not NoneType]
            return _reader(several[0], ()) if len(several) == 1 else _crooked
        if kind is Ref:
            return _reference
        inner_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        return _nested(kind) if inner_model else _crooked
    return _noted(kind, notes[0], arguments) if len(notes) == 1 else _crooked


def _noted(kind: Any, note: object, arguments: tuple[Any, ...]) -> _Read:
    if isinstance(note, Leaf):
        return note.read
    if isinstance(note, Place):
        return _placed(_reader(arguments[0], ()))
    if isinstance(note, BeforeValidator) and note.func is values.text_of and get_origin(kind) is Literal:
        return _word(frozenset(arguments))
    if isinstance(note, BeforeValidator) and note.func is named:
        return _table(_reader(arguments[1], ()))
    if isinstance(note, OneOrMany):
        return _several(members, _reader(arguments[0], ()))
    if isinstance(note, BeforeValidator) and note.func is listed:
        return _several(listed, _reader(arguments[0], ()))
    return _crooked


def _reference(node: Node) -> Ref:
    return Ref(values.name_of(node), node.span)


def _nested(model: type[BaseModel]) -> _Read:
    # Not planned yet: a definition may stand inside itself.
    return lambda node: _plan(model).read(node)


def _placed(read: _Read) -> _Read:
    return lambda node: Placed(read(node), node.span)


def _word(allowed: frozenset[str]) -> _Read:
    def read(node: Node) -> str:
        word = values.text_of(node)
        if word not in allowed:
            raise Crooked
        return word

    return read


def _several(cut: Callable[[object], tuple[Any, ...]], read: _Read) -> _Read:
    return lambda node: tuple([read(one) for one in cut(node)])


def _table(read: _Read) -> _Read:
    return lambda node: {values.name_of(KeyText(key)): read(one) for key, one in _entries(node)}


def _entries(node: Node) -> tuple[tuple[ScalarNode, Node], ...]:
    if node.__class__ is MapNode:
        return node.entries
    named(node)
    return ()
