"""JSON Schemas made from the definitions, so that editors and the loader cannot disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._cases.definition import CaseDefinition
from orderkit._channels.definition import ChannelDefinition
from orderkit._effects.definition import EffectDeclaration, TemplateDefinition
from orderkit._fields.definition import FieldDefinition, ProjectDefinition, TableDefinition
from orderkit._fields.models import order_model
from orderkit._flows.definition import FlowDefinition
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._reports.definition import MetricDefinition, ReportDefinition
from orderkit._rules.definition import RuleDefinition

if TYPE_CHECKING:
    from orderkit._fields.engine import FieldProgram

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_ONE: Final[dict[str, Any]] = {"project": ProjectDefinition, "pricing": PricingDefinition}
_MANY: Final[dict[str, Any]] = {
    "fields": FieldDefinition,
    "tables": TableDefinition,
    "templates": TemplateDefinition,
    "channels": ChannelDefinition,
    "promotions": PromotionDefinition,
    "flows": FlowDefinition,
    "effects": EffectDeclaration,
    "rules": RuleDefinition,
    "metrics": MetricDefinition,
    "reports": ReportDefinition,
    "cases": CaseDefinition,
}


def section_schemas() -> dict[str, Any]:
    """Give one JSON Schema for each section of the language.

    Returns:
        Schemas by section.
    """
    made: dict[str, Any] = {}
    for name, model in _ONE.items():
        made[name] = {"$schema": _DIALECT, "title": name, **model.model_json_schema(by_alias=True)}
    for name, model in _MANY.items():
        one = model.model_json_schema(by_alias=True)
        definitions = one.pop("$defs", {})
        members: dict[str, Any] = {"type": "object", "additionalProperties": one}
        if name == "fields":
            members = {"type": "object", "additionalProperties": members}
        made[name] = {"$schema": _DIALECT, "title": name, **members}
        if definitions:
            made[name]["$defs"] = definitions
    return made


def schemas(fields: FieldProgram) -> dict[str, Any]:
    """Give the schemas of the sections and of the project's own order.

    Args:
        fields: The project's order model.

    Returns:
        Schemas by name; `order` is what `Kit.place` takes.
    """
    return {**section_schemas(), "order": order_model(fields).model_json_schema()}
