"""The pydantic base of every section: definitions validate nodes, so that each value keeps its place.

Modules that declare definitions leave `from __future__ import annotations` out: pydantic and the linter
then both see the types of the fields at run time.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, ClassVar, Final, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from orderkit._diagnostics import Collector, Span
from orderkit._diagnostics.suggest import closest
from orderkit._text import values
from orderkit._text.findings import Entries, Stray, report
from orderkit._text.leaves import (
    NAME_SCHEMA,
    JsonSchema,
    Leaf,
    OneOrMany,
    Place,
    Placed,
    Ref,
    as_node,
    listed,
    named,
)
from orderkit._text.nodes import ABSENT, ListNode, MapNode, Node, ScalarNode
from orderkit._text.straight import NODE, PARTS, Crooked, straight
from orderkit._text.values import KeyText, Mistake, MoneyText, Source

__all__ = [
    "Amount", "Choice", "Condition", "Definition", "Expr", "Flag", "Identifier", "Listed", "Located", "Many",
    "Name", "Named", "Number", "Percent", "Placed", "Raw", "Ref", "Template", "Text", "Whole", "validate",
    "validate_each", "variant",
]  # fmt: skip

T = TypeVar("T")
D = TypeVar("D", bound="Definition")


# One type list with a pattern, not a choice of schemas: editors then say what is wrong with the text.
_PERCENT_SCHEMA: Final[JsonSchema] = {"type": ["number", "string"], "pattern": r"^[+-]?[0-9.]+ *%?$"}
_AMOUNT_SCHEMA: Final[JsonSchema] = {
    "type": ["number", "string", "object"],
    "pattern": "^[+-]?[0-9.]+( +[A-Z]{3})?$",
    "additionalProperties": {"type": "number"},
    "propertyNames": {"pattern": "^[A-Z]{3}$"},
}

Text = Annotated[str, Leaf(values.text_of, {"type": ["string", "number", "boolean"]})]
"""Any text that is not empty."""
Name = Annotated[str, Leaf(values.name_of, NAME_SCHEMA)]
"""A name of 1 to 100 characters, NFC, trimmed."""
Identifier = Annotated[str, Leaf(values.identifier_of, NAME_SCHEMA)]
"""A name that may stand in a path."""
Flag = Annotated[bool, Leaf(values.flag_of, {"type": "boolean"})]
"""`true` or `false`, nothing else."""
Whole = Annotated[int, Leaf(values.whole_of, {"type": "integer"})]
"""A whole number."""
Number = Annotated[Decimal, Leaf(values.number_of, {"type": "number"})]
"""An exact number."""
Percent = Annotated[Decimal, Leaf(values.percent_of, _PERCENT_SCHEMA)]
"""A share, written `20%` or `20`, read as 0.2."""
Amount = Annotated[MoneyText, Leaf(values.amount_of, _AMOUNT_SCHEMA)]
"""Money: `40`, `12.50 USD` or `{CNY: 40, USD: 6}`."""
Expr = Annotated[Source, Leaf(values.source_of, {"type": ["string", "number", "boolean"]})]
"""An expression, parsed by the compiler."""
Condition = Annotated[
    bool | Source,
    Leaf(values.condition_of, {"type": ["boolean", "string"], "minLength": 1}),
]
"""`true`, `false`, or an expression that decides."""
Template = Annotated[Source, Leaf(values.source_of, {"type": ["string", "number"]})]
"""A text with `{holes}`, parsed by the compiler."""
Raw = Annotated[Node, Leaf(as_node, {})]
"""The node itself, for shapes that only a later stage knows."""
Located = Annotated[Placed[T], Place()]
"""A value with its place, for values whose mistakes only a later stage can see: `Located[Number]`."""
Choice = Annotated[T, BeforeValidator(values.text_of)]
"""One word of a closed set: `Choice[Literal["net", "list"]]`."""
Many = Annotated[tuple[T, ...], OneOrMany()]
"""One or a list of them."""
Listed = Annotated[tuple[T, ...], BeforeValidator(listed)]
"""A list of them, also where it has one member."""
Named = Annotated[dict[Name, T], BeforeValidator(named)]
"""A mapping of names to them, in file order."""


class Definition(BaseModel):
    """What an analyst may write in one place of the language; subclasses declare the keys as fields.

    A key that is no Python name takes an alias (`if_: Expr | None = Field(None, alias="if")`). Class
    variables and `short` adapt a subclass: `later` names keys that are read and checked and that this
    version does not run; each is told (OK206), and what would need it refuses to run. `variants` names
    the subclass that the text under `tag` chooses. Checks across keys stand in
    `@model_validator(mode="after")` methods that raise `values.Mistake` with a code and a span.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True
    )

    later: ClassVar[frozenset[str]] = frozenset()
    shorts: ClassVar[tuple[str, ...]] = ()
    """JSON types of its short forms, for editors; those that `short` takes."""
    tag: ClassVar[str] = ""
    variants: ClassVar[Mapping[str, "type[Definition]"]] = {}

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Turn a short form into the full one; override where a scalar or a list may stand for a mapping.

        Args:
            node: A scalar that is not empty, or a list.

        Returns:
            The equivalent mapping, as a node or as values by key; none where there is no such short form.
        """
        return node if isinstance(node, MapNode) else None

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(value, MapNode):
            parts = {key.text: node for key, node in value.entries}
        elif isinstance(value, ScalarNode | ListNode):
            parts = dict(cls._pairs(value))
        elif isinstance(value, Entries):  # a recursive model's validator stands inside itself: it is read
            return handler(value)
        elif isinstance(value, cls):
            return value
        else:
            raise Mistake("OK201")
        known = _known(cls)
        entries = Entries(value)
        for name, node in parts.items():
            must = known.get(name)
            if must is None:
                free = tuple(other for other in known if other not in parts)
                entries[name] = Stray(node, name, tuple(known), free)
            elif must or node.__class__ is not ScalarNode or node.style or node.text not in ABSENT:
                entries[name] = node
                if name in cls.later and isinstance(info.context, Collector):
                    said = f"{name}: {getattr(node, 'text', '')}" if name == cls.tag else name
                    info.context.add("OK206", (node.key or node).span, key=said)
        made = handler(entries)
        # Straight into the instance: pydantic's private attributes cost more than all of the reading.
        made.__dict__[NODE] = value
        made.__dict__[PARTS] = parts
        return made

    @classmethod
    def _pairs(cls, node: Node) -> Iterator[tuple[str, Node]]:
        if isinstance(node, ListNode) or (isinstance(node, ScalarNode) and not node.empty):
            full = cls.short(node)
            if isinstance(full, dict):
                yield from full.items()
                return
            if not isinstance(full, MapNode):
                raise Mistake("OK201", node.span, **values.kind_of(node))
            node = full
        if isinstance(node, MapNode):
            for key, value in node.entries:
                yield key.text, value

    @property
    def node(self) -> Node:
        """Give the node it was read from."""
        node: Node = self.__dict__[NODE]
        return node

    @property
    def span(self) -> Span:
        """Give the place of its own key, or of the whole where it has none."""
        node: Node = self.__dict__[NODE]
        return node.span if node.key is None else node.key.span

    def key_span(self, name: str) -> Span:
        """Find one of its keys.

        Args:
            name: The key as written in YAML.

        Returns:
            The key's place, or the definition's own where the key is not written.
        """
        own = self.__dict__
        part = own[PARTS].get(name)
        node: Node = own[NODE] if part is None or part.key is None else part
        return node.span if node.key is None else node.key.span

    def value_span(self, name: str) -> Span:
        """Find the value of one of its keys.

        Args:
            name: The key as written in YAML.

        Returns:
            The value's place, or the definition's own where the key is not written.
        """
        part = self.__dict__[PARTS].get(name)
        return self.span if part is None else values.place_of(part)


@cache
def _known(model: type[Definition]) -> dict[str, bool]:
    """Give the keys of a definition, each with whether it is required."""
    return {field.alias or name: field.is_required() for name, field in model.model_fields.items()}


def validate(model: type[D], node: Node, found: Collector) -> D | None:
    """Read one definition from its node, noting every mistake at its place.

    Args:
        model: The definition's class.
        node: What the file says.
        found: Takes the mistakes.

    Returns:
        The definition, or none where it has a mistake.
    """
    chosen = variant(model, node, found)
    if chosen is None:
        return None
    try:
        made: D = straight(chosen, node)
    except (Crooked, Mistake):
        return _explained(chosen, node, found)
    return made


def _explained(model: type[D], node: Node, found: Collector) -> D | None:
    """Read what is not plainly right: pydantic tells what is wrong with it, all of it at once."""
    try:
        return model.model_validate(node, context=found)
    except ValidationError as failure:
        report(failure.errors(include_url=False), node, found)
        return None


def variant(model: type[D], node: Node, found: Collector) -> type[D] | None:
    """Choose the class that reads a definition of several kinds, so that only its own keys are asked for.

    Args:
        model: The definition's class.
        node: What the file says.
        found: Takes the mistake of a kind that does not exist.

    Returns:
        The class of the kind named under its tag, the class itself where none is named; none for an unknown
        kind.
    """
    named = node.get(model.tag) if model.variants and isinstance(node, MapNode) else None
    if not isinstance(named, ScalarNode) or named.empty:
        return model
    chosen = model.variants.get(named.text)
    if chosen is None:
        guess = closest(named.text, tuple(model.variants))
        allowed = ", ".join(model.variants)
        found.add("OK215", named.span, suggestion=guess, value=values.shorten(named.text), allowed=allowed)
    return chosen  # type: ignore[return-value] # variants are subclasses of their model


def validate_each(model: type[D], node: Node | None, found: Collector) -> dict[str, D]:
    """Read a section of named definitions; a broken one does not hide the others.

    Args:
        model: The class of each member.
        node: The section's mapping; none where the file has no such section.
        found: Takes the mistakes.

    Returns:
        The members without mistakes by name, in file order.
    """
    if node is None or (isinstance(node, ScalarNode) and node.empty):
        return {}
    if not isinstance(node, MapNode):
        found.add("OK201", node.span, **values.kind_of(node))
        return {}
    good: dict[str, D] = {}
    for key, each in node.entries:
        try:
            name = values.name_of(KeyText(key))
        except Mistake as mistake:
            found.add(mistake.code, mistake.span, suggestion=mistake.suggestion, **mistake.params)
            continue
        made = validate(model, each, found)
        if made is not None:
            good[name] = made
    return good
