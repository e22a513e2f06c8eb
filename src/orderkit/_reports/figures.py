"""From what stores counted to exact figures: averages, ratios and formulas over one group of records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.failure import NotComputable
from orderkit.domain.money import Money, digits_of, exact_minor, to_decimal, to_minor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._reports.engine import Metric, ReportProgram

DIGITS: Final = 4
"""Decimals shown of a number that is no money."""

_PRECISION: Final = 28
_PRICE_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Tally:
    """What stores found for one metric in one group.

    Args:
        value: Sum, count or number of different values: minor units, millionths or units.
        counted: Records that counted.
        excluded: Records that could not be judged or brought no value.
    """

    value: int = 0
    counted: int = 0
    excluded: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Join two groups; right for all but numbers of different values."""
        return Tally(self.value + other.value, self.counted + other.counted, self.excluded + other.excluded)


NOTHING: Final = Tally()
"""A group without records."""


def figures_of(
    program: ReportProgram, names: tuple[str, ...], tallies: Mapping[str, Tally], currency: str
) -> dict[str, Any]:
    """Work metrics out for one group.

    Args:
        program: All metrics.
        names: The metrics wanted.
        tallies: What stores found, by metric; a missing one found nothing.
        currency: Currency of the amounts.

    Returns:
        For each metric wanted a whole number, a Decimal (money in major units), or None for no value.
    """
    known: dict[str, Any] = {}

    def work_out(name: str) -> Any:
        if name not in known:
            metric = program.metrics[name]
            parts = {one: work_out(one) for one in metric.of}
            known[name] = _made_of(metric, parts) if metric.of else _base(metric, tallies, currency)
        return known[name]

    with localcontext() as context:
        context.prec = _PRECISION
        return {name: work_out(name) for name in names}


def _base(metric: Metric, tallies: Mapping[str, Tally], currency: str) -> Any:
    tally = tallies.get(metric.name, NOTHING)
    value: Any = tally.value
    if metric.field is not None and metric.kind != "distinct":
        if metric.field.kind == "money":
            value = to_decimal(value, currency)
        elif metric.field.kind == "price":
            value = Decimal(value).scaleb(-_PRICE_PLACES)
    if metric.kind == "average":
        return Decimal(value) / tally.counted if tally.counted else None
    return value


def _made_of(metric: Metric, parts: Mapping[str, Any]) -> Any:
    if metric.formula is not None:
        try:
            return metric.formula.run(parts)
        except NotComputable:
            return None
    above, below = (parts[one] for one in metric.of)
    return Decimal(above) / Decimal(below) if above is not None and below else None


def exact(metric: Metric, value: Any, currency: str) -> Any:
    """Give a figure as the exact rows of a table hold it.

    Args:
        metric: Its metric.
        value: As `figures_of` gives it.
        currency: Of an amount.

    Returns:
        Money for sums of money, else the value itself.
    """
    if metric.type == "money" and metric.additive and value is not None:
        minor = exact_minor(Decimal(value), currency)
        return value if minor is None else Money(minor, currency)
    return value


def shown(metric: Metric, value: Any, currency: str) -> Any:
    """Round a figure for people.

    Args:
        metric: Its metric.
        value: As `figures_of` gives it.
        currency: Of an amount.

    Returns:
        Money rounded half up to the currency's digits, a Decimal of four digits, a whole number, or None.
    """
    if value is None:
        return None
    if metric.type == "money":
        return Money(to_minor(Decimal(value), currency), currency)
    if metric.type == "decimal":
        return Decimal(to_minor(Decimal(value).scaleb(DIGITS - digits_of(currency)), currency)).scaleb(
            -DIGITS
        )
    return value


def shares(values: list[Any]) -> list[tuple[Decimal | None, Decimal | None]]:
    """Work out what part of the whole each figure is.

    Args:
        values: Figures of all groups, the hidden ones too.

    Returns:
        For each the exact share and the one shown, in hundredths of a percent by largest remainder, so that
        those shown add up to one; None where the whole is nothing.
    """
    known = [Decimal(one) if one is not None else Decimal(0) for one in values]
    whole = sum(known, Decimal(0))
    if not whole:
        return [(None, None) for _ in values]
    with localcontext() as context:
        context.prec = _PRECISION
        parts = [one / whole for one in known]
        units = 10**DIGITS
        if min(parts) < 0:
            # Refunds beside sales: nothing to hand out, so each is rounded by itself.
            rounded = [part.quantize(Decimal(1).scaleb(-DIGITS)) for part in parts]
            return list(zip(parts, rounded, strict=True))
        floors = [int(part * units) for part in parts]
        by_rest = sorted(range(len(parts)), key=lambda at: floors[at] - parts[at] * units)
        for at in by_rest[: units - sum(floors)]:
            floors[at] += 1
        return [(part, Decimal(floor).scaleb(-DIGITS)) for part, floor in zip(parts, floors, strict=True)]
