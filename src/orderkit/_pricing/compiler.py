"""From the definitions of `pricing:` and `promotions:` to a program, with every cross-check at its place."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING, Final

from orderkit._expr.compiler import compile_expression
from orderkit._expr.types import BOOLEAN
from orderkit._pricing.amounts import ABOVE_ZERO, MoneyReader
from orderkit._pricing.apportion import Split
from orderkit._pricing.benefit import Amounts, Buy, FreeShipping, Groups, Pick, Tier, Times
from orderkit._pricing.benefit_reader import Benefits, currencies_of
from orderkit._pricing.conditions import fold_code
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._pricing.demand_reader import Demands
from orderkit._pricing.program import (
    SHOP,
    Basis,
    BestFor,
    Codes,
    Limit,
    OnRefund,
    PointsPay,
    PricingProgram,
    Promotion,
    Stage,
    Tax,
    WorksOn,
)
from orderkit._pricing.sets import CustomerSets, GoodsSets, unknown_name
from orderkit._text.nodes import MapNode, ScalarNode
from orderkit._text.values import Mistake, amount_of, name_of, percent_of
from orderkit.domain.calendar import parse_period
from orderkit.domain.money import Rounding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from orderkit._diagnostics import Collector
    from orderkit._expr.compiler import Program
    from orderkit._expr.types import Type
    from orderkit._text.table import Table
    from orderkit.domain.calendar import Period

SHIPPING: Final = "shipping"
COUPON: Final = "coupon"
POINTS: Final = "points"
FREE_OVER: Final = "shipping.free_over"
_USUAL: Final = ("price", "item", "shop", COUPON, "platform", POINTS, SHIPPING)
_UNITS: Final = frozenset({"price", "item"})
_KEYS: Final = (
    "active",
    "buy",
    "channel",
    "code",
    "codes",
    "customers",
    "goods",
    "hours",
    "limit",
    "payment",
)


def compile_pricing(
    pricing: PricingDefinition | None,
    promotions: Mapping[str, PromotionDefinition],
    *,
    currency: str,
    zone: ZoneInfo,
    scope: Mapping[str, Type],
    customer_fields: Mapping[str, Type],
    found: Collector,
    files: Mapping[str, Table] | None = None,
) -> PricingProgram:
    """Compile the pricing of a project.

    A promotion with a mistake is left out of the program; the mistake itself keeps the project from loading.

    Args:
        pricing: The section `pricing`, or None where the project has none.
        promotions: The promotions by name, in file order.
        currency: The project's currency, which bare numbers mean.
        zone: The project's zone, in which `active` is read.
        scope: Names that `if:` may use, with their types.
        customer_fields: Fields of a customer, with their types.
        found: Takes the findings.
        files: Price files as read, by name.

    Returns:
        The program.
    """
    section = pricing if pricing is not None else PricingDefinition.model_construct()
    return _Compilation(section, currency, zone, scope, customer_fields, found, files or {}).run(promotions)


@dataclass(frozen=True, slots=True)
class _Site:
    """A stage before its promotions are known."""

    name: str
    works_on: WorksOn


class _Compilation:
    __slots__ = (
        "basis", "benefits", "customers", "demands", "found", "goods", "money", "periods", "scope", "section",
        "sites", "thresholds", "zone",
    )  # fmt: skip

    def __init__(
        self,
        section: PricingDefinition,
        currency: str,
        zone: ZoneInfo,
        scope: Mapping[str, Type],
        customer_fields: Mapping[str, Type],
        found: Collector,
        files: Mapping[str, Table],
    ) -> None:
        self.section = section
        self.zone = zone
        self.scope = scope
        self.found = found
        self.money = MoneyReader(currency, found)
        self.benefits = Benefits(self.money, files, found)
        self.goods = GoodsSets(section.goods, currency, found)
        self.customers = CustomerSets(section.customers, customer_fields, found)
        self.demands = Demands(self.money, self.goods, self.customers, scope, zone, found)
        self.sites = self._sites()
        self.thresholds, self.basis = Basis(section.thresholds), Basis(section.base)
        self.periods: dict[str, Period | None] = {}
        """By what is written, because the promotions of one campaign run at the same time."""

    def run(self, promotions: Mapping[str, PromotionDefinition]) -> PricingProgram:
        self.goods.check_all()
        self.customers.check_all()
        made: list[Promotion] = []
        for place, (name, definition) in enumerate(promotions.items()):
            promotion = self._promotion(name, place, definition)
            if promotion is not None:
                made.append(promotion)
        fee: Amounts | None = None
        shipping = self.section.shipping
        if shipping is not None:
            if shipping.fee is not None:
                fee = self.money.amounts(shipping.fee, zero=True)
            free = self._free_over(len(promotions))
            made += [] if free is None else [free]
        return PricingProgram(
            currency=self.money.currency,
            stages=tuple(
                Stage(site.name, site.works_on, tuple(one for one in made if one.stage == site.name))
                for site in self.sites.values()
            ),
            fee=fee or {},
            fee_span=None if shipping is None or shipping.fee is None else shipping.value_span("fee"),
            rounding=Rounding(self.section.rounding),
            split=Split(self.section.split),
            tax=self._tax(),
            points=self._points(),
            floor=None if self.section.floor is None else self.section.floor.text,
            best_for=BestFor(self.section.best_for or "customer"),
        )

    def _sites(self) -> dict[str, _Site]:
        sites: dict[str, _Site] = {}
        if self.section.stages is None:
            return {name: _Site(name, _usual_work(name)) for name in _USUAL}
        for one in self.section.stages:
            name = one.name.text
            if name in sites:
                self.found.add("OK718", one.name.span, name=name)
            works_on = _usual_work(name) if one.works_on is None else WorksOn(one.works_on)
            sites[name] = _Site(name, works_on)
        shipping = self.section.shipping
        if shipping is not None and shipping.free_over is not None:
            sites.setdefault(SHIPPING, _Site(SHIPPING, WorksOn.FEE))
        if self.section.points is not None:
            sites.setdefault(POINTS, _Site(POINTS, WorksOn.LINES))
        return sites

    def _tax(self) -> Tax | None:
        tax = self.section.tax
        if tax is None:
            return None
        rates = []
        for name, rate in tax.rates.items():
            goods = self.goods.named(name)
            if goods is not None:
                rates.append((goods, rate))
        return Tax(tax.included, tax.rate, tuple(rates), tax.shipping, tax.round == "rate", tax.span)

    def _points(self) -> PointsPay | None:
        points = self.section.points
        if points is None:
            return None
        worth = self.money.prices(points.worth)
        if worth is None:
            return None
        share: Decimal | None = None
        most: Amounts | None = None
        node = points.at_most
        try:
            if isinstance(node, ScalarNode) and node.text.strip().endswith("%"):
                share = percent_of(node)
            elif node is not None:
                most = self.money.amounts(amount_of(node))
        except Mistake as mistake:
            span = mistake.span if mistake.span.file else points.value_span("at_most")
            self.found.add(mistake.code, span, suggestion=mistake.suggestion, **mistake.params)
        return PointsPay(worth, share, most, points.span)

    def _free_over(self, place: int) -> Promotion | None:
        shipping = self.section.shipping
        if shipping is None or shipping.free_over is None:
            return None
        spend = self.money.amounts(shipping.free_over, zero=True)
        if spend is None:
            return None
        span = shipping.key_span("free_over")
        tiers = (Tier(FreeShipping(), span, spend),)
        thresholds = Basis(self.section.thresholds)
        return Promotion("", FREE_OVER, SHIPPING, span, tiers, place, thresholds=thresholds)

    def _promotion(self, name: str, place: int, definition: PromotionDefinition) -> Promotion | None:
        stage = definition.stage
        site = self.sites.get(stage.text)
        if site is None:
            unknown_name(stage.text, stage.span, self.sites, ("stage", "阶段"), self.found)
        tiers = self.benefits.tiers(definition, WorksOn.LINES if site is None else site.works_on)
        common = currencies_of(tiers)
        if tiers and common is not None and not common:
            self.found.add("OK722", definition.span)
        if stage.text == COUPON and definition.code is None and definition.codes is None:
            self.found.add("OK709", definition.key_span("stage"))
        goods, customers, codes = definition.goods, definition.customers, definition.codes
        made = Promotion(
            name=name,
            label=definition.name or name,
            stage=stage.text,
            span=definition.span,
            tiers=tiers,
            place=place,
            active=self._period(definition),
            window=self.demands.window(definition),
            payments=None if definition.payment is None else frozenset(definition.payment),
            channels=None if definition.channel is None else frozenset(definition.channel),
            goods=None if goods is None else self.goods.compile(goods),
            customers=None if customers is None else self.customers.compile(customers),
            code=None if definition.code is None else fold_code(definition.code.value),
            codes=None if codes is None else Codes(codes.prefix, codes.count.value, codes.length.value),
            condition=self._condition(definition),
            demand=self.demands.of(definition),
            groups=self._groups(definition),
            buy=self._buy(definition),
            times=None
            if definition.times is None
            else Times(definition.times.per_order, definition.times.per_line),
            limit=self._limit(definition),
            paid_by=self._payers(definition),
            thresholds=self.thresholds if definition.thresholds is None else Basis(definition.thresholds),
            basis=self.basis if definition.base is None else Basis(definition.base),
            together=definition.together is not None,
            exclusive=definition.exclusive,
            priority=definition.priority,
            not_with=frozenset(ref.text for ref in definition.not_with),
            with_shipping=definition.with_shipping,
            gross=definition.amounts == "gross",
            on_refund=self._on_refund(definition),
            spans={key: definition.key_span(key) for key in _KEYS},
        )
        return made if tiers and site is not None else None

    def _groups(self, definition: PromotionDefinition) -> Groups | None:
        if definition.every_units is None or definition.every_units.value < 1:
            return None
        get = 1 if definition.get is None else definition.get.value
        return Groups(definition.every_units.value, get, Pick(definition.pick or "last"))

    def _buy(self, definition: PromotionDefinition) -> Buy | None:
        buy = definition.buy
        if buy is None:
            return None
        get = None if definition.get is None else definition.get.value
        return Buy(self.goods.compile(buy.goods), buy.units, get, Pick(definition.pick or "last"))

    def _condition(self, definition: PromotionDefinition) -> Program | None:
        if definition.if_ is None:
            return None
        return compile_expression(definition.if_, self.scope, self.found, expects=BOOLEAN, now_zone=self.zone)

    def _period(self, definition: PromotionDefinition) -> Period | None:
        if definition.active is None:
            return None
        text, span = definition.active.value, definition.active.span
        if text not in self.periods:
            self.periods[text] = parse_period(text, self.zone)
        period = self.periods[text]
        if period is None:
            self.found.add("OK708", span, value=text)
        elif period.start is not None and period.end is not None and period.end <= period.start:
            self.found.add("OK707", span, value=text)
        return period

    def _limit(self, definition: PromotionDefinition) -> Limit:
        if definition.limit is None:
            return Limit()
        counts: dict[str, int | None] = {}
        for key in ("per_customer", "total", "units", "units_per_customer"):
            written = getattr(definition.limit, key)
            counts[key] = None if written is None else written.value
            if written is not None and written.value < 1:
                self.found.add("OK720", written.span, value=written.value, related=(), **ABOVE_ZERO)
        budget = definition.limit.budget
        return Limit(
            counts["per_customer"],
            counts["total"],
            counts["units"],
            counts["units_per_customer"],
            None if budget is None else self.money.amounts(budget),
            definition.beyond_limit == "refuse",
        )

    def _on_refund(self, definition: PromotionDefinition) -> OnRefund | None:
        written = definition.on_refund
        if written is None:
            return None
        return OnRefund(
            definition.key_span("on_refund"),
            written.threshold or "keep",
            written.gift or "keep",
            None if written.value is None else self.money.amounts(written.value),
            written.coupon or "lost",
            written.shipping or "keep",
        )

    def _payers(self, definition: PromotionDefinition) -> tuple[tuple[str, int], ...]:
        node = definition.paid_by
        if node is None:
            return ((SHOP, 1),)
        try:
            if isinstance(node, ScalarNode):
                return ((name_of(node), 1),)
            if isinstance(node, MapNode):
                shares = [(name_of(key), percent_of(value)) for key, value in node.entries]
                if sum(share for _, share in shares) == 1 and all(share > 0 for _, share in shares):
                    scale = lcm(*(share.as_integer_ratio()[1] for _, share in shares))
                    return tuple((name, int(share * scale)) for name, share in shares)
        except Mistake as mistake:
            self.found.add(mistake.code, mistake.span, suggestion=mistake.suggestion, **mistake.params)
            return ((SHOP, 1),)
        self.found.add("OK724", definition.value_span("paid_by"))
        return ((SHOP, 1),)


def _usual_work(name: str) -> WorksOn:
    if name == SHIPPING:
        return WorksOn.FEE
    return WorksOn.UNITS if name in _UNITS else WorksOn.LINES
