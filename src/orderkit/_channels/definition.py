"""What an analyst may write under `channels:`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from orderkit._text.definition import (
    Choice,
    Definition,
    Expr,
    Listed,
    Located,
    Many,
    Named,
    Number,
    Percent,
    Raw,
    Ref,
    Text,
    Whole,
)
from orderkit._text.nodes import ListNode, Node, ScalarNode


class TextDefinition(Definition):
    """What surrounds or stands for a value in the cells of this channel."""

    strip: Annotated[
        Listed[Text], Field(description="What exports put around values, such as a backtick")
    ] = ()
    none: Annotated[Listed[Raw], Field(description="Cells that mean nothing, such as a dash")] = ()


class FooterDefinition(Definition):
    """What stands below the rows."""

    starts: Annotated[Text, Field(description="What the first cell of the footer begins with")]
    totals: Annotated[
        Named[Expr],
        Field(
            description="Control totals by label: count, or sum(row.x); they are checked",
            default_factory=dict,
        ),
    ]


class FileDefinition(Definition):
    """How a file is known: by columns that its header has."""

    later: ClassVar[frozenset[str]] = frozenset({"footer", "preamble", "sheet", "name"})

    has: Annotated[Listed[Ref], Field(description="Columns that the header must have")]
    footer: Annotated[FooterDefinition | None, Field(description="What stands below the rows")] = None
    preamble: Annotated[Whole | None, Field(ge=0, description="Lines above the header")] = None
    sheet: Annotated[Text | None, Field(description="Sheet of a workbook")] = None
    name: Annotated[Text | None, Field(description="Pattern of the file's name, such as orders_*.csv")] = None


class ValueDefinition(Definition):
    """Where one field comes from; `field: column` and `field: [column, column]` are short forms."""

    shorts: ClassVar[tuple[str, ...]] = ("string", "array")

    from_: Annotated[
        Many[Ref],
        Field(
            alias="from",
            description="Columns; the first that holds something counts. Beside `value`: what it reads",
        ),
    ] = ()
    clean: Annotated[
        Many[Ref], Field(description="strip, digits, phone, whole, upper, lower or collapse, in turn")
    ] = ()
    as_: Annotated[
        Named[Raw],
        Field(alias="as", description="What each text of the channel is called here", default_factory=dict),
    ]
    else_: Annotated[
        Choice[Literal["reject", "keep"]], Field(alias="else", description="What a text outside `as` does")
    ] = "reject"
    default: Annotated[
        Raw | None, Field(description="Value where the cell is empty; `now` for the present")
    ] = None
    value: Annotated[
        Expr | None, Field(description="Computes it from the row instead of reading one column")
    ] = None

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Take `column` and `[column, column]` as `{from: …}`."""
        return {"from": node} if isinstance(node, ScalarNode | ListNode) else None


class SkipDefinition(Definition):
    """Rows that are left out, with the reason people are told."""

    if_: Annotated[Expr, Field(alias="if", description="When the row is left out")]
    say: Annotated[Text, Field(description="Why")] = ""


class OrderMapDefinition(Definition):
    """What of a record becomes the order."""

    from_: Annotated[Ref | None, Field(alias="from", description="The file it stands in")] = None
    key: Annotated[Ref, Field(description="Column that identifies the record, so that a repeat is harmless")]
    columns: Annotated[
        Raw | None, Field(description="same, first or sum: how rows of one order repeat; or {field: …}")
    ] = None
    map: Annotated[Named[ValueDefinition], Field(description="Where each field comes from")]


class LineMapDefinition(Definition):
    """What of a record becomes the order's lines."""

    from_: Annotated[Ref | None, Field(alias="from", description="The file, or the list of a payload")] = None
    of: Annotated[Ref | None, Field(description="Column that holds the order's key")] = None
    columns: Annotated[Raw | None, Field(description="The same as under `order:`")] = None
    map: Annotated[Named[ValueDefinition], Field(description="Where each field of a line comes from")]
    skip: Annotated[Listed[SkipDefinition], Field(description="Rows that are no lines")] = ()


class RefundMapDefinition(Definition):
    """Rows or documents that pay money back."""

    from_: Annotated[Ref | None, Field(alias="from", description="The file they stand in")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="Which rows are refunds")] = None
    key: Annotated[Ref, Field(description="Column with the key of the order that is refunded")]
    columns: Annotated[Raw | None, Field(description="same, first or sum: how rows of one refund repeat")] = (
        None
    )
    map: Annotated[Named[ValueDefinition], Field(description="amount, at, txn, reason")]


