"""What a return pays back: frozen shares, and what the policies on the order make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.domain.money import Money
from orderkit.domain.policies import Refund, RefundRow
from orderkit.domain.refund import paid_for, paid_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit.domain.order import Order
    from orderkit.domain.policies import RefundPolicy, RowKind
    from orderkit.domain.price import Price


def refund_due(
    order: Order,
    lines: Mapping[str, int],
    returned_before: Mapping[str, int],
    given_before: int,
    reprice: Callable[[Mapping[str, int]], Price | None],
    rows_before: Sequence[RefundRow] = (),
) -> Refund:
    """Work out what a return of units pays back under the policies frozen on the order.

    Args:
        order: The order as it was placed.
        lines: Units per line id that come back now.
        returned_before: Units per line id that earlier refunds hold.
        given_before: What these refunds pay back, in minor units.
        reprice: Prices kept units, per line id, at the order's time, or says None where that can no longer
            be told; asked only where a policy needs it and something is kept.
        rows_before: The rows of these refunds.

    Returns:
        The amount, never negative, with its rows and the promotions whose uses come back.
    """
    return _Return(order, lines, returned_before, given_before, reprice, rows_before).run()


def asks_price(order: Order) -> bool:
    """Tell whether a return of this order may need its kept goods priced again.

    Args:
        order: The order.

    Returns:
        True where a policy looks at what is kept.
    """
    return any(
        one.threshold == "recalculate" or one.gift != "keep" or one.shipping == "rebill"
        for one in order.policies
    )


class _Return:
    """One return while its rows are written."""

    __slots__ = ("_price", "before", "given", "kept", "lines", "order", "reprice", "returned", "rows")

    def __init__(
        self,
        order: Order,
        lines: Mapping[str, int],
        returned_before: Mapping[str, int],
        given_before: int,
        reprice: Callable[[Mapping[str, int]], Price | None],
        rows_before: Sequence[RefundRow],
    ) -> None:
        self.order = order
        self.lines = lines
        self.returned = {
            line.id: returned_before.get(line.id, 0) + lines.get(line.id, 0) for line in order.lines
        }
        self.kept = {
            line.id: line.quantity - self.returned[line.id]
            for line in order.lines
            if not line.gift and line.quantity > self.returned[line.id]
        }
        self.given = given_before
        self.reprice = reprice
        self.before = rows_before
        self.rows: list[RefundRow] = []
        self._price: Price | None = None

    def run(self) -> Refund:
        self._shares()
        self._recalculated()
        # What an earlier return took off comes back before anything new is taken, so that there is more
        # to take it from.
        changes = sorted([*self._gifts(), *self._fee()], key=lambda each: -each[2])
        for policy, what, change in changes:
            self._row(policy, what, max(change, -self._sum()))
        releases = () if self.kept else self._releases()
        return Refund(Money(self._sum(), self.order.currency), tuple(self.rows), releases)

    @property
    def price(self) -> Price | None:
        """Price what is kept, once; None where nothing is, or nobody can tell."""
        if self._price is None and self.kept:
            self._price = self.reprice(self.kept)
        return self._price

    def _sum(self) -> int:
        return sum(row.amount.minor for row in self.rows)

    def _row(self, policy: RefundPolicy, what: RowKind, amount: int) -> None:
        if amount:
            money = Money(amount, self.order.currency)
            self.rows.append(RefundRow(policy.promotion, policy.span, what, None, money))

    def _shares(self) -> None:
        for line in self.order.lines:
            units = self.lines.get(line.id, 0)
            if not units:
                continue
            shares = paid_shares(self.order, line)
            first = self.returned[line.id] - units
            rows = [row for row in self.before if row.what == "share" and row.line == line.id]
            given = sum(shares[:first])
            if sum(row.units for row in rows) == first:
                # A refund that was canceled meanwhile may have held a unit before those that are out, so
                # what they were given is looked up and not worked out.
                given = sum(row.amount.minor for row in rows)
            amount = max(0, sum(shares[: first + units]) - given)
            money = Money(amount, self.order.currency)
            self.rows.append(RefundRow("", None, "share", line.id, money, units))

    def _recalculated(self) -> None:
        policy = next((one for one in self.order.policies if one.threshold == "recalculate"), None)
        if policy is None:
            return
        paid = sum(paid_for(self.order, line) for line in self.order.lines)
        price = self.price
        if price is None and self.kept:
            return
        due = paid - (0 if price is None else _cost(price))
        beside = sum(row.amount.minor for row in self.before if row.what in ("gift", "shipping"))
        target = max(0, due - (self.given - beside))
        self._row(policy, "recalculated", target - self._sum())

    def _gifts(self) -> list[tuple[RefundPolicy, RowKind, int]]:
        changes: list[tuple[RefundPolicy, RowKind, int]] = []
        for policy in self.order.policies:
            lines = [line for line in self.order.lines if line.gift == policy.promotion]
            if policy.gift == "keep" or not policy.value or not lines:
                continue
            price = self.price
            if price is None and self.kept:
                return []
            earned = sum(
                gift.quantity
                for gift in (() if price is None else price.gifts)
                if gift.promotion == policy.promotion
            )
            have = sum(line.quantity - self.returned[line.id] for line in lines)
            change = self._taken("gift", policy.promotion) - max(0, have - earned) * policy.value
            # A gift that was charged is sold; only `return_or_pay` takes it back later.
            changes.append((policy, "gift", min(0, change) if policy.gift == "charge" else change))
        return changes

    def _fee(self) -> list[tuple[RefundPolicy, RowKind, int]]:
        waived = {row.promotion for row in self.order.adjustments if row.line is None and row.amount}
        policies = [
            one for one in self.order.policies if one.shipping == "rebill" and one.promotion in waived
        ]
        if not policies:
            return []
        price = self.price
        if price is None and self.kept:
            return []
        lost = [one for one in policies if price is not None and one.promotion not in price.promotions]
        owed = max(0, price.shipping.minor - self.order.shipping.minor) if price is not None and lost else 0
        return [((*lost, *policies)[0], "shipping", self._taken("shipping") - owed)]

    def _taken(self, what: RowKind, promotion: str | None = None) -> int:
        return -sum(
            row.amount.minor for row in self.before if row.what == what and promotion in (None, row.promotion)
        )

    def _releases(self) -> tuple[str, ...]:
        return tuple(one.promotion for one in self.order.policies if one.coupon == "return_if_all_refunded")


def _cost(price: Price) -> int:
    """Give what the goods of a price cost, with the tax on top of them."""
    net = sum(line.net.minor for line in price.lines)
    if price.tax_included:
        return net
    return net + sum(line.tax.minor for line in price.lines if line.tax is not None)
