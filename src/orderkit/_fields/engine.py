"""The order model ready to run: fields, tables, numbering, and the draft of an order they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import NOWHERE, Problem, Span
from orderkit._fields.converters import BadValue, absent, to_text
from orderkit._fields.spelling import shown
from orderkit.domain.money import digits_of, to_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from orderkit._expr.compiler import Program
    from orderkit._expr.template import Template
    from orderkit._expr.types import Type
    from orderkit._fields.patterns import Pattern
    from orderkit.domain.records import ColumnSpec

    Lookup = Callable[[str, str], Mapping[str, Any] | None]
    """Gives a row of a table by (table, key), or None."""

AMOUNTS: Final = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded")
"""Amounts a channel may bring along beside the fields."""

MOST_UNITS: Final = 10**9
"""Most units of one line."""

MOST_MINOR: Final = 10**15
"""Most that a line or an order may come to, in minor units; every store keeps and adds up 64 bits."""

COMPUTED: Final = (*AMOUNTS, "state")
"""What only orderkit sets in a live order."""

LINE_FIELDS: Final = ("sku", "name", "category", "quantity", "price")
ORDER_FIELDS: Final = (
    "number", "channel", "external_number", "placed_at", "currency", "customer", "lines", "coupons",
    "points", "shipping", "tags", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What must hold between a field and the rest of the order.

    Args:
        that: The condition.
        say: What people are told where it does not hold; empty for the condition itself.
        span: Where it is written.
    """

    that: Program
    say: str
    span: Span


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field, ready to run.

    Args:
        name: Its name in YAML and expressions.
        label: What people call it.
        type: Its type in expressions.
        convert: From a raw value to the typed one.
        required: Whether an order must bring it.
        default: Converted default, or None.
        default_now: Whether the default is the present instant.
        least: Smallest value, or None.
        most: Largest value, or the longest text.
        match: Pattern the whole text must have.
        formula: Computes it instead of reading it.
        private: Whether only some roles see it in clear.
        see: Those roles.
        unique: Whether no two orders may share a value.
        required_if: Decides whether an order must bring it; None where `required` says it.
        checks: What must hold between it and the rest of the order.
        span: Where it is declared.
    """

    name: str
    label: str
    type: Type
    convert: Callable[[Any], Any]
    required: bool = False
    default: Any = None
    default_now: bool = False
    least: Any = None
    most: Any = None
    match: Pattern | None = None
    formula: Program | None = None
    private: bool = False
    see: tuple[str, ...] = ()
    unique: bool = False
    required_if: Program | None = None
    checks: tuple[FieldCheck, ...] = ()
    span: Span = NOWHERE

    def read(self, raw: Any) -> Any:
        """Convert and check one value.

        Args:
            raw: The value as it came, not absent.

        Returns:
            The typed value.

        Raises:
            BadValue: The field's type or one of its limits refuses it.
        """
        value = self.convert(raw)
        if isinstance(value, str):
            if self.least is not None and len(value) < self.least:
                raise BadValue("OK481", least=self.least)
            if self.most is not None and len(value) > self.most:
                raise BadValue("OK470", most=self.most)
            if self.match is not None and not self.match.holds(value):
                raise BadValue("OK471", pattern=self.match.text)
            return value
        if self.least is not None and value < self.least:
            raise BadValue("OK468", least=self.least)
        if self.most is not None and value > self.most:
            raise BadValue("OK469", most=self.most)
        return value


@dataclass(frozen=True, slots=True)
class TableProgram:
    """Reference data of the project: rows of a file, or rows that the host looks up.

    Args:
        name: Its name.
        key: Column that identifies a row.
        fields: Its other columns.
        rows: Rows by key where the project brings them.
        host: Whether the host is asked.
        span: Where it is declared.
    """

    name: str
    key: str
    fields: Mapping[str, FieldSpec]
    rows: Mapping[str, Mapping[str, Any]]
    host: bool
    span: Span

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Convert one row of the host or of a case.

        Args:
            raw: Values by column; columns the project does not declare are left out.

        Returns:
            Typed values by column, absent ones None, the key first.

        Raises:
            BadValue: A value does not fit its column.
        """
        row: dict[str, Any] = {self.key: to_text(raw[self.key])}
        for name, spec in self.fields.items():
            value = raw.get(name)
            try:
                row[name] = spec.default if absent(value) else spec.read(value)
            except BadValue as bad:
                bad.value = shown(value)
                raise
        return row


