"""Lays a channel's sections over the columns of one file: a closure per field, made once, called per row."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.program import Fault
from orderkit._expr.failure import NotComputable, Reason
from orderkit._fields.converters import BadValue
from orderkit._fields.spelling import shown, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orderkit._channels.program import ChannelProgram, Section, Skip, Target
    from orderkit._expr.compiler import Program

    Cells = Sequence[Any]
    Reader = Callable[[Cells], Any]

_REMEMBERED: Final = 20_000
_FORGOTTEN: Final = object()


def _as_it_is(value: Any) -> Any:
    return value


class Sheet:
    """One file's columns, or the known columns of a payload, with the sections that read them.

    Args:
        program: The channel.
        source: The file's name in the channel, the path of a payload's list, or an empty text.
        columns: Columns in the order of the cells, in the form headers are compared in.
        remember: Whether equal texts are converted once; for files, whose cells are all texts.
    """

    __slots__ = ("_memo", "cell", "columns", "positions", "program", "source")

    def __init__(
        self, program: ChannelProgram, source: str, columns: Sequence[str], *, remember: bool
    ) -> None:
        """Find every column once."""
        self.program, self.source, self.cell = program, source, program.cell
        self.columns = tuple(columns)
        self.positions = {name: at for at, name in reversed(list(enumerate(columns)))}
        self._memo = remember

    def expression(self, program: Program, finish: Callable[[Any], Any] = _as_it_is) -> Reader:
        """Make the function that evaluates an expression on a row.

        Args:
            program: The expression; it reads nothing but columns.
            finish: What is done to its value.

        Returns:
            A function of the cells; it raises what `finish` and the expression raise.
        """
        run, cell = program.ready(), self.cell
        named = [(name, self.positions.get(name)) for name in program.names if not name.startswith("$")]
        paths = sorted(path.removeprefix("$row.") for path in program.paths if path.startswith("$row."))
        row = [(name, self.positions.get(name)) for name in paths]

        def evaluate(cells: Cells) -> Any:
            env: dict[str, Any] = {name: None if at is None else _text(cell(cells[at])) for name, at in named}
            env["$row"] = {name: None if at is None else _text(cell(cells[at])) for name, at in row}
            return finish(run(env))

        places = [at for _, at in (*named, *row) if at is not None]
        return _remembering(itemgetter(*places), evaluate) if self._memo and places else evaluate

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
            A function of the cells that gives the typed value, or None where it is absent; it raises
            `BadValue` or `NotComputable`.
        """
        if target.value is not None:
            return self._computed(target, target.value)
        places = [self.positions[name] for name in target.columns if name in self.positions]
        default = target.default
        if not places:
            return lambda _cells: default
        convert = self._converted(target)
        if len(places) == 1:
            place = places[0]

            def only(cells: Cells) -> Any:
                return convert(cells[place])

            return _remembering(itemgetter(place), only) if self._memo else only
        cell = self.cell

        def first(cells: Cells) -> Any:
            for place in places:
                if cell(cells[place]) is not None:
                    return convert(cells[place])
            return default

        return first

    def _computed(self, target: Target, program: Program) -> Reader:
        convert, default = target.convert, target.default
        evaluate = self.expression(program, lambda value: default if value is None else convert(value))
        if target.field == "state":
            return evaluate

        def read(cells: Cells) -> Any:
            try:
                return evaluate(cells)
            except NotComputable as error:
                if error.reason is Reason.ABSENT:
                    return default
                raise

        return read

    def conditions(self, skips: tuple[Skip, ...]) -> tuple[tuple[Reader, Skip], ...]:
        """Make the functions that judge reasons to leave a row out.

        Args:
            skips: The reasons.

        Returns:
            Each with the function that judges it.
        """
        return tuple((self.condition(skip.condition), skip) for skip in skips)

    def condition(self, program: Program) -> Reader:
        """Make the function that judges a condition on a row; one about an empty cell does not hold.

        Args:
            program: The condition.

        Returns:
            A function of the cells; it raises `NotComputable` where a cell cannot be read.
        """
        evaluate = self.expression(program)

        def holds(cells: Cells) -> bool:
            try:
                return evaluate(cells) is True
            except NotComputable as error:
                if error.reason is Reason.ABSENT:
                    return False
                raise

        return holds

    def _converted(self, target: Target) -> Callable[[Any], Any]:
        cell, convert, default = self.cell, target.convert, target.default

        def read(raw: Any) -> Any:
            bare = cell(raw)
            if bare is None:
                return default
            return convert(translated(target, bare))

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

    __slots__ = ("compared", "condition", "readers", "section", "sheet", "skips")

    def __init__(self, sheet: Sheet, section: Section) -> None:
        """Make the readers."""
        self.sheet, self.section = sheet, section
        self.readers = tuple((target.field, sheet.reader(target), target) for target in section.targets)
        self.condition = None if section.condition is None else sheet.condition(section.condition)
        self.skips = sheet.conditions(section.skips)
        same = [one for one in section.targets if section.repeats.get(one.field, "same") == "same"]
        places = sorted({
            sheet.positions[name]
            for one in same
            for name in (one.columns if one.value is None else columns_of(one.value))
            if name in sheet.positions
        })  # fmt: skip
        self.compared: Callable[[Cells], Any] | None = itemgetter(*places) if places else None

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
            return Fault(error.code, target.field, column, shown(value), error.params, target.span)
        problem = error.problem
        names = columns_of(target.value) if target.value is not None else (column,)
        guilty = next((name for name in names if name in problem.field), column)
        place = self.sheet.positions.get(guilty)
        seen = problem.value or ("" if place is None else self.sheet.cell(cells[place]) or "")
        params = {"field": problem.field, **problem.params}
        return Fault(problem.code, target.field, guilty, shown(seen), params, problem.span)


def translated(target: Target, bare: Any) -> Any:
    """Clean a value and call it what the project calls it.

    Args:
        target: The field it is meant for.
        bare: The bare value.

    Returns:
        The value as the field's converter takes it.

    Raises:
        BadValue: `as` does not know it.
    """
    if target.clean:
        cleaned = bare if isinstance(bare, str) else spelled(bare)
        for clean in target.clean:
            cleaned = clean(cleaned)
        # A cleaner that leaves nothing met something else than it is for: the field says so.
        bare = cleaned or bare
    if target.words is not None:
        word = target.words.get(bare if isinstance(bare, str) else spelled(bare))
        if word is None and not target.keep:
            raise BadValue("OK840", known=", ".join(target.words))
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


def skipped_by(skips: tuple[tuple[Reader, Skip], ...], cells: Cells) -> Skip | None:
    """Find the first reason to leave a row out.

    Args:
        skips: The reasons, each with the function that judges it.
        cells: The row.

    Returns:
        The reason, or None.

    Raises:
        NotComputable: A cell cannot be read as what a condition takes it for.
    """
    for holds, skip in skips:
        if holds(cells):
            return skip
    return None


def _text(value: Any) -> Any:
    # Expressions of channels know texts only; a payload's numbers keep their spelling.
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if isinstance(value, list | dict) else spelled(value)


def _remembering(pick: Callable[[Cells], Any], read: Reader) -> Reader:
    known: dict[Any, Any] = {}

    def remember(cells: Cells) -> Any:
        raw = pick(cells)
        value = known.get(raw, _FORGOTTEN)
        if value is _FORGOTTEN:
            value = read(cells)
            if len(known) < _REMEMBERED and not isinstance(value, list | dict):
                known[raw] = value
        return value

    return remember
