"""Conditions of promotions, from definitions to demands and windows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orderkit._expr.compiler import compile_expression
from orderkit._expr.types import BOOLEAN
from orderkit._pricing.amounts import ABOVE_ZERO
from orderkit._pricing.demands import (
    AllOf,
    Among,
    AnyOf,
    Contains,
    Distinct,
    ForCustomers,
    Holds,
    InWindow,
    Spend,
    Units,
    Window,
)
from orderkit.domain.price import MissReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Type
    from orderkit._pricing.amounts import MoneyReader
    from orderkit._pricing.definition import DemandDefinition, GoodsDefinition, PromotionDefinition
    from orderkit._pricing.demands import Demand
    from orderkit._pricing.sets import CustomerSets, GoodsSets
    from orderkit._text.definition import Placed

_HOURS: Final = re.compile(r"\s*(\d{1,2}):([0-5]\d)\s*\.\.\s*(\d{1,2}):([0-5]\d)\s*").fullmatch
_DAY: Final = 24 * 60
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_of(text: str) -> tuple[int, int] | None:
    """Read hours of a day.

    Args:
        text: Such as `10:00 .. 12:00`; the end is exclusive and may be 24:00.

    Returns:
        Minutes of the day from, to; None where it is no such period.
    """
    ends = _HOURS(text)
    if ends is None:
        return None
    begin, end = int(ends[1]) * 60 + int(ends[2]), int(ends[3]) * 60 + int(ends[4])
    return (begin, end) if begin < end <= _DAY else None


class Demands:
    """Compiles what promotions ask of a cart.

    Args:
        money: Reads amounts.
        goods: Compiles sets of goods.
        customers: Compiles sets of customers.
        scope: Names that `if:` may use, with their types.
        zone: The project's zone.
        found: Takes the mistakes.
    """

    __slots__ = ("_customers", "_found", "_goods", "_money", "_scope", "_zone")

    def __init__(
        self,
        money: MoneyReader,
        goods: GoodsSets,
        customers: CustomerSets,
        scope: Mapping[str, Type],
        zone: ZoneInfo,
        found: Collector,
    ) -> None:
        """Take what every promotion needs."""
        self._money = money
        self._goods = goods
        self._customers = customers
        self._scope = scope
        self._zone = zone
        self._found = found

    def of(self, promotion: PromotionDefinition) -> Demand | None:
        """Compile what a promotion asks beside its threshold.

        Args:
            promotion: As written.

        Returns:
            The demand, or None where it asks for nothing.
        """
        wanted = [*self._distinct(promotion.distinct), *self._contains(promotion)]
        if promotion.when is not None:
            wanted.append(self._tree(promotion.when))
        return _joined(wanted)

    def window(self, one: PromotionDefinition | DemandDefinition) -> Window | None:
        """Compile days and hours.

        Args:
            one: What names them.

        Returns:
            The window, or None where every day and hour fits; hours with a mistake are left out.
        """
        hours = tuple(each for written in one.hours if (each := self._hours(written)) is not None)
        days = frozenset(_WEEK.index(day) for day in one.weekdays)
        return Window(days, hours) if hours or days else None

    def _hours(self, written: Placed[str]) -> tuple[int, int] | None:
        read = hours_of(written.value)
        if read is None:
            self._found.add("OK666", written.span, value=written.value)
        return read

    def _distinct(self, written: Placed[int] | None) -> Iterable[Demand]:
        if written is None:
            return
        if written.value < 1:
            self._found.add("OK720", written.span, value=written.value, related=(), **ABOVE_ZERO)
            return
        yield Distinct(written.value, written.span)

    def _contains(self, one: PromotionDefinition | DemandDefinition) -> Iterable[Demand]:
        goods: GoodsDefinition
        for goods in one.contains:
            yield Contains(self._goods.compile(goods), 1, goods.span)

    def _tree(self, one: DemandDefinition) -> Demand:
        wanted: list[Demand] = [*self._distinct(one.distinct), *self._contains(one)]
        if one.spend is not None:
            amounts = self._money.amounts(one.spend)
            wanted += [] if amounts is None else [Spend(amounts, one.key_span("spend"))]
        if one.units is not None:
            wanted.append(Units(one.units.value, one.key_span("units")))
        if one.customers is not None:
            wanted.append(ForCustomers(self._customers.compile(one.customers), one.key_span("customers")))
        if one.channel is not None:
            wanted.append(Among(MissReason.CHANNEL, frozenset(one.channel), one.key_span("channel")))
        if one.payment is not None:
            wanted.append(Among(MissReason.PAYMENT, frozenset(one.payment), one.key_span("payment")))
        window = self.window(one)
        if window is not None:
            wanted.append(InWindow(window, one.span))
        if one.if_ is not None:
            condition = compile_expression(
                one.if_, self._scope, self._found, expects=BOOLEAN, now_zone=self._zone
            )
            wanted += [] if condition is None else [Holds(condition)]
        wanted += [self._tree(each) for each in one.all_]
        if one.any_:
            wanted.append(AnyOf(tuple(self._tree(each) for each in one.any_)))
        return _joined(wanted) or AllOf(())


def _joined(wanted: list[Demand]) -> Demand | None:
    if not wanted:
        return None
    return wanted[0] if len(wanted) == 1 else AllOf(tuple(wanted))
