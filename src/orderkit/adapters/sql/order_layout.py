"""How the tables of orders and of what belongs to them are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint

from orderkit.adapters.sql.layout import PREFIX, seq_column, text_column, whole_column

if TYPE_CHECKING:
    from orderkit.adapters.sql.layout import Maker


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
        text_column("id", primary_key=True),
        text_column("number", unique=True),
        text_column("channel", nullable=True),
        text_column("external_number", nullable=True),
        text_column("state"),
        whole_column("epoch"),
        whole_column("entered_at"),
        whole_column("version"),
        text_column("project"),
        text_column("currency"),
        whole_column("placed_at"),
        text_column("customer", nullable=True),
        text_column("customer_record"),
        whole_column("subtotal"),
        whole_column("discount"),
        whole_column("shipping"),
        whole_column("tax"),
        whole_column("total"),
        text_column("coupons"),
        whole_column("points"),
        text_column("tags"),
        text_column("note"),
        text_column("assigned", nullable=True),
        whole_column("paid_at", nullable=True),
        whole_column("shipped_at", nullable=True),
        whole_column("done_at", nullable=True),
        whole_column("canceled_at", nullable=True),
        text_column("events"),
        text_column("claims"),
        text_column("fired"),
        text_column("policies"),
        text_column("extra"),
        *own,
        UniqueConstraint("channel", "external_number"),
        Index(f"{PREFIX}orders_state", "state", "placed_at"),
        Index(f"{PREFIX}orders_customer", "customer"),
        Index(f"{PREFIX}orders_placed_at", "placed_at", "id"),
    )


def _of_order(**options: Any) -> Column[Any]:
    return text_column("order_id", ForeignKey(f"{PREFIX}orders.id", ondelete="CASCADE"), **options)


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
            whole_column("position", primary_key=True, autoincrement=False),
            text_column("id"),
            text_column("sku"),
            text_column("name", nullable=True),
            text_column("category", nullable=True),
            whole_column("quantity"),
            whole_column("price"),
            whole_column("price_places"),
            whole_column("list"),
            whole_column("discount"),
            whole_column("net"),
            whole_column("tax"),
            text_column("gift"),
            text_column("extra"),
            *own,
        ),
        "adjustments": make.table(
            "adjustments",
            _of_order(primary_key=True),
            whole_column("position", primary_key=True, autoincrement=False),
            text_column("promotion"),
            text_column("file", nullable=True),
            whole_column("line_number", nullable=True),
            whole_column("column_number", nullable=True),
            whole_column("end_line", nullable=True),
            whole_column("end_column", nullable=True),
            text_column("stage"),
            text_column("line", nullable=True),
            whole_column("base"),
            text_column("rate", nullable=True),
            whole_column("amount"),
            text_column("paid_by"),
            text_column("label"),
            text_column("note"),
            text_column("exact", nullable=True),
            whole_column("units"),
        ),
        "parts": make.table(
            "parts",
            _of_order(primary_key=True),
            whole_column("position", primary_key=True, autoincrement=False),
            text_column("id"),
            text_column("kind"),
            text_column("number"),
            text_column("state"),
            whole_column("epoch"),
            whole_column("opened_at"),
            whole_column("entered_at"),
            text_column("lines"),
            whole_column("amount"),
            text_column("reason"),
            text_column("assigned", nullable=True),
            text_column("data"),
            text_column("rows"),
        ),
    }


def _payments(make: Maker) -> Table:
    payments = make.table(
        "payments",
        seq_column(),
        _of_order(nullable=True),
        whole_column("position"),
        text_column("channel", nullable=True),
        text_column("id"),
        text_column("kind", CheckConstraint("kind IN ('payment', 'refund')")),
        whole_column("amount"),
        text_column("currency"),
        whole_column("at"),
        text_column("txn"),
        text_column("reason"),
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
