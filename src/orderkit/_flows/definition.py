"""What an analyst may write under `flows:`."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, WithJsonSchema

from orderkit._effects.definition import Effects
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
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode

_SOURCES: Final = {
    "type": ["string", "array", "object"],
    "items": {"type": "string"},
    "properties": {
        "any_but": {
            "description": "Every state but these",
            "type": ["string", "array"],
            "items": {"type": "string"},
        }
    },
    "additionalProperties": False,
}


class RepeatDefinition(Definition):
    """How often something that was refused or not answered is tried again."""

    every: Annotated[Expr, Field(description="Time between two tries", examples=["10m"])]
    times: Annotated[Whole | None, Field(description="How many more tries; without it until it leaves")] = (
        None
    )


class TimerDefinition(Definition):
    """A timer of a state: fires an action when the order has been there long enough."""

    later: ClassVar[frozenset[str]] = frozenset({"since", "again", "on_change", "calendar"})

    after: Annotated[Expr, Field(description="How long: 30m, 3d or vars.x", examples=["30m"])]
    fire: Annotated[Ref, Field(description="The action to fire")]
    since: Annotated[
        Expr | None,
        Field(description="Instant it counts from instead of the entry", examples=["order.placed_at"]),
    ] = None
    again: Annotated[RepeatDefinition | None, Field(description="Try again after a refusal")] = None
    on_change: Annotated[
        Choice[Literal["keep", "recompute"]],
        Field(description="What a changed project does to running timers"),
    ] = "keep"
    calendar: Annotated[Ref | None, Field(description="Calendar of business days and hours")] = None


class EditDefinition(Definition):
    """What may be changed in a state, and by whom."""

    by: Annotated[Many[Ref], Field(description="Roles that may change it")]
    fields: Annotated[Listed[Ref], Field(description="Fields that may change")] = ()
    lines: Annotated[Flag, Field(description="Whether lines may change")] = False


class StateDefinition(Definition):
    """What being in a state means."""

    later: ClassVar[frozenset[str]] = frozenset({"sla", "states", "starts", "edit", "shows"})

    enter: Annotated[Effects, Field(description="Effects on entering")] = ()
    leave: Annotated[Effects, Field(description="Effects on leaving")] = ()
    auto: Annotated[Ref | None, Field(description="Action fired at once, as system")] = None
    timers: Annotated[Listed[TimerDefinition], Field(description="What is fired after a time here")] = ()
    assign: Annotated[Ref | None, Field(description="Role that has the order while it is here")] = None
    end: Annotated[Choice[Literal["done", "canceled"]] | None, Field(description="The end this state is")] = (
        None
    )
    sla: Annotated[Ref | None, Field(description="Promise of `slas:` that runs while it is here")] = None
    states: Annotated[
        "Named[StateDefinition]", Field(description="States inside this one", default_factory=dict)
    ]
    starts: Annotated[Ref | None, Field(description="Where entering this state leads, inside it")] = None
    edit: Annotated[EditDefinition | None, Field(description="What may be changed here, and by whom")] = None
    shows: Annotated[Ref | None, Field(description="Status that is shown instead of this state")] = None


class StartDefinition(Definition):
    """One first state; the first row whose condition holds counts."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

    to: Annotated[Ref, Field(description="The state")]
    if_: Annotated[Expr | None, Field(alias="if", description="When orders start here")] = None

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Take `x` as `{to: x}`."""
        return {"to": node} if isinstance(node, ScalarNode) else None


class ChoiceDefinition(Definition):
    """One row of `choose`: the first whose condition holds wins."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

    from_: Annotated[Many[Ref] | None, Field(alias="from", description="Only from these states")] = None
    to: Annotated[Ref | None, Field(description="The next state")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="When this row holds")] = None
    do: Annotated[Effects, Field(description="Effects")] = ()

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Take `x` as `{to: x}`."""
        return {"to": node} if isinstance(node, ScalarNode) else None


class ActionDefinition(Definition):
    """Who may do what, from where, to where, with which data, under which condition, with which effects."""

    later: ClassVar[frozenset[str]] = frozenset({"undo", "not_who", "reenter"})

    from_: Annotated[
        Raw,
        Field(alias="from", description="A state, a list, any, or {any_but: […]}"),
        WithJsonSchema(_SOURCES),
    ]
    to: Annotated[Ref | None, Field(description="The next state; none for an action that stays")] = None
    by: Annotated[Many[Ref], Field(description="Roles; `system`, `customer` and `anyone` are words")]
    needs: Annotated[Named[FieldDefinition], Field(description="Data it takes", default_factory=dict)]
    if_: Annotated[Expr | None, Field(alias="if", description="Condition that must hold")] = None
    choose: Annotated[Listed[ChoiceDefinition], Field(description="Several outcomes, first row wins")] = ()
    answers: Annotated[Ref | None, Field(description="Another action whose firing selects this one")] = None
    repeat: Annotated[Choice[Literal["ignore", "refuse"]], Field(description="What firing it again does")] = (
        "refuse"
    )
    do: Annotated[Effects, Field(description="Effects")] = ()
    undo: Annotated[Effects, Field(description="Effects that take it back")] = ()
    not_who: Annotated[Many[Ref], Field(description="Actions; whoever did one of them may not do this")] = ()
    reenter: Annotated[
        Flag, Field(description="Leave and enter the present state again when `to` names it")
    ] = False


class PartDefinition(Definition):
    """A sub-entity such as a refund or a shipment, with a flow of its own."""

    later: ClassVar[frozenset[str]] = frozenset({"each", "parts"})

    flow: Annotated[Ref, Field(description="The flow it goes through")]
    many: Annotated[Flag, Field(description="Opened on demand, as often as needed")] = True
    each: Annotated[
        Choice[Literal["order", "line"]] | None, Field(description="Opened with the order, or with each line")
    ] = None
    takes: Annotated[Named[Name], Field(description="Pool it takes units from", default_factory=dict)]
    counts: Annotated[
        Named[Many[Ref]], Field(description="States in which its units count", default_factory=dict)
    ]
    parts: Annotated["Named[PartDefinition]", Field(description="Parts of the part", default_factory=dict)]


class StatusDefinition(Definition):
    """One row of a derived status: the first that is true counts."""

    is_: Annotated[Name, Field(alias="is", description="The status")]
    if_: Annotated[Expr | None, Field(alias="if", description="When it is that; none for the last row")] = (
        None
    )


class SlaDefinition(Definition):
    """How long something may take, and what happens on the way."""

    target: Annotated[Expr, Field(description="The time that is promised", examples=["4h"])]
    calendar: Annotated[Ref | None, Field(description="Calendar in which it is counted")] = None
    pause: Annotated[Expr | None, Field(description="While this holds, the clock stands still")] = None
    at: Annotated[
        Named[Effects],
        Field(description="Effects by share of the target or by time: 75%, 30m", default_factory=dict),
    ]
    again: Annotated[RepeatDefinition | None, Field(description="Repeats the last step")] = None


class HoldDefinition(Definition):
    """A named blocker: while it stands, the actions it names are refused."""

    blocks: Annotated[Many[Ref], Field(description="Actions, or `all`")]
    placed_by: Annotated[Many[Ref], Field(description="Roles that may place it")] = ()
    released_by: Annotated[Many[Ref], Field(description="Roles that may release it")]


class FlowDefinition(Definition):
    """One life cycle."""

    later: ClassVar[frozenset[str]] = frozenset({"status", "slas", "holds", "migrate"})

    version: Annotated[Whole, Field(description="Counts changes of the states")] = 1
    starts: Annotated[
        Many[StartDefinition], Field(description="The first state; a list, or rows with conditions")
    ]
    states: Annotated[Named[StateDefinition], Field(description="All states")]
    actions: Annotated[Named[ActionDefinition], Field(description="All actions", default_factory=dict)]
    parts: Annotated[Named[PartDefinition], Field(description="Sub-entities", default_factory=dict)]
    status: Annotated[
        Named[Listed[StatusDefinition]],
        Field(description="Statuses that follow from the facts, first true row wins", default_factory=dict),
    ]
    slas: Annotated[Named[SlaDefinition], Field(description="How long things may take", default_factory=dict)]
    holds: Annotated[Named[HoldDefinition], Field(description="Named blockers", default_factory=dict)]
    migrate: Annotated[
        Named[Named[Ref]],
        Field(description="By version: what its states that are gone are called now", default_factory=dict),
    ]

    @classmethod
    def _pairs(cls, node: Node) -> Iterator[tuple[str, Node]]:
        """Let a flow consist of derived statuses alone: it then has no states of its own."""
        pairs = dict(super()._pairs(node))
        if "status" in pairs:
            pairs.setdefault("states", MapNode((), node.span))
            pairs.setdefault("starts", ListNode((), node.span))
        yield from pairs.items()
