"""Compiles the sections of a project in order: vocabulary, fields, pricing, flows, rules, reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orderkit._calendars.compiler import compile_calendars
from orderkit._calendars.definition import CalendarDefinition
from orderkit._cases.compiler import compile_cases
from orderkit._cases.definition import CaseDefinition
from orderkit._cases.known import Known
from orderkit._channels.compiler import compile_channels
from orderkit._channels.definition import GatewayDefinition
from orderkit._channels.gateways import check_gateways
from orderkit._diagnostics import NOWHERE, Collector
from orderkit._diagnostics.suggest import closest
from orderkit._effects.compiler import compile_templates
from orderkit._effects.definition import EffectDeclaration, TemplateDefinition
from orderkit._expr.types import UNKNOWN, choice
from orderkit._fields.compiler import compile_fields
from orderkit._fields.definition import FieldDefinition, TableDefinition
from orderkit._fields.engine import LINE_FIELDS, ORDER_FIELDS
from orderkit._flows.compiler import admit_broken, declare_flow, read_flows
from orderkit._flows.definition import FlowDefinition
from orderkit._pricing.compiler import compile_pricing
from orderkit._pricing.definition import PricingDefinition, PromotionDefinition
from orderkit._pricing.lint import lint_promotions
from orderkit._pricing.references import Surroundings, check_references
from orderkit._pricing.sets import GoodsSets
from orderkit._project.files import Files, join
from orderkit._project.listening import Listener
from orderkit._project.project import Project
from orderkit._project.section_reader import SectionReader
from orderkit._project.unrun import unrun
from orderkit._reports.analyses import check_dashboards
from orderkit._reports.compiler import compile_reports
from orderkit._reports.definition import DashboardDefinition, MetricDefinition, ReportDefinition
from orderkit._rules.compiler import compile_rules
from orderkit._rules.definition import RuleDefinition
from orderkit._text import MapNode, ScalarNode
from orderkit._text.definition import validate
from orderkit._text.salvage import salvage
from orderkit._vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._fields.engine import FieldProgram
    from orderkit._pricing.program import PricingProgram
    from orderkit._vocabulary import Vocabulary


def compile_project(
    files: Files, env: str, found: Collector, rebuild: Callable[[Files, str], Project]
) -> Project | None:
    """Compile a project from its texts.

    Args:
        files: Its texts.
        env: Name of an overlay, or an empty text.
        found: Takes every mistake.
        rebuild: Compiles the same texts again, for processes that receive a pickled project.

    Returns:
        The project, as far as it has no mistakes; None where it has no `project:` section.
    """
    made = SectionReader(files, join(files, env, found), found)
    if isinstance(found, Listener):
        found.sections = made.sections
    project = made.project()
    if project is None:
        return None
    vocabulary = made.vocabulary(project)
    if isinstance(found, Listener):
        found.vocabulary = vocabulary
    made.doubt(vocabulary)
    flows = read_flows(made.sections.members("flows"), vocabulary, found)
    if "order" not in flows and not made.sections.named.get("flows", {}).get("order"):
        flows = {**flows, **_plain_flow()}
    for name, flow in flows.items():
        declare_flow(name, flow, vocabulary, found)
        admit_broken(name, flow, made.sections.named.get("flows", {}).get(name), vocabulary)
    _unused_flows(flows, found)
    compile_calendars(made.each(CalendarDefinition, "calendars"), vocabulary, found)
    vocabulary.admit("calendar", made.places("calendars"))
    templates = made.each(TemplateDefinition, "templates")
    for name, template in templates.items():
        vocabulary.declare("template", name, template.span, found)
    vocabulary.admit("template", made.places("templates"))
    fields = _fields(made, flows, vocabulary)
    filled = compile_templates(templates, vocabulary, found)
    declared = made.each(EffectDeclaration, "effects")
    vocabulary.admit("effect", made.places("effects"))
    pricing = _pricing(made, fields, vocabulary)
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
    channels = made.channels()
    gateways = made.each(GatewayDefinition, "gateways")
    check_gateways(gateways, vocabulary, found)
    metrics, reports = made.each(MetricDefinition, "metrics"), made.each(ReportDefinition, "reports")
    broken = made.places("metrics").items()
    vocabulary.admit("metric", {name: place for name, place in broken if name not in metrics})
    cases = made.each(CaseDefinition, "cases")
    if not made.legible:
        channels, metrics, reports, cases = {}, {}, {}, {}
    states = tuple(vocabulary.of("state:order"))
    figures = compile_reports(metrics, reports, fields=fields, vocabulary=vocabulary, found=found)
    check_dashboards(made.each(DashboardDefinition, "dashboards"), vocabulary, found)
    known = Known(fields, _needs(flows), parts)
    whole = Project(
        name=project.name,
        hash=files.digest(env),
        locale=project.locale,
        fields=fields,
        pricing=pricing,
        flows=programs,
        rules=compile_rules(rules, parts, filled, declared, timers, vocabulary, found),
        channels=compile_channels(channels, fields=fields, states=states, vocabulary=vocabulary, found=found),
        reports=figures,
        cases=compile_cases(cases, known=known, vocabulary=vocabulary, found=found),
        templates=filled,
        vias=vocabulary.vias,
        variables=vocabulary.variables,
        diagnostics=(),
        unrun={},
        files=files,
        env=env,
        rebuild=rebuild,
    )
    needs = {name: [ref.text for ref in getattr(one, "metrics", ())] for name, one in reports.items()}
    return replace(whole, unrun=unrun(made.sections, found.diagnostics, needs))


def _pricing(made: SectionReader, fields: FieldProgram, vocabulary: Vocabulary) -> PricingProgram:
    node = made.sections.single.get("pricing")
    found = made.found
    promotions = made.each(PromotionDefinition, "promotions")
    section = salvage(PricingDefinition, node, found) if node is not None else None
    pricing = compile_pricing(
        section,
        {} if made.sections.missing("pricing") else promotions,
        currency=vocabulary.currency,
        zone=vocabulary.zone,
        scope=vocabulary.scope(customer=vocabulary.customer),
        customer_fields=vocabulary.customer.fields,
        found=found,
        files=made.price_files(promotions),
    )
    products = fields.tables["products"].rows if "products" in fields.tables else {}
    sets = getattr(section, "goods", {})
    lint_promotions(promotions, sets, products, vocabulary.currency, found)
    columns = fields.tables["products"].fields if "products" in fields.tables else None
    around = Surroundings(
        products,
        None if columns is None else {name: spec.type for name, spec in columns.items()},
        made.files.texts,
        GoodsSets(sets, vocabulary.currency, found).compile,
    )
    check_references(section, promotions, [stage.name for stage in pricing.stages], around, found)
    return pricing


def _fields(made: SectionReader, flows: dict[str, FlowDefinition], vocabulary: Vocabulary) -> FieldProgram:
    tables = made.read(TableDefinition, "tables")
    for name, table in tables.items():
        vocabulary.declare("table", name, table.span, made.found)
    kinds = tuple(flows["order"].parts) if "order" in flows else ()
    records = made.records(kinds)
    order = made.read(FieldDefinition, "fields.order")
    line = made.read(FieldDefinition, "fields.line")
    program = compile_fields(
        order,
        line,
        tables,
        made.rows(tables),
        tuple(vocabulary.of("state:order")),
        kinds,
        vocabulary,
        made.found,
        records,
    )
    _unused(records, made, program, (*order.values(), *line.values()))
    if "order" in flows:
        known = program.order_type.fields
        for status, rows in flows["order"].status.items():
            if isinstance(known, dict) and status not in known:
                known[status] = choice(*dict.fromkeys(row.is_ for row in rows), name=f"order.{status}")
    for name, spec in program.order.items():
        vocabulary.declare("field", name, spec.span, made.found)
    places = made.places("fields.order")
    broken = {name for name, kind in program.order_type.fields.items() if kind == UNKNOWN}
    vocabulary.admit("field", {name: place for name, place in places.items() if name in broken})
    return program


_TABLES: Final = ("products", "customers")
"""Tables that mean something by their name."""


def _unused(
    records: dict[str, dict[str, FieldDefinition]],
    made: SectionReader,
    program: FieldProgram,
    definitions: tuple[FieldDefinition, ...],
) -> None:
    """Warn of records and tables that nothing reads, and of standard fields misspelt: slips of one side."""
    kinds = [spec.type for spec in (*program.order.values(), *program.line.values())]
    used = {kind.of.name if kind.of is not None else kind.name for kind in kinds}
    for name in records:
        if name not in used:
            made.found.add("OK350", made.sections.groups[name], name=name)
    read = {one.type.text for one in definitions if isinstance(one.type, ScalarNode)} | set(_TABLES)
    for name, table in program.tables.items():
        if name not in read:
            meant = nearest(name, [one for one in _TABLES if one not in program.tables])
            made.found.add("OK351", table.span, suggestion=meant, name=name)
    for own, standard in ((program.order, ORDER_FIELDS), (program.line, LINE_FIELDS)):
        letters = [sorted(one) for one in standard]
        for name, spec in own.items():
            meant = closest(name, standard) if sorted(name) in letters else ""
            if meant and sorted(meant) == sorted(name):
                made.found.add("OK352", spec.span, suggestion=meant, name=name, standard=meant)


def _unused_flows(flows: dict[str, FlowDefinition], found: Collector) -> None:
    """Warn of a flow that neither orders nor parts go through: its name is probably misspelt."""
    used = {"order", *(part.flow.text for flow in flows.values() for part in flow.parts.values())}
    for name, flow in flows.items():
        if name not in used:
            meant = nearest(name, [one for one in used if one not in flows] or ["order"])
            found.add("OK613", flow.span, suggestion=meant, name=name)


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

    def word(text: str) -> ScalarNode:
        return ScalarNode(text, NOWHERE)

    states = MapNode(((word("placed"), MapNode(((word("end"), word("done")),), NOWHERE)),), NOWHERE)
    node = MapNode(((word("starts"), word("placed")), (word("states"), states)), NOWHERE)
    flow = validate(FlowDefinition, node, Collector())
    return {"order": flow} if flow is not None else {}
