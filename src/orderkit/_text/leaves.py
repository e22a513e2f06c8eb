"""The values that definitions are made of, and how pydantic reads each from its node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from orderkit._diagnostics import Span
from orderkit._diagnostics.span import NOWHERE
from orderkit._text import values
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import KeyText, Mistake

T = TypeVar("T")
JsonSchema: TypeAlias = dict[str, Any]
NAME_SCHEMA: Final[JsonSchema] = {
    "type": ["string", "number", "boolean"],
    "minLength": 1,
    "maxLength": values.NAME_LENGTH,
}


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that speaks of something declared elsewhere, with its place for "there is no such name".

    Args:
        text: The name, NFC and trimmed.
        span: Where it stands.
    """

    text: str
    span: Span

    def __str__(self) -> str:
        """Give the name."""
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the name from a scalar."""
        return core_schema.no_info_plain_validator_function(
            lambda value: cls(values.name_of(value), values.scalar_of(value).span)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Describe it to editors as a name."""
        return dict(NAME_SCHEMA)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value with its place; declared as `Located[Number]`.

    Args:
        value: The value.
        span: Where it stands.
    """

    value: T
    span: Span


class Place:
    """Reads the value by its own type and keeps the place."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        (inner,) = get_args(source)

        def place(value: object, read: Callable[[object], Any]) -> object:
            span = value.span if isinstance(value, ScalarNode | ListNode | MapNode) else NOWHERE
            return Placed(read(value), span)

        return core_schema.no_info_wrap_validator_function(place, handler.generate_schema(inner))


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Reads one value with a plain function; pydantic never looks inside the type itself."""

    read: Callable[[object], object]
    schema: JsonSchema

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return dict(self.schema)


class OneOrMany:
    """Lets `x: a` stand for `x: [a]`."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(members, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        several = handler(core)
        return {"anyOf": [several.get("items", {}), several]}


def members(value: object) -> tuple[object, ...]:
    if isinstance(value, ListNode):
        return value.items
    if isinstance(value, ScalarNode) and value.empty:
        return ()
    return (value,)


def listed(value: object) -> tuple[object, ...]:
    if isinstance(value, ListNode):
        return value.items
    if isinstance(value, ScalarNode) and value.empty:
        return ()
    if isinstance(value, ScalarNode | MapNode):
        raise Mistake("OK202", value.span, **values.kind_of(value))
    raise Mistake("OK202")


def named(value: object) -> dict[object, object]:
    if isinstance(value, MapNode):
        return {KeyText(key): each for key, each in value.entries}
    if isinstance(value, ScalarNode) and value.empty:
        return {}
    if isinstance(value, ScalarNode | ListNode):
        raise Mistake("OK201", value.span, **values.kind_of(value))
    raise Mistake("OK201")


def as_node(value: object) -> Node:
    if isinstance(value, KeyText):
        return value.node
    if isinstance(value, ScalarNode | ListNode | MapNode):
        return value
    raise Mistake("OK207")
