"""Reports as analysts write them: YAML and orders in, a table out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderkit.domain.money import Money
from orderkit.errors import NotFound

BASICS = """
metrics:
  orders:  {label: Orders, count: order, if: "order.state != 'closed'"}
  gmv:     {label: GMV, sum: order.total, if: "order.state != 'closed'"}
  aov:     {label: AOV, ratio: [gmv, orders]}
  units:   {sum: line.quantity}
  revenue: {sum: line.net}
  paid:    {sum: payment.amount}
  refunds: {sum: refund.amount}
  net:     {formula: paid - refunds}
  buyers:  {distinct: order.customer}
  usual:   {average: order.total}
  credits: {count: refund}
reports:
  whole:    {metrics: [orders, gmv, aov, usual, buyers]}
  trend:    {metrics: [orders, gmv, aov], time: {at: order.placed_at, by: [day, week, month]}}
  channels: {metrics: [orders, gmv, refunds], by: channel, share: gmv}
  top:      {metrics: [gmv, orders, aov, buyers], by: province, top: 2, others: true, share: gmv}
  best:     {metrics: [revenue, units], by: line.sku, top: 2}
  cash:     {metrics: [paid, refunds, net, credits], time: {by: month}}
  placed:   {metrics: [gmv, refunds], time: {at: order.placed_at, by: month}}
  rising:   {metrics: [gmv], by: province, time: {by: day}, top: 1, others: true}
