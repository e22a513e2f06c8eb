"""Both executors give the same rows for any orders, and filters mean what expressions mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit._commands.calls import answer
from orderkit._commands.reporting import report
from orderkit._diagnostics import NOWHERE, Collector, Span
from orderkit._expr import BOOLEAN
from orderkit._expr.compiler import compile_expression
from orderkit._expr.failure import NotComputable
from orderkit._fields.view import order_view
from orderkit._reports import reference
from orderkit._reports.engine import Field, Measure, Query
from orderkit._reports.fields import Readable
from orderkit._reports.filters import compile_filter
from orderkit._vocabulary import Vocabulary
from orderkit.adapters.sql import SqlStore
from orderkit.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._project import Project
    from orderkit.domain.order import Order, Payment

METRICS = """
metrics:
  orders:   {count: order}
  open:     {count: order, if: "order.state in ('placed', 'paid')"}
  dear:     {sum: order.total, if: order.total > vars.dear or order.gift}
  gmv:      {sum: order.total, if: "not (order.state == 'closed' and order.province != none)"}
  fees:     {sum: order.fee, if: order.fee >= 0.01}
  owed:     {sum: order.balance, if: order.paid < order.total}
  boxes:    {average: order.boxes}
  buyers:   {distinct: order.customer, if: "order.due < order.due or order.province == 'north' or order.boxes > 1"}
  seen:     {count: order, at: order.seen_at}
  units:    {sum: line.quantity, if: line.wrap or line.net > 5}
  skus:     {distinct: line.sku}
  paid:     {sum: payment.amount}
  refunds:  {sum: refund.amount, if: "order.state != 'closed'"}
  big:      {count: refund, if: refund.amount > 1 and order.total > 2}
  net:      {formula: paid - refunds}
  aov:      {ratio: [gmv, orders]}
reports:
  all:       {metrics: [orders, open, dear, gmv, fees, owed, boxes, buyers, seen, units, skus, paid, refunds, big, net, aov]}
  trend:     {metrics: [orders, gmv, aov, seen, units, refunds, net, buyers], time: {by: [day, hour, week, month, quarter, year]}}
  timed:     {metrics: [orders, gmv, units, refunds], time: {at: order.seen_at, by: [week]}}
  provinces: {metrics: [gmv, orders, buyers, refunds], by: [province], top: 1, others: true, share: gmv}
  months:    {metrics: [orders, buyers, refunds], by: channel, time: {by: [month]}, top: 1, others: true}
  kinds:     {metrics: [orders, fees], by: [gift, due, boxes, level], if: "order.state != 'done'"}
  best:      {metrics: [units, skus], by: [line.sku, state], if: line.quantity > 1}
