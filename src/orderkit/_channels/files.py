"""Reads the files of a channel: finds the channel by header, groups rows into records, tells what drifted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.binding import Sheet
from orderkit._channels.payloads import PayloadReader, record_key
from orderkit._channels.program import Fault, RecordRead
from orderkit._channels.reading import RecordReader
from orderkit._diagnostics import Problem
from orderkit._diagnostics.suggest import closest
from orderkit._expr.functions import column_key
from orderkit.domain.plain import to_plain
from orderkit.errors import InvalidOrder, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from orderkit._channels.program import ChannelProgram, Section
    from orderkit._channels.reading import Row

_CELL: Final = "\x1f"
_ROW: Final = "\x1e"


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """One file, decoded.

    Args:
        name: Its name.
        header: Headers as they stand; for JSON the keys of the first object.
        rows: Rows of a table: physical line, number of the row (both from 1), cells.
        payloads: Objects of a JSON file, or None for a table.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[Row] = ()
    payloads: Sequence[Mapping[str, Any]] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the headers in the form they are compared in."""
        return tuple(column_key(name) for name in self.header)


@dataclass(slots=True)
class FileReader:
    """Reads the records of one import.

    Args:
        program: The channel.
        files: The files by their name in the channel; the empty name for payloads.
        notes: What is strange about the headers; filled at the start.
    """

    program: ChannelProgram
    files: Mapping[str, OpenedFile]
    notes: list[Problem] = field(default_factory=list)
    _seed: Any = field(init=False)
    _content: dict[str, Callable[[Any], Any]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Compare the headers with what the channel maps."""
        self._seed = hashlib.blake2b(self.program.fingerprint.encode(), digest_size=16)
        for source, file in self.files.items():
            self._drift(source, file)

    def records(self) -> Iterator[RecordRead]:
        """Read every record.

        Returns:
            Orders in file order, then lines and refunds of other files.
        """
        home = self.files.get(self.program.order.source) or next(iter(self.files.values()))
        if home.payloads is not None:
            yield from self._payloads(home.payloads)
            return
        yield from self._tables()

    def _payloads(self, payloads: Sequence[Mapping[str, Any]]) -> Iterator[RecordRead]:
        reader = PayloadReader(self.program)
        for number, payload in enumerate(payloads, 1):
            record = reader.read(payload, number)
            if not record.faults:
                record.content = payload_content(self.program, payload)
            yield record

    def _tables(self) -> Iterator[RecordRead]:
        program = self.program
        sheets = {
            source: Sheet(program, source, file.columns, remember=True) for source, file in self.files.items()
        }
        for source, sheet in sheets.items():
            places = [sheet.positions[name] for name in program.columns[source] if name in sheet.positions]
            self._content[source] = itemgetter(*places) if len(places) > 1 else _lone(places)
        reader = RecordReader(program, sheets)
        home, lines, refunds = program.order, program.lines, program.refunds
        ragged: list[RecordRead] = []
        groups = self._grouped(home, sheets[home.source], ragged)
        apart = lines is not None and lines.source != home.source
        others: dict[str, list[Row]] = {}
        if apart and lines is not None and lines.source in sheets:
            others = self._grouped(lines, sheets[lines.source], ragged)
        same = refunds is not None and refunds.source == home.source
        for key, rows in groups.items():
            line_rows = others.pop(key, []) if apart else rows
            record = reader.read(key, rows, line_rows, rows if same else ())
            record.content = self._hash(home.source, rows, lines.source if apart and lines else "", line_rows)
            yield record
        for key, rows in others.items():
            yield _orphan(program, key, rows[0])
        if refunds is not None and not same and refunds.source in sheets:
            for key, rows in self._grouped(refunds, sheets[refunds.source], ragged).items():
                record = RecordRead(key=f"refund:{key}", of=key, line=rows[0][0], record=rows[0][1])
                record.has_order = False
                reader.refund(record, rows)
                if record.refund is None and not record.faults:
                    continue
                record.content = self._hash(refunds.source, rows)
                yield record
        yield from ragged

    def _grouped(self, section: Section, sheet: Sheet, bad: list[RecordRead]) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {}
        keys: dict[Any, str] = {}
        place = sheet.positions.get(section.key)
        width = len(sheet.columns)
        for row in self.files[section.source].rows:
            cells = row[2]
            if len(cells) != width:
                params = {"have": str(len(cells)), "want": str(width)}
                fault = Fault(
                    "OK844", "", "", "", params, section.span, row[0], row[1], cells, section.source
                )
                bad.append(RecordRead(line=row[0], record=row[1], has_order=False, faults=[fault]))
                continue
            raw = None if place is None else cells[place]
            key = keys.get(raw)
            if key is None:
                key, wrong = record_key(self.program, section, sheet, row)
                if wrong is not None:
                    bad.append(RecordRead(line=row[0], record=row[1], has_order=False, faults=[wrong]))
                    continue
                keys[raw] = key
            rows = groups.get(key)
            if rows is None:
                groups[key] = [row]
            else:
                rows.append(row)
        return groups

    def _hash(self, source: str, rows: Sequence[Row], other: str = "", others: Sequence[Row] = ()) -> str:
        pick = self._content[source]
        text = _ROW.join([_CELL.join(pick(row[2])) for row in rows])
        if others and other:
            pick = self._content[other]
            text += _ROW + _ROW.join([_CELL.join(pick(row[2])) for row in others])
        made = self._seed.copy()
        made.update(text.encode("utf-8", "surrogatepass"))
        digest: str = made.hexdigest()
        return digest

    def _drift(self, source: str, file: OpenedFile) -> None:
        mapped = self.program.columns.get(source, ())
        columns = file.columns
        for name in mapped:
            if columns.count(name) > 1:
                params = {"file": file.name, "column": name}
                raise InvalidOrder((Problem("OK862", "file", name, params, self.program.span),))
        if file.payloads is not None:
            return
        strange = [name for name in columns if name and name not in mapped]
        if strange and self.program.unknown == "reject":
            params = {"columns": ", ".join(strange), "file": file.name}
            raise InvalidOrder((Problem("OK846", "file", strange[0], params, self.program.span),))
        place, renamed = len(self.notes), set[str]()
        for names in _wanted(self.program, source):
            if any(name in columns for name in names):
                continue
            near = closest(names[0], strange)
            renamed.add(near)
            params = {"file": file.name, "column": names[0], "near": near}
            self.notes.append(Problem("OK872" if near else "OK871", "file", "", params, self.program.span))
        # What a missing column seems to be called now is told there, and not as one that nobody maps.
        stray = [name for name in strange if name not in renamed]
        if stray:
            params = {"file": file.name, "columns": ", ".join(stray)}
            self.notes.insert(place, Problem("OK870", "file", "", params, self.program.span))


