"""Hours, days, weeks and months of a zone: the days on which clocks change, the ends of years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orderkit._reports.periods import bucket_of, buckets_between, label_of, offset_of, offsets, start_of
from orderkit.domain.calendar import from_micros, to_micros

COUNTS = "metrics: {orders: {count: order}}\nreports: {trend: {metrics: [orders], time: {by: [hour, day]}}}"
GRAINS = ("hour", "day", "week", "month", "quarter", "year")
ZONES = (
    "Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Pacific/Apia", "America/Sao_Paulo", "America/Havana", "Africa/Casablanca",
)  # fmt: skip
LONDON = ZoneInfo("Europe/London")
INSTANTS = st.datetimes(datetime(1925, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "placed", "by", "days"),
    [
        # Midnight in Shanghai is 16:00 of the day before in UTC.
        ("Asia/Shanghai", ["2026-05-31T15:59", "2026-05-31T16:00"], "day", ["2026-05-31", "2026-06-01"]),
        # 29 March 2026 has 23 hours in London, 25 October has 25.
        ("Europe/London", ["2026-03-28T23:59", "2026-03-29T00:00", "2026-03-29T22:59", "2026-03-29T23:00"], "day",
         ["2026-03-28", "2026-03-29", "2026-03-29", "2026-03-30"]),
        ("Europe/London", ["2026-10-24T22:59", "2026-10-24T23:00", "2026-10-25T23:59", "2026-10-26T00:00"], "day",
         ["2026-10-24", "2026-10-25", "2026-10-25", "2026-10-26"]),
        # 1 January 2027 lies in the last week of 2026, 29 December 2025 in the first one of 2026.
        ("UTC", ["2025-12-28T12:00", "2025-12-29T12:00", "2027-01-01T12:00", "2027-01-04T12:00"], "week",
         ["2025-W52", "2026-W01", "2026-W53", "2027-W01"]),
        ("UTC", ["2024-02-29T23:59", "2024-03-01T00:00", "2024-12-31T23:59", "2025-01-01T00:00"], "month",
         ["2024-02", "2024-03", "2024-12", "2025-01"]),
        ("UTC", ["1969-12-31T23:59", "1970-01-01T00:00"], "quarter", ["1969-Q4", "1970-Q1"]),
        ("UTC", ["1899-12-31T23:59", "1900-01-01T00:00"], "year", ["1899", "1900"]),
    ],
)  # fmt: skip
def test_an_order_falls_into_its_day(
    shop: Any, order: Any, zone: str, placed: list[str], by: str, days: list[str]
) -> None:
    shop.zone = zone
    orders = [order(f"A{number}", when, ("X", 1, "1")) for number, when in enumerate(placed)]
    rows = shop.rows(COUNTS, "trend", orders, by=by)
    assert {label: count for label, count in rows if count} == {day: days.count(day) for day in days}


def test_the_hour_that_comes_twice_is_one_and_the_skipped_one_is_none(shop: Any, order: Any) -> None:
    shop.zone = "Europe/London"
    moments = ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"]
    orders = [order(moment, moment, ("X", 1, "1")) for moment in moments]
    assert shop.rows(COUNTS, "trend", orders) == [("2026-10-25 01:00", 2), ("2026-10-25 02:00", 1)]
    orders = [order(moment, moment, ("X", 1, "1")) for moment in ("2026-03-29T00:30", "2026-03-29T01:30")]
    assert shop.rows(COUNTS, "trend", orders) == [("2026-03-29 00:00", 1), ("2026-03-29 02:00", 1)]


def test_a_day_that_a_zone_left_out_is_not_listed() -> None:
    apia = ZoneInfo("Pacific/Apia")
    first, last = ((day - date(1970, 1, 1)).days for day in (date(2011, 12, 29), date(2011, 12, 31)))
    listed = [label_of(one, "day") for one in buckets_between(first, last, "day", apia)]
    assert listed == ["2011-12-29", "2011-12-31"]


@given(INSTANTS, st.sampled_from(ZONES), st.sampled_from(GRAINS))
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/London", "hour")
def test_an_instant_lies_between_the_start_of_its_bucket_and_the_next(
    instant: datetime, zone: str, grain: str
) -> None:
    where = ZoneInfo(zone)
    number = bucket_of(instant, grain, where)
    assert start_of(number, grain, where) <= instant
    # Where clocks go back by less than an hour (Lord Howe) or over midnight, the end of a bucket comes twice.
    assert instant < start_of(number + 1, grain, where) + timedelta(hours=1)


@given(INSTANTS, INSTANTS, st.floats(0, 1), st.sampled_from(ZONES))
def test_the_listed_offsets_are_those_of_the_zone(
    one: datetime, other: datetime, share: float, zone: str
) -> None:
    first, last = sorted((to_micros(one), to_micros(other)))
    at = first + int((last - first) * share)
    listed = offsets(zone, first, last)
    offset = next(length for start, length in reversed(listed) if start <= at)
    assert timedelta(microseconds=offset) == offset_of(from_micros(at), ZoneInfo(zone))


def test_a_slip_of_the_pen_does_not_cost_eight_thousand_years_of_clock_changes() -> None:
    ends = (datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
    assert len(offsets("Europe/London", *map(to_micros, ends))) < 200
