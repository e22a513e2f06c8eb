"""Writes a Python module with the types of a project's orders, so that hosts are checked against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderkit._expr.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._expr.types import Type
    from orderkit._fields.engine import FieldSpec
    from orderkit._project.project import Project

_PYTHON: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "str",
    Kind.BOOLEAN: "bool",
    Kind.COUNT: "int",
    Kind.DECIMAL: "Decimal",
    Kind.MONEY: "Decimal",
    Kind.PERCENT: "Decimal",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.DURATION: "timedelta",
}
_GIVEN: Final[Mapping[Kind, str]] = {
    **dict.fromkeys((Kind.COUNT,), "int | str"),
    **dict.fromkeys((Kind.DECIMAL, Kind.MONEY, Kind.PERCENT), "Decimal | int | str"),
    Kind.DATE: "date | str",
    Kind.DATETIME: "datetime | str",
    Kind.DURATION: "timedelta | str",
}
_HEAD: Final = '''\
"""Types of the orders of {name}: what `Kit.place` takes and what a kit gives.

Written by `orderkit types`; write it again when the fields change.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, cast

import orderkit

if TYPE_CHECKING:
    from orderkit.domain.order import Line as AnyLine

__all__ = ["Action", "Channel", "NewLine", "NewOrder", "Order", "Role", "State", "typed"]
'''
_TAIL: Final = '''

def typed(order: orderkit.Order) -> Order:
    """Tell a type checker that an order is one of this project.

    Args:
        order: What a kit gave.

    Returns:
        The same order.
    """
    return cast("Order", order)
'''


def types_module(project: Project) -> str:
    """Write the module.

    Args:
        project: The compiled project.

    Returns:
        Python source, the same for the same project.
    """
    flow = project.flows["order"]
    actions = dict.fromkeys(row.label for rows in flow.rows.values() for row in rows)
    parts = [_HEAD.format(name=project.name.replace('"', "'").replace("\\", "/"))]
    for alias, names in (
        ("State", flow.states),
        ("Action", actions),
        ("Role", project.vias),
        ("Channel", project.channels),
    ):
        parts.append(f"\n{alias}: TypeAlias = {_literal(names)}\n")
    records: dict[str, Type] = {}
    for spec in (*project.fields.order.values(), *project.fields.line.values()):
        kind = spec.type.of or spec.type
        if kind.kind is Kind.RECORD:
            records[kind.name] = kind
    for name, kind in records.items():
        parts.append(f"\n\nclass {_class(name)}(TypedDict, total=False):\n")
        parts += [f"    {key}: {_python(one, given=False)} | None\n" for key, one in kind.fields.items()]
    parts.append(_given("NewLine", _LINE, project.fields.line))
    parts.append(_given("NewOrder", _ORDER, project.fields.order))
    parts.append("\n\nif TYPE_CHECKING:\n")
    parts.append(_view("Line", "AnyLine", project.fields.line, ()))
    parts.append("\n" + _view("Order", "orderkit.Order", project.fields.order, ("lines: tuple[Line, ...]",)))
    parts.append("\nelse:\n    Order = orderkit.Order\n")
    return "".join(parts) + _TAIL


_LINE: Final = (
    ("sku", "str", True), ("name", "str", False), ("category", "str", False),
    ("quantity", "int | str", False), ("price", "Decimal | int | str", False),
)  # fmt: skip
_ORDER: Final = (
    ("lines", "list[NewLine]", True), ("number", "str", False), ("channel", "str", False),
    ("external_number", "str", False), ("placed_at", "datetime | str", False), ("currency", "str", False),
    ("customer", "str | dict[str, Any]", False), ("coupons", "list[str]", False), ("points", "int", False),
    ("shipping", "Decimal | int | str", False), ("tags", "list[str]", False), ("note", "str", False),
)  # fmt: skip


def _literal(names: Iterable[str]) -> str:
    listed = ", ".join(repr(name) for name in names)
    return f"Literal[{listed}]" if listed else "str"


def _class(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}Record"


def _python(kind: Type, *, given: bool) -> str:
    if kind.kind is Kind.LIST and kind.of is not None:
        return f"list[{_python(kind.of, given=given)}]"
    if kind.kind is Kind.CHOICE:
        return _literal(kind.values)
    if kind.kind is Kind.RECORD:
        return _class(kind.name)
    known = _GIVEN if given and kind.kind in _GIVEN else _PYTHON
    return known.get(kind.kind, "str")


def _given(name: str, standard: Iterable[tuple[str, str, bool]], own: Mapping[str, FieldSpec]) -> str:
    asked = [(key, kind, needed) for key, kind, needed in standard]
    for spec in own.values():
        if spec.formula is None:
            needed = spec.required and spec.default is None and not spec.default_now
            asked.append((spec.name, _python(spec.type, given=True), needed))
    must = "".join(f"    {key}: {kind}\n" for key, kind, needed in asked if needed)
    may = "".join(f"    {key}: {kind} | None\n" for key, kind, needed in asked if not needed)
    return f"\n\nclass _Needed{name}(TypedDict):\n{must}\n\nclass {name}(_Needed{name}, total=False):\n{may}"


def _view(name: str, base: str, own: Mapping[str, FieldSpec], more: Iterable[str]) -> str:
    rows = [f"        {one}\n" for one in more]
    for spec in own.values():
        sure = spec.formula is None and (spec.required or spec.default is not None or spec.default_now)
        kind = _python(spec.type, given=False)
        rows.append(f"        {spec.name}: {kind}{'' if sure else ' | None'}\n")
    # Without it every misspelt name would be taken for a field that only the project knows.
    closed = "        __getattr__: None  # type: ignore\n"
    return f"\n    class {name}({base}):\n{closed}" + "".join(rows)
