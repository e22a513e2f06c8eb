"""Where databases differ: how they are opened, how they begin, lock, and say that they are busy."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import URL, Engine, StaticPool, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from orderkit.adapters.agreement import stale
from orderkit.errors import Busy, OrderkitError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table
    from sqlalchemy.pool import ConnectionPoolEntry

    from orderkit.adapters.sql.schema import Tables

_STRICT_SINCE: Final = (3, 37)
_READERS: Final = 8
_SERIALIZATION: Final = frozenset({"40001", "40P01"})
_READ_ONLY: Final = "25006"
_UNAVAILABLE: Final = frozenset({"55P03", "57P03", "53300"})
_NEVER_CHANGED: Final = "the history is never changed"


@dataclass(frozen=True, slots=True)
class Options:
    """How a database is opened.

    Args:
        synchronous: SQLite: `FULL` survives a power loss, `NORMAL` a crash of the process.
        busy_timeout: Seconds to wait for another writer.
    """

    synchronous: str
    busy_timeout: float


class Insert(Protocol):
    """Starts an insert that may be followed by `on_conflict_do_nothing` or `on_conflict_do_update`."""

    def __call__(self, table: Table) -> Any:
        """Give the construct."""


@dataclass(frozen=True, slots=True)
class Database:
    """One opened database.

    Args:
        name: `sqlite` or `postgresql`.
        write: Connections that write.
        read: Connections that only read.
        insert: Starts an insert of this dialect.
        shared: Whether both are one connection, so that transactions have to take turns.
    """

    name: str
    write: Engine
    read: Engine
    insert: Insert
    shared: bool

    @property
    def strict(self) -> bool:
        """Tell whether tables can be told to check the types of values."""
        return self.name == "sqlite" and sqlite3.sqlite_version_info >= _STRICT_SINCE


def open_database(url: str, options: Options) -> Database:
    """Make the connections' pools; nothing is connected yet.

    Args:
        url: `sqlite:///orders.db`, `sqlite://` for a database in memory, or `postgresql://...`.
        options: How to open it.

    Returns:
        The database.

    Raises:
        StoreError: The URL is none, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if kind == "sqlite":
            return _open_sqlite(parsed, options)
        if kind == "postgresql":
            return _open_postgresql(parsed, options)
    except (ArgumentError, NoSuchModuleError) as error:
        message = f"{url!r} is no database URL: write sqlite:///orders.db or postgresql://host/database"
        raise StoreError(message) from error
    except ModuleNotFoundError as error:
        message = f"{kind} needs its driver: pip install 'orderkit[postgres]'"
        raise StoreError(message) from error
    message = f"orderkit keeps orders in sqlite or postgresql, not in {kind}"
    raise StoreError(message)


def _open_sqlite(url: URL, options: Options) -> Database:
    shared = url.database in (None, "", ":memory:")
    connect = {"check_same_thread": False, "timeout": options.busy_timeout, "isolation_level": None}
    if shared:
        engine = create_engine(url, poolclass=StaticPool, connect_args=connect)
        _on_connect(engine, options, reads=False)
        _begin_with(engine, "BEGIN IMMEDIATE")
        return Database("sqlite", engine, engine, sqlite.insert, shared)
    write = create_engine(
        # One writer per process: threads queue here in turn instead of sleeping in SQLite's busy handler.
        url, pool_size=1, max_overflow=0, pool_timeout=options.busy_timeout, connect_args=connect
    )  # fmt: skip
    read = create_engine(
        url,
        pool_size=_READERS,
        max_overflow=_READERS,
        pool_timeout=options.busy_timeout,
        connect_args=connect,
    )
    _on_connect(write, options, reads=False)
    _on_connect(read, options, reads=True)
    _begin_with(write, "BEGIN IMMEDIATE")
    _begin_with(read, "BEGIN")
    return Database("sqlite", write, read, sqlite.insert, shared)


def _on_connect(engine: Engine, options: Options, *, reads: bool) -> None:
    def connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(options.busy_timeout * 1000)}")
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {options.synchronous}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA query_only = {int(reads)}")
        cursor.close()

    event.listen(engine, "connect", connected)


def _begin_with(engine: Engine, statement: str) -> None:
    def begun(connection: Connection) -> None:
        # On the driver's cursor: this runs for every command, and costs a third of the detour.
        connection.connection.cursor().execute(statement)

    event.listen(engine, "begin", begun)


def _open_postgresql(url: URL, options: Options) -> Database:
    chosen = url.set(drivername="postgresql+psycopg")
    wait = {"options": f"-c lock_timeout={int(options.busy_timeout * 1000)} -c timezone=UTC"}
    # Positional parameters, so that the same tuples serve both databases.
    write = create_engine(chosen, paramstyle="format", pool_timeout=options.busy_timeout, connect_args=wait)
    read = write.execution_options(postgresql_readonly=True)
    return Database("postgresql", write, read, postgresql.insert, shared=False)


def protect_history(name: str, tables: Tables) -> list[str]:
    """Write the triggers that refuse to change or delete history.

    Args:
        name: Name of the dialect.
        tables: The tables.

    Returns:
        Statements to run once after the tables were created.
    """
    audit = tables.audit.name
    if name == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {audit}_no_{verb.lower()} BEFORE {verb} ON {audit} "
            f"BEGIN SELECT RAISE(ABORT, '{_NEVER_CHANGED}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    refusing = f"$$ BEGIN RAISE EXCEPTION '{_NEVER_CHANGED}'; END $$"
    trigger = f"{audit}_no_change BEFORE UPDATE OR DELETE ON {audit} FOR EACH ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {audit}_keep() RETURNS trigger LANGUAGE plpgsql AS {refusing}",
        f"CREATE OR REPLACE TRIGGER {trigger} EXECUTE FUNCTION {audit}_keep()",
    ]


_BUSY_SQLITE: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def as_orderkit(error: BaseException) -> OrderkitError:
    """Turn a driver's error into one of the tree.

    Args:
        error: What the driver raised.

    Returns:
        Busy where trying later helps, a stale Conflict where deciding anew does, StoreError otherwise.
    """
    state = getattr(error, "sqlstate", None)
    if state in _SERIALIZATION:
        return stale("another transaction came first; the command has to be decided anew")
    code = getattr(error, "sqlite_errorcode", None)
    if state in _UNAVAILABLE or (code is not None and code & 0xFF in _BUSY_SQLITE):
        return Busy("the database is busy with other commands; trying again later is safe")
    return StoreError(f"the database refused: {error}")


def is_read_only(error: BaseException) -> bool:
    """Tell whether a driver refused a write because the transaction only reads.

    Args:
        error: What the driver raised.

    Returns:
        True for a write inside a reading transaction.
    """
    code = getattr(error, "sqlite_errorcode", None)
    return getattr(error, "sqlstate", None) == _READ_ONLY or code == sqlite3.SQLITE_READONLY
