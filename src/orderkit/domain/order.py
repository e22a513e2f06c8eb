"""The order as every channel, flow and report knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orderkit.domain.ledger import unit_shares
from orderkit.domain.money import Money
from orderkit.domain.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from orderkit.domain.ledger import Adjustment
    from orderkit.domain.policies import RefundPolicy, RefundRow
    from orderkit.domain.stock import Claim


_LINE = ("id", "sku", "name", "category", "quantity", "price", "list", "discount", "net", "tax", "gift")
_AMOUNTS = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")
_MOMENTS = ("paid_at", "shipped_at", "done_at", "canceled_at")
_MARKS = ("coupons", "points", "tags", "note", "assigned", "promotions")
_PAYMENT = ("id", "kind", "amount", "at", "txn", "reason")
_PART = ("id", "kind", "number", "state", "lines", "amount", "reason", "assigned", "data", "rows")


@dataclass(frozen=True, slots=True)
class Line:
    """One sku of an order with its money, settled when the order was priced.

    Args:
        id: `L1`, `L2` ... in the order they came.
        sku: Stock keeping unit.
        name: What people call it, or None.
        category: From the line or the product table, or None.
        quantity: Whole units.
        price: List price of one unit in major units; may be finer than the currency.
        list: Quantity times price, rounded once.
        discount: What promotions took off, not negative.
        net: `list` minus `discount`.
        tax: Tax of the line.
        fields: The project's own line fields.
        gift: The promotion that gives it along, or an empty text where it was bought.
    """

    id: str
    sku: str
    name: str | None
    category: str | None
    quantity: int
    price: Decimal
    list: Money
    discount: Money
    net: Money
    tax: Money
    fields: Mapping[str, Any] = field(default_factory=dict)
    gift: str = ""

    @property
    def shares(self) -> tuple[Money, ...]:
        """Give the net of each unit, summing to `net`: what a return of the unit pays back."""
        return tuple(Money(share, self.net.currency) for share in unit_shares(self.net.minor, self.quantity))

    def __getattr__(self, name: str) -> Any:
        """Give one of the project's own fields.

        Raises:
            AttributeError: The project declares no such field.
        """
        if not name.startswith("_") and name in self.fields:
            return self.fields[name]
        message = f"a line has no field {name!r}"
        raise AttributeError(message)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved for an order, or a refund whose order nobody knows.

    Args:
        id: Unique in its order or, for a loose refund, in its channel.
        kind: `payment` or `refund`.
        amount: What moved, positive.
        at: When it moved.
        txn: The gateway's number, or an empty text.
        reason: Why a refund was made, or an empty text.
        channel: Where a loose refund came from; None for an order's own.
    """

    id: str
    kind: str
    amount: Money
    at: datetime
    txn: str = ""
    reason: str = ""
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-entity with a flow of its own, such as a refund or a shipment.

    Args:
        id: `refund-1`, `shipment-2` ...
        kind: The part's name in `parts:`.
        number: The order's number and the part's id, unique for people.
        state: Its present state.
        epoch: How often it has entered a state.
        opened_at: When it was opened.
        entered_at: When it entered its present state.
        lines: Units taken per line id.
        amount: Money it stands for.
        reason: Why it was opened.
        assigned: Role that has it now, or None.
        data: What the `needs` of its actions brought.
        rows: Why a refund pays back what it does; they sum to the amount. Empty where it was given.
    """

    id: str
    kind: str
    number: str
    state: str
    epoch: int
    opened_at: datetime
    entered_at: datetime
    lines: Mapping[str, int]
    amount: Money
    reason: str = ""
    assigned: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[RefundRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One order, immutable: each command makes the next version of it.

    Args:
        id: Identity in the store.
        number: What people call it (`order.number`).
        channel: Where it came from.
        external_number: The channel's own number, or None.
        state: Present state of its flow.
        epoch: How often it has entered a state.
        entered_at: When it entered the present state.
        version: Counts the commands that changed it.
        project: Hash of the project that decided last.
        currency: Its one currency.
        placed_at: When the customer placed it.
        customer: Id in the customers table, or None.
        customer_record: The customer's row as it was known at placement.
        lines: Its lines.
        subtotal: Sum of the lines' list amounts.
        discount: What promotions took off the lines.
        shipping: Fee after promotions.
        tax: Tax that is not in the prices.
        total: What the customer owes.
        coupons: Codes entered.
        points: Points used.
        tags: Marks that rules set.
        note: Free text.
        fields: The project's own order fields.
        adjustments: Every amount between list and total, with its reason.
        payments: Money that moved, in order.
        parts: Refunds, shipments and the like.
        assigned: Role that has the order now, or None.
        events: When each event first happened (`paid`, `shipped`, `done`, `canceled`).
        claims: What it holds of each sku's stock.
        fired: Actions it has been through, each once.
        policies: What a return does to the promotions it was bought under.
    """

    id: str
    number: str
    channel: str | None
    external_number: str | None
    state: str
    epoch: int
    entered_at: datetime
    version: int
    project: str
    currency: str
    placed_at: datetime
    customer: str | None
    customer_record: Mapping[str, Any]
    lines: tuple[Line, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    coupons: tuple[str, ...] = ()
    points: int = 0
    tags: tuple[str, ...] = ()
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()
    payments: tuple[Payment, ...] = ()
    parts: tuple[Part, ...] = ()
    assigned: str | None = None
    events: Mapping[str, datetime] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    fired: tuple[str, ...] = ()
    policies: tuple[RefundPolicy, ...] = ()

    def __getattr__(self, name: str) -> Any:
        """Give one of the project's own fields, such as `order.receiver`.

        Raises:
            AttributeError: The project declares no such field.
        """
        if not name.startswith("_") and name in self.fields:
            return self.fields[name]
        message = f"this order has no field {name!r}; its own fields are {', '.join(self.fields) or 'none'}"
        raise AttributeError(message)

    def _moved(self, kind: str) -> Money:
        minor = sum(one.amount.minor for one in self.payments if one.kind == kind)
        return Money(minor, self.currency)

    @property
    def paid(self) -> Money:
        """Sum the payments."""
        return self._moved("payment")

    @property
    def refunded(self) -> Money:
        """Sum the refunds that were paid back."""
        return self._moved("refund")

    @property
    def balance(self) -> Money:
        """Give what is still owed: total minus paid plus refunded."""
        return self.total - self.paid + self.refunded

    @property
    def paid_at(self) -> datetime | None:
        """Tell when payments first reached the total."""
        return self.events.get("paid")

    @property
    def shipped_at(self) -> datetime | None:
        """Tell when the first unit left."""
        return self.events.get("shipped")

    @property
    def done_at(self) -> datetime | None:
        """Tell when the order was done."""
        return self.events.get("done")

    @property
    def canceled_at(self) -> datetime | None:
        """Tell when the order was canceled."""
        return self.events.get("canceled")

    @property
    def promotions(self) -> tuple[str, ...]:
        """Name the promotions that gave something, in the order they applied."""
        return tuple(dict.fromkeys(row.promotion for row in self.adjustments if row.promotion))

    def part(self, part_id: str) -> Part | None:
        """Look one part up.

        Args:
            part_id: Such as `refund-1`.

        Returns:
            The part, or None.
        """
        return next((one for one in self.parts if one.id == part_id), None)

    def to_dict(self) -> dict[str, Any]:
        """Give the order as plain data for JSON: money as exact texts, instants in ISO 8601.

        Returns:
            A new nested dict.
        """
        return _spell(self)


def _pick(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: to_plain(getattr(thing, name)) for name in names}


def _spell(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "channel": order.channel,
        "external_number": order.external_number,
        "state": order.state,
        "version": order.version,
        "currency": order.currency,
        "placed_at": order.placed_at.isoformat(),
        "customer": order.customer,
        **to_plain(dict(order.fields)),
        "lines": [{**_pick(line, _LINE), **to_plain(dict(line.fields))} for line in order.lines],
        **_pick(order, _AMOUNTS),
        **_pick(order, _MOMENTS),
        **_pick(order, _MARKS),
        "payments": [_pick(one, _PAYMENT) for one in order.payments],
        "parts": [_pick(one, _PART) for one in order.parts],
        "project": order.project,
    }
