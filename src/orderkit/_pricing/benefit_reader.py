"""What a promotion gives, from definitions to tiers: one benefit each, thresholds in order."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from orderkit._diagnostics import Related
from orderkit._pricing.amounts import ABOVE_ZERO
from orderkit._pricing.benefit import (
    Benefit,
    FreeShipping,
    GiveAlong,
    GivePoints,
    Minus,
    Per,
    PercentOff,
    SetPrice,
    Tier,
    UnitPrices,
)
from orderkit._pricing.definition import PromotionDefinition, TierDefinition
from orderkit._pricing.program import WorksOn
from orderkit._text.nodes import ScalarNode
from orderkit._text.values import Mistake, number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._pricing.amounts import MoneyReader
    from orderkit._pricing.benefit import Amounts
    from orderkit._text.table import Table

_Giving: TypeAlias = PromotionDefinition | TierDefinition

_BENEFITS: Final = (
    "minus",
    "percent_off",
    "zhe",
    "price",
    "price_file",
    "bundle",
    "any_",
    "free",
    "gift",
    "points",
    "tiers",
)
_BESIDE_TIERS: Final = ("spend", "units", "every_spend", "per")
_WHOLE: Final = 10
"""10折 is the whole price."""


class Benefits:
    """Compiles what promotions give.

    Args:
        money: Reads amounts.
        files: Price files as read, by name.
        found: Takes the mistakes.
    """

    __slots__ = ("_files", "_found", "_money")

    def __init__(self, money: MoneyReader, files: Mapping[str, Table], found: Collector) -> None:
        """Take what every promotion needs."""
        self._money = money
        self._files = files
        self._found = found

    def tiers(self, definition: PromotionDefinition, works_on: WorksOn) -> tuple[Tier, ...]:
        """Compile the steps of a promotion.

        Args:
            definition: The promotion.
            works_on: What its stage hands out.

        Returns:
            The steps, lowest first; empty where a mistake leaves none.
        """
        written = [key for key in _BENEFITS if getattr(definition, key)]
        if len(written) != 1:
            self._not_one(definition, written)
            return ()
        if definition.tiers:
            return self._steps(definition, definition.tiers, works_on)
        tier = self._tier(definition, definition.at_most is not None)
        if tier is None or not self._fits_stage(definition, written[0], (tier,), works_on):
            return ()
        return (tier,)

    def _not_one(self, definition: _Giving, written: list[str]) -> None:
        if not written:
            self._found.add("OK701", definition.span)
        else:
            keys = [key.rstrip("_") for key in written]
            first, second = sorted(keys, key=definition.key_span)[:2]
            self._found.add("OK702", definition.key_span(second), first=first, second=second)

    def _steps(
        self, definition: PromotionDefinition, written: tuple[TierDefinition, ...], works_on: WorksOn
    ) -> tuple[Tier, ...]:
        for key in _BESIDE_TIERS:
            if getattr(definition, key) is not None:
                self._found.add("OK711", definition.key_span(key), name=key)
                return ()
        cap = None if definition.at_most is None else self._money.amounts(definition.at_most)
        made: list[Tier] = []
        for one in written:
            given = [key for key in _keys(type(one)) if getattr(one, key)]
            if len(given) != 1:
                self._not_one(one, given)
                continue
            tier = self._tier(one, one.at_most is not None or cap is not None, cap)
            if tier is not None:
                made.append(tier)
        if len(made) < len(written) or not self._comparable(definition, made):
            return ()
        made.sort(key=self._threshold)
        self._lint(made)
        return tuple(made) if self._fits_stage(definition, "tiers", tuple(made), works_on) else ()

    def _tier(self, definition: _Giving, capped: bool, cap: Amounts | None = None) -> Tier | None:  # noqa: FBT001 - a fact about the text, passed once
        spend = None if definition.spend is None else self._money.amounts(definition.spend)
        if definition.spend is not None and spend is None:
            return None
        units = definition.units
        if units is not None and units.value < 1:
            self._found.add("OK720", units.span, value=units.value, related=(), **ABOVE_ZERO)
            return None
        if definition.at_most is not None:
            cap = self._money.amounts(definition.at_most)
            if cap is None:
                return None
        benefit = self._benefit(definition, capped, cap)
        if benefit is None:
            return None
        return Tier(benefit, definition.span, spend, None if units is None else units.value)

    def _benefit(self, definition: _Giving, capped: bool, cap: Amounts | None) -> Benefit | None:  # noqa: FBT001 - the same
        every = definition.every_spend if isinstance(definition, PromotionDefinition) else None
        if every is not None and definition.minus is None:
            self._found.add("OK712", definition.key_span("every_spend"))
            return None
        if definition.percent_off is not None or definition.zhe is not None:
            rate = self._rate(definition)
            return None if rate is None else PercentOff(rate, cap)
        if definition.minus is not None:
            return self._minus(definition, cap, capped=capped)
        if capped:
            self._found.add("OK721", definition.key_span("at_most"))
        if definition.gift is not None:
            gift = definition.gift
            return GiveAlong(gift.sku.text, gift.units, None if gift.else_ is None else gift.else_.text)
        if definition.points is not None:
            return self._points(definition)
        if definition.free is not None:
            return FreeShipping()
        if isinstance(definition, TierDefinition):
            if definition.price is None:
                return None
            prices = self._money.prices(definition.price)
            return None if prices is None else UnitPrices({}, prices)
        if definition.price is not None:
            return self._listed({sku: self._money.prices(price) for sku, price in definition.price.items()})
        return self._set(definition) if definition.price_file is None else self._filed(definition)

    def _minus(
        self,
        definition: _Giving,
        cap: Amounts | None,
        *,
        capped: bool,
    ) -> Minus | None:
        per = Per(getattr(definition, "per", None) or "scope")
        every = getattr(definition, "every_spend", None)
        if capped and every is None and per is Per.SCOPE:
            self._found.add("OK721", definition.key_span("at_most"))
        amounts = None if definition.minus is None else self._money.amounts(definition.minus)
        step = None if every is None else self._money.amounts(every)
        if amounts is None or (every is not None and step is None):
            return None
        return Minus(amounts, step, cap, per)

    def _points(self, definition: _Giving) -> GivePoints | None:
        points = definition.points
        if points is None:
            return None
        if points.value < 1:
            self._found.add("OK720", points.span, value=points.value, related=(), **ABOVE_ZERO)
            return None
        return GivePoints(points.value)

    def _listed(self, prices: Mapping[str, Mapping[str, Decimal] | None]) -> UnitPrices | None:
        good = {sku: price for sku, price in prices.items() if price is not None}
        return UnitPrices(good) if len(good) == len(prices) else None

    def _filed(self, definition: PromotionDefinition) -> UnitPrices | None:
        """Read a file of prices: columns sku and price, one row for each."""
        file = None if definition.price_file is None else self._files.get(definition.price_file.value)
        if file is None:
            return None
        for column in ("sku", "price"):
            if column not in file.header:
                self._found.add("OK887", file.head, name=column, known=", ".join(file.header))
                return None
        prices: dict[str, Mapping[str, Decimal]] = {}
        for row in file.rows:
            place = file.at(row, "price")
            try:
                price = number_of(ScalarNode(row.values.get("price", ""), place))
            except Mistake as mistake:
                self._found.add(mistake.code, place, suggestion=mistake.suggestion, **mistake.params)
                continue
            if price < 0:
                self._found.add("OK890", place, value=f"{price:f}")
                continue
            prices[row.values.get("sku", "")] = {self._money.currency: price}
        return UnitPrices(prices)

    def _set(self, definition: PromotionDefinition) -> SetPrice | None:
        price = None if definition.for_ is None else self._money.amounts(definition.for_, zero=True)
        if price is None:
            return None
        if definition.bundle:
            for sku, units in definition.bundle.items():
                if units < 1:
                    self._found.add(
                        "OK720",
                        definition.value_span("bundle"),
                        value=f"{sku}: {units}",
                        related=(),
                        **ABOVE_ZERO,
                    )
                    return None
            return SetPrice(price, tuple(definition.bundle.items()))
        size = definition.any_
        if size is None or size.value < 1:
            self._found.add(
                "OK720",
                definition.value_span("any"),
                value=getattr(size, "value", 0),
                related=(),
                **ABOVE_ZERO,
            )
            return None
        return SetPrice(price, size=size.value)

    def _rate(self, definition: _Giving) -> Decimal | None:
        if definition.zhe is not None:
            zhe = definition.zhe.value
            if 0 <= zhe < _WHOLE:
                return Decimal(1) - zhe / _WHOLE
            meant = f"{(zhe / _WHOLE).normalize():f}" if _WHOLE < zhe < _WHOLE**2 else ""
            self._found.add("OK703", definition.zhe.span, suggestion=meant, value=f"{zhe:f}")
            return None
        percent = definition.percent_off
        if percent is None or not 0 < percent.value <= 1:
            span = definition.value_span("percent_off")
            value = "" if percent is None else f"{(percent.value * 100).normalize():f}"
            self._found.add("OK704", span, value=value)
            return None
        return percent.value

    def _comparable(self, definition: PromotionDefinition, tiers: list[Tier]) -> bool:
        """Insist that all tiers count the same thing, so that one can be the next of another."""
        kinds = {(tier.spend is not None, tier.units is not None) for tier in tiers}
        if len(kinds) == 1 and kinds <= {(True, False), (False, True)}:
            currencies = {frozenset(tier.spend or ()) for tier in tiers}
            if len(currencies) == 1:
                return True
        self._found.add("OK715", definition.key_span("tiers"))
        return False

    def _threshold(self, tier: Tier) -> int:
        if tier.units is not None:
            return tier.units
        spend = tier.spend or {}
        if len(spend) == 1:
            return next(iter(spend.values()))
        return spend[min(spend, key=lambda code: (code != self._money.currency, code))]

    def _lint(self, tiers: list[Tier]) -> None:
        for below, tier in pairwise(tiers):
            if self._threshold(below) == self._threshold(tier):
                self._found.add("OK706", below.span, related=[Related(tier.span, "the other tier")])
            elif self._worth_less(tier.benefit, below.benefit):
                self._found.add("OK705", tier.span, related=[Related(below.span, "the tier below")])

    def _worth_less(self, benefit: Benefit, below: Benefit) -> bool:
        if isinstance(benefit, Minus) and isinstance(below, Minus):
            return any(
                amount < below.amounts[code]
                for code, amount in benefit.amounts.items()
                if code in below.amounts
            )
        if isinstance(benefit, PercentOff) and isinstance(below, PercentOff):
            return benefit.rate < below.rate
        return False

    def _fits_stage(
        self, definition: PromotionDefinition, key: str, tiers: tuple[Tier, ...], works_on: WorksOn
    ) -> bool:
        kinds = {type(tier.benefit) for tier in tiers}
        wrong_price = bool(kinds & {UnitPrices, SetPrice}) and works_on is not WorksOn.UNITS
        mixed = FreeShipping in kinds and len(kinds) > 1 and works_on is not WorksOn.FEE
        if wrong_price or mixed:
            self._found.add("OK713", definition.key_span(key), name=key, stage=definition.stage.text)
        return not (wrong_price or mixed)


@cache
def _keys(model: type[TierDefinition]) -> tuple[str, ...]:
    """List the keys of a step that say what it gives; those it does not have cost much to ask for."""
    return tuple(key for key in _BENEFITS if key in model.model_fields)


def currencies_of(tiers: tuple[Tier, ...]) -> frozenset[str] | None:
    """Find the currencies in which a promotion has all its amounts.

    Args:
        tiers: Its steps.

    Returns:
        The currencies; None where it names no money and so works in any.
    """
    named: list[Mapping[str, object]] = []
    for tier in tiers:
        benefit = tier.benefit
        named += [tier.spend] if tier.spend is not None else []
        if isinstance(benefit, Minus):
            named += [one for one in (benefit.amounts, benefit.every, benefit.at_most) if one is not None]
        elif isinstance(benefit, PercentOff) and benefit.at_most is not None:
            named.append(benefit.at_most)
        elif isinstance(benefit, SetPrice):
            named.append(benefit.price)
        elif isinstance(benefit, UnitPrices):
            every = benefit.by_sku.values() if benefit.everywhere is None else (benefit.everywhere,)
            named.append({code: None for prices in every for code in prices})
    if not named:
        return None
    common = frozenset(named[0])
    for one in named[1:]:
        common &= frozenset(one)
    return common
