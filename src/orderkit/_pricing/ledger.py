"""Keeps the amounts of a cart while promotions change them: slices, fee, and a row for every change."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from orderkit._pricing.apportion import share_out, spread
from orderkit._pricing.program import SHOP
from orderkit._pricing.sharing import Share
from orderkit._pricing.slices import Slice, share
from orderkit._pricing.tax import taxes
from orderkit.domain.money import Money, digits_of, divide, to_decimal, to_minor
from orderkit.domain.price import Adjustment, Gift, Missed, Price, PricedLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from orderkit._pricing.cart import Cart, CartLine
    from orderkit._pricing.offers import Offer
    from orderkit._pricing.program import PointsPay, PricingProgram, Promotion, Stage
    from orderkit.domain.policies import RefundPolicy

_FINER: Final = 4
"""Digits beyond the currency's own in which an exact share is shown."""

POINTS: Final = "points.pay"
"""The label of the rows that points pay; they belong to no promotion."""


class Ledger:
    """What a cart costs so far, and why.

    Args:
        program: The project's pricing.
        cart: The cart.
        slices: Its units at list price.
        fee: Its shipping fee before promotions.
    """

    __slots__ = (
        "applied",
        "cart",
        "earned",
        "fee",
        "gifts",
        "points",
        "policies",
        "program",
        "rows",
        "shy",
        "slices",
    )

    def __init__(self, program: PricingProgram, cart: Cart, slices: list[Slice], fee: int) -> None:
        """Begin with list prices."""
        self.program = program
        self.cart = cart
        self.slices = slices
        self.fee = fee
        self.rows: list[Adjustment] = []
        self.applied: list[str] = []
        self.gifts: list[Gift] = []
        self.policies: list[RefundPolicy] = []
        self.earned = 0
        self.points = 0
        self.shy: dict[str, frozenset[str]] = {}
        """What each promotion that applied keeps its units from."""

    def by_line(self) -> tuple[list[int], list[int]]:
        """Give list and net amount of each line.

        Returns:
            Two lists in minor units.
        """
        lists, nets = [0] * len(self.cart.lines), [0] * len(self.cart.lines)
        for one in self.slices:
            lists[one.line] += one.listed
            nets[one.line] += one.net
        return lists, nets

    def apply(self, stage: Stage, picks: Iterable[tuple[Promotion, Offer]]) -> None:
        """Take offers of one stage off the units, in order, and write their rows.

        Args:
            stage: The stage.
            picks: Promotions with what they give; judged on the slices as they are now.
        """
        pieces: dict[int, list[tuple[int, int, str]]] = {}
        for promotion, offer in picks:
            taken = {heap.at: heap.units for heap in offer.takes}
            amounts: dict[int, list[int]] = {}
            for one in offer.shares:
                if one.at is None:
                    self.fee -= one.amount
                    continue
                sums = amounts.setdefault(one.at, [0, 0])
                sums[0] += one.units
                sums[1] += one.amount
            for index, (units, amount) in amounts.items():
                pieces.setdefault(index, []).append((taken.get(index, units), amount, promotion.name))
            self._write(stage, promotion, offer)
        if pieces:
            self.slices = [
                piece for at, one in enumerate(self.slices) for piece in _cut(one, pieces.get(at, ()))
            ]

    def _write(self, stage: Stage, promotion: Promotion, offer: Offer) -> None:
        rows = self._rows_of(offer)
        ids = [row[0] or "" for row in rows]
        by_id = sorted(range(len(ids)), key=ids.__getitem__)
        split = share_out([rows[at][1].amount for at in by_id], promotion.paid_by)
        parts = dict(zip(by_id, split, strict=True))
        for at, (line, one) in enumerate(rows):
            paid_by = tuple(
                (payer, self._money(-part))
                for (payer, _), part in zip(promotion.paid_by, parts[at], strict=True)
            )
            self.rows.append(
                Adjustment(
                    promotion=promotion.name,
                    span=offer.tier.span,
                    stage=stage.name,
                    line=line,
                    base=self._money(one.base),
                    rate=getattr(offer.tier.benefit, "rate", None),
                    amount=self._money(-one.amount),
                    paid_by=paid_by,
                    label=promotion.label,
                    note=one.note,
                    exact=self._unrounded(one),
                    units=one.units,
                )
            )
        if promotion.name:
            self.applied.append(promotion.name)
            if promotion.not_with:
                self.shy[promotion.name] = promotion.not_with
            if promotion.on_refund is not None:
                self.policies.append(promotion.on_refund.policy(promotion.name, self.cart.currency))
        self.earned += offer.points
        span = offer.tier.span
        self.gifts += [Gift(promotion.name, sku, units, span) for sku, units in offer.gifts]

    def _rows_of(self, offer: Offer) -> list[tuple[str | None, Share]]:
        """Join the shares of each line, and add a row of nothing for what only had to be there."""
        joined: dict[str | None, Share] = {}
        for one in offer.shares:
            line = None if one.at is None else self.cart.lines[self.slices[one.at].line].id
            known = joined.get(line)
            joined[line] = one if known is None else _both(known, one)
        for at in offer.witnesses:
            line = self.cart.lines[self.slices[at].line].id
            if line not in joined:
                joined[line] = Share(at, 0, 0, 0, (0, 1), "")
        return list(joined.items())

    def pay_with_points(self, stage: Stage, points: PointsPay) -> None:
        """Let the customer's points pay for goods, up to what the project allows.

        Args:
            stage: The stage of points.
            points: What they are worth and how much they may pay.
        """
        currency = self.cart.currency
        worth = points.worth.get(currency)
        if not self.cart.points or worth is None:
            return
        weights = [one.net for one in self.slices]
        whole = sum(weights)
        most = to_minor(Fraction(worth) * self.cart.points, currency, self.program.rounding)
        if points.share is not None:
            top, under = points.share.as_integer_ratio()
            most = min(most, whole * top // under)
        if points.at_most is not None:
            most = min(most, points.at_most.get(currency, 0))
        amount = min(most, whole)
        if amount <= 0:
            return
        # As few points as pay this amount; the rest stays the customer's.
        self.points = min(self.cart.points, ceil(amount / (Fraction(worth) * 10 ** digits_of(currency))))
        ids = [f"{self.cart.lines[one.line].id}\x00{at:06}" for at, one in enumerate(self.slices)]
        shares = spread(amount, weights, ids, weights, self.program.split, self.program.rounding)
        note = f"{self.points} × {worth:f}"
        joined: dict[int, Share] = {}
        for at, (one, off) in enumerate(zip(self.slices, shares, strict=True)):
            if one.net:
                made = Share(at, one.units, one.net, off, (amount * one.net, whole), note)
                joined[one.line] = _both(joined[one.line], made) if one.line in joined else made
        for line, made in joined.items():
            self.rows.append(
                Adjustment(
                    promotion="",
                    span=points.span,
                    stage=stage.name,
                    line=self.cart.lines[line].id,
                    base=self._money(made.base),
                    rate=None,
                    amount=self._money(-made.amount),
                    paid_by=((SHOP, self._money(-made.amount)),),
                    label=POINTS,
                    note=note,
                    exact=self._unrounded(made),
                    units=made.units,
                )
            )
        for one, off in zip(self.slices, shares, strict=True):
            one.net -= off

    def price(
        self,
        *,
        missed: tuple[Missed, ...],
        refused: tuple[Missed, ...],
        codes: tuple[tuple[str, str], ...],
        proven: bool,
        explored: int,
    ) -> Price:
        """Close the books.

        Args:
            missed: Promotions not applied.
            refused: Promotions whose limit refuses units of the cart.
            codes: Promotion and code of single-use codes that counted.
            proven: Whether no other choice inside a stage would have been better.
            explored: How many choices were tried.

        Returns:
            The price.
        """
        cart, program = self.cart, self.program
        lists, nets = self.by_line()
        subtotal, net = sum(lists), sum(nets)
        each, of_fee = taxes(program.tax, cart.lines, nets, self.fee, cart.currency, program.rounding)
        tax = sum(each) + of_fee
        added = tax if program.tax is not None and not program.tax.included else 0
        return Price(
            currency=cart.currency,
            at=cart.at,
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
                    tax=self._money(taxed),
                )
                for line, listed, left, taxed in zip(cart.lines, lists, nets, each, strict=True)
            ),
            adjustments=tuple(self.rows),
            missed=missed,
            gifts=tuple(self.gifts),
            subtotal=self._money(subtotal),
            discount=self._money(subtotal - net),
            shipping=self._money(self.fee),
            tax=self._money(tax),
            total=self._money(net + self.fee + added),
            proven=proven,
            explored=explored,
            promotions=tuple(dict.fromkeys(self.applied)),
            shipping_span=program.fee_span,
            tax_span=None if program.tax is None else program.tax.span,
            tax_included=program.tax is None or program.tax.included,
            points_used=self.points,
            points_earned=self.earned,
            refused=refused,
            codes=codes,
            policies=tuple(self.policies),
        )

    def _unrounded(self, one: Share) -> Decimal | None:
        top, under = one.exact
        if top == one.amount * under:
            return None
        return to_decimal(divide(-top * 10**_FINER, under), self.cart.currency).scaleb(-_FINER)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.cart.currency)


