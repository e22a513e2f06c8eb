"""Orders as they were: straight into their mapped state, with the amounts a channel vouches for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.program import MOMENTS, UNITEMIZED
from orderkit._expr.failure import NotComputable
from orderkit._fields.view import order_view
from orderkit._pricing.apportion import apportion
from orderkit.domain.money import Money, to_minor
from orderkit.domain.order import Line, Order, Payment
from orderkit.domain.price import Adjustment, Price, PricedLine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._fields.engine import FieldSpec, OrderDraft
    from orderkit._project import Project

DIFFERENCE: Final = "channel_difference"
_PAID: Final = "imported-payment"
_BACK: Final = "imported-refund"
_MINE: Final = frozenset({_PAID, _BACK})
_AMOUNTS: Final = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")


@dataclass(frozen=True, slots=True)
class History:
    """Makes orders of one channel as they were.

    Args:
        project: The project that decides.
        program: The channel.
        now: The present instant, aware.
    """

    project: Project
    program: ChannelProgram
    now: datetime

    def order(self, record: RecordRead, draft: OrderDraft) -> Order:
        """Make the order of one record.

        Args:
            record: What the channel told.
            draft: Its checked draft.

        Returns:
            The order, version 1, in its mapped state.
        """
        currency = draft.currency
        price = self._price(draft)
        lines, adjustments, shipping = self._settled(draft, price)
        subtotal = sum(line.list.minor for line in lines)
        net = sum(line.net.minor for line in lines)
        state = record.values.get("state") or self.project.flows["order"].starts
        total = net + shipping + price.tax.minor
        payments = self._payments(record, draft)
        latest = max([draft.placed_at, *(record.values[name] for name in MOMENTS if name in record.values)])
        order = Order(
            id=order_id(self.program.name, record.key),
            number=draft.number or f"{self.program.name}-{record.key}",
            channel=self.program.name,
            external_number=draft.external_number,
            state=state,
            epoch=1,
            entered_at=latest,
            version=1,
            project=self.project.hash,
            currency=currency,
            placed_at=draft.placed_at,
            customer=draft.customer,
            customer_record=draft.customer_record,
            lines=lines,
            subtotal=Money(subtotal, currency),
            discount=Money(subtotal - net, currency),
            shipping=Money(shipping, currency),
            tax=price.tax,
            total=Money(total, currency),
            coupons=draft.coupons,
            points=draft.points,
            tags=draft.tags,
            note=draft.note,
            fields=draft.fields,
            adjustments=adjustments,
            payments=payments,
            assigned=self.project.flows["order"].states[state].assign,
            events=self._events(record, payments, total, latest, state),
        )
        return self._computed(order)

    def again(self, old: Order, new: Order) -> Order | None:
        """Bring a stored order to what its channel says now; what happened here since is kept.

        Args:
            old: The order as it is stored.
            new: The order as the record alone would make it.

        Returns:
            The next version, or None where nothing differs.
        """
        own = tuple(one for one in old.payments if one.id not in _MINE)
        imported = tuple(one for one in old.payments if one.id in _MINE)
        # A refund that came in a file of its own stays when the order's own record says nothing of it.
        kept = tuple(one for one in imported if one.id not in {other.id for other in new.payments})
        back = tuple(one for one in kept if one.kind == "refund" and self._apart())
        moved = new.state != old.state
        after = replace(
            new,
            id=old.id,
            number=old.number,
            version=old.version,
            project=old.project,
            epoch=old.epoch + moved,
            entered_at=new.entered_at if moved else old.entered_at,
            assigned=new.assigned if moved else old.assigned,
            tags=tuple(dict.fromkeys((*new.tags, *old.tags))),
            payments=(*new.payments, *back, *own),
            parts=old.parts,
            events={**_lasting(old, moved=moved), **new.events},
            claims=old.claims,
            fired=old.fired,
        )
        if after == old:
            return None
        return replace(after, version=old.version + 1, project=self.project.hash)

    def refunded(self, order: Order, record: RecordRead) -> Order | None:
        """Add a refund that came apart from its order.

        Args:
            order: The order as it is stored.
            record: The refund.

        Returns:
            The next version, or None where it is there already.
        """
        row = self.refund(record, order.placed_at, f"{_BACK}-{record.key}")
        if row in order.payments:
            return None
        others = tuple(one for one in order.payments if one.id != row.id)
        return replace(
            order, payments=(*others, row), version=order.version + 1, project=self.project.hash
        )

    def refund(self, record: RecordRead, at: datetime, name: str) -> Payment:
        """Make the payment row of a refund.

        Args:
            record: What the channel told; it has a refund.
            at: When it counts where the channel does not say.
            name: Its id.

        Returns:
            The row.
        """
        told: Mapping[str, Any] = record.refund or {}
        currency = self.project.fields.currency
        return Payment(
            id=name,
            kind="refund",
            amount=_money(told["amount"], currency),
            at=told.get("at") or at,
            txn=told.get("txn", ""),
            reason=told.get("reason", ""),
        )

    def _apart(self) -> bool:
        refunds = self.program.refunds
        return refunds is not None and refunds.source != self.program.order.source

    def _price(self, draft: OrderDraft) -> Price:
        currency = draft.currency
        if len(draft.lines) == 1 and draft.lines[0].sku == UNITEMIZED:
            line, nothing = draft.lines[0], Money(0, currency)
            net = _money(line.price, currency)
            shipping = _money(draft.amounts["total"], currency) - net
            priced = PricedLine(line.id, line.sku, "", 1, net, nothing, net, line.price)
            return Price(
                currency, draft.placed_at, (priced,), (), (), (), net, nothing, shipping, nothing,
                net + shipping, proven=True, explored=0, promotions=(),
            )  # fmt: skip
        # Coupons and limits were settled elsewhere; ours are neither judged nor used up.
        limits = {one.name: 0 for one in self.project.pricing.promotions if one.limit.total or one.limit.per_customer}
        bare = replace(draft, coupons=()) if draft.coupons else draft
        return self.project.price_draft(bare, limits=limits)

    def _settled(self, draft: OrderDraft, price: Price) -> tuple[tuple[Line, ...], tuple[Adjustment, ...], int]:
        currency = draft.currency
        nets = [line.net.minor for line in price.lines]
        shipping = price.shipping.minor
        rows = list(price.adjustments)
        if "total" in self.program.trust and "total" in draft.amounts:
            target = to_minor(draft.amounts["total"], currency)
            difference = target - sum(nets) - shipping - price.tax.minor
            # Goods give what they have; what is then still too much was the fee.
            fee = min(0, sum(nets) + difference)
            goods = difference - fee
            if goods:
                weights = nets if sum(nets) else [line.quantity for line in price.lines]
                shares = apportion(abs(goods), weights, [line.id for line in price.lines])
                sign = 1 if goods > 0 else -1
                for at, share in enumerate(shares):
                    rows.append(self._row(price.lines[at].id, nets[at], sign * share, currency))
                    nets[at] += sign * share
            if fee:
                rows.append(self._row(None, shipping, fee, currency))
                shipping += fee
        nothing = Money(0, currency)
        lines = tuple(
            Line(
                id=line.id,
                sku=line.sku,
                name=line.name,
                category=line.category,
                quantity=line.quantity,
                price=line.price,
                list=priced.list,
                discount=Money(priced.list.minor - net, currency),
                net=Money(net, currency),
                tax=nothing,
                fields=line.fields,
            )
            for line, priced, net in zip(draft.lines, price.lines, nets, strict=True)
        )
        return lines, tuple(rows), shipping

    def _row(self, line: str | None, base: int, amount: int, currency: str) -> Adjustment:
        return Adjustment(
            promotion="",
            span=self.program.order.span,
            stage=DIFFERENCE,
            line=line,
            base=Money(base, currency),
            rate=None,
            amount=Money(amount, currency),
            label=DIFFERENCE,
        )

    def _payments(self, record: RecordRead, draft: OrderDraft) -> tuple[Payment, ...]:
        currency = draft.currency
        at = record.values.get("paid_at") or draft.placed_at
        rows = []
        paid = draft.amounts.get("paid")
        if paid:
            rows.append(Payment(_PAID, "payment", _money(paid, currency), at))
        if record.refund is not None:
            rows.append(self.refund(record, at, _BACK))
        elif draft.amounts.get("refunded"):
            rows.append(Payment(_BACK, "refund", _money(draft.amounts["refunded"], currency), at))
        return tuple(rows)

    def _events(
        self, record: RecordRead, payments: tuple[Payment, ...], total: int, latest: datetime, state: str
    ) -> dict[str, datetime]:
        events = {
            name.removesuffix("_at"): record.values[name] for name in MOMENTS if name in record.values
        }
        paid = payments[0] if payments and payments[0].kind == "payment" else None
        if paid is not None and paid.amount.minor >= total:
            events.setdefault("paid", paid.at)
        end = self.project.flows["order"].states[state].end
        if end is not None:
            # Nobody told when it ended; it was not before the last thing that is known.
            events.setdefault(end, latest)
        return events

    def _computed(self, order: Order) -> Order:
        formulas = [spec for spec in self.project.fields.order.values() if spec.formula is not None]
        if not formulas:
            return order
        env = {"order": self._view(order, formulas), "vars": self.project.variables, "now": self.now}
        fields = dict(order.fields)
        for spec in formulas:
            if spec.formula is not None:
                try:
                    fields[spec.name] = spec.formula.run(env)
                except NotComputable:
                    fields[spec.name] = None
        return replace(order, fields=fields)

    def _view(self, order: Order, formulas: list[FieldSpec]) -> dict[str, Any]:
        paths = {path for spec in formulas if spec.formula is not None for path in spec.formula.paths}
        names = {path.removeprefix("order.") for path in paths if path.startswith("order.")}
        if names.issubset(_AMOUNTS):
            return {name: getattr(order, name).amount for name in names}
        return order_view(order, tuple(self.project.flows["order"].parts))


def order_id(channel: str, key: str) -> str:
    """Name the order of a record, the same each time it is read.

    Args:
        channel: The channel.
        key: The record's identity.

    Returns:
        32 hexadecimal digits.
    """
    return hashlib.blake2b(f"{channel}\0{key}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _money(amount: Decimal, currency: str) -> Money:
    return Money(to_minor(amount, currency), currency)


def _lasting(order: Order, *, moved: bool) -> dict[str, datetime]:
    gone = ("done", "canceled") if moved else ()
    return {name: at for name, at in order.events.items() if name not in gone}
