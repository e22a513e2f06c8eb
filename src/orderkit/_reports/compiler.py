"""From metrics and reports as written to what can be planned: grains, types, dimensions checked at load."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import NOWHERE, Related
from orderkit._diagnostics.suggest import closest
from orderkit._reports.analyses import check_analysis
from orderkit._reports.definition import AnalysisDefinition
from orderkit._reports.engine import Dimension, Report, ReportProgram
from orderkit._reports.fields import Readable
from orderkit._reports.filters import compile_filter
from orderkit._reports.metrics import MetricCompiler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._fields.engine import FieldProgram
    from orderkit._reports.definition import MetricDefinition, ReportDefinition
    from orderkit._reports.engine import Field, Metric
    from orderkit._text.definition import Ref
    from orderkit._vocabulary import Vocabulary

_GROUPABLE: Final = frozenset({"text", "integer", "boolean", "date"})
_SHOWN: Final = 12


def compile_reports(
    metrics: Mapping[str, MetricDefinition],
    reports: Mapping[str, ReportDefinition | AnalysisDefinition],
    *,
    fields: FieldProgram,
    vocabulary: Vocabulary,
    found: Collector,
) -> ReportProgram:
    """Compile the sections `metrics:` and `reports:`.

    Args:
        metrics: Metrics as written, by name.
        reports: Reports as written, by name.
        fields: The order model.
        vocabulary: The project's names; metrics and reports are declared in it.
        found: Takes the mistakes.

    Returns:
        What can be planned, as far as it has no mistakes.
    """
    readable = Readable(fields, vocabulary, found)
    for name, definition in metrics.items():
        vocabulary.declare("metric", name, definition.span, found)
    made = MetricCompiler(metrics, readable).compile()
    _warn_of_twins(made, found)
    known = _known(readable)
    compiled: dict[str, Report] = {}
    for name, one in reports.items():
        vocabulary.declare("report", name, one.span, found)
        if isinstance(one, AnalysisDefinition):
            check_analysis(one, readable)
            continue
        report = _ReportCompiler(name, one, made, known, readable).compile()
        if report is not None:
            compiled[name] = report
    return ReportProgram(made, compiled, vocabulary.zone.key, vocabulary.currency, known)


def _warn_of_twins(made: Mapping[str, Metric], found: Collector) -> None:
    first: dict[Metric, Metric] = {}
    for metric in made.values():
        if metric.formula is None:
            bare = replace(metric, name="", label="", span=NOWHERE, condition_text="")
            twin = first.setdefault(bare, metric)
            if twin is not metric:
                place = Related(twin.span, f"`{twin.name}`")
                found.add("OK918", metric.span, related=[place], name=metric.name, other=twin.name)


def _known(readable: Readable) -> dict[str, Dimension]:
    """List every dimension by each of its spellings; a bare name is one of the order."""
    fields, vocabulary = readable.fields, readable.vocabulary
    names = {"order": vocabulary.order.fields, "line": vocabulary.line.fields}
    names |= {one: readable.scope(one)[one].fields for one in ("payment", "refund")}
    known: dict[str, Dimension] = {}
    for owner, held in names.items():
        for name in held:
            one = readable.field(owner, name, owner)
            hidden = readable.private(owner, name)
            if one is not None and one.kind in _GROUPABLE and not hidden:
                spec = fields.spec(owner, name)
                dimension = Dimension(name, spec.label if spec else "", one)
                known[one.path] = dimension
                if owner == "order":
                    known[name] = dimension
    return known


class _ReportCompiler:
    """Compiles one report."""

    def __init__(
        self,
        name: str,
        one: ReportDefinition,
        metrics: Mapping[str, Metric],
        known: Mapping[str, Dimension],
        readable: Readable,
    ) -> None:
        self.name, self.one, self.metrics, self.known, self.readable = name, one, metrics, known, readable
        self.found = readable.found

    def compile(self) -> Report | None:
        one = self.one
        dimensions = [self._dimension(ref) for ref in one.by]
        fine = self._metrics() and self._rows() and None not in dimensions
        if not fine:
            return None
        names = tuple(ref.text for ref in one.metrics)
        base = ReportProgram(self.metrics).base(names)
        good = [one for one in dimensions if one is not None]
        at = self._time(base) if one.time is not None and one.time.at is not None else None
        condition = None
        if one.if_ is not None:
            grains = {metric.grain for metric in base}
            condition = compile_filter(one.if_, grains.pop() if len(grains) == 1 else "order", self.readable)
        if not self._single_valued(base, good):
            return None
        return Report(
            name=self.name,
            label=one.label or self.name,
            span=one.span,
            metrics=names,
            dimensions=tuple(_named(good)),
            times=tuple(dict.fromkeys(one.time.by)) if one.time else (),
            at=at,
            condition=condition,
            condition_text=one.if_.text if one.if_ else "",
            top=one.top,
            others=one.others,
            share=one.share.text if one.share else "",
            chart=one.chart or "",
        )

    def _metrics(self) -> bool:
        one = self.one
        if not one.metrics:
            there = ", ".join(list(self.readable.vocabulary.of("metric"))[:_SHOWN]) or "-"
            self.found.add("OK919", one.key_span("metrics"), known=there)
            return False
        wanted = [*one.metrics, *([one.share] if one.share else [])]
        known = [self.readable.vocabulary.require("metric", ref.text, ref.span, self.found) for ref in wanted]
        # A metric that is declared and has mistakes was reported where it stands.
        return all(known) and all(ref.text in self.metrics for ref in wanted)

    def _rows(self) -> bool:
        one, fine = self.one, True
        for key, given, needs in (
            ("top", one.top is not None, bool(one.by)),
            ("share", one.share is not None, bool(one.by)),
            ("others", one.others, one.top is not None),
        ):
            if given and not needs:
                self.found.add("OK916", one.key_span(key), key=key, other="top" if key == "others" else "by")
                fine = False
        if one.share is not None:
            metric = self.metrics[one.share.text]
            if one.share.text not in [ref.text for ref in one.metrics] or not metric.additive:
                self.found.add("OK915", one.share.span, name=metric.name)
                fine = False
        return fine

    def _dimension(self, ref: Ref) -> Dimension | None:
        dimension = self.known.get(ref.text)
        if dimension is not None:
            return dimension
        owner, _, name = ref.text.rpartition(".")
        held = {"": self.readable.vocabulary.order, "order": self.readable.vocabulary.order}
        held["line"] = self.readable.vocabulary.line
        if self.readable.private(owner or "order", name):
            self.found.add("OK923", ref.span, path=ref.text)
        elif owner in held and name in held[owner].fields:
            self.found.add("OK913", ref.span, name=ref.text)
        else:
            near = (
                f"line.{name}"
                if f"line.{name}" in self.known and not owner
                else closest(ref.text, self.known)
            )
            self.found.add(
                "OK912", ref.span, suggestion=near, name=ref.text, known=", ".join(list(self.known)[:_SHOWN])
            )
        return None

    def _time(self, base: tuple[Metric, ...]) -> Field | None:
        source = self.one.time.at if self.one.time else None
        at = self.readable.path(source) if source is not None else None
        if at is None or source is None:
            return None
        if at.kind != "datetime":
            self.found.add("OK914", source.span, name=at.path)
            return None
        for metric in base:
            if at.owner not in ("order", metric.grain):
                self.found.add(
                    "OK911", source.span, metric=metric.name, grain=metric.grain, path=at.path, other=at.owner
                )
                return None
        if any(metric.grain == "refund" for metric in base) and at.owner == "order":
            at = replace(at, optional=True)
        return at

    def _single_valued(self, base: tuple[Metric, ...], dimensions: list[Dimension]) -> bool:
        fine = True
        for ref, dimension in zip(self.one.by, dimensions, strict=True):
            owner = dimension.field.owner
            for metric in base:
                if owner not in ("order", metric.grain):
                    self.found.add(
                        "OK911",
                        ref.span,
                        metric=metric.name,
                        grain=metric.grain,
                        path=dimension.field.path,
                        other=owner,
                        suggestion="",
                    )
                    fine = False
        return fine


def _named(dimensions: list[Dimension]) -> list[Dimension]:
    """Call two fields of one name by their paths, so that each column has a name of its own."""
    names = [one.name for one in dimensions]
    return [replace(one, name=one.field.path) if names.count(one.name) > 1 else one for one in dimensions]
