"""The schema of one project's own files: where a name is asked for, an editor offers those it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orderkit._fields.engine import LINE_FIELDS, ORDER_FIELDS
from orderkit._project.schemas import WHOLE, section_schemas
from orderkit._vocabulary import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._project.project import Project

_ROLES: Final = ("role", "system", "customer", "anyone")
ASKED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "FieldDefinition": {"see": ("role",)},
    "TimerDefinition": {"fire": ("action",)},
    "EditDefinition": {"by": _ROLES, "fields": ("field",)},
    "StateDefinition": {"auto": ("action",), "assign": ("role",), "starts": ("state",)},
    "StartDefinition": {"to": ("state",)},
    "ChoiceDefinition": {"from": ("state",), "to": ("state", "any", "back")},
    "ActionDefinition": {
        "to": ("state", "any", "back"), "by": _ROLES, "answers": ("action",), "not_who": ("action",),
    },
    "PartDefinition": {"flow": ("flow",)},
    "HoldDefinition": {"blocks": ("action", "all"), "placed_by": _ROLES, "released_by": _ROLES},
    "WhenDefinition": {
        "event": ("event",), "enters": ("state",), "leaves": ("state",), "state": ("state",),
        "action": ("action",), "of": ("part",), "changed": ("field",),
    },
    "PromotionDefinition": {"stage": ("stage",), "channel": ("channel",), "not_with": ("stage", "promotion")},
    "ReportDefinition": {"metrics": ("metric",), "share": ("metric",), "by": ("dimension",)},
    "MetricDefinition": {"ratio": ("metric",), "cumulative": ("metric",), "conversion": ("event",)},
    "FunnelDefinition": {"steps": ("event",)},
    "PromotionEffectDefinition": {"promotion": ("promotion", "any")},
    "CardDefinition": {"kpi": ("metric",), "report": ("report",)},
    "StepDefinition": {"fire": ("action",), "as": _ROLES},
}  # fmt: skip
"""Keys that ask for a name: the kind it has to be of, and words that may stand there too."""
MAPPED: Final = {"OrderMapDefinition": ("field", "order"), "LineMapDefinition": ("line", "line")}
SECTION_MODELS: Final = {
    "rules": "RuleDefinition", "promotions": "PromotionDefinition", "metrics": "MetricDefinition",
    "flows": "FlowDefinition", "channels": "ChannelDefinition",
}  # fmt: skip
"""Definitions that stand in their section themselves."""


def own_schema(project: Project) -> dict[str, Any]:
    """Give the schema of a project's files, with its own names where names are asked for.

    Args:
        project: The project, without mistakes.

    Returns:
        The schema of a file with any sections.
    """
    names = _names(project)
    made: dict[str, Any] = section_schemas()[WHOLE]
    owners = {**made["$defs"], **_owners(made)}
    for owner, keys in ASKED.items():
        properties = owners.get(owner, {}).get("properties", {})
        for key, kinds in keys.items():
            if key in properties:
                allowed = [one for kind in kinds for one in names.get(kind, (kind,))]
                properties[key] = _enumerated(properties[key], list(dict.fromkeys(allowed)))
    for owner, (kind, of) in MAPPED.items():
        told = owners.get(owner, {}).get("properties", {}).get("map")
        if told is not None:
            every = told.get("additionalProperties", {})
            told["properties"] = {
                name: {**every, "description": _label(project, of, name)} for name in names[kind]
            }
    return made


def _owners(made: Mapping[str, Any]) -> dict[str, Any]:
    """Find the definitions that stand in a section themselves instead of being referred to."""
    found: dict[str, Any] = {}
    for section, model in SECTION_MODELS.items():
        members = made["properties"][section].get("additionalProperties")
        if isinstance(members, dict) and "properties" in members:
            found[model] = members
    return found


def _names(project: Project) -> dict[str, tuple[str, ...]]:
    flows = project.flows.values()
    parts = tuple(part for flow in flows for part in flow.parts)
    both: tuple[Iterable[str], ...] = (
        (state for flow in flows for state in flow.states),
        (row.label for flow in flows for rows in flow.rows.values() for row in rows),
    )
    states, actions = (tuple(dict.fromkeys(names)) for names in both)
    return {
        "role": tuple(project.vias),
        "state": states,
        "action": actions,
        "flow": tuple(project.flows),
        "part": parts,
        "event": (*EVENTS, *(f"{part}.{what}" for part in parts for what in ("opened", "ended"))),
        "field": (*ORDER_FIELDS, *project.fields.order),
        "line": (*LINE_FIELDS, *project.fields.line),
        "stage": tuple(stage.name for stage in project.pricing.stages),
        "promotion": tuple(one.name for one in project.pricing.promotions if one.name),
        "channel": tuple(project.channels),
        "metric": tuple(project.reports.metrics),
        "report": tuple(project.reports.reports),
        "dimension": tuple(project.reports.known),
    }


def _enumerated(told: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    one = {"enum": names}
    several = {"type": "array", "items": one}
    kept = {key: told[key] for key in ("description", "examples", "default") if key in told}
    if "anyOf" in told:
        return {**kept, "anyOf": [one, several]}
    return {**kept, **(several if "items" in told else one)}


def _label(project: Project, owner: str, name: str) -> str:
    spec = project.fields.spec(owner, name)
    return spec.label if spec is not None else name