class CheckDefinition(Definition):
    """What must hold of an order as it was mapped."""

    that: Annotated[Expr, Field(description="The condition")]
    within: Annotated[Number | None, Field(description="By how much the two sides of == may differ")] = None
    else_: Annotated[
        Choice[Literal["reject", "warn"]],
        Field(alias="else", description="What happens where it does not hold"),
    ] = "reject"
    say: Annotated[Text, Field(description="What people are told")] = ""


class RejectsDefinition(Definition):
    """How many rejects a file may have."""

    stop_above: Annotated[
        Percent, Field(description="Share of rejected records above which nothing is written")
    ]


class ExampleDefinition(Definition):
    """One record with what it must give; every one is run when the project loads."""

    row: Annotated[Raw, Field(description="Cells by column; a list under the name of the lines' list")]
    gives: Annotated[Raw, Field(description="Values by field")]


class ChannelDefinition(Definition):
    """One source of orders."""

    later: ClassVar[frozenset[str]] = frozenset({"reach", "occurred_at", "use"})

    use: Annotated[Ref | None, Field(description="A ready channel it extends, such as orderkit/tmall")] = None
    label: Annotated[Text, Field(description="What people call it")] = ""
    zone: Annotated[Text | None, Field(description="Where its wall-clock times are read")] = None
    text: Annotated[TextDefinition | None, Field(description="What surrounds or stands for its values")] = (
        None
    )
    files: Annotated[
        Named[FileDefinition], Field(description="Its files, known by header", default_factory=dict)
    ]
    order: Annotated[OrderMapDefinition, Field(description="What becomes the order")]
    reach: Annotated[
        Named[Listed[Ref]],
        Field(description="Actions to fire for a state an order comes with, by state", default_factory=dict),
    ]
    occurred_at: Annotated[
        ValueDefinition | None, Field(description="When the message was written; older ones change nothing")
    ] = None
    lines: Annotated[LineMapDefinition | None, Field(description="What becomes its lines")] = None
    checks: Annotated[Listed[CheckDefinition], Field(description="What must hold")] = ()
    unknown: Annotated[
        Choice[Literal["keep", "ignore", "reject"]], Field(description="What columns that nobody maps do")
    ] = "ignore"
    repeat: Annotated[
        Choice[Literal["update", "skip", "reject"]],
        Field(description="What other content for a known key does"),
    ] = "update"
    runs: Annotated[
        Choice[Literal["history", "live"]] | None, Field(description="history: as it was; live: placed anew")
    ] = None
    skip: Annotated[Listed[SkipDefinition], Field(description="Records that are no orders")] = ()
    refunds: Annotated[RefundMapDefinition | None, Field(description="Rows that pay money back")] = None
    trust: Annotated[Listed[Ref], Field(description="Amounts that are taken as given")] = ()
    rejects: Annotated[RejectsDefinition | None, Field(description="How many rejects a file may have")] = None
    examples: Annotated[Listed[ExampleDefinition], Field(description="Records with what they must give")] = ()


class GatewayRowDefinition(Definition):
    """One kind of row of a statement."""

    if_: Annotated[Expr | None, Field(alias="if", description="Which rows are of this kind")] = None
    as_: Annotated[
        Choice[Literal["payment", "refund", "fee", "payout", "other"]],
        Field(alias="as", description="What the row is"),
    ]
    map: Annotated[
        Named[ValueDefinition], Field(description="Where each value comes from", default_factory=dict)
    ]


class GatewayDefinition(Definition):
    """One source of statements to reconcile with."""

    use: Annotated[Ref | None, Field(description="A ready gateway it extends, such as orderkit/wechat")] = (
        None
    )
    label: Annotated[Text, Field(description="What people call it")] = ""
    zone: Annotated[Located[Text] | None, Field(description="Where its wall-clock times are read")] = None
    text: Annotated[TextDefinition | None, Field(description="What surrounds or stands for its values")] = (
        None
    )
    files: Annotated[
        Named[FileDefinition], Field(description="Its files, known by header", default_factory=dict)
    ]
    rows: Annotated[
        Listed[GatewayRowDefinition], Field(description="Kinds of rows, the first that fits counts")
    ] = ()
    match: Annotated[
        Named[Ref],
        Field(description="Mapped value that a payment or refund is known by", default_factory=dict),
    ]
