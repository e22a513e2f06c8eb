"""Reads one record of a channel: its rows become typed values, lines and a refund, or reasons why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from orderkit._channels.binding import Bound, Sheet, skipped_by
from orderkit._channels.program import Fault, RecordRead
from orderkit._expr.failure import NotComputable
from orderkit._fields.converters import BadValue
from orderkit._fields.spelling import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._channels.program import ChannelProgram, Check, Section

Row: TypeAlias = "tuple[int, int, Sequence[Any]]"
"""Physical line (from 1, or 0), number of the row in its file (from 1, or 0), cells."""


class RecordReader:
    """Reads the records of one channel over the columns of its files or payloads.

    Args:
        program: The channel.
        sheets: Columns by source.
    """

    __slots__ = ("_lines", "_order", "_program", "_refunds", "_skips")

    def __init__(self, program: ChannelProgram, sheets: Mapping[str, Sheet]) -> None:
        """Lay every section over its columns once."""
        self._program = program
        self._order = sheets[program.order.source].bind(program.order)
        self._skips = self._order.sheet.conditions(program.skips)
        self._lines = _bound(sheets, program.lines)
        self._refunds = _bound(sheets, program.refunds)

    def read(self, key: str, rows: Sequence[Row], lines: Sequence[Row], refunds: Sequence[Row]) -> RecordRead:
        """Read one record.

        Args:
            key: Its identity.
            rows: Its rows where the order stands; the first counts where rows repeat.
            lines: Its rows where lines stand; the same rows where one file holds both.
            refunds: Its rows where refunds stand.

        Returns:
            What it became; every reason is kept where it cannot be taken.
        """
        line, number, cells = rows[0]
        record = RecordRead(key=key, line=line, record=number)
        try:
            skip = skipped_by(self._skips, cells)
        except NotComputable as error:
            record.faults.append(self._placed(_unread(error), rows[0], self._order))
            return record
        if skip is not None:
            record.skipped = skip.say
            return record
        if self._refunds is not None:
            self.refund(record, refunds)
        if self._lines is not None and lines:
            self._read_lines(record, lines)
        if record.has_order:
            record.skipped = ""
            self._values(record, self._order, rows, record.values, keep=record.raws)
            record.values.setdefault("external_number", key)
            if self._program.checks:
                self._check(record)
        return record

    def refund(self, record: RecordRead, rows: Sequence[Row]) -> None:
        """Read the money a record pays back.

        Args:
            record: The record; its refund or its faults are filled.
            rows: Its rows where refunds stand.
        """
        bound = self._refunds
        if bound is None:
            return
        counted = rows
        if bound.condition is not None:
            try:
                counted = [row for row in rows if bound.condition(row[2])]
            except NotComputable as error:
                record.faults.append(self._placed(_unread(error), rows[0], bound))
                return
        if not counted:
            return
        refund: dict[str, Any] = {}
        before = len(record.faults)
        self._values(record, bound, counted, refund)
        if len(record.faults) > before:
            return
        amount = refund.get("amount")
        if amount is None or amount <= 0:
            target = next(one for one in bound.section.targets if one.field == "amount")
            column, value = bound.sheet.raw(target, counted[0][2])
            seen = shown(value if amount is None else amount)
            fault = Fault("OK843", "refund.amount", column, seen, {}, target.span)
            record.faults.append(self._placed(fault, counted[0], bound))
            return
        record.refund = refund

    def _values(
        self,
        record: RecordRead,
        bound: Bound,
        rows: Sequence[Row],
        values: dict[str, Any],
        *,
        keep: dict[str, Any] | None = None,
    ) -> None:
        first = rows[0]
        cells = first[2]
        if len(rows) > 1:
            self._agreeing(record, bound, rows)
        repeats = bound.section.repeats
        for name, read, target in bound.readers:
            try:
                value = read(cells)
                if len(rows) > 1 and repeats.get(name) == "sum":
                    value = _summed(value, [read(row[2]) for row in rows[1:]])
            except (BadValue, NotComputable) as error:
                record.faults.append(self._placed(bound.fault(target, cells, error), first, bound))
                continue
            if value is not None:
                values[name] = value
                if target.raw and keep is not None:
                    keep[name] = bound.sheet.raw(target, cells)[1]

    def _agreeing(self, record: RecordRead, bound: Bound, rows: Sequence[Row]) -> None:
        if bound.compared is None:
            return
        first = rows[0]
        same = bound.compared(first[2])
        for row in rows[1:]:
            if bound.compared(row[2]) == same:
                continue
            for target in bound.section.targets:
                if bound.section.repeats.get(target.field, "same") != "same":
                    continue
                column, value = bound.sheet.raw(target, first[2])
                _, other = bound.sheet.raw(target, row[2])
                if value != other:
                    params = {"first": shown(value), "line": str(first[0])}
                    fault = Fault("OK841", target.field, column, shown(other), params, target.span)
                    record.faults.append(self._placed(fault, row, bound))
            return

    def _read_lines(self, record: RecordRead, rows: Sequence[Row]) -> None:
        bound = self._lines
        if bound is None:
            return
        skips = bound.skips
        lines = record.lines
        said = ""
        for row in rows:
            cells = row[2]
            unread: NotComputable | None = None
            if skips:
                try:
                    skip = skipped_by(skips, cells)
                except NotComputable as error:
                    skip, unread = None, error
                if skip is not None:
                    said = said or skip.say
                    continue
            line, faults = self._line(bound, row, len(lines))
            if unread is not None and not faults:
                faults = [self._placed(_unread(unread), row, bound)]
            record.faults += faults
            lines.append(line)
        if not lines:
            record.has_order = False
            if record.refund is None:
                record.skipped = said

    def _line(self, bound: Bound, row: Row, at: int) -> tuple[dict[str, Any], list[Fault]]:
        line: dict[str, Any] = {}
        faults: list[Fault] = []
        cells = row[2]
        for name, read, target in bound.readers:
            try:
                value = read(cells)
            except (BadValue, NotComputable) as error:
                fault = replace(bound.fault(target, cells, error), field=f"lines[{at}].{name}")
                faults.append(self._placed(fault, row, bound))
            else:
                if value is not None:
                    line[name] = value
        return line, faults

    def _check(self, record: RecordRead) -> None:
        failed = {fault.field.partition("[")[0] for fault in record.faults}
        env: dict[str, Any] | None = None
        for check in self._program.checks:
            if failed & check.reads:
                continue
            if env is None:
                env = {"order": {**dict.fromkeys(check.reads), **record.values, "lines": record.lines}}
            else:
                env["order"] |= {name: None for name in check.reads if name not in env["order"]}
            if not _violated(check, env):
                continue
            fault = Fault("OK842", "", "", "", {"said": check.say}, check.span, record.line, record.record)
            (record.warnings if check.warns else record.faults).append(fault)

    def _placed(self, fault: Fault, row: Row, bound: Bound) -> Fault:
        return replace(fault, line=row[0], record=row[1], row=row[2], source=bound.sheet.source)


def _bound(sheets: Mapping[str, Sheet], section: Section | None) -> Bound | None:
    if section is None or section.source not in sheets:
        return None
    return sheets[section.source].bind(section)


def _violated(check: Check, env: Mapping[str, Any]) -> bool:
    try:
        held = check.condition.run(env)
        if check.other is None or check.within is None:
            return held is False
        other: Any = check.other.run(env)
        left: Any = held
        return bool(abs(left - other) > check.within)
    except NotComputable:
        # What is not there cannot be compared: the field itself says so where it is required.
        return False


def _summed(first: Any, others: list[Any]) -> Any:
    there = [one for one in (first, *others) if one is not None]
    return sum(there[1:], there[0]) if there else None


def _unread(error: NotComputable) -> Fault:
    problem = error.problem
    params = {"field": problem.field, **problem.params}
    return Fault(problem.code, "", "", problem.value, params, problem.span)
