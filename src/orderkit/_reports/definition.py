"""What an analyst may write under `metrics:` and `reports:`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from orderkit._text.definition import (
    Choice,
    Definition,
    Expr,
    Flag,
    Listed,
    Located,
    Many,
    Name,
    Named,
    Percent,
    Ref,
    Text,
    Whole,
)
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
    spread: Annotated[
        Expr | None, Field(description="Spreads an order's amount over its lines by this, to the cent")
    ] = None
    in_: Annotated[
        Located[Text] | None, Field(alias="in", description="Currency that others are converted to")
    ] = None
    cumulative: Annotated[Ref | None, Field(description="A metric, added up over time")] = None
    conversion: Annotated[Listed[Ref] | None, Field(description="Two events: [order.placed, order.paid]")] = (
        None
    )
    min: Annotated[Expr | None, Field(description="The smallest amount or number")] = None
    max: Annotated[Expr | None, Field(description="The largest amount or number")] = None
    median: Annotated[Expr | None, Field(description="The middle amount or number")] = None


class TimeDefinition(Definition):
    """The time of a report."""

    shorts: ClassVar[tuple[str, ...]] = ("string", "array")

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

    later: ClassVar[frozenset[str]] = frozenset({"compare"})
    tag: ClassVar[str] = "type"

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
    compare: Annotated[
        Listed[Choice[Literal["previous", "year"]]],
        Field(description="The period before, or the same one a year ago"),
    ] = ()


class AnalysisDefinition(Definition):
    """What reports of every other kind have in common."""

    later: ClassVar[frozenset[str]] = frozenset({"type"})

    label: Annotated[Text | None, Field(description="What people call it")] = None
    if_: Annotated[Expr | None, Field(alias="if", description="Which orders count")] = None
    chart: Annotated[
        Choice[Literal["table", "line", "bar", "area", "pie"]] | None,
        Field(description="How to draw it, for whoever draws"),
    ] = None


class TogetherDefinition(AnalysisDefinition):
    """What is bought together: support, confidence and lift of pairs."""

    type: Annotated[Choice[Literal["bought_together"]], Field(description="The kind of report")]
    item: Annotated[Expr, Field(description="What counts as the same, such as line.sku")]
    min_count: Annotated[Whole | None, Field(ge=1, description="Least orders with both")] = None
    min_confidence: Annotated[Percent | None, Field(description="Least share of orders with the other")] = (
        None
    )
    min_support: Annotated[Percent | None, Field(description="Least share of all orders")] = None
    top: Annotated[Whole | None, Field(ge=1, le=10_000, description="Only the strongest so many")] = None


class RepurchaseDefinition(AnalysisDefinition):
    """When customers come back, and how many do."""

    type: Annotated[Choice[Literal["repurchase"]], Field(description="The kind of report")]
    customer: Annotated[Expr, Field(description="Who is the same, such as order.customer")]
    within: Annotated[
        Listed[Expr], Field(description="Times in which they come back", examples=[["30d"]])
    ] = ()


class RfmDefinition(AnalysisDefinition):
    """Recency, frequency and amount of customers, scored 1 to 5."""

    type: Annotated[Choice[Literal["rfm"]], Field(description="The kind of report")]
    customer: Annotated[Expr | None, Field(description="Who is the same; order.customer without it")] = None
    segments: Annotated[
        Named[Expr], Field(description="Conditions over r, f and m by name, the first counts")
    ]


class CohortDefinition(AnalysisDefinition):
    """How many of those who first bought in a period come back later."""

    type: Annotated[Choice[Literal["cohort"]], Field(description="The kind of report")]
    by: Annotated[
        Choice[Literal["day", "week", "month", "quarter", "year"]], Field(description="Length of a period")
    ] = "month"
    periods: Annotated[Whole, Field(ge=1, le=100, description="How many periods are followed")] = 12


class FunnelDefinition(AnalysisDefinition):
    """How many orders get from one step to the next, and how fast."""

    type: Annotated[Choice[Literal["funnel"]], Field(description="The kind of report")]
    steps: Annotated[Listed[Ref], Field(min_length=2, description="Events in order, such as order.placed")]
    within: Annotated[Expr | None, Field(description="Time in which all has to happen")] = None


class PromotionEffectDefinition(AnalysisDefinition):
    """What a promotion brought, against the time before."""

    type: Annotated[Choice[Literal["promotion_effect"]], Field(description="The kind of report")]
    promotion: Annotated[Many[Ref], Field(description="Promotions, or `any`")]
    baseline: Annotated[Expr, Field(description="Time before it that is compared", examples=["4w"])]


ReportDefinition.variants = {
    "bought_together": TogetherDefinition,
    "repurchase": RepurchaseDefinition,
    "rfm": RfmDefinition,
    "cohort": CohortDefinition,
    "funnel": FunnelDefinition,
    "promotion_effect": PromotionEffectDefinition,
}


class CardDefinition(Definition):
    """One field of a dashboard."""

    kpi: Annotated[Ref | None, Field(description="A metric, shown as one figure")] = None
    report: Annotated[Ref | None, Field(description="A report")] = None
    label: Annotated[Text | None, Field(description="What stands above it")] = None
    compare: Annotated[
        Choice[Literal["previous", "year"]] | None, Field(description="What the figure is compared with")
    ] = None
    chart: Annotated[
        Choice[Literal["table", "line", "bar", "area", "pie"]] | None, Field(description="How to draw it")
    ] = None


class DashboardDefinition(Definition):
    """Several figures and reports on one page."""

    title: Annotated[Text, Field(description="What stands on top")]
    filters: Annotated[
        Named[Name], Field(description="Period and dimensions readers may choose", default_factory=dict)
    ]
    rows: Annotated[Listed[Listed[CardDefinition]], Field(description="Rows of figures and reports")]
