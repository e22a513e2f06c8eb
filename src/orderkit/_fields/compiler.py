"""From what analysts wrote under `fields:` and `tables:` to the order model that runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import NOWHERE, Problem
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.template import compile_template
from orderkit._fields import converters
from orderkit._fields.contacts import to_email, to_phone, to_url
from orderkit._fields.converters import BadValue
from orderkit._fields.definition import FieldDefinition, is_now
from orderkit._fields.engine import (
    LINE_FIELDS,
    ORDER_FIELDS,
    FieldProgram,
    FieldSpec,
    Numbering,
    TableProgram,
)
from orderkit._fields.record_types import line_types, order_types, part_types
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import Source
from orderkit.domain.records import ColumnSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Type
    from orderkit._fields.definition import TableDefinition
    from orderkit._text.table import Row
    from orderkit._vocabulary import Vocabulary

_SIMPLE: Final[Mapping[str, Type]] = {
    "text": types.TEXT,
    "integer": types.COUNT,
    "decimal": types.DECIMAL,
    "money": types.MONEY,
    "percent": types.PERCENT,
    "boolean": types.BOOLEAN,
    "date": types.DATE,
    "datetime": types.DATETIME,
    "duration": types.DURATION,
    "phone": types.TEXT,
    "email": types.TEXT,
    "url": types.TEXT,
    "address": types.TEXT,
}
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


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes field specs against one vocabulary."""

    vocabulary: Vocabulary
    tables: Mapping[str, TableDefinition]
    found: Collector

    def simple(self, name: str) -> tuple[Type, Callable[[Any], Any]] | None:
        kind = _SIMPLE.get(name)
        if kind is None:
            return None
        readers: dict[str, Callable[[Any], Any]] = {
            "text": converters.to_text,
            "address": converters.to_text,
            "integer": converters.to_integer,
            "decimal": converters.to_decimal,
            "money": converters.price_reader(self.vocabulary.currency),
            "percent": converters.to_percent,
            "boolean": converters.to_boolean,
            "date": converters.to_date,
            "datetime": converters.moment_reader(self.vocabulary.zone),
            "duration": converters.to_duration,
            "phone": to_phone,
            "email": to_email,
            "url": to_url,
        }
        return kind, readers[name]

    def typed(self, definition: FieldDefinition) -> tuple[Type, Callable[[Any], Any]] | None:
        node = definition.type
        if isinstance(node, ListNode) and len(node.items) == 1 and isinstance(node.items[0], ScalarNode):
            inner = self.simple(node.items[0].text)
            if inner is not None:
                return types.list_of(inner[0]), converters.list_reader(inner[1])
            node = node.items[0]
        name = node.text if isinstance(node, ScalarNode) else "text"
        span = node.span if node is not None else definition.span
        if name == "choice":
            allowed = _allowed(definition.of)
            if not allowed:
                self.found.add("OK408", definition.key_span("type"))
                return None
            return types.choice(*allowed), converters.choice_reader(allowed)
        if name in self.tables:
            return types.TEXT, converters.to_identity
        made = self.simple(name)
        if made is None:
            known = [*_SIMPLE, "choice", *self.tables]
            self.found.add(
                "OK404", span, suggestion=types_close(name, known), name=name, known=", ".join(known)
            )
        return made

    def spec(
        self, name: str, definition: FieldDefinition, scope: Mapping[str, Type] | None
    ) -> FieldSpec | None:
        made = self.typed(definition)
        if made is None:
            return None
        kind, convert = made
        for role in definition.see:
            self.vocabulary.require("role", role.text, role.span, self.found)
        spec = FieldSpec(
            name=name,
            label=definition.label or name,
            type=kind,
            convert=convert,
            required=definition.required,
            private=definition.private,
            see=tuple(role.text for role in definition.see),
            unique=definition.unique,
            span=definition.span,
            default_now=is_now(definition.default) and kind in (types.DATETIME, types.DATE),
        )
        spec = replace(
            spec,
            least=self.limit(definition, "min", convert),
            most=self.limit(
                definition, "max", converters.to_integer if kind.kind in types.TEXTS else convert
            ),
            match=self.pattern(definition),
        )
        spec = replace(spec, default=None if spec.default_now else self.default(definition, spec))
        if definition.formula is not None and scope is not None:
            program = compile_expression(
                definition.formula,
                scope,
                self.found,
                expects=types.optional(kind),
                now_zone=self.vocabulary.zone,
            )
            return None if program is None else replace(spec, formula=program)
        return spec

    def limit(self, definition: FieldDefinition, key: str, convert: Callable[[Any], Any]) -> Any:
        written = getattr(definition, key)
        if written is None:
            return None
        try:
            return convert(written)
        except BadValue as bad:
            self.found.add(bad.code, definition.value_span(key), value=written, **bad.params)
            return None

    def pattern(self, definition: FieldDefinition) -> re.Pattern[str] | None:
        if definition.match is None:
            return None
        try:
            return re.compile(definition.match)
        except re.error as error:
            self.found.add("OK413", definition.value_span("match"), value=definition.match, said=error)
            return None

    def default(self, definition: FieldDefinition, spec: FieldSpec) -> Any:
        node = definition.default
        if node is None:
            return None
        raw: Any = (
            [one.text for one in node.items if isinstance(one, ScalarNode)]
            if isinstance(node, ListNode)
            else getattr(node, "text", None)
        )
        try:
            return spec.read(raw)
        except BadValue as bad:
            said = Problem(bad.code, spec.name, str(raw), bad.params)
            self.found.add("OK412", node.span, value=str(raw), said=said.text())
            return None


