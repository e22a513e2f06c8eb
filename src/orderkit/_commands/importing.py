"""Imports files: every record is read and judged, then written in batches that may be run again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from orderkit._channels.drafting import Drafting
from orderkit._channels.files import FileReader, OpenedFile, assign, find_channel
from orderkit._channels.program import Fault
from orderkit._commands.calls import ask
from orderkit._commands.history import History, order_id
from orderkit._commands.import_result import Cause, ImportResult
from orderkit._commands.receiving import Batch, Taken, receive_live
from orderkit._diagnostics import Problem
from orderkit._fields.converters import LONGEST_TEXT
from orderkit._fields.spelling import shown
from orderkit.domain.events import Actor
from orderkit.domain.records import Reject
from orderkit.errors import Conflict, InvalidOrder, Refused, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._commands.calls import Ask
    from orderkit._diagnostics import Span
    from orderkit._fields.engine import Lookup, OrderDraft
    from orderkit._project import Project
    from orderkit.domain.records import SourceRow

__all__ = ["Cause", "ImportResult", "Importing"]

T = TypeVar("T")

_TAKEN: Final = "an order has this number, or this number of the channel, already"
_TOGETHER: Final = 2_000
_SHOWN: Final = 100
_VALUE: Final = "…"
_NUMBERED: Final = re.compile(r"\[\d+\]")


class Run(Protocol):
    """Runs one command in one transaction."""

    def __call__(self, command: Callable[[], Ask[T]], *, write: bool = True) -> T:
        """Give the command's result."""


