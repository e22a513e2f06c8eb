"""The listed functions: what each takes and gives, and the line of help that the reference prints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from orderkit._expr.texts import column_key
from orderkit._expr.types import (
    BOOLEAN,
    COUNT,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    MONEY,
    NUMBERS,
    ORDERED,
    TEXT,
    TEXTS,
    Kind,
    Type,
    optional,
    required,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["FUNCTIONS", "Function", "Want", "column_key"]

_SUMMED: Final = NUMBERS | {Kind.MONEY, Kind.DURATION}


@dataclass(frozen=True, slots=True)
class Want:
    """What one argument must be.

    Args:
        en: In words, for messages.
        zh: The same in Chinese.
        fits: Tells whether a type will do.
        literal: Whether the value itself must be written, not read.
    """

    en: str
    zh: str
    fits: Callable[[Type], bool]
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    Args:
        name: As written.
        wants: The arguments in order.
        gives: The result's type from the arguments' types.
        doc: What it does.
        doc_zh: The same in Chinese.
        example: An expression that uses it.
        least: How many arguments must be given.
        alike: Whether it takes any number of further arguments that must all be of one kind.
        needs: The name that must exist in the slot for it; empty for functions that exist everywhere.
        host: Whether the environment brings it under `$name`.
    """

    name: str
    wants: tuple[Want, ...]
    gives: Callable[[Sequence[Type]], Type]
    doc: str
    doc_zh: str
    example: str
    least: int = 1
    alike: bool = False
    needs: str = ""
    host: bool = False


def _kinds(kinds: frozenset[Kind], *, lists: bool = False) -> Callable[[Type], bool]:
    def fits(given: Type) -> bool:
        if lists:
            return (
                given.kind is Kind.LIST and given.of is not None and given.of.kind in kinds | {Kind.UNKNOWN}
            )
        return given.kind in kinds

    return fits


def _element(given: Sequence[Type]) -> Type:
    inner = given[0].of
    return required(inner) if inner is not None else COUNT


def _always(kind: Type) -> Callable[[Sequence[Type]], Type]:
    return lambda _given: kind


def _same(given: Sequence[Type]) -> Type:
    return required(given[0])


def _read_as(kind: Type) -> Callable[[Sequence[Type]], Type]:
    return lambda given: optional(kind) if given[0].optional or given[0].kind in TEXTS else kind


_TEXT: Final = Want("a text", "文本", _kinds(TEXTS))
_WRITTEN: Final = Want("a text in quotes", "引号里的文本", _kinds(frozenset({Kind.TEXT})), literal=True)
_NUMBER: Final = Want("a number", "数字", _kinds(NUMBERS))
_PLACES: Final = Want("a whole number", "整数", _kinds(frozenset({Kind.COUNT})), literal=True)
_SIGNED: Final = Want("a number, an amount or a length of time", "数字、金额或时长", _kinds(_SUMMED))
_ROUNDED: Final = Want("a number or an amount", "数字或金额", _kinds(NUMBERS | {Kind.MONEY}))
_SIZED: Final = Want("a text or a list", "文本或列表", _kinds(TEXTS | {Kind.LIST}))
_ROWS: Final = Want("a list", "列表", _kinds(frozenset({Kind.LIST})))
_LINES: Final = Want("a list of lines", "行的列表", _kinds(frozenset({Kind.RECORD}), lists=True))
_SUMS: Final = Want(
    "a list of numbers, amounts or lengths of time", "数字、金额或时长的列表", _kinds(_SUMMED, lists=True)
)
_TRUTHS: Final = Want("a list of conditions", "条件的列表", _kinds(frozenset({Kind.BOOLEAN}), lists=True))
_RANKED: Final = Want(
    "a list of numbers, amounts or times, or several of them",
    "数字、金额或时间的列表，或依次列出的多个值",
    lambda given: _kinds(ORDERED, lists=True)(given) or given.kind in ORDERED,
)
_ANY: Final = Want("a value", "一个值", lambda given: given.kind not in (Kind.RECORD, Kind.LIST))
_MOMENT: Final = Want("a point in time", "时间", _kinds(frozenset({Kind.DATETIME})))
_AMOUNT: Final = Want(
    "a text, a number or an amount", "文本、数字或金额", _kinds(TEXTS | NUMBERS | {Kind.MONEY})
)


def _extreme(given: Sequence[Type]) -> Type:
    return optional(_element(given)) if given[0].kind is Kind.LIST else given[0]


def _summed(given: Sequence[Type]) -> Type:
    return replace(_element(given), bare=False)


