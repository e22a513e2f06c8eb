"""Metrics, reports and query plans as plain data: what both executors read and no executor decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit._diagnostics import Span
    from orderkit._expr.compiler import Program

GRAINS: Final = ("order", "line", "payment", "refund")
"""What a metric can count; payments and refunds are the two kinds of money that moved."""

TIME_GRAINS: Final = ("hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a record, as stores keep it.

    Args:
        owner: `order`, `line`, `payment` or `refund`.
        name: Its name.
        kind: `text`, `integer`, `boolean`, `date`, `datetime`, `money` (minor units of the record's
            currency) or `price` (millionths of a major unit).
        optional: Whether it may be absent.
        own: Whether the project declares it, so that it stands in `fields`.
    """

    owner: str
    name: str
    kind: str
    optional: bool = False
    own: bool = False

    @property
    def path(self) -> str:
        """Give the path analysts write."""
        return f"{self.owner}.{self.name}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant as stores keep it.

    Args:
        value: Text, whole number (for money: minor units or millionths), boolean, date, aware datetime
            or None.
    """

    value: Any


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; absent values equal only each other, and ordering with one is not computable.

    Args:
        operator: One of `== != < <= > >=`.
        left: A field.
        right: A field of the same kind, or a constant.
        currency: Currency the constant is in: records in another one are not computable. Empty where
            it does not matter.
    """

    operator: str
    left: Field
    right: Field | Literal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a field is one of a few constants; an absent one is none of them.

    Args:
        field: The field.
        values: The constants, None never among them.
        negated: Whether it must be none of them.
    """

    field: Field
    values: tuple[Any, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean field by itself; absent is not computable.

    Args:
        field: The field.
    """

    field: Field


@dataclass(frozen=True, slots=True)
class Always:
    """A condition that needs no record.

    Args:
        value: What it comes to.
    """

    value: bool


