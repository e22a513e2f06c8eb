"""Which values of an order, a line or a payment reports can read, and under which names."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._reports.engine import GRAINS, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._expr.place import SourceText
    from orderkit._expr.types import Type
    from orderkit._fields.engine import FieldProgram
    from orderkit._vocabulary import Vocabulary

_TEXT, _MONEY, _MOMENT = "text", "money", "datetime"
_ORDER: Final[Mapping[str, tuple[str, bool]]] = {
    "id": (_TEXT, False),
    "number": (_TEXT, False),
    "channel": (_TEXT, True),
    "external_number": (_TEXT, True),
    "state": (_TEXT, False),
    "placed_at": (_MOMENT, False),
    "currency": (_TEXT, False),
    "customer": (_TEXT, True),
    "points": ("integer", False),
    "note": (_TEXT, False),
    "assigned": (_TEXT, True),
    **dict.fromkeys(
        ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance"), (_MONEY, False)
    ),
    **dict.fromkeys(("paid_at", "shipped_at", "done_at", "canceled_at"), (_MOMENT, True)),
}
_LINE: Final[Mapping[str, tuple[str, bool]]] = {
    "id": (_TEXT, False),
    "sku": (_TEXT, False),
    "name": (_TEXT, True),
    "category": (_TEXT, True),
    "quantity": ("integer", False),
    "price": ("price", False),
    **dict.fromkeys(("list", "discount", "net", "tax"), (_MONEY, False)),
}
_MOVED: Final[Mapping[str, tuple[str, bool]]] = {
    "id": (_TEXT, False),
    "amount": (_MONEY, False),
    "at": (_MOMENT, False),
    "txn": (_TEXT, False),
    "reason": (_TEXT, False),
}
_STANDARD: Final = {"order": _ORDER, "line": _LINE, "payment": _MOVED, "refund": _MOVED}
_OWN_TIME: Final = {
    "order": ("order", "placed_at"),
    "line": ("order", "placed_at"),
    "payment": ("payment", "at"),
    "refund": ("refund", "at"),
}
# Decimals stand as exact text in the store, which SQL can neither add nor order.
_OWN_KINDS: Final[Mapping[types.Kind, str]] = {
    types.Kind.TEXT: _TEXT,
    types.Kind.CHOICE: _TEXT,
    types.Kind.COUNT: "integer",
    types.Kind.MONEY: "price",
    types.Kind.BOOLEAN: "boolean",
    types.Kind.DATE: "date",
    types.Kind.DATETIME: _MOMENT,
}


@dataclass(frozen=True, slots=True)
class Readable:
    """What metrics and reports of one project can read.

    Args:
        fields: The order model.
        vocabulary: The project's names.
        found: Takes the mistakes.
    """

    fields: FieldProgram
    vocabulary: Vocabulary
    found: Collector

    def field(self, owner: str, name: str, grain: str) -> Field | None:
        """Find a field of a grain's record or of its order.

        Args:
            owner: `order`, `line`, `payment` or `refund`.
            name: Name of the field.
            grain: Whose records are looked at.

        Returns:
            The field, or None where reports cannot read it.
        """
        standard = _STANDARD[owner].get(name)
        if standard is not None:
            one = Field(owner, name, *standard)
        else:
            specs = {"order": self.fields.order, "line": self.fields.line}.get(owner, {})
            kind = _OWN_KINDS.get(specs[name].type.kind) if name in specs else None
            if kind is None:
                return None
            one = Field(owner, name, kind, optional=True, own=True)
        # A loose refund has a channel and a currency, and nothing else of an order.
        loose = grain == "refund" and owner == "order" and name != "currency"
        return replace(one, optional=True) if loose else one

    def private(self, owner: str, name: str) -> bool:
        """Tell whether only some roles see a field in clear.

        Args:
            owner: `order` or `line`.
            name: Name of the field.

        Returns:
            True for private fields.
        """
        spec = self.fields.spec(owner, name)
        return spec is not None and spec.private

    def own_time(self, grain: str) -> Field:
        """Give the time a record has where nothing else is written.

        Args:
            grain: Its grain.

        Returns:
            `order.placed_at` for orders and lines, the moment of payment for money.
        """
        owner, name = _OWN_TIME[grain]
        return Field(owner, name, _MOMENT)

    def scope(self, *grains: str) -> dict[str, Type]:
        """Name what expressions of a grain may read.

        Args:
            *grains: The grains; the order belongs to each.

        Returns:
            Types by name.
        """
        moved = {
            "id": types.TEXT,
            "amount": types.MONEY,
            "at": types.DATETIME,
            "txn": types.TEXT,
            "reason": types.TEXT,
        }
        known = {"order": self.vocabulary.order, "line": self.vocabulary.line}
        known |= {one: types.record(one, moved) for one in ("payment", "refund")}
        if "refund" in grains:
            known["order"] = types.optional(known["order"])
        return {
            **{one: known[one] for one in dict.fromkeys(("order", *grains))},
            "vars": types.record("vars", self.vocabulary.variable_types),
        }

    def path(self, source: SourceText, grains: tuple[str, ...] = GRAINS) -> Field | None:
        """Read a text that names one field.

        Args:
            source: The text, such as `order.total`.
            grains: Records it may be of.

        Returns:
            The field, for records of its own grain; None where a mistake was reported.
        """
        program = compile_expression(source, self.scope(*grains), self.found)
        if program is None:
            return None
        tree = program.stepper.parsed.tree
        if (
            not (isinstance(tree, ast.Attribute) and isinstance(tree.value, ast.Name))
            or tree.value.id == "vars"
        ):
            if isinstance(tree, ast.Attribute) and not isinstance(tree.value, ast.Name):
                self.found.add("OK906", source.span, path=source.text)
            else:
                self.found.add("OK903", source.span, text=source.text)
            return None
        one = self.field(tree.value.id, tree.attr, tree.value.id)
        if one is None:
            self.found.add("OK906", source.span, path=source.text)
            return None
        if self.private(one.owner, one.name):
            self.found.add("OK923", source.span, path=source.text)
            return None
        return one