_ALL: Final = (
    Function("sum", (_SUMS,), _summed, "Adds up.", "求和。", "sum(line.quantity for line in order.lines)"),
    Function(
        "any", (_TRUTHS,), _always(BOOLEAN), "Is one true?", "是否有一个成立。",
        "any(line.quantity > 10 for line in order.lines)",
    ),
    Function(
        "all", (_TRUTHS,), _always(BOOLEAN), "Are all true?", "是否全部成立。",
        "all(line.quantity > 0 for line in order.lines)",
    ),
    Function(
        "min", (_RANKED,), _extreme, "The smallest; none for an empty list.", "最小值；空列表为 none。",
        "min(line.price for line in order.lines)", alike=True,
    ),
    Function(
        "max", (_RANKED,), _extreme, "The largest; none for an empty list.", "最大值；空列表为 none。",
        "max(order.total, 100)", alike=True,
    ),
    Function("count", (_ROWS,), _always(COUNT), "How many there are.", "计数。", "count(order.lines)"),
    Function("abs", (_SIGNED,), _same, "Without the sign.", "去掉正负号。", "abs(order.balance)"),
    Function(
        "round", (_ROUNDED, _PLACES), _same, "Rounds half up, to decimals.", "四舍五入到指定小数位。",
        "round(order.total * 0.1, 2)",
    ),
    Function(
        "len", (_SIZED,), _always(COUNT), "Characters of a text, elements of a list.",
        "文本的字数，列表的个数。",
        "len(order.note)",
    ),
    Function("lower", (_TEXT,), _always(TEXT), "In small letters.", "转为小写。", "lower(line.sku)"),
    Function("upper", (_TEXT,), _always(TEXT), "In capitals.", "转为大写。", "upper(line.sku)"),
    Function(
        "startswith", (_TEXT, _TEXT), _always(BOOLEAN), "Does the text begin so?", "文本是否以此开头。",
        "startswith(line.sku, 'VIP-')", least=2,
    ),
    Function(
        "endswith", (_TEXT, _TEXT), _always(BOOLEAN), "Does the text end so?", "文本是否以此结尾。",
        "endswith(line.sku, '-XL')", least=2,
    ),
    Function(
        "contains", (_TEXT, _TEXT), _always(BOOLEAN), "Is it part of the text?", "文本是否包含它。",
        "contains(order.note, '加急')", least=2,
    ),
    Function("days", (_NUMBER,), _always(DURATION), "So many times 24 hours.", "若干个 24 小时。", "days(3)"),
    Function("hours", (_NUMBER,), _always(DURATION), "So many hours.", "若干小时。", "hours(1.5)"),
    Function(
        "now", (), _always(DATETIME), "The time of the decision.", "作出判断的时间。",
        "now() - order.placed_at > days(3)", least=0, needs="now",
    ),
    Function(
        "today", (), _always(DATE), "The day of the decision in the project's zone.",
        "作出判断的日期（项目时区）。",
        "order.customer.since < today()", least=0, needs="now",
    ),
    Function(
        "date", (_MOMENT,), lambda given: optional(DATE) if given[0].optional else DATE,
        "The day of a point in time in the project's zone.", "某个时间在项目时区的日期。",
        "date(order.placed_at) < today()",
    ),
    Function(
        "coalesce", (_ANY, _ANY), lambda given: given[0], "The first value that is there.",
        "第一个非空的值。",
        "coalesce(order.points, 0)", least=2, alike=True,
    ),
    Function(
        "money", (_AMOUNT,), _read_as(MONEY), "Reads an amount.", "读取金额。", "money(col('实收金额'))",
    ),
    Function("number", (_TEXT,), _read_as(DECIMAL), "Reads a number.", "读取数字。", "number(col('件数'))"),
    Function(
        "time", (_TEXT,), _read_as(DATETIME), "Reads a point in time.", "读取时间。",
        "time('2026-06-16 20:00')",
    ),
    Function(
        "col", (_WRITTEN,), _always(optional(TEXT)), "A column by its header.", "按表头读取一列。",
        "col('收货地址 ')", needs="$row",
    ),
    Function(
        "in_stock", (_LINES,), _always(BOOLEAN), "Can all lines be taken from stock?", "各行库存是否充足。",
        "in_stock(order.lines)", needs="$in_stock", host=True,
    ),
)  # fmt: skip

FUNCTIONS: Final[Mapping[str, Function]] = {one.name: one for one in _ALL}
"""Every function by name; where a function `needs` a name it exists only in slots that have it."""
