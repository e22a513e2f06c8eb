"""What is probably a mistake in a life cycle, though it could run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector, Span
    from orderkit._flows.definition import FlowDefinition
    from orderkit._flows.program import FlowProgram, Row, StateSpec


def lint_flow(program: FlowProgram, flow: FlowDefinition, found: Collector) -> None:
    """Look for dead ends, impossible automatic steps, and timers that race an unanswered event.

    Args:
        program: The compiled flow, without errors.
        flow: As written, for places.
        found: Takes the findings.
    """
    _reach(program, found)
    for name, state in program.states.items():
        if state.auto is not None:
            auto = flow.states[name].auto
            _automatic(program, name, state.auto, auto.span if auto else state.span, found)
        for timer, written in zip(state.timers, flow.states[name].timers, strict=False):
            _automatic(program, name, timer.fire, written.fire.span, found)
            _races(program, state, timer.fire, written.fire.span, found)
    _circles(program, found)


def _reach(program: FlowProgram, found: Collector) -> None:
    every = [row for rows in program.rows.values() for row in rows]
    if not every:
        return
    reached = {program.starts}
    while True:
        more = {row.to for row in every if row.to is not None and reached.intersection(row.sources)} - reached
        if not more:
            break
        reached |= more
    for name, state in program.states.items():
        if name not in reached:
            found.add("OK605", state.span, name=name)
        leads_out = any(name in row.sources and row.to not in (None, name) for row in every)
        if not leads_out and state.end is None:
            found.add("OK606", state.span, name=name)


def _from(program: FlowProgram, action: str, state: str) -> list[Row]:
    return [row for row in program.rows.get(action, ()) if state in row.sources]


def _automatic(program: FlowProgram, state: str, action: str, span: Span, found: Collector) -> None:
    rows = _from(program, action, state)
    if not rows:
        found.add("OK607", span, action=action, state=state)
        return
    if not any({"system", "anyone"}.intersection(row.by) for row in rows):
        found.add("OK608", span, action=action)
    for name, spec in rows[0].needs.items():
        if spec.default is None:
            found.add("OK609", span, action=action, need=name)


def _races(program: FlowProgram, state: StateSpec, action: str, span: Span, found: Collector) -> None:
    for row in _from(program, action, state.name):
        target = program.states.get(row.to or "")
        if target is None or target.end != "canceled":
            continue
        reserves = any(call.kind == "reserve_stock" for call in state.enter)
        releases = any(call.kind == "release_stock" for call in (*row.do, *target.enter, *state.leave))
        if reserves and not releases:
            found.add("OK612", span, action=action)
        for rival, rows in program.rows.items():
            pays = any(call.kind == "pay" for one in rows for call in one.do)
            if pays and _from(program, rival, state.name) and not _from(program, rival, target.name):
                found.add("OK610", span, event=rival, state=target.name)


def _circles(program: FlowProgram, found: Collector) -> None:
    told: set[str] = set()
    for name, state in program.states.items():
        if name in told:
            continue
        seen = [name]
        here: StateSpec | None = state
        while here is not None and here.auto is not None:
            sure = [row for row in _from(program, here.auto, here.name) if not row.conditions]
            target = sure[0].to if sure else None
            if target == name:
                found.add("OK615", state.span, names=" -> ".join([*seen, name]))
                told.update(seen)
                break
            if target is None or target in seen:
                break
            seen.append(target)
            here = program.states.get(target)
