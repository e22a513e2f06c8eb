"""What an analyst may write under `flows:`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from orderkit._fields.definition import FieldDefinition
from orderkit._text.definition import (
    Choice,
    Definition,
    Expr,
    Flag,
    Listed,
    Many,
    Name,
    Named,
    Raw,
    Ref,
    Whole,
)
from orderkit._text.nodes import Node, ScalarNode


class TimerDefinition(Definition):
    """A timer of a state: fires an action when the order has been there long enough."""

    later: ClassVar[frozenset[str]] = frozenset({"since", "again", "on_change", "calendar"})

    after: Annotated[Expr, Field(description="How long: 30m, 3d or vars.x")]
    fire: Annotated[Ref, Field(description="The action to fire")]


class StateDefinition(Definition):
    """What being in a state means."""

    later: ClassVar[frozenset[str]] = frozenset({"sla", "states", "starts", "edit", "shows"})

    enter: Annotated[Listed[Raw], Field(description="Effects on entering")] = ()
    leave: Annotated[Listed[Raw], Field(description="Effects on leaving")] = ()
    auto: Annotated[Ref | None, Field(description="Action fired at once, as system")] = None
    timers: Annotated[Listed[TimerDefinition], Field(description="What is fired after a time here")] = ()
    assign: Annotated[Ref | None, Field(description="Role that has the order while it is here")] = None
    end: Annotated[Choice[Literal["done", "canceled"]] | None, Field(description="The end this state is")] = (
        None
    )


class ChoiceDefinition(Definition):
    """One row of `choose`: the first whose condition holds wins."""

    from_: Annotated[Many[Ref] | None, Field(alias="from", description="Only from these states")] = None
    to: Annotated[Ref | None, Field(description="The next state")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="When this row holds")] = None
    do: Annotated[Listed[Raw], Field(description="Effects")] = ()

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Take `x` as `{to: x}`."""
        return {"to": node} if isinstance(node, ScalarNode) else None


class ActionDefinition(Definition):
    """Who may do what, from where, to where, with which data, under which condition, with which effects."""

    later: ClassVar[frozenset[str]] = frozenset({"undo", "not_who", "reenter", "monotonic"})

    from_: Annotated[Raw, Field(alias="from", description="A state, a list, any, or {any_but: […]}")]
    to: Annotated[Ref | None, Field(description="The next state; none for an action that stays")] = None
    by: Annotated[Many[Ref], Field(description="Roles; `system`, `customer` and `anyone` are words")]
    needs: Annotated[Named[FieldDefinition], Field(description="Data it takes", default_factory=dict)]
    if_: Annotated[Expr | None, Field(alias="if", description="Condition that must hold")] = None
    choose: Annotated[Listed[ChoiceDefinition], Field(description="Several outcomes, first row wins")] = ()
    answers: Annotated[Ref | None, Field(description="Another action whose firing selects this one")] = None
    repeat: Annotated[Choice[Literal["ignore", "refuse"]], Field(description="What firing it again does")] = (
        "refuse"
    )
    do: Annotated[Listed[Raw], Field(description="Effects")] = ()


class PartDefinition(Definition):
    """A sub-entity such as a refund or a shipment, with a flow of its own."""

    later: ClassVar[frozenset[str]] = frozenset({"each", "parts"})

    flow: Annotated[Ref, Field(description="The flow it goes through")]
    many: Annotated[Flag, Field(description="Opened on demand, as often as needed")] = True
    takes: Annotated[Named[Name], Field(description="Pool it takes units from", default_factory=dict)]
    counts: Annotated[
        Named[Many[Ref]], Field(description="States in which its units count", default_factory=dict)
    ]


class FlowDefinition(Definition):
    """One life cycle."""

    later: ClassVar[frozenset[str]] = frozenset({"status", "slas", "holds", "migrate", "fields"})

    version: Annotated[Whole, Field(description="Counts changes of the states")] = 1
    starts: Annotated[Ref, Field(description="The first state")]
    states: Annotated[Named[StateDefinition], Field(description="All states")]
    actions: Annotated[Named[ActionDefinition], Field(description="All actions", default_factory=dict)]
    parts: Annotated[Named[PartDefinition], Field(description="Sub-entities", default_factory=dict)]
