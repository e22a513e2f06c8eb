"""Puts the answers of stores together into one table: buckets without gaps, top and others, shares, flags."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from orderkit._reports import figures, words
from orderkit._reports.figures import NOTHING, Tally
from orderkit._reports.periods import bucket_of, buckets_between, label_of, start_of
from orderkit._reports.table import ReportColumn, ReportTable
from orderkit.domain.money import digits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._reports.engine import Metric
    from orderkit._reports.planning import Key, Plan, Rest

    Rows = Sequence[tuple[Any, ...]]

_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(slots=True)
class Gathered:
    """Answers by currency, bucket and key, and how many records they are about.

    Args:
        groups: Tallies by metric, by key, by bucket, by currency.
        counted: Records that counted, by metric.
        excluded: Records that could not, by metric.
    """

    groups: dict[str, dict[int, dict[Key, dict[str, Tally]]]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)

    def keys(self, currency: str) -> list[Key]:
        """List the keys of a currency, each once."""
        return list(dict.fromkeys(key for keys in self.groups[currency].values() for key in keys))


def gather(plan: Plan, answered: Iterable[Rows]) -> Gathered:
    """Merge the answers of several queries.

    Args:
        plan: The plan.
        answered: Rows for each query, in the plan's order.

    Returns:
        All answers; groups in which nothing counted are left out.
    """
    found = Gathered(counted={one.name: 0 for one in plan.base}, excluded={one.name: 0 for one in plan.base})
    for metrics, query, rows in zip(plan.asked, plan.main, answered, strict=True):
        wide = len(query.dimensions)
        for row in rows:
            bucket, key = row[0], tuple(row[1 : 1 + wide])
            currency = row[1 + wide] if query.currency else plan.program.currency
            tallies = _tallies(metrics, row[1 + wide + query.currency :])
            for name, tally in tallies.items():
                found.counted[name] += tally.counted if bucket is not None else 0
                found.excluded[name] += tally.excluded + (tally.counted if bucket is None else 0)
            if bucket is None or not any(one.counted for one in tallies.values()):
                continue
            found.groups.setdefault(currency, {}).setdefault(bucket, {}).setdefault(key, {}).update(tallies)
    if not found.groups:
        found.groups[plan.program.currency] = {}
    return found


def _tallies(metrics: tuple[Metric, ...], flat: tuple[Any, ...]) -> dict[str, Tally]:
    return {one.name: Tally(*flat[3 * at : 3 * at + 3]) for at, one in enumerate(metrics)}


def leaders(plan: Plan, ranking: Gathered) -> dict[str, list[Key]]:
    """Find the keys that `top` shows.

    Args:
        plan: The plan.
        ranking: Answers without time.

    Returns:
        Keys by currency, the largest first; empty without `top`.
    """
    if not plan.report.top:
        return {}
    return {
        currency: _ranked(plan, buckets.get(0, {}), currency)[: plan.report.top]
        for currency, buckets in ranking.groups.items()
    }


def _ranked(plan: Plan, groups: Mapping[Key, Mapping[str, Tally]], currency: str) -> list[Key]:
    by = plan.report.share or plan.report.metrics[0]
    value = {
        key: figures.figures_of(plan.program, (by,), tallies, currency)[by] for key, tallies in groups.items()
    }

    def place(key: Key) -> tuple[Any, ...]:
        one = value[key]
        return (one is None, -one if one is not None else 0, _sortable(key))

    return sorted(groups, key=place)


def _sortable(key: Key) -> tuple[tuple[bool, Any], ...]:
    return tuple((one is None, "" if one is None else one) for one in key)


def assemble(
    plan: Plan,
    main: Gathered,
    top: Mapping[str, list[Key]],
    behind: Iterable[tuple[Rest, Rows]],
    *,
    lang: str,
) -> ReportTable:
    """Make the table.

    Args:
        plan: The plan.
        main: The answers for its rows.
        top: Keys that `top` shows, by currency.
        behind: Answers about the rest.
        lang: `en` or `zh`, for labels and definitions.

    Returns:
        The table.
    """
    sheet = _Sheet(plan, main, top, _rest(behind), lang)
    report, program = plan.report, plan.program
    columns = sheet.columns()
    return ReportTable(
        name=report.name,
        label=report.label,
        columns=columns,
        rows=tuple(sheet.shown),
        exact=tuple(sheet.exact),
        span=report.span,
        definition=words.definitions(program, report, lang),
        zone=program.zone,
        since=plan.since,
        until=plan.until,
        as_of=plan.now,
        filters=words.filters(report, plan.where),
        counted=main.counted,
        excluded=main.excluded,
        partial=tuple(sheet.partial),
        others=tuple(sheet.others),
        additive=all(program.metrics[one].additive for one in report.metrics),
        chart=report.chart,
        queries=(*plan.ranking, *plan.main),
    )


def _rest(behind: Iterable[tuple[Rest, Rows]]) -> dict[tuple[str, int], dict[str, Tally]]:
    found: dict[tuple[str, int], dict[str, Tally]] = defaultdict(dict)
    for rest, rows in behind:
        for row in rows:
            if row[0] is not None and (not rest.query.currency or row[1] == rest.currency):
                found[rest.currency, row[0]] |= _tallies(rest.metrics, row[1 + rest.query.currency :])
    return found


class _Sheet:
    """The rows of one table while they are written."""

    def __init__(
        self,
        plan: Plan,
        main: Gathered,
        top: Mapping[str, list[Key]],
        rest: Mapping[tuple[str, int], Mapping[str, Tally]],
        lang: str,
    ) -> None:
        self.plan, self.main, self.top, self.rest, self.lang = plan, main, top, rest, lang
        self.zone = ZoneInfo(plan.program.zone)
        self.keys = {currency: main.keys(currency) for currency in main.groups}
        self.several = len(main.groups) > 1
        self.exact: list[tuple[Any, ...]] = []
        self.shown: list[tuple[Any, ...]] = []
        self.partial: list[bool] = []
        self.others: list[bool] = []
        for currency in sorted(main.groups):
            for bucket in self._buckets():
                self._section(currency, bucket)

    def columns(self) -> tuple[ReportColumn, ...]:
        plan, lang = self.plan, self.lang
        found = []
        if plan.bucket:
            found.append(ReportColumn(plan.bucket, words.label(plan.bucket, lang), "period"))
        for one in plan.report.dimensions:
            label = one.label or words.label(one.field.name, lang)
            kind = "count" if one.field.kind == "integer" else one.field.kind
            found.append(ReportColumn(one.name, label, kind, span=plan.report.span))
        if self.several:
            found.append(ReportColumn("currency", words.label("currency", lang), "text"))
        (unit, *_) = ("",) if self.several else self.main.groups
        for name in plan.report.metrics:
            metric = plan.program.metrics[name]
            money = metric.type == "money"
            digits = digits_of(unit) if money else figures.DIGITS if metric.type == "decimal" else 0
            found.append(
                ReportColumn(
                    name,
                    metric.label,
                    metric.type,
                    unit if money else "",
                    digits,
                    metric.additive,
                    metric.span,
                )
            )
            if name == plan.report.share:
                label = words.share_label(metric.label, lang)
                found.append(
                    ReportColumn(f"{name}_share", label, "percent", "", 4, plan.report.others, metric.span)
                )
        return tuple(found)

    def _buckets(self) -> list[int]:
        plan = self.plan
        if not plan.bucket:
            return [0]
        known = {bucket for buckets in self.main.groups.values() for bucket in buckets}
        if plan.since is not None:
            known.add(bucket_of(plan.since, plan.bucket, self.zone))
        if plan.until is not None:
            asked = bucket_of(plan.until - _MICROSECOND, plan.bucket, self.zone)
            known.add(min(asked, max({bucket_of(plan.now, plan.bucket, self.zone), *known})))
        return list(buckets_between(min(known), max(known), plan.bucket, self.zone)) if known else []

    def _section(self, currency: str, bucket: int) -> None:
        """Write the rows of one bucket in one currency."""
        groups = self.main.groups[currency].get(bucket, {})
        if not self.plan.report.dimensions:
            keys: list[Key] = [()]
        elif self.plan.report.top:
            keys = self.top.get(currency, [])
        else:
            keys = _ranked(self.plan, {one: groups.get(one, {}) for one in self.keys[currency]}, currency)
        hidden = [one for one in groups if one not in set(keys)]
        rest: dict[str, Tally] = {}
        for key in hidden:
            for name, tally in groups[key].items():
                rest[name] = rest.get(name, NOTHING) + tally
        rest |= {
            name: tally
            for name, tally in self.rest.get((currency, bucket), {}).items()
            if self.plan.program.metrics[name].kind == "distinct"
        }
        tallies = [*(groups.get(key, {}) for key in keys), rest]
        names = self.plan.report.metrics
        values = [figures.figures_of(self.plan.program, names, one, currency) for one in tallies]
        share = self.plan.report.share
        parts = figures.shares([one[share] for one in values]) if share else [(None, None)] * len(values)
        for key, value, part in zip(keys, values, parts, strict=False):
            self._row(currency, bucket, key, value, part)
            self.others.append(False)
        if hidden and self.plan.report.others:
            label = words.label("others", self.lang)
            self._row(currency, bucket, (label,) * len(self.plan.report.dimensions), values[-1], parts[-1])
            self.others.append(True)

    def _row(
        self, currency: str, bucket: int, key: Key, value: Mapping[str, Any], part: tuple[Any, Any]
    ) -> None:
        plan = self.plan
        head: tuple[Any, ...] = (label_of(bucket, plan.bucket), *key) if plan.bucket else key
        if self.several:
            head = (*head, currency)
        exact, shown = list(head), list(head)
        for name in plan.report.metrics:
            metric = plan.program.metrics[name]
            exact.append(figures.exact(metric, value[name], currency))
            shown.append(figures.shown(metric, value[name], currency))
            if name == plan.report.share:
                exact.append(part[0])
                shown.append(part[1])
        self.exact.append(tuple(exact))
        self.shown.append(tuple(shown))
        self.partial.append(self._partial(bucket))

    def _partial(self, bucket: int) -> bool:
        plan = self.plan
        if not plan.bucket:
            return plan.until is not None and plan.until > plan.now
        start = start_of(bucket, plan.bucket, self.zone)
        end = start_of(bucket + 1, plan.bucket, self.zone)
        cut = (plan.since is not None and plan.since > start) or (plan.until is not None and plan.until < end)
        return cut or end > plan.now
