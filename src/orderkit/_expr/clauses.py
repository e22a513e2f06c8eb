"""The clauses of a condition that can be looked up instead of judged, and an index over many conditions."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._expr.names import dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from orderkit._diagnostics import Span
    from orderkit._expr.syntax import Parsed

_SIGNS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==", ast.In: "in", ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=",
}  # fmt: skip
_MIRRORED: Final = {"==": "==", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
_EQUAL: Final = frozenset({"==", "in"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One conjunct of the shape `path sign constant`: the condition can only hold where it holds.

    Args:
        path: What is read, such as `("order", "channel")`.
        sign: `==`, `in`, `>`, `>=`, `<` or `<=`.
        values: The constant, or every constant of `in`.
        leads: Whether everything left of it is such a clause too: then nothing before it can fail otherwise.
        span: Where it stands.
    """

    path: tuple[str, ...]
    sign: str
    values: tuple[object, ...]
    leads: bool
    span: Span

    def holds(self, env: Mapping[str, Any]) -> bool:
        """Judge it alone; an absent value holds nothing.

        Args:
            env: Values by name.

        Returns:
            Whether it holds.
        """
        value = read_path(env, self.path)
        if value is None:
            return False
        if self.sign in _EQUAL:
            return value in self.values
        least: Any = self.values[0]
        return bool(
            {">": value > least, ">=": value >= least, "<": value < least, "<=": value <= least}[self.sign]
        )


def clauses_of(parsed: Parsed) -> tuple[Clause, ...]:
    """Find the clauses of a vetted condition.

    Args:
        parsed: Its tree.

    Returns:
        Every top-level conjunct that compares one path with constants, from left to right.
    """
    found: list[Clause] = []
    leads = True
    for one in conjuncts_of(parsed.tree):
        shape = _shape(one)
        if shape is None:
            leads = False
        else:
            found.append(Clause(*shape, leads=leads, span=parsed.span(one)))
    return tuple(found)


def conjuncts_of(tree: ast.expr) -> list[ast.expr]:
    """Find what all has to hold.

    Args:
        tree: A vetted tree.

    Returns:
        The operands of a top-level `and`, else the whole.
    """
    return tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]


def _shape(node: ast.expr) -> tuple[tuple[str, ...], str, tuple[object, ...]] | None:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return None
    sign = _SIGNS.get(type(node.ops[0]))
    left, right = node.left, node.comparators[0]
    if sign is None:
        return None
    if not _is_path(left) and sign in _MIRRORED:
        left, right, sign = right, left, _MIRRORED[sign]
    if not _is_path(left):
        return None
    if sign == "in":
        if not isinstance(right, ast.Tuple | ast.List):
            return None
        values = [one.value for one in right.elts if isinstance(one, ast.Constant)]
        whole = len(values) == len(right.elts) and None not in values
        return (dotted(left), sign, tuple(values)) if whole else None
    if not isinstance(right, ast.Constant) or right.value is None:
        return None
    ordered = isinstance(right.value, Decimal | int) and not isinstance(right.value, bool)
    return (dotted(left), sign, (right.value,)) if ordered or sign == "==" else None


def _is_path(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def read_path(env: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Read a value by its path; an absent record has absent fields.

    Args:
        env: Values by name.
        path: The names from left to right.

    Returns:
        The value, or None.
    """
    value: Any = env
    for name in path:
        if value is None:
            return None
        value = value.get(name)
    return value


class ClauseIndex:
    """Finds the few of many conditions that may hold, by looking values up; pricing and rules stand on it.

    A condition is a bit. For each path there is a table from value to the bits that this value allows, so
    that finding candidates costs a look-up for each path, however many conditions there are.
    """

    __slots__ = ("_above", "_all", "_equal")

    def __init__(
        self, conditions: Sequence[Sequence[Clause]], *, stable: Callable[[tuple[str, ...]], bool]
    ) -> None:
        """Build the tables.

        Args:
            conditions: The clauses of each condition; none for one that always has to be judged.
            stable: Whether a path keeps its value while the candidates are judged one after the other.
        """
        self._all = (1 << len(conditions)) - 1
        equal: dict[tuple[str, ...], dict[int, tuple[object, ...]]] = {}
        above: dict[tuple[tuple[str, ...], str], dict[int, Any]] = {}
        for bit, clauses in enumerate(conditions):
            for one in clauses:
                if not one.leads:
                    break
                if one.sign in _EQUAL:
                    if stable(one.path):
                        equal.setdefault(one.path, {}).setdefault(bit, one.values)
                elif not stable(one.path):
                    # It may fail for an absent value, and then what stands behind it is never asked.
                    break
                else:
                    above.setdefault((one.path, one.sign), {}).setdefault(bit, one.values[0])
        self._equal = [(path, *_table(rows, self._all)) for path, rows in equal.items()]
        self._above = [
            (path, sign, *_steps(rows, sign, self._all), _bits(rows)) for (path, sign), rows in above.items()
        ]

    def candidates(self, env: Mapping[str, Any]) -> list[int]:
        """Find the conditions that may hold, and those that cannot be computed.

        Args:
            env: Values by name.

        Returns:
            Positions in order; every other condition is surely false.
        """
        left = self._all
        for path, table, rest in self._equal:
            left &= table.get(read_path(env, path), rest)
        unsure = 0
        for path, sign, limits, allowed, asking in self._above:
            value = read_path(env, path)
            if value is None:
                # An absent value has no order: such a condition cannot be computed, and that has to be told.
                unsure |= asking
            else:
                inclusive = sign in (">=", "<")
                left &= allowed[(bisect_right if inclusive else bisect_left)(limits, value)]
        left |= unsure
        found = []
        while left:
            low = left & -left
            found.append(low.bit_length() - 1)
            left ^= low
        return found


def _table(rows: Mapping[int, tuple[object, ...]], every: int) -> tuple[dict[object, int], int]:
    """Make the table of one path: by value the bits it allows, and the bits that ask nothing of it."""
    rest = every & ~_bits(rows)
    table: dict[object, int] = {}
    for bit, values in rows.items():
        for value in values:
            table[value] = table.get(value, rest) | 1 << bit
    return table, rest


def _steps(rows: Mapping[int, Any], sign: str, every: int) -> tuple[list[Any], list[int]]:
    """Make the steps of one path: sorted limits, and between any two of them the bits that are allowed."""
    rest = every & ~_bits(rows)
    by_limit: dict[Any, int] = {}
    for bit, limit in rows.items():
        by_limit[limit] = by_limit.get(limit, 0) | 1 << bit
    limits = sorted(by_limit)
    upward = sign in (">", ">=")
    allowed = [rest]
    for limit in limits if upward else reversed(limits):
        allowed.append(allowed[-1] | by_limit[limit])
    return limits, allowed if upward else allowed[::-1]


def _bits(rows: Iterable[int]) -> int:
    made = 0
    for bit in rows:
        made |= 1 << bit
    return made
