"""Pydantic models of a project's own order, made from the same program that places it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from orderkit._expr.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._expr.types import Type
    from orderkit._fields.engine import FieldProgram, FieldSpec

_PYTHON: Final[dict[Kind, Any]] = {
    Kind.TEXT: str,
    Kind.BOOLEAN: bool,
    Kind.COUNT: int,
    Kind.DECIMAL: Decimal,
    Kind.MONEY: Decimal,
    Kind.PERCENT: Decimal,
    Kind.DATE: date,
    Kind.DATETIME: datetime,
    Kind.DURATION: timedelta,
}


def order_model(program: FieldProgram) -> type[BaseModel]:
    """Make the model of what `Kit.place` takes, for hosts that validate, type or document with it.

    Args:
        program: The compiled order model.

    Returns:
        A pydantic model class named `Order`; unknown keys are refused.
    """
    line: Any = _model(
        "Line",
        program.line,
        {
            "sku": (str, Field(description="Stock keeping unit")),
            "name": (str | None, None),
            "category": (str | None, None),
            "quantity": (int, Field(1, ge=1, description="Whole units")),
            "price": (Decimal | None, Field(None, ge=0, description="List price of one unit, major units")),
        },
    )
    return _model(
        "Order",
        program.order,
        {
            "number": (str | None, None),
            "channel": (str | None, None),
            "external_number": (str | None, None),
            "placed_at": (datetime | None, None),
            "currency": (str | None, None),
            "customer": (str | dict[str, Any] | None, None),
            "lines": (list[line], Field(min_length=1)),
            "coupons": (list[str], Field(default_factory=list)),
            "points": (int, 0),
            "shipping": (Decimal | None, None),
            "tags": (list[str], Field(default_factory=list)),
            "note": (str, ""),
        },
    )


def _model(name: str, specs: Mapping[str, FieldSpec], fields: dict[str, Any]) -> type[BaseModel]:
    own = {one.name: _field(one) for one in specs.values() if one.formula is None}
    made: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields, **own)
    return made


def _field(spec: FieldSpec) -> Any:
    python = _python(spec.type)
    limits: dict[str, Any] = {"description": spec.label}
    if spec.match is not None:
        limits["pattern"] = f"^(?:{spec.match.text})$"
    if spec.most is not None:
        limits["max_length" if python is str else "le"] = spec.most
    if spec.least is not None:
        limits["ge"] = spec.least
    if spec.required and spec.default is None and not spec.default_now:
        return (python, Field(**limits))
    return (python | None, Field(spec.default, **limits))


def _python(kind: Type) -> Any:
    if kind.kind is Kind.LIST and kind.of is not None:
        return list[_python(kind.of)]  # type: ignore[misc] # a type made at run time
    if kind.kind is Kind.CHOICE:
        return Literal[kind.values]
    return _PYTHON.get(kind.kind, str)