def _both(one: Share, other: Share) -> Share:
    exact = Fraction(*one.exact) + Fraction(*other.exact)
    notes = dict.fromkeys(note for note in (one.note, other.note) if note)
    return Share(
        one.at,
        one.units + other.units,
        one.base + other.base,
        one.amount + other.amount,
        exact.as_integer_ratio(),
        ", ".join(notes),
    )


def _cut(one: Slice, pieces: Sequence[tuple[int, int, str]]) -> list[Slice]:
    """Part a slice by what promotions took of it, each the first units that were left."""
    made, start = [], 0
    for units, amount, name in pieces:
        net = share(one.net, one.units, start, units) - amount
        listed = share(one.listed, one.units, start, units)
        made.append(Slice(one.line, units, listed, net, one.by | {name} if name else one.by))
        start += units
    rest = one.units - start
    if rest:
        listed, net = share(one.listed, one.units, start, rest), share(one.net, one.units, start, rest)
        made.append(Slice(one.line, rest, listed, net, one.by))
    return made


def as_record(line: CartLine) -> dict[str, Any]:
    """Give a line of a cart as expressions read it.

    Args:
        line: The line.

    Returns:
        Its fields by name.
    """
    return {
        **line.attributes,
        "sku": line.sku,
        "name": line.name,
        "category": line.category,
        "quantity": line.quantity,
        "price": line.price,
    }
