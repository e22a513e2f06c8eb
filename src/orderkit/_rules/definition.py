"""What an analyst may write under `rules:`."""

from typing import Annotated, ClassVar

from pydantic import Field

from orderkit._effects.definition import Effects
from orderkit._text.definition import Definition, Expr, Flag, Ref, Whole


class WhenDefinition(Definition):
    """What a rule waits for: something that happens, or a state held for a time."""

    later: ClassVar[frozenset[str]] = frozenset({"changed"})

    event: Annotated[Ref | None, Field(description="order.placed, order.paid, refund.opened …")] = None
    changed: Annotated[Ref | None, Field(description="A field of the order that got another value")] = None
    enters: Annotated[Ref | None, Field(description="A state that is entered")] = None
    leaves: Annotated[Ref | None, Field(description="A state that is left")] = None
    action: Annotated[Ref | None, Field(description="An action that was fired")] = None
    state: Annotated[Ref | None, Field(description="A state that is held (with `for`)")] = None
    for_: Annotated[Expr | None, Field(alias="for", description="How long it is held")] = None
    of: Annotated[Ref | None, Field(description="Kind of part it is about; the order where none")] = None


class AgainDefinition(Definition):
    """How often a rule repeats."""

    every: Annotated[Expr, Field(description="Time between two runs")]
    times: Annotated[Whole, Field(description="How many more runs")] = 1


class RuleDefinition(Definition):
    """One rule."""

    later: ClassVar[frozenset[str]] = frozenset({"retroactive", "calendar"})

    when: Annotated[WhenDefinition, Field(description="What it waits for")]
    if_: Annotated[Expr | None, Field(alias="if", description="Judged when it happens")] = None
    after: Annotated[Expr | None, Field(description="Delay before it acts")] = None
    still: Annotated[Expr | None, Field(description="Judged when the delay has passed")] = None
    do: Annotated[Effects, Field(min_length=1, description="Effects")]
    again: Annotated[AgainDefinition | None, Field(description="Repeat")] = None
    enabled: Annotated[Flag, Field(description="Whether it runs")] = True
    retroactive: Annotated[
        Flag, Field(description="Also arm it for orders that were in the state before the rule was there")
    ] = False
    calendar: Annotated[Ref | None, Field(description="Calendar in which its times are counted")] = None
