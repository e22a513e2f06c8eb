"""A till for tests: YAML and goods in, a price or findings out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from orderkit._diagnostics import Collector
from orderkit._expr import types
from orderkit._pricing.compiler import compile_pricing
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._pricing.engine import PLENTY, Cart, CartLine, Left, price_cart
from orderkit._text import MapNode, read_text
from orderkit._text.definition import validate, validate_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orderkit._diagnostics import Diagnostic
    from orderkit._pricing.engine import PricingProgram
    from orderkit.domain.price import Price

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 17, 12, tzinfo=ZONE)

LINE = types.record("line", {"sku": types.TEXT, "quantity": types.COUNT, "net": types.MONEY})
ORDER = types.record(
    "order",
    {
        "total": types.MONEY,
        "discount": types.MONEY,
        "remark": types.optional(types.TEXT),
        "weight": types.optional(types.DECIMAL),
        "lines": types.list_of(LINE),
    },
)
CUSTOMER_FIELDS = {
    "level": types.choice("normal", "gold", "black"),
    "city": types.TEXT,
    "vip": types.BOOLEAN,
    "children": types.COUNT,
    "since": types.DATE,
}


@cache
def _compiled(text: str, currency: str) -> tuple[PricingProgram, tuple[Diagnostic, ...]]:
    found = Collector()
    root = read_text(text.encode(), "shop.yaml", found)
    sections = {key.text: value for key, value in root.entries} if isinstance(root, MapNode) else {}
    pricing = validate(PricingDefinition, sections["pricing"], found) if "pricing" in sections else None
    promotions = validate_each(PromotionDefinition, sections.get("promotions"), found)
    program = compile_pricing(
        pricing,
        promotions,
        currency=currency,
        zone=ZONE,
        scope={"order": ORDER},
        customer_fields=CUSTOMER_FIELDS,
        found=found,
    )
    return program, found.diagnostics


def _cart(lines: Iterable[tuple[Any, ...]], cart: dict[str, Any]) -> Cart:
    """Make a cart of (sku, quantity, price) or (sku, quantity, price, category), ids L1, L2 ..."""
    made = []
    attributes = cart.pop("attributes", [{}] * 99)
    for number, (sku, quantity, price, *category) in enumerate(lines, 1):
        made.append(
            CartLine(
                f"L{number}",
                sku,
                "",
                category[0] if category else None,
                quantity,
                Decimal(price),
                attributes[number - 1],
            )
        )
    return Cart(lines=tuple(made), **{"currency": "CNY", "at": NOON, **cart})


@pytest.fixture(scope="session")
def compiled() -> Callable[..., PricingProgram]:
    def run(text: str, currency: str = "CNY") -> PricingProgram:
        program, found = _compiled(text, currency)
        assert not found, [str(one) for one in found]
        return program

    return run


@pytest.fixture(scope="session")
def priced(compiled: Callable[..., PricingProgram]) -> Callable[..., Price]:
    def run(
        text: str,
        *lines: tuple[Any, ...],
        project_currency: str = "CNY",
        limits: dict[str, int] | None = None,
        left: Left = PLENTY,
        **cart: Any,
    ) -> Price:
        counted = replace(left, uses=limits) if limits else left
        return price_cart(compiled(text, project_currency), _cart(lines, cart), counted)

    return run


@pytest.fixture(scope="session")
def findings() -> Callable[..., list[str]]:
    """Give the findings of a text as `code@line:column`, hints after a blank where there is a suggestion."""

    def run(text: str, currency: str = "CNY") -> list[str]:
        _, found = _compiled(text, currency)
        return [
            f"{one.code}@{one.line}:{one.column}" + (f" {one.suggestion}" if one.suggestion else "")
            for one in found
        ]

    return run
