"""Fires actions, enters states and opens parts on the working copy of one order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from orderkit._effects.engine import Happening, Wanted
from orderkit._effects.outside import apply
from orderkit._expr.failure import NotComputable
from orderkit._fields.view import part_view
from orderkit._flows.engine import MASK, Refusal, Step, step
from orderkit.domain.events import SYSTEM, Timer
from orderkit.domain.money import Money
from orderkit.domain.order import Part
from orderkit.domain.plain import to_plain
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._diagnostics import Span
    from orderkit._effects.engine import Draft, EffectCall
    from orderkit._flows.program import FlowProgram, StateSpec
    from orderkit._project import Project
    from orderkit.domain.events import Actor
    from orderkit.domain.order import Order
    from orderkit.domain.policies import RefundRow

_MOST_STEPS: Final = 100


def flow_of(project: Project, part: Part | None) -> FlowProgram:
    """Find the flow a part goes through.

    Args:
        project: The project that decides.
        part: The part, or None for the order.

    Returns:
        The flow.
    """
    if part is None:
        return project.flows["order"]
    return project.flows[project.flows["order"].parts[part.kind].flow]


class TooManySteps(Refused):
    """A command whose rules and automatic steps wake each other for ever; it fails as a whole."""


def _count(draft: Draft) -> None:
    draft.steps += 1
    if draft.steps > _MOST_STEPS:
        message = f"more than {_MOST_STEPS} steps follow from this command"
        raise TooManySteps("guard", {"steps": draft.steps}, message)


def env_of(draft: Draft, needs: Mapping[str, Any], part_id: str) -> tuple[dict[str, Any], Part | None]:
    """Gather what expressions may read.

    Args:
        draft: The working copy.
        needs: What the command brought.
        part_id: The part it is about, or an empty text.

    Returns:
        Values by name, and the part.
    """
    part = draft.order.part(part_id) if part_id else None
    return draft.env(needs, part, part_view(part) if part else None), part


def run_effects(
    draft: Draft, calls: Iterable[EffectCall], needs: Mapping[str, Any], part_id: str, cause: str
) -> None:
    """Run a list of effects on the working copy.

    Args:
        draft: The working copy; changed in place.
        calls: The effects.
        needs: What the command brought.
        part_id: The part they are about, or an empty text.
        cause: The rule or action behind them.

    Raises:
        Refused: An effect is not possible, or more than 100 steps follow.
    """
    for call in calls:
        env, part = env_of(draft, needs, part_id)
        try:
            apply(draft, call, env, part, cause=cause)
        except NotComputable as failure:
            details = {"effect": call.kind, "why": str(failure)}
            raise Refused("guard", details, f"{call.kind}: {failure}") from failure


def fire_now(
    project: Project, draft: Draft, action: str, data: Mapping[str, Any], part_id: str, actor: Actor
) -> Refusal | None:
    """Fire one action without letting the rest follow yet.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        action: What is fired.
        data: Raw data of the command.
        part_id: The part it is for, or an empty text.
        actor: Who fires.

    Returns:
        Why it was refused, or None.

    Raises:
        Refused: An effect is not possible, or more than 100 steps follow.
    """
    _count(draft)
    env, part = env_of(draft, {}, part_id)
    flow = flow_of(project, part)
    place = part or draft.order
    own = "customer" in actor.roles and actor.name == draft.order.customer
    chosen = step(
        flow,
        place.state,
        action,
        roles=tuple(role for role in actor.roles if role != "customer"),
        own=own,
        data=data,
        env={**env, "actor": {"name": actor.name, "roles": list(actor.roles)}},
        fired=draft.order.fired if part is None else (),
    )
    if isinstance(chosen, Refusal):
        return chosen
    _take(project, draft, flow, chosen, part_id, actor)
    return None


def _take(
    project: Project, draft: Draft, flow: FlowProgram, chosen: Step, part_id: str, actor: Actor
) -> None:
    row = chosen.row
    draft.hidden = frozenset(name for name, spec in row.needs.items() if spec.private)
    details: dict[str, Any] = {"needs": to_plain(_unmasked(chosen))} if chosen.needs else {}
    if row.label != row.action:
        details["answered_by"] = row.label
    draft.note(
        "fired", row.action, before=chosen.before, after=chosen.after, details=details, span=row.span,
        part=part_id, actor=actor,
    )  # fmt: skip
    if chosen.moved:
        draft.happened.append(
            Happening("leaves", chosen.before, part_id, chosen.before, chosen.after, chosen.needs)
        )
        run_effects(draft, flow.states[chosen.before].leave, chosen.needs, part_id, chosen.before)
    run_effects(draft, row.do, chosen.needs, part_id, row.label)
    draft.happened.append(Happening("action", row.action, part_id, chosen.before, chosen.after, chosen.needs))
    if not part_id and row.action not in draft.order.fired:
        draft.order = replace(draft.order, fired=(*draft.order.fired, row.action))
    if part_id:
        part = draft.order.part(part_id)
        if part is not None and chosen.needs:
            draft.put_part(replace(part, data={**part.data, **to_plain(_unmasked(chosen))}))
    if chosen.moved:
        enter_state(project, draft, flow, draft.order.part(part_id) if part_id else None, chosen.after)


def _unmasked(chosen: Step) -> dict[str, Any]:
    specs = chosen.row.needs
    return {name: MASK if specs[name].private else value for name, value in chosen.needs.items()}


def enter_state(project: Project, draft: Draft, flow: FlowProgram, part: Part | None, state: str) -> None:
    """Enter a state: drop the old timers, run its effects, arm its timers.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        flow: The flow.
        part: The part that enters, or None for the order.
        state: The state.

    Raises:
        Refused: An effect is not possible, or more than 100 steps follow.
    """
    place = part or draft.order
    before, part_id = place.state, part.id if part else ""
    if before:
        _disarm(project, draft, flow.states[before], part_id, place.epoch)
    spec = flow.states[state]
    epoch = place.epoch + 1
    if part is not None:
        draft.put_part(replace(part, state=state, epoch=epoch, entered_at=draft.now, assigned=spec.assign))
    else:
        draft.order = replace(
            draft.order,
            state=state,
            epoch=epoch,
            entered_at=draft.now,
            assigned=spec.assign,
        )
        _end(draft, flow.states.get(before), spec)
    draft.happened.append(Happening("enters", state, part_id, before, state))
    if part is not None and spec.end is not None:
        draft.happened.append(Happening("event", f"{part.kind}.ended", part_id, before, state))
    run_effects(draft, spec.enter, {}, part_id, state)
    for timer in spec.timers:
        key = f"state:{draft.order.id}:{part_id}:{timer.name}:{epoch}"
        due = timer.after.after(draft.now, project.fields.zone)
        draft.armed[key] = Timer(key, draft.order.id, "state", timer.name, epoch, due, part_id)
    if spec.auto is not None:
        draft.wanted.append(Wanted("fire", spec.auto, part_id, span=spec.span))


def _end(draft: Draft, before: StateSpec | None, after: StateSpec) -> None:
    events = dict(draft.order.events)
    if before is not None and before.end is not None and after.end != before.end:
        events.pop(before.end, None)
    if after.end is not None and after.end not in events:
        events[after.end] = draft.now
        draft.happened.append(Happening("event", f"order.{after.end}"))
    draft.order = replace(draft.order, events=events)


def _disarm(project: Project, draft: Draft, state: StateSpec, part_id: str, epoch: int) -> None:
    order_id = draft.order.id
    draft.disarmed.update(f"state:{order_id}:{part_id}:{timer.name}:{epoch}" for timer in state.timers)
    kind = draft.order.part(part_id)
    for rule in project.rules.wakes("state", state.name, kind.kind if kind else ""):
        base = rule.key(order_id, part_id, epoch)
        draft.disarmed.update([base, *(f"{base}#{fired + 1}" for fired in range(rule.times))])


def open_part(
    project: Project,
    draft: Draft,
    kind: str,
    *,
    amount: Money,
    lines: Mapping[str, int],
    reason: str,
    span: Span | None = None,
    rows: tuple[RefundRow, ...] = (),
) -> Part:
    """Open a refund, shipment or other part in the first state of its flow.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place. Call `settle` when all is opened.
        kind: Kind of part.
        amount: Money it stands for.
        lines: Units taken per line id.
        reason: Why it is opened.
        span: The line of YAML behind it.
        rows: Why a refund pays back what it does.

    Returns:
        The part as opened.
    """
    _count(draft)
    spec = project.flows["order"].parts[kind]
    flow = project.flows[spec.flow]
    number = sum(1 for one in draft.order.parts if one.kind == kind) + 1
    name = f"{kind}-{number}"
    part = Part(
        name,
        kind,
        f"{draft.order.number}-{name}",
        "",
        0,
        draft.now,
        draft.now,
        dict(lines),
        amount,
        reason,
        rows=rows,
    )
    draft.put_part(part)
    details = {"amount": str(amount), "lines": dict(lines), "reason": reason}
    draft.note("opened", kind, after=flow.starts, part=name, details=details, span=span or spec.span)
    draft.happened.append(Happening("event", f"{kind}.opened", name))
    enter_state(project, draft, flow, part, flow.starts)
    return part


def grant(project: Project, draft: Draft, wanted: Wanted) -> Refusal | None:
    """Run a step that an effect or a state asked for.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        wanted: The step.

    Returns:
        Why it was refused, or None.

    Raises:
        Refused: An effect is not possible, or more than 100 steps follow.
    """
    if wanted.kind == "fire":
        return fire_now(project, draft, wanted.name, {}, wanted.part, SYSTEM)
    amount = wanted.data["amount"]
    reason = str(wanted.data["reason"])
    left = cover(project, draft.order)
    if amount > left:
        # What another refund already pays back is not asked for a second time.
        details = {"asked": str(amount), "left": str(left)}
        draft.note("refund_covered", wanted.name, details=details, span=wanted.span, actor=SYSTEM)
        amount = left
    if amount.minor > 0:
        open_part(project, draft, wanted.name, amount=amount, lines={}, reason=reason, span=wanted.span)
    return None


def cover(project: Project, order: Order) -> Money:
    """Tell how much of an order's payments no refund has taken yet.

    Args:
        project: The project that decides.
        order: The order.

    Returns:
        Payments less refunds, paid back and pending.
    """
    flow = project.flows["order"]
    spec = flow.parts.get("refund")
    states = project.flows[spec.flow].states if spec else {}
    pending = {name for name, state in states.items() if state.end is None}
    asked = sum(one.amount.minor for one in order.parts if one.kind == "refund" and one.state in pending)
    return Money(order.paid.minor - order.refunded.minor - asked, order.currency)


def note_refused(draft: Draft, action: str, refusal: Refusal, part_id: str) -> None:
    """Write into the history that an automatic step was refused.

    Args:
        draft: The working copy.
        action: What was fired.
        refusal: Why not.
        part_id: The part it was for, or an empty text.
    """
    details = {**to_plain(dict(refusal.details)), "message": refusal.message}
    draft.note("refused", action, reason=refusal.reason, details=details, part=part_id, actor=SYSTEM)
