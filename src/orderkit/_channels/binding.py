"""Lays a channel's sections over the columns of one file: one closure per field, found once, called per row."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.program import Fault
from orderkit._expr.failure import NotComputable, Reason
from orderkit._fields.converters import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit._channels.program import ChannelProgram, Section, Skip, Target
    from orderkit._expr.compiler import Program

    Cells = Sequence[Any]
    Env = Mapping[str, Any]
    Reader = Callable[[Cells, Env], Any]

_REMEMBERED: Final = 20_000
_FORGOTTEN: Final = object()
_NO_NAMES: Final[dict[str, Any]] = {}


class Sheet:
    """One file's columns, or the known columns of a payload, with the sections that read them.

    Args:
        program: The channel.
        source: The file's name in the channel, the path of a payload's list, or an empty text.
        columns: Columns in the order of the cells, in the form headers are compared in.
        remember: Whether equal texts are converted once; for files, whose cells are all texts.
    """

    __slots__ = ("_memo", "_names", "_row", "cell", "columns", "positions", "program", "source")

    def __init__(
        self, program: ChannelProgram, source: str, columns: Sequence[str], *, remember: bool
    ) -> None:
        """Find every column once."""
        self.program, self.source, self.cell = program, source, program.cell
        self.columns = tuple(columns)
        self.positions = {name: at for at, name in reversed(list(enumerate(columns)))}
        self._memo = remember
        reads = [one for one in _expressions(program, source) if one is not None]
        named = {name for one in reads for name in one.names if not name.startswith("$")}
        self._names = tuple((name, self.positions.get(name)) for name in sorted(named))
        wanted = {
            path.removeprefix("$row.") for one in reads for path in one.paths if path.startswith("$row.")
        }
        self._row = tuple((name, self.positions.get(name)) for name in sorted(wanted))

    def env(self, cells: Cells) -> Env:
        """Give the row to expressions: bare texts by column.

        Args:
            cells: The row.

        Returns:
            Values by name; `$row` holds the columns that are read by `col`.
        """
        if not self._names and not self._row:
            return _NO_NAMES
        cell = self.cell
        env: dict[str, Any] = {
            name: None if at is None else _text(cell(cells[at])) for name, at in self._names
        }
        if self._row:
            env["$row"] = {name: None if at is None else _text(cell(cells[at])) for name, at in self._row}
        return env

    def bind(self, section: Section) -> Bound:
        """Lay one section over the columns.

        Args:
            section: A section that reads this source.

        Returns:
            Its readers.
        """
        return Bound(self, section)

    def reader(self, target: Target) -> Reader:
        """Make the function that reads one field of a row.

        Args:
            target: The field.

        Returns:
            A function of the cells and the environment that gives the typed value, or None where it is
            absent; it raises `BadValue` or `NotComputable`.
        """
        if target.value is not None:
            return _computed(target, target.value)
        places = [self.positions[name] for name in target.columns if name in self.positions]
        default = target.default
        if not places:
            return lambda _cells, _env: default
        convert = self._converted(target)
        if len(places) == 1:
            return _remembering(places[0], convert) if self._memo else _single(places[0], convert)
        cell = self.cell

        def first(cells: Cells, _env: Env) -> Any:
            for place in places:
                if cell(cells[place]) is not None:
                    return convert(cells[place])
            return default

        return first

    def _converted(self, target: Target) -> Callable[[Any], Any]:
        cell, convert, default = self.cell, target.convert, target.default

        def read(raw: Any) -> Any:
            bare = cell(raw)
            if bare is None:
                return default
            bare = translated(target, bare)
            return default if bare is None else convert(bare)

        return read

    def raw(self, target: Target, cells: Cells) -> tuple[str, Any]:
        """Find the column and the cell that a field was read from, for messages.

        Args:
            target: The field.
            cells: The row.

        Returns:
            The column's name and the bare value; the columns of its expression where it is computed.
        """
        columns = target.columns
        if target.value is not None:
            columns = columns_of(target.value)
        present = [name for name in columns if name in self.positions]
        for name in present:
            value = self.cell(cells[self.positions[name]])
            if value is not None:
                return name, value
        return (present or columns or ("",))[0], ""


class Bound:
    """One section laid over the columns of one file.

    Args:
        sheet: The columns.
        section: The section.
    """

    __slots__ = ("compared", "condition", "key", "plain", "readers", "section", "sheet")

    def __init__(self, sheet: Sheet, section: Section) -> None:
        """Make the readers."""
        self.sheet, self.section = sheet, section
        self.readers = tuple((target.field, sheet.reader(target), target) for target in section.targets)
        self.condition = section.condition
        self.key = sheet.positions.get(section.key)
        same = [one for one in section.targets if section.repeats.get(one.field, "same") == "same"]
        places = sorted({
            sheet.positions[name]
            for one in same
            for name in (one.columns if one.value is None else columns_of(one.value))
            if name in sheet.positions
        })  # fmt: skip
        self.compared: Callable[[Cells], Any] | None = itemgetter(*places) if places else None
        self.plain = all(how == "first" for how in section.repeats.values())

    def fault(self, target: Target, cells: Cells, error: BadValue | NotComputable) -> Fault:
        """Word why one field cannot be read.

        Args:
            target: The field.
            cells: The row.
            error: What its reader raised.

        Returns:
            The reason, without its place in the file.
        """
        column, value = self.sheet.raw(target, cells)
        if isinstance(error, BadValue):
            return Fault(error.code, target.field, column, str(value), error.params, target.span)
        problem = error.problem
        return Fault(
            problem.code, target.field, column, problem.value or str(value), problem.params, problem.span
        )


def translated(target: Target, bare: Any) -> Any:
    """Clean a value and call it what the project calls it.

    Args:
        target: The field it is meant for.
        bare: The bare value.

    Returns:
        The value as the field's converter takes it, or None where nothing is left.

    Raises:
        BadValue: `as` does not know it.
    """
    if target.clean:
        bare = str(bare)
        for clean in target.clean:
            bare = clean(bare)
        if not bare:
            return None
    if target.words is not None:
        word = target.words.get(str(bare))
        if word is None and not target.keep:
            raise BadValue("OK940", known=", ".join(target.words))
        bare = bare if word is None else word
    return bare


def columns_of(program: Program) -> tuple[str, ...]:
    """List the columns an expression reads.

    Args:
        program: The expression.

    Returns:
        Their names, in the form headers are compared in.
    """
    named = [name for name in program.names if not name.startswith("$")]
    rows = sorted(path.removeprefix("$row.") for path in program.paths if path.startswith("$row."))
    return (*named, *rows)


def holds(condition: Program, env: Env) -> bool:
    """Judge a condition on a row; one about an empty cell does not hold.

    Args:
        condition: The condition.
        env: The row.

    Returns:
        Whether it holds.

    Raises:
        NotComputable: A cell cannot be read as what the condition takes it for.
    """
    try:
        return condition.run(env) is True
    except NotComputable as error:
        if error.reason is Reason.ABSENT:
            return False
        raise


def skipped_by(skips: tuple[Skip, ...], env: Env) -> Skip | None:
    """Find the first reason to leave a row out.

    Args:
        skips: The reasons.
        env: The row.

    Returns:
        The reason, or None.

    Raises:
        NotComputable: A cell cannot be read as what a condition takes it for.
    """
    for skip in skips:
        if holds(skip.condition, env):
            return skip
    return None


def _text(value: Any) -> Any:
    # Expressions of channels know texts only; a payload's numbers keep their spelling.
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if isinstance(value, list | dict) else str(value)


def _computed(target: Target, program: Program) -> Reader:
    run, convert, default = program.run, target.convert, target.default

    def read(_cells: Cells, env: Env) -> Any:
        try:
            value = run(env)
        except NotComputable as error:
            if error.reason is Reason.ABSENT and target.field != "state":
                return default
            raise
        return default if value is None else convert(value)

    return read


def _remembering(place: int, convert: Callable[[Any], Any]) -> Reader:
    known: dict[str, Any] = {}

    def read(cells: Cells, _env: Env) -> Any:
        raw = cells[place]
        value = known.get(raw, _FORGOTTEN)
        if value is _FORGOTTEN:
            value = convert(raw)
            if len(known) < _REMEMBERED and not isinstance(value, list | dict):
                known[raw] = value
        return value

    return read


def _single(place: int, convert: Callable[[Any], Any]) -> Reader:
    return lambda cells, _env: convert(cells[place])


def _expressions(program: ChannelProgram, source: str) -> list[Program | None]:
    found: list[Program | None] = []
    for section in (program.order, program.lines, program.refunds):
        if section is None or section.source != source:
            continue
        found.append(section.condition)
        found += [target.value for target in section.targets]
        found += [skip.condition for skip in section.skips]
    if program.order.source == source:
        found += [skip.condition for skip in program.skips]
    return found
