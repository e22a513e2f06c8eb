"""Which rules something that happened wakes, and what they still need to hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.clauses import ClauseIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from orderkit._diagnostics import Span
    from orderkit._effects.engine import EffectCall
    from orderkit._expr.compiler import Program
    from orderkit.domain.calendar import Duration


_MANY: Final = 8
"""From so many rules on, looking them up is quicker than trying each."""
_STABLE: Final = frozenset(
    ("order", name)
    for name in (
        "channel", "currency", "customer", "number", "external_number", "placed_at", "subtotal", "discount",
        "shipping", "tax", "total",
    )
)  # fmt: skip
"""What no effect of an earlier rule can change while later ones are judged."""


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
        indexes: For those that wake many rules: what tells which of them may hold.
    """

    rules: Mapping[str, Rule]
    woken: Mapping[tuple[str, str, str], tuple[Rule, ...]]
    indexes: Mapping[tuple[str, str, str], RuleIndex] = field(default_factory=dict)

    def wakes(
        self, kind: str, subject: str, of: str, env: Callable[[], Mapping[str, Any]] | None = None
    ) -> tuple[Rule, ...]:
        """Find the rules that wait for something and may hold.

        Args:
            kind: `event`, `enters`, `leaves`, `action` or `state`.
            subject: Event, state or action.
            of: Kind of part, or an empty text.
            env: Gives what conditions may read, asked only where there is an index; None for all rules.

        Returns:
            Rules in file order; those left out are surely false, and nothing is recorded of a false one.
        """
        wake = (kind, subject, of)
        rules = self.woken.get(wake, ())
        index = self.indexes.get(wake)
        return rules if index is None or env is None else tuple(rules[at] for at in index.candidates(env()))


class RuleIndex:
    """Tells which of many rules may hold; made at the first question, as a project that is checked asks none.

    Args:
        rules: The rules that one thing wakes, in file order.
    """

    __slots__ = ("_index", "_rules")

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Keep the rules until somebody asks."""
        self._rules = rules
        self._index: ClauseIndex | None = None

    def candidates(self, env: Mapping[str, Any]) -> tuple[int, ...]:
        """Find the rules that may hold; two threads may both make the index, which is the same.

        Args:
            env: What conditions may read.

        Returns:
            Positions in order; every other rule is surely false.
        """
        index = self._index
        if index is None:
            clauses = [() if one.condition is None else one.condition.clauses for one in self._rules]
            index = self._index = ClauseIndex(clauses, stable=lambda path: path[:2] in _STABLE)
        return index.candidates(env)


def indexed(rules: Sequence[Rule]) -> RuleIndex | None:
    """Build the index of the rules that one thing wakes.

    Args:
        rules: They, in file order.

    Returns:
        The index, or None where trying each in turn is as quick.
    """
    return None if len(rules) < _MANY else RuleIndex(rules)


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
