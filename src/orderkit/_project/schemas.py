"""JSON Schemas made from the definitions, so that editors and the loader cannot disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema

from orderkit._calendars.definition import CalendarDefinition
from orderkit._cases.definition import CaseDefinition
from orderkit._channels.definition import ChannelDefinition, GatewayDefinition
from orderkit._effects.definition import EffectDeclaration, TemplateDefinition
from orderkit._fields.definition import FieldDefinition, ProjectDefinition, TableDefinition
from orderkit._fields.models import order_model
from orderkit._flows.definition import FlowDefinition
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._project.examples import key_examples
from orderkit._reports.definition import DashboardDefinition, MetricDefinition, ReportDefinition
from orderkit._rules.definition import RuleDefinition
from orderkit._text.definition import Definition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.json_schema import JsonSchemaMode, JsonSchemaValue
    from pydantic_core import core_schema

    from orderkit._fields.engine import FieldProgram

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""The version of JSON Schema that editors read best."""
WHOLE: Final = "orderkit"
"""Name of the schema for a file with any sections."""
_ONE: Final[dict[str, type[Definition]]] = {"project": ProjectDefinition, "pricing": PricingDefinition}
_MANY: Final[dict[str, type[Definition]]] = {
    "fields": FieldDefinition,
    "tables": TableDefinition,
    "templates": TemplateDefinition,
    "calendars": CalendarDefinition,
    "channels": ChannelDefinition,
    "gateways": GatewayDefinition,
    "promotions": PromotionDefinition,
    "flows": FlowDefinition,
    "effects": EffectDeclaration,
    "rules": RuleDefinition,
    "metrics": MetricDefinition,
    "reports": ReportDefinition,
    "dashboards": DashboardDefinition,
    "cases": CaseDefinition,
}
_TOLD: Final[dict[str, str]] = {
    "project": "The project: name, currency, zone, roles, variables. One in each project",
    "fields": "What an order and a line know beside the standard fields",
    "tables": "Reference data: files of the project, or rows the host looks up",
    "templates": "Texts of messages",
    "calendars": "Days and hours that count as working time",
    "channels": "Where orders come from, and how each becomes the one order model",
    "gateways": "Statements to reconcile with",
    "pricing": "How prices are made: stages, sets, fee, tax",
    "promotions": "What is taken off, for whom, when, with which limits",
    "flows": "The life cycle: states, actions, parts, timers",
    "effects": "Effects that the host adds",
    "rules": "What happens by itself",
    "metrics": "Figures with their grain, time and filter",
    "reports": "Tables of metrics, and analyses",
    "dashboards": "Figures and reports on one page",
    "cases": "What analysts test",
}
_ABSENT: Final[tuple[Any, ...]] = (None, "", False, 0, [], {}, ())


class EditorSchema(GenerateJsonSchema):
    """Writes what editors show well: no titles, an enumeration instead of a union, examples for every key."""

    schema_dialect = DIALECT

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the generator's interface
        """Leave titles out: an editor shows them as noise above the description."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Take an empty value where a key is optional, without a second branch in every message."""
        inner = self.generate_inner(schema["schema"])
        return _empty_too(inner)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Name a default only where it says something."""
        made = super().default_schema(schema)
        if "default" in made and made["default"] in _ABSENT:
            made.pop("default")
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe one definition: its short forms are types beside the mapping, not branches."""
        made = super().model_schema(schema)
        made.pop("title", None)
        model = schema["cls"]
        if not (isinstance(model, type) and issubclass(model, Definition)):
            return made
        kinds = ["object", *model.shorts]
        if not made.get("required"):
            kinds.append("null")
        made["type"] = kinds if len(kinds) > 1 else "object"
        given = key_examples(model.__name__)
        for key, told in made.get("properties", {}).items():
            if key in given:
                told["examples"] = list(given[key])
        return made


def _empty_too(schema: JsonSchemaValue) -> JsonSchemaValue:
    kind = schema.get("type")
    if "enum" in schema or "$ref" in schema or kind is None:
        return schema
    kinds = kind if isinstance(kind, list) else [kind]
    return {**schema, "type": [*kinds, *(["null"] if "null" not in kinds else [])]}


def _schema_of(model: type[Definition], mode: JsonSchemaMode = "validation") -> dict[str, Any]:
    """Give one definition's schema; one of several kinds is an enumeration with a branch for each."""
    made = model.model_json_schema(by_alias=True, schema_generator=EditorSchema, mode=mode)
    if not model.variants:
        return made
    shared = made.pop("$defs", {})
    shared[model.__name__] = made
    branches = []
    for word, kind in model.variants.items():
        one = kind.model_json_schema(by_alias=True, schema_generator=EditorSchema, mode=mode)
        shared |= one.pop("$defs", {})
        shared[kind.__name__] = one
        named = {"properties": {model.tag: {"const": word}}, "required": [model.tag]}
        branches.append({"if": named, "then": {"$ref": f"#/$defs/{kind.__name__}"}})
    plain = {"not": {"required": [model.tag]}}
    branches.append({"if": plain, "then": {"$ref": f"#/$defs/{model.__name__}"}})
    tag = {"enum": list(model.variants), "description": "The kind; a table of metrics without it"}
    return {"type": "object", "properties": {model.tag: tag}, "allOf": branches, "$defs": shared}


def section_schemas() -> dict[str, Any]:
    """Give one JSON Schema for each section of the language, and one for a file with any of them.

    Returns:
        Schemas by section; `orderkit` is the one for whole files.
    """
    made: dict[str, Any] = {}
    for name, model in _ONE.items():
        made[name] = {"$schema": DIALECT, **_schema_of(model), "description": _TOLD[name]}
    for name, model in _MANY.items():
        one = _schema_of(model)
        shared = one.pop("$defs", {})
        members: dict[str, Any] = {"type": ["object", "null"], "additionalProperties": one}
        if name == "fields":
            members = {
                "type": ["object", "null"],
                "properties": {
                    "order": {**members, "description": "Fields of an order"},
                    "line": {**members, "description": "Fields of a line"},
                },
                "additionalProperties": members,
            }
        made[name] = {"$schema": DIALECT, **members, "description": _TOLD[name]}
        if shared:
            made[name]["$defs"] = shared
    made[WHOLE] = whole_schema(made)
    return made


def whole_schema(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Join the sections' schemas to the one of a file that may hold any of them.

    Args:
        sections: Schemas by section.

    Returns:
        One schema.
    """
    shared: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for name in _TOLD:
        one = {key: value for key, value in sections[name].items() if key != "$schema"}
        shared |= one.pop("$defs", {})
        properties[name] = one
    return {
        "$schema": DIALECT,
        "description": "A file of an orderkit project",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
        "$defs": shared,
    }


def schemas(fields: FieldProgram) -> dict[str, Any]:
    """Give the schemas of the sections and of the project's own order.

    Args:
        fields: The project's order model.

    Returns:
        Schemas by name; `order` is what `Kit.place` takes.
    """
    return {**section_schemas(), "order": order_model(fields).model_json_schema()}
