"""What an analyst may write under `cases:`."""

from typing import Annotated, ClassVar

from pydantic import Field

from orderkit._text.definition import Definition, Listed, Named, Raw, Ref, Text, Whole


class GivenDefinition(Definition):
    """The world a case begins in."""

    now: Annotated[Text | None, Field(description="When it begins, in the project's zone")] = None
    stock: Annotated[Named[Whole], Field(description="Units on hand by sku", default_factory=dict)]
    tables: Annotated[Named[Raw], Field(description="Rows of tables", default_factory=dict)]


class StepDefinition(Definition):
    """One step of a case."""

    later: ClassVar[frozenset[str]] = frozenset({"receive", "hold", "unhold", "edit", "import"})

    place: Annotated[Raw | None, Field(description="An order to place")] = None
    fire: Annotated[Ref | None, Field(description="An action to fire")] = None
    as_: Annotated[Text | None, Field(alias="as", description="Role that does it")] = None
    needs: Annotated[Named[Raw], Field(description="Data of the action", default_factory=dict)]
    part: Annotated[Text, Field(description="Part the action is for, such as refund-1")] = ""
    refused: Annotated[Text | None, Field(description="Reason it must be refused with")] = None
    refund: Annotated[Raw | None, Field(description="Units to refund by line: {L1: 1}")] = None
    wait: Annotated[Text | None, Field(description="How much time passes")] = None
    price: Annotated[Raw | None, Field(description="A cart to price")] = None
    expect: Annotated[Named[Raw] | None, Field(description="What must hold now")] = None
    receive: Annotated[Raw | None, Field(description="A payload of a channel: {tmall: {…}}")] = None
    edit: Annotated[Raw | None, Field(description="Fields or lines that change")] = None
    hold: Annotated[Ref | None, Field(description="A hold to place")] = None
    unhold: Annotated[Ref | None, Field(description="A hold to release")] = None
    import_: Annotated[Raw | None, Field(alias="import", description="Rows of a channel: {tmall: [{…}]}")] = (
        None
    )


class CaseDefinition(Definition):
    """One test of the project, in simulated time."""

    given: Annotated[GivenDefinition | None, Field(description="The world it begins in")] = None
    steps: Annotated[Listed[StepDefinition], Field(description="What happens")] = ()
    price: Annotated[Raw | None, Field(description="A cart to price")] = None
    expect: Annotated[Named[Raw] | None, Field(description="What must hold at the end")] = None
