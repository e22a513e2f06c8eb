"""Instants, durations and periods as analysts write them, resolved in a declared zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DURATION: Final = re.compile(r"\s*(\d{1,6})\s*(s|m|h|d|w|bd)\s*")
_ELAPSED: Final = {"s": 1, "m": 60, "h": 3600}
_MOMENT: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_MIDNIGHT: Final = 24


def to_micros(instant: datetime) -> int:
    """Turn an instant into the form every table keeps.

    Args:
        instant: An aware datetime.

    Returns:
        Microseconds since 1970-01-01 UTC.
    """
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Read an instant back from a table.

    Args:
        micros: Microseconds since 1970-01-01 UTC.

    Returns:
        An aware datetime in UTC.
    """
    return _EPOCH + timedelta(microseconds=micros)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in the sense its spelling has.

    Args:
        seconds: Elapsed time (`30m`, `24h`).
        days: Calendar days at the same wall-clock time (`3d`, `4w`).
        business_days: Days of a business calendar (`2bd`).
    """

    seconds: int = 0
    days: int = 0
    business_days: int = 0

    def after(self, start: datetime, zone: ZoneInfo) -> datetime:
        """Find the instant this long after another.

        Args:
            start: An aware datetime.
            zone: Where "the same wall-clock time" is read.

        Returns:
            An aware datetime in UTC; a skipped wall time moves forward, a doubled one takes the first.
        """
        if not self.days:
            return start.astimezone(UTC) + timedelta(seconds=self.seconds)
        local = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=self.days)
        return local.replace(tzinfo=zone).astimezone(UTC)

    def as_timedelta(self) -> timedelta:
        """Give the elapsed length, days counted as 24 hours, for comparing lengths.

        Returns:
            The length.
        """
        return timedelta(days=self.days + self.business_days, seconds=self.seconds)


def parse_duration(text: str) -> Duration | None:
    """Read `30m`, `24h`, `3d`, `2bd` or `4w`.

    Args:
        text: As written.

    Returns:
        The duration, or None where the text is none.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    number, unit = int(found[1]), found[2]
    if unit in _ELAPSED:
        return Duration(seconds=number * _ELAPSED[unit])
    if unit == "bd":
        return Duration(business_days=number)
    return Duration(days=number * (7 if unit == "w" else 1))


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a wall-clock text or an ISO 8601 instant.

    Args:
        text: `2026-06-18`, `2026-06-18 10:00`, `2026-06-20 24:00`, `2026-06-18T10:00:00+08:00` ...
        zone: Read where the text names no offset.

    Returns:
        An aware datetime in UTC, or None where the text is no moment.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    hours = int(hour or 0)
    midnight = hours == _MIDNIGHT
    if midnight and (int(minute) or int(second or 0)):
        return None
    try:
        local = datetime(  # noqa: DTZ001 - the zone follows below
            int(year),
            int(month),
            int(day),
            0 if midnight else hours,
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
        )
        if midnight:
            local += timedelta(days=1)
        if offset is None:
            return local.replace(tzinfo=zone).astimezone(UTC)
        shift = "+00:00" if offset == "Z" else offset
        return datetime.fromisoformat(local.isoformat() + shift).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_date(text: str) -> date | None:
    """Read a calendar date.

    Args:
        text: `2026-06-18`; `/` and `.` are taken as well.

    Returns:
        The date, or None where the text is none.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None or found[4] is not None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, the end exclusive, either end open.

    Args:
        start: First instant (UTC), or None.
        end: First instant after it (UTC), or None.
    """

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Tell whether an instant lies inside.

        Args:
            at: An aware datetime.

        Returns:
            True from `start` on and before `end`.
        """
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


def parse_period(text: str, zone: ZoneInfo) -> Period | None:
    """Read `2026-06-16 20:00 .. 2026-06-20 24:00`; either end may be missing.

    Args:
        text: As written.
        zone: Where wall-clock texts are read.

    Returns:
        The period (it may be empty or reversed: the caller says so), or None where the text is none.
    """
    before, dots, after = text.partition("..")
    if not dots or not (before.strip() or after.strip()):
        return None
    start = parse_moment(before, zone) if before.strip() else None
    end = parse_moment(after, zone) if after.strip() else None
    if (start is None and before.strip()) or (end is None and after.strip()):
        return None
    return Period(start, end)
