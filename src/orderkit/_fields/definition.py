"""What an analyst may write under `project:`, `fields:` and `tables:`."""

from typing import Annotated, ClassVar, Final

from pydantic import Field, WithJsonSchema

from orderkit._text.definition import (
    Condition,
    Definition,
    Expr,
    Flag,
    Identifier,
    Listed,
    Named,
    Raw,
    Ref,
    Text,
    Whole,
)
from orderkit._text.nodes import Node, ScalarNode

TYPES: Final = (
    "text", "integer", "decimal", "money", "percent", "boolean", "date", "datetime", "duration", "choice",
    "phone", "email", "url", "address",
)  # fmt: skip
"""Types that need no declaration; tables and records of the project stand beside them."""
_TYPE: Final = {
    "anyOf": [{"enum": list(TYPES)}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]
}


class RoleDefinition(Definition):
    """One role of the project."""

    via: Annotated[Listed[Text], Field(description="How messages reach this role by default")] = ()


class ProjectDefinition(Definition):
    """The section `project:`, one in each project."""

    name: Annotated[Text, Field(description="What people call the project")]
    language: Annotated[Whole, Field(description="Version of the language; this is 1")] = 1
    currency: Annotated[Text, Field(description="Currency of plain amounts, such as CNY")]
    timezone: Annotated[Text, Field(description="Where wall-clock times are read, such as Asia/Shanghai")]
    locale: Annotated[Text, Field(description="Language of what people see, such as zh_CN")] = "en"
    roles: Annotated[Named[RoleDefinition], Field(description="Who may do things", default_factory=dict)]
    vars: Annotated[
        Named[Raw], Field(description="Named values that expressions read as vars.x", default_factory=dict)
    ]


class FieldCheckDefinition(Definition):
    """What must hold between a field and the rest of the order."""

    that: Annotated[Expr, Field(description="The condition, such as order.ends_at > order.starts_at")]
    say: Annotated[Text, Field(description="What people are told where it does not hold")] = ""


class FieldDefinition(Definition):
    """One field of an order, a line, a table or a command; `x: text` is short for `x: {type: text}`."""

    shorts: ClassVar[tuple[str, ...]] = ("string", "array")

    type: Annotated[
        Raw | None,
        Field(description="text, integer, decimal, money, choice, … or [type] for a list"),
        WithJsonSchema(_TYPE),
    ] = None
    label: Annotated[Text, Field(description="What people call it")] = ""
    required: Annotated[
        Condition, Field(description="Whether an order must bring it: true, false, or an expression")
    ] = False
    default: Annotated[Raw | None, Field(description="Value where none is given; `now` for the present")] = (
        None
    )
    unique: Annotated[Flag, Field(description="Whether no two orders may share a value")] = False
    min: Annotated[Text | None, Field(description="Smallest value")] = None
    max: Annotated[Text | None, Field(description="Largest value, or longest text")] = None
    match: Annotated[Text | None, Field(description="Regular expression for the whole text")] = None
    of: Annotated[Raw | None, Field(description="What a choice allows: a list, or value: label")] = None
    private: Annotated[Flag, Field(description="Masked for roles that are not in `see`")] = False
    see: Annotated[Listed[Ref], Field(description="Roles that read it in clear")] = ()
    formula: Annotated[Expr | None, Field(description="Computes it instead of reading it")] = None
    checks: Annotated[
        Listed[FieldCheckDefinition], Field(description="What must hold between it and the rest")
    ] = ()

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Take `x: text` and `x: [text]` as the type alone."""
        return {"type": node}


class TableDefinition(Definition):
    """Reference data: a file of the project, or rows the host looks up."""

    key: Annotated[Identifier, Field(description="Column that identifies a row")]
    file: Annotated[Text | None, Field(description="CSV file of the project")] = None
    host: Annotated[Flag, Field(description="The host passes a callable that gives a row")] = False
    fields: Annotated[Named[FieldDefinition], Field(description="The other columns", default_factory=dict)]


def is_now(node: Node | None) -> bool:
    """Tell whether a default is the present instant.

    Args:
        node: The default as written.

    Returns:
        True for the plain word `now`.
    """
    return isinstance(node, ScalarNode) and not node.style and node.text == "now"
