"""Moves orders: fire an action, open a part, run what is due."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orderkit import _decide
from orderkit._commands.calls import Ask, ask, get_order, recall, write
from orderkit._commands.counting import settled_uses
from orderkit._commands.refunding import refund_of
from orderkit._fields.view import part_view
from orderkit._flows.engine import Refusal, step
from orderkit.domain.refund import REFUND, share_of, take_units
from orderkit.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from orderkit._effects.engine import Draft
    from orderkit._flows.program import FlowProgram
    from orderkit._project import Project
    from orderkit.domain.events import Actor, Timer
    from orderkit.domain.money import Money
    from orderkit.domain.order import Order
    from orderkit.domain.policies import RefundRow


@dataclass(frozen=True, slots=True)
class NeedView:
    """One thing an action takes, as a form needs to know it.

    Args:
        label: What people call it.
        type: Its type, in the words of `fields:`.
        values: What a choice allows; empty for other types.
        required: Whether it must be given.
    """

    label: str
    type: str
    values: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class ActionView:
    """One action as it stands for one order and one actor.

    Args:
        name: The action.
        allowed: Whether it can be fired now, its needs given.
        reason: Why not, or an empty text.
        details: Plain data: who could, what was read.
        message: One sentence for people, or an empty text.
        needs: Data it takes, by name.
        to: States it may lead to.
    """

    name: str
    allowed: bool
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    needs: Mapping[str, NeedView] = field(default_factory=dict)
    to: tuple[str, ...] = ()


def fire(
    project: Project,
    order_id: str,
    action: str,
    data: Mapping[str, Any],
    *,
    part: str,
    now: datetime,
    actor: Actor,
    key: str | None,
    content: str,
) -> Ask[Order]:
    """Fire one action of an order or of one of its parts.

    Args:
        project: The project that decides.
        order_id: Id or number.
        action: The action.
        data: Its needs, raw.
        part: Id of the part, or an empty text.
        now: The present instant, aware.
        actor: Who fires.
        key: The host's key that makes a repeat harmless, or None.
        content: Hash of payload and actor.

    Returns:
        The order after it.

    Raises:
        NotFound: There is no such order or part.
        Refused: It is not allowed now.
        Conflict: The key was used with other content, or the order changed meanwhile.
    """
    known = yield from recall("fire", key, content)
    if known is not None:
        return known
    order = yield from get_order(order_id)
    if part and order.part(part) is None:
        message = f"order {order.number} has no part {part!r}"
        raise NotFound(message)
    working = yield from _working(project, order, now=now, actor=actor)
    refusal = _decide.fire(project, working, action, data, part=part)
    if refusal is not None:
        if refusal.reason == "already":
            return order
        raise Refused(refusal.reason, refusal.details, refusal.message)
    after = yield from _save(project, order, working)
    if key is not None:
        yield from ask("inbox", "remember", "fire", key, content, order.id)
    return after


def open_part(
    project: Project,
    order_id: str,
    kind: str,
    *,
    lines: Mapping[str, int] | None,
    amount: Money | None,
    reason: str,
    now: datetime,
    actor: Actor,
    key: str | None,
    content: str,
    products: Callable[[str], Mapping[str, Any] | None] | None = None,
) -> Ask[Order]:
    """Open a part of an order, such as a refund with what its units are owed.

    Args:
        project: The project that decides.
        order_id: Id or number.
        kind: Kind of part.
        lines: Units per line id; None for all that is left.
        amount: Money it stands for; None for the exact share of the units and, in a refund, what the
            policies of promotions make of it.
        reason: Why it is opened.
        now: The present instant, aware.
        actor: Who opens it.
        key: The host's key that makes a repeat harmless, or None.
        content: Hash of payload and actor.
        products: Gives the row of a product; the project's own files where none is given.

    Returns:
        The order with the part.

    Raises:
        NotFound: There is no such order or kind of part.
        Refused: The units or the money are not there.
        Conflict: The key was used with other content.
    """
    known = yield from recall("open", key, content)
    if known is not None:
        return known
    order = yield from get_order(order_id)
    flow = project.flows["order"]
    if kind not in flow.parts:
        message = f"orders have no part {kind!r}; parts: {', '.join(flow.parts) or 'none'}"
        raise NotFound(message)
    states = project.flows[flow.parts[kind].flow].states
    live = frozenset(name for name, state in states.items() if state.end != "canceled")
    if amount is not None and kind == REFUND:
        _covered(project, order, amount)
    taken: dict[str, int] = {}
    rows: tuple[RefundRow, ...] = ()
    if amount is None or lines is not None:
        taken = take_units(order, kind, lines, live=live)
    if amount is None and kind == REFUND:
        look = products or (lambda sku: project.row("products", sku))
        due = yield from refund_of(project, order, taken, live=live, products=look)
        amount, rows = due.amount, due.rows
        _affordable(project, order, amount)
    elif amount is None:
        amount = share_of(order, kind, taken, live=live)
    working = yield from _working(project, order, now=now, actor=actor)
    _decide.open_part(project, working, kind, amount=amount, lines=taken, reason=reason, rows=rows)
    _decide.settle(project, working)
    after = yield from _save(project, order, working)
    if key is not None:
        yield from ask("inbox", "remember", "open", key, content, order.id)
    return after


def _affordable(project: Project, order: Order, amount: Money) -> None:
    left = _decide.cover(project, order)
    if amount > left:
        details = {"asked": str(amount), "left": str(left)}
        raise Refused("guard", details, f"only {left} of the payments is left")


def _covered(project: Project, order: Order, amount: Money) -> None:
    if amount.currency != order.currency:
        details = {"asked": amount.currency, "order": order.currency}
        raise Refused("currency", details, f"the order is in {order.currency}, not in {amount.currency}")
    left = _decide.cover(project, order)
    if amount.minor <= 0 or amount > left:
        details = {"asked": str(amount), "left": str(left)}
        raise Refused("guard", details, f"{amount} cannot be refunded; {left} of the payments is left")


def run_timer(project: Project, timer: Timer, *, now: datetime, actor: Actor) -> Ask[bool]:
    """Run one due timer, if it is still armed.

    Args:
        project: The project that decides.
        timer: The timer as it was listed.
        now: The present instant, aware.
        actor: The system.

    Returns:
        True where it ran, False where another worker or command was first.
    """
    armed = yield from ask("timers", "of", timer.order_id)
    if timer.key not in {one.key for one in armed}:
        return False
    order = yield from get_order(timer.order_id)
    working = yield from _working(project, order, now=now, actor=actor)
    _decide.run_timer(project, working, timer)
    yield from _save(project, order, working)
    return True


def actions(
    project: Project, order: Order, *, part: str, levels: Any, now: datetime, actor: Actor
) -> list[ActionView]:
    """Tell for every action whether it can be fired now, and why not.

    Args:
        project: The project that decides.
        order: The order.
        part: Id of a part, or an empty text.
        levels: Stock figures of its skus.
        now: The present instant, aware.
        actor: Who asks.

    Returns:
        One view for each action, in file order.
    """
    working = _decide.open_draft(project, order, levels, now=now, actor=actor)
    sub = order.part(part) if part else None
    flow = project.flows["order"]
    if sub is not None:
        flow = project.flows[flow.parts[sub.kind].flow]
    state = sub.state if sub else order.state
    env = working.env({}, sub, part_view(sub) if sub else None)
    return [_view(flow, state, name, env, order, actor) for name in flow.rows]


def _view(
    flow: FlowProgram, state: str, name: str, env: Mapping[str, Any], order: Order, actor: Actor
) -> ActionView:
    rows = flow.rows[name]
    needs = {
        need: NeedView(spec.label, spec.type.kind.value, spec.type.values, spec.default is None)
        for row in rows
        for need, spec in row.needs.items()
    }
    to = tuple(dict.fromkeys(row.to for row in rows if row.to is not None and state in row.sources))
    own = "customer" in actor.roles and actor.name == order.customer
    roles = tuple(role for role in actor.roles if role != "customer")
    found = step(flow, state, name, roles=roles, own=own, data={}, env=env, asking=True)
    if isinstance(found, Refusal):
        return ActionView(
            name,
            allowed=False,
            reason=found.reason,
            details=found.details,
            message=found.message,
            needs=needs,
            to=to,
        )
    return ActionView(name, allowed=True, needs=needs, to=to)


def _working(project: Project, order: Order, *, now: datetime, actor: Actor) -> Ask[Draft]:
    levels = yield from ask("stock", "levels", sorted({line.sku for line in order.lines}))
    raised = replace(order, version=order.version + 1)
    return _decide.open_draft(project, raised, levels, now=now, actor=actor)


def _save(project: Project, before: Order, working: Draft) -> Ask[Order]:
    decided = _decide.changes(before, working)
    yield from write(replace(decided, uses=settled_uses(project, before, decided.after)))
    return decided.after
