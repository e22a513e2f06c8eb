"""The slow way through an expression: every part with its value, and the exact place of what has none."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit._expr.arithmetic import exact
from orderkit._expr.failure import Failure, NotComputable
from orderkit._expr.step import Step
from orderkit._expr.traces import flat

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from orderkit._expr.syntax import Parsed
    from orderkit._expr.traces import Layout
    from orderkit._expr.types import Type


@dataclass(frozen=True, slots=True, eq=False)
class Stepper:
    """Evaluates a vetted tree part by part.

    Args:
        parsed: The tree.
        types: The type of every node, as the checker found it.
        zone: The zone of `today()` and `time()`.
        finish: What is done to the result before the slot gets it.
    """

    parsed: Parsed
    types: Mapping[ast.expr, Type]
    zone: tzinfo
    finish: tuple[Callable[[object], object], ...]

    def value(self, env: Mapping[str, object]) -> object:
        """Evaluate; the compiled form calls this where anything went wrong, to learn what and where.

        Args:
            env: Values by name.

        Returns:
            The value.

        Raises:
            NotComputable: There is none.
        """
        return self._run(env, [])[0]

    def trace(self, env: Mapping[str, object], layout: Layout) -> tuple[object, tuple[object, ...]]:
        """Evaluate and keep what a trace keeps; the compiled trace calls this where anything went wrong.

        Args:
            env: Values by name.
            layout: What is kept.

        Returns:
            The value, and the values of the judged parts.

        Raises:
            NotComputable: There is none.
        """
        value, values = self._run(env, [])
        return value, flat(layout, values)

    def steps(self, env: Mapping[str, object]) -> tuple[Step, ...]:
        """Evaluate and keep the value of each part.

        Args:
            env: Values by name.

        Returns:
            The parts in order of evaluation; the last is the whole, or the `NotComputable`.
        """
        noted: list[Step] = []
        try:
            whole, _ = self._run(env, noted)
        except NotComputable as failure:
            noted.append(Step(failure.text, failure, failure.span))
        else:
            tree = self.parsed.tree
            last = Step(self.parsed.words(tree), whole, self.parsed.span(tree))
            if not noted or noted[-1] != last:
                noted.append(last)
        return tuple(noted)

    def _run(self, env: Mapping[str, object], noted: list[Step]) -> tuple[object, Mapping[ast.AST, object]]:
        # simpleeval is needed for explanations only; a shop without any never loads it.
        from orderkit._expr.evaluator import Evaluator

        tree = self.parsed.tree
        with decimal.localcontext(exact()):
            evaluator = Evaluator(self.parsed, self.types, self.zone, env, noted)
            value = evaluator.value()
            try:
                for change in self.finish:
                    value = change(value)
            except Failure as failure:
                raise NotComputable(
                    failure.reason, self.parsed.words(tree), self.parsed.span(tree), failure.value
                ) from None
        return value, evaluator.values