"""


def test_an_average_order_value_is_rounded_half_up_for_people_and_exact_inside(shop: Any, order: Any) -> None:
    orders = [order("A", "2026-06-01", ("X", 1, "100.00"), customer="c1")]
    orders += [order(number, "2026-06-01", ("X", 1, "50.05"), customer="c1") for number in ("B", "C")]
    table = shop.table(BASICS, "whole", orders)
    assert table.to_dicts() == [
        {
            "orders": 3,
            "gmv": Money.of("200.10", "CNY"),
            "aov": Money.of("66.70", "CNY"),
            "usual": Money.of("66.70", "CNY"),
            "buyers": 1,
        }
    ]
    orders.append(order("D", "2026-06-01", ("X", 1, "0.11")))
    table = shop.table(BASICS, "whole", orders)
    assert table.rows[0][2] == Money.of("50.05", "CNY")
    assert table.exact[0][2] == Decimal("50.0525")
    orders.append(order("E", "2026-06-01", ("X", 1, "0.04")))
    assert shop.table(BASICS, "whole", orders).exact[0][2] == Decimal("40.05")


def test_orders_that_are_filtered_out_do_not_count(shop: Any, order: Any) -> None:
    orders = [
        order("A", "2026-06-01", ("X", 1, "10")),
        order("B", "2026-06-01", ("X", 1, "99"), state="closed"),
    ]
    table = shop.table(BASICS, "whole", orders)
    assert table.rows[0][:2] == (1, Money.of("10", "CNY"))
    assert table.counted == {"gmv": 1, "orders": 1, "usual": 2, "buyers": 0}
    assert table.excluded == {"gmv": 0, "orders": 0, "usual": 0, "buyers": 2}


def test_nothing_sold_is_zero_orders_and_no_average(shop: Any) -> None:
    assert shop.rows(BASICS, "whole") == [(0, "0.00", None, None, 0)]


def test_empty_days_between_are_shown(shop: Any, order: Any) -> None:
    orders = [order("A", "2026-06-01T03:00", ("X", 1, "10")), order("B", "2026-06-03T03:00", ("X", 1, "30"))]
    assert shop.rows(BASICS, "trend", orders) == [
        ("2026-06-01", 1, "10.00", "10.00"),
        ("2026-06-02", 0, "0.00", None),
        ("2026-06-03", 1, "30.00", "30.00"),
    ]


def test_the_caller_may_take_another_grain_and_period(shop: Any, order: Any) -> None:
    orders = [order(str(day), f"2026-06-{day:02}T03:00", ("X", 1, "10")) for day in range(1, 31)]
    assert shop.rows(BASICS, "trend", orders, by="month") == [("2026-06", 30, "300.00", "10.00")]
    table = shop.table(BASICS, "trend", orders, by="week", since="2026-06-02T16:00", until="2026-06-14T16:00")
    assert [row[:2] for row in table.rows] == [("2026-W23", 5), ("2026-W24", 7)]
    assert table.partial == (True, False)


def test_a_period_without_sales_is_shown_as_asked(shop: Any) -> None:
    rows = shop.rows(BASICS, "trend", since="2026-05-31T16:00", until="2026-06-02T16:00")
    assert rows == [("2026-06-01", 0, "0.00", None), ("2026-06-02", 0, "0.00", None)]


def test_the_running_day_is_marked_and_days_to_come_are_not_shown(shop: Any, order: Any) -> None:
    orders = [order("A", "2026-06-01T03:00", ("X", 1, "10")), order("B", "2026-06-02T01:00", ("X", 1, "10"))]
    table = shop.table(
        BASICS, "trend", orders, now="2026-06-02T02:00", since="2026-05-31T16:00", until="2026-06-30T16:00"
    )
    assert [row[0] for row in table.rows] == ["2026-06-01", "2026-06-02"]
    assert table.partial == (False, True)


def test_shares_shown_add_up_to_one(shop: Any, order: Any) -> None:
    orders = [order(name, "2026-06-01", ("X", 1, "10"), channel=name) for name in ("a", "b", "c")]
    table = shop.table(BASICS, "channels", orders)
    assert [(row["channel"], row["gmv_share"]) for row in table.to_dicts()] == [
        ("a", Decimal("0.3334")),
        ("b", Decimal("0.3333")),
        ("c", Decimal("0.3333")),
    ]
    assert table.exact[0][3] == Decimal("0.3333333333333333333333333333")


def test_a_refund_counts_for_the_channel_of_its_order_and_a_loose_one_for_its_own(
    shop: Any, order: Any, moved: Any
) -> None:
    back = moved("refund", "4.00", "2026-06-05")
    orders = [
        order("A", "2026-06-01", ("X", 1, "10"), channel="a", payments=[back]),
        order("B", "2026-06-01", ("X", 1, "30"), channel="b"),
    ]
    loose = [
        moved("refund", "1.50", "2026-06-09", channel="a"),
        moved("refund", "2.00", "2026-06-09", channel="z"),
    ]
    assert shop.rows(BASICS, "channels", orders, loose=loose) == [
        ("b", 1, "30.00", Decimal("0.7500"), "0.00"),
        ("a", 1, "10.00", Decimal("0.2500"), "5.50"),
        ("z", 0, "0.00", Decimal("0.0000"), "2.00"),
    ]


def test_money_goes_by_the_day_it_moved(shop: Any, order: Any, moved: Any) -> None:
    payments = [moved("payment", "10.00", "2026-06-01"), moved("refund", "4.00", "2026-07-02")]
    orders = [order("A", "2026-05-30", ("X", 1, "10"), payments=payments)]
    loose = [moved("refund", "1.00", "2026-07-03", channel="a")]
    assert shop.rows(BASICS, "cash", orders, loose=loose) == [
        ("2026-06", "10.00", "0.00", "10.00", 0),
        ("2026-07", "0.00", "5.00", "-5.00", 2),
    ]


def test_a_report_may_put_refunds_into_the_time_of_their_orders(shop: Any, order: Any, moved: Any) -> None:
    payments = [moved("refund", "4.00", "2026-07-02")]
    orders = [order("A", "2026-05-30", ("X", 1, "10"), payments=payments)]
    table = shop.table(BASICS, "placed", orders, loose=[moved("refund", "1.00", "2026-07-03", channel="a")])
    assert [row[0] for row in table.rows] == ["2026-05"]
    assert table.rows[0][2] == Money.of("4.00", "CNY")
    assert table.excluded["refunds"] == 1


def test_the_top_and_the_others_make_up_the_whole(shop: Any, order: Any) -> None:
    amounts = {"north": "50", "south": "30", "east": "15", "west": "5"}
    orders = [
        order(name, "2026-06-01", ("X", 1, amount), customer="c1", fields={"province": name})
        for name, amount in amounts.items()
    ]
    orders.append(order("E2", "2026-06-01", ("X", 1, "5"), customer="c2", fields={"province": "east"}))
    table = shop.table(BASICS, "top", orders)
    assert table.others == (False, False, True)
    assert [tuple(str(one) for one in row) for row in table.rows] == [
        ("north", "50.00 CNY", "0.4762", "1", "50.00 CNY", "1"),
        ("south", "30.00 CNY", "0.2857", "1", "30.00 CNY", "1"),
        ("others", "25.00 CNY", "0.2381", "3", "8.33 CNY", "2"),
    ]
    assert sum(row[2] for row in table.rows) == 1
    assert [column.name for column in table.columns] == [
        "province", "gmv", "gmv_share", "orders", "aov", "buyers",
    ]  # fmt: skip


def test_best_sellers_are_ranked_and_ties_go_by_the_name(shop: Any, order: Any) -> None:
    orders = [
        order("A", "2026-06-01", ("Z", 1, "10"), ("Y", 2, "10"), ("X", 1, "5")),
        order("B", "2026-06-02", ("X", 1, "1")),
    ]
    assert shop.rows(BASICS, "best", orders) == [("Y", "10.00", 2), ("Z", "10.00", 1)]


def test_the_top_of_a_trend_is_that_of_the_whole_period(shop: Any, order: Any) -> None:
    orders = [
        order("A", "2026-06-01T03:00", ("X", 1, "10"), fields={"province": "north"}),
        order("B", "2026-06-01T03:00", ("X", 1, "90"), fields={"province": "south"}),
        order("C", "2026-06-02T03:00", ("X", 1, "85"), fields={"province": "north"}),
    ]
    assert shop.rows(BASICS, "rising", orders) == [
        ("2026-06-01", "north", "10.00"),
        ("2026-06-01", "others", "90.00"),
        ("2026-06-02", "north", "85.00"),
    ]


def test_a_caller_filters_by_dimensions(shop: Any, order: Any) -> None:
    orders = [
        order("A", "2026-06-01T03:00", ("X", 1, "10"), channel="tmall", fields={"gift": True}),
        order("B", "2026-06-01T03:00", ("X", 1, "20"), channel="jd", fields={"gift": False}),
        order("C", "2026-06-01T03:00", ("X", 1, "40"), channel=None),
    ]
    assert shop.rows(BASICS, "trend", orders, where={"channel": "tmall"})[0][1:3] == (1, "10.00")
    assert shop.rows(BASICS, "trend", orders, where={"order.channel": ["tmall", "jd"]})[0][1:3] == (
        2,
        "30.00",
    )
    assert shop.rows(BASICS, "trend", orders, where={"channel": None})[0][1:3] == (1, "40.00")
    assert shop.rows(BASICS, "trend", orders, where={"gift": "false"})[0][1:3] == (1, "20.00")
    table = shop.table(BASICS, "trend", orders, where={"channel": "tmall", "gift": True})
    assert table.filters == ("channel == 'tmall'", "gift == True")


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("tend", {}, "did you mean 'trend'"),
        ("trend", {"by": "wek"}, "did you mean 'week'"),
        ("trend", {"where": {"chanel": "a"}}, "did you mean 'channel'"),
        ("trend", {"where": {"line.sku": "X"}}, "counts orders, which have no single line.sku"),
    ],
)
def test_a_caller_who_asks_for_what_is_not_there_is_told(shop: Any, name: str, asked: Any, said: str) -> None:
    with pytest.raises(NotFound, match=said):
        shop.table(BASICS, name, **asked)


def test_two_currencies_are_never_added(shop: Any, order: Any) -> None:
    orders = [
        order("A", "2026-06-01T03:00", ("X", 1, "10")),
        order("B", "2026-06-02T03:00", ("X", 1, "700"), currency="JPY"),
    ]
    table = shop.table(BASICS, "trend", orders)
    assert [tuple(str(one) for one in row) for row in table.rows] == [
        ("2026-06-01", "CNY", "1", "10.00 CNY", "10.00 CNY"),
        ("2026-06-02", "CNY", "0", "0.00 CNY", "None"),
        ("2026-06-01", "JPY", "0", "0 JPY", "None"),
        ("2026-06-02", "JPY", "1", "700 JPY", "700 JPY"),
    ]
    assert not table.columns[3].unit
    table = shop.table(BASICS, "top", orders)
    assert [row[1] for row in table.rows] == ["CNY", "JPY"]


def test_a_report_of_counts_does_not_tell_currencies_apart(shop: Any, order: Any) -> None:
    text = "metrics: {orders: {count: order}}\nreports: {n: {metrics: [orders], by: state}}"
    orders = [
        order("A", "2026-06-01", ("X", 1, "10")),
        order("B", "2026-06-02", ("X", 1, "700"), currency="JPY"),
    ]
    assert shop.rows(text, "n", orders) == [("placed", 2)]


def test_own_fields_are_summed_grouped_and_timed(shop: Any, order: Any) -> None:
    text = """
