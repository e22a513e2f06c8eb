"""From the entries of `map:` to what fills each field: which fields there are, and how each is read."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.cleaning import CLEANERS
from orderkit._channels.program import MOMENTS, Target
from orderkit._diagnostics import Problem
from orderkit._diagnostics.suggest import closest
from orderkit._expr import types
from orderkit._expr.compiler import compile_expression
from orderkit._expr.functions import column_key
from orderkit._fields import converters
from orderkit._fields.converters import BadValue
from orderkit._fields.engine import AMOUNTS
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import place_of
from orderkit.domain.money import to_decimal, to_minor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from orderkit._channels.definition import ValueDefinition
    from orderkit._diagnostics import Collector
    from orderkit._expr.types import Scope, Type
    from orderkit._fields.engine import FieldProgram, FieldSpec
    from orderkit._text.values import Source

_USUAL: Final = 19
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2200
_SEPARATORS: Final = re.compile(r"[,，;；]")
_UNSTABLE: Final = frozenset({types.Kind.PERCENT, types.Kind.DURATION})
_NUMERIC: Final = types.NUMBERS | {types.Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Aim:
    """One field a channel may fill.

    Args:
        convert: From a raw value to the typed one.
        type: Its type in expressions.
        currency: Currency of amounts, or an empty text: what a channel computes is settled to the minor unit.
    """

    convert: Callable[[Any], Any]
    type: Type
    currency: str = ""


def moment(zone: ZoneInfo) -> Callable[[Any], Any]:
    """Make a reader of instants that is quick with the one spelling almost every export has.

    Args:
        zone: Where wall-clock texts are read.

    Returns:
        A function from a text or datetime to an aware datetime.
    """
    slow = converters.moment_reader(zone)

    def read(raw: Any) -> Any:
        if isinstance(raw, str) and len(raw) == _USUAL and raw[4] == "-" and raw[10] == " ":
            try:
                found = datetime.fromisoformat(raw).replace(tzinfo=zone).astimezone(UTC)
            except (ValueError, OverflowError):
                return slow(raw)
            if _FIRST_YEAR < found.year < _LAST_YEAR:
                return found
        return slow(raw)

    return read


def identity(raw: Any) -> str:
    """Read an id, quickly where it is nothing but digits.

    Args:
        raw: A text or whole number.

    Returns:
        The text.
    """
    if isinstance(raw, str) and raw.isascii() and raw.isdecimal():
        return raw
    return converters.to_identity(raw)


def order_aims(fields: FieldProgram, states: tuple[str, ...], zone: ZoneInfo) -> dict[str, Aim]:
    """List the fields of an order that a channel may fill.

    Args:
        fields: The order model.
        states: States of the flow of orders.
        zone: Where the channel's wall-clock times are read.

    Returns:
        Aims by field.
    """
    money = Aim(converters.money_reader(fields.currency), types.MONEY, fields.currency)
    text, when = Aim(converters.to_text, types.TEXT), Aim(moment(zone), types.DATETIME)
    several = Aim(_texts, types.list_of(types.TEXT))

    def state(raw: Any) -> str:
        word = converters.to_text(raw)
        if word not in states:
            raise BadValue("OK466", allowed=", ".join(states))
        return word

    def customer(raw: Any) -> Any:
        return raw if isinstance(raw, dict) else identity(raw)

    return {
        "number": Aim(identity, types.TEXT),
        "external_number": Aim(identity, types.TEXT),
        "placed_at": when,
        "currency": text,
        "customer": Aim(customer, types.TEXT),
        "coupons": several,
        "tags": several,
        "points": Aim(converters.to_integer, types.COUNT),
        "note": text,
        **dict.fromkeys(AMOUNTS, money),
        "state": Aim(state, types.choice(*states, name="order.state")),
        **dict.fromkeys(MOMENTS, when),
        **{name: _own(spec, zone) for name, spec in fields.order.items()},
    }


def line_aims(fields: FieldProgram, zone: ZoneInfo) -> dict[str, Aim]:
    """List the fields of a line that a channel may fill.

    Args:
        fields: The order model.
        zone: Where the channel's wall-clock times are read.

    Returns:
        Aims by field.
    """
    text = Aim(converters.to_text, types.TEXT)
    return {
        "sku": Aim(identity, types.TEXT),
        "name": text,
        "category": text,
        "quantity": Aim(converters.to_integer, types.COUNT),
        "price": Aim(converters.price_reader(fields.currency), types.MONEY),
        **{name: _own(spec, zone) for name, spec in fields.line.items()},
    }


def refund_aims(fields: FieldProgram, zone: ZoneInfo) -> dict[str, Aim]:
    """List what a channel may tell of a refund.

    Args:
        fields: The order model.
        zone: Where the channel's wall-clock times are read.

    Returns:
        Aims by field.
    """
    money = converters.money_reader(fields.currency)
    text = Aim(converters.to_text, types.TEXT)
    return {
        "amount": Aim(money, types.MONEY, fields.currency),
        "at": Aim(moment(zone), types.DATETIME),
        "txn": Aim(identity, types.TEXT),
        "reason": text,
    }


def _own(spec: FieldSpec, zone: ZoneInfo) -> Aim:
    from dataclasses import replace

    if spec.type.kind is types.Kind.DATETIME:
        spec = replace(spec, convert=moment(zone))
    return Aim(spec.read, spec.type)


def _texts(raw: Any) -> list[Any]:
    if isinstance(raw, str):
        raw = [part.strip() for part in _SEPARATORS.split(raw) if part.strip()]
    return list(converters.list_reader(converters.to_text)(raw))


class TargetMaker:
    """Compiles the entries of one `map:`.

    Args:
        aims: Fields that may be filled.
        formulas: Fields that compute themselves.
        scope: Columns that expressions may read.
        zone: Where wall-clock texts are read.
        owner: What the fields belong to, in English and Chinese, for messages.
        found: Takes the mistakes.
    """

    __slots__ = ("_aims", "_formulas", "_found", "_owner", "_scope", "_zone")

    def __init__(
        self,
        aims: Mapping[str, Aim],
        formulas: frozenset[str],
        scope: Scope,
        zone: ZoneInfo,
        owner: tuple[str, str],
        found: Collector,
    ) -> None:
        """Take the surroundings of one `map:`."""
        self._aims, self._formulas, self._scope = aims, formulas, scope
        self._zone, self._owner, self._found = zone, owner, found

    def targets(self, written: Mapping[str, ValueDefinition]) -> tuple[Target, ...]:
        """Compile every entry.

        Args:
            written: Entries by field.

        Returns:
            Those without mistakes.
        """
        made = (self._target(name, one) for name, one in written.items())
        return tuple(one for one in made if one is not None)

    def _target(self, name: str, one: ValueDefinition) -> Target | None:
        if name in self._formulas:
            self._found.add("OK802", one.span, name=name)
            return None
        aim = self._aims.get(name)
        if aim is None:
            en, zh = self._owner
            known = ", ".join(self._aims)
            self._found.add(
                "OK801", one.span, suggestion=closest(name, self._aims), name=name, owner=en, owner_zh=zh,
                known=known,
            )  # fmt: skip
            return None
        if one.value is None and not one.from_:
            self._found.add("OK803", one.span, name=name)
            return None
        present = _is_now(one.default) and aim.type.kind in (types.Kind.DATETIME, types.Kind.DATE)
        unstable = aim.type.kind in _UNSTABLE or (aim.type.of is not None and aim.type.of.kind in _UNSTABLE)
        return Target(
            field=name,
            columns=tuple(column_key(ref.text) for ref in one.from_),
            clean=self._cleaners(one),
            words=self._words(one, aim) if one.as_ else None,
            keep=one.else_ == "keep",
            default=None if present or one.default is None else self._default(one.default, aim),
            present=present,
            value=self._value(one.value, aim) if one.value is not None else None,
            convert=_settled(aim) if one.value is not None else aim.convert,
            raw=unstable and one.value is None,
            span=one.span,
        )

    def _cleaners(self, one: ValueDefinition) -> tuple[Callable[[str], str], ...]:
        for ref in one.clean:
            if ref.text not in CLEANERS:
                guess = closest(ref.text, CLEANERS)
                self._found.add("OK804", ref.span, suggestion=guess, name=ref.text, known=", ".join(CLEANERS))
        return tuple(CLEANERS[ref.text] for ref in one.clean if ref.text in CLEANERS)

    def _words(self, one: ValueDefinition, aim: Aim) -> dict[str, str]:
        words: dict[str, str] = {}
        for text, node in one.as_.items():
            word = node.text if isinstance(node, ScalarNode) else ""
            words[text] = word
            try:
                aim.convert(word)
            except BadValue as bad:
                said = Problem(bad.code, "", word, bad.params)
                guess = closest(word, aim.type.values)
                self._found.add(
                    "OK805", place_of(node), suggestion=guess, said=said.text("en"), said_zh=said.text("zh")
                )
        return words

    def _default(self, node: Node, aim: Aim) -> Any:
        raw = plain(node)
        try:
            return None if converters.absent(raw) else aim.convert(raw)
        except BadValue as bad:
            said = Problem(bad.code, "", str(raw), bad.params).text()
            self._found.add("OK432", place_of(node), value=raw, said=said)
            return None

    def _value(self, source: Source, aim: Aim) -> Any:
        numeric = aim.type.kind in _NUMERIC
        expects = None if numeric else types.optional(aim.type)
        if aim.type.kind is types.Kind.LIST:
            expects = types.optional(types.TEXT)
        program = compile_expression(source, self._scope, self._found, expects=expects, now_zone=self._zone)
        if program is None:
            return None
        if numeric and program.type.kind not in _NUMERIC:
            self._found.add(
                "OK400",
                source.span,
                have=types.describe(program.type, "en"),
                have_zh=types.describe(program.type, "zh"),
                want=types.describe(aim.type, "en"),
                want_zh=types.describe(aim.type, "zh"),
            )
        if aim.type.kind is types.Kind.CHOICE and aim.type.values:
            self._chosen(source, aim)
        return program

    def _chosen(self, source: Source, aim: Aim) -> None:
        # The checker looks at a lone text; here each branch of `a if c else b` is one.
        leaves = [ast.parse(source.text.strip(), mode="eval").body]
        while leaves:
            leaf = leaves.pop()
            if isinstance(leaf, ast.IfExp):
                leaves += [leaf.body, leaf.orelse]
                continue
            word = leaf.value if isinstance(leaf, ast.Constant) else None
            if isinstance(word, str) and word not in aim.type.values:
                guess = closest(word, aim.type.values)
                said = Problem("OK466", "", word, {"allowed": ", ".join(aim.type.values)})
                self._found.add(
                    "OK805", source.span, suggestion=guess, said=said.text("en"), said_zh=said.text("zh")
                )


def _settled(aim: Aim) -> Callable[[Any], Any]:
    if not aim.currency:
        return aim.convert
    currency = aim.currency

    def read(value: Any) -> Decimal:
        # An amount that a channel computes is rounded once, as quantity times price is.
        return to_decimal(to_minor(value, currency), currency)

    return read


def _is_now(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.text == "now"


def plain(node: Node) -> Any:
    """Give what is written as plain data: texts, lists and mappings.

    Args:
        node: Any node.

    Returns:
        Texts as they stand; None where nothing is written.
    """
    if isinstance(node, ScalarNode):
        return None if node.empty else node.text
    if isinstance(node, ListNode):
        return [plain(one) for one in node.items]
    if isinstance(node, MapNode):
        return {key.text: plain(value) for key, value in node.entries}
    return None
