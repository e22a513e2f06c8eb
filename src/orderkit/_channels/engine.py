"""Reads one payload of a channel: pure, nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orderkit._channels.payloads import payload_record
from orderkit._channels.program import MOMENTS, UNITEMIZED, ChannelProgram, RecordRead, goods_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Problem

__all__ = ["ChannelProgram", "PayloadRead", "read_payload", "ready"]


@dataclass(frozen=True, slots=True)
class PayloadRead:
    """One payload as a channel reads it.

    Args:
        order: Values by field, ready to be placed or priced; None where there are problems.
        problems: What is wrong, per field.
        skipped: Why the record is no order at all, or an empty text.
        record: The same with everything a command needs.
    """

    order: dict[str, Any] | None
    problems: tuple[Problem, ...]
    skipped: str
    record: RecordRead


def read_payload(program: ChannelProgram, payload: Mapping[str, Any]) -> PayloadRead:
    """Read one payload: nested mappings and lists, or the cells of one row by column.

    Args:
        program: The channel.
        payload: The record as the channel sends it.

    Returns:
        The order's values, or its problems.
    """
    record = payload_record(program, payload)
    if record.faults or record.skipped:
        problems = tuple(fault.problem for fault in record.faults)
        return PayloadRead(None, problems, record.skipped, record)
    return PayloadRead(ready(program, record), (), "", record)


def ready(program: ChannelProgram, record: RecordRead) -> dict[str, Any]:
    """Give a record's values in the form in which orders are placed.

    Args:
        program: The channel.
        record: A record without faults.

    Returns:
        Values by field; lines as a list of mappings.
    """
    values = {name: value for name, value in record.values.items() if name not in MOMENTS}
    values |= record.raws
    lines = [dict(line) for line in record.lines]
    if not lines and "total" in program.trust and "total" in values:
        lines = [{"sku": UNITEMIZED, "quantity": 1, "price": goods_of(values)}]
    return {**values, "channel": program.name, "lines": lines}
