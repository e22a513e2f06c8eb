"""What expressions may read of an order, a line, a part and the project's variables."""

from __future__ import annotations

import re
from decimal import Decimal
from keyword import iskeyword
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from orderkit._expr import types
from orderkit._text.nodes import ListNode, Node, ScalarNode
from orderkit.domain.calendar import parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Type
    from orderkit._fields.engine import TableProgram
    from orderkit._vocabulary import Vocabulary


def line_types() -> dict[str, Type]:
    """List the standard fields of a line.

    Returns:
        Types by name.
    """
    return {
        "id": types.TEXT,
        "sku": types.TEXT,
        "name": types.optional(types.TEXT),
        "category": types.optional(types.TEXT),
        "quantity": types.COUNT,
        **dict.fromkeys(("price", "list", "discount", "net", "tax"), types.MONEY),
    }


def part_types(state: Type) -> dict[str, Type]:
    """List the fields of a part.

    Args:
        state: Type of its state.

    Returns:
        Types by name.
    """
    return {
        "id": types.TEXT,
        "number": types.TEXT,
        "state": state,
        "amount": types.MONEY,
        "reason": types.TEXT,
        "opened_at": types.DATETIME,
        "assigned": types.optional(types.TEXT),
        "units": types.COUNT,
    }


def order_types(
    vocabulary: Vocabulary, states: tuple[str, ...], tables: Mapping[str, TableProgram]
) -> dict[str, Type]:
    """List the standard fields of an order, and tell the vocabulary what a customer has.

    Args:
        vocabulary: The project's names; its customer type is filled here.
        states: All states of the flow of orders.
        tables: The project's tables.

    Returns:
        Types by name.
    """
    customers = tables.get("customers")
    row = {"id": types.TEXT}
    if customers is not None:
        row = {customers.key: types.TEXT}
        row |= {name: types.optional(spec.type) for name, spec in customers.fields.items()}
    vocabulary.customer = types.record("customer", row)
    money = ("subtotal", "discount", "shipping", "tax", "total", "paid", "refunded", "balance")
    moments = ("paid_at", "shipped_at", "done_at", "canceled_at")
    return {
        "id": types.TEXT,
        "number": types.TEXT,
        "channel": types.optional(types.TEXT),
        "external_number": types.optional(types.TEXT),
        "state": types.choice(*states, name="order.state") if states else types.TEXT,
        "placed_at": types.DATETIME,
        "currency": types.TEXT,
        "customer": types.optional(vocabulary.customer),
        "coupons": types.list_of(types.TEXT),
        "points": types.COUNT,
        "tags": types.list_of(types.TEXT),
        "note": types.TEXT,
        "assigned": types.optional(types.TEXT),
        "shown": types.TEXT,
        "held": types.BOOLEAN,
        "holds": types.list_of(types.record("hold", {"name": types.TEXT, "why": types.TEXT})),
        **dict.fromkeys(money, types.MONEY),
        **dict.fromkeys(moments, types.optional(types.DATETIME)),
    }


def check_variables(nodes: Mapping[str, Node], found: Collector) -> None:
    """Tell at its own place a variable that no expression could use, before its users are told.

    Args:
        nodes: `project.vars` as written.
        found: Takes the mistakes.
    """
    for name, node in nodes.items():
        place = node.span if node.key is None else node.key.span
        usual = normalize("NFKC", name)
        if not usual.isidentifier() or iskeyword(usual):
            found.add("OK328", place, name=name)
        elif isinstance(node, ScalarNode) and node.empty:
            found.add("OK440", place, name=name)
        elif isinstance(node, ScalarNode) and not node.style:
            _spelling(node, found)


def _spelling(node: ScalarNode, found: Collector) -> None:
    text = normalize("NFKC", node.text).replace(",", "").strip()
    amount = _SIGNED(text)
    if amount:
        found.add("OK441", node.span, suggestion=amount[1] or amount[2], value=node.text)
        return
    length = _SPOKEN(text)
    if length:
        unit = next(plain for spoken, plain in _UNITS if length[2] in spoken)
        found.add("OK442", node.span, suggestion=f"{length[1]}{unit}", value=node.text)


_SIGNED = re.compile(r"[¥$€£]\s*(\d+(?:\.\d+)?)元?|(\d+(?:\.\d+)?)\s*[元块¥$€£]").fullmatch
_SPOKEN = re.compile(r"(\d+)\s*(?:个)?(秒|秒钟|分|分钟|小时|时|钟头|天|日|周|星期)").fullmatch
_UNITS = (("秒钟", "s"), ("分钟", "m"), ("小时钟头", "h"), ("天日", "d"), ("星期周", "w"))


def variable(node: Node) -> tuple[Any, Type]:
    """Read one of `project.vars`; it takes the type of its spelling.

    Args:
        node: As written.

    Returns:
        The value and its type: duration, whole number, number, truth value, text, or a list of texts.
    """
    if isinstance(node, ListNode):
        return [one.text for one in node.items if isinstance(one, ScalarNode)], types.list_of(types.TEXT)
    text = node.text if isinstance(node, ScalarNode) else ""
    if isinstance(node, ScalarNode) and not node.style:
        duration = parse_duration(text)
        if duration is not None:
            return duration.as_timedelta(), types.DURATION
        if re.fullmatch(r"[+-]?(0|[1-9]\d{0,15})", text):
            return int(text), types.bare(types.COUNT)
        if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", text):
            return Decimal(text), types.bare(types.DECIMAL)
        if text in ("true", "false"):
            return text == "true", types.BOOLEAN
    return text, types.TEXT
