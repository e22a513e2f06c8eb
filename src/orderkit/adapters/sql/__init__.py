"""The store on SQLite and PostgreSQL; the only place that knows SQLAlchemy.

`schema` lays the tables out, `codec` tells how values stand in columns, `dialects` holds what differs between
databases, `wire` runs compiled statements, and one module holds each group of roles.
"""

from orderkit.adapters.sql.store import SqlStore

__all__ = ["SqlStore"]
