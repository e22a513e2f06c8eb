"""Records beside orders in SQL: history, command keys, what channels sent, and rows nobody could take."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from orderkit.adapters.agreement import key_taken, reject_identity
from orderkit.adapters.sql.codec import pack, unpack
from orderkit.domain.calendar import from_micros, to_micros
from orderkit.domain.events import AuditEntry
from orderkit.domain.records import Reject, SourceRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql import Executable

    from orderkit.adapters.sql.wire import Wire


class SqlAudit:
    """Keeps the history; triggers refuse to change it even where someone tries past orderkit.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries."""
        rows = [
            (
                one.order_id,
                to_micros(one.at),
                one.actor,
                one.verb,
                one.subject,
                one.before,
                one.after,
                one.reason,
                pack(one.details),
                one.project,
                one.span,
                one.part,
            )
            for one in entries
        ]
        self._wire.insert(self._wire.tables.audit, rows)

    def of(self, order_id: str) -> list[AuditEntry]:
        """List an order's entries, oldest first."""
        table = self._wire.tables.audit

        def make() -> Executable:
            columns = [column for column in table.c if column.name != "seq"]
            query = select(*columns).where(table.c.order_id == bindparam("order_id"))
            return query.order_by(table.c.seq)

        return [_entry(row) for row in self._wire.rows("audit.of", make, {"order_id": order_id})]


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    order_id, at, actor, verb, subject, before, after, reason, details, project, span, part = row
    return AuditEntry(
        order_id=order_id,
        at=from_micros(at),
        actor=actor,
        verb=verb,
        subject=subject,
        before=before,
        after=after,
        reason=reason,
        details=unpack(details),
        project=project,
        span=span,
        part=part,
    )


class SqlInbox:
    """Remembers command keys.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def recall(self, verb: str, key: str) -> tuple[str, str] | None:
        """Give (content hash, order id) of an earlier command with this key."""
        table = self._wire.tables.inbox

        def make() -> Executable:
            return select(table.c.content, table.c.order_id).where(
                table.c.verb == bindparam("verb"), table.c.key == bindparam("key")
            )

        rows = self._wire.rows("inbox.recall", make, {"verb": verb, "key": key})
        return (rows[0][0], rows[0][1]) if rows else None

    def remember(self, verb: str, key: str, content: str, order_id: str) -> None:
        """Keep the key; raises Conflict where another transaction just did."""
        try:
            self._wire.insert(self._wire.tables.inbox, [(verb, key, content, order_id)])
        except self._wire.integrity_error as error:
            raise key_taken(verb, key) from error


class SqlSources:
    """Remembers what each channel has sent, so that a repeat is harmless.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def known(self, channel: str, keys: Sequence[str]) -> Mapping[str, SourceRow]:
        """Give what is remembered of these keys."""
        table = self._wire.tables.sources
        rows = self._wire.rows_of(
            "sources.known",
            lambda condition: select(*table.c).where(table.c.channel == bindparam("channel"), condition),
            table.c.key,
            keys,
            {"channel": channel},
        )
        found = {}
        for of, key, content, order_id, at in rows:
            found[key] = SourceRow(of, key, content, order_id, None if at is None else from_micros(at))
        return found

    def note(self, rows: Sequence[SourceRow]) -> None:
        """Remember or replace."""
        wire = self._wire
        table = wire.tables.sources

        def make() -> Executable:
            start = wire.database.insert(table)
            start = start.values({column: bindparam(f"new {column.name}") for column in table.c})
            kept = ("content", "order_id", "occurred_at")
            return start.on_conflict_do_update(  # type: ignore[no-any-return] # both dialects have it, no stub does
                index_elements=[table.c.channel, table.c.key],
                set_={name: start.excluded[name] for name in kept},
            )

        wire.run_each(
            "sources.note",
            make,
            [
                {
                    "new channel": one.channel,
                    "new key": one.key,
                    "new content": one.content,
                    "new order_id": one.order_id,
                    "new occurred_at": None if one.occurred_at is None else to_micros(one.occurred_at),
                }
                for one in rows
            ],
        )


class SqlRejects:
    """Keeps rows that could not be taken; as JSON, since their texts may hold what no column takes.

    Args:
        wire: The transaction.
    """

    __slots__ = ("_wire",)

    def __init__(self, wire: Wire) -> None:
        """Belong to one transaction."""
        self._wire = wire

    def keep(self, rows: Sequence[Reject]) -> None:
        """Add rows; the same file, line and reason again changes nothing."""
        self._wire.insert(
            self._wire.tables.rejects,
            [
                (_digest(one), one.channel, one.line, one.code, to_micros(one.at), pack(asdict(one)))
                for one in rows
            ],
            again=True,
        )

    def of(self, channel: str | None = None, limit: int = 100) -> list[Reject]:
        """List rows, newest first."""
        table = self._wire.tables.rejects

        def make() -> Executable:
            query = select(table.c.row).order_by(table.c.seq.desc())
            query = query.limit(bindparam("most"))
            return query if channel is None else query.where(table.c.channel == bindparam("channel"))

        values: dict[str, Any] = {"channel": channel, "most": limit}
        rows = self._wire.rows(f"rejects.of {channel is None}", make, values)
        return [Reject(**unpack(row[0])) for row in rows]


def _digest(row: Reject) -> str:
    return hashlib.sha256(json.dumps(reject_identity(row)).encode()).hexdigest()
