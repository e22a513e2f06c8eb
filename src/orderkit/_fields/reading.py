"""Runs the order model: a mapping from a host or channel becomes a checked draft of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import NOWHERE, Problem, Span
from orderkit._fields.converters import (
    BadValue,
    absent,
    list_reader,
    money_reader,
    price_reader,
    to_identity,
    to_integer,
    to_text,
)
from orderkit._fields.engine import (
    AMOUNTS,
    COMPUTED,
    LINE_FIELDS,
    ORDER_FIELDS,
    LineDraft,
    OrderDraft,
    oversized,
)
from orderkit._fields.spelling import DEEPEST, WANTED, deep, meant, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from orderkit._fields.engine import FieldProgram, FieldSpec, Lookup


_SELF_MADE: Final = frozenset({"number", "placed_at", "currency"})
"""Standard fields that an order gets by itself."""
_MOST_GUESSES: Final = 20


class _Reading:
    """Collects problems while one mapping is read."""

    __slots__ = ("cart", "problems")

    def __init__(self, *, cart: bool) -> None:
        self.cart = cart
        self.problems: list[Problem] = []

    def value(
        self, path: str, raw: Any, convert: Callable[[Any], Any], default: Any = None, span: Span = NOWHERE
    ) -> Any:
        if absent(raw):
            return default
        try:
            return convert(raw)
        except BadValue as bad:
            self.problems.append(Problem(bad.code, path, shown(raw), bad.params, span))
            return default

    def own(
        self, path: str, specs: Mapping[str, FieldSpec], raw: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, spec in specs.items():
            if spec.formula is not None:
                values[name] = None
                continue
            default = now if spec.default_now else spec.default
            given = raw.get(name)
            values[name] = self.value(path + name, given, spec.read, default, spec.span)
            if spec.required and absent(given) and default is None and not self.cart:
                self.problems.append(Problem("OK467", path + name, "", {}, spec.span))
        return values

    def standard(
        self, path: str, specs: Mapping[str, FieldSpec], raw: Mapping[str, Any], known: Mapping[str, Any]
    ) -> None:
        """Hold values of standard fields to what the project says of them."""
        told = {one.field for one in self.problems}
        for name, spec in specs.items():
            given = raw.get(name, known.get(name))
            if path + name in told:
                continue
            if absent(given):
                if spec.required and name not in _SELF_MADE and not self.cart:
                    self.problems.append(Problem("OK467", path + name, "", {}, spec.span))
            elif not isinstance(given, dict | list | tuple):
                self.value(path + name, given, spec.read, None, spec.span)

    def unknown(
        self, path: str, raw: Mapping[str, Any], known: tuple[str, ...], specs: Mapping[str, FieldSpec]
    ) -> None:
        for name, given in raw.items():
            if name not in known and name not in specs:
                # Whoever sends thousands of strange names gets no guess for each.
                params = meant(name if len(self.problems) < _MOST_GUESSES else "", (*known, *specs))
                self.problems.append(Problem("OK472", path + shown(name), shown(given), params))


def read_order(
    program: FieldProgram,
    raw: Mapping[str, Any],
    *,
    now: datetime,
    lookup: Lookup,
    channel: str | None = None,
    amounts: bool = False,
    cart: bool = False,
) -> tuple[OrderDraft | None, tuple[Problem, ...]]:
    """Check and convert one order as a host or a channel brings it.

    Args:
        program: The order model.
        raw: Values by field; lines as a list of mappings; a customer by id or as a mapping.
        now: The present instant, the default of `placed_at`.
        lookup: Gives rows of the project's tables.
        channel: The channel it comes from, where the caller knows it.
        amounts: Whether it may bring computed amounts and a state along, as channels do.
        cart: Whether it is only priced: then it may lack fields that an order must bring.

    Returns:
        The draft and no problems, or None and every problem.
    """
    if deep(raw):
        return None, (Problem("OK483", "", "", {"most": str(DEEPEST)}),)
    reading = _Reading(cart=cart)
    money = money_reader(program.currency)
    reading.unknown("", raw, (*ORDER_FIELDS, *COMPUTED), program.order)
    if not amounts:
        reading.problems.extend(
            Problem("OK480", name, shown(raw[name]))
            for name in COMPUTED
            if name in raw and name not in ORDER_FIELDS
        )
    currency = reading.value("currency", raw.get("currency"), to_text, program.currency)
    if currency != program.currency:
        reading.problems.append(Problem("OK476", "currency", str(currency), {"currency": program.currency}))
    told = {
        name: found for name in AMOUNTS if (found := reading.value(name, raw.get(name), money)) is not None
    }
    points = reading.value("points", raw.get("points"), to_integer, 0)
    for name, value in (*told.items(), ("points", points)):
        if value < 0:
            reading.problems.append(Problem("OK468", name, str(value), {"least": "0"}))
    customer, record = _customer(program, reading, raw.get("customer"), lookup)
    draft = OrderDraft(
        number=reading.value("number", raw.get("number"), to_identity),
        channel=channel or reading.value("channel", raw.get("channel"), to_text),
        external_number=reading.value("external_number", raw.get("external_number"), to_identity),
        placed_at=reading.value("placed_at", raw.get("placed_at"), program.moment, now),
        currency=program.currency,
        customer=customer,
        customer_record=record,
        lines=_lines(program, reading, raw.get("lines"), lookup, now),
        coupons=tuple(reading.value("coupons", raw.get("coupons"), list_reader(to_text), [])),
        points=points,
        shipping=told.get("shipping"),
        tags=tuple(reading.value("tags", raw.get("tags"), list_reader(to_text), [])),
        note=reading.value("note", raw.get("note"), to_text, ""),
        fields=reading.own("", program.order, raw, now),
        amounts=told,
    )
    reading.standard("", program.standard_order, raw, {"channel": channel})
    reading.problems += oversized(draft.lines, draft.shipping, program.currency)
    if reading.problems:
        return None, tuple(reading.problems)
    return draft, ()


def _customer(
    program: FieldProgram, reading: _Reading, raw: Any, lookup: Lookup
) -> tuple[str | None, Mapping[str, Any]]:
    if absent(raw):
        return None, {}
    table = program.tables.get("customers")
    key = table.key if table else "id"
    given = dict(raw) if isinstance(raw, dict) else {key: raw}
    identity = reading.value("customer", given.get(key), to_identity)
    if table is None or identity is None:
        return identity, {key: identity}
    try:
        known = lookup("customers", identity) or {}
        own = table.read({**given, key: identity})
        # What the lookup gives is typed already; reading a percentage twice would divide it twice.
        return identity, {**own, **known, **{name: own[name] for name in own if name in given}, key: identity}
    except BadValue as bad:
        value = shown(raw) if bad.value is None else bad.value
        reading.problems.append(Problem(bad.code, "customer", value, bad.params, table.span))
        return identity, {key: identity}


def _lines(
    program: FieldProgram, reading: _Reading, raw: Any, lookup: Lookup, now: datetime
) -> tuple[LineDraft, ...]:
    if raw is not None and not isinstance(raw, list | tuple):
        reading.problems.append(Problem("OK450", "lines", shown(raw, 60), WANTED["lines"]))
        return ()
    rows: Sequence[Any] = raw or ()
    if not rows:
        reading.problems.append(Problem("OK473", "lines"))
    found = []
    for index, row in enumerate(rows):
        path = f"lines[{index}]."
        if not isinstance(row, dict):
            reading.problems.append(Problem("OK450", path[:-1], shown(row), WANTED["mapping"]))
            continue
        line = _line(program, reading, path, row, lookup, f"L{index + 1}", now)
        if line is not None:
            found.append(line)
    return tuple(found)


def _line(
    program: FieldProgram,
    reading: _Reading,
    path: str,
    raw: Mapping[str, Any],
    lookup: Lookup,
    name: str,
    now: datetime,
) -> LineDraft | None:
    reading.unknown(path, raw, LINE_FIELDS, program.line)
    sku = reading.value(path + "sku", raw.get("sku"), to_identity)
    if sku is None:
        if absent(raw.get("sku")):
            reading.problems.append(Problem("OK467", path + "sku"))
        return None
    quantity = reading.value(path + "quantity", raw.get("quantity"), to_integer, 1)
    if quantity < 1:
        reading.problems.append(Problem("OK468", path + "quantity", str(quantity), {"least": "1"}))
    product: Mapping[str, Any] = {}
    if "products" in program.tables:
        try:
            product = lookup("products", sku) or {}
        except BadValue as bad:
            value = sku if bad.value is None else bad.value
            span = program.tables["products"].span
            reading.problems.append(Problem(bad.code, path + "sku", value, bad.params, span))
            return None
    price = reading.value(
        path + "price", raw.get("price"), price_reader(program.currency), product.get("price")
    )
    if price is None:
        if absent(raw.get("price")):
            reading.problems.append(Problem("OK474", path + "price", sku, {"field": path[:-1]}))
        return None
    if price < 0:
        reading.problems.append(Problem("OK468", path + "price", str(price), {"least": "0"}))
    reading.standard(path, program.standard_line, raw, product)
    return LineDraft(
        id=name,
        sku=sku,
        name=reading.value(path + "name", raw.get("name"), to_text, product.get("name")),
        category=reading.value(path + "category", raw.get("category"), to_text, product.get("category")),
        quantity=quantity,
        price=price,
        fields=reading.own(path, program.line, raw, now),
        product=product,
    )
