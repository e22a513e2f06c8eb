"""Checks what a life cycle speaks of beside its steps: promises, holds, statuses, edits, old states."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.suggest import closest
from orderkit._effects.compiler import compile_duration, compile_effects
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._effects.slot import EffectSlot
    from orderkit._flows.definition import (
        FlowDefinition,
        HoldDefinition,
        PartDefinition,
        SlaDefinition,
        StateDefinition,
    )
    from orderkit._text.definition import Ref
    from orderkit._text.values import Source

_ROLES: Final = ("system", "customer", "anyone")
_POOLS: Final = ("ordered", "shipped", "refunded", "returned", "refunded_unshipped")
_SHARE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]+)?%").fullmatch


def quantities(flow: FlowDefinition) -> types.Type:
    """Tell what `qty` holds: units by what has become of them.

    Args:
        flow: The life cycle with its parts.

    Returns:
        A record of counts: the standard ones and those that parts count.
    """
    counted = dict.fromkeys(_POOLS, types.COUNT)
    counted |= {name: types.COUNT for part in flow.parts.values() for name in part.counts}
    return types.record("qty", counted)


def check_references(
    name: str, flow: FlowDefinition, states: Mapping[str, StateDefinition], slot: EffectSlot
) -> None:
    """Check every name and expression that nothing else of the flow compiles.

    Args:
        name: The flow's name.
        flow: As written.
        states: All its states by name.
        slot: What effects in it may read and name.
    """
    _References(name, flow, slot).check(states)


class _References:
    def __init__(self, name: str, flow: FlowDefinition, slot: EffectSlot) -> None:
        self.name, self.flow, self.slot = name, flow, slot
        self.vocabulary, self.found = slot.vocabulary, slot.found

    def check(self, states: Mapping[str, StateDefinition]) -> None:
        for state in states.values():
            self.state(state)
        for action in self.flow.actions.values():
            for other in action.not_who:
                self.knows("action", other)
            compile_effects(action.undo, self.slot)
        for sla in self.flow.slas.values():
            self.sla(sla)
        for hold in self.flow.holds.values():
            self.hold(hold)
        self.statuses()
        for part in self.flow.parts.values():
            self.pools(part)
        for renamed in self.flow.migrate.values():
            for target in renamed.values():
                self.knows("state", target)

    def statuses(self) -> None:
        for rows in self.flow.status.values():
            for row in rows[:-1]:
                if row.if_ is None:
                    self.found.add("OK604", row.span)
            for row in rows:
                self.condition(row.if_)

    def pools(self, one: PartDefinition) -> None:
        for taken, pool in one.takes.items():
            for word, known in ((taken, ("lines",)), (pool, _POOLS)):
                if word not in known:
                    span = one.value_span("takes")
                    self.found.add(
                        "OK215", span, suggestion=closest(word, known), value=word, allowed=", ".join(known)
                    )

    def state(self, one: StateDefinition) -> None:
        if one.sla is not None:
            self.knows("sla", one.sla)
        if one.shows is not None:
            self.shown(one.shows)
        if one.starts is not None:
            self.inner(one, one.starts)
        for timer in one.timers:
            if timer.since is not None:
                scope = self.slot.scope
                compile_expression(
                    timer.since,
                    scope,
                    self.found,
                    expects=types.optional(types.DATETIME),
                    now_zone=self.vocabulary.zone,
                )
            if timer.again is not None:
                compile_duration(timer.again.every, self.vocabulary, self.found)
            if timer.calendar is not None:
                self.calendar(timer.calendar)
        if one.edit is not None:
            self.roles(one.edit.by)
            for field in one.edit.fields:
                self.vocabulary.require("field", field.text, field.span, self.found)

    def inner(self, one: StateDefinition, starts: Ref) -> None:
        if starts.text not in one.states:
            known = ", ".join(one.states) or "-"
            self.found.add(
                "OK301", starts.span, suggestion=nearest(starts.text, tuple(one.states)), name=starts.text,
                kind_en="state inside this one", kind_zh="内部状态",
                known=known,
            )  # fmt: skip

    def shown(self, ref: Ref) -> None:
        values = {row.is_ for rows in self.flow.status.values() for row in rows}
        if ref.text not in values:
            self.vocabulary.require(f"status:{self.name}", ref.text, ref.span, self.found, also=tuple(values))

    def sla(self, one: SlaDefinition) -> None:
        compile_duration(one.target, self.vocabulary, self.found)
        if one.calendar is not None:
            self.calendar(one.calendar)
        self.condition(one.pause)
        for when, effects in one.at.items():
            if not _SHARE(when) and self.vocabulary.duration(when) is None:
                self.found.add("OK667", one.key_span("at"), value=when)
            compile_effects(effects, replace(self.slot, worded=False))
        if one.again is not None:
            compile_duration(one.again.every, self.vocabulary, self.found)

    def hold(self, one: HoldDefinition) -> None:
        for action in one.blocks:
            if action.text != "all":
                self.knows("action", action)
        self.roles((*one.placed_by, *one.released_by))

    def roles(self, refs: Iterable[Ref]) -> None:
        for role in refs:
            self.vocabulary.require("role", role.text, role.span, self.found, also=_ROLES)

    def calendar(self, ref: Ref) -> None:
        self.vocabulary.require("calendar", ref.text, ref.span, self.found)

    def knows(self, kind: str, ref: Ref) -> None:
        self.vocabulary.require(f"{kind}:{self.name}", ref.text, ref.span, self.found)

    def condition(self, written: Source | None) -> None:
        if written is not None:
            compile_expression(
                written,
                {**self.slot.scope, "qty": quantities(self.flow)},
                self.found,
                expects=types.BOOLEAN,
                functions=("in_stock",),
                now_zone=self.vocabulary.zone,
            )
