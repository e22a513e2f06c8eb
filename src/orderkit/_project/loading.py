"""Loads a project: files, nodes, definitions, vocabulary, programs; every mistake of every file at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from orderkit._cases.compiler import compile_cases
from orderkit._cases.definition import CaseDefinition
from orderkit._cases.known import Known
from orderkit._channels.compiler import compile_channels
from orderkit._channels.definition import ChannelDefinition
from orderkit._diagnostics import NOWHERE, Collector, Diagnostic
from orderkit._effects.compiler import compile_templates
from orderkit._effects.definition import EffectDeclaration, TemplateDefinition
from orderkit._expr.types import UNKNOWN
from orderkit._fields.compiler import compile_fields
from orderkit._fields.definition import FieldDefinition, ProjectDefinition, TableDefinition
from orderkit._fields.record_types import check_variables, variable
from orderkit._flows.compiler import admit_broken, compile_flow, declare_flow, read_flows
from orderkit._flows.definition import FlowDefinition
from orderkit._pricing.compiler import compile_pricing
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._pricing.lint import lint_promotions
from orderkit._project.currencies import CURRENCIES, SPOKEN
from orderkit._project.files import Files, Sections, gather, join
from orderkit._project.project import Project
from orderkit._reports.compiler import compile_reports
from orderkit._reports.definition import MetricDefinition, ReportDefinition
from orderkit._rules.compiler import compile_rules
from orderkit._rules.definition import RuleDefinition
from orderkit._text import ScalarNode
from orderkit._text.definition import validate, validate_each
from orderkit._text.salvage import salvage
from orderkit._text.table import read_table
from orderkit._vocabulary import Vocabulary
from orderkit.domain.calendar import parse_duration
from orderkit.errors import ConfigError

if TYPE_CHECKING:
    from orderkit._diagnostics import Span
    from orderkit._fields.engine import FieldProgram
    from orderkit._flows.program import FlowProgram
    from orderkit._text import Node
    from orderkit._text.definition import Definition
    from orderkit._text.table import Table


def load(path: str | Path, *, env: str = "") -> Project:
    """Check and compile a project.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        env: Name of an overlay `env/NAME.yaml` to lay over it, or an empty text.

    Returns:
        The project, ready to run.

    Raises:
        ConfigError: It has mistakes; the error holds every one of every file.
        FileNotFoundError: There is no project at the path.
    """
    files = gather(Path(path))
    _overlaid(files, env)
    return build(files, env)


def check(path: str | Path, *, env: str = "") -> tuple[Diagnostic, ...]:
    """Find the mistakes of a project without raising.

    Args:
        path: Folder with `orderkit.yaml`, or one YAML file.
        env: Name of an overlay, or an empty text.

    Returns:
        Errors, warnings and hints by file, line and column.

    Raises:
        FileNotFoundError: There is no project at the path.
    """
    found = Collector()
    files = gather(Path(path))
    _overlaid(files, env)
    _compile(files, env, found)
    return _sourced(found, files)


def _overlaid(files: Files, env: str) -> None:
    if env and f"env/{env}.yaml" not in files.texts:
        there = [name[4:-5] for name in files.texts if name.startswith("env/")]
        message = f"{files.root} has no env/{env}.yaml; overlays: {', '.join(there) or 'none'}"
        raise FileNotFoundError(message)


def build(files: Files, env: str) -> Project:
    """Compile a project from texts that were read already.

    Args:
        files: Its texts.
        env: Name of an overlay, or an empty text.

    Returns:
        The project.

    Raises:
        ConfigError: It has mistakes.
    """
    found = Collector()
    project = _compile(files, env, found)
    if project is None or found.failed:
        texts = {name: data.decode("utf-8", "replace") for name, data in files.texts.items()}
        raise ConfigError(_sourced(found, files), texts)
    return replace(project, diagnostics=_sourced(found, files))


def _sourced(found: Collector, files: Files) -> tuple[Diagnostic, ...]:
    lines: dict[str, list[str]] = {}
    marked = []
    for one in found.diagnostics:
        if one.file not in lines:
            lines[one.file] = files.texts.get(one.file, b"").decode("utf-8", "replace").splitlines()
        text = lines[one.file]
        marked.append(replace(one, source=text[one.line - 1]) if 0 < one.line <= len(text) else one)
    return tuple(marked)


_DECLARES: Final = {
    "flows": ("flow", "part", "state:order", "action:order"),
    "fields.order": ("field",),
    "templates": ("template",),
    "tables": ("table",),
    "promotions": ("promotion",),
}
_USUAL: Final = {"name": "-", "currency": "CNY", "timezone": "UTC"}


def _usual(node: Node, key: str) -> Node | None:
    return ScalarNode(_USUAL[key], node.span) if key in _USUAL else None


class _Compilation:
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

    def places(self, section: str) -> dict[str, Span]:
        node = self.sections.members(section)
        return {} if node is None else {key.text: key.span for key, _ in node.entries}

    def doubt(self, vocabulary: Vocabulary) -> None:
        """Take no name for unknown that a file may declare which cannot be read."""
        if self.sections.whole:
            return
        for section, kinds in _DECLARES.items():
            if section not in self.sections.named:
                vocabulary.open |= set(kinds)

    @property
    def legible(self) -> bool:
        """Whether what reports, channels and cases rest on is there."""
        return self.sections.whole or {"flows", "fields.order"} <= set(self.sections.named)

    def project(self) -> ProjectDefinition | None:
        node = self.sections.single.get("project")
        if node is None:
            if not self.found.failed:
                self.found.add("OK314", NOWHERE)
            return None
        return salvage(ProjectDefinition, node, self.found, fill=_usual)

    def vocabulary(self, project: ProjectDefinition) -> Vocabulary:
        try:
            zone = ZoneInfo(project.timezone)
        except (ValueError, KeyError, OSError):
            self.found.add("OK309", project.value_span("timezone"), value=project.timezone)
            zone = ZoneInfo("UTC")
        currency = project.currency
        place = project.value_span("currency")
        meant = SPOKEN.get(currency.upper(), "")
        if meant:
            self.found.add("OK347", place, suggestion=meant, value=currency)
        elif not (len(currency) == 3 and currency.isascii() and currency.isupper()):  # noqa: PLR2004 - ISO 4217
            self.found.add("OK310", place, value=currency)
        elif currency not in CURRENCIES:
            self.found.add("OK348", place, value=currency)
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
                self.found.add("OK880", span, name=table.file)
            else:
                read = read_table(self.files.texts[table.file], table.file, self.found)
                if read is not None:
                    found[name] = read
        return found

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


def _compile(files: Files, env: str, found: Collector) -> Project | None:
    made = _Compilation(files, join(files, env, found), found)
    project = made.project()
    if project is None:
        return None
    vocabulary = made.vocabulary(project)
    made.doubt(vocabulary)
    flows = read_flows(made.sections.members("flows"), vocabulary, found)
    if "order" not in flows:
        missing = not made.sections.named.get("flows", {}).get("order")
        if missing:
            flows = {**flows, **_plain_flow()}
    for name, flow in flows.items():
        declare_flow(name, flow, vocabulary, found)
        admit_broken(name, flow, made.sections.named.get("flows", {}).get(name), vocabulary)
    templates = made.each(TemplateDefinition, "templates")
    for name, template in templates.items():
        vocabulary.declare("template", name, template.span, found)
    vocabulary.admit("template", made.places("templates"))
    fields = _fields(made, flows, vocabulary)
    filled = compile_templates(templates, vocabulary, found)
    declared = made.each(EffectDeclaration, "effects")
    node = made.sections.single.get("pricing")
    promotions = made.each(PromotionDefinition, "promotions")
    section = salvage(PricingDefinition, node, found) if node is not None else None
    pricing = compile_pricing(
        section,
        promotions if node is not None or made.sections.whole else {},
        currency=vocabulary.currency,
        zone=vocabulary.zone,
        scope=vocabulary.scope(customer=vocabulary.customer),
        customer_fields=vocabulary.customer.fields,
        found=found,
    )
    products = fields.tables["products"].rows if "products" in fields.tables else {}
    sets = getattr(section, "goods", {})
    lint_promotions(promotions, sets, products, vocabulary.currency, found)
    for promotion in pricing.promotions:
        if promotion.name:
            vocabulary.declare("promotion", promotion.name, promotion.span, found)
    vocabulary.admit("promotion", made.places("promotions"))
    programs = made.flows(flows, vocabulary, filled, declared)
    parts = {"": "order"}
    if "order" in flows:
        parts |= {kind: part.flow.text for kind, part in flows["order"].parts.items()}
    timers = {
        (state.name, timer.fire): timer.span
        for program in programs.values()
        for state in program.states.values()
        for timer in state.timers
    }
    rules = made.each(RuleDefinition, "rules")
    channels = made.each(ChannelDefinition, "channels")
    metrics, reports = made.each(MetricDefinition, "metrics"), made.each(ReportDefinition, "reports")
    cases = made.each(CaseDefinition, "cases")
    if not made.legible:
        channels, metrics, reports, cases = {}, {}, {}, {}
    states = tuple(vocabulary.of("state:order"))
    return Project(
        name=project.name,
        hash=files.digest(env),
        locale=project.locale,
        fields=fields,
        pricing=pricing,
        flows=programs,
        rules=compile_rules(rules, parts, filled, declared, timers, vocabulary, found),
        channels=compile_channels(channels, fields=fields, states=states, vocabulary=vocabulary, found=found),
        reports=compile_reports(metrics, reports, fields=fields, vocabulary=vocabulary, found=found),
        cases=compile_cases(cases, known=Known(fields, _needs(flows)), vocabulary=vocabulary, found=found),
        templates=filled,
        vias=vocabulary.vias,
        variables=vocabulary.variables,
        diagnostics=(),
        files=files,
        env=env,
        rebuild=build,
    )


def _fields(made: _Compilation, flows: dict[str, FlowDefinition], vocabulary: Vocabulary) -> FieldProgram:
    tables = made.read(TableDefinition, "tables")
    for name, table in tables.items():
        vocabulary.declare("table", name, table.span, made.found)
    program = compile_fields(
        made.read(FieldDefinition, "fields.order"),
        made.read(FieldDefinition, "fields.line"),
        tables,
        made.rows(tables),
        tuple(vocabulary.of("state:order")),
        tuple(flows["order"].parts) if "order" in flows else (),
        vocabulary,
        made.found,
    )
    for name, spec in program.order.items():
        vocabulary.declare("field", name, spec.span, made.found)
    places = made.places("fields.order")
    broken = {name for name, kind in program.order_type.fields.items() if kind == UNKNOWN}
    vocabulary.admit("field", {name: place for name, place in places.items() if name in broken})
    return program


def _needs(flows: dict[str, FlowDefinition]) -> dict[str, frozenset[str]]:
    """Gather what each action takes; actions of one name in several flows take what any of them does."""
    made: dict[str, frozenset[str]] = {}
    for flow in flows.values():
        for action, one in flow.actions.items():
            made[action] = made.get(action, frozenset()) | frozenset(one.needs)
            if one.answers is not None:
                asked = one.answers.text
                made[asked] = made.get(asked, frozenset()) | frozenset(one.needs)
                if asked in flow.actions:
                    made[action] |= frozenset(flow.actions[asked].needs)
    return made


def _plain_flow() -> dict[str, FlowDefinition]:
    """Give orders of a project without `flows:` one state, so that everything else works."""
    from orderkit._text import MapNode

    def word(text: str) -> ScalarNode:
        return ScalarNode(text, NOWHERE)

    states = MapNode(((word("placed"), MapNode(((word("end"), word("done")),), NOWHERE)),), NOWHERE)
    node = MapNode(((word("starts"), word("placed")), (word("states"), states)), NOWHERE)
    flow = validate(FlowDefinition, node, Collector())
    return {"order": flow} if flow is not None else {}
