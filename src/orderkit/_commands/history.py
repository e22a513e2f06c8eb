"""Orders as they were: straight into their mapped state, with the amounts a channel vouches for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.program import MOMENTS, UNITEMIZED
from orderkit._commands.assembling import assemble_line
from orderkit._expr.failure import NotComputable
from orderkit._fields.view import order_view
from orderkit._pricing.apportion import apportion
from orderkit._pricing.cart import Left
from orderkit.domain.money import Money, digits_of, divide, to_decimal, to_minor
from orderkit.domain.order import Line, Order, Payment
from orderkit.domain.price import Adjustment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._fields.engine import OrderDraft
    from orderkit._project import Project
    from orderkit.domain.money import Rounding

DIFFERENCE: Final = "channel_difference"
_PAID: Final = "imported-payment"
_BACK: Final = "imported-refund"
_MINE: Final = frozenset({_PAID, _BACK})
_AMOUNTS: Final = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")


class History:
    """Makes orders of one channel as they were.

    Args:
        project: The project that decides.
        program: The channel.
        now: The present instant, aware.
    """

    __slots__ = (
        "_formulas",
        "_limits",
        "_listed",
        "_moments",
        "_plain",
        "_reads",
        "now",
        "program",
        "project",
    )

    def __init__(self, project: Project, program: ChannelProgram, now: datetime) -> None:
        """Find once what every order asks for."""
        self.project, self.program, self.now = project, program, now
        # Coupons and limits were settled elsewhere; ours are neither judged nor used up.
        self._limits = {
            one.name: 0 for one in project.pricing.promotions if one.limit.total or one.limit.per_customer
        }
        self._formulas = [
            (spec.name, spec.formula) for spec in project.fields.order.values() if spec.formula is not None
        ]
        paths = {path for _, formula in self._formulas for path in formula.paths}
        names = {path.removeprefix("order.") for path in paths if path.startswith("order.")}
        told = {target.field for target in program.order.targets}
        self._moments = tuple(name for name in MOMENTS if name in told)
        self._listed = not project.pricing.promotions and not project.pricing.fee
        self._plain = names.issubset(_AMOUNTS)
        self._reads = tuple(names)

    def order(self, record: RecordRead, draft: OrderDraft) -> Order:
        """Make the order of one record.

        Args:
            record: What the channel told.
            draft: Its checked draft.

        Returns:
            The order, version 1, in its mapped state.
        """
        currency = draft.currency
        lines, adjustments, shipping, tax = self._goods(draft)
        subtotal = sum(line.list.minor for line in lines)
        net = sum(line.net.minor for line in lines)
        flow = self.project.flows["order"]
        state = flow.states[record.values.get("state") or flow.starts]
        total = net + shipping + tax
        payments = self._payments(record, draft)
        latest = max(
            [draft.placed_at, *(record.values[name] for name in self._moments if name in record.values)]
        )
        fields = draft.fields
        if self._formulas and self._plain:
            told = {"subtotal": subtotal, "discount": subtotal - net, "shipping": shipping, "tax": tax}
            fields = self._filled(fields, self._amounts({**told, "total": total}, payments, currency))
        order = Order(
            id=order_id(self.program.name, record.key),
            number=draft.number or f"{self.program.name}-{record.key}",
            channel=self.program.name,
            external_number=draft.external_number,
            state=state.name,
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
            tax=Money(tax, currency),
            total=Money(total, currency),
            coupons=draft.coupons,
            points=draft.points,
            tags=draft.tags,
            note=draft.note,
            fields=fields,
            adjustments=adjustments,
            payments=payments,
            assigned=state.assign,
            events=self._events(record, payments, total, latest, state.end),
        )
        if not self._formulas or self._plain:
            return order
        view = order_view(order, tuple(self.project.flows["order"].parts))
        return replace(order, fields=self._filled(order.fields, view))

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
        return replace(order, payments=(*others, row), version=order.version + 1, project=self.project.hash)

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

    def _goods(self, draft: OrderDraft) -> tuple[tuple[Line, ...], tuple[Adjustment, ...], int, int]:
        if len(draft.lines) != 1 or draft.lines[0].sku != UNITEMIZED:
            return self._settled(draft)
        line, currency = draft.lines[0], draft.currency
        net, nothing = _money(line.price, currency), Money(0, currency)
        shipping = to_minor(draft.amounts["total"], currency) - net.minor
        whole = Line(line.id, line.sku, None, None, 1, line.price, net, nothing, net, nothing, line.fields)
        return (whole,), (), shipping, 0

    def _settled(self, draft: OrderDraft) -> tuple[tuple[Line, ...], tuple[Adjustment, ...], int, int]:
        currency = draft.currency
        lists, nets, rows, shipping, tax = self._priced(draft)
        if "total" in self.program.trust and "total" in draft.amounts:
            target = to_minor(draft.amounts["total"], currency)
            difference = target - sum(nets) - shipping - tax
            # Goods give what they have; what is then still too much was the fee.
            fee = min(0, sum(nets) + difference)
            goods = difference - fee
            if goods:
                weights = nets if sum(nets) else [line.quantity for line in draft.lines]
                shares = apportion(abs(goods), weights, [line.id for line in draft.lines])
                sign = 1 if goods > 0 else -1
                for at, share in enumerate(shares):
                    rows.append(self._row(draft.lines[at].id, nets[at], sign * share, currency))
                    nets[at] += sign * share
            if fee:
                rows.append(self._row(None, shipping, fee, currency))
                shipping += fee
        nothing = Money(0, currency)
        lines = tuple(
            assemble_line(
                line, Money(listed, currency), Money(listed - net, currency), Money(net, currency), nothing
            )
            for line, listed, net in zip(draft.lines, lists, nets, strict=True)
        )
        return lines, tuple(rows), shipping, tax

    def _priced(self, draft: OrderDraft) -> tuple[list[int], list[int], list[Adjustment], int, int]:
        currency = draft.currency
        if self._listed:
            # Nothing can change a list price here, so the thousands of lines of a file skip the engine.
            rounding = self.project.pricing.rounding
            lists = [_listed(line.price, line.quantity, currency, rounding) for line in draft.lines]
            shipping = 0 if draft.shipping is None else to_minor(draft.shipping, currency)
            return lists, list(lists), [], shipping, 0
        bare = replace(draft, coupons=()) if draft.coupons else draft
        price = self.project.price_draft(bare, left=Left(uses=self._limits))
        return (
            [line.list.minor for line in price.lines],
            [line.net.minor for line in price.lines],
            list(price.adjustments),
            price.shipping.minor,
            price.tax.minor,
        )

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

    def _filled(self, fields: Mapping[str, Any], view: Mapping[str, Any]) -> dict[str, Any]:
        env = {"order": view, "vars": self.project.variables, "now": self.now}
        filled = dict(fields)
        for name, formula in self._formulas:
            try:
                filled[name] = formula.run(env)
            except NotComputable:
                filled[name] = None
        return filled

    def _amounts(
        self, told: Mapping[str, int], payments: tuple[Payment, ...], currency: str
    ) -> dict[str, Decimal]:
        paid = sum(one.amount.minor for one in payments if one.kind == "payment")
        refunded = sum(one.amount.minor for one in payments if one.kind == "refund")
        moved = {"paid": paid, "refunded": refunded, "balance": told["total"] - paid + refunded}
        known = {**told, **moved}
        return {name: to_decimal(known[name], currency) for name in self._reads}

    def _events(
        self, record: RecordRead, payments: tuple[Payment, ...], total: int, latest: datetime, end: str | None
    ) -> dict[str, datetime]:
        events = {
            name.removesuffix("_at"): record.values[name] for name in self._moments if name in record.values
        }
        paid = payments[0] if payments and payments[0].kind == "payment" else None
        if paid is not None and paid.amount.minor >= total:
            events.setdefault("paid", paid.at)
        if end is not None:
            # Nobody told when it ended; it was not before the last thing that is known.
            events.setdefault(end, latest)
        return events


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


def _listed(price: Decimal, quantity: int, currency: str, rounding: Rounding) -> int:
    # In integers: a decimal product would be cut at the digits of whatever context happens to be set.
    top, under = price.as_integer_ratio()
    return divide(top * quantity * 10 ** digits_of(currency), under, rounding)
