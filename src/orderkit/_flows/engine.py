"""One step of a life cycle: pure, on one shared machine, with a throw-away cursor."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.failure import NotComputable
from orderkit._fields.converters import BadValue, absent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from transitions import EventData

    from orderkit._diagnostics import Problem
    from orderkit._expr.compiler import Program
    from orderkit._fields.engine import FieldSpec
    from orderkit._flows.program import FlowProgram, Row


@dataclass(frozen=True, slots=True)
class Miss:
    """Why one row did not hold.

    Args:
        row: The row.
        reason: `role`, `needs` or `guard`.
        details: Plain data: who could, what is missing, each sub-expression with its value.
    """

    row: Row
    reason: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What one fired action selects: nothing has run yet.

    Args:
        row: The row that won.
        before: State before.
        after: State after; the same where it stays.
        moved: Whether a state was left and entered.
        needs: Converted data.
    """

    row: Row
    before: str
    after: str
    moved: bool
    needs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action cannot be fired now.

    Args:
        reason: `unknown_action`, `not_in_state`, `role`, `needs`, `guard`, or `already` for a repeat.
        details: Plain data.
        message: One sentence for people.
    """

    reason: str
    details: Mapping[str, Any]
    message: str


_ORDER: Final = ("role", "needs", "guard")
MASK: Final = "***"
"""Stands for a private value wherever not only those who may see it can read."""


@dataclass(slots=True)
class Cursor:
    """Stands in for the order while the machine chooses a row; dropping it undoes the step.

    Args:
        state: Where the order is; the machine sets the next state here.
        roles: Roles of who fires.
        own: Whether the customer acts on an order of their own.
        data: Raw data of the command.
        env: Names that guards may read, without `needs`.
        asking: Whether only to look: data that is missing is no obstacle then.
    """

    state: str
    roles: frozenset[str]
    own: bool
    data: Mapping[str, Any]
    env: Mapping[str, Any]
    asking: bool = False
    misses: list[Miss] = field(default_factory=list)
    chosen: Row | None = None
    needs: dict[str, Any] = field(default_factory=dict)

    def allows(self, row: Row) -> bool:
        """Judge one row: role, then needs, then guard.

        Args:
            row: The row.

        Returns:
            True where it holds; otherwise the reason is kept.
        """
        if not self.may(row):
            return self._miss(row, "role", {"by": list(row.by), "roles": sorted(self.roles)})
        needs, wrong = read_needs(row.needs, self.data)
        if wrong and not self.asking:
            lacks = {
                "needs": {name: one.text() for name, one in wrong.items()},
                "needs_zh": {name: one.text("zh") for name, one in wrong.items()},
                "codes": {name: one.code for name, one in wrong.items()},
            }
            return self._miss(row, "needs", lacks)
        env = {**self.env, "needs": needs}
        for condition in row.conditions:
            if wrong and any(path.startswith("needs.") for path in condition.paths):
                continue
            told = {"if": condition.text}
            try:
                if condition.run(env) is True:
                    continue
            except NotComputable as failure:
                told["why"] = str(failure)
            return self._miss(row, "guard", {**told, "read": explain_steps(condition, env, row.needs)})
        self.chosen, self.needs = row, needs
        return True

    def may(self, row: Row) -> bool:
        """Judge the role alone.

        Args:
            row: The row.

        Returns:
            True where who fires may fire it.
        """
        return "anyone" in row.by or not self.roles.isdisjoint(row.by) or (self.own and "customer" in row.by)

    def _miss(self, row: Row, reason: str, details: Mapping[str, Any]) -> bool:
        self.misses.append(Miss(row, reason, details))
        return False


def guard_of(row: Row) -> Callable[[EventData], bool]:
    """Make the callable by which the machine asks whether a row holds.

    Args:
        row: The row.

    Returns:
        A condition for `transitions`; it never sees a string.
    """

    def holds(event: EventData) -> bool:
        cursor = event.model
        return isinstance(cursor, Cursor) and cursor.allows(row)

    return holds


def explain_steps(
    program: Program, env: Mapping[str, Any], needs: Mapping[str, FieldSpec]
) -> list[dict[str, Any]]:
    """Tell what a guard read: each sub-expression with its value, private ones masked.

    Args:
        program: The guard.
        env: What it may read; `$private` names the paths that only some roles see.
        needs: Data of the action, some of it perhaps private.

    Returns:
        Plain data, innermost first.
    """
    from orderkit.domain.plain import to_plain

    hidden = {*env.get("$private", ()), *(f"needs.{name}" for name, spec in needs.items() if spec.private)}
    told = []
    for step in program.steps(env):
        value = None if isinstance(step.value, NotComputable) else to_plain(step.value)
        secret = not isinstance(value, bool | None) and any(path in step.text for path in hidden)
        told.append({"text": step.text, "value": MASK if secret else value})
    return told


def read_needs(
    specs: Mapping[str, FieldSpec], data: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Problem]]:
    """Convert the data of a command.

    Args:
        specs: What the action takes.
        data: What came.

    Returns:
        Values by name, and what is wrong by name.
    """
    from orderkit._diagnostics import Problem

    values: dict[str, Any] = {}
    wrong: dict[str, Problem] = {}
    for name, spec in specs.items():
        raw = data.get(name)
        if absent(raw):
            values[name] = spec.default
            if spec.default is None:
                wrong[name] = Problem("OK467", name)
            continue
        try:
            values[name] = spec.read(raw)
        except BadValue as bad:
            shown = MASK if spec.private else str(raw)
            wrong[name] = Problem(bad.code, name, shown, bad.params)
    for name in data:
        if name not in specs:
            wrong[name] = Problem("OK479", name, "", {"known": ", ".join(specs) or "-"})
    return values, wrong


def step(
    flow: FlowProgram,
    state: str,
    action: str,
    *,
    roles: tuple[str, ...],
    own: bool,
    data: Mapping[str, Any],
    env: Mapping[str, Any],
    fired: tuple[str, ...] = (),
    asking: bool = False,
) -> Step | Refusal:
    """Choose what firing an action does, without doing it.

    Args:
        flow: The life cycle.
        state: Where the order or part is.
        action: What is fired.
        roles: Roles of who fires.
        own: Whether the customer acts on an order of their own.
        data: Raw data of the command.
        env: Names that guards may read.
        fired: Actions it has been through, for repeats.
        asking: Whether only to look: data that is missing is no obstacle then.

    Returns:
        The step, or why there is none.
    """
    rows = flow.rows.get(action, ())
    if not rows:
        close = get_close_matches(action, list(flow.rows), n=1, cutoff=0.4)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        details: dict[str, Any] = {"action": action, "known": list(flow.rows)}
        return Refusal("unknown_action", details, f"there is no action {action!r}{hint}")
    here = [row for row in rows if state in row.sources]
    if not here:
        cursor = Cursor(state, frozenset(roles), own, data, env)
        if action in fired and any(row.ignore_repeat and cursor.may(row) for row in rows):
            return Refusal("already", {"action": action, "state": state}, f"{action!r} was done before")
        sources = list(dict.fromkeys(source for row in rows for source in row.sources))
        details = {"action": action, "state": state, "from": sources}
        said = f"{action!r} cannot be fired from {state!r}, only from {', '.join(sources)}"
        return Refusal("not_in_state", details, said)
    cursor = Cursor(state, frozenset(roles), own, data, env, asking)
    flow.machine.events[action].trigger(cursor)
    if cursor.chosen is None:
        return _refusal(action, state, cursor.misses)
    row = cursor.chosen
    moved = row.to is not None and row.to != state
    return Step(row, state, row.to if row.to is not None else state, moved, cursor.needs)


def _refusal(action: str, state: str, misses: list[Miss]) -> Refusal:
    worst = max(misses, key=lambda miss: _ORDER.index(miss.reason))
    rows = [
        {
            "row": miss.row.label,
            "to": miss.row.to,
            "reason": miss.reason,
            "at": str(miss.row.span),
            **miss.details,
        }
        for miss in misses
    ]
    details = {"action": action, "state": state, **worst.details, "rows": rows}
    if worst.reason == "role":
        said = f"{action!r} may be fired by {', '.join(worst.details['by'])}"
    elif worst.reason == "needs":
        codes = worst.details["codes"]
        told = [f"{text} [{codes[name]}]" for name, text in worst.details["needs"].items()]
        said = f"{action!r}: " + "; ".join(told)
    else:
        said = f"{action!r} needs: {worst.details['if']}{_values(worst.details)}"
    return Refusal(worst.reason, details, f"{said} ({worst.row.span})")


def _values(details: Mapping[str, Any]) -> str:
    """Name the values that a guard read by a path, such as `order.total = 98.00`."""
    paths = [
        step for step in details.get("read", ()) if step["text"].replace(".", "").replace("_", "").isalnum()
    ]
    told = [f"{step['text']} = {step['value']}" for step in paths if "." in step["text"]]
    return f" (here {', '.join(dict.fromkeys(told))})" if told else ""
