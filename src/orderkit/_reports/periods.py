"""Days, weeks, months ... of a zone as whole numbers, so that Python and SQL put a record into the same one.

| grain | number |
|---|---|
| hour | wall-clock hours since 1970-01-01 00:00; where clocks go back, one of them is two hours long |
| day | days since 1970-01-01 |
| week | weeks (Monday to Sunday) since the one of 1969-12-29 |
| month, quarter, year | counted from the year 0 |
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from orderkit.domain.calendar import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator

_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = date(1970, 1, 1)
_HOURS: Final = 24
_WEEKDAYS: Final = 7
_MONTHS: Final = 12
_QUARTER: Final = 3
# The epoch was a Thursday, three days into its week.
_MONDAY: Final = 3
# Beyond these years a zone keeps the offset it has there: nobody has decreed them, and a slip of the pen such
# as the year 9999 must not cost thousands of transitions.
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_FIRST: Final = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC)


def offset_of(instant: datetime, zone: ZoneInfo) -> timedelta:
    """Tell how far a zone's clocks are ahead of UTC.

    Args:
        instant: An aware datetime.
        zone: The zone.

    Returns:
        The offset; outside 1900 to 2100 the nearest one inside.
    """
    inside = min(max(instant, _FIRST), _LAST)
    return inside.astimezone(zone).utcoffset() or timedelta(0)


def offsets(zone: str, first: int, last: int) -> tuple[tuple[int, int], ...]:
    """List the offsets a zone has over a stretch of time, for SQL that knows no zones.

    Args:
        zone: Key of the zone.
        first: First instant, microseconds since 1970 UTC.
        last: Last instant, the same.

    Returns:
        Pairs of (instant from which it holds, offset), both in microseconds; the first holds from the
        beginning of time.
    """
    found = [(first, offset_of(_inside(first), ZoneInfo(zone)) // _MICROSECOND)]
    for year in range(_inside(first).year, _inside(last).year + 1):
        found.extend((start, offset) for start, offset in _transitions(zone, year) if first < start <= last)
    return tuple(found)


def _inside(micros: int) -> datetime:
    return from_micros(min(max(micros, to_micros(_FIRST)), to_micros(_LAST)))


@cache
def _transitions(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    rules = ZoneInfo(zone)
    day = timedelta(days=1)
    found = []
    at = datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year and at < _LAST:
        # A transition belongs to the year in which the stretch before it begins; none is missed or doubled.
        before, after = offset_of(at, rules), offset_of(at + day, rules)
        if before != after:
            low, high = 0, _HOURS * 3600
            while high - low > 1:
                middle = (low + high) // 2
                same = offset_of(at + timedelta(seconds=middle), rules) == before
                low, high = (middle, high) if same else (low, middle)
            found.append((to_micros(at + timedelta(seconds=high)), after // _MICROSECOND))
        at += day
    return tuple(found)


def bucket_of(instant: datetime, grain: str, zone: ZoneInfo) -> int:
    """Find the bucket an instant falls into.

    Args:
        instant: An aware datetime.
        grain: `hour`, `day`, `week`, `month`, `quarter` or `year`.
        zone: Whose days count.

    Returns:
        Its number.
    """
    wall = instant.astimezone(UTC).replace(tzinfo=None) + offset_of(instant, zone)
    return _bucket(wall.date(), wall.hour, grain)


def _bucket(day: date, hour: int, grain: str) -> int:
    days = (day - _EPOCH).days
    match grain:
        case "hour":
            return days * _HOURS + hour
        case "day":
            return days
        case "week":
            return (days + _MONDAY) // _WEEKDAYS
        case "month":
            return day.year * _MONTHS + day.month - 1
        case "quarter":
            return (day.year * _MONTHS + day.month - 1) // _QUARTER
    return day.year


def _first_hour(number: int, grain: str) -> tuple[date, int]:
    """Give the wall-clock day and hour a bucket begins with."""
    match grain:
        case "hour":
            days, hour = divmod(number, _HOURS)
            return _EPOCH + timedelta(days=days), hour
        case "day":
            return _EPOCH + timedelta(days=number), 0
        case "week":
            return _EPOCH + timedelta(days=number * _WEEKDAYS - _MONDAY), 0
    months = {"month": number, "quarter": number * _QUARTER}.get(grain, number * _MONTHS)
    return date(months // _MONTHS, months % _MONTHS + 1, 1), 0


def start_of(number: int, grain: str, zone: ZoneInfo) -> datetime:
    """Tell when a bucket begins; the next one's start is its end.

    Args:
        number: The bucket.
        grain: Its grain.
        zone: Whose days count.

    Returns:
        The instant in UTC; of a doubled wall time the first, of a skipped one the end of the gap.
    """
    day, hour = _first_hour(number, grain)
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def label_of(number: int, grain: str) -> str:
    """Name a bucket.

    Args:
        number: The bucket.
        grain: Its grain.

    Returns:
        `2026-06-18 13:00`, `2026-06-18`, `2026-W25` (ISO), `2026-06`, `2026-Q2` or `2026`.
    """
    day, hour = _first_hour(number, grain)
    match grain:
        case "hour":
            return f"{day} {hour:02}:00"
        case "day":
            return str(day)
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // _QUARTER}"
    return f"{day.year:04}"


def buckets_between(first: int, last: int, grain: str, zone: ZoneInfo) -> Iterator[int]:
    """List buckets without gaps; a day or hour that clocks skipped is none.

    Args:
        first: The first bucket.
        last: The last one.
        grain: Their grain.
        zone: Whose days count.

    Yields:
        Their numbers.
    """
    start = start_of(first, grain, zone)
    for number in range(first, last + 1):
        end = start_of(number + 1, grain, zone)
        if end > start:
            yield number
        start = end
