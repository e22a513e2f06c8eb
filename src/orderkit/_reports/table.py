"""A report's answer: exact rows, typed columns, and everything needed to trust them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit.domain.money import Money
from orderkit.domain.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit._diagnostics import Span
    from orderkit._reports.engine import Query

FORMAT_VERSION: Final = 1
_HUNDRED: Final = 100
_CENT: Final = Decimal("0.01")
# What a spreadsheet would run: also behind the signs it skips at the start of a cell.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column of a report.

    Args:
        name: Its name: a metric, a dimension, a time grain, `currency`, or `<metric>_share`.
        label: What people call it.
        type: `period`, `text`, `count`, `decimal`, `money`, `percent`, `boolean` or `date`.
        unit: Currency of a money column where the report has only one, else an empty text.
        digits: Decimals that are shown; 0 for what has none.
        additive: Whether its figures add up over the rows.
        span: The line of YAML that defines it.
    """

    name: str
    label: str
    type: str
    unit: str = ""
    digits: int = 0
    additive: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """The answer of a report.

    `rows` are as people see them: averages of money rounded half up to the currency's digits, shares rounded
    so that they add up to one. `exact` are the same rows unrounded: a share or an average is the quotient
    itself, a Decimal of up to 28 digits.

    Args:
        name: Name of the report.
        label: What people call it.
        columns: Its columns.
        rows: A tuple of Money, int, Decimal, text, date, bool or None for each row.
        exact: The same, unrounded.
        span: Where the report is declared.
        definition: What each figure is, in words, by metric.
        zone: Key of the zone whose days count.
        since: First instant asked for, or None.
        until: First instant no longer asked for, or None.
        as_of: When it was computed; states are those of this instant.
        filters: What was filtered by, in words.
        counted: Records that counted, by metric that a store was asked for.
        excluded: Records in the period that could not be judged or brought no value, by the same metrics.
        partial: For each row, whether its period is not over or was cut by the one asked for.
        others: For each row, whether it stands for the rest behind `top`.
        additive: Whether all figures add up over the rows.
        chart: How to draw it, or an empty text.
        queries: What stores were asked.
    """

    name: str
    label: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    exact: tuple[tuple[Any, ...], ...]
    span: Span
    definition: Mapping[str, str]
    zone: str
    since: datetime | None
    until: datetime | None
    as_of: datetime
    filters: tuple[str, ...] = ()
    counted: Mapping[str, int] = attribute(default_factory=dict)
    excluded: Mapping[str, int] = attribute(default_factory=dict)
    partial: tuple[bool, ...] = ()
    others: tuple[bool, ...] = ()
    additive: bool = False
    chart: str = ""
    queries: tuple[Query, ...] = attribute(default=(), repr=False)

    @property
    def footnote(self) -> str:
        """Say in one line where the figures come from: line of YAML, zone, period, instant."""
        period = f"{self.since or '…'} .. {self.until or '…'}"
        said = f"{self.span} · {self.zone} · {period} · as of {self.as_of:%Y-%m-%d %H:%M:%S%z}"
        left_out = sum(self.excluded.values())
        return f"{said} · {left_out} excluded" if left_out else said

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the rows as they are shown, by column name.

        Returns:
            A dict for each row: Money, int, Decimal, text, date, bool or None.
        """
        names = [one.name for one in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def to_csv(self) -> str:
        r"""Write the rows as they are shown for a spreadsheet, which cannot be made to run a text of them.

        Returns:
            Text of CSV lines ended by `\\r\\n`, labels first. Money and numbers are plain (`160.00`),
            shares `84.60%`, absent values empty; a text that a spreadsheet would take for a formula has an
            apostrophe in front.
        """
        written = io.StringIO()
        out = csv.writer(written)
        out.writerow([_safe(one.label) for one in self.columns])
        for row in self.rows:
            out.writerow([_cell(one.type, value) for one, value in zip(self.columns, row, strict=True)])
        return written.getvalue()

    def to_json(self) -> str:
        """Write everything: rows, columns, definitions, period and flags.

        Returns:
            JSON text; money and decimals are exact texts, rows are as they are shown.
        """
        columns = [
            {
                "name": one.name,
                "label": one.label,
                "type": one.type,
                "unit": one.unit,
                "digits": one.digits,
                "additive": one.additive,
                "span": str(one.span) if one.span else None,
            }
            for one in self.columns
        ]
        data = {
            "format_version": FORMAT_VERSION,
            "name": self.name,
            "label": self.label,
            "columns": columns,
            "rows": self.to_dicts(),
            "partial": self.partial,
            "others": self.others,
            "additive": self.additive,
            "definition": dict(self.definition),
            "span": str(self.span),
            "zone": self.zone,
            "since": self.since,
            "until": self.until,
            "as_of": self.as_of,
            "filters": self.filters,
            "counted": dict(self.counted),
            "excluded": dict(self.excluded),
            "chart": self.chart,
        }
        return json.dumps(to_plain(data), ensure_ascii=False, indent=2)


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) else text


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "percent" and isinstance(value, Decimal):
        return f"{(value * _HUNDRED).quantize(_CENT):f}%"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Money | Decimal):
        return str(to_plain(value))
    return str(value) if isinstance(value, int) else _safe(str(value))
