"""The tables of a database, and the typed columns a project adds to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Text

from orderkit.adapters.sql.layout import (
    WHOLE,
    Maker,
    goods_tables,
    records_tables,
    stamps_tables,
    work_tables,
)
from orderkit.adapters.sql.order_layout import children_tables, orders_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import MetaData, Table
    from sqlalchemy.types import TypeEngine

    from orderkit.domain.records import ColumnSpec

VERSION: Final = 2
"""Version of the layout; raised by each change that an older orderkit cannot read."""

_COLUMN_TYPES: Final[Mapping[str, TypeEngine[Any]]] = {
    "text": Text(),
    "decimal": Text(),
    "date": Text(),
    "integer": WHOLE,
    "money": WHOLE,
    "boolean": WHOLE,
    "datetime": WHOLE,
}
# PostgreSQL cuts identifiers at 63 bytes, and a character may take four.
_LONGEST_NAME: Final = 60
_KEPT: Final = 12


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table of one project, so that statements are written against names that exist.

    Args:
        meta: One row: version of the layout and who made it.
        projects: Texts of each project that decided something.
        columns: Kinds of the projects' own columns.
        orders: Orders.
        lines: Their lines.
        adjustments: Their ledgers.
        payments: Their payments and refunds, and refunds whose order nobody knows.
        parts: Their refunds, shipments and the like.
        serials: The last number taken after each prefix.
        sources: What channels sent.
        timers: What is due later.
        outbox: Effects.
        stock: Figures by sku.
        moves: Their movements.
        audit: The history.
        inbox: Keys of commands.
        limits: What is taken of each limit, by counter and customer.
        codes: Single-use codes of promotions.
        uses: Uses by promotion and order.
        rejects: Rows that could not be taken.
    """

    meta: Table
    projects: Table
    columns: Table
    orders: Table
    lines: Table
    adjustments: Table
    payments: Table
    parts: Table
    serials: Table
    sources: Table
    timers: Table
    outbox: Table
    stock: Table
    moves: Table
    audit: Table
    inbox: Table
    limits: Table
    codes: Table
    uses: Table
    rejects: Table


def column_name(field: str) -> str:
    """Name the column of a project's own field.

    Args:
        field: Name of the field, in any script.

    Returns:
        `f_` and the name; a digest of it where databases would fold its case or cut its end.
    """
    name = f"f_{field}"
    # SQLite takes Size and size for one column, so a name with capitals cannot stand as it is.
    folded = name.lower() != name
    if not folded and len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(field.encode()).hexdigest()[:10]
    return f"f_{field[:_KEPT].lower()}_{digest}"


def own_column(spec: ColumnSpec) -> Column[Any]:
    """Make the column of one field.

    Args:
        spec: The field.

    Returns:
        A nullable column.
    """
    return Column(column_name(spec.name), _COLUMN_TYPES[spec.kind])


def build(columns: Sequence[ColumnSpec], *, strict: bool) -> tuple[MetaData, Tables]:
    """Lay out the tables for a project.

    Args:
        columns: Its scalar fields.
        strict: Whether SQLite checks the types of values; older ones cannot.

    Returns:
        The collection that creates them, and the tables by role.
    """
    make = Maker(strict=strict)
    orders = orders_table(make, [own_column(one) for one in columns if one.owner == "order"])
    line_columns = [own_column(one) for one in columns if one.owner == "line"]
    tables = Tables(
        **stamps_tables(make),
        orders=orders,
        **children_tables(make, line_columns),
        **work_tables(make),
        **goods_tables(make),
        **records_tables(make),
    )
    return make.metadata, tables