def payload_content(program: ChannelProgram, payload: Mapping[str, Any]) -> str:
    """Hash what a payload says.

    Args:
        program: The channel.
        payload: The record as the channel sends it.

    Returns:
        A text that changes with the payload or with the text of the channel.
    """
    import json

    text = json.dumps(to_plain(dict(payload)), ensure_ascii=False, sort_keys=True, default=str)
    seed = program.fingerprint if program.history else ""
    return hashlib.blake2b((seed + text).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def find_channel(programs: Mapping[str, ChannelProgram], files: Sequence[OpenedFile]) -> str:
    """Find the channel that knows the headers of all files.

    Args:
        programs: Channels by name.
        files: The files.

    Returns:
        The channel's name; of several the one that asks for most columns.

    Raises:
        NotFound: None knows them, or several do equally well.
    """
    scores: dict[str, int] = {}
    for name, program in programs.items():
        known = [_matching(program, file) for file in files]
        if program.files and all(known):
            scores[name] = sum(len(program.files[source]) for source in known)
    best = [name for name, score in scores.items() if score == max(scores.values())]
    if len(best) == 1:
        return best[0]
    if best:
        message = f"several channels know these headers: {', '.join(best)}; name one of them"
        raise NotFound(message)
    wants = [f"{name} wants {', '.join(has)}" for name, one in programs.items() for has in one.files.values()]
    strange = next(
        (file for file in files if not any(_matching(one, file) for one in programs.values())), files[0]
    )
    message = f"no channel knows the header of {strange.name} ({', '.join(strange.columns) or 'empty'}); " + (
        "; ".join(wants) or "the project has no channel with files"
    )
    raise NotFound(message)


def assign(program: ChannelProgram, files: Sequence[OpenedFile]) -> dict[str, OpenedFile]:
    """Give each file its name in the channel.

    Args:
        program: The channel.
        files: The files.

    Returns:
        Files by name; the empty name for payloads of a channel without files.

    Raises:
        NotFound: A header lacks columns, or a file of the channel is missing.
    """
    if not program.files or all(file.payloads is not None for file in files):
        if len(files) != 1 or files[0].payloads is None:
            message = f"the channel {program.name!r} reads payloads: give it one JSON file"
            raise NotFound(message)
        return {program.order.source: files[0]}
    assigned: dict[str, OpenedFile] = {}
    for file in files:
        source = _matching(program, file)
        if not source:
            message = f"{file.name} does not fit the channel {program.name!r}: " + "; ".join(
                f"{name} lacks {_lacking(has, file.columns)}" for name, has in program.files.items()
            )
            raise NotFound(message)
        if source in assigned:
            first = assigned[source]
            if first.columns != file.columns:
                message = f"{first.name} and {file.name} are both {source!r} and have different headers"
                raise NotFound(message)
            last = first.rows[-1][1] if first.rows else 0
            more = [(line, last + number, cells) for line, number, cells in file.rows]
            file = replace(first, name=f"{first.name} + {file.name}", rows=[*first.rows, *more])  # noqa: PLW2901
        assigned[source] = file
    needed = {program.order.source, program.lines.source if program.lines else program.order.source}
    missing = sorted(needed - set(assigned))
    if missing:
        message = f"the channel {program.name!r} also needs its file {missing[0]!r}: " + ", ".join(
            program.files[missing[0]]
        )
        raise NotFound(message)
    return assigned


def _matching(program: ChannelProgram, file: OpenedFile) -> str:
    columns = set(file.columns)
    fitting = [name for name, has in program.files.items() if columns.issuperset(has)]
    return max(fitting, key=lambda name: len(program.files[name]), default="")


def _lacking(has: tuple[str, ...], columns: tuple[str, ...]) -> str:
    told = []
    for name in has:
        if name not in columns:
            near = closest(name, columns)
            told.append(f"{name} (perhaps {near})" if near else name)
    return ", ".join(told)


def _wanted(program: ChannelProgram, source: str) -> list[tuple[str, ...]]:
    wanted: dict[tuple[str, ...], None] = {}
    for section in (program.order, program.lines, program.refunds):
        if section is None or section.source != source:
            continue
        if section.key:
            wanted[(section.key,)] = None
        wanted |= {target.columns: None for target in section.targets if target.columns}
    return list(wanted)


def _lone(places: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda cells: tuple(cells[at] for at in places)


def _orphan(program: ChannelProgram, key: str, row: Row) -> RecordRead:
    section = program.lines or program.order
    fault = Fault("OK850", "key", section.key, key, {}, section.span, row[0], row[1], row[2], section.source)
    return RecordRead(key=key, line=row[0], record=row[1], has_order=False, faults=[fault])
