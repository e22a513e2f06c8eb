"""Places an order: price it, number it, start its flow, reserve, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderkit._commands.assembling import assemble
from orderkit._commands.calls import Ask, ask, recall, write
from orderkit._decide import begin, changes, open_draft
from orderkit._fields.converters import BadValue
from orderkit._fields.holding import broken
from orderkit._fields.spelling import WANTED, deep, shown
from orderkit.domain.events import LimitUse
from orderkit.errors import InvalidOrder, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from orderkit._fields.engine import OrderDraft
    from orderkit._project import Project
    from orderkit.domain.events import Actor
    from orderkit.domain.order import Order
    from orderkit.domain.price import Price


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
    number = draft.number or (yield from next_number(project, now))
    order = assemble(draft, price, order_id=order_id, number=number, project=project.hash)
    levels = yield from ask("stock", "levels", sorted({line.sku for line in order.lines}))
    working = open_draft(project, order, levels, now=now, actor=actor)
    begin(project, working, state=start)
    problems = broken(project.fields, working.order, working.env({}, None, None))
    if problems:
        raise InvalidOrder(problems)
    decided = changes(None, working)
    yield from write(replace(decided, uses=reservations(project, decided.after)))
    if key is not None:
        yield from ask("inbox", "remember", "place", key, content, order_id)
    return decided.after


def quote(project: Project, draft: OrderDraft) -> Ask[Price]:
    """Price a draft with what the store knows: earlier orders and uses left.

    Args:
        project: The project that decides.
        draft: The checked draft.

    Returns:
        The price.
    """
    customer = draft.customer or ""
    earlier: int | None = None
    if draft.customer is not None:
        earlier = yield from ask("orders", "placed_by", draft.customer)
    limited = [one for one in project.pricing.promotions if one.limit.total or one.limit.per_customer]
    left: dict[str, int] = {}
    if limited:
        used: Mapping[str, tuple[int, int]] = yield from ask(
            "limits", "used", [one.name for one in limited], customer
        )
        for one in limited:
            total, own = used.get(one.name, (0, 0))
            rests = []
            if one.limit.total is not None:
                rests.append(one.limit.total - total)
            if one.limit.per_customer is not None:
                # Whoever has no name cannot be counted, and would use it without end.
                rests.append(one.limit.per_customer - own if customer else 0)
            if rests:
                left[one.name] = max(0, min(rests))
    return project.price_draft(draft, orders_before=earlier, limits=left)


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


def reservations(project: Project, order: Order) -> tuple[LimitUse, ...]:
    """List the limited promotions that an order uses.

    Args:
        project: The project that decided.
        order: The order as placed.

    Returns:
        One reservation for each.
    """
    used = {row.promotion for row in order.adjustments if row.amount}
    return tuple(
        LimitUse(
            one.name,
            order.id,
            order.customer or "",
            total=one.limit.total,
            per_customer=one.limit.per_customer,
        )
        for one in project.pricing.promotions
        if one.name in used and (one.limit.total or one.limit.per_customer)
    )


def settled_uses(project: Project, before: Order, after: Order) -> tuple[LimitUse, ...]:
    """Tell what a command does to the limits the order has reserved.

    Args:
        project: The project that decided.
        before: The order as it was.
        after: The order as it is.

    Returns:
        Commits when it was paid, releases when it was canceled.
    """
    status = ""
    if "canceled" in after.events and "canceled" not in before.events:
        status = "released"
    elif "paid" in after.events and "paid" not in before.events:
        status = "committed"
    if not status:
        return ()
    return tuple(replace(one, status=status) for one in reservations(project, after))


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
