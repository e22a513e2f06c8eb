"""From a record of a file to the draft of an order, without the detour over texts that payloads take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.program import UNITEMIZED, Fault, goods_of
from orderkit._fields.converters import BadValue
from orderkit._fields.engine import AMOUNTS, LineDraft, OrderDraft, oversized
from orderkit._fields.spelling import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._fields.engine import FieldProgram, FieldSpec, Lookup

_NOTHING: Final[Mapping[str, Any]] = {}


class Drafting:
    """Turns records of one channel into drafts.

    Args:
        fields: The order model.
        program: The channel.
        now: The present instant, aware.
        lookup: Gives rows of the project's tables.
    """

    __slots__ = ("_amounts", "_dated", "fields", "lookup", "now", "program")

    def __init__(self, fields: FieldProgram, program: ChannelProgram, now: datetime, lookup: Lookup) -> None:
        """Find once which amounts and dates the channel tells."""
        self.fields, self.program, self.now, self.lookup = fields, program, now, lookup
        mapped = {one.field: one for one in program.order.targets}
        self._amounts = tuple(name for name in AMOUNTS if name in mapped)
        self._dated = "placed_at" in mapped and not mapped["placed_at"].present

    def draft(self, record: RecordRead) -> OrderDraft | None:
        """Make the draft of one record.

        Args:
            record: A record that is an order; its faults grow where something is missing.

        Returns:
            The draft, or None where the record has faults.
        """
        values = record.values
        lines = self._lines(record)
        customer, known = self._customer(record)
        own = self._own(record, "", self.fields.order, values)
        currency = values.get("currency", self.fields.currency)
        if currency != self.fields.currency:
            self._fault(record, "OK476", "currency", currency, currency=self.fields.currency)
        placed_at = values.get("placed_at")
        if placed_at is None:
            if self._dated and not _told(record, "placed_at"):
                self._fault(record, "OK467", "placed_at", "")
            placed_at = self.now
        for name in (*self._amounts, "points"):
            amount = values.get(name)
            if amount is not None and amount < 0:
                self._fault(record, "OK468", name, str(amount), least="0")
        for one in oversized(lines, values.get("shipping"), self.fields.currency):
            self._fault(record, one.code, one.field, one.value, **one.params)
        if record.faults:
            return None
        return OrderDraft(
            number=values.get("number"),
            channel=self.program.name,
            external_number=values.get("external_number"),
            placed_at=placed_at,
            currency=currency,
            customer=customer,
            customer_record=known,
            lines=lines,
            coupons=tuple(values.get("coupons", ())),
            points=values.get("points", 0),
            shipping=values.get("shipping"),
            tags=tuple(values.get("tags", ())),
            note=values.get("note", ""),
            fields=own,
            amounts={name: values[name] for name in self._amounts if name in values},
        )

    def _lines(self, record: RecordRead) -> tuple[LineDraft, ...]:
        if record.lines:
            return tuple(
                found
                for at, line in enumerate(record.lines)
                if (found := self._line(record, at, line)) is not None
            )
        if "total" in self.program.trust and "total" in record.values:
            price = goods_of(record.values)
            own = {name: spec.default for name, spec in self.fields.line.items()}
            return (LineDraft("L1", UNITEMIZED, None, None, 1, price, own, _NOTHING),)
        if not record.faults:
            self._fault(record, "OK473", "lines", "")
        return ()

    def _line(self, record: RecordRead, at: int, line: Mapping[str, Any]) -> LineDraft | None:
        sku = line.get("sku")
        if sku is None:
            if not _told(record, f"lines[{at}].sku"):
                self._fault(record, "OK467", f"lines[{at}].sku", "")
            return None
        quantity = line.get("quantity", 1)
        if quantity < 1:
            self._fault(record, "OK468", f"lines[{at}].quantity", str(quantity), least="1")
        product = _NOTHING
        if "products" in self.fields.tables:
            try:
                product = self.lookup("products", sku) or _NOTHING
            except BadValue as bad:
                value = sku if bad.value is None else bad.value
                self._fault(record, bad.code, f"lines[{at}].sku", value, **bad.params)
                return None
        price: Decimal | None = line.get("price", product.get("price"))
        if price is None:
            if not _told(record, f"lines[{at}].price"):
                self._fault(record, "OK474", f"lines[{at}].price", sku, field=f"lines[{at}]")
            return None
        if price < 0:
            self._fault(record, "OK468", f"lines[{at}].price", str(price), least="0")
        specs = self.fields.line
        return LineDraft(
            id=f"L{at + 1}",
            sku=sku,
            name=line.get("name", product.get("name")),
            category=line.get("category", product.get("category")),
            quantity=quantity,
            price=price,
            fields=self._own(record, f"lines[{at}].", specs, line) if specs else _NOTHING,
            product=product,
        )

    def _own(
        self, record: RecordRead, path: str, specs: Mapping[str, FieldSpec], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        own: dict[str, Any] = {}
        for name, spec in specs.items():
            value = values.get(name)
            if value is None and spec.formula is None:
                value = self.now if spec.default_now else spec.default
                if value is None and spec.required and not _told(record, path + name):
                    self._fault(record, "OK467", path + name, "")
            own[name] = value
        return own

    def _customer(self, record: RecordRead) -> tuple[str | None, Mapping[str, Any]]:
        given = record.values.get("customer")
        if given is None:
            return None, _NOTHING
        table = self.fields.tables.get("customers")
        key = table.key if table else "id"
        row = given if isinstance(given, dict) else {key: given}
        identity = row.get(key)
        if table is None or identity is None:
            return identity, {key: identity}
        try:
            known = self.lookup("customers", str(identity)) or _NOTHING
            return str(identity), table.read({**known, **row, key: identity})
        except BadValue as bad:
            value = shown(given) if bad.value is None else bad.value
            self._fault(record, bad.code, "customer", value, **bad.params)
            return None, _NOTHING

    def _fault(self, record: RecordRead, code: str, path: str, value: str, **params: str) -> None:
        target = next((one for one in self.program.order.targets if one.field == path), None)
        column = target.columns[0] if target and target.columns else ""
        span = target.span if target else self.program.span
        record.faults.append(Fault(code, path, column, value, params, span, record.line, record.record))


def _told(record: RecordRead, path: str) -> bool:
    return any(fault.field == path for fault in record.faults)
