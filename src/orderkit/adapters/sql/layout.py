"""How each table is laid out: columns, keys, checks and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

PREFIX: Final = "ok_"
"""Stands before every table, so that a host can keep its own tables beside them."""

# STRICT tables of SQLite know only their own type names, and their INTEGER has 64 bits anyway.
WHOLE: Final[TypeEngine[int]] = BigInteger().with_variant(Integer(), "sqlite")
"""Type of every number."""


def _text(name: str, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, Text, *more, nullable=options.pop("nullable", False), **options)


def _whole(name: str, *more: Any, **options: Any) -> Column[Any]:
    return Column(name, WHOLE, *more, nullable=options.pop("nullable", False), **options)


def _seq() -> Column[Any]:
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
            _whole("id", CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
            _whole("schema_version"),
            _whole("created_at"),
            _text("orderkit"),
        ),
        "projects": make.table(
            "projects", _text("hash", primary_key=True), _text("texts"), _whole("kept_at")
        ),
        "columns": make.table(
            "columns", _text("owner", primary_key=True), _text("name", primary_key=True), _text("kind")
        ),
    }


def orders_table(make: Maker, own: list[Column[Any]]) -> Table:
    """Lay out the orders.

    Args:
        make: Writes tables.
        own: Columns of the project's own order fields.

    Returns:
        The table.
    """
    return make.table(
        "orders",
        _text("id", primary_key=True),
        _text("number", unique=True),
        _text("channel", nullable=True),
        _text("external_number", nullable=True),
        _text("state"),
        _whole("epoch"),
        _whole("entered_at"),
        _whole("version"),
        _text("project"),
        _text("currency"),
        _whole("placed_at"),
        _text("customer", nullable=True),
        _text("customer_record"),
        _whole("subtotal"),
        _whole("discount"),
        _whole("shipping"),
        _whole("tax"),
        _whole("total"),
        _text("coupons"),
        _whole("points"),
        _text("tags"),
        _text("note"),
        _text("assigned", nullable=True),
        _whole("paid_at", nullable=True),
        _whole("shipped_at", nullable=True),
        _whole("done_at", nullable=True),
        _whole("canceled_at", nullable=True),
        _text("events"),
        _text("claims"),
        _text("fired"),
        _text("extra"),
        *own,
        UniqueConstraint("channel", "external_number"),
        Index(f"{PREFIX}orders_state", "state", "placed_at"),
        Index(f"{PREFIX}orders_customer", "customer"),
        Index(f"{PREFIX}orders_placed_at", "placed_at", "id"),
    )


def _of_order(**options: Any) -> Column[Any]:
    return _text("order_id", ForeignKey(f"{PREFIX}orders.id", ondelete="CASCADE"), **options)


def children_tables(make: Maker, own: list[Column[Any]]) -> dict[str, Table]:
    """Lay out what belongs to an order.

    Args:
        make: Writes tables.
        own: Columns of the project's own line fields.

    Returns:
        Tables by role.
    """
    return {
        "payments": _payments(make),
        "lines": make.table(
            "lines",
            _of_order(primary_key=True),
            _whole("position", primary_key=True, autoincrement=False),
            _text("id"),
            _text("sku"),
            _text("name", nullable=True),
            _text("category", nullable=True),
            _whole("quantity"),
            _whole("price"),
            _whole("price_places"),
            _whole("list"),
            _whole("discount"),
            _whole("net"),
            _whole("tax"),
            _text("extra"),
            *own,
        ),
        "adjustments": make.table(
            "adjustments",
            _of_order(primary_key=True),
            _whole("position", primary_key=True, autoincrement=False),
            _text("promotion"),
            _text("file", nullable=True),
            _whole("line_number", nullable=True),
            _whole("column_number", nullable=True),
            _whole("end_line", nullable=True),
            _whole("end_column", nullable=True),
            _text("stage"),
            _text("line", nullable=True),
            _whole("base"),
            _text("rate", nullable=True),
            _whole("amount"),
            _text("paid_by"),
            _text("label"),
            _text("note"),
            _text("exact", nullable=True),
        ),
        "parts": make.table(
            "parts",
            _of_order(primary_key=True),
            _whole("position", primary_key=True, autoincrement=False),
            _text("id"),
            _text("kind"),
            _text("number"),
            _text("state"),
            _whole("epoch"),
            _whole("opened_at"),
            _whole("entered_at"),
            _text("lines"),
            _whole("amount"),
            _text("reason"),
            _text("assigned", nullable=True),
            _text("data"),
        ),
    }


def _payments(make: Maker) -> Table:
    payments = make.table(
        "payments",
        _seq(),
        _of_order(nullable=True),
        _whole("position"),
        _text("channel", nullable=True),
        _text("id"),
        _text("kind", CheckConstraint("kind IN ('payment', 'refund')")),
        _whole("amount"),
        _text("currency"),
        _whole("at"),
        _text("txn"),
        _text("reason"),
        UniqueConstraint("order_id", "position"),
        Index(f"{PREFIX}payments_at", "at"),
    )
    loose = payments.c.order_id.is_(None)
    Index(
        f"{PREFIX}payments_loose",
        payments.c.channel,
        payments.c.id,
        unique=True,
        sqlite_where=loose,
        postgresql_where=loose,
    )
    return payments


def work_tables(make: Maker) -> dict[str, Table]:
    """Lay out what is left for later.

    Args:
        make: Writes tables.

    Returns:
        Tables by role.
    """
    timers = make.table(
        "timers",
        _text("key", primary_key=True),
        _text("order_id"),
        _text("kind"),
        _text("name"),
        _whole("epoch"),
        _whole("due_at"),
        _text("part"),
        _whole("fired"),
        Index(f"{PREFIX}timers_due_at", "due_at", "key"),
        Index(f"{PREFIX}timers_order", "order_id"),
    )
    outbox = make.table(
        "outbox",
        _seq(),
        _text("key", unique=True),
        _text("order_id"),
        _text("effect"),
        _text("payload"),
        _whole("at"),
        _text("span"),
        _whole("attempts"),
        _whole("due_at", nullable=True),
        _text("status", CheckConstraint("status IN ('waiting', 'sent', 'parked')")),
        _text("error"),
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
        _seq(),
        _text("sku"),
        _text("kind"),
        _whole("on_hand"),
        _whole("reserved"),
        _whole("allocated"),
        _text("order_id"),
        _text("cause"),
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
            _text("sku", primary_key=True),
            _whole("on_hand", CheckConstraint("on_hand >= 0")),
            _whole("reserved", CheckConstraint("reserved >= 0")),
            _whole("allocated", CheckConstraint("allocated >= 0")),
        ),
        "moves": moves,
        "limits": make.table(
            "limits",
            _text("promotion", primary_key=True),
            _text("customer", primary_key=True),
            _whole("used", CheckConstraint("used >= 0")),
        ),
        "uses": make.table(
            "limit_uses",
            _text("promotion", primary_key=True),
            _text("order_id", primary_key=True),
            _text("customer"),
            _text("status", CheckConstraint("status IN ('reserved', 'committed', 'released')")),
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
        "serials": make.table("serials", _text("prefix", primary_key=True), _whole("last")),
        "sources": make.table(
            "sources",
            _text("channel", primary_key=True),
            _text("key", primary_key=True),
            _text("content"),
            _text("order_id"),
            _whole("occurred_at", nullable=True),
        ),
        "audit": make.table(
            "audit",
            _seq(),
            _text("order_id"),
            _whole("at"),
            _text("actor"),
            _text("verb"),
            _text("subject"),
            _text("before"),
            _text("after"),
            _text("reason"),
            _text("details"),
            _text("project"),
            _text("span"),
            _text("part"),
            Index(f"{PREFIX}audit_order", "order_id", "seq"),
            sqlite_autoincrement=True,
        ),
        "inbox": make.table(
            "inbox",
            _text("verb", primary_key=True),
            _text("key", primary_key=True),
            _text("content"),
            _text("order_id"),
        ),
        "rejects": make.table(
            "rejects",
            _seq(),
            _text("identity", unique=True),
            _text("channel"),
            _whole("line"),
            _text("code"),
            _whole("at"),
            _text("row"),
            Index(f"{PREFIX}rejects_channel", "channel", "seq"),
            sqlite_autoincrement=True,
        ),
    }
