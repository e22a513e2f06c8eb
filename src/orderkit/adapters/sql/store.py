"""The store on a SQL database: opens it, makes its tables ready, gives transactions."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import exc

from orderkit.adapters.agreement import not_prepared, read_only
from orderkit.adapters.sql import stamping
from orderkit.adapters.sql.dialects import Options, as_orderkit, is_read_only, open_database
from orderkit.adapters.sql.order_rows import OrderRows
from orderkit.adapters.sql.schema import build
from orderkit.adapters.sql.unit import SqlUnit
from orderkit.adapters.sql.wire import Wire
from orderkit.errors import Busy, OrderkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine
    from sqlalchemy.pool import Pool

    from orderkit.adapters.sql.schema import Tables
    from orderkit.adapters.sql.wire import Statement
    from orderkit.domain.records import ColumnSpec
    from orderkit.ports import Unit


class SqlStore:
    """Keeps orders in SQLite or PostgreSQL; threads may share it, and a forked process may go on with it.

    Args:
        url: `sqlite:///orders.db`, `sqlite://` for a database in memory, or `postgresql://host/database`.
        synchronous: SQLite: `FULL` survives a power loss; `NORMAL` is faster and survives a crash of the
            process.
        busy_timeout: Seconds a command waits for other writers before it is refused as `Busy`.
    """

    def __init__(
        self, url: str, *, synchronous: Literal["FULL", "NORMAL"] = "FULL", busy_timeout: float = 30.0
    ) -> None:
        """Make the connection pools; nothing is opened yet.

        Raises:
            StoreError: The URL is none, or its driver is not installed.
        """
        self._database = open_database(url, Options(synchronous, busy_timeout))
        self._errors: type[Exception] = self._database.write.dialect.loaded_dbapi.Error
        self._turn: AbstractContextManager[Any] = (
            threading.RLock() if self._database.shared else nullcontext()
        )
        self._process = os.getpid()
        self._inherited: list[Pool] = []
        self._tables: Tables | None = None
        self._rows = OrderRows(())
        self._statements: dict[str, Statement] = {}
        # A store that is dropped without `close` gives its connections back all the same.
        weakref.finalize(self, _disposed, self._process, self._database.write, self._database.read)

    def prepare(self, columns: Sequence[ColumnSpec], project: str, texts: Mapping[str, str]) -> None:
        """Make tables and typed columns ready for a project and keep its texts once per hash.

        Args:
            columns: The project's scalar fields.
            project: Its hash.
            texts: Its files by path.

        Raises:
            StoreError: The database was written by a newer orderkit, or keeps a field as another kind.
            Busy: Another process holds the database for too long.
        """
        tables_of = build(columns, strict=self._database.strict)
        with self._connected(write=False) as connection:
            ready = stamping.is_ready(connection, tables_of[1], columns, project)
        if not ready:
            with self._connected(write=True) as connection:
                stamping.make_ready(connection, tables_of, columns, project, texts)
        # Statements name the project's columns, so they begin anew with it.
        self._tables, self._rows, self._statements = tables_of[1], OrderRows(columns), {}

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Unit]:
        """Open a transaction: committed at the end of the block, rolled back by an exception.

        Args:
            write: Whether it may change something; on SQLite a writer holds the only write lock.

        Yields:
            The roles.

        Raises:
            StoreError: The store was not prepared, or the database failed.
            Busy: Other writers did not finish in time.
        """
        tables, rows, statements = self._tables, self._rows, self._statements
        if tables is None:
            raise not_prepared()
        with self._connected(write=write) as connection:
            wire = Wire(self._database, tables, statements, connection)
            try:
                yield SqlUnit(wire, rows)
            finally:
                wire.close()

    @contextmanager
    def _connected(self, *, write: bool) -> Iterator[Connection]:
        self._leave_parent()
        engine = self._database.write if write else self._database.read
        try:
            with self._turn, engine.begin() as connection:
                if not self._database.shared or write:
                    yield connection
                    return
                connection.exec_driver_sql("PRAGMA query_only = 1")
                try:
                    yield connection
                finally:
                    connection.exec_driver_sql("PRAGMA query_only = 0")
        except exc.DBAPIError as error:
            raise self._explained(error.orig or error, write=write) from error
        except self._errors as error:
            raise self._explained(error, write=write) from error
        except exc.TimeoutError as error:
            message = "all connections are busy with other commands; trying again later is safe"
            raise Busy(message) from error

    @staticmethod
    def _explained(error: BaseException, *, write: bool) -> OrderkitError:
        return read_only() if not write and is_read_only(error) else as_orderkit(error)

    def _leave_parent(self) -> None:
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        if self._database.shared:
            return
        for engine in (self._database.write, self._database.read):
            # Kept, not closed: closing an inherited connection would disturb the parent's.
            self._inherited.append(engine.pool)
            engine.dispose(close=False)

    def close(self) -> None:
        """Give connections back."""
        self._leave_parent()
        _disposed(self._process, self._database.write, self._database.read)


def _disposed(process: int, *engines: Engine) -> None:
    # Closing an inherited connection would disturb the process it belongs to.
    if process == os.getpid():
        for engine in engines:
            engine.dispose()
