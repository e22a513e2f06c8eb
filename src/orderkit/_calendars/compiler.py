"""Checks the section `calendars:`, so that promises and timers can name what counts as working time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from orderkit._diagnostics.suggest import closest, closest_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._calendars.definition import CalendarDefinition
    from orderkit._diagnostics import Collector
    from orderkit._text.definition import Placed
    from orderkit._vocabulary import Vocabulary

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE: Final = {**dict(zip("一二三四五六日", WEEKDAYS, strict=True)), "天": "sun"}
"""What 周一, 星期一 and their kin end with."""
"""Days of the week as the language writes them."""
_HOURS: Final = re.compile(r"(\d{1,2}):([0-5]\d)\s*\.\.\s*(\d{1,2}):([0-5]\d)").fullmatch
_COUNTRY: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?").fullmatch
_DAY: Final = 24 * 60


def compile_calendars(
    definitions: Mapping[str, CalendarDefinition], vocabulary: Vocabulary, found: Collector
) -> None:
    """Check the calendars and take their names into the vocabulary.

    Args:
        definitions: As written, by name.
        vocabulary: The project's names.
        found: Takes the mistakes.
    """
    for name, one in definitions.items():
        vocabulary.declare("calendar", name, one.span, found)
        for day in one.days:
            if day.value not in WEEKDAYS and not _COUNTRY(day.value):
                guess = _CHINESE.get(day.value[-1:], "") or closest(day.value, WEEKDAYS)
                found.add("OK665", day.span, suggestion=guess, value=day.value, known=", ".join(WEEKDAYS))
        for span in one.hours:
            read_hours(span, found)
        if one.zone is not None:
            try:
                ZoneInfo(one.zone.value)
            except (ValueError, KeyError, OSError):
                found.add(
                    "OK309", one.zone.span, suggestion=closest_zone(one.zone.value), value=one.zone.value
                )


def read_hours(written: Placed[str], found: Collector) -> tuple[int, int] | None:
    """Read hours of a day, such as `09:00 .. 18:00`.

    Args:
        written: The text with its place.
        found: Takes the mistake.

    Returns:
        Begin and end in minutes since midnight, the end exclusive and at most 24:00, or none.
    """
    text = _HOURS(written.value)
    if text is not None:
        begin, end = int(text[1]) * 60 + int(text[2]), int(text[3]) * 60 + int(text[4])
        if begin < end <= _DAY:
            return begin, end
    found.add("OK666", written.span, value=written.value)
    return None