"""
REPORTS = ("all", "trend", "timed", "provinces", "months", "kinds", "best")
ZONES = ("Asia/Shanghai", "Europe/London", "Australia/Lord_Howe")

MOMENTS = st.datetimes(datetime(2025, 11, 1), datetime(2026, 4, 30), timezones=st.just(UTC))  # noqa: DTZ001
CURRENCIES = st.sampled_from(["CNY", "CNY", "CNY", "JPY"])
AMOUNTS = st.integers(0, 20_000)


@st.composite
def orders_of(draw: st.DrawFn, order: Callable[..., Order], moved: Callable[..., Payment]) -> list[Order]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        currency = draw(CURRENCIES)
        lines = [
            (
                draw(st.sampled_from("XYZ")),
                draw(st.integers(1, 3)),
                str(Money(draw(AMOUNTS), currency).amount),
            )
            for _ in range(draw(st.integers(0, 3)))
        ]
        payments = [
            moved(
                draw(st.sampled_from(["payment", "refund"])),
                str(Money(draw(AMOUNTS), currency).amount),
                draw(MOMENTS).isoformat(),
                currency=currency,
                id=f"p{position}",
            )
            for position in range(draw(st.integers(0, 2)))
        ]
        fields = {
            "province": draw(st.none() | st.sampled_from(["north", "south", "东"])),
            "fee": draw(st.none() | st.decimals(0, 50, places=3)),
            "gift": draw(st.none() | st.booleans()),
            "due": draw(st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 3))),
            "seen_at": draw(st.none() | MOMENTS),
            "boxes": draw(st.none() | st.integers(0, 3)),
            "level": draw(st.none() | st.sampled_from(["normal", "gold"])),
        }
        made.append(
            order(
                f"A{number}",
                draw(MOMENTS).isoformat(),
                *lines,
                currency=currency,
                payments=payments,
                fields=fields,
                line_fields={"wrap": draw(st.none() | st.booleans())},
                state=draw(st.sampled_from(["placed", "paid", "done", "closed"])),
                channel=draw(st.none() | st.sampled_from(["a", "b"])),
                customer=draw(st.none() | st.sampled_from(["c1", "c2"])),
            )
        )
    return made


@dataclass
class _Roles:
    """Answers report queries from a list of orders."""

    orders: list[Order]
    loose: list[Payment]

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        return reference.rows(query, self.orders, self.loose)


@dataclass
class _Unit:
    figures: _Roles


@pytest.mark.parametrize("name", REPORTS)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_orders_give_the_same_table_in_memory_and_in_sql(
    data: st.DataObject, name: str, order: Any, moved: Any, project: Callable[..., Project]
) -> None:
    orders = data.draw(orders_of(order, moved))
    loose = [
        moved(
            "refund",
            str(Money(data.draw(AMOUNTS), "CNY").amount),
            data.draw(MOMENTS).isoformat(),
            channel="a",
            id=str(n),
        )
        for n in range(data.draw(st.integers(0, 2)))
    ]
    since, until = data.draw(st.none() | MOMENTS), data.draw(st.none() | MOMENTS)
    by = data.draw(st.none() | st.sampled_from(["day", "week", "month", "year"]))
    where: Any = data.draw(
        st.sampled_from([{}, {"channel": "a"}, {"gift": None}, {"channel": ["a", None], "gift": "true"}])
    )
    shop = project(METRICS, data.draw(st.sampled_from(ZONES)), "CNY", "en_GB")
    now = data.draw(MOMENTS)
    store = SqlStore("sqlite://")
    try:
        store.prepare(shop.fields.columns, shop.hash, shop.texts)
        with store.transaction() as unit:
            unit.orders.insert(orders)
            unit.orders.add_loose(loose)
        with store.transaction(write=False) as unit:
            in_sql = answer(report(shop, name, since=since, until=until, by=by, where=where, now=now), unit)
    finally:
        store.close()
    kept: Any = _Unit(_Roles(orders, loose))
    in_memory = answer(report(shop, name, since=since, until=until, by=by, where=where, now=now), kept)
    assert in_sql == in_memory


@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_groups_add_up_to_the_whole_and_the_others_to_the_rest(
    data: st.DataObject, order: Any, moved: Any, project: Callable[..., Project]
) -> None:
    orders = [one for one in data.draw(orders_of(order, moved)) if one.currency == "CNY"]
    kept: Any = _Unit(_Roles(orders, []))
    shop = project(METRICS, "Asia/Shanghai", "CNY", "en_GB")
    now = datetime(2027, 1, 1, tzinfo=UTC)

    def total(name: str, metric: str) -> int:
        rows = answer(report(shop, name, now=now), kept).to_dicts()
        found: int = sum(
            one.minor if isinstance(one, Money) else one for row in rows for one in [row[metric]]
        )
        return found

    assert total("provinces", "gmv") == total("all", "gmv") == total("trend", "gmv")
    assert total("months", "orders") == total("all", "orders") == len(orders)
    assert total("provinces", "refunds") == total("trend", "refunds")
    shares = [row["gmv_share"] for row in answer(report(shop, "provinces", now=now), kept).to_dicts()]
    assert not shares or sum(share or Decimal(0) for share in shares) in (0, 1)


CONDITIONS = (
    "order.total > 100",
    "100 >= order.total",
    "order.gift",
    "not order.gift or order.boxes < 2",
    "order.boxes < 2 and order.gift",
    "order.gift or (order.boxes > 1 and order.province == 'north')",
    "order.province != 'north'",
    "order.province == none",
    "order.province in ('north', '东')",
    "order.province not in ('north', '东')",
    "order.state in vars.open",
    "1 < order.boxes <= 3",
    "order.paid == order.total",
    "order.paid < order.total and not (order.channel == 'a' or order.boxes == 1)",
    "order.fee > 12.345",
    "order.due <= order.due",
    "order.seen_at > order.placed_at",
    "order.placed_at >= time('2026-01-15 08:00')",
    "order.total > vars.dear * 1.5",
    "true or order.gift",
    "order.level == 'gold' or order.gift == true",
)


@cache
def _condition(text: str, shop: Project) -> tuple[Any, Any]:
    vocabulary = Vocabulary("CNY", shop.fields.zone, shop.variables)
    vocabulary.order, vocabulary.line = shop.fields.order_type, shop.fields.line_type
    vocabulary.variable_types = _variable_types()
    found = Collector()
    readable = Readable(shop.fields, vocabulary, found)
    source = _Source(text, NOWHERE)
    condition = compile_filter(source, "order", readable)
    program = compile_expression(
        source, readable.scope("order"), found, expects=BOOLEAN, now_zone=shop.fields.zone
    )
    assert not found.diagnostics, [str(one) for one in found.diagnostics]
    return condition, program


def _variable_types() -> dict[str, Any]:
    from orderkit._expr import BARE_COUNT, TEXT, list_of

    return {"dear": BARE_COUNT, "open": list_of(TEXT)}


@dataclass(frozen=True)
class _Source:
    text: str
    span: Span


@pytest.mark.parametrize("text", CONDITIONS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_filter_means_what_the_expression_means(
    data: st.DataObject, text: str, order: Any, moved: Any, project: Callable[..., Project]
) -> None:
    orders = [one for one in data.draw(orders_of(order, moved)) if one.currency == "CNY"]
    shop = project(METRICS, "Asia/Shanghai", "CNY", "en_GB")
    condition, program = _condition(text, shop)
    at = Field("order", "placed_at", "datetime")
    query = Query("order", at, "UTC", (Measure("count", None, condition),))
    for one in orders:
        ((_, _, counted, excluded),) = reference.rows(query, [one], [])
        try:
            expected = (int(program.run({"order": order_view(one), "vars": shop.variables})), 0)
        except NotComputable:
            expected = (0, 1)
        assert (counted, excluded) == expected


def test_the_period_begins_with_its_first_instant_and_ends_before_its_last(shop: Any, order: Any) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    orders = [
        order(str(n), (start + timedelta(microseconds=n)).isoformat(), ("X", 1, "1")) for n in (-1, 0, 1, 2)
    ]
    table = shop.table(METRICS, "all", orders, since="2026-06-01", until="2026-06-01T00:00:00.000002")
    assert table.counted["orders"] == 2
