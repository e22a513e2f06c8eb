"""Checks the section `gateways:`: statements to reconcile with, in the grammar of channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from orderkit._channels.cleaning import CLEANERS
from orderkit._diagnostics.suggest import closest, closest_zone
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.functions import column_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._channels.definition import GatewayDefinition, GatewayRowDefinition
    from orderkit._diagnostics import Collector, Span
    from orderkit._expr.types import Scope
    from orderkit._vocabulary import Vocabulary

_MATCHED: Final = ("payment", "refund")


def check_gateways(
    definitions: Mapping[str, GatewayDefinition], vocabulary: Vocabulary, found: Collector
) -> None:
    """Check every name and expression of the gateways.

    Args:
        definitions: As written, by name.
        vocabulary: The project's names; the gateways are declared in it.
        found: Takes the mistakes.
    """
    for name, one in definitions.items():
        vocabulary.declare("gateway", name, one.span, found)
        if one.zone is not None:
            try:
                ZoneInfo(one.zone.value)
            except (ValueError, KeyError, OSError):
                found.add(
                    "OK309", one.zone.span, suggestion=closest_zone(one.zone.value), value=one.zone.value
                )
        columns = _columns(one)
        mapped = {key for row in one.rows for key in row.map}
        for row in one.rows:
            _row(row, columns, found)
        for kind, ref in one.match.items():
            if kind not in _MATCHED:
                guess = closest(kind, _MATCHED)
                found.add(
                    "OK204", one.key_span("match"), suggestion=guess, key=kind, allowed=", ".join(_MATCHED)
                )
            elif one.use is None and ref.text not in mapped:
                _unknown(ref.text, ref.span, mapped, found)
        if one.use is None and not one.rows:
            found.add("OK205", one.span, key="rows")


def _columns(one: GatewayDefinition) -> dict[str, types.Type]:
    named = {ref.text for file in one.files.values() for ref in file.has}
    named |= {ref.text for row in one.rows for value in row.map.values() for ref in value.from_}
    return {column_key(name): types.optional(types.TEXT) for name in named}


def _row(row: GatewayRowDefinition, columns: Scope, found: Collector) -> None:
    scope = {"$row": types.record("row", columns), **columns}
    if row.if_ is not None:
        compile_expression(row.if_, scope, found, expects=types.BOOLEAN, functions=("col",))
    for value in row.map.values():
        for cleaner in value.clean:
            if cleaner.text not in CLEANERS:
                guess = closest(cleaner.text, CLEANERS)
                found.add(
                    "OK804", cleaner.span, suggestion=guess, name=cleaner.text, known=", ".join(CLEANERS)
                )
        if value.value is not None:
            compile_expression(value.value, scope, found, functions=("col",))


def _unknown(name: str, span: Span, mapped: set[str], found: Collector) -> None:
    known = sorted(mapped)
    found.add(
        "OK301", span, suggestion=closest(name, known), name=name, kind_en="mapped value",
        kind_zh="映射出的值", known=", ".join(known) or "-",
    )  # fmt: skip