class Importing:
    """One import, from paths to counts.

    Args:
        project: The project that decides.
        lookup: Gives rows of tables by (table, key).
        now: The present instant, aware.
        open_file: Gives a path's decoded file.
        dry_run: Read and count, write nothing.
        progress: Called with (records done, about all of them).
    """

    __slots__ = ("_dry_run", "_lookup", "_now", "_open", "_progress", "_project")

    def __init__(
        self,
        project: Project,
        lookup: Lookup,
        now: datetime,
        *,
        open_file: Callable[[str | Path], OpenedFile],
        dry_run: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Take what every file needs."""
        self._project, self._now, self._open = project, now, open_file
        self._lookup = _remembered(lookup)
        self._dry_run, self._progress = dry_run, progress

    def run(self, paths: Sequence[str | Path], channel: str | None, run: Run) -> ImportResult:
        """Import files that belong together.

        Args:
            paths: The files.
            channel: Name of the channel; None to find it by the headers.
            run: Runs one command in one transaction.

        Returns:
            Counts that add up, and the rejects with reasons.

        Raises:
            NotFound: A file or channel is missing, or no channel knows the headers.
            InvalidOrder: A file cannot be decoded; the problem says where.
        """
        opened = [self._open(path) for path in paths]
        name = channel or find_channel(self._project.channels, opened)
        program = self._project.channel(name)
        reader = FileReader(program, assign(program, opened))
        files = tuple(one.name for one in opened)
        task = _Task(self._project, program, reader, files, run, self._now, self._lookup, not self._dry_run)
        total, limit = _size(reader), program.stop_above
        for record in reader.records():
            task.judge(record)
            if limit is None and len(task.good) >= _TOGETHER:
                task.flush()
            if self._progress is not None and task.read % _TOGETHER == 0:
                self._progress(min(task.read, total), total)
        # With a limit nothing may be written before everything was read.
        stopped = limit is not None and task.rejected > limit * task.read
        if stopped:
            task.write = False
        task.flush()
        task.keep_rejects()
        if self._progress is not None:
            self._progress(total, total)
        return task.result(stopped=stopped, dry_run=self._dry_run)


@dataclass(slots=True)
class _Task:
    """The records of one import on their way, and what became of them so far."""

    project: Project
    program: ChannelProgram
    reader: FileReader
    files: tuple[str, ...]
    run: Run
    now: datetime
    lookup: Lookup
    write: bool
    good: list[tuple[RecordRead, OrderDraft | None]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    causes: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    warned: Counter[tuple[str, Span]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    read: int = 0
    rejected: int = 0
    _drafting: Drafting = field(init=False)
    _history: History = field(init=False)

    def __post_init__(self) -> None:
        self._drafting = Drafting(self.project.fields, self.program, self.now, self.lookup)
        self._history = History(self.project, self.program, self.now)

    def judge(self, record: RecordRead) -> None:
        self.read += 1
        draft = None
        if self.program.history and record.has_order and not record.skipped:
            draft = self._drafting.draft(record)
        if record.faults:
            self.rejected += 1
            for fault in record.faults:
                self._reject(record, fault)
        elif record.skipped:
            self.skips[record.skipped] += 1
        else:
            self.good.append((record, draft))
            for one in record.warnings:
                self.warned[one.params["said"], one.span] += 1

    def flush(self) -> None:
        # A refund of a file of its own looks for its order in the store, so orders go first.
        orders = [one for one in self.good if not one[0].of]
        refunds = [one for one in self.good if one[0].of]
        for several in (orders, refunds):
            for at in range(0, len(several), _TOGETHER):
                chunk = several[at : at + _TOGETHER]
                if self.program.history:
                    self._batch(chunk)
                else:
                    for record, _ in chunk:
                        self._live(record)
        self.good.clear()

    def keep_rejects(self) -> None:
        if self.write and self.rejects:
            self.run(lambda: ask("rejects", "keep", self.rejects))

    def _batch(self, chunk: Sequence[tuple[RecordRead, OrderDraft | None]]) -> None:
        records, drafts = [one[0] for one in chunk], [one[1] for one in chunk]
        batch = Batch(self._history, records, drafts, self.files, write=self.write)
        try:
            taken: Taken = self.run(batch.take, write=self.write)
        except (Conflict, StoreError) as conflict:
            if len(chunk) == 1:
                self._late(records[0], "OK848", **_unstored(conflict))
            else:
                # One order that cannot be stored must not keep the others of its batch out.
                for one in chunk:
                    self._batch([one])
            return
        self.counts.update(taken.counts)
        for record, outcome in zip(records, taken.outcomes, strict=True):
            if outcome == "rejected":
                self._late(record, "OK847")
            elif outcome == "skipped":
                self.skips["repeat: skip"] += 1
            else:
                self.counts[outcome] += 1

    def _live(self, record: RecordRead) -> None:
        program = self.program
        known: Mapping[str, SourceRow] = self.run(
            lambda: ask("sources", "known", program.name, [record.key]), write=False
        )
        source = known.get(record.key)
        outcome = "accepted" if source is None else "updated"
        if source is not None and source.content == record.content:
            outcome = "unchanged"
        elif source is not None and program.repeat == "skip":
            self.skips["repeat: skip"] += 1
            return
        if self.write and outcome != "unchanged":
            actor = Actor(program.name, ("system",))
            try:
                order = self.run(
                    lambda: receive_live(
                        self.project, program, record, now=self.now, actor=actor, lookup=self.lookup,
                        order_id=order_id(program.name, record.key),
                    )
                )  # fmt: skip
            except InvalidOrder as invalid:
                self.rejected += 1
                for one in invalid.problems:
                    fault = Fault(one.code, one.field, "", one.value, one.params, one.span)
                    self._reject(record, fault)
                return
            except (Refused, Conflict, StoreError) as refused:
                self._late(record, "OK848", **_unstored(refused))
                return
            self.counts.update(orders=1, lines=len(order.lines))
        self.counts[outcome] += 1

    def _late(self, record: RecordRead, code: str, **params: str) -> None:
        self.rejected += 1
        section = self.program.order
        self._reject(record, Fault(code, "key", section.key, record.key, params, section.span))

    def _reject(self, record: RecordRead, fault: Fault) -> None:
        problem = fault.problem
        file = self.reader.files.get(fault.source)
        columns = self.program.columns.get(fault.source, ())
        header = file.header if file is not None and file.payloads is None else columns
        self.rejects.append(
            Reject(
                channel=self.program.name,
                file=file.name if file is not None else self.files[0],
                line=fault.line or record.line,
                record=fault.record or record.record,
                key=record.key,
                column=fault.column,
                value=fault.value,
                field=fault.field,
                code=fault.code,
                reason=problem.text("en"),
                reason_zh=problem.text("zh"),
                rule=str(fault.span),
                at=self.now,
                raw={
                    name: shown(cell, LONGEST_TEXT)
                    for name, cell in zip(header, fault.row, strict=False)
                    if cell is not None
                },
            )
        )
        # Counted by reason, whatever the value and the line of the single row.
        place = _NUMBERED.sub("", fault.field)
        params = {**problem.params, "first": _VALUE, "line": _VALUE}
        general = Problem(problem.code, place, _VALUE, params)
        self.causes[fault.code, place, fault.column, general.text("en"), general.text("zh")] += 1

    def result(self, *, stopped: bool, dry_run: bool) -> ImportResult:
        counts = self.counts
        warned = [
            Problem("OK873", "", "", {"count": str(count), "said": said}, span)
            for (said, span), count in self.warned.items()
        ]
        return ImportResult(
            channel=self.program.name,
            files=self.files,
            rows=_size(self.reader),
            read=self.read,
            accepted=counts["accepted"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            rejected=self.rejected,
            skipped=self.skips.total(),
            orders=counts["orders"],
            lines=counts["lines"],
            refunds=counts["refunds"] + counts["loose_refunds"],
            loose_refunds=counts["loose_refunds"],
            rejects=tuple(sorted(self.rejects, key=lambda one: (one.file, one.line))[:_SHOWN]),
            tally=tuple(Cause(*cause, count) for cause, count in self.causes.most_common()),
            skips=dict(self.skips.most_common()),
            notes=(*self.reader.notes, *warned),
            stopped=stopped,
            dry_run=dry_run,
        )


def _size(reader: FileReader) -> int:
    return sum(len(one.rows) if one.payloads is None else len(one.payloads) for one in reader.files.values())


def _unstored(error: Exception) -> dict[str, str]:
    """Word why an order was not stored; of conflicts, a batch meets only numbers that are taken."""
    if isinstance(error, Conflict) and "exists already" in str(error):
        return {"said": _TAKEN, "said_zh": "已有订单使用这个单号，或这个渠道单号"}
    return {"said": str(error), "said_zh": str(error)}


def _remembered(lookup: Lookup) -> Lookup:
    # A host's table is asked once for each key of an import, however many lines name it.
    known: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    def look(table: str, key: str) -> Mapping[str, Any] | None:
        place = (table, key)
        if place not in known:
            known[place] = lookup(table, key)
        return known[place]

    return look
