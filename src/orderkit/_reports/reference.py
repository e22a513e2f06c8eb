"""Runs query plans over orders in memory, one record at a time: short enough to be read as the definition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from orderkit._reports.engine import Always, Both, Compare, Either, Field, Literal, Member, Opposite, Truth
from orderkit._reports.periods import bucket_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from orderkit._reports.engine import Condition, Measure, Query
    from orderkit.domain.order import Line, Order, Payment

_PRICE_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class _Record:
    """A record of a grain with the order it belongs to, None for a loose refund."""

    order: Order | None
    line: Line | None = None
    money: Payment | None = None

    def read(self, one: Field) -> Any:
        """Give a field's value as stores keep it."""
        if one.owner == "order" and self.order is None:
            return self._loose(one)
        owner: Any = {"order": self.order, "line": self.line}.get(one.owner, self.money)
        value = owner.fields.get(one.name) if one.own else getattr(owner, one.name)
        if value is None:
            return None
        if one.kind == "money":
            return value.minor
        return int(Decimal(value).scaleb(_PRICE_PLACES)) if one.kind == "price" else value

    def _loose(self, one: Field) -> Any:
        if self.money is None or one.own:
            return None
        return {"channel": self.money.channel, "currency": self.money.amount.currency}.get(one.name)

    @property
    def currency(self) -> str:
        """Name the currency of its amounts."""
        if self.money is not None:
            return self.money.amount.currency
        return self.order.currency if self.order is not None else ""


@dataclass(slots=True)
class _Tally:
    """What one measure has come to in one group."""

    total: int = 0
    counted: int = 0
    excluded: int = 0
    seen: set[Any] = field(default_factory=set)

    def take(self, measure: Measure, record: _Record) -> None:
        holds = True if measure.condition is None else _judge(measure.condition, record)
        if holds is False:
            return
        value = 1 if measure.field is None else record.read(measure.field)
        if holds is None or value is None:
            self.excluded += 1
            return
        self.counted += 1
        if measure.kind == "distinct":
            self.seen.add(value)
        else:
            self.total += value

    def figures(self, kind: str) -> tuple[int, int, int]:
        return (len(self.seen) if kind == "distinct" else self.total, self.counted, self.excluded)


def rows(query: Query, orders: Iterable[Order], loose: Iterable[Payment]) -> list[tuple[Any, ...]]:
    """Run one query.

    Args:
        query: The query.
        orders: All orders.
        loose: Refunds whose order is unknown.

    Returns:
        Rows as `Query` describes them.
    """
    zone = ZoneInfo(query.zone)
    groups: dict[tuple[Any, ...], tuple[_Tally, ...]] = defaultdict(
        lambda: tuple(_Tally() for _ in query.measures)
    )
    for record in _records(query.grain, orders, loose):
        at = record.read(query.at)
        if not _within(at, query):
            continue
        if query.where is not None and _judge(query.where, record) is not True:
            continue
        bucket = None if at is None else 0
        if at is not None and query.bucket is not None:
            bucket = bucket_of(at, query.bucket, zone)
        money = (record.currency,) if query.currency else ()
        key = (bucket, *(record.read(one) for one in query.dimensions), *money)
        for measure, tally in zip(query.measures, groups[key], strict=True):
            tally.take(measure, record)
    return [
        (
            *key,
            *(figure for m, t in zip(query.measures, tallies, strict=True) for figure in t.figures(m.kind)),
        )
        for key, tallies in groups.items()
    ]


def _within(at: datetime | None, query: Query) -> bool:
    if at is None:
        return query.since is None and query.until is None
    return (query.since is None or at >= query.since) and (query.until is None or at < query.until)


def _records(grain: str, orders: Iterable[Order], loose: Iterable[Payment]) -> Iterator[_Record]:
    for order in orders:
        if grain == "order":
            yield _Record(order)
        elif grain == "line":
            yield from (_Record(order, line=line) for line in order.lines)
        else:
            yield from (_Record(order, money=one) for one in order.payments if one.kind == grain)
    yield from (_Record(None, money=one) for one in loose if one.kind == grain)


def _judge(condition: Condition, record: _Record) -> bool | None:
    """Judge a condition; None is "not computable"."""
    match condition:
        case Always(value=value):
            return value
        case Truth(field=one):
            truth: bool | None = record.read(one)
            return truth
        case Member(field=one, values=values, negated=negated):
            return (record.read(one) in values) is not negated
        case Opposite(part=part):
            inner = _judge(part, record)
            return None if inner is None else not inner
        case Both(parts=parts):
            return next((held for part in parts if (held := _judge(part, record)) is not True), True)
        case Either(parts=parts):
            return next((held for part in parts if (held := _judge(part, record)) is not False), False)
        case Compare():
            return _compare(condition, record)


_ORDERINGS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _compare(one: Compare, record: _Record) -> bool | None:
    left = record.read(one.left)
    right = one.right.value if isinstance(one.right, Literal) else record.read(one.right)
    if one.currency and one.currency != record.currency:
        return None
    if one.operator in ("==", "!="):
        return (left == right) is (one.operator == "==")
    if left is None or right is None:
        return None
    return _ORDERINGS[one.operator](left, right)
