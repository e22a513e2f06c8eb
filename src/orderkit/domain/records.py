"""Rows a store keeps beside orders: what channels sent, what was refused, which columns a project has."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A scalar field of the project that gets a typed column of its own.

    Args:
        owner: `order` or `line`.
        name: The field's name, in any script.
        kind: `text`, `integer`, `decimal`, `money`, `boolean`, `date` or `datetime`.
    """

    owner: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a channel sent under one key.

    Args:
        channel: The channel.
        key: The channel's own identity of the record.
        content: Hash of the record as it was read.
        order_id: The order it became, or an empty text.
        occurred_at: When the channel says it happened, or None.
    """

    channel: str
    key: str
    content: str
    order_id: str
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be taken, kept whole with the reason.

    Args:
        channel: The channel that read it.
        file: Name of the file, or an empty text for a payload.
        line: Physical line in the file (from 1), or 0.
        record: Number of the record in the file (from 1), or 0.
        key: The record's identity, as far as it could be read.
        column: Header of the column, or an empty text.
        value: The raw value.
        field: The field it was meant for.
        code: Stable id of the reason.
        reason: The reason in English.
        reason_zh: The reason in Chinese.
        rule: `file:line:column` of the YAML that refused it.
        at: When it was read.
        raw: The row as it came.
    """

    channel: str
    file: str
    line: int
    record: int
    key: str
    column: str
    value: str
    field: str
    code: str
    reason: str
    reason_zh: str
    rule: str
    at: datetime
    raw: Mapping[str, str] = attribute(default_factory=dict)