@dataclass(frozen=True, slots=True)
class Opposite:
    """The opposite; what is not computable stays so.

    Args:
        part: The condition.
    """

    part: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """All of them, judged from left to right up to the first that is false or not computable.

    Args:
        parts: The conditions.
    """

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them, judged from left to right up to the first that is true or not computable.

    Args:
        parts: The conditions.
    """

    parts: tuple[Condition, ...]


Condition: TypeAlias = Compare | Member | Truth | Always | Opposite | Both | Either


def certain(condition: Condition) -> bool:
    """Tell whether a condition is true or false for every record, so that SQL may judge it in any order.

    Args:
        condition: The condition.

    Returns:
        False where a record may make it not computable.
    """
    match condition:
        case Compare(operator="==" | "!=", currency=currency):
            return not currency
        case Compare(left=left, right=right, currency=currency):
            return not currency and not left.optional and not (isinstance(right, Field) and right.optional)
        case Truth(field=one):
            return not one.optional
        case Opposite(part=part):
            return certain(part)
        case Both(parts=parts) | Either(parts=parts):
            return all(certain(one) for one in parts)
    return True


def fields_of(condition: Condition | None) -> frozenset[Field]:
    """List the fields a condition reads, so that SQL joins no table in vain.

    Args:
        condition: The condition, or None.

    Returns:
        The fields.
    """
    match condition:
        case Compare(left=left, right=right):
            return frozenset((left, right) if isinstance(right, Field) else (left,))
        case Member(field=one) | Truth(field=one):
            return frozenset((one,))
        case Opposite(part=part):
            return fields_of(part)
        case Both(parts=parts) | Either(parts=parts):
            return frozenset[Field]().union(*(fields_of(one) for one in parts))
    return frozenset()


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a query, worked out per group.

    Args:
        kind: `count`, `sum` or `distinct`.
        field: What is added up or told apart; None for `count`.
        condition: Which records count; None for all.
    """

    kind: str
    field: Field | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One pass over the records of one grain by one time; a report merges several.

    Rows are tuples: the bucket number (see `orderkit._reports.periods`; 0 without `bucket`; None for records
    whose time is absent, which are in scope only where no period is asked for), the dimensions, the currency
    where asked for, then three whole numbers for each measure: its value, the records that counted, and the
    records that could not be judged or brought no value. The order of rows is open, and a row of nothing but
    zeros may be there or not.

    Args:
        grain: One of `GRAINS`.
        at: Time of a record; it decides the period and the bucket.
        zone: Key of the zone whose days count.
        measures: What to work out.
        since: First instant that counts, or None.
        until: First instant that no longer counts, or None.
        bucket: One of `TIME_GRAINS`, or None for no buckets.
        dimensions: What to group by.
        currency: Whether to group by currency too; amounts of different ones are never added.
        where: Which records are in scope at all; always certain. None for all.
    """

    grain: str
    at: Field
    zone: str
    measures: tuple[Measure, ...]
    since: datetime | None = None
    until: datetime | None = None
    bucket: str | None = None
    dimensions: tuple[Field, ...] = ()
    currency: bool = False
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with one definition, ready to plan.

    Args:
        name: Its name.
        label: What people call it.
        kind: `count`, `sum`, `average`, `distinct`, `ratio` or `formula`.
        type: `money`, `count` or `decimal`.
        additive: Whether the figures of groups add up to the figure of the whole.
        span: Where it is declared.
        grain: What it is about; empty for ratios and formulas.
        field: What is added up, averaged or told apart.
        condition: Which records count.
        condition_text: The same as written.
        at: Its own time; None for ratios and formulas.
        of: Metrics it is made of.
        formula: The formula, None for others.
    """

    name: str
    label: str
    kind: str
    type: str
    additive: bool
    span: Span
    grain: str = ""
    field: Field | None = None
    condition: Condition | None = None
    condition_text: str = ""
    at: Field | None = None
    of: tuple[str, ...] = ()
    formula: Program | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows are told apart by.

    Args:
        name: Name of the column: the field's name, or its path where two would be alike.
        label: What people call it.
        field: The field.
    """

    name: str
    label: str
    field: Field


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to plan.

    Args:
        name: Its name.
        label: What people call it.
        span: Where it is declared.
        metrics: Metrics shown, in order; the first ranks the rows unless `share` does.
        dimensions: What rows are told apart by.
        times: Time grains it offers, the usual one first; empty where it has no time.
        at: Time of all its metrics; None leaves each its own.
        condition: Which records count, for all metrics.
        condition_text: The same as written.
        top: How many rows to show, or None for all.
        others: Whether the rest stands in one row more.
        share: Metric whose share is shown, or an empty text.
        chart: How to draw it, or an empty text.
    """

    name: str
    label: str
    span: Span
    metrics: tuple[str, ...]
    dimensions: tuple[Dimension, ...] = ()
    times: tuple[str, ...] = ()
    at: Field | None = None
    condition: Condition | None = None
    condition_text: str = ""
    top: int | None = None
    others: bool = False
    share: str = ""
    chart: str = ""


@dataclass(frozen=True, slots=True)
class ReportProgram:
    """All metrics and reports of a project.

    Args:
        metrics: Metrics by name.
        reports: Reports by name.
        zone: Key of the project's zone.
        currency: The project's currency.
        known: Every dimension a caller may filter by, by each spelling (`channel`, `order.channel`).
    """

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    zone: str = "UTC"
    currency: str = ""
    known: Mapping[str, Dimension] = field(default_factory=dict)

    def base(self, names: tuple[str, ...]) -> tuple[Metric, ...]:
        """Find the metrics that have to be asked of a store.

        Args:
            names: Metrics, ratios and formulas among them.

        Returns:
            Those they are made of in the end, each once, in order of first use.
        """
        found: dict[str, Metric] = {}
        todo = list(reversed(names))
        while todo:
            one = self.metrics[todo.pop()]
            if one.of:
                todo.extend(reversed(one.of))
            else:
                found[one.name] = one
        return tuple(found.values())
