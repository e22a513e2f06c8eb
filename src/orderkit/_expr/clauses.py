"""The clauses of a condition that can be looked up instead of judged, and an index over many conditions."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

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
_MOST_PARTS: Final = 1_000
"""Combinations of values that an index remembers; orders of a shop have few."""


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


class _Limits(NamedTuple):
    """What one path allows by its size: between any two limits, which conditions hold so far."""

    size: int
    place: Callable[[Sequence[Any], Any], int]
    steps: list[Any]
    allowed: list[int]


@dataclass(frozen=True, slots=True)
class _Part:
    """The conditions that the equalities of one order leave over, each a bit of small numbers."""

    positions: tuple[int, ...]
    limits: tuple[_Limits, ...]
    found: dict[tuple[int, ...], tuple[int, ...]]

    def find(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """Find what holds between the limits where an order stands, and remember it."""
        left = (1 << len(self.positions)) - 1
        for one, place in zip(self.limits, places, strict=True):
            left &= one.allowed[place]
        found = tuple(position for bit, position in enumerate(self.positions) if left >> bit & 1)
        if len(self.found) >= _MOST_PARTS:
            self.found.clear()
        self.found[places] = found
        return found


class ClauseIndex:
    """Finds the few of many conditions that may hold, by looking values up; pricing and rules stand on it.

    The equalities choose a part of the conditions: one look-up for each path, however many conditions there
    are. In a part a condition is a bit, and for each path that is compared with limits there is a table from
    size to the bits it allows. Parts are made when an order first asks for them.
    """

    __slots__ = ("_clauses", "_equal", "_limits", "_parts", "_sized", "_stable")

    def __init__(
        self, conditions: Sequence[Sequence[Clause]], *, stable: Callable[[tuple[str, ...]], bool]
    ) -> None:
        """Build the tables.

        Args:
            conditions: The clauses of each condition; none for one that always has to be judged.
            stable: Whether a path keeps its value while the candidates are judged one after the other.
        """
        self._clauses = conditions
        self._stable = stable
        equal: dict[tuple[str, ...], dict[object, set[int]]] = {}
        limits: dict[tuple[tuple[str, ...], str], dict[int, Any]] = {}
        asked: dict[tuple[str, ...], set[int]] = {}
        for bit, clauses in enumerate(conditions):
            for one in clauses:
                if not one.leads:
                    break
                if one.sign in _EQUAL:
                    if stable(one.path) and bit not in asked.setdefault(one.path, set()):
                        asked[one.path].add(bit)
                        for value in one.values:
                            equal.setdefault(one.path, {}).setdefault(value, set()).add(bit)
                elif not stable(one.path):
                    # It may fail for an absent value, and then what stands behind it is never asked.
                    break
                else:
                    limits.setdefault((one.path, one.sign), {}).setdefault(bit, one.values[0])
        self._equal = [(path, table, asked[path]) for path, table in equal.items()]
        self._limits = limits
        self._sized = tuple(dict.fromkeys(path for path, _ in limits))
        self._parts: dict[tuple[object, ...], _Part] = {}

    def candidates(self, env: Mapping[str, Any]) -> tuple[int, ...]:
        """Find the conditions that may hold, and those that cannot be computed.

        Args:
            env: Values by name.

        Returns:
            Positions in order; every other condition is surely false.
        """
        key = []
        for path, table, _ in self._equal:
            value = read_path(env, path)
            key.append(value if value in table else None)
        sizes = [read_path(env, path) for path in self._sized]
        if None in sizes:
            return self._unsure(env)
        chosen = tuple(key)
        part = self._parts.get(chosen)
        if part is None:
            part = self._made(chosen)
        places = tuple([one.place(one.steps, sizes[one.size]) for one in part.limits])
        found = part.found.get(places)
        if found is None:
            found = part.find(places)
        return found

    def _unsure(self, env: Mapping[str, Any]) -> tuple[int, ...]:
        """Take the careful way of an order that lacks a value which has to be compared by its size.

        An absent value has no order: such a condition cannot be computed, and that has to be told, whatever
        the equalities behind it say.
        """
        return tuple(at for at, clauses in enumerate(self._clauses) if self._may_hold(clauses, env))

    def _may_hold(self, clauses: Sequence[Clause], env: Mapping[str, Any]) -> bool:
        for one in clauses:
            if not one.leads or not (self._stable(one.path) or one.sign in _EQUAL):
                return True
            if one.sign not in _EQUAL and read_path(env, one.path) is None:
                return True
            if self._stable(one.path) and not one.holds(env):
                return False
        return True

    def _made(self, key: tuple[object, ...]) -> _Part:
        """Make the part of the conditions whose equalities hold for these values."""
        kept = set(range(len(self._clauses)))
        for (_, table, asked), value in zip(self._equal, key, strict=True):
            kept -= asked - table.get(value, set())
        positions = tuple(sorted(kept))
        numbers = {position: bit for bit, position in enumerate(positions)}
        tables = []
        for (path, sign), rows in self._limits.items():
            own = {numbers[position]: limit for position, limit in rows.items() if position in kept}
            if own:
                place = bisect_right if sign in (">=", "<") else bisect_left
                steps, allowed = _steps(own, sign, (1 << len(positions)) - 1)
                tables.append(_Limits(self._sized.index(path), place, steps, allowed))
        made = _Part(positions, tuple(tables), {})
        if len(self._parts) >= _MOST_PARTS:
            self._parts.clear()
        self._parts[key] = made
        return made


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
