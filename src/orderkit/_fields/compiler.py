"""From what analysts wrote under `fields:` and `tables:` to the order model that runs."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import NOWHERE
from orderkit._expr import types
from orderkit._expr.template import compile_template
from orderkit._fields import converters
from orderkit._fields.engine import (
    LINE_FIELDS,
    ORDER_FIELDS,
    FieldProgram,
    FieldSpec,
    Numbering,
)
from orderkit._fields.record_types import line_types, order_types, part_types
from orderkit._fields.spec_maker import SpecMaker
from orderkit._fields.tables import compile_table
from orderkit._text.nodes import ScalarNode
from orderkit._text.values import Source, kind_of
from orderkit.domain.records import ColumnSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Type
    from orderkit._fields.definition import FieldDefinition, TableDefinition
    from orderkit._text.table import Table
    from orderkit._vocabulary import Vocabulary

_COLUMNS: Final[Mapping[types.Kind, str]] = {
    types.Kind.TEXT: "text",
    types.Kind.CHOICE: "text",
    types.Kind.COUNT: "integer",
    types.Kind.DECIMAL: "decimal",
    types.Kind.PERCENT: "decimal",
    types.Kind.MONEY: "money",
    types.Kind.BOOLEAN: "boolean",
    types.Kind.DATE: "date",
    types.Kind.DATETIME: "datetime",
}
_STANDARD: Final[Mapping[str, str]] = {
    "placed_at": "datetime",
    "points": "integer",
    "shipping": "money",
    "quantity": "integer",
    "price": "money",
}
_SERIAL: Final = re.compile(r"\{serial(?::0?(\d{1,2}))?\}$")
_NUMBER: Final = "SO{now:%Y%m%d}{serial:06}"
_RESERVED: Final = frozenset(
    [
        "id",
        "state",
        "version",
        "subtotal",
        "discount",
        "tax",
        "total",
        "paid",
        "refunded",
        "balance",
        "assigned",
        "project",
        "held",
        "shown",
        "paid_at",
        "shipped_at",
        "done_at",
        "canceled_at",
        "payments",
        "parts",
        "events",
        "claims",
        "fired",
        "list",
        "net",
        "shares",
        "adjustments",
        "promotions",
        "epoch",
        "entered_at",
    ]
)


def compile_need(
    name: str, definition: FieldDefinition, vocabulary: Vocabulary, found: Collector
) -> FieldSpec | None:
    """Compile one argument of an action or effect, which is written like a field.

    Args:
        name: Its name.
        definition: As written.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        The field, or None where it has a mistake.
    """
    return SpecMaker(vocabulary, {}, found).spec(name, definition)


def compile_fields(
    order: Mapping[str, FieldDefinition],
    line: Mapping[str, FieldDefinition],
    tables: Mapping[str, TableDefinition],
    rows: Mapping[str, Table],
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    vocabulary: Vocabulary,
    found: Collector,
    records: Mapping[str, Mapping[str, FieldDefinition]],
) -> FieldProgram:
    """Compile the order model and tell the vocabulary what expressions may read of an order.

    Args:
        order: `fields.order` as written.
        line: `fields.line` as written.
        tables: `tables` as written.
        rows: Rows of the tables that name a file.
        states: All states of the flow of orders.
        kinds: Kinds of parts an order may have.
        vocabulary: The project's names; its record types are filled here.
        found: Takes the mistakes.
        records: Records that fields may have as their type, by name.

    Returns:
        The model, as far as it has no mistakes.
    """
    maker = SpecMaker(vocabulary, tables, found, records=records)
    programs = {name: compile_table(maker, name, table, rows.get(name)) for name, table in tables.items()}
    line_fields = line_types()
    order_fields = order_types(vocabulary, states, programs)
    vocabulary.line = types.record("line", line_fields)
    order_fields["lines"] = types.list_of(vocabulary.line)
    vocabulary.order = types.record("order", order_fields)
    part_state = types.TEXT
    for kind in kinds:
        vocabulary.parts[kind] = types.record(kind, part_types(part_state))
        order_fields[f"{kind}s"] = types.list_of(vocabulary.parts[kind])
    order_specs = _own(maker, order, ORDER_FIELDS, order_fields, None)
    line_specs = _own(maker, line, LINE_FIELDS, line_fields, vocabulary.line)
    specs = [("order", one) for one in order_specs.values()] + [("line", one) for one in line_specs.values()]
    columns = [
        ColumnSpec(owner, one.name, _COLUMNS[one.type.kind])
        for owner, one in specs
        if one.type.kind in _COLUMNS
    ]
    return FieldProgram(
        currency=vocabulary.currency,
        zone=vocabulary.zone,
        order=order_specs,
        line=line_specs,
        tables=programs,
        numbering=_numbering(order.get("number"), vocabulary.zone, found),
        moment=converters.moment_reader(vocabulary.zone),
        order_type=vocabulary.order,
        line_type=vocabulary.line,
        columns=tuple(columns),
        standard_order=_tightened(maker, order, ORDER_FIELDS, None),
        standard_line=_tightened(maker, line, LINE_FIELDS, vocabulary.line),
    )


def _tightened(
    maker: SpecMaker, definitions: Mapping[str, FieldDefinition], standard: tuple[str, ...], line: Type | None
) -> dict[str, FieldSpec]:
    """Compile what a project says of standard fields: labels, limits, privacy, checks."""
    specs: dict[str, FieldSpec] = {}
    for name, definition in definitions.items():
        if name not in standard:
            continue
        if definition.formula is not None:
            en, zh = f"at the standard field `{name}`", f"写在标准字段“{name}”上"
            maker.found.add("OK437", definition.key_span("formula"), where_en=en, where_zh=zh)
            continue
        if definition.default is not None and name not in ("number", "placed_at"):
            maker.found.add("OK206", definition.key_span("default"), key="default")
        usual = ScalarNode(_STANDARD.get(name, "text"), definition.span)
        spec = maker.outline(name, definition.model_copy(update={"type": usual, "default": None}))
        scope = maker.vocabulary.scope() if line is None else maker.vocabulary.scope(line=line)
        whole = None if spec is None else maker.complete(spec, definition, scope)
        if whole is not None:
            specs[name] = whole
    return specs


def _own(
    maker: SpecMaker,
    definitions: Mapping[str, FieldDefinition],
    standard: tuple[str, ...],
    known: dict[str, Type],
    line: Type | None,
) -> dict[str, FieldSpec]:
    outlines: dict[str, FieldSpec] = {}
    for name, definition in definitions.items():
        if not _usable(name, definition, standard, maker.found):
            continue
        spec = maker.outline(name, definition)
        if spec is None:
            known[name] = types.UNKNOWN
            continue
        outlines[name] = spec
        given = spec.required or spec.default is not None or spec.default_now
        sure = definition.formula is None and given
        known[name] = spec.type if sure else types.optional(spec.type)
    specs: dict[str, FieldSpec] = {}
    owner = "order" if line is None else "line"
    scope = maker.vocabulary.scope() if line is None else maker.vocabulary.scope(line=line)
    for name, spec in outlines.items():
        whole = maker.complete(spec, definitions[name], scope)
        if whole is None:
            known[name] = types.UNKNOWN
        else:
            specs[name] = whole
    _circles(specs, owner, maker.found)
    return specs


def _circles(specs: Mapping[str, FieldSpec], owner: str, found: Collector) -> None:
    """Find formulas that are made of each other: none of them could be computed first."""
    reads = {
        name: [other for other in specs if f"{owner}.{other}" in spec.formula.paths and specs[other].formula]
        for name, spec in specs.items()
        if spec.formula is not None
    }
    told: set[str] = set()
    for start in reads:
        chain, here = [start], start
        while reads.get(here) and here not in told:
            here = reads[here][0]
            if here in chain:
                circle = chain[chain.index(here) :]
                if not told.intersection(circle):
                    found.add("OK444", specs[here].span, chain=" -> ".join([*circle, here]))
                told.update(circle)
                break
            chain.append(here)


def _usable(name: str, definition: FieldDefinition, standard: tuple[str, ...], found: Collector) -> bool:
    if name in standard:
        if definition.type is not None and not (name == "customer" or _is_text(definition, name)):
            found.add("OK303", definition.value_span("type"), name=name)
        return False
    if name in _RESERVED:
        found.add("OK318", definition.span, name=name)
        return False
    if not name.isidentifier() or iskeyword(name):
        found.add("OK328", definition.span, name=name)
        return False
    if definition.unique:
        found.add("OK206", definition.key_span("unique"), key="unique")
    if definition.formula is not None and (definition.default is not None or definition.required):
        other = "default" if definition.default is not None else "required"
        en, zh = f"beside `{other}`", f"与 {other} 同时使用"
        found.add("OK437", definition.key_span("formula"), where_en=en, where_zh=zh)
    return True


def _is_text(definition: FieldDefinition, name: str) -> bool:
    own = _STANDARD.get(name, "text")
    return isinstance(definition.type, ScalarNode) and definition.type.text == own


def _numbering(definition: FieldDefinition | None, zone: ZoneInfo, found: Collector) -> Numbering:
    node = definition.default if definition is not None else None
    if node is not None and not isinstance(node, ScalarNode):
        found.add("OK203", node.span, **kind_of(node))
    written = node if isinstance(node, ScalarNode) else None
    text = written.text if written is not None else _NUMBER
    serial = _SERIAL.search(text)
    width = int(serial[1] or 1) if serial else 0
    prefix = text[: serial.start()] if serial else text
    source = Source(prefix, written.span if written else NOWHERE, written.style if written else "")
    template = compile_template(source, {"now": types.DATETIME}, found, now_zone=zone)
    if template is None:
        template = compile_template(Source("SO", NOWHERE, ""), {}, found)
    if template is None:
        message = "a text without holes always compiles"
        raise AssertionError(message)
    return Numbering(template, width)
