"""Texts with holes: what is written, what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderkit._diagnostics import Collector
from orderkit._expr import COUNT, DATETIME, compile_template


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("订单 {order.number} 金额 {order.total}", "订单 SO1 金额 98.00"),
        ("{order.total:,.2f} {vars.high_value:,} {vars.high_value:06}", "98.00 5,000 005000"),
        ("{now}", "2026-06-18 10:00"),
        ("{now:%Y年%m月%d日}", "2026年06月18日"),
        ("{{{order.number}}}", "{SO1}"),
        ("{order.points}{order.customer.level}.", "."),
        ("{order.held} {order.tags}", "否 高价值"),
        ("{vars.pay_within}", "0:30:00"),
        ("", ""),
    ],
)
def test_holes_are_filled(desk: Any, text: str, written: str) -> None:
    template, diagnostics = desk.template_of(text)
    assert template is not None, [str(one) for one in diagnostics]
    assert template.fill(desk.env(), "zh") == written


def test_numbers_are_written_plainly(desk: Any) -> None:
    template, _ = desk.template_of("{order.total} {order.held}")
    assert template is not None
    assert template.fill(desk.env(total=Decimal("1E+3")), "en") == "1000 no"


@pytest.mark.parametrize(
    ("text", "code", "column", "suggestion"),
    [
        ("订单 {order.numbr}", "OK331", 11, "number"),
        ("{ordr.number}", "OK330", 2, "order"),
        ("a {order.number", "OK540", 3, ""),
        ("a } b", "OK541", 3, ""),
        ("{order.total + 1}", "OK542", 2, ""),
        ("{}", "OK542", 2, ""),
        ("{order.number.upper()}", "OK542", 2, ""),
        ("{0.__class__}", "OK542", 2, ""),
        ("{order.__class__}", "OK331", 8, ""),
        ("{order.total!r}", "OK542", 2, ""),
        ("{order.total:%Y}", "OK543", 14, ""),
        ("{order.total:>1000000000}", "OK543", 14, ""),
        ("{order.total:.1000000000f}", "OK543", 14, ""),
        ("{now:%-1000000000d}", "OK543", 6, ""),
        ("{vars.high_value:099}", "OK543", 18, ""),
        ("{order.number:}", "OK543", 15, ""),
        ("{order.lines}", "OK544", 2, ""),
        ("{order}", "OK544", 2, ""),
        ("{order.\u200bnumber}", "OK510", 8, ""),
    ],
)
def test_a_mistake_in_a_hole(desk: Any, text: str, code: str, column: int, suggestion: str) -> None:
    template, diagnostics = desk.template_of(text)
    assert template is None
    assert (diagnostics[0].code, diagnostics[0].column - 6) == (code, column)
    assert diagnostics[0].suggestion == suggestion


def test_a_template_tells_what_it_reads(desk: Any) -> None:
    template, _ = desk.template_of("{order.number} {order.customer.level}")
    assert template is not None
    assert template.paths == {"order.number", "order.customer.level"}


def test_times_are_shown_in_the_projects_zone(desk: Any) -> None:
    scope = {"now": DATETIME, "serial": COUNT}
    template = compile_template(
        desk.source("SO{now:%Y%m%d}{serial:06}"), scope, Collector(), now_zone=ZoneInfo("Asia/Shanghai")
    )
    assert template is not None
    assert template.fill({"now": desk.now + timedelta(hours=8), "serial": 42}) == "SO20260619000042"
