"""From channels as written to channels that run: every name checked against the order model and the files."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from orderkit._channels.cleaning import cell_reader
from orderkit._channels.examples import run_examples
from orderkit._channels.program import ChannelProgram, Check, Section, Skip
from orderkit._channels.targets import TargetMaker, line_aims, order_aims, plain, refund_aims
from orderkit._diagnostics import Collector
from orderkit._diagnostics.suggest import closest, closest_zone
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.functions import column_key
from orderkit._fields.engine import AMOUNTS
from orderkit._text.nodes import MapNode, ScalarNode
from orderkit._text.values import Source, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._channels.definition import (
        ChannelDefinition,
        CheckDefinition,
        LineMapDefinition,
        OrderMapDefinition,
        RefundMapDefinition,
        SkipDefinition,
    )
    from orderkit._channels.program import Target
    from orderkit._channels.targets import Aim
    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Scope, Type
    from orderkit._fields.engine import FieldProgram
    from orderkit._text.definition import Ref
    from orderkit._text.nodes import Node
    from orderkit._vocabulary import Vocabulary

_REPEATS: Final = ("same", "first", "sum")
_RUN: Final = frozenset({"total", "paid", "shipping"})
_SUMMED: Final = types.NUMBERS | {types.Kind.MONEY}


def compile_channels(
    definitions: Mapping[str, ChannelDefinition],
    *,
    fields: FieldProgram,
    states: tuple[str, ...],
    vocabulary: Vocabulary,
    found: Collector,
) -> dict[str, ChannelProgram]:
    """Compile the section `channels:` and run the examples of each.

    Args:
        definitions: As written, by name.
        fields: The order model.
        states: States of the flow of orders.
        vocabulary: The project's names.
        found: Takes the mistakes.

    Returns:
        Channels by name, as far as they have no mistakes.
    """
    made: dict[str, ChannelProgram] = {}
    for name, one in definitions.items():
        vocabulary.declare("channel", name, one.span, found)
        own = found.fresh()
        maker = _ChannelMaker(name, one, fields, states, vocabulary, own)
        program = maker.make()
        if not own.failed:
            made[name] = program
            run_examples(program, one.examples, maker.aims, own)
        found.extend(own.diagnostics)
    _signatures(definitions, found)
    return made


def _signatures(definitions: Mapping[str, ChannelDefinition], found: Collector) -> None:
    """Warn of files that cannot be told apart by their header."""
    first: dict[frozenset[str], str] = {}
    for name, one in definitions.items():
        for file, written in one.files.items():
            columns = frozenset(column_key(ref.text) for ref in written.has)
            whole = f"{name}.{file}"
            other = first.setdefault(columns, whole)
            if other != whole:
                found.add("OK820", written.span, name=whole, other=other)


@dataclass(slots=True)
class _ChannelMaker:
    name: str
    one: ChannelDefinition
    fields: FieldProgram
    states: tuple[str, ...]
    vocabulary: Vocabulary
    found: Collector
    zone: ZoneInfo = field(init=False)
    aims: dict[str, dict[str, Aim]] = field(init=False)
    columns: dict[str, tuple[str, ...]] = field(init=False)

    def make(self) -> ChannelProgram:
        one = self.one
        self.zone = self._zone()
        self.aims = {
            "order": order_aims(self.fields, self.states, self.zone),
            "lines": line_aims(self.fields, self.zone),
            "refunds": refund_aims(self.fields, self.zone),
        }
        files = {name: tuple(column_key(ref.text) for ref in file.has) for name, file in one.files.items()}
        home = self._source(one.order.from_, next(iter(files), ""))
        sources = {
            "order": home,
            "lines": self._source(one.lines.from_ if one.lines else None, home),
            "refunds": self._source(one.refunds.from_ if one.refunds else None, home),
        }
        self.columns = self._mentioned(files, sources)
        history = one.runs == "history" if one.runs else bool(files)
        order = self._order(one.order, home)
        lines = self._lines(one.lines, sources["lines"], home) if one.lines else None
        refunds = self._refunds(one.refunds, sources["refunds"]) if one.refunds else None
        self._whole(history=history)
        strip, none = (one.text.strip, one.text.none) if one.text else ((), ())
        return ChannelProgram(
            name=self.name,
            label=one.label or self.name,
            zone=self.zone,
            cell=cell_reader(strip, [node.text for node in none if isinstance(node, ScalarNode)]),
            files=files,
            columns=self.columns,
            order=order,
            lines=lines,
            refunds=refunds,
            skips=self._skips(one.skip, home),
            checks=self._checks(),
            history=history,
            unknown=one.unknown,
            repeat=one.repeat,
            trust=self._trust(),
            stop_above=one.rejects.stop_above if one.rejects else None,
            fingerprint=_fingerprint(one.node, self.fields.currency, str(self.zone)),
            span=one.span,
        )

    def _zone(self) -> ZoneInfo:
        if self.one.zone is None:
            return self.fields.zone
        try:
            return ZoneInfo(self.one.zone)
        except (ValueError, KeyError, OSError):
            self.found.add(
                "OK309",
                self.one.value_span("zone"),
                suggestion=closest_zone(self.one.zone),
                value=self.one.zone,
            )
            return self.fields.zone

    def _source(self, ref: Ref | None, default: str) -> str:
        if ref is None:
            return default
        files = self.one.files
        if files and ref.text not in files:
            guess = closest(ref.text, files)
            self.found.add("OK806", ref.span, suggestion=guess, name=ref.text, known=", ".join(files))
        return ref.text if files else column_key(ref.text)

    def _mentioned(
        self, files: Mapping[str, tuple[str, ...]], sources: Mapping[str, str]
    ) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        sections = {"order": self.one.order, "lines": self.one.lines, "refunds": self.one.refunds}
        for kind, section in sections.items():
            if section is None:
                continue
            known = found.setdefault(sources[kind], dict.fromkeys(files.get(sources[kind], ())))
            key = section.of if kind == "lines" else section.key  # type: ignore[union-attr] # by its kind
            if key is not None:
                known[column_key(key.text)] = None
            for value in section.map.values():
                known |= dict.fromkeys(column_key(ref.text) for ref in value.from_)
        return {source: tuple(columns) for source, columns in found.items()}

    def _scope(self, source: str) -> Scope:
        columns = self.columns.get(source, ())
        text = types.optional(types.TEXT)
        named = {name: text for name in columns if name.isidentifier()}
        return {**named, "$row": types.record("row", dict.fromkeys(columns, text))}

    def _maker(self, kind: str, source: str, owner: tuple[str, str]) -> TargetMaker:
        specs = {"order": self.fields.order, "lines": self.fields.line}.get(kind, {})
        formulas = frozenset(name for name, spec in specs.items() if spec.formula is not None)
        return TargetMaker(self.aims[kind], formulas, self._scope(source), self.zone, owner, self.found)

    def _order(self, one: OrderMapDefinition, source: str) -> Section:
        targets = self._maker("order", source, ("an order", "订单")).targets(one.map)
        columns = one.columns if one.columns is not None or not self.one.lines else self.one.lines.columns
        return Section(
            source, column_key(one.key.text), targets, self._repeats(columns, targets, "order"), span=one.span
        )

    def _lines(self, one: LineMapDefinition, source: str, home: str) -> Section:
        if self.one.files and source != home and one.of is None:
            self.found.add("OK807", one.span)
        targets = self._maker("lines", source, ("a line", "商品行")).targets(one.map)
        if "sku" not in one.map:
            self.found.add("OK808", one.span, owner="a line", owner_zh="商品行", name="sku")
        key = column_key(one.of.text) if one.of else ""
        return Section(source, key, targets, skips=self._skips(one.skip, source), span=one.span)

    def _refunds(self, one: RefundMapDefinition, source: str) -> Section:
        targets = self._maker("refunds", source, ("a refund", "退款")).targets(one.map)
        if "amount" not in one.map:
            self.found.add("OK808", one.span, owner="a refund", owner_zh="退款", name="amount")
        return Section(
            source,
            column_key(one.key.text),
            targets,
            self._repeats(one.columns, targets, "refunds"),
            condition=self._condition(one.if_, source),
            span=one.span,
        )

    def _condition(self, source: Source | None, file: str) -> Any:
        if source is None:
            return None
        return compile_expression(
            source, self._scope(file), self.found, expects=types.BOOLEAN, now_zone=self.zone
        )

    def _skips(self, written: tuple[SkipDefinition, ...], file: str) -> tuple[Skip, ...]:
        made = []
        for one in written:
            condition = self._condition(one.if_, file)
            if condition is not None:
                made.append(Skip(condition, one.say or one.if_.text, one.span))
        return tuple(made)

    def _repeats(self, node: Node | None, targets: tuple[Target, ...], kind: str) -> dict[str, str]:
        if node is None:
            return {}
        names = tuple(target.field for target in targets)
        if not isinstance(node, MapNode):
            word = node.text if isinstance(node, ScalarNode) else ""
            return {name: word for name in names if self._repeat(name, word, node, kind)}
        repeats: dict[str, str] = {}
        for key, value in node.entries:
            word = value.text if isinstance(value, ScalarNode) else ""
            if key.text not in names:
                guess = closest(key.text, names)
                self.found.add("OK809", key.span, suggestion=guess, name=key.text, known=", ".join(names))
            elif self._repeat(key.text, word, value, kind):
                repeats[key.text] = word
        return repeats

    def _repeat(self, name: str, word: str, node: Node, kind: str) -> bool:
        if word not in _REPEATS:
            self.found.add("OK215", place_of(node), suggestion=closest(word, _REPEATS), value=word,
                           allowed=", ".join(_REPEATS))  # fmt: skip
            return False
        if word == "sum" and self.aims[kind][name].type.kind not in _SUMMED:
            self.found.add("OK810", place_of(node), name=name)
            return False
        return True

    def _trust(self) -> frozenset[str]:
        mapped = [name for name in self.one.order.map if name in AMOUNTS]
        for ref in self.one.trust:
            if ref.text not in mapped:
                guess = closest(ref.text, mapped)
                known = ", ".join(mapped) or "-"
                self.found.add("OK811", ref.span, suggestion=guess, name=ref.text, known=known)
            elif ref.text not in _RUN:
                self.found.add("OK206", ref.span, key=f"trust: [{ref.text}]")
        return frozenset(ref.text for ref in self.one.trust)

    def _whole(self, *, history: bool) -> None:
        one, found = self.one, self.found
        trusted = {ref.text for ref in one.trust}
        # A misspelt `total` under `trust` is told where it stands.
        if one.lines is None and "total" not in trusted and trusted <= set(one.order.map):
            found.add("OK813", one.order.span)
        if history and "placed_at" not in one.order.map:
            found.add("OK814", one.order.span)
        for name, spec in self.fields.order.items():
            sure = spec.default is None and not spec.default_now and name not in one.order.map
            if spec.required and sure and not history:
                found.add("OK821", one.order.key_span("map"), name=name)
        if one.unknown == "keep":
            found.add("OK206", one.value_span("unknown"), key="unknown: keep")
        if not history:
            for name in ("refunds", "trust"):
                if getattr(one, name):
                    found.add("OK206", one.key_span(name), key=f"{name} + runs: live")

    def _checks(self) -> tuple[Check, ...]:
        made = (self._check(one, self._mapped()) for one in self.one.checks)
        return tuple(one for one in made if one is not None)

    def _mapped(self) -> Type:
        known = {name: aim.type for name, aim in self.aims["order"].items()}
        there = {name: types.optional(known[name]) for name in self.one.order.map if name in known}
        there |= dict.fromkeys(AMOUNTS, types.MONEY)
        lines = self.one.lines.map if self.one.lines else {}
        line = {name: aim.type for name, aim in self.aims["lines"].items() if name in lines}
        there["lines"] = types.list_of(types.record("line", line))
        return types.record("order", there)

    def _check(self, one: CheckDefinition, order: Type) -> Check | None:
        scope = {"order": order, "vars": types.record("vars", self.vocabulary.variable_types)}
        other = None
        if one.within is None:
            condition = compile_expression(
                one.that, scope, self.found, expects=types.BOOLEAN, now_zone=self.zone
            )
        else:
            sides = _sides(one.that)
            if sides is None:
                self.found.add("OK815", one.key_span("within"))
                return None
            condition, other = (
                compile_expression(side, scope, self.found, expects=types.MONEY, now_zone=self.zone)
                for side in sides
            )
            if other is None:
                return None
        if condition is None:
            return None
        paths = condition.paths | (other.paths if other else frozenset())
        reads = frozenset(path.split(".")[1] for path in paths if path.startswith("order."))
        for name in sorted(reads - {"lines"} - set(self.one.order.map)):
            self.found.add("OK816", one.that.span, name=name)
        return Check(
            condition, other, one.within, reads, one.else_ == "warn", one.say or one.that.text, one.span
        )


def _sides(source: Source) -> tuple[Source, Source] | None:
    try:
        tree = ast.parse(source.text, mode="eval").body
    except SyntaxError:
        return None
    if not (isinstance(tree, ast.Compare) and len(tree.ops) == 1 and isinstance(tree.ops[0], ast.Eq)):
        return None
    left, right = (ast.get_source_segment(source.text, one) or "" for one in (tree.left, tree.comparators[0]))
    start = source.text.rindex(right)
    return (
        Source(left, source.at(0, len(left)), source.style),
        Source(right, source.at(start, start + len(right)), source.style),
    )


def _fingerprint(node: Node, *more: str) -> str:
    text = json.dumps([plain(node), *more], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
