"""Reads the sections of a project as definitions, and takes its first names into the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from orderkit._channels.definition import ChannelDefinition
from orderkit._diagnostics import NOWHERE, Collector
from orderkit._diagnostics.suggest import closest, closest_zone
from orderkit._fields.definition import FieldDefinition, ProjectDefinition, TableDefinition
from orderkit._fields.record_types import check_variables, variable
from orderkit._flows.compiler import compile_flow
from orderkit._project.currencies import CURRENCIES, SPOKEN
from orderkit._project.files import GROUPS, Files, Sections
from orderkit._text import MapNode, ScalarNode
from orderkit._text.definition import validate, validate_each
from orderkit._text.salvage import salvage
from orderkit._text.table import read_table
from orderkit._vocabulary import Vocabulary
from orderkit.domain.calendar import parse_duration

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from orderkit._diagnostics import Span
    from orderkit._flows.definition import FlowDefinition
    from orderkit._flows.program import FlowProgram
    from orderkit._pricing.definition import PromotionDefinition
    from orderkit._text import Node
    from orderkit._text.definition import Definition
    from orderkit._text.table import Table


_DECLARES: Final = {
    "flows": ("flow", "part", "state:order", "action:order"),
    "fields.order": ("field",),
    "templates": ("template",),
    "tables": ("table",),
    "promotions": ("promotion",),
    "effects": ("effect",),
    "metrics": ("metric",),
    "calendars": ("calendar",),
    "project": ("role",),
}
_USUAL: Final = {"name": "-", "currency": "CNY", "timezone": "UTC"}


def _usual(node: Node, key: str) -> Node | None:
    return ScalarNode(_USUAL[key], node.span) if key in _USUAL else None


class SectionReader:
    """The stages of one load; each reads what the ones before it made."""

    def __init__(self, files: Files, sections: Sections, found: Collector) -> None:
        self.files, self.sections, self.found = files, sections, found

    def each(self, model: type[Any], section: str) -> dict[str, Any]:
        made: dict[str, Definition] = validate_each(model, self.sections.members(section), self.found)
        return made

    def read(self, model: type[Any], section: str) -> dict[str, Any]:
        """Read a section whose broken members others refer to: what is wrong in them is left out."""
        node = self.sections.members(section)
        entries = () if node is None else node.entries
        read = {key.text: salvage(model, one, self.found) for key, one in entries}
        return {name: one for name, one in read.items() if one is not None}

    def channels(self) -> dict[str, ChannelDefinition]:
        """Read the channels; one that extends a ready channel may leave out what that one says."""
        node = self.sections.members("channels")
        made: dict[str, ChannelDefinition] = {}
        for key, one in () if node is None else node.entries:
            own = Collector()
            read = validate(ChannelDefinition, one, own)
            extends = isinstance(one, MapNode) and one.get("use") is not None
            self.found.extend(each for each in own.diagnostics if not (extends and each.code == "OK205"))
            if read is not None and not extends:
                made[key.text] = read
        return made

    def records(self, kinds: Collection[str]) -> dict[str, dict[str, FieldDefinition]]:
        """Read the groups under `fields:` that are neither orders nor lines: records, and data of parts."""
        made: dict[str, dict[str, FieldDefinition]] = {}
        for group, span in self.sections.groups.items():
            if group in GROUPS:
                continue
            members = self.read(FieldDefinition, f"fields.{group}")
            if group in kinds:
                self.found.add("OK206", span, key=f"fields.{group}")
            else:
                made[group] = members
        return made

    def places(self, section: str) -> dict[str, Span]:
        node = self.sections.members(section)
        return {} if node is None else {key.text: key.span for key, _ in node.entries}

    def doubt(self, vocabulary: Vocabulary) -> None:
        """Take no name for unknown that a file may declare which cannot be read."""
        for section, kinds in _DECLARES.items():
            if self.sections.missing(section):
                vocabulary.open |= set(kinds)

    @property
    def legible(self) -> bool:
        """Whether what reports, channels and cases rest on is there."""
        return not any(map(self.sections.missing, ("flows", "fields.order")))

    def project(self) -> ProjectDefinition | None:
        node = self.sections.single.get("project")
        if node is None:
            if not self.sections.missing("project"):
                self.found.add("OK314", NOWHERE)
                return None
            node = MapNode((), NOWHERE)
            return salvage(ProjectDefinition, node, Collector(), fill=_usual)
        return salvage(ProjectDefinition, node, self.found, fill=_usual)

    def vocabulary(self, project: ProjectDefinition) -> Vocabulary:
        try:
            zone = ZoneInfo(project.timezone)
        except (ValueError, KeyError, OSError):
            place, meant = project.value_span("timezone"), closest_zone(project.timezone)
            self.found.add("OK309", place, suggestion=meant, value=project.timezone)
            zone = ZoneInfo("UTC")
        currency = project.currency
        place = project.value_span("currency")
        meant = SPOKEN.get(currency.upper(), "")
        if meant:
            self.found.add("OK347", place, suggestion=meant, value=currency)
        elif not (len(currency) == 3 and currency.isascii() and currency.isupper()):  # noqa: PLR2004 - ISO 4217
            self.found.add("OK310", place, suggestion=closest(currency, CURRENCIES), value=currency)
        elif currency not in CURRENCIES:
            self.found.add("OK348", place, suggestion=closest(currency, CURRENCIES), value=currency)
        if project.language != 1:
            self.found.add("OK311", project.value_span("language"), value=project.language)
        check_variables(project.vars, self.found)
        read = {name: variable(node) for name, node in project.vars.items()}
        durations = {
            name: duration
            for name, node in project.vars.items()
            if isinstance(node, ScalarNode) and (duration := parse_duration(node.text)) is not None
        }
        vocabulary = Vocabulary(
            currency=currency,
            zone=zone,
            variables={name: value for name, (value, _) in read.items()},
            variable_types={name: kind for name, (_, kind) in read.items()},
            durations=durations,
            vias={name: role.via for name, role in project.roles.items()},
        )
        for name, role in project.roles.items():
            vocabulary.declare("role", name, role.span, self.found)
        return vocabulary

    def rows(self, tables: dict[str, TableDefinition]) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for name, table in tables.items():
            if table.file is None:
                continue
            span = table.value_span("file")
            if table.file.startswith("/") or ".." in table.file.split("/"):
                self.found.add("OK881", span, name=table.file)
            elif table.file not in self.files.texts:
                near = closest(table.file, [one for one in self.files.texts if one.endswith(".csv")])
                self.found.add("OK880", span, suggestion=near, name=table.file)
            else:
                read = read_table(self.files.texts[table.file], table.file, self.found)
                if read is not None:
                    found[name] = read
        return found

    def price_files(self, promotions: Mapping[str, PromotionDefinition]) -> dict[str, Table]:
        """Read the price files that promotions name; a file that is not there is told elsewhere."""
        names = dict.fromkeys(
            one.price_file.value for one in promotions.values() if one.price_file is not None
        )
        read = {
            name: read_table(self.files.texts[name], name, self.found)
            for name in names
            if name in self.files.texts
        }
        return {name: table for name, table in read.items() if table is not None}

    def flows(
        self, flows: dict[str, FlowDefinition], vocabulary: Vocabulary, templates: Any, declared: Any
    ) -> dict[str, FlowProgram]:
        kinds = (
            {part.flow.text: kind for kind, part in flows["order"].parts.items()} if "order" in flows else {}
        )
        return {
            name: compile_flow(name, flow, kinds.get(name, ""), templates, declared, vocabulary, self.found)
            for name, flow in flows.items()
        }
