"""What must hold of a whole order: fields required under a condition, and checks across fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._diagnostics import Problem
from orderkit._expr.failure import NotComputable
from orderkit._fields.converters import absent
from orderkit._fields.view import line_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._expr.compiler import Program
    from orderkit._fields.engine import FieldProgram, FieldSpec
    from orderkit.domain.order import Order


def broken(program: FieldProgram, order: Order, env: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Find what an order lacks or contradicts once its amounts are known.

    Args:
        program: The order model.
        order: The order as it would be kept.
        env: What expressions may read: `order`, `vars` and `now`.

    Returns:
        One problem for each field, empty where everything holds.
    """
    found = _own({**program.standard_order, **program.order}, env["order"], "", env)
    specs = {**program.standard_line, **program.line}
    if any(spec.checks or spec.required_if for spec in specs.values()):
        for index, line in enumerate(order.lines):
            seen = line_view(line)
            found += _own(specs, seen, f"lines[{index}].", {**env, "line": seen})
    return tuple(found)


def _own(
    specs: Mapping[str, FieldSpec], values: Mapping[str, Any], path: str, env: Mapping[str, Any]
) -> list[Problem]:
    found: list[Problem] = []
    for name, spec in specs.items():
        if (
            spec.required_if is not None
            and absent(values.get(name))
            and _holds(spec.required_if, env) is True
        ):
            found.append(Problem("OK467", path + name, "", {}, spec.span))
        for check in spec.checks:
            if _holds(check.that, env) is not True:
                bare = check.that.text
                said = {
                    "said": check.say or f"`{bare}` does not hold",
                    "said_zh": check.say or f"不满足“{bare}”",
                }
                found.append(Problem("OK484", path + name, "", said, check.span))
    return found


def _holds(condition: Program, env: Mapping[str, Any]) -> object:
    try:
        return condition.run(env)
    except NotComputable:
        return None
