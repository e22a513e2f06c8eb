"""A life cycle ready to run: frozen states and rows, and the one machine that chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transitions import Machine

    from orderkit._diagnostics import Span
    from orderkit._effects.engine import EffectCall
    from orderkit._expr.compiler import Program
    from orderkit._fields.engine import FieldSpec
    from orderkit.domain.calendar import Duration


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """A timer of a state.

    Args:
        name: State and position, unique in the flow.
        after: How long after entry.
        fire: The action to fire.
        span: Where it is written.
    """

    name: str
    after: Duration
    fire: str
    span: Span


@dataclass(frozen=True, slots=True)
class StateSpec:
    """What being in a state means.

    Args:
        name: Its name.
        enter: Effects on entering.
        leave: Effects on leaving.
        auto: Action fired at once, or None.
        timers: Its timers.
        assign: Role that has the order while it is here, or None.
        end: `done`, `canceled` or None.
        span: Where it is declared.
    """

    name: str
    enter: tuple[EffectCall, ...]
    leave: tuple[EffectCall, ...]
    auto: str | None
    timers: tuple[TimerSpec, ...]
    assign: str | None
    end: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One way an action can go.

    Args:
        action: The action that is fired.
        label: The action it was written under (another one where it `answers`).
        sources: States it starts from, in file order.
        to: The next state, or None to stay.
        by: Roles that may fire it.
        needs: Data it takes, by name.
        conditions: What must hold: the action's own, then the row's.
        do: Effects.
        ignore_repeat: Whether firing it again later is answered and changes nothing.
        span: Where it is written.
    """

    action: str
    label: str
    sources: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    needs: Mapping[str, FieldSpec]
    conditions: tuple[Program, ...]
    do: tuple[EffectCall, ...]
    ignore_repeat: bool
    span: Span


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A kind of part an order may have.

    Args:
        kind: Its name.
        flow: Its flow.
        counts: States in which its units count, by counter.
        span: Where it is declared.
    """

    kind: str
    flow: str
    counts: Mapping[str, tuple[str, ...]]
    span: Span


@dataclass(frozen=True, slots=True)
class FlowProgram:
    """A life cycle, ready to run.

    Args:
        name: Its name.
        starts: The first state.
        states: What each state means.
        rows: Ways each action can go, in file order.
        parts: Parts its order may have.
        machine: The shared machine that selects the row of every live step.
        span: Where it is declared.
    """

    name: str
    starts: str
    states: Mapping[str, StateSpec]
    rows: Mapping[str, tuple[Row, ...]]
    parts: Mapping[str, PartSpec]
    machine: Machine
    span: Span