@dataclass(frozen=True, slots=True)
class Numbering:
    """How orders get their number: a text with `{now}` and `{serial}` holes.

    Args:
        prefix: What stands before the serial.
        width: Digits of the serial, filled with zeros; 0 where there is no serial.
    """

    prefix: Template
    width: int


@dataclass(frozen=True, slots=True)
class FieldProgram:
    """The whole order model, ready to run.

    Args:
        currency: The project's currency.
        zone: The project's zone.
        order: The project's own order fields.
        line: The project's own line fields.
        tables: Its tables.
        numbering: How orders get their number.
        moment: Reads an instant of the project's zone.
        order_type: What expressions may read of an order.
        line_type: What they may read of a line.
        columns: Typed columns for the store.
        standard_order: What the project says of standard fields of an order: limits, labels, privacy.
        standard_line: The same of a line.
    """

    currency: str
    zone: ZoneInfo
    order: Mapping[str, FieldSpec]
    line: Mapping[str, FieldSpec]
    tables: Mapping[str, TableProgram]
    numbering: Numbering
    moment: Callable[[Any], Any]
    order_type: Type
    line_type: Type
    columns: tuple[ColumnSpec, ...]
    standard_order: Mapping[str, FieldSpec] = field(default_factory=dict)
    standard_line: Mapping[str, FieldSpec] = field(default_factory=dict)

    def spec(self, owner: str, name: str) -> FieldSpec | None:
        """Find what the project says of a field, its own or a standard one.

        Args:
            owner: `order` or `line`.
            name: The field.

        Returns:
            Its spec, or None where the project says nothing of it.
        """
        both = {"order": (self.order, self.standard_order), "line": (self.line, self.standard_line)}
        return next((specs[name] for specs in both.get(owner, ()) if name in specs), None)

    @property
    def hidden(self) -> dict[str, tuple[str, ...]]:
        """Give the private fields of an order with the roles that see them in clear."""
        every = {**self.standard_order, **self.order}
        return {name: spec.see for name, spec in every.items() if spec.private}


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line before pricing.

    Args:
        id: `L1`, `L2` ...
        sku: Stock keeping unit.
        name: From the line or the product table.
        category: From the line or the product table.
        quantity: Whole units, at least 1.
        price: List price of one unit in major units.
        fields: The project's own line fields.
        product: The row of the product table, or an empty mapping.
    """

    id: str
    sku: str
    name: str | None
    category: str | None
    quantity: int
    price: Decimal
    fields: Mapping[str, Any]
    product: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """A checked order before pricing and before its first state.

    Args:
        number: Given number, or None to take the next.
        channel: Channel, or None.
        external_number: The channel's number, or None.
        placed_at: When it was placed.
        currency: Its currency.
        customer: Id of the customer, or None.
        customer_record: The customer's row as far as it is known.
        lines: Its lines.
        coupons: Codes entered.
        points: Points used.
        shipping: Fee the host set, in major units, or None for the project's own.
        tags: Marks it came with.
        note: Free text.
        fields: The project's own fields.
        amounts: Amounts a channel brought, in major units.
    """

    number: str | None
    channel: str | None
    external_number: str | None
    placed_at: datetime
    currency: str
    customer: str | None
    customer_record: Mapping[str, Any]
    lines: tuple[LineDraft, ...]
    coupons: tuple[str, ...] = ()
    points: int = 0
    shipping: Decimal | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


def oversized(lines: Sequence[LineDraft], shipping: Decimal | None, currency: str) -> list[Problem]:
    """Find what an order comes to that nobody sells, before it reaches a store that cannot keep it.

    Args:
        lines: Its lines, before pricing.
        shipping: Fee that came with it, in major units, or None.
        currency: Its currency.

    Returns:
        A problem for each line with too many units or too high an amount, and one for the whole.
    """
    found: list[Problem] = []
    digits = digits_of(currency)
    most = f"{to_decimal(MOST_MINOR, currency):f}"
    total = 0 if shipping is None else int(shipping.scaleb(digits))
    for at, line in enumerate(lines):
        top, under = line.price.as_integer_ratio()
        minor = top * line.quantity * 10**digits // under
        total += minor
        if line.quantity > MOST_UNITS:
            found.append(
                Problem("OK469", f"lines[{at}].quantity", str(line.quantity), {"most": str(MOST_UNITS)})
            )
        elif minor > MOST_MINOR:
            said = {"most": most}
            found.append(Problem("OK482", f"lines[{at}]", f"{to_decimal(minor, currency):f}", said))
    if total > MOST_MINOR and not found:
        found.append(Problem("OK482", "total", f"{to_decimal(total, currency):f}", {"most": most}))
    return found
