"""Reports: plan, ask the store for each part of the plan, put the answers together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._commands.calls import ask
from orderkit._reports.assembling import assemble, gather, leaders
from orderkit._reports.planning import plan_report, plan_rest
from orderkit._reports.table import ReportColumn, ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit._commands.calls import Ask
    from orderkit._project import Project
    from orderkit._reports.engine import Query

__all__ = ["ReportColumn", "ReportTable", "report"]


def report(
    project: Project,
    name: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: str | None = None,
    where: Mapping[str, Any] | None = None,
    now: datetime,
) -> Ask[ReportTable]:
    """Compute a report.

    Args:
        project: The project.
        name: Name of the report.
        since: First instant that counts, aware; all of the past where none is given.
        until: First instant that no longer counts, aware.
        by: Time grain to use instead of the report's first: `hour`, `day`, `week`, `month`, `quarter` or
            `year`.
        where: Values that dimensions must have, such as `{"channel": "tmall"}`; None for absent.
        now: The present instant; periods that are not over then are marked.

    Returns:
        The table.

    Raises:
        NotFound: There is no such report, time grain or dimension, or a metric has no such dimension.
        ValueError: An instant has no zone.
    """
    program = project.reports
    plan = plan_report(program, name, since=since, until=until, by=by, where=where or {}, now=now)
    main = gather(plan, (yield from _all(plan.main)))
    ranking = gather(plan, (yield from _all(plan.ranking))) if plan.ranking else main
    top = leaders(plan, ranking)
    rest = plan_rest(plan, top)
    behind = tuple(zip(rest, (yield from _all(tuple(one.query for one in rest))), strict=True))
    return assemble(plan, main, top, behind, lang="zh" if project.locale.startswith("zh") else "en")


def _all(queries: tuple[Query, ...]) -> Ask[tuple[list[tuple[Any, ...]], ...]]:
    answered = []
    for query in queries:
        rows = yield from ask("figures", "rows", query)
        answered.append(rows)
    return tuple(answered)
