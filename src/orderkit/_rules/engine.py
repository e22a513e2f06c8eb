"""Which rules something that happened wakes, and what they still need to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Span
    from orderkit._effects.engine import EffectCall
    from orderkit._expr.compiler import Program
    from orderkit.domain.calendar import Duration


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to run.

    Args:
        name: Its name.
        kind: `event`, `enters`, `leaves`, `action` or `state`.
        subject: What it waits for.
        of: Kind of part, or an empty text for the order.
        condition: Judged when it happens, or None.
        delay: How long it waits, or None to act at once.
        still: Judged when the delay has passed, or None.
        do: Effects.
        every: Time between repeats, or None.
        times: How many repeats.
        span: Where it is written.
    """

    name: str
    kind: str
    subject: str
    of: str
    condition: Program | None
    delay: Duration | None
    still: Program | None
    do: tuple[EffectCall, ...]
    every: Duration | None
    times: int
    span: Span

    def key(self, order_id: str, part: str, epoch: int) -> str:
        """Name the timer of one waiting.

        Args:
            order_id: The order.
            part: The part, or an empty text.
            epoch: Entry count of the state, or the order's version, when it was armed.

        Returns:
            A text that is the same for the same waiting.
        """
        return f"rule:{order_id}:{part}:{self.name}:{epoch}"


@dataclass(frozen=True, slots=True)
class RuleProgram:
    """All rules by what wakes them.

    Args:
        rules: Every rule by name, in file order.
        woken: Rules by (kind, subject, kind of part).
    """

    rules: Mapping[str, Rule]
    woken: Mapping[tuple[str, str, str], tuple[Rule, ...]]

    def wakes(self, kind: str, subject: str, of: str) -> tuple[Rule, ...]:
        """Find the rules that wait for something.

        Args:
            kind: `event`, `enters`, `leaves`, `action` or `state`.
            subject: Event, state or action.
            of: Kind of part, or an empty text.

        Returns:
            Rules in file order.
        """
        return self.woken.get((kind, subject, of), ())


def holds(program: Program | None, env: Mapping[str, Any]) -> bool:
    """Judge a condition of a rule.

    Args:
        program: The condition; None always holds.
        env: Names it may read.

    Returns:
        True where it holds.

    Raises:
        NotComputable: A value it needs is absent.
    """
    return program is None or program.run(env) is True
