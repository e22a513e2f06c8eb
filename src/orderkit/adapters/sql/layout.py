"""How each table is laid out: columns, keys, checks and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

PREFIX: Final = "ok_"
"""Stands before every table, so that a host can keep its own tables beside them."""

# STRICT tables of SQLite know only their own type names, and their INTEGER has 64 bits anyway.
WHOLE: Final[TypeEngine[int]] = BigInteger().with_variant(Integer(), "sqlite")
"""Type of every number."""


def text_column(name: str, *more: Any, **options: Any) -> Column[Any]:
    """Make a column of texts.

    Args:
        name: Its name.
        *more: Keys and checks.
        **options: Options; it may not be empty unless `nullable` says so.

    Returns:
        The column.
    """
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def whole_column(name: str, *more: Any, **options: Any) -> Column[Any]:
    """Make a column of whole numbers.

    Args:
        name: Its name.
        *more: Keys and checks.
        **options: Options; it may not be empty unless `nullable` says so.

    Returns:
        The column.
    """
    return Column(name, WHOLE, *more, nullable=options.pop("nullable", False), **options)


def seq_column() -> Column[Any]:
    """Make the running number of rows that are read in the order they came.

    Returns:
        The column.
    """
    return Column("seq", WHOLE, primary_key=True, autoincrement=True)


class Maker:
    """Writes tables into one collection with the same options for all.

    Args:
        strict: Whether SQLite checks the types of values.
    """

    __slots__ = ("metadata", "strict")

    def __init__(self, *, strict: bool) -> None:
        """Begin without tables."""
        self.metadata = MetaData()
        self.strict = strict

    def table(self, name: str, *parts: Any, **options: Any) -> Table:
        """Write one table.

        Args:
            name: Its name without the prefix.
            *parts: Columns, keys, checks and indexes.
            **options: Options of the dialects.

        Returns:
            The table.
        """
        return Table(
            PREFIX + name,
            self.metadata,
            *parts,
            implicit_returning=False,
            sqlite_strict=self.strict,
            **options,
        )


def stamps_tables(make: Maker) -> dict[str, Table]:
    """Lay out what tells whose database this is.

    Args:
        make: Writes tables.

    Returns:
        Tables by role.
    """
    return {
        "meta": make.table(
            "meta",
            whole_column("id", CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
            whole_column("schema_version"),
            whole_column("created_at"),
            text_column("orderkit"),
        ),
        "projects": make.table(
            "projects", text_column("hash", primary_key=True), text_column("texts"), whole_column("kept_at")
        ),
        "columns": make.table(
            "columns",
            text_column("owner", primary_key=True),
            text_column("name", primary_key=True),
            text_column("kind"),
        ),
    }


def work_tables(make: Maker) -> dict[str, Table]:
    """Lay out what is left for later.

    Args:
        make: Writes tables.

    Returns:
        Tables by role.
    """
    timers = make.table(
        "timers",
        text_column("key", primary_key=True),
        text_column("order_id"),
        text_column("kind"),
        text_column("name"),
        whole_column("epoch"),
        whole_column("due_at"),
        text_column("part"),
        whole_column("fired"),
        Index(f"{PREFIX}timers_due_at", "due_at", "key"),
        Index(f"{PREFIX}timers_order", "order_id"),
    )
    outbox = make.table(
        "outbox",
        seq_column(),
        text_column("key", unique=True),
        text_column("order_id"),
        text_column("effect"),
        text_column("payload"),
        whole_column("at"),
        text_column("span"),
        whole_column("attempts"),
        whole_column("due_at", nullable=True),
        text_column("status", CheckConstraint("status IN ('waiting', 'sent', 'parked')")),
        text_column("error"),
        Index(f"{PREFIX}outbox_order", "order_id", "seq"),
        Index(f"{PREFIX}outbox_status", "status", "seq"),
        sqlite_autoincrement=True,
    )
    return {"timers": timers, "outbox": outbox}


def goods_tables(make: Maker) -> dict[str, Table]:
    """Lay out what is counted: stock and uses of limits.

    Args:
        make: Writes tables.

    Returns:
        Tables by role.
    """
    moves = make.table(
        "stock_moves",
        seq_column(),
        text_column("sku"),
        text_column("kind"),
        whole_column("on_hand"),
        whole_column("reserved"),
        whole_column("allocated"),
        text_column("order_id"),
        text_column("cause"),
        Index(f"{PREFIX}stock_moves_sku", "sku", "seq"),
        sqlite_autoincrement=True,
    )
    # Movements without a cause, such as a count, may repeat.
    caused = moves.c.cause != ""
    Index(
        f"{PREFIX}stock_moves_cause",
        moves.c.order_id,
        moves.c.cause,
        unique=True,
        sqlite_where=caused,
        postgresql_where=caused,
    )
    return {
        "stock": make.table(
            "stock",
            text_column("sku", primary_key=True),
            whole_column("on_hand", CheckConstraint("on_hand >= 0")),
            whole_column("reserved", CheckConstraint("reserved >= 0")),
            whole_column("allocated", CheckConstraint("allocated >= 0")),
        ),
        "moves": moves,
        "limits": make.table(
            "limits",
            text_column("counter", primary_key=True),
            text_column("customer", primary_key=True),
            whole_column("used", CheckConstraint("used >= 0")),
        ),
        "codes": make.table(
            "codes",
            text_column("code", primary_key=True),
            text_column("promotion"),
            text_column("printed"),
            Index(f"ix_{PREFIX}codes_promotion", "promotion"),
        ),
        "uses": make.table(
            "limit_uses",
            text_column("counter", primary_key=True),
            text_column("order_id", primary_key=True),
            text_column("customer"),
            whole_column("amount", CheckConstraint("amount >= 0")),
            text_column("status", CheckConstraint("status IN ('reserved', 'committed', 'released')")),
        ),
    }


def records_tables(make: Maker) -> dict[str, Table]:
    """Lay out the records beside orders.

    Args:
        make: Writes tables.

    Returns:
        Tables by role.
    """
    return {
        "serials": make.table("serials", text_column("prefix", primary_key=True), whole_column("last")),
        "sources": make.table(
            "sources",
            text_column("channel", primary_key=True),
            text_column("key", primary_key=True),
            text_column("content"),
            text_column("order_id"),
            whole_column("occurred_at", nullable=True),
        ),
        "audit": make.table(
            "audit",
            seq_column(),
            text_column("order_id"),
            whole_column("at"),
            text_column("actor"),
            text_column("verb"),
            text_column("subject"),
            text_column("before"),
            text_column("after"),
            text_column("reason"),
            text_column("details"),
            text_column("project"),
            text_column("span"),
            text_column("part"),
            Index(f"{PREFIX}audit_order", "order_id", "seq"),
            sqlite_autoincrement=True,
        ),
        "inbox": make.table(
            "inbox",
            text_column("verb", primary_key=True),
            text_column("key", primary_key=True),
            text_column("content"),
            text_column("order_id"),
        ),
        "rejects": make.table(
            "rejects",
            seq_column(),
            text_column("identity", unique=True),
            text_column("channel"),
            whole_column("line"),
            text_column("code"),
            whole_column("at"),
            text_column("row"),
            Index(f"{PREFIX}rejects_channel", "channel", "seq"),
            sqlite_autoincrement=True,
        ),
    }
