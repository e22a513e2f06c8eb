from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orderkit._diagnostics import Collector, Diagnostic, Span
from orderkit._expr import (
    BARE_COUNT,
    BOOLEAN,
    COUNT,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    MONEY,
    PERCENT,
    TEXT,
    Program,
    Template,
    Type,
    choice,
    compile_expression,
    compile_template,
    list_of,
    optional,
    record,
)

LINE = record(
    "line",
    {
        "sku": TEXT,
        "quantity": COUNT,
        "price": MONEY,
        "category": optional(TEXT),
        "gift": BOOLEAN,
        "points": optional(COUNT),
    },
)
CUSTOMER = record("customer", {"level": choice("normal", "gold"), "since": DATE})
ORDER = record(
    "order",
    {
        "number": TEXT,
        "state": choice("待支付", "已支付", "已关闭"),
        "total": MONEY,
        "paid": MONEY,
        "订单总额": MONEY,
        "weight": DECIMAL,
        "rate": PERCENT,
        "points": optional(COUNT),
        "held": BOOLEAN,
        "tags": list_of(TEXT),
        "lines": list_of(LINE),
        "customer": optional(CUSTOMER),
        "placed_at": DATETIME,
        "paid_at": optional(DATETIME),
        "note": optional(TEXT),
    },
)
SCOPE: dict[str, Type] = {
    "order": ORDER,
    "now": DATETIME,
    "qty": record("qty", {"shipped": COUNT, "ordered": COUNT}),
    "vars": record("vars", {"high_value": BARE_COUNT, "pay_within": DURATION}),
    "$row": record("row", {"收货地址": TEXT, "实收 金额": TEXT, "时间": TEXT}),
}
NOW = datetime(2026, 6, 18, 10, tzinfo=UTC)


def order_of(**changes: Any) -> dict[str, Any]:
    return {
        "number": "SO1",
        "state": "待支付",
        "total": Decimal("98.00"),
        "paid": Decimal(0),
        "订单总额": Decimal("98.00"),
        "weight": Decimal("1.5"),
        "rate": Decimal("0.05"),
        "points": None,
        "held": False,
        "tags": ["高价值"],
        "lines": [
            {
                "sku": "A100",
                "quantity": 2,
                "price": Decimal("45.00"),
                "category": "图书",
                "gift": True,
                "points": 3,
            },
            {
                "sku": "B1",
                "quantity": 1,
                "price": Decimal("8.00"),
                "category": None,
                "gift": False,
                "points": None,
            },
        ],
        "customer": None,
        "placed_at": NOW - timedelta(days=4),
        "paid_at": None,
        "note": "",
        **changes,
    }


def env(**changes: Any) -> dict[str, Any]:
    return {
        "order": order_of(**changes),
        "now": NOW,
        "qty": {"shipped": 1, "ordered": 3},
        "vars": {"high_value": 5000, "pay_within": timedelta(minutes=30)},
        "$row": {"收货地址": "上海", "实收 金额": "¥1,234.50", "时间": "2026/06/16 20:00"},
        "$in_stock": lambda lines: len(lines) == 2,
    }


@dataclass(frozen=True)
class Source:
    text: str
    span: Span


def source(text: str, *, quotes: int = 0) -> Source:
    return Source(text, Span("shop.yaml", 12, 7, 12, 7 + len(text) + quotes))


@dataclass(frozen=True)
class Judged:
    program: Program | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.diagnostics]


class Desk:
    scope = SCOPE
    now = NOW

    def env(self, **changes: Any) -> dict[str, Any]:
        return env(**changes)

    def source(self, text: str, *, quotes: int = 0) -> Source:
        return source(text, quotes=quotes)

    def judge(
        self, text: str, expects: Type | None = None, *, functions: tuple[str, ...] = ("in_stock",)
    ) -> Judged:
        found = Collector()
        program = compile_expression(source(text), SCOPE, found, expects=expects, functions=functions)
        return Judged(program, found.diagnostics)

    def program_of(self, text: str, expects: Type | None = None) -> Program:
        judged = self.judge(text, expects)
        assert judged.program is not None, [str(one) for one in judged.diagnostics]
        return judged.program

    def value_of(self, text: str, expects: Type | None = None, **changes: Any) -> object:
        return self.program_of(text, expects).run(env(**changes))

    def template_of(self, text: str) -> tuple[Template | None, tuple[Diagnostic, ...]]:
        found = Collector()
        return compile_template(source(text), SCOPE, found), found.diagnostics


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()
