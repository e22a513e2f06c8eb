"""Makes a database ready for a project: tables, the project's columns, and the stamp of the layout."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select
from sqlalchemy.schema import CreateColumn

from orderkit.adapters.sql.codec import pack
from orderkit.adapters.sql.dialects import protect_history
from orderkit.adapters.sql.schema import VERSION, column_name
from orderkit.domain.calendar import to_micros
from orderkit.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, MetaData

    from orderkit.adapters.sql.schema import Tables
    from orderkit.domain.records import ColumnSpec


def is_ready(connection: Connection, tables: Tables, columns: Sequence[ColumnSpec], project: str) -> bool:
    """Tell whether nothing is left to write, so that opening a store needs no write lock.

    Args:
        connection: A transaction that reads.
        tables: The tables the project needs.
        columns: Its scalar fields.
        project: Its hash.

    Returns:
        False where tables, columns or the project's texts are missing.

    Raises:
        StoreError: A newer orderkit wrote this database, or it keeps a field as another kind.
    """
    if not inspect(connection).has_table(tables.meta.name):
        return False
    _check_stamp(connection, tables)
    known = connection.execute(
        select(tables.projects.c.hash).where(tables.projects.c.hash == project)
    ).first()
    return known is not None and not _missing(connection, tables, columns)


def make_ready(
    connection: Connection,
    laid_out: tuple[MetaData, Tables],
    columns: Sequence[ColumnSpec],
    project: str,
    texts: Mapping[str, str],
) -> None:
    """Create what is missing, in one transaction.

    Args:
        connection: A transaction that writes.
        laid_out: The tables the project needs, as `build` gives them.
        columns: Its scalar fields.
        project: Its hash.
        texts: Its files by path.

    Raises:
        StoreError: A newer orderkit wrote this database, or it keeps a field as another kind.
    """
    collection, tables = laid_out
    now = to_micros(datetime.now(UTC))
    if inspect(connection).has_table(tables.meta.name):
        _check_stamp(connection, tables)
        _add_columns(connection, tables, _missing(connection, tables, columns))
    else:
        collection.create_all(connection)
        for statement in protect_history(connection.dialect.name, tables):
            connection.exec_driver_sql(statement)
        version = metadata.version("orderkit")
        connection.execute(
            insert(tables.meta).values(id=1, schema_version=VERSION, created_at=now, orderkit=version)
        )
        _note_columns(connection, tables, columns)
    hashes = tables.projects.c.hash
    if connection.execute(select(hashes).where(hashes == project)).first() is None:
        kept = pack(dict(texts))
        connection.execute(insert(tables.projects).values(hash=project, texts=kept, kept_at=now))


def _check_stamp(connection: Connection, tables: Tables) -> None:
    stamp = connection.execute(select(tables.meta.c.schema_version, tables.meta.c.orderkit)).first()
    if stamp is None:
        message = f"the table {tables.meta.name} is empty: restore the database from a backup"
        raise StoreError(message)
    if stamp.schema_version > VERSION:
        message = (
            f"this database has layout {stamp.schema_version} (made by orderkit {stamp.orderkit}), "
            f"and this orderkit knows layouts up to {VERSION}: upgrade orderkit, or open another database"
        )
        raise StoreError(message)
    if stamp.schema_version < VERSION:
        message = (
            f"this database has layout {stamp.schema_version} (made by orderkit {stamp.orderkit}), "
            f"which is older than layout {VERSION} and cannot be upgraded: open a new database"
        )
        raise StoreError(message)


def _missing(connection: Connection, tables: Tables, columns: Sequence[ColumnSpec]) -> list[ColumnSpec]:
    table = tables.columns
    rows = connection.execute(select(table.c.owner, table.c.name, table.c.kind))
    known = {(row.owner, row.name): row.kind for row in rows}
    for one in columns:
        kind = known.get((one.owner, one.name))
        if kind is not None and kind != one.kind:
            message = (
                f"the field {one.name!r} of an {one.owner} is kept as {kind} and cannot become {one.kind}: "
                f"give the new field another name"
            )
            raise StoreError(message)
    return [one for one in columns if (one.owner, one.name) not in known]


def _add_columns(connection: Connection, tables: Tables, columns: Sequence[ColumnSpec]) -> None:
    quote = connection.dialect.identifier_preparer.format_table
    for one in columns:
        table = tables.orders if one.owner == "order" else tables.lines
        column = CreateColumn(table.c[column_name(one.name)]).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {quote(table)} ADD COLUMN {column}")
    _note_columns(connection, tables, columns)


def _note_columns(connection: Connection, tables: Tables, columns: Sequence[ColumnSpec]) -> None:
    if columns:
        rows = [{"owner": one.owner, "name": one.name, "kind": one.kind} for one in columns]
        connection.execute(insert(tables.columns), rows)
