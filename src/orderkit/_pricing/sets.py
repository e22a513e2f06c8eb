"""Named and inline sets of goods and customers, from definitions to programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics.suggest import closest
from orderkit._expr.types import Kind, Type
from orderkit._pricing.amounts import FROM_ZERO, read_band
from orderkit._pricing.goods import Band, Customers, Goods
from orderkit._text.nodes import ListNode, MapNode, Node, ScalarNode
from orderkit._text.values import Mistake, flag_of, name_of, number_of, text_of, whole_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._pricing.definition import GoodsDefinition

ORDERS: Final = "orders"
"""The condition of a customer set that counts earlier orders instead of reading a field."""

IDLE: Final = "idle_days"
"""The condition that counts whole days since the customer's last order."""

_READERS: Final[Mapping[Kind, Callable[[object], object]]] = {
    Kind.TEXT: text_of,
    Kind.CHOICE: text_of,
    Kind.BOOLEAN: flag_of,
    Kind.COUNT: whole_of,
    Kind.DECIMAL: number_of,
}


def unknown_name(
    name: str, span: Span, known: Iterable[str], kinds: tuple[str, str], found: Collector
) -> None:
    """Report a name that nothing declares.

    Args:
        name: As written.
        span: Where it stands.
        known: What is declared.
        kinds: What it should be, in English and Chinese.
        found: Takes the finding.
    """
    names = list(known)
    found.add(
        "OK301",
        span,
        suggestion=closest(name, names),
        name=name,
        kind_en=kinds[0],
        kind_zh=kinds[1],
        known=", ".join(names) or "-",
    )


class GoodsSets:
    """Compiles sets of goods, each name once."""

    __slots__ = ("_currency", "_definitions", "_done", "_found", "_open")

    def __init__(self, definitions: Mapping[str, GoodsDefinition], currency: str, found: Collector) -> None:
        """Take the named sets.

        Args:
            definitions: `pricing.goods`.
            currency: The currency of price ranges.
            found: Takes the mistakes.
        """
        self._definitions = definitions
        self._currency = currency
        self._found = found
        self._done: dict[str, Goods] = {}
        self._open: list[str] = []

    def check_all(self) -> None:
        """Compile every named set, so that mistakes in unused ones are found too."""
        for name, definition in self._definitions.items():
            self._named(name, definition.span)

    def compile(self, definition: GoodsDefinition) -> Goods:
        """Compile one set, inline or named.

        Args:
            definition: The set.

        Returns:
            The program; what has a mistake is left out of it.
        """
        excluded = [self.compile(one) for one in definition.except_ or ()]
        price: dict[str, Band] | None = None
        if definition.price is not None:
            band = read_band(definition.price.value, definition.price.span, self._found)
            price = None if band is None else {self._currency: band}
        own = Goods(
            skus=None if definition.sku is None else frozenset(definition.sku),
            categories=None if definition.category is None else frozenset(definition.category),
            price=price,
            fields=tuple((name, frozenset(values)) for name, values in definition.fields.items()),
            discounted=definition.discounted,
            excluded=tuple(excluded),
        )
        if definition.set_ is None:
            return own
        base = self._named(definition.set_.text, definition.set_.span)
        if own == Goods():
            return base
        return replace(own, within=base)

    def named(self, name: str) -> Goods | None:
        """Give a set by its name.

        Args:
            name: Its key under `pricing.goods`.

        Returns:
            The program, or None where there is no such set.
        """
        definition = self._definitions.get(name)
        return None if definition is None else self._named(name, definition.span)

    def _named(self, name: str, span: Span) -> Goods:
        if name in self._done:
            return self._done[name]
        definition = self._definitions.get(name)
        if definition is None:
            unknown_name(name, span, self._definitions, ("set of goods", "商品集合"), self._found)
            return Goods()
        if name in self._open:
            self._found.add("OK723", span, name=name)
            return Goods()
        self._open.append(name)
        made = self.compile(definition)
        self._open.pop()
        self._done[name] = made
        return made


class CustomerSets:
    """Compiles sets of customers, each name once."""

    __slots__ = ("_done", "_fields", "_found", "_nodes")

    def __init__(self, nodes: Mapping[str, Node], fields: Mapping[str, Type], found: Collector) -> None:
        """Take the named sets.

        Args:
            nodes: `pricing.customers`.
            fields: Fields of a customer with their types.
            found: Takes the mistakes.
        """
        self._nodes = nodes
        self._fields = fields
        self._found = found
        self._done: dict[str, Customers] = {}

    def check_all(self) -> None:
        """Compile every named set, so that mistakes in unused ones are found too."""
        for name, node in self._nodes.items():
            self._done[name] = self._inline(node)

    def compile(self, node: Node) -> Customers:
        """Compile one set, inline or named; `check_all` has run.

        Args:
            node: A name or a mapping of conditions.

        Returns:
            The program; what has a mistake is left out of it.
        """
        if not isinstance(node, ScalarNode):
            return self._inline(node)
        name = node.text.strip()
        if name not in self._done:
            unknown_name(name, node.span, self._nodes, ("set of customers", "客户集合"), self._found)
            return Customers()
        return self._done[name]

    def _inline(self, node: Node) -> Customers:
        if not isinstance(node, MapNode):
            self._found.add("OK716", node.span)
            return Customers()
        orders: Band | None = None
        idle: Band | None = None
        fields: list[tuple[str, frozenset[object]]] = []
        for key, value in node.entries:
            name = name_of(key)
            if name == ORDERS:
                orders = self._count(value)
            elif name == IDLE:
                idle = self._count(value)
            elif name in self._fields:
                fields.append((name, self._values(name, value)))
            else:
                known = [*self._fields, ORDERS, IDLE]
                unknown_name(name, key.span, known, ("field of customers", "客户字段"), self._found)
        return Customers(tuple(fields), orders, idle)

    def _count(self, node: Node) -> Band | None:
        if isinstance(node, ScalarNode) and ".." in node.text:
            return read_band(node.text, node.span, self._found)
        try:
            count = whole_of(node)
        except Mistake as mistake:
            self._tell(mistake, node)
            return None
        if count < 0:
            self._found.add("OK720", node.span, value=count, related=(), **FROM_ZERO)
            return None
        return Band(number_of(node), number_of(node))

    def _values(self, name: str, node: Node) -> frozenset[object]:
        kind = self._fields[name]
        reader = _READERS.get(kind.kind)
        if reader is None:
            self._found.add("OK719", node.span, name=name)
            return frozenset()
        read: set[object] = set()
        for item in node.items if isinstance(node, ListNode) else (node,):
            try:
                value = reader(item)
            except Mistake as mistake:
                self._tell(mistake, item)
                continue
            if kind.kind is Kind.CHOICE and value not in kind.values:
                unknown_name(
                    str(value), item.span, kind.values, (f"value of {name}", f"{name} 的取值"), self._found
                )
                continue
            read.add(value)
        return frozenset(read)

    def _tell(self, mistake: Mistake, node: Node) -> None:
        span = mistake.span if mistake.span.file else node.span
        self._found.add(mistake.code, span, suggestion=mistake.suggestion, **mistake.params)