metrics:
  fees:   {sum: order.fee}
  boxes:  {sum: order.boxes}
  seen:   {count: order, at: order.seen_at}
  worth:  {average: order.boxes}
reports:
  due:    {metrics: [boxes, worth, fees], by: [due, gift]}
  seen:   {metrics: [seen], time: year}
"""
    from datetime import UTC, date, datetime

    june = date(2026, 6, 30)
    orders = [
        order(
            "A",
            "2026-06-01",
            ("X", 1, "1"),
            fields={"fee": Decimal("0.105"), "boxes": 2, "due": june, "gift": True},
        ),
        order(
            "B",
            "2026-06-01",
            ("X", 1, "1"),
            fields={"fee": Decimal("0.100"), "boxes": 5, "due": june, "gift": True},
        ),
        order("C", "2026-06-01", ("X", 1, "1"), fields={"seen_at": datetime(2025, 12, 31, 20, tzinfo=UTC)}),
    ]
    table = shop.table(text, "due", orders)
    assert table.rows == ((june, True, 7, Decimal("3.5000"), Money(21, "CNY")),)
    assert table.exact[0][-1] == Decimal("0.205")
    assert table.excluded == {"boxes": 1, "worth": 1, "fees": 1}
    table = shop.table(text, "seen", orders)
    assert table.rows == (("2026", 1),)
    assert table.excluded == {"seen": 2}


def test_formulas_are_made_of_other_formulas(shop: Any, order: Any) -> None:
    text = """
