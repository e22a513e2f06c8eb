"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class SimulatedClock:
    """Gives the instant it was set to, so that cases and simulations decide what time it is.

    Args:
        start: The first instant, an aware datetime.
    """

    __slots__ = ("_now",)

    def __init__(self, start: datetime) -> None:
        """Begin at an instant.

        Raises:
            ValueError: `start` has no time zone.
        """
        self._now = _aware(start)

    def __call__(self) -> datetime:
        """Give the present instant."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Let time pass.

        Args:
            by: How much; elapsed time, whatever clocks on the wall do.

        Returns:
            The instant afterwards.
        """
        # Through UTC, since adding to a local time would skip or repeat the hour of a clock change.
        self._now = (self._now.astimezone(UTC) + by).astimezone(self._now.tzinfo)
        return self._now

    def set(self, now: datetime) -> datetime:
        """Go to an instant, earlier or later.

        Args:
            now: An aware datetime.

        Returns:
            The same instant.

        Raises:
            ValueError: `now` has no time zone.
        """
        self._now = _aware(now)
        return self._now


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        message = f"{instant} has no time zone: give an aware datetime"
        raise ValueError(message)
    return instant
