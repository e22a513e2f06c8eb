"""The loop that keeps time: due timers, then the outbox, until it is told to stop."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Final, Protocol

from orderkit.errors import Busy, Conflict

if TYPE_CHECKING:
    from datetime import timedelta


_log: Final = logging.getLogger("orderkit.worker")


class _Round(Protocol):
    def work_once(self, *, limit: int = 100) -> tuple[Any, Any]:
        """Run due timers and deliver the outbox once."""


class Worker:
    """Runs rounds of a kit; several workers may run against one database.

    Args:
        kit: The kit whose timers and outbox it serves.
        every: Pause after a round that found nothing to do.
    """

    __slots__ = ("_every", "_kit", "_stopped")

    def __init__(self, kit: _Round, every: timedelta) -> None:
        """Belong to one kit."""
        self._kit = kit
        self._every = every.total_seconds()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until `stop` is called, from this or another thread."""
        while not self._stopped.is_set():
            try:
                ran, delivered = self._kit.work_once()
            except (Busy, Conflict):
                _log.warning("the database was busy; the next round tries again", exc_info=True)
                self._stopped.wait(self._every)
                continue
            if not ran.ran and not delivered.sent:
                self._stopped.wait(self._every)

    def stop(self) -> None:
        """End after the present round."""
        self._stopped.set()
