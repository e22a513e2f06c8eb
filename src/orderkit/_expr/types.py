"""The types that an expression may speak of: a closed handful, all known when the project loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The families of values; the words are those of `fields:` where it has one."""

    TEXT = "text"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    COUNT = "count"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    RECORD = "record"
    LIST = "list"
    NONE = "none"
    UNKNOWN = "unknown"


_WORDS: Final[dict[Kind, tuple[str, str]]] = {
    Kind.TEXT: ("text", "文本"),
    Kind.CHOICE: ("a choice", "选项"),
    Kind.BOOLEAN: ("yes or no", "是或否"),
    Kind.COUNT: ("a whole number", "整数"),
    Kind.DECIMAL: ("a number", "数字"),
    Kind.MONEY: ("an amount of money", "金额"),
    Kind.PERCENT: ("a percentage", "百分比"),
    Kind.DATE: ("a date", "日期"),
    Kind.DATETIME: ("a point in time", "时间"),
    Kind.DURATION: ("a length of time", "时长"),
    Kind.RECORD: ("a record", "记录"),
    Kind.LIST: ("a list", "列表"),
    Kind.NONE: ("nothing (none)", "空值（none）"),
    Kind.UNKNOWN: ("something unknown", "未知"),
}

_NO_FIELDS: Final[Mapping[str, Type]] = {}


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression, a field or a name holds; two record types are equal when their names are.

    Args:
        kind: Its family.
        optional: Whether the value may be absent.
        of: What the elements of a list are.
        values: What a choice may be, in file order.
        name: Name of a record type (`order`, `line`).
        fields: Fields of a record by name; the mapping may be filled after the type is made, so that records
            can hold each other.
        bare: A number without a unit, as literals and number-like `vars` are: beside money it is money of the
            project's currency.
    """

    kind: Kind
    optional: bool = False
    of: Type | None = None
    values: tuple[str, ...] = ()
    name: str = ""
    fields: Mapping[str, Type] = attribute(default_factory=lambda: _NO_FIELDS, compare=False, repr=False)
    bare: bool = False


TEXT: Final = Type(Kind.TEXT)
BOOLEAN: Final = Type(Kind.BOOLEAN)
COUNT: Final = Type(Kind.COUNT)
DECIMAL: Final = Type(Kind.DECIMAL)
MONEY: Final = Type(Kind.MONEY)
PERCENT: Final = Type(Kind.PERCENT)
DATE: Final = Type(Kind.DATE)
DATETIME: Final = Type(Kind.DATETIME)
DURATION: Final = Type(Kind.DURATION)
NONE: Final = Type(Kind.NONE, optional=True)
UNKNOWN: Final = Type(Kind.UNKNOWN)
"""The type of what was already reported as wrong, so that one mistake is told once."""

BARE_COUNT: Final = Type(Kind.COUNT, bare=True)
BARE_DECIMAL: Final = Type(Kind.DECIMAL, bare=True)

TEXTS: Final = frozenset({Kind.TEXT, Kind.CHOICE})
NUMBERS: Final = frozenset({Kind.COUNT, Kind.DECIMAL, Kind.PERCENT})
ORDERED: Final = NUMBERS | {Kind.MONEY, Kind.DATE, Kind.DATETIME, Kind.DURATION}

Scope = Mapping[str, Type]
"""The names that exist in a slot, with their types; nothing else exists there."""


def optional(kind: Type) -> Type:
    """Say that a value may be absent.

    Args:
        kind: The type when it is there.

    Returns:
        The same type, absent allowed.
    """
    return kind if kind.optional else replace(kind, optional=True)


def required(kind: Type) -> Type:
    """Say that a value is always there.

    Args:
        kind: The type, perhaps optional.

    Returns:
        The same type, never absent.
    """
    return replace(kind, optional=False) if kind.optional else kind


def list_of(kind: Type) -> Type:
    """Make the type of a list.

    Args:
        kind: The type of every element.

    Returns:
        The list's type.
    """
    return Type(Kind.LIST, of=kind)


def choice(*values: str, name: str = "") -> Type:
    """Make the type of a field that allows a few texts only.

    Args:
        *values: What is allowed, in file order.
        name: Name for messages.

    Returns:
        The choice's type.
    """
    return Type(Kind.CHOICE, values=values, name=name)


def record(name: str, fields: Mapping[str, Type]) -> Type:
    """Make the type of a record with known fields.

    Args:
        name: Name for messages, such as `order`.
        fields: Types by field name; kept by reference, so that it may be filled later.

    Returns:
        The record's type.
    """
    return Type(Kind.RECORD, name=name, fields=fields)


def literal(value: object) -> Type:
    """Find the type of a value that is written in an expression.

    Args:
        value: None, a truth value, a text, or a number as int or Decimal.

    Returns:
        Its type; a number has no unit.
    """
    if value is None:
        return NONE
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, str):
        return TEXT
    return BARE_DECIMAL if isinstance(value, Decimal) else BARE_COUNT


def bare(kind: Type) -> Type:
    """Say that a number has no unit, as project variables spelt as numbers have none.

    Args:
        kind: COUNT or DECIMAL; other types are returned unchanged.

    Returns:
        The type that may stand beside money.
    """
    return replace(kind, bare=True) if kind.kind in (Kind.COUNT, Kind.DECIMAL) else kind


def describe(kind: Type, lang: str) -> str:
    """Name a type in an analyst's words.

    Args:
        kind: The type.
        lang: `en` or `zh`.

    Returns:
        A phrase such as `an amount of money`.
    """
    zh = lang == "zh"
    if kind.kind is Kind.LIST and kind.of is not None:
        inner = describe(kind.of, lang)
        return f"{inner}的列表" if zh else f"a list of {inner}"
    if kind.kind is Kind.RECORD and kind.name:
        return f"记录“{kind.name}”" if zh else f"the record `{kind.name}`"
    return _WORDS[kind.kind][1 if zh else 0]
