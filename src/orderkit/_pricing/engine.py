"""Prices a cart: stages in order, inside each the best choice, every change a row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from orderkit._pricing.apportion import share_out
from orderkit._pricing.conditions import fold_code, miss, refuse
from orderkit._pricing.offers import Bench, Offer, Share, Shortfall
from orderkit._pricing.program import (
    Cart,
    CartLine,
    FreeShipping,
    PricingProgram,
    Promotion,
    Stage,
    WorksOn,
)
from orderkit._pricing.search import Contender, choose
from orderkit.domain.money import Money, divide, to_decimal, to_minor
from orderkit.domain.price import Adjustment, Missed, MissReason, Price, PricedLine

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Cart", "CartLine", "PricingProgram", "fold_code", "price_cart"]

_FINER: Final = 4
"""Digits beyond the currency's own in which an exact share is shown."""


def price_cart(program: PricingProgram, cart: Cart, limits: Mapping[str, int] | None = None) -> Price:
    """Price a cart and keep the reason of every amount.

    Args:
        program: The project's pricing.
        cart: The cart.
        limits: Uses left per promotion for this customer, as the store counts them; a promotion that is
            not named has no limit.

    Returns:
        The price.
    """
    return _Pricing(program, cart, limits or {}).run()


class _Pricing:
    """The amounts of one cart while the stages go over them."""

    __slots__ = (
        "applied",
        "cart",
        "explored",
        "fee",
        "limits",
        "lists",
        "missed",
        "nets",
        "program",
        "proven",
        "rows",
    )

    def __init__(self, program: PricingProgram, cart: Cart, limits: Mapping[str, int]) -> None:
        self.program = program
        self.cart = cart
        self.limits = limits
        self.lists = [
            to_minor(Fraction(line.price) * line.quantity, cart.currency, program.rounding)
            for line in cart.lines
        ]
        self.nets = list(self.lists)
        self.fee = self._first_fee()
        self.rows: list[Adjustment] = []
        self.missed: list[Missed] = []
        self.applied: list[str] = []
        self.explored = 0
        self.proven = True

    def _first_fee(self) -> int:
        if self.cart.shipping is not None:
            return self.cart.shipping
        return self.program.fee.get(self.cart.currency, 0) if self.cart.lines else 0

    def run(self) -> Price:
        for stage in self.program.stages:
            if stage.promotions:
                self._stage(stage)
        self._strange_codes()
        self._strange_fee()
        return self._price()

    def _stage(self, stage: Stage) -> None:
        env: dict[str, Any] = {}

        def environment() -> Mapping[str, Any]:
            if not env:
                env.update(self._environment())
            return env

        allowed: list[Promotion] = []
        for promotion in stage.promotions:
            refused = refuse(promotion, self.program, self.cart, self.limits, environment)
            if refused is None:
                allowed.append(promotion)
            else:
                self.missed.append(refused)
        beside = [one for one in allowed if _beside(one)]
        rivals = [one for one in allowed if not _beside(one)]
        if stage.works_on is WorksOn.FEE:
            for promotion in beside:
                self._alone(stage, promotion)
            self._best_for_fee(stage, rivals)
            return
        self._best_for_goods(stage, rivals)
        for promotion in beside:
            self._alone(stage, promotion)

    def _bench(self, stage: Stage) -> Bench:
        return Bench(self.cart, stage.works_on, self.lists, list(self.nets), self.fee, self.program.rounding)

    def _best_for_goods(self, stage: Stage, rivals: list[Promotion]) -> None:
        bench = self._bench(stage)
        contenders: list[Contender] = []
        for promotion in rivals:
            scope = bench.scope(promotion)
            self.explored += 1
            if self._worthwhile(promotion, bench.judge(promotion, scope)) is not None:
                contenders.append(Contender(promotion, scope))
        choice = choose(bench, contenders, stage.works_on)
        self.explored += choice.explored
        self.proven = self.proven and choice.proven
        for promotion, offer in choice.picks:
            self._apply(stage, promotion, offer)
        for promotion, winners in choice.rivals:
            self._lost(promotion, winners)

    def _best_for_fee(self, stage: Stage, rivals: list[Promotion]) -> None:
        bench = self._bench(stage)
        ranked = []
        for promotion in rivals:
            offer = self._worthwhile(promotion, bench.judge(promotion, bench.scope(promotion)))
            self.explored += 1
            if offer is not None:
                end = Contender(promotion, frozenset()).end
                ranked.append((-offer.saving, end, promotion.place, promotion, offer))
        if not ranked:
            return
        *_, winner, won = min(ranked, key=lambda each: each[:3])
        self._apply(stage, winner, won)
        for *_, promotion, _offer in ranked:
            if promotion is not winner:
                self._lost(promotion, (winner,))

    def _alone(self, stage: Stage, promotion: Promotion) -> None:
        bench = self._bench(stage)
        offer = bench.judge(promotion, bench.scope(promotion))
        self.explored += 1
        if isinstance(offer, Offer) and isinstance(offer.tier.benefit, FreeShipping):
            # Free shipping is recorded also where there was no fee: it is a fact, not a discount.
            self._apply(stage, promotion, offer)
            return
        worth = self._worthwhile(promotion, offer)
        if worth is not None:
            self._apply(stage, promotion, worth)

    def _worthwhile(self, promotion: Promotion, offer: Offer | Shortfall) -> Offer | None:
        if isinstance(offer, Shortfall):
            self.missed.append(self._short(promotion, offer, offer.reason))
            return None
        if offer.saving == 0:
            self.missed.append(miss(promotion, MissReason.NO_EFFECT, promotion.span))
            return None
        return offer

    def _short(self, promotion: Promotion, lacking: Shortfall, reason: MissReason) -> Missed:
        short_by: Money | int | None = None
        if lacking.reason is MissReason.SPEND:
            short_by = self._money(lacking.short_by)
        elif lacking.reason is MissReason.UNITS:
            short_by = lacking.short_by
        return miss(promotion, reason, lacking.span, short_by)

    def _lost(self, promotion: Promotion, winners: tuple[Promotion, ...]) -> None:
        names = ", ".join(one.label or one.name for one in winners)
        self.missed.append(miss(promotion, MissReason.BETTER, promotion.span, winners=names))

    def _apply(self, stage: Stage, promotion: Promotion, offer: Offer) -> None:
        ids = [self._line_id(share.place) or "" for share in offer.shares]
        by_id = sorted(range(len(ids)), key=ids.__getitem__)
        parts: dict[int, list[int]] = dict(
            zip(
                by_id,
                share_out([offer.shares[index].amount for index in by_id], promotion.paid_by),
                strict=True,
            )
        )
        for index, share in enumerate(offer.shares):
            if share.place is None:
                self.fee -= share.amount
            else:
                self.nets[share.place] -= share.amount
            self.rows.append(
                Adjustment(
                    promotion=promotion.name,
                    span=offer.tier.span,
                    stage=stage.name,
                    line=self._line_id(share.place),
                    base=self._money(share.base),
                    rate=getattr(offer.tier.benefit, "rate", None),
                    amount=self._money(-share.amount),
                    paid_by=tuple(
                        (payer, self._money(-part))
                        for (payer, _), part in zip(promotion.paid_by, parts[index], strict=True)
                    ),
                    label=promotion.label,
                    note=share.note,
                    exact=self._unrounded(share),
                )
            )
        if promotion.name:
            self.applied.append(promotion.name)
        if offer.beyond is not None:
            self.missed.append(self._short(promotion, offer.beyond, MissReason.NEXT_TIER))

    def _line_id(self, place: int | None) -> str | None:
        return None if place is None else self.cart.lines[place].id

    def _unrounded(self, share: Share) -> Decimal | None:
        top, under = share.exact
        if top == share.amount * under:
            return None
        return to_decimal(divide(-top * 10**_FINER, under), self.cart.currency).scaleb(-_FINER)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.cart.currency)

    def _environment(self) -> dict[str, Any]:
        """Give the values of `if:` with the amounts as the stages so far left them."""
        currency = self.cart.currency
        given = self.cart.env.get("order")
        order: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
        subtotal, net = sum(self.lists), sum(self.nets)
        order |= {
            "subtotal": to_decimal(subtotal, currency),
            "discount": to_decimal(subtotal - net, currency),
            "shipping": to_decimal(self.fee, currency),
            "tax": to_decimal(0, currency),
            "total": to_decimal(net + self.fee, currency),
        }
        lines = order.get("lines") or [_as_record(line) for line in self.cart.lines]
        order["lines"] = [
            {
                **line,
                "list": to_decimal(listed, currency),
                "discount": to_decimal(listed - left, currency),
                "net": to_decimal(left, currency),
            }
            for line, listed, left in zip(lines, self.lists, self.nets, strict=True)
        ]
        return {"now": self.cart.at, "customer": self.cart.customer, **self.cart.env, "order": order}

    def _strange_codes(self) -> None:
        known = {one.code for one in self.program.promotions}
        told: set[str] = set()
        for code in self.cart.coupons:
            folded = fold_code(code)
            if folded not in known and folded not in told:
                told.add(folded)
                self.missed.append(Missed("", code, MissReason.UNKNOWN_CODE, params={"code": code}))

    def _strange_fee(self) -> None:
        fee, currency = self.program.fee, self.cart.currency
        if fee and currency not in fee and self.cart.shipping is None and self.cart.lines:
            params = {"currency": currency}
            self.missed.append(
                Missed("", "shipping.fee", MissReason.CURRENCY, None, self.program.fee_span, params)
            )

    def _price(self) -> Price:
        subtotal, net = sum(self.lists), sum(self.nets)
        return Price(
            currency=self.cart.currency,
            at=self.cart.at,
            lines=tuple(
                PricedLine(
                    id=line.id,
                    sku=line.sku,
                    name=line.name,
                    quantity=line.quantity,
                    list=self._money(listed),
                    discount=self._money(listed - left),
                    net=self._money(left),
                    price=line.price,
                )
                for line, listed, left in zip(self.cart.lines, self.lists, self.nets, strict=True)
            ),
            adjustments=tuple(self.rows),
            missed=tuple(self.missed),
            gifts=(),
            subtotal=self._money(subtotal),
            discount=self._money(subtotal - net),
            shipping=self._money(self.fee),
            tax=self._money(0),
            total=self._money(net + self.fee),
            proven=self.proven,
            explored=self.explored,
            promotions=tuple(self.applied),
            shipping_span=self.program.fee_span,
        )


def _beside(promotion: Promotion) -> bool:
    return promotion.together or all(isinstance(tier.benefit, FreeShipping) for tier in promotion.tiers)


def _as_record(line: CartLine) -> dict[str, Any]:
    return {
        **line.attributes,
        "sku": line.sku,
        "name": line.name,
        "category": line.category,
        "quantity": line.quantity,
        "price": line.price,
    }
