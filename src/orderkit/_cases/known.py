"""What the data and figures of a case may name, so that a slip is told at load and not by a failing test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Problem
from orderkit._diagnostics.suggest import closest
from orderkit._fields.converters import BadValue
from orderkit._fields.engine import LINE_FIELDS, ORDER_FIELDS
from orderkit._text.nodes import ListNode, MapNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._fields.engine import FieldProgram
    from orderkit._text.definition import Ref
    from orderkit._text.nodes import Node
    from orderkit._vocabulary import Vocabulary

_STOCK: Final = ("on_hand", "reserved", "allocated", "available")


@dataclass(frozen=True, slots=True)
class Known:
    """The order model and the data of actions, as far as cases speak of them.

    Args:
        fields: The order model.
        actions: Names of the data that an action takes, by action; actions with a mistake are absent.
        parts: The flow that each kind of part goes through.
    """

    fields: FieldProgram
    actions: Mapping[str, frozenset[str]]
    parts: Mapping[str, str]

    def action(self, ref: Ref, part: str, place: Span, vocabulary: Vocabulary, found: Collector) -> None:
        """Check that an action exists in the flow of what it is fired on.

        Args:
            ref: The action.
            part: Id of the part it is for, such as `refund-1`; empty for the order.
            place: Where the part is named.
            vocabulary: The project's names.
            found: Takes the mistakes.
        """
        kind = part.rpartition("-")[0] or part
        if part and kind not in self.parts:
            vocabulary.require("part", kind, place, found)
        elif part:
            vocabulary.require(f"action:{self.parts[kind]}", ref.text, ref.span, found)
        elif not any(ref.text in vocabulary.of(f"action:{name}") for name in vocabulary.of("flow")):
            vocabulary.require("action:order", ref.text, ref.span, found)

    def rows(self, table: str, node: Node, found: Collector) -> None:
        """Check the rows that a case gives to a table.

        Args:
            table: The table's name.
            node: The rows as written.
            found: Takes the mistakes.
        """
        program = self.fields.tables.get(table)
        if program is None or not isinstance(node, ListNode):
            return
        for row in node.items:
            if not isinstance(row, MapNode):
                continue
            if program.key not in row.names:
                found.add("OK986", row.span, name=program.key)
            for key, value in row.entries:
                spec = program.fields.get(key.text)
                if spec is None and key.text != program.key:
                    _unknown(key, (program.key, *program.fields), found)
                elif spec is not None and isinstance(value, ScalarNode) and not value.empty:
                    try:
                        spec.read(value.text)
                    except BadValue as bad:
                        said = Problem(bad.code, key.text, value.text, bad.params)
                        allowed = spec.type.values or ()
                        found.add(
                            "OK985",
                            value.span,
                            suggestion=closest(value.text, allowed),
                            said=said.text("en"),
                            said_zh=said.text("zh"),
                        )

    def needs(self, action: str, given: Mapping[str, Node], found: Collector, *, refused: bool) -> None:
        """Check the names of the data that a case hands to an action.

        Args:
            action: The action.
            given: Data by name.
            found: Takes the mistakes.
            refused: Whether the case wants the action refused, so that wrong data may be meant.
        """
        if refused or action not in self.actions:
            return
        for node in given.values():
            if node.key is not None and node.key.text not in self.actions[action]:
                _unknown(node.key, sorted(self.actions[action]), found)

    def cart(
        self, node: Node | None, vocabulary: Vocabulary, found: Collector, *, refused: bool = False
    ) -> None:
        """Check the keys of an order or a cart and of its lines.

        Args:
            node: As written.
            vocabulary: The project's names.
            found: Takes the mistakes.
            refused: Whether the case wants it refused, so that wrong data may be meant.
        """
        if refused or not isinstance(node, MapNode):
            return
        own = _entered(self.fields.order_type.fields, ORDER_FIELDS)
        if "field" not in vocabulary.open:
            _keys(node, ("lines", *own), found)
        lines = node.get("lines")
        for line in lines.items if isinstance(lines, ListNode) else ():
            if isinstance(line, MapNode):
                _keys(line, _entered(self.fields.line_type.fields, LINE_FIELDS), found)

    def figure(self, name: str, node: Node, vocabulary: Vocabulary, found: Collector) -> None:
        """Check the names inside one expected figure.

        Args:
            name: Such as `state` or `stock`.
            node: As written.
            vocabulary: The project's names.
            found: Takes the mistakes.
        """
        several = node.items if isinstance(node, ListNode) else (node,)
        words = [one for one in several if isinstance(one, ScalarNode) and not one.empty]
        if name == "state":
            for word in words:
                vocabulary.require("state:order", word.text, word.span, found)
        elif name == "parts" and isinstance(node, MapNode):
            self._parts(node, vocabulary, found)
        elif name in ("promotions", "missed"):
            for word in words:
                vocabulary.require("promotion", word.text, word.span, found, also=("shipping.free_over",))
        elif name == "sent" and not {"template", "state:order", "rule"} & vocabulary.open:
            kinds = [kind for kind in vocabulary.names if kind.partition(":")[0] in _SENDERS]
            also = tuple(one for kind in kinds for one in vocabulary.of(kind))
            for word in words:
                vocabulary.require("template", word.text, word.span, found, also=also)
        elif name == "stock" and isinstance(node, MapNode):
            for figures in (value for _, value in node.entries if isinstance(value, MapNode)):
                _keys(figures, _STOCK, found)

    def _parts(self, node: MapNode, vocabulary: Vocabulary, found: Collector) -> None:
        """Check the states of parts, each against the flow of its own kind."""
        for key, word in node.entries:
            kind = key.text.rpartition("-")[0] or key.text
            if kind not in self.parts:
                vocabulary.require("part", kind, key.span, found)
            elif isinstance(word, ScalarNode) and not word.empty:
                vocabulary.require(f"state:{self.parts[kind]}", word.text, word.span, found)


_SENDERS: Final = ("rule", "state", "action", "part")


def _entered(types: Iterable[str], standard: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*standard, *types)))


def _keys(node: MapNode, known: Iterable[str], found: Collector) -> None:
    names = tuple(known)
    for key, _ in node.entries:
        if key.text not in names:
            _unknown(key, names, found)


def _unknown(key: ScalarNode, known: Iterable[str], found: Collector) -> None:
    names = tuple(known)
    meant = (
        "quantity"
        if key.text in ("qty", "num", "count") and "quantity" in names
        else closest(key.text, names)
    )
    found.add("OK984", key.span, suggestion=meant, name=key.text, known=", ".join(names) or "-")
