"""Makes one field ready to run: its type, its reader, its limits, its default, its formula."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as attribute
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import Problem
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._fields import converters
from orderkit._fields.contacts import to_email, to_phone, to_url
from orderkit._fields.converters import BadValue
from orderkit._fields.definition import FieldDefinition, is_now
from orderkit._fields.engine import FieldCheck, FieldSpec
from orderkit._fields.patterns import BadPattern, Pattern, compiled
from orderkit._fields.spelling import WANTED, meant
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._diagnostics import Collector
    from orderkit._expr.compiler import Program
    from orderkit._expr.types import Type
    from orderkit._fields.definition import TableDefinition
    from orderkit._text.values import Source
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


@dataclass(frozen=True, slots=True)
class SpecMaker:
    """Makes field specs against one vocabulary."""

    vocabulary: Vocabulary
    tables: Mapping[str, TableDefinition]
    found: Collector
    finer: bool = False
    """Whether amounts may be finer than the currency, as unit prices of tables are."""
    records: Mapping[str, Mapping[str, FieldDefinition]] = attribute(default_factory=dict)
    """Records of the project by name, with their fields."""

    def simple(self, name: str) -> tuple[Type, Callable[[Any], Any]] | None:
        kind = _SIMPLE.get(name)
        if kind is None:
            return None
        readers: dict[str, Callable[[Any], Any]] = {
            "text": converters.to_text,
            "address": converters.to_text,
            "integer": converters.to_integer,
            "decimal": converters.to_decimal,
            "money": (converters.price_reader if self.finer else converters.money_reader)(
                self.vocabulary.currency
            ),
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
            inner = inner or self.record(node.items[0].text)
            if inner is not None:
                return types.list_of(inner[0]), converters.list_reader(inner[1])
            node = node.items[0]
        if node is not None and not isinstance(node, ScalarNode):
            self.found.add("OK203", node.span, **kind_of(node))
            return None
        name = node.text if node is not None else "text"
        span = node.span if node is not None else definition.span
        made = self.record(name)
        if made is not None:
            return made
        if name == "choice":
            allowed = _allowed(definition.of)
            if not allowed:
                self.found.add("OK428", definition.key_span("type"))
                return None
            return types.choice(*allowed), converters.choice_reader(allowed)
        if name in self.tables:
            return types.TEXT, converters.to_identity
        made = self.simple(name)
        if made is None:
            known = [*_SIMPLE, "choice", *self.tables, *self.records]
            self.found.add(
                "OK304", span, suggestion=types_close(name, known), name=name, known=", ".join(known)
            )
        return made

    def spec(self, name: str, definition: FieldDefinition) -> FieldSpec | None:
        """Make a field of what has no order around it: a table, a record, an argument of an action."""
        if definition.checks:
            self.found.add("OK438", definition.key_span("checks"))
        if not isinstance(definition.required, bool):
            self.found.add("OK210", definition.required.span, value=definition.required.text)
        return self.outline(name, definition)

    def outline(self, name: str, definition: FieldDefinition) -> FieldSpec | None:
        """Make a field without its expressions, which may read fields that are not made yet."""
        made = self.typed(definition)
        if made is None:
            return None
        kind, convert = made
        for role in definition.see:
            self.vocabulary.require("role", role.text, role.span, self.found)
        bound = converters.to_integer if kind.kind in types.TEXTS else convert
        spec = FieldSpec(
            name=name,
            label=definition.label or name,
            type=kind,
            convert=convert,
            required=definition.required is True,
            private=definition.private,
            see=tuple(role.text for role in definition.see),
            unique=definition.unique,
            span=definition.span,
            default_now=is_now(definition.default) and kind in (types.DATETIME, types.DATE),
            least=self.limit(definition, "min", bound),
            most=self.limit(definition, "max", bound),
            match=self.pattern(definition),
        )
        if spec.least is not None and spec.most is not None and spec.least > spec.most:
            span = definition.value_span("min")
            self.found.add("OK443", span, least=definition.min, most=definition.max)
        default = None if spec.default_now else self.default(definition, spec)
        return spec if default is None else replace(spec, default=default)

    def complete(
        self, spec: FieldSpec, definition: FieldDefinition, scope: Mapping[str, Type]
    ) -> FieldSpec | None:
        """Compile the expressions of a field; none where its formula has a mistake."""
        required_if, checks = self.required_if(definition, scope), self.checks(definition, scope)
        if required_if is not None or checks:
            spec = replace(spec, required_if=required_if, checks=checks)
        if definition.formula is None:
            return spec
        program = compile_expression(
            definition.formula,
            scope,
            self.found,
            expects=types.optional(spec.type),
            now_zone=self.vocabulary.zone,
        )
        return None if program is None else replace(spec, formula=program)

    def record(self, name: str) -> tuple[Type, Callable[[Any], Any]] | None:
        """Make the type of a record of the project; none where there is no such record."""
        members = self.records.get(name)
        if members is None:
            return None
        inner = replace(self, records={})
        specs = {key: inner.spec(key, one) for key, one in members.items()}
        good = {key: spec for key, spec in specs.items() if spec is not None}
        kinds = {key: spec.type if spec.required else types.optional(spec.type) for key, spec in good.items()}
        return types.record(name, kinds), record_reader(good)

    def required_if(self, definition: FieldDefinition, scope: Mapping[str, Type]) -> Program | None:
        condition = definition.required
        return None if isinstance(condition, bool) else self.condition(condition, scope)

    def checks(self, definition: FieldDefinition, scope: Mapping[str, Type]) -> tuple[FieldCheck, ...]:
        made = [(self.condition(one.that, scope), one) for one in definition.checks]
        return tuple(FieldCheck(that, one.say, one.span) for that, one in made if that is not None)

    def condition(self, written: Source, scope: Mapping[str, Type]) -> Program | None:
        return compile_expression(
            written, scope, self.found, expects=types.BOOLEAN, now_zone=self.vocabulary.zone
        )

    def limit(self, definition: FieldDefinition, key: str, convert: Callable[[Any], Any]) -> Any:
        written = getattr(definition, key)
        if written is None:
            return None
        try:
            return convert(written)
        except BadValue as bad:
            self.found.add(bad.code, definition.value_span(key), value=written, **bad.params)
            return None

    def pattern(self, definition: FieldDefinition) -> Pattern | None:
        if definition.match is None:
            return None
        try:
            return compiled(definition.match)
        except BadPattern as bad:
            where = definition.value_span("match")
            self.found.add(bad.code, where, value=definition.match, said=bad.said, said_zh=bad.said_zh)
            return None

    def default(self, definition: FieldDefinition, spec: FieldSpec) -> Any:
        node = definition.default
        if node is None:
            return None
        if isinstance(node, MapNode):
            self.found.add("OK203", node.span, **kind_of(node))
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
            self.found.add("OK432", node.span, value=str(raw), said=said.text(), said_zh=said.text("zh"))
            return None


def record_reader(specs: Mapping[str, FieldSpec]) -> Callable[[Any], dict[str, Any]]:
    """Make the reader of a record.

    Args:
        specs: Its fields.

    Returns:
        From a mapping to a mapping of typed values, absent ones None; it raises `BadValue`.
    """

    def read(raw: Any) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise BadValue("OK450", **WANTED["mapping"])
        unknown = next((name for name in raw if name not in specs), None)
        if unknown is not None:
            raise BadValue("OK472", field=unknown, **meant(unknown, specs))
        values: dict[str, Any] = {}
        for name, spec in specs.items():
            given = raw.get(name)
            if converters.absent(given):
                if spec.required and spec.default is None:
                    raise BadValue("OK467", field=name)
                values[name] = spec.default
            else:
                values[name] = spec.read(given)
        return values

    return read


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