def types_close(name: str, known: list[str]) -> str:
    """Guess the type that was meant.

    Args:
        name: As written.
        known: All types.

    Returns:
        The closest one, or an empty text.
    """
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.5)), "")


def _allowed(node: Node | None) -> dict[str, str]:
    if isinstance(node, MapNode):
        return {
            key.text: value.text if isinstance(value, ScalarNode) else key.text for key, value in node.entries
        }
    if isinstance(node, ListNode):
        return {one.text: one.text for one in node.items if isinstance(one, ScalarNode)}
    return {}


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
    return _Maker(vocabulary, {}, found).spec(name, definition, None)


def compile_fields(
    order: Mapping[str, FieldDefinition],
    line: Mapping[str, FieldDefinition],
    tables: Mapping[str, TableDefinition],
    rows: Mapping[str, list[Row]],
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    vocabulary: Vocabulary,
    found: Collector,
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

    Returns:
        The model, as far as it has no mistakes.
    """
    maker = _Maker(vocabulary, tables, found)
    programs = {name: _table(maker, name, table, rows.get(name, [])) for name, table in tables.items()}
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
        numbering=_numbering(order.get("number"), found),
        moment=converters.moment_reader(vocabulary.zone),
        order_type=vocabulary.order,
        line_type=vocabulary.line,
        columns=tuple(columns),
    )


def _own(
    maker: _Maker,
    definitions: Mapping[str, FieldDefinition],
    standard: tuple[str, ...],
    known: dict[str, Type],
    line: Type | None,
) -> dict[str, FieldSpec]:
    specs: dict[str, FieldSpec] = {}
    for name, definition in definitions.items():
        if name in standard:
            continue
        if name in _RESERVED:
            maker.found.add("OK418", definition.span, name=name)
            continue
        scope = maker.vocabulary.scope() if line is None else maker.vocabulary.scope(line=line)
        spec = maker.spec(name, definition, scope)
        if spec is None:
            known[name] = types.UNKNOWN
            continue
        specs[name] = spec
        sure = spec.formula is None and (spec.required or spec.default is not None or spec.default_now)
        known[name] = spec.type if sure else types.optional(spec.type)
    return specs


def _table(maker: _Maker, name: str, table: TableDefinition, rows: list[Row]) -> TableProgram:
    specs = {
        column: spec
        for column, definition in table.fields.items()
        if (spec := maker.spec(column, definition, None)) is not None
    }
    if not table.host and table.file is None:
        maker.found.add("OK415", table.span)
    program = TableProgram(name, table.key, specs, {}, table.host, table.span)
    known: dict[str, Mapping[str, Any]] = {}
    lines: dict[str, int] = {}
    place = table.value_span("file")
    for row in rows:
        key = row.values.get(table.key, "")
        if key in known:
            maker.found.add("OK416", place, file=table.file, name=key, first=lines[key], line=row.line)
            continue
        try:
            known[key] = program.read(row.values)
            lines[key] = row.line
        except BadValue as bad:
            column, value = _culprit(program, row.values)
            said = Problem(bad.code, column, value, bad.params).text()
            maker.found.add("OK407", place, file=table.file, line=row.line, column=column, said=said)
    return replace(program, rows=known)


def _culprit(program: TableProgram, values: Mapping[str, str]) -> tuple[str, str]:
    for name, spec in program.fields.items():
        raw = values.get(name, "")
        try:
            if not converters.absent(raw):
                spec.read(raw)
        except BadValue:
            return name, raw
    return program.key, values.get(program.key, "")


def _numbering(definition: FieldDefinition | None, found: Collector) -> Numbering:
    node = definition.default if definition is not None else None
    written = node if isinstance(node, ScalarNode) else None
    text = written.text if written is not None else _NUMBER
    serial = _SERIAL.search(text)
    width = int(serial[1] or 1) if serial else 0
    prefix = text[: serial.start()] if serial else text
    source = Source(prefix, written.span if written else NOWHERE, written.style if written else "")
    template = compile_template(source, {"now": types.DATETIME}, found)
    if template is None:
        template = compile_template(Source("SO", NOWHERE, ""), {}, found)
    if template is None:
        message = "a text without holes always compiles"
        raise AssertionError(message)
    return Numbering(template, width)
