"""Takes one command through to the end and gathers what it writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderkit._decide.moves import (
    TooManySteps,
    enter_state,
    fire_now,
    flow_of,
    grant,
    note_refused,
)
from orderkit._decide.waking import run_rule, wake
from orderkit._effects.engine import Draft, Happening, Wanted
from orderkit._expr.failure import NotComputable
from orderkit._fields.view import line_view, order_view
from orderkit._flows.engine import MASK, Refusal
from orderkit.domain.events import SYSTEM, Changes
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit._fields.engine import FieldSpec
    from orderkit._project import Project
    from orderkit.domain.events import Actor, Timer
    from orderkit.domain.order import Order
    from orderkit.domain.stock import StockLevel


def open_draft(
    project: Project, order: Order, levels: Mapping[str, StockLevel], *, now: datetime, actor: Actor
) -> Draft:
    """Make the working copy of an order for one command.

    Args:
        project: The project that decides.
        order: The order as it was read, its version already raised.
        levels: Stock figures of its skus.
        now: The instant of the decision, aware.
        actor: Who gives the command.

    Returns:
        The working copy.
    """
    kinds = tuple(project.flows["order"].parts)
    private = project.fields.hidden

    def conceal(view: dict[str, Any], roles: tuple[str, ...]) -> dict[str, Any]:
        hidden = {
            name: _masked(view[name])
            for name, see in private.items()
            if view.get(name) and not set(see).intersection(roles)
        }
        return {**view, **hidden}

    return Draft(
        order=replace(order, project=project.hash),
        levels=dict(levels),
        now=now,
        actor=actor,
        project=project.hash,
        variables=project.variables,
        view=lambda one: order_view(one, kinds),
        conceal=conceal,
        private=frozenset(f"order.{name}" for name in private),
        vias=project.vias,
        templates=project.templates,
    )


def _masked(value: Any) -> Any:
    """Hide a value, the parts of a record one by one, so that paths into it still lead somewhere."""
    if isinstance(value, dict):
        return {name: None if one is None else MASK for name, one in value.items()}
    return MASK


def begin(project: Project, draft: Draft, *, state: str | None = None) -> None:
    """Put a new order into its first state and let everything follow.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        state: The first state; None for the flow's own.

    Raises:
        Refused: An effect of the first state is not possible, such as reserving stock.
    """
    flow = project.flows["order"]
    first = state or flow.starts
    draft.note("placed", draft.order.number, after=first, details={"total": str(draft.order.total)})
    draft.happened.append(Happening("event", "order.placed", after=first))
    enter_state(project, draft, flow, None, first)
    settle(project, draft)


def fire(
    project: Project, draft: Draft, action: str, data: Mapping[str, Any], *, part: str = ""
) -> Refusal | None:
    """Fire one action and let everything follow.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place, also where the action is refused: drop it then.
        action: What is fired.
        data: Raw data of the command.
        part: Id of the part it is for, or an empty text for the order.

    Returns:
        Why it was refused, or None.

    Raises:
        Refused: An effect is not possible, such as allocating stock.
    """
    refusal = fire_now(project, draft, action, data, part, draft.actor)
    if refusal is None:
        settle(project, draft)
    return refusal


def run_timer(project: Project, draft: Draft, timer: Timer) -> None:
    """Do what a due timer asks for, or note why it no longer applies.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        timer: The due timer.
    """
    draft.disarmed.add(timer.key)
    part = draft.order.part(timer.part) if timer.part else None
    if timer.part and (part is None or part.kind not in project.flows["order"].parts):
        draft.note("timer_passed", timer.name, part=timer.part)
        return
    place = part or draft.order
    stale = timer.epoch != place.epoch
    if timer.kind == "state":
        flow = flow_of(project, part)
        state = flow.states.get(place.state)
        spec = next((one for one in state.timers if one.name == timer.name), None) if state else None
        if stale or spec is None:
            draft.note("timer_passed", timer.name, part=timer.part)
        else:
            refusal = fire_now(project, draft, spec.fire, {}, timer.part, SYSTEM)
            if refusal is not None:
                note_refused(draft, spec.fire, refusal, timer.part)
    else:
        rule = project.rules.rules.get(timer.name)
        if rule is None or (rule.kind == "state" and stale):
            draft.note("timer_passed", timer.name, part=timer.part)
        else:
            run_rule(
                project, draft, rule, timer.part, Happening(rule.kind, rule.subject, timer.part), due=True
            )
            if rule.every is not None and timer.fired < rule.times:
                again = replace(
                    timer,
                    key=f"{timer.key.partition('#')[0]}#{timer.fired + 1}",
                    due_at=rule.every.after(timer.due_at, project.fields.zone),
                    fired=timer.fired + 1,
                )
                draft.armed[again.key] = again
    settle(project, draft)


def settle(project: Project, draft: Draft) -> None:
    """Run rules on what happened and the steps that were asked for, until nothing is left.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.

    Raises:
        Refused: More than 100 steps followed from one command.
    """
    while draft.happened or draft.wanted:
        if draft.happened:
            wake(project, draft, draft.happened.popleft())
        else:
            _step(project, draft, draft.wanted.popleft())
    _compute(project, draft)


def _step(project: Project, draft: Draft, wanted: Wanted) -> None:
    """Run one automatic step; one that is refused changes nothing, and the order stays where it is."""
    mark = draft.mark()
    try:
        refusal = grant(project, draft, wanted)
    except TooManySteps:
        raise
    except Refused as refused:
        draft.reset(mark)
        refusal = Refusal(refused.reason, refused.details, str(refused))
    if refusal is not None:
        note_refused(draft, wanted.name, refusal, wanted.part)


def changes(before: Order | None, draft: Draft) -> Changes:
    """Gather what a decision writes.

    Args:
        before: The order as it was read, or None for a new one.
        draft: The settled working copy.

    Returns:
        Everything for one transaction.
    """
    armed = tuple(one for key, one in draft.armed.items() if key not in draft.disarmed)
    return Changes(
        before,
        draft.order,
        tuple(draft.moves),
        armed,
        tuple(sorted(draft.disarmed)),
        tuple(draft.effects),
        tuple(draft.audit),
    )


def _compute(project: Project, draft: Draft) -> None:
    lines = [spec for spec in project.fields.line.values() if spec.formula is not None]
    if lines:
        env = draft.env({}, None, None)
        done = tuple(
            replace(line, fields={**line.fields, **_values(lines, {**env, "line": line_view(line)})})
            for line in draft.order.lines
        )
        if done != draft.order.lines:
            draft.order = replace(draft.order, lines=done)
    for spec in project.fields.order.values():
        if spec.formula is not None:
            values = _values([spec], draft.env({}, None, None))
            if values[spec.name] != draft.order.fields.get(spec.name):
                draft.order = replace(draft.order, fields={**draft.order.fields, **values})


def _values(specs: list[FieldSpec], env: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spec in specs:
        try:
            found[spec.name] = spec.formula.run(env) if spec.formula else None
        except NotComputable:
            found[spec.name] = None
    return found