metrics:
  rate:   {formula: late / all_of}
  percent: {formula: rate * 100}
  late:   {count: order, if: "order.state == 'closed'"}
  all_of: {count: order}
reports:
  r: {metrics: [rate, percent]}
"""
    orders = [order(str(n), "2026-06-01", ("X", 1, "1"), state="closed" if n else "done") for n in range(3)]
    assert shop.rows(text, "r", orders) == [(Decimal("0.6667"), Decimal("66.6667"))]
    assert shop.rows(text, "r") == [(None, None)]


def test_figures_say_what_they_are_in_the_language_of_the_project(shop: Any) -> None:
    table = shop.table(BASICS, "cash")
    assert table.definition["net"] == "paid - refunds"
    assert table.definition["refunds"] == "sum of refund.amount over refunds paid back, by refund.at"
    assert table.additive is True
    assert shop.table(BASICS, "trend").additive is False
    shop.locale = "zh_CN"
    table = shop.table(BASICS, "trend")
    assert (
        table.definition["gmv"]
        == "order.total 在订单上的合计，仅限 order.state != 'closed'，时间按 order.placed_at"
    )
    assert table.columns[0].label == "日期"
    assert table.span.line > table.columns[1].span.line > 0


def test_an_amount_in_yaml_is_not_compared_with_another_currency(shop: Any, order: Any) -> None:
    text = """
metrics: {dear: {count: order, if: order.total > 100}}
reports: {r: {metrics: [dear]}}
"""
    yen = order("A", "2026-06-01", ("X", 1, "700"), currency="JPY")
    table = shop.table(text, "r", [yen])
    assert (table.rows, table.excluded) == (((0,),), {"dear": 1})
    table = shop.table(text, "r", [yen, order("B", "2026-06-01", ("X", 1, "700"))])
    assert (table.rows, table.excluded) == (((1,),), {"dear": 1})
