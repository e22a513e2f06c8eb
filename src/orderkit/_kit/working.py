"""The verbs that work through what waits: timers, outbox, files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orderkit._commands.calls import ask
from orderkit._commands.delivering import LEASE, Delivered, send
from orderkit._commands.firing import run_timer
from orderkit._commands.importing import Importing, ImportResult
from orderkit._kit.looking import Looking
from orderkit.domain.events import SYSTEM, AuditEntry, EffectRequest, Timer
from orderkit.errors import Busy, Conflict, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from orderkit.adapters.worker import Worker

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """What one sweep of due timers did.

    Args:
        ran: Timers that ran.
        failed: Timers whose step failed; the order is unchanged, and the history says why.
        next_due: When the next timer is due, or None.
    """

    ran: int
    failed: int
    next_due: datetime | None


class Working(Looking):
    """The verbs of workers and imports."""

    def run_due(self, *, limit: int = 100) -> Ran:
        """Fire due timers and delayed rules, each in a transaction of its own.

        Args:
            limit: Most to run.

        Returns:
            Counts, and when the next one is due.
        """
        now = self.now()
        due: list[Timer] = self.run(lambda: ask("timers", "due", now, limit), write=False)
        ran = failed = 0
        for timer in due:
            try:
                ran += self.run(lambda timer=timer: run_timer(self.project, timer, now=now, actor=SYSTEM))  # type: ignore[misc]
            except (Busy, Conflict):
                failed += 1
            except Exception as error:  # noqa: BLE001 - one timer must never stop the others
                failed += 1
                self._failed(timer, error, now)
        next_due = self.run(lambda: ask("timers", "next_due"), write=False)
        return Ran(ran, failed, next_due)

    def _failed(self, timer: Timer, error: Exception, now: datetime) -> None:
        """Drop a timer whose step failed, and say so in the order's history."""
        refused = error if isinstance(error, Refused) else Refused("failed", {"why": repr(error)}, str(error))
        entry = AuditEntry(
            timer.order_id,
            now,
            SYSTEM.name,
            "refused",
            timer.name,
            project=self.project.hash,
            part=timer.part,
        )
        self.note_refusal(entry, refused)
        self.run(lambda: ask("timers", "disarm", [timer.key]))

    def deliver(self, *, limit: int = 100) -> Delivered:
        """Send what is due in the outbox to the effects; a failure is tried again later, then parked.

        Args:
            limit: Most to send.

        Returns:
            Counts of sent, failed, parked and unhandled effects.
        """
        now = self.now()
        waiting: list[EffectRequest] = self.run(
            lambda: ask("outbox", "waiting", now, limit, sorted(self.effects)), write=False
        )
        delivered = send(
            waiting,
            self.effects,
            now,
            lambda one: self.run(lambda: ask("outbox", "claim", one.key, now, now + LEASE)),
            lambda one: self.run(lambda: ask("outbox", "settle", one)),
        )
        left: list[EffectRequest] = self.run(lambda: ask("outbox", "waiting", now, limit), write=False)
        unhandled = sum(
            one.effect not in self.effects and one.effect.partition(".")[0] not in self.effects
            for one in left
        )
        return replace(delivered, unhandled=unhandled)

    def work_once(self, *, limit: int = 100) -> tuple[Ran, Delivered]:
        """Run one round of the worker: due timers, then the outbox.

        Args:
            limit: Most of each.

        Returns:
            What both did.
        """
        return self.run_due(limit=limit), self.deliver(limit=limit)

    def worker(self, *, every: timedelta = timedelta(seconds=1)) -> Worker:
        """Make the loop that runs due timers and delivers the outbox.

        Args:
            every: Pause between two rounds that found nothing to do.

        Returns:
            The worker; `run()` starts it, `stop()` ends it after the present round.
        """
        from orderkit.adapters.worker import Worker

        return Worker(self, every)

    def import_file(
        self,
        channel: str,
        path: str | Path,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Import one file through a named channel.

        Args:
            channel: Name of the channel.
            path: The file; `.gz` is unpacked on the way.
            dry_run: Read and count, write nothing.
            progress: Called with (bytes or records done, all of them).

        Returns:
            Counts that add up to the records read, and the rejects with reasons.

        Raises:
            NotFound: There is no such channel or file.
        """
        return self._import([path], channel, dry_run=dry_run, progress=progress)

    def import_files(
        self,
        *paths: str | Path,
        channel: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Import files that belong together; the channel is found by their headers.

        Args:
            *paths: The files.
            channel: Name of the channel, where the headers shall not decide.
            dry_run: Read and count, write nothing.
            progress: Called with (bytes or records done, all of them).

        Returns:
            Counts that add up to the records read, and the rejects with reasons.

        Raises:
            NotFound: No channel knows the header, or a file is missing.
        """
        return self._import(list(paths), channel, dry_run=dry_run, progress=progress)

    def _import(
        self, paths: Sequence[str | Path], channel: str | None, *, dry_run: bool, progress: Progress | None
    ) -> ImportResult:
        from orderkit.adapters.files import open_file

        importing = Importing(
            self.project,
            self.lookup,
            self.now(),
            open_file=open_file,
            dry_run=dry_run,
            progress=progress,
        )
        return importing.run(paths, channel, self.run)
