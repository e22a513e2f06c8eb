"""Checks reports of the kinds beside tables, and dashboards: every name and type at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._reports.definition import (
    FunnelDefinition,
    PromotionEffectDefinition,
    RepurchaseDefinition,
    RfmDefinition,
    TogetherDefinition,
)
from orderkit._reports.filters import compile_filter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._reports.definition import AnalysisDefinition, DashboardDefinition
    from orderkit._reports.fields import Readable
    from orderkit._text.values import Source
    from orderkit._vocabulary import Vocabulary


def check_analysis(one: AnalysisDefinition, readable: Readable) -> None:
    """Check one report that is no table of metrics.

    Args:
        one: As written.
        readable: What reports may read, with the project's names.
    """
    vocabulary, found = readable.vocabulary, readable.found
    if one.if_ is not None:
        compile_filter(one.if_, "order", readable)
    if isinstance(one, TogetherDefinition):
        readable.path(one.item)
    elif isinstance(one, RepurchaseDefinition | RfmDefinition):
        _customers(one, vocabulary, found)
    elif isinstance(one, FunnelDefinition):
        for step in one.steps:
            vocabulary.require("event", step.text, step.span, found, also=vocabulary.events)
    elif isinstance(one, PromotionEffectDefinition):
        for ref in one.promotion:
            vocabulary.require("promotion", ref.text, ref.span, found, also=("any",))
    for source in _lengths(one):
        if vocabulary.duration(source.text) is None:
            found.add("OK653", source.span, value=source.text)


def _lengths(one: AnalysisDefinition) -> tuple[Source, ...]:
    """List the lengths of time a report names."""
    if isinstance(one, RepurchaseDefinition):
        return one.within
    if isinstance(one, FunnelDefinition):
        return () if one.within is None else (one.within,)
    return (one.baseline,) if isinstance(one, PromotionEffectDefinition) else ()


def _customers(one: RepurchaseDefinition | RfmDefinition, vocabulary: Vocabulary, found: Collector) -> None:
    if one.customer is not None:
        compile_expression(one.customer, {"order": vocabulary.order}, found)
    if isinstance(one, RfmDefinition):
        scope = dict.fromkeys(("r", "f", "m"), types.COUNT)
        for segment in one.segments.values():
            compile_expression(segment, scope, found, expects=types.BOOLEAN)


def check_dashboards(
    definitions: Mapping[str, DashboardDefinition], vocabulary: Vocabulary, found: Collector
) -> None:
    """Check the section `dashboards:`.

    Args:
        definitions: As written, by name.
        vocabulary: The project's names, those of metrics and reports among them.
        found: Takes the mistakes.
    """
    for name, one in definitions.items():
        vocabulary.declare("dashboard", name, one.span, found)
        for row in one.rows:
            for card in row:
                if (card.kpi is None) == (card.report is None):
                    found.add("OK924", card.span)
                if card.kpi is not None:
                    vocabulary.require("metric", card.kpi.text, card.kpi.span, found)
                if card.report is not None:
                    vocabulary.require("report", card.report.text, card.report.span, found)
