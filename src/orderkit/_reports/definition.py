"""What an analyst may write under `metrics:` and `reports:`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from orderkit._text.definition import Choice, Definition, Expr, Flag, Listed, Many, Ref, Text, Whole
from orderkit._text.nodes import ListNode, Node, ScalarNode


class MetricDefinition(Definition):
    """One figure with its grain, its own time and its own filter."""

    later: ClassVar[frozenset[str]] = frozenset(
        {"spread", "in", "cumulative", "conversion", "min", "max", "median"}
    )

    label: Annotated[Text | None, Field(description="What people call it")] = None
    count: Annotated[Ref | None, Field(description="order, line, payment or refund")] = None
    sum: Annotated[Expr | None, Field(description="An amount or a number, such as order.total")] = None
    average: Annotated[Expr | None, Field(description="The mean of an amount or a number")] = None
    distinct: Annotated[Expr | None, Field(description="How many different values a field has")] = None
    ratio: Annotated[Listed[Ref] | None, Field(description="Two metrics: [above, below]")] = None
    formula: Annotated[Expr | None, Field(description="Other metrics with + - * /")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="Which records count")] = None
    at: Annotated[Expr | None, Field(description="Its own time, such as payment.at")] = None


class TimeDefinition(Definition):
    """The time of a report."""

    at: Annotated[Expr | None, Field(description="Time of all its metrics instead of their own")] = None
    by: Annotated[
        Many[Choice[Literal["hour", "day", "week", "month", "quarter", "year"]]],
        Field(description="Time grains; the first is the usual one"),
    ] = ("day",)

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Let `time: month` stand for `time: {by: [month]}`.

        Args:
            node: A grain or a list of grains.

        Returns:
            The grains under their key.
        """
        return {"by": node} if isinstance(node, ScalarNode | ListNode) else None


class ReportDefinition(Definition):
    """A table of metrics by time and by dimensions."""

    later: ClassVar[frozenset[str]] = frozenset(
        {
            "type", "compare", "refunds", "item", "min_count", "min_confidence", "min_support", "customer",
            "within", "segments", "snapshot", "cuts", "periods", "steps", "subject", "promotion", "baseline",
        }
    )  # fmt: skip

    label: Annotated[Text | None, Field(description="What people call it")] = None
    metrics: Annotated[Listed[Ref], Field(description="Metrics, the first ranks the rows")]
    by: Annotated[Many[Ref], Field(description="Dimensions: channel, order.province, line.sku …")] = ()
    time: Annotated[TimeDefinition | None, Field(description="A row for each day, week, month …")] = None
    top: Annotated[Whole | None, Field(ge=1, le=10_000, description="Only the largest so many")] = None
    others: Annotated[Flag, Field(description="Whether the rest stands in one row more")] = False
    share: Annotated[Ref | None, Field(description="Metric whose share of the whole is shown")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="Which records count, for all metrics")] = None
    chart: Annotated[
        Choice[Literal["table", "line", "bar", "area", "pie"]] | None,
        Field(description="How to draw it, for whoever draws"),
    ] = None
