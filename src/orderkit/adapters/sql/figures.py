"""Writes a report's query as SQL that SQLite and PostgreSQL read alike.

Amounts of orders are added over the table of orders alone, never over lines joined to it. Zones are worked
out in Python: a `CASE` over the zone's changes in the stretch of time asked for gives the wall clock, and
whole-number arithmetic gives its hour, day, week or month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)

from orderkit._reports.engine import (
    Always,
    Both,
    Compare,
    Either,
    Literal,
    Member,
    Opposite,
    Truth,
    certain,
    fields_of,
)
from orderkit._reports.periods import offsets
from orderkit.adapters.sql.schema import column_name
from orderkit.domain.calendar import to_micros

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from orderkit._reports.engine import Condition, Field, Measure, Query
    from orderkit.adapters.sql.schema import Tables

_SECOND: Final = 1_000_000
_HOUR: Final = 3600 * _SECOND
_DAY: Final = 24 * _HOUR
# Days from 0000-03-01 to 1970-01-01: counted from there, every instant is positive, so that dividing whole
# numbers means the same in every database, and leap days end a year.
_SHIFT: Final = 719_468
# The week of 1969-12-29 is number 0; it began 719,465 days after 0000-03-01.
_MONDAY: Final = _SHIFT - 3


def rows(query: Query, connection: Connection, tables: Tables) -> list[tuple[Any, ...]]:
    """Run one query.

    Args:
        query: The query.
        connection: An open transaction.
        tables: The project's tables.

    Returns:
        Rows as `Query` describes them.
    """
    # Most shops have one currency, and knowing it spares a join and a group.
    single = _only_currency(query, connection, tables)
    writer = _Writer(query, tables, single)
    stretch = _stretch(query, writer, connection) if query.bucket is not None else None
    if query.bucket is not None and stretch is None and not query.at.optional:
        return []
    found = connection.execute(writer.statement(stretch))
    head_ends = 1 + len(query.dimensions) + (query.currency and not single)
    booleans = [at for at, one in enumerate(query.dimensions, 1) if one.kind == "boolean"]
    dates = [at for at, one in enumerate(query.dimensions, 1) if one.kind == "date"]
    made = []
    for row in found:
        head = list(row[:head_ends])
        for at in booleans:
            head[at] = None if head[at] is None else bool(head[at])
        for at in dates:
            head[at] = None if head[at] is None else date.fromisoformat(head[at])
        if query.currency and single:
            head.append(single)
        made.append((*head, *(int(figure or 0) for figure in row[head_ends:])))
    return made


def _only_currency(query: Query, connection: Connection, tables: Tables) -> str:
    currency = (tables.payments if query.grain in ("payment", "refund") else tables.orders).c.currency
    least, most = connection.execute(select(func.min(currency), func.max(currency))).one()
    return str(least) if least is not None and least == most else ""


def _stretch(query: Query, writer: _Writer, connection: Connection) -> tuple[int, int] | None:
    """Find the first and last instant of the records asked for: the narrower, the fewer clock changes."""
    if query.since is not None and query.until is not None:
        return to_micros(query.since), to_micros(query.until)
    at = writer.column(query.at)
    first, last = connection.execute(writer.scoped(select(func.min(at), func.max(at)))).one()
    return None if first is None else (first, last)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one query's statement."""

    query: Query
    tables: Tables
    single: str

    def statement(self, stretch: tuple[int, int] | None) -> Select[Any]:
        query = self.query
        bucket = self._bucket(stretch).label("bucket")
        # There is nothing to group by in a bucket that is the same for all.
        constant = not query.at.optional and stretch is None
        groups = [self.column(one).label(f"dimension_{at}") for at, one in enumerate(query.dimensions)]
        if query.currency and not self.single:
            groups.append(self._currency().label("currency"))
        figures = [
            figure.label(f"{name}_{at}")
            for at, one in enumerate(query.measures)
            for name, figure in zip(("value", "counted", "excluded"), self._measure(one), strict=True)
        ]
        # By position, so that the long arithmetic of a bucket stands in the statement once.
        first = 2 if constant else 1
        positions: list[ColumnElement[Any]] = [
            literal_column(str(at)) for at in range(first, 2 + len(groups))
        ]
        return self.scoped(select(bucket, *groups, *figures)).group_by(*positions)

    def scoped(self, statement: Select[Any]) -> Select[Any]:
        """Add the records the query is about: their tables, their period, the caller's filter."""
        query = self.query
        statement = statement.select_from(self._records())
        if query.grain in ("payment", "refund"):
            statement = statement.where(self.tables.payments.c.kind == query.grain)
        at = self.column(query.at)
        if query.since is not None:
            statement = statement.where(at >= to_micros(query.since))
        if query.until is not None:
            statement = statement.where(at < to_micros(query.until))
        return statement if query.where is None else statement.where(self._judge(query.where))

    def _records(self) -> FromClause:
        orders, lines, payments = self.tables.orders, self.tables.lines, self.tables.payments
        match self.query.grain:
            case "order":
                return orders
            case "line":
                if not self._reads_orders():
                    return lines
                return lines.join(orders, lines.c.order_id == orders.c.id)
        if not self._reads_orders():
            return payments
        return payments.outerjoin(orders, payments.c.order_id == orders.c.id)

    def _reads_orders(self) -> bool:
        query = self.query
        timed = query.bucket or query.since or query.until or query.at.optional
        read = {*query.dimensions, *fields_of(query.where), *([query.at] if timed else [])}
        for one in query.measures:
            read |= fields_of(one.condition) | ({one.field} if one.field else set())
        grouped = query.grain == "line" and query.currency and not self.single
        return grouped or any(one.owner == "order" for one in read)

    def column(self, one: Field) -> ColumnElement[Any]:
        """Give a field's column, or the expression that stands for it."""
        orders, payments = self.tables.orders, self.tables.payments
        if one.own:
            return (orders if one.owner == "order" else self.tables.lines).c[column_name(one.name)]
        if one.owner == "line":
            return self.tables.lines.c[one.name]
        if one.owner != "order":
            return payments.c[one.name]
        if self.query.grain == "refund" and one.name in ("channel", "currency"):
            return func.coalesce(orders.c[one.name], payments.c[one.name])
        moved = {"paid": "payment", "refunded": "refund"}
        if one.name in moved:
            return self._moved(moved[one.name])
        if one.name == "balance":
            return orders.c.total - self._moved("payment") + self._moved("refund")
        return orders.c[one.name]

    def _moved(self, kind: str) -> ColumnElement[Any]:
        payments = self.tables.payments.alias()
        total = func.coalesce(func.sum(payments.c.amount), literal_column("0", BigInteger()))
        own = (payments.c.order_id == self.tables.orders.c.id) & (payments.c.kind == kind)
        found: ColumnElement[Any] = select(total).where(own).correlate(self.tables.orders).scalar_subquery()
        if self.query.grain != "refund":
            return found
        # A loose refund has no order, and so no sum either.
        return case((self.tables.orders.c.id.is_not(None), found))

    def _currency(self) -> ColumnElement[Any]:
        money = self.query.grain in ("payment", "refund")
        return (self.tables.payments if money else self.tables.orders).c.currency

    def _measure(self, one: Measure) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
        """Write value, counted and excluded."""
        condition = one.condition
        holds = None if condition is None else self._judge(condition)
        sure = condition is None or certain(condition)
        value = _number(1) if one.field is None else self.column(one.field)
        taken = value if holds is None else case((holds, value))
        counted = func.count() if one.field is None and holds is None else func.count(taken)
        absent = one.field is not None and one.field.optional
        lost: list[ColumnElement[bool]] = [] if sure or holds is None else [holds.is_(None)]
        if absent:
            nothing = value.is_(None)
            lost.append(nothing if holds is None else and_(holds, nothing))
        excluded = func.count(case((or_(*lost), _number(1)))) if lost else func.min(_number(0))
        if one.kind == "sum":
            return func.sum(taken), counted, excluded
        if one.kind == "distinct":
            return func.count(taken.distinct()), counted, excluded
        return counted, counted, excluded

    def _judge(self, condition: Condition) -> ColumnElement[Any]:
        """Write a condition; NULL is "not computable"."""
        match condition:
            case Always(value=value):
                return true() if value else false()
            case Truth(field=one):
                return self.column(one) == _number(1)
            case Member(field=one, values=values, negated=negated):
                return self._member(one, values, negated=negated)
            case Opposite(part=part):
                return case({True: false(), False: true()}, value=self._judge(part))
            case Both(parts=parts):
                return self._chain(parts, over=True)
            case Either(parts=parts):
                return self._chain(parts, over=False)
            case Compare():
                return self._compare(condition)

    def _chain(self, parts: tuple[Condition, ...], *, over: bool) -> ColumnElement[Any]:
        """Write `and` or `or`, judged from left to right where that matters."""
        written = self._judge(parts[-1])
        for part in reversed(parts[:-1]):
            left = self._judge(part)
            if certain(part):
                written = and_(left, written) if over else or_(left, written)
            else:
                # A simple CASE names the left side once, however deep the nesting is.
                ends = {True: written, False: false()} if over else {True: true(), False: written}
                written = case(ends, value=left)
        return written

    def _member(self, one: Field, values: tuple[Any, ...], *, negated: bool) -> ColumnElement[Any]:
        column = self.column(one)
        stored = [_stored(value) for value in values]
        if not stored:
            return true() if negated else false()
        if negated:
            return or_(column.is_(None), column.not_in(stored)) if one.optional else column.not_in(stored)
        return and_(column.is_not(None), column.in_(stored)) if one.optional else column.in_(stored)

    def _compare(self, one: Compare) -> ColumnElement[Any]:
        left = self.column(one.left)
        if isinstance(one.right, Literal):
            value = _stored(one.right.value)
            right: Any = null() if value is None else literal(value, left.type if _whole(left) else None)
            optional = one.left.optional or value is None
        else:
            right = self.column(one.right)
            optional = one.left.optional or one.right.optional
        if one.operator in ("==", "!="):
            same = one.operator == "=="
            if optional:
                judged = left.is_not_distinct_from(right) if same else left.is_distinct_from(right)
            else:
                judged = left == right if same else left != right
        else:
            judged = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[
                one.operator
            ]
        if not one.currency or one.currency == self.single:
            return judged
        if self.single:
            # PostgreSQL takes a bare NULL for a text.
            return cast(null(), Boolean())
        return case((self._currency() == one.currency, judged))

    def _bucket(self, stretch: tuple[int, int] | None) -> ColumnElement[Any]:
        at = self.column(self.query.at)
        grain = self.query.bucket
        if grain is None or stretch is None:
            number: ColumnElement[Any] = case((at.is_not(None), _number(0)))
            return number if self.query.at.optional else _number(0)
        wall = at + self._offset(at, stretch) + _number(_SHIFT * _DAY)
        if grain == "hour":
            return wall // _number(_HOUR) - _number(_SHIFT * 24)
        days = wall // _number(_DAY)
        match grain:
            case "day":
                return days - _number(_SHIFT)
            case "week":
                return (days + _number(-_MONDAY % 7)) // _number(7) - _number((_MONDAY + 6) // 7)
        months = _months(days)
        size = {"quarter": 3, "year": 12}.get(grain, 1)
        return months if size == 1 else months // _number(size)

    def _offset(self, at: ColumnElement[Any], stretch: tuple[int, int]) -> ColumnElement[Any]:
        known = offsets(self.query.zone, *stretch)
        changes = [
            (at < _number(start), _number(before))
            for (start, _), (_, before) in zip(known[1:], known, strict=False)
        ]
        last = _number(known[-1][1])
        return case(*changes, else_=last) if changes else last


def _months(days: ColumnElement[Any]) -> ColumnElement[Any]:
    """Count the months since the year 0 of a day counted from 0000-03-01 (Neri and Schneider's algorithm).

    Each step names the one before once or twice only, so that the statement stays short.
    """
    quarters = _number(4) * days + _number(3)
    century = quarters // _number(146_097)
    of_century = _number(4) * (quarters % _number(146_097) // _number(4)) + _number(3)
    scaled = _number(2_939_745) * of_century
    year = scaled // _number(1 << 32)
    day_of_year = scaled % _number(1 << 32) // _number(2_939_745) // _number(4)
    # 3 is March, 14 the February after; the thirteenth month of a year is the first of the next.
    month = (_number(2_141) * day_of_year + _number(197_913)) // _number(65_536)
    return (_number(100) * century + year) * _number(12) + month - _number(1)


def _number(value: int) -> ColumnElement[int]:
    """Write a constant of ours into the statement itself, so that its type needs no guessing."""
    return literal_column(str(value) if value >= 0 else f"({value})", BigInteger())


def _whole(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, BigInteger)


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return to_micros(value)
    return value.isoformat() if isinstance(value, date) else value
