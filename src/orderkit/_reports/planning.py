"""From a report and what a caller asks of it to the queries that answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._reports.engine import TIME_GRAINS, Both, Compare, Either, Literal, Measure, Opposite, Query
from orderkit.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._reports.engine import Condition, Field, Metric, Report, ReportProgram

Key = tuple[Any, ...]
"""Values of a report's dimensions, in order."""

_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be asked and how the answers belong together.

    Args:
        program: All metrics.
        report: The report.
        base: The metrics that are asked of a store.
        asked: For each main query, the metrics of its measures in order; ranking and rest queries are alike.
        main: Queries for the rows.
        ranking: The same without time, where `top` ranks over the whole period; else empty.
        bucket: Time grain of the rows, or an empty text.
        since: First instant that counts, or None.
        until: First instant that no longer counts, or None.
        now: The present instant.
        where: What the caller filtered by, as written.
    """

    program: ReportProgram
    report: Report
    base: tuple[Metric, ...]
    asked: tuple[tuple[Metric, ...], ...]
    main: tuple[Query, ...]
    ranking: tuple[Query, ...]
    bucket: str
    since: datetime | None
    until: datetime | None
    now: datetime
    where: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rest:
    """A query about everything behind `top`.

    Args:
        currency: The currency it is for; rows of others do not count.
        metrics: The metrics of its measures.
        query: The query.
    """

    currency: str
    metrics: tuple[Metric, ...]
    query: Query


def plan_report(
    program: ReportProgram,
    name: str,
    *,
    since: datetime | None,
    until: datetime | None,
    by: str | None,
    where: Mapping[str, Any],
    now: datetime,
) -> Plan:
    """Plan a report: one query for each grain and time its metrics have.

    Args:
        program: Metrics and reports.
        name: The report.
        since: First instant that counts, aware, or None.
        until: First instant that no longer counts, aware, or None.
        by: Time grain instead of the report's first, or None.
        where: Values that dimensions must have.
        now: The present instant.

    Returns:
        The plan.

    Raises:
        NotFound: There is no such report, time grain or dimension, or a metric has no such dimension.
        ValueError: An instant has no zone, or a value does not fit its dimension.
    """
    for instant in (since, until):
        if instant is not None and instant.utcoffset() is None:
            message = f"{instant} has no time zone"
            raise ValueError(message)
    report = program.reports.get(name)
    if report is None:
        raise _unknown("report", name, program.reports)
    if by is not None and by not in TIME_GRAINS:
        raise _unknown("time grain", by, TIME_GRAINS)
    bucket = by or (report.times[0] if report.times else "")
    shown = (*report.metrics, report.share) if report.share else report.metrics
    base = program.base(shown)
    scope = _scope(program, base, where)
    groups: dict[tuple[str, Field], list[Metric]] = {}
    for metric in base:
        at = report.at or metric.at
        if at is not None:
            groups.setdefault((metric.grain, at), []).append(metric)
    main = tuple(
        Query(
            grain=grain,
            at=at,
            zone=program.zone,
            measures=tuple(_measure(one, report.condition) for one in metrics),
            since=since,
            until=until,
            bucket=bucket or None,
            dimensions=tuple(one.field for one in report.dimensions),
            currency=any(one.type == "money" for one in base),
            where=scope,
        )
        for (grain, at), metrics in groups.items()
    )
    return Plan(
        program=program,
        report=report,
        base=base,
        asked=tuple(tuple(metrics) for metrics in groups.values()),
        main=main,
        ranking=tuple(replace(one, bucket=None) for one in main) if bucket and report.top else (),
        bucket=bucket,
        since=since,
        until=until,
        now=now,
        where=where,
    )


def plan_rest(plan: Plan, top: Mapping[str, Sequence[Key]]) -> tuple[Rest, ...]:
    """Plan the row of the rest, where its figures cannot be added up from those of the groups behind `top`.

    Args:
        plan: The report's plan.
        top: Keys shown, by currency.

    Returns:
        A query for each currency and each main query that tells values apart; none where adding up will do.
    """
    report = plan.report
    if not (report.others and report.top):
        return ()
    found = []
    for currency, keys in top.items():
        outside = tuple(Opposite(_is(report, key)) for key in keys)
        for metrics, query in zip(plan.asked, plan.main, strict=True):
            if any(one.kind == "distinct" for one in query.measures):
                where = _both([*([query.where] if query.where else []), *outside])
                found.append(Rest(currency, metrics, replace(query, dimensions=(), where=where)))
    return tuple(found)


def _is(report: Report, key: Key) -> Condition:
    return Both(
        tuple(
            Compare("==", one.field, Literal(value))
            for one, value in zip(report.dimensions, key, strict=True)
        )
    )


def _both(parts: list[Condition]) -> Condition | None:
    return Both(tuple(parts)) if parts else None


def _measure(metric: Metric, condition: Condition | None) -> Measure:
    kind = {"average": "sum"}.get(metric.kind, metric.kind)
    parts = [one for one in (condition, metric.condition) if one is not None]
    both = parts[0] if len(parts) == 1 else _both(parts)
    return Measure(kind, metric.field, both)


def _scope(program: ReportProgram, base: tuple[Metric, ...], where: Mapping[str, Any]) -> Condition | None:
    parts: list[Condition] = []
    for name, value in where.items():
        known = program.known.get(name)
        if known is None:
            raise _unknown("dimension", name, program.known)
        owner = known.field.owner
        stray = next((one for one in base if owner not in ("order", one.grain)), None)
        if stray is not None:
            message = f"{stray.name} counts {stray.grain}s, which have no single {known.field.path}"
            raise NotFound(message)
        values = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        parts.append(Either(tuple(_equals(known.field, one) for one in values)))
    return _both(parts)


def _equals(one: Field, value: Any) -> Condition:
    try:
        return Compare("==", one, Literal(_stored(one.kind, value)))
    except (ValueError, TypeError) as error:
        message = f"{one.path} cannot be {value!r}"
        raise ValueError(message) from error


def _stored(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "integer":
            return int(value)
        case "boolean":
            return {"true": True, "false": False}[value] if value in ("true", "false") else bool(value)
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(value)
    return str(value)


def _unknown(kind: str, name: str, known: Iterable[str]) -> NotFound:
    listed = list(known)
    close = get_close_matches(name, listed, n=1, cutoff=0.5)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    shown = ", ".join(listed[:_LISTED]) or "none"
    return NotFound(f"there is no {kind} {name!r}{meant} (known: {shown})")
