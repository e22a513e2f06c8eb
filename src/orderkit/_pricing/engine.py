"""Prices a cart: stages in order, inside each the best choice, every change a row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from orderkit._pricing.benefit import FreeShipping, GiveAlong, GivePoints
from orderkit._pricing.cart import PLENTY, Cart, CartLine, Left
from orderkit._pricing.conditions import fold_code, miss, refuse
from orderkit._pricing.demands import Shortfall
from orderkit._pricing.ledger import Ledger, as_record
from orderkit._pricing.offers import Bench, Offer
from orderkit._pricing.program import BestFor, PricingProgram, Promotion, Stage, WorksOn
from orderkit._pricing.search import Contender, choose
from orderkit._pricing.slices import Slice
from orderkit.domain.money import Money, to_decimal, to_minor
from orderkit.domain.price import Missed, MissReason, Price

__all__ = ["PLENTY", "Cart", "CartLine", "Left", "PricingProgram", "fold_code", "price_cart"]

_POINTS = "points"


def price_cart(program: PricingProgram, cart: Cart, left: Left = PLENTY) -> Price:
    """Price a cart and keep the reason of every amount.

    Args:
        program: The project's pricing.
        cart: The cart.
        left: What is left of everything that is counted, as the store says.

    Returns:
        The price.
    """
    lone = _exclusive(program, cart, left)
    if lone is None:
        return _Pricing(program, cart, left).run()
    return _Pricing(program, cart, left, lone).run()


def _exclusive(program: PricingProgram, cart: Cart, left: Left) -> Promotion | None:
    """Find the promotion that applies alone: of several the larger priority, then the larger saving."""
    ranked = []
    for promotion in program.promotions:
        if promotion.exclusive:
            price = _Pricing(program, cart, left, promotion).run()
            saved = price.discount.minor + price.fee.minor - price.shipping.minor
            if promotion.name in price.uses:
                ranked.append((-promotion.priority, -saved, promotion.place, promotion))
    return min(ranked, key=lambda each: each[:3])[-1] if ranked else None


class _Pricing:
    """The amounts of one cart while the stages go over them."""

    __slots__ = (
        "book",
        "cart",
        "explored",
        "left",
        "lone",
        "missed",
        "program",
        "proven",
        "refused",
    )

    def __init__(
        self, program: PricingProgram, cart: Cart, left: Left, lone: Promotion | None = None
    ) -> None:
        self.program = program
        self.cart = cart
        self.left = left
        self.lone = lone
        self.book = Ledger(program, cart, self._first_slices(), self._first_fee())
        self.missed: list[Missed] = []
        self.refused: list[Missed] = []
        self.explored = 0
        self.proven = True

    def _first_slices(self) -> list[Slice]:
        currency, rounding = self.cart.currency, self.program.rounding
        slices = []
        for place, line in enumerate(self.cart.lines):
            listed = to_minor(Fraction(line.price) * line.quantity, currency, rounding)
            slices.append(Slice(place, line.quantity, listed, listed))
        return slices

    def _first_fee(self) -> int:
        if self.cart.shipping is not None:
            return self.cart.shipping
        return self.program.fee.get(self.cart.currency, 0) if self.cart.lines else 0

    def run(self) -> Price:
        for stage in self.program.stages:
            if stage.promotions:
                self._stage(stage)
            if stage.name == _POINTS and self.program.points is not None and self.lone is None:
                self.book.pay_with_points(stage, self.program.points)
        self._strange_codes()
        self._strange_fee()
        return self.book.price(
            missed=tuple(self.missed),
            refused=tuple(self.refused),
            codes=self._codes(),
            proven=self.proven,
            explored=self.explored,
        )

    def _stage(self, stage: Stage) -> None:
        env: dict[str, Any] = {}

        def environment() -> Mapping[str, Any]:
            if not env:
                env.update(self._environment())
            return env

        bench = self._bench(stage, environment)
        allowed: list[Promotion] = []
        for promotion in stage.promotions:
            if self.lone is not None and promotion is not self.lone:
                self._lost(promotion, (self.lone,), MissReason.EXCLUSIVE)
                continue
            refused = refuse(promotion, self.program, self.cart, self.left, environment)
            if refused is None:
                allowed.append(promotion)
            else:
                self.missed.append(refused)
        beside = [one for one in allowed if _beside(one)]
        rivals = [one for one in allowed if not _beside(one)]
        if stage.works_on is WorksOn.FEE:
            for promotion in beside:
                self._alone(stage, promotion, environment)
            self._best_for_fee(self._bench(stage, environment), rivals)
            return
        self._best_for_goods(bench, rivals)
        for promotion in beside:
            self._alone(stage, promotion, environment)

    def _bench(self, stage: Stage, env: Any) -> Bench:
        return Bench(self.program, self.cart, self.left, stage, self.book.slices, self.book.fee, env)

    def _best_for_goods(self, bench: Bench, rivals: list[Promotion]) -> None:
        contenders: list[Contender] = []
        for promotion in rivals:
            scope = bench.scope(promotion, self._hidden(bench.stage, promotion))
            self.explored += 1
            if self._worthwhile(promotion, bench.judge(promotion, bench.all)) is not None:
                contenders.append(Contender(promotion, scope))
        choice = choose(bench, contenders, bench.stage.works_on, self.program.best_for)
        self.explored += choice.explored
        self.proven = self.proven and choice.proven
        self._apply(bench.stage, choice.picks)
        for promotion, winners in choice.rivals:
            self._lost(promotion, winners, MissReason.BETTER)

    def _hidden(self, stage: Stage, promotion: Promotion) -> frozenset[int]:
        """Find the slices that promotions which priced them do not let this one see."""
        wanted = {stage.name, promotion.name}
        return frozenset(
            at
            for at, one in enumerate(self.book.slices)
            if any(wanted & self.book.shy.get(name, frozenset()) for name in one.by)
        )

    def _best_for_fee(self, bench: Bench, rivals: list[Promotion]) -> None:
        ranked = []
        sign = 1 if self.program.best_for is BestFor.SHOP else -1
        for promotion in rivals:
            bench.scope(promotion, self._hidden(bench.stage, promotion))
            offer = self._worthwhile(promotion, bench.judge(promotion, bench.all))
            self.explored += 1
            if offer is not None:
                end = Contender(promotion, frozenset()).end
                ranked.append((sign * offer.saving, end, promotion.place, promotion, offer))
        if not ranked:
            return
        *_, winner, won = min(ranked, key=lambda each: each[:3])
        self._apply(bench.stage, ((winner, won),))
        for *_, promotion, _offer in ranked:
            if promotion is not winner:
                self._lost(promotion, (winner,), MissReason.BETTER)

    def _alone(self, stage: Stage, promotion: Promotion, env: Any) -> None:
        bench = self._bench(stage, env)
        bench.scope(promotion, self._hidden(stage, promotion))
        offer = bench.judge(promotion, bench.all)
        self.explored += 1
        if isinstance(offer, Offer) and isinstance(offer.tier.benefit, FreeShipping):
            # Free shipping is recorded also where there was no fee: it is a fact, not a discount.
            self._apply(stage, ((promotion, offer),))
            return
        worth = self._worthwhile(promotion, offer)
        if worth is not None:
            self._apply(stage, ((promotion, worth),))

    def _worthwhile(self, promotion: Promotion, offer: Offer | Shortfall) -> Offer | None:
        if isinstance(offer, Shortfall):
            self.missed.append(self._short(promotion, offer, offer.reason))
            return None
        if not offer.gives:
            self.missed.append(miss(promotion, MissReason.NO_EFFECT, promotion.span))
            return None
        return offer

    def _apply(self, stage: Stage, picks: tuple[tuple[Promotion, Offer], ...]) -> None:
        self.book.apply(stage, picks)
        for promotion, offer in picks:
            if offer.beyond is not None:
                self.missed.append(self._short(promotion, offer.beyond, MissReason.NEXT_TIER))
            if offer.refused:
                self.refused.append(miss(promotion, MissReason.BEYOND, promotion.at("limit"), offer.refused))

    def _short(self, promotion: Promotion, lacking: Shortfall, reason: MissReason) -> Missed:
        short_by: Money | int | None = lacking.short_by or None
        if lacking.reason is MissReason.SPEND:
            short_by = Money(lacking.short_by, self.cart.currency)
        params = {"part": lacking.part} if lacking.part else {}
        return miss(promotion, reason, lacking.span, short_by, **params)

    def _lost(self, promotion: Promotion, winners: tuple[Promotion, ...], reason: MissReason) -> None:
        names = ", ".join(one.label or one.name for one in winners)
        self.missed.append(miss(promotion, reason, promotion.span, winners=names))

    def _environment(self) -> dict[str, Any]:
        """Give the values of `if:` with the amounts as the stages so far left them."""
        currency = self.cart.currency
        given = self.cart.env.get("order")
        order: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
        lists, nets = self.book.by_line()
        subtotal, net = sum(lists), sum(nets)
        order |= {
            "subtotal": to_decimal(subtotal, currency),
            "discount": to_decimal(subtotal - net, currency),
            "shipping": to_decimal(self.book.fee, currency),
            "tax": to_decimal(0, currency),
            "total": to_decimal(net + self.book.fee, currency),
        }
        lines = order.get("lines") or [as_record(line) for line in self.cart.lines]
        order["lines"] = [
            {
                **line,
                "list": to_decimal(listed, currency),
                "discount": to_decimal(listed - left, currency),
                "net": to_decimal(left, currency),
            }
            for line, listed, left in zip(lines, lists, nets, strict=True)
        ]
        return {"now": self.cart.at, "customer": self.cart.customer, **self.cart.env, "order": order}

    def _codes(self) -> tuple[tuple[str, str], ...]:
        """Name one code of each batch that counted; a second one of the same batch stays unused."""
        first: dict[str, str] = {}
        for code, name in self.left.codes.items():
            if name in self.book.applied:
                first.setdefault(name, code)
        return tuple(first.items())

    def _strange_codes(self) -> None:
        known = {one.code for one in self.program.promotions} | set(self.left.codes)
        told: set[str] = set()
        for code in self.cart.coupons:
            folded = fold_code(code)
            if folded not in known and folded not in told:
                told.add(folded)
                spent = folded in self.left.spent
                reason = MissReason.SPENT_CODE if spent else MissReason.UNKNOWN_CODE
                self.missed.append(Missed("", code, reason, params={"code": code}))

    def _strange_fee(self) -> None:
        fee, currency = self.program.fee, self.cart.currency
        if fee and currency not in fee and self.cart.shipping is None and self.cart.lines:
            params = {"currency": currency}
            self.missed.append(
                Missed("", "shipping.fee", MissReason.CURRENCY, None, self.program.fee_span, params)
            )


def _beside(promotion: Promotion) -> bool:
    """Tell whether it takes no goods from others: it applies beside the winner."""
    return promotion.together or all(
        isinstance(tier.benefit, FreeShipping | GiveAlong | GivePoints) for tier in promotion.tiers
    )
