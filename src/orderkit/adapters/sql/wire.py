"""One transaction on the driver's own cursor, with statements compiled once per database.

Building a Core construct for each call costs several times what SQLite needs to run it, so a construct is
compiled on first use, kept as text, and run with a tuple.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert

from orderkit.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Table
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.compiler import SQLCompiler

    from orderkit.adapters.sql.dialects import Database
    from orderkit.adapters.sql.schema import Tables

_KEYS_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as the driver takes it.

    Args:
        text: SQL with positional parameters.
        names: Name of each parameter.
        fixed: Values of those that the statement itself brings.
    """

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Put named values in the statement's order.

        Args:
            values: Values by name.

        Returns:
            One for each parameter.
        """
        fixed = self.fixed
        if not fixed:
            return tuple([values[name] for name in self.names])
        return tuple([fixed[name] if name in fixed else values[name] for name in self.names])


def compile_statement(construct: Any, dialect: Dialect) -> Statement:
    """Compile a construct once and for all.

    Args:
        construct: A Core statement whose varying values are named parameters.
        dialect: Of the database, with positional parameters.

    Returns:
        The statement.
    """
    compiled: SQLCompiler = construct.compile(dialect=dialect)
    names = tuple(compiled.positiontup or ())
    values = {name: compiled.binds[name] for name in names}
    fixed = {name: bind.value for name, bind in values.items() if not bind.required}
    return Statement(str(compiled), names, fixed)


class Wire:
    """Runs statements of one transaction; the roles of a unit share it.

    Args:
        database: The database.
        tables: Its tables.
        statements: What was compiled so far; belongs to the store and outlives the transaction.
        connection: The connection inside its transaction.
    """

    __slots__ = ("_cursor", "_dialect", "_statements", "connection", "database", "integrity_error", "tables")

    def __init__(
        self, database: Database, tables: Tables, statements: dict[str, Statement], connection: Connection
    ) -> None:
        """Open one cursor for all statements."""
        self.database = database
        self.tables = tables
        self.connection = connection
        self._dialect = database.write.dialect
        self._statements = statements
        self.integrity_error: type[Exception] = self._dialect.loaded_dbapi.IntegrityError
        self._cursor = connection.connection.cursor()

    def close(self) -> None:
        """Close the cursor."""
        self._cursor.close()

    def statement(self, name: str, make: Callable[[], Executable]) -> Statement:
        """Give a compiled statement.

        Args:
            name: Under which it is kept.
            make: Builds it the first time.

        Returns:
            The statement.
        """
        known = self._statements.get(name)
        if known is None:
            known = self._statements[name] = compile_statement(make(), self._dialect)
        return known

    def rows(
        self, name: str, make: Callable[[], Executable], values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        """Read rows.

        Args:
            name: Name of the statement.
            make: Builds it the first time.
            values: Its parameters.

        Returns:
            All rows.
        """
        statement = self.statement(name, make)
        self._execute(statement.text, statement.arguments(values))
        return list(self._cursor.fetchall())

    def rows_of(
        self,
        name: str,
        make: Callable[[ColumnElement[bool]], Executable],
        column: ColumnElement[Any],
        keys: Sequence[str],
        values: Mapping[str, Any] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Read the rows whose column has one of several values.

        Args:
            name: Name of the statement.
            make: Builds it from the condition on the column.
            column: The column.
            keys: The values, in any number.
            values: Further parameters.

        Returns:
            All rows; in order only within a few hundred keys.
        """
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            # Lengths are rounded up to powers of two, so that few statements serve them all.
            size = 1 << (len(some) - 1).bit_length()
            filled = [*some, *[some[-1]] * (size - len(some))]
            given = dict(values or {})
            given.update((f"key{index}", key) for index, key in enumerate(filled))

            def build(size: int = size) -> Executable:
                binds: list[BindParameter[str]] = [bindparam(f"key{index}") for index in range(size)]
                return make(column.in_(binds))

            found += self.rows(f"{name}/{size}", build, given)
        return found

    def run(self, name: str, make: Callable[[], Executable], values: Mapping[str, Any]) -> int:
        """Write once.

        Args:
            name: Name of the statement.
            make: Builds it the first time.
            values: Its parameters.

        Returns:
            How many rows it changed.
        """
        statement = self.statement(name, make)
        self._execute(statement.text, statement.arguments(values))
        count: int = self._cursor.rowcount
        return count

    def run_each(self, name: str, make: Callable[[], Executable], rows: Iterable[Mapping[str, Any]]) -> None:
        """Write several times with the same statement.

        Args:
            name: Name of the statement.
            make: Builds it the first time.
            rows: Its parameters each time.
        """
        statement = self.statement(name, make)
        self._many(statement.text, [statement.arguments(row) for row in rows])

    def insert(self, table: Table, rows: Sequence[tuple[Any, ...]], *, again: bool = False) -> None:
        """Add rows.

        Args:
            table: The table.
            rows: Values in the order of its columns, the running number left out.
            again: Whether a row that is there already is left as it is.
        """
        name = f"insert {table.name} {again}"

        def make() -> Executable:
            start: Any = self.database.insert(table) if again else insert(table)
            # `inline` keeps PostgreSQL from asking for the running number of each row.
            filled = start.inline().values({one: bindparam(one.name) for one in table.c if one.name != "seq"})
            built: Executable = filled.on_conflict_do_nothing() if again else filled
            return built

        self._many(self.statement(name, make).text, rows)

    def _many(self, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if len(rows) == 1:
            self._execute(text, rows[0])
        elif rows:
            try:
                self._cursor.executemany(text, rows)
            except (OverflowError, UnicodeEncodeError) as error:
                raise _unfit(error) from error

    def _execute(self, text: str, values: tuple[Any, ...]) -> None:
        try:
            self._cursor.execute(text, values)
        except (OverflowError, UnicodeEncodeError) as error:
            raise _unfit(error) from error


def _unfit(error: Exception) -> StoreError:
    return StoreError(f"no database column can hold one of these values: {error}")
