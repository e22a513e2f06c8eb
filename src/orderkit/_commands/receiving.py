"""Takes records of channels: history as it was in batches, live orders one by one; twice changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orderkit import _decide
from orderkit._channels.drafting import Drafting
from orderkit._channels.engine import ready
from orderkit._channels.files import payload_content
from orderkit._channels.payloads import payload_record
from orderkit._commands.calls import Ask, ask, get_order, write
from orderkit._commands.history import History
from orderkit._commands.placing import place
from orderkit._diagnostics import Problem
from orderkit._fields.reading import read_order
from orderkit.domain.events import AuditEntry
from orderkit.domain.records import SourceRow
from orderkit.errors import Conflict, InvalidOrder, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._fields.engine import Lookup, OrderDraft
    from orderkit._project import Project
    from orderkit.domain.events import Actor
    from orderkit.domain.order import Order, Payment


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the records of one batch.

    Args:
        outcomes: `accepted`, `updated`, `unchanged`, `skipped` or `rejected` per record, in their order.
        counts: Orders, lines, refunds and loose refunds that were written.
    """

    outcomes: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one history channel that are written together.

    Args:
        history: Makes the orders.
        records: The records, without faults.
        drafts: Their drafts; None for those that are only a refund.
        files: Names of the files they come from.
        write: Whether to write, or only to count.
    """

    history: History
    records: Sequence[RecordRead]
    drafts: Sequence[OrderDraft | None]
    files: tuple[str, ...]
    write: bool

    def take(self) -> Ask[Taken]:
        """Write what is new or changed.

        Returns:
            The outcome of each record.

        Raises:
            Conflict: An order's number or external number is taken by another one.
        """
        channel = self.history.program.name
        keys = list(dict.fromkeys(key for one in self.records for key in (one.key, one.of) if key))
        known: Mapping[str, SourceRow] = yield from ask("sources", "known", channel, keys)
        fresh: list[Order] = []
        loose: list[Payment] = []
        notes: list[SourceRow] = []
        outcomes: list[str] = []
        counts: Counter[str] = Counter()
        for record, draft in zip(self.records, self.drafts, strict=True):
            source = known.get(record.key)
            if source is not None and source.content == record.content:
                outcomes.append("unchanged")
                continue
            repeat = self.history.program.repeat
            if source is not None and repeat != "update":
                outcomes.append("skipped" if repeat == "skip" else "rejected")
                continue
            if draft is None:
                outcome, target = yield from self._refund(record, source, known, loose, counts)
            elif source is None or not source.order_id:
                order = self.history.order(record, draft)
                fresh.append(order)
                outcome, target = "accepted", order.id
                counts.update(orders=1, lines=len(order.lines), refunds=record.refund is not None)
            else:
                outcome = yield from self._update(record, draft, source.order_id, counts)
                target = source.order_id
            outcomes.append(outcome)
            notes.append(SourceRow(channel, record.key, record.content, target))
        if self.write:
            yield from self._keep(fresh, loose, notes, Counter(outcomes))
        return Taken(tuple(outcomes), dict(counts))

    def _keep(
        self, fresh: list[Order], loose: list[Payment], notes: list[SourceRow], outcomes: Mapping[str, int]
    ) -> Ask[None]:
        if fresh:
            yield from ask("orders", "insert", fresh)
        if loose:
            yield from ask("orders", "add_loose", loose)
        if notes:
            yield from ask("sources", "note", notes)
        if outcomes.get("accepted") or outcomes.get("updated"):
            history = self.history
            details = {"channel": history.program.name, "files": list(self.files), **outcomes}
            entry = AuditEntry(
                "", history.now, history.program.name, "imported", history.program.name, details=details,
                project=history.project.hash, span=str(history.program.span),
            )  # fmt: skip
            yield from ask("audit", "append", [entry])

    def _update(self, record: RecordRead, draft: OrderDraft, order_id: str, counts: Counter[str]) -> Ask[str]:
        old = yield from get_order(order_id)
        after = self.history.again(old, self.history.order(record, draft))
        if after is None:
            return "unchanged"
        yield from self._replace(old, after)
        counts.update(orders=1, lines=len(after.lines), refunds=record.refund is not None)
        return "updated"

    def _refund(
        self,
        record: RecordRead,
        source: SourceRow | None,
        known: Mapping[str, SourceRow],
        loose: list[Payment],
        counts: Counter[str],
    ) -> Ask[tuple[str, str]]:
        outcome = "accepted" if source is None else "updated"
        owner = known.get(record.of or record.key)
        if owner is None or not owner.order_id:
            row = self.history.refund(record, self.history.now, record.key)
            loose.append(replace(row, channel=self.history.program.name))
            counts["loose_refunds"] += 1
            return outcome, ""
        old = yield from get_order(owner.order_id)
        after = self.history.refunded(old, record)
        if after is None:
            return "unchanged", old.id
        yield from self._replace(old, after)
        counts["refunds"] += 1
        return outcome, old.id

    def _replace(self, old: Order, after: Order) -> Ask[None]:
        if not self.write:
            return
        if after.state != old.state:
            armed = yield from ask("timers", "of", old.id)
            if armed:
                yield from ask("timers", "disarm", [one.key for one in armed])
        yield from ask("orders", "update", after, expected=old.version)


def receive(
    project: Project,
    channel: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    actor: Actor,
    lookup: Lookup,
    order_id: str,
) -> Ask[Order]:
    """Take one payload: read it, then place or update; the same payload twice gives one order.

    Args:
        project: The project that decides.
        channel: Name of the channel.
        payload: The record as the channel sends it.
        now: The present instant, aware.
        actor: Who brings it.
        lookup: Gives rows of tables by (table, key).
        order_id: Identity a new live order gets.

    Returns:
        The order.

    Raises:
        NotFound: There is no such channel, or a refund's order is unknown.
        InvalidOrder: The payload has problems, or the channel skips it.
        Conflict: The order came before with other content and can no longer follow it.
        Refused: Stock or a limit does not allow it.
    """
    program = project.channel(channel)
    record = payload_record(program, payload)
    if record.faults:
        raise InvalidOrder(tuple(fault.problem for fault in record.faults))
    record.content = payload_content(program, payload)
    if record.skipped:
        said = {"said": record.skipped}
        raise InvalidOrder((Problem("OK851", "channel", record.key, said, program.span),))
    if program.history:
        return (yield from _receive_history(project, program, record, now=now, lookup=lookup))
    return (
        yield from receive_live(
            project, program, record, now=now, actor=actor, lookup=lookup, order_id=order_id
        )
    )


def _receive_history(
    project: Project, program: ChannelProgram, record: RecordRead, *, now: datetime, lookup: Lookup
) -> Ask[Order]:
    draft = Drafting(project.fields, program, now, lookup).draft(record) if record.has_order else None
    if record.faults:
        raise InvalidOrder(tuple(fault.problem for fault in record.faults))
    batch = Batch(History(project, program, now), [record], [draft], (), write=True)
    taken = yield from batch.take()
    if taken.outcomes[0] == "rejected":
        message = f"{program.name} {record.key} came before with other content"
        raise Conflict(message)
    known: Mapping[str, SourceRow] = yield from ask("sources", "known", program.name, [record.key])
    row = known.get(record.key)
    if row is None or not row.order_id:
        message = f"the refund {record.key!r} belongs to no known order of {program.name}"
        raise NotFound(message)
    return (yield from get_order(row.order_id))


def receive_live(
    project: Project,
    program: ChannelProgram,
    record: RecordRead,
    *,
    now: datetime,
    actor: Actor,
    lookup: Lookup,
    order_id: str,
) -> Ask[Order]:
    """Place the order of one record live, or let a known one follow it.

    Args:
        project: The project that decides.
        program: The channel.
        record: The record, without faults.
        now: The present instant, aware.
        actor: Who brings it.
        lookup: Gives rows of tables by (table, key).
        order_id: Identity a new order gets.

    Returns:
        The order.

    Raises:
        InvalidOrder: The record is no order the project takes.
        Conflict: The order came before with other content and can no longer follow it.
        Refused: Stock or a limit does not allow it.
    """
    known: Mapping[str, SourceRow] = yield from ask("sources", "known", program.name, [record.key])
    source = known.get(record.key)
    if source is not None and (source.content == record.content or program.repeat == "skip"):
        return (yield from get_order(source.order_id))
    start = project.flows["order"].starts
    state = record.values.get("state", start)
    if state != start:
        raise InvalidOrder((Problem("OK849", "state", str(state), {"start": start}, program.order.span),))
    draft, problems = read_order(
        project.fields, ready(program, record), now=now, lookup=lookup, channel=program.name, amounts=True
    )
    if draft is None:
        raise InvalidOrder(problems)
    if source is None:
        key = f"{program.name}:{record.key}"
        order = yield from place(
            project, draft, order_id=order_id, now=now, actor=actor, key=key, content=record.content
        )
    else:
        timeless = "placed_at" not in record.values
        order = yield from _follow(project, program, draft, source, timeless=timeless, now=now, actor=actor)
    yield from ask("sources", "note", [SourceRow(program.name, record.key, record.content, order.id)])
    return order


def _follow(
    project: Project,
    program: ChannelProgram,
    draft: OrderDraft,
    source: SourceRow,
    *,
    timeless: bool,
    now: datetime,
    actor: Actor,
) -> Ask[Order]:
    order = yield from get_order(source.order_id)
    if timeless:
        draft = replace(draft, placed_at=order.placed_at)
    said = f"{program.name} {source.key} came before with other content"
    if program.repeat == "reject":
        raise Conflict(said)
    history: Sequence[AuditEntry] = yield from ask("audit", "of", order.id)
    own = sum(entry.verb == "updated" for entry in history)
    if order.version != 1 + own or order.state != project.flows["order"].starts:
        message = f"{said}, and the order {order.number} has moved on ({order.state})"
        raise Conflict(message)
    after = replace(order, fields=draft.fields, note=draft.note)
    if not _same_goods(order, draft) or project.price(after).to_dict() != project.price(order).to_dict():
        message = f"{said}, and what changed decides the price of the order {order.number}"
        raise Conflict(message)
    working = _decide.open_draft(project, replace(after, version=order.version + 1), {}, now=now, actor=actor)
    working.note("updated", program.name)
    _decide.settle(project, working)
    decided = _decide.changes(order, working)
    yield from write(decided)
    return decided.after


def _same_goods(order: Order, draft: OrderDraft) -> bool:
    have = [(one.sku, one.quantity, one.price, _bare(one.fields)) for one in order.lines]
    want = [(one.sku, one.quantity, one.price, _bare(one.fields)) for one in draft.lines]
    heads = ("placed_at", "customer", "coupons", "points")
    return have == want and all(getattr(order, name) == getattr(draft, name) for name in heads)


def _bare(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
