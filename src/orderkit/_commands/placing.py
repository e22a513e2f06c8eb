"""Places an order: price it, number it, start its flow, reserve, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderkit._commands.assembling import assemble
from orderkit._commands.calls import Ask, ask, recall, write
from orderkit._commands.counting import quote, reservations, too_many
from orderkit._decide import begin, changes, open_draft
from orderkit._fields.converters import BadValue
from orderkit._fields.holding import broken
from orderkit._fields.spelling import WANTED, deep, shown
from orderkit.errors import InvalidOrder, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from orderkit._fields.engine import OrderDraft
    from orderkit._project import Project
    from orderkit.domain.events import Actor
    from orderkit.domain.order import Order


def place(
    project: Project,
    draft: OrderDraft,
    *,
    order_id: str,
    now: datetime,
    actor: Actor,
    key: str | None,
    content: str,
    start: str | None = None,
) -> Ask[Order]:
    """Place one order live.

    Args:
        project: The project that decides.
        draft: The checked draft.
        order_id: Identity the new order gets.
        now: The present instant, aware.
        actor: Who places it.
        key: The host's key that makes a repeat harmless, or None.
        content: Hash of payload and actor.
        start: State to begin in; None for the flow's own.

    Returns:
        The order as placed, or the one an earlier command with this key made.

    Raises:
        Conflict: The key was used with other content, or the number exists.
        InvalidOrder: A field is missing under its condition, or a check across fields does not hold.
        Refused: Stock or a limit does not allow it, or no such start state.
    """
    before = yield from recall("place", key, content)
    if before is not None:
        return before
    first = project.flows["order"].starts
    if start is not None and start != first:
        raise Refused("not_in_state", {"state": start, "from": [first]}, f"orders start in {first!r}")
    price = yield from quote(project, draft)
    if price.refused:
        raise too_many(price.refused[0], project)
    number = draft.number or (yield from next_number(project, now))
    order = assemble(
        draft,
        price,
        order_id=order_id,
        number=number,
        project=project.hash,
        products=lambda sku: project.row("products", sku),
    )
    levels = yield from ask("stock", "levels", sorted({line.sku for line in order.lines}))
    working = open_draft(project, order, levels, now=now, actor=actor)
    begin(project, working, state=start)
    problems = broken(project.fields, working.order, working.env({}, None, None))
    if problems:
        raise InvalidOrder(problems)
    decided = changes(None, working)
    yield from write(replace(decided, uses=reservations(project, decided.after, price.codes)))
    if key is not None:
        yield from ask("inbox", "remember", "place", key, content, order_id)
    return decided.after


def next_number(project: Project, now: datetime) -> Ask[str]:
    """Take the next order number.

    Args:
        project: The project that decides.
        now: The present instant.

    Returns:
        The number, such as `SO20260618000001`.
    """
    numbering = project.fields.numbering
    local = now.astimezone(project.fields.zone)
    prefix = numbering.prefix.fill({"now": local})
    if not numbering.width:
        return prefix
    serial: int = yield from ask("orders", "next_serial", prefix)
    return f"{prefix}{serial:0{numbering.width}d}"


def plain_lookup(project: Project, tables: Mapping[str, Any]) -> Any:
    """Make the function that gives rows of tables: the host's own first, then the project's files.

    Args:
        project: The project.
        tables: Callables of the host by table.

    Returns:
        A function of (table, key); it raises `BadValue` where the host's row does not fit the table.
    """

    def look(table: str, key: str) -> Mapping[str, Any] | None:
        own = tables.get(table)
        found = own(key) if own is not None else None
        if found is None:
            return project.row(table, key)
        if not isinstance(found, Mapping) or deep(dict(found)):
            bad = BadValue("OK450", **WANTED["mapping"])
            bad.value = shown(found)
            raise bad
        known = project.fields.tables.get(table)
        return known.read({**found, known.key: key}) if known else found

    return look
