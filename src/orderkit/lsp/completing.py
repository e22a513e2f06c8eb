"""What may be written at the cursor: keys, words of closed sets, names of the project, paths, functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._expr import FUNCTIONS
from orderkit._expr.types import Kind, describe
from orderkit._fields.engine import LINE_FIELDS, ORDER_FIELDS
from orderkit._project.own_schema import ASKED, MAPPED
from orderkit._vocabulary import EVENTS
from orderkit.lsp.cursor import Cursor, find
from orderkit.lsp.locating import kind_of
from orderkit.lsp.renaming import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderkit._expr.types import Type
    from orderkit._project.loading import Inspection
    from orderkit.lsp.shape import Shape

_PATH: Final = re.compile(r"((?:[^\W\d]\w*\.)+)(\w*)$")
_LITERAL: Final = re.compile(
    r"([^\W\d]\w*)\.state\s*(?:==|!=|(?:not\s+)?in\s*\((?:\s*'[^']*'\s*,)*)\s*'([^']*)$"
)
_WORD: Final = re.compile(r"\w*$")
_EXPRESSIONS: Final = frozenset({
    "if", "still", "formula", "that", "value", "required", "pause", "sum", "average", "distinct", "min",
    "max", "median", "at", "amount", "txn",
})  # fmt: skip
_STAGES: Final = ("price", "item", "shop", "coupon", "platform", "points", "shipping")
_EFFECTS: Final = (
    "reserve_stock", "release_stock", "allocate_stock", "consume_stock", "pay", "pay_back", "refund",
    "refunded", "tag", "assign", "notify", "task", "set", "fire",
)  # fmt: skip
_EFFECT_KEYS: Final = frozenset({"do", "enter", "leave", "undo"})
_OTHER: Final = {
    "template": ("template",),
    "assign": ("role",),
    "goods": ("goods",),
    "customers": ("customers",),
    "tables": ("table",),
}
"""Keys outside every definition that ask for a name, and those whose definition takes more than names."""
_NOTIFIED: Final = frozenset({"notify", "task", "escalate"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing that may be written.

    Args:
        label: What is inserted.
        kind: `key`, `name`, `word`, `field` or `function`.
        told: What it is, in a few words.
        more: What it means.
        typed: How many code points before the cursor it replaces.
        fits: Whether it may stand as it is; else it needs quotes.
        tail: What follows the label, such as `: `.
    """

    label: str
    kind: str
    told: str = ""
    more: str = ""
    typed: int = 0
    fits: bool = True
    tail: str = ""


def complete(told: Inspection, shape: Shape, rows: Sequence[str], line: int, column: int) -> list[Proposal]:
    """List what may be written at a place, whether the file is whole YAML or half-written.

    Args:
        told: The inspected project.
        shape: What keys exist.
        rows: The file's lines.
        line: Line from 0.
        column: Code points from its start.

    Returns:
        The proposals, those of the project first.
    """
    cursor = find(rows, line, column)
    writer = _Writer(told, shape, cursor)
    found = [*writer.inside_expression()]
    if not found:
        found = [*writer.names(), *writer.words(), *writer.keys(), *writer.expression()]
    return list({one.label: one for one in reversed(found)}.values())[::-1]


class _Writer:
    def __init__(self, told: Inspection, shape: Shape, cursor: Cursor) -> None:
        self.told, self.shape, self.cursor = told, shape, cursor
        self.path = cursor.path

    def inside_expression(self) -> Iterator[Proposal]:
        """Offer fields after a dot, and states inside the quotes of a comparison."""
        text = self.cursor.prefix
        literal = _LITERAL.search(text)
        if literal is not None:
            for flow in self._flows_of(literal[1]):
                yield from self._named((f"state:{flow}",), len(literal[2]))
            return
        found = _PATH.search(text)
        if found is None:
            return
        owner = self._owner(found[1].rstrip(".").split("."))
        for name, kind in ({} if owner is None else owner.fields).items():
            yield Proposal(name, "field", describe(kind, "en"), self._label(name), len(found[2]))

    def _flows_of(self, owner: str) -> Iterator[str]:
        if owner == "order":
            yield "order"
            return
        for kind in self.told.names:
            base, _, flow = kind.kind.partition(":")
            if base == "state" and flow != "order":
                yield flow

    def _owner(self, steps: list[str]) -> Type | None:
        known = self.told.vocabulary
        if known is None:
            return None
        roots = {**known.parts, **known.scope(line=known.line, customer=known.customer, actor=known.actor)}
        if steps == ["needs"]:
            return None
        kind = roots.get(steps[0])
        for name in steps[1:]:
            kind = None if kind is None else kind.fields.get(name)
        while kind is not None and kind.kind is Kind.LIST:
            kind = kind.of
        return kind

    def _label(self, name: str) -> str:
        node = self.told.sections.named.get("fields.order", {}).get(name)
        return label_of(node)

    def names(self) -> Iterator[Proposal]:
        """Offer names where a key asks for names."""
        owners, asked = self._asked()
        if self.cursor.is_value or self.cursor.in_list:
            yield from self._kinds(asked)
            return
        for owner in owners:
            if owner in MAPPED and self.path[-1:] == ("map",):
                kind = "field" if MAPPED[owner][0] == "field" else "line"
                yield from self._kinds((kind,), tail=": ")

    def _asked(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if not self.path:
            return (), ()
        owners = self.shape.owners(self.path[:-1])
        key = self.path[-1]
        asked = tuple(kind for owner in owners for kind in ASKED.get(owner, {}).get(key, ()))
        if not asked and (key == "starts" or (key == "from" and "ActionDefinition" in owners)):
            asked = ("state", "any")
        if not asked and key == "to" and _NOTIFIED & set(self.path):
            asked = ("role", "customer")
        if not asked and not ("pricing" in self.path[:1] and len(self.path) == 2):  # noqa: PLR2004 - its own keys
            asked = _OTHER.get(key, ())
        return owners, asked

    def _kinds(self, kinds: Iterable[str], tail: str = "") -> Iterator[Proposal]:
        typed = len(self.cursor.prefix)
        for kind in kinds:
            if kind in ("state", "action"):
                yield from self._named(self._narrowed(kind), typed, tail)
            elif kind == "event":
                parts = [one.name for one in self.told.names if one.kind == "part"]
                events = (*EVENTS, *(f"{part}.{what}" for part in parts for what in ("opened", "ended")))
                yield from (Proposal(one, "word", "event", typed=typed) for one in events)
            elif kind in ("field", "line", "dimension"):
                yield from self._fields(kind, typed, tail)
            elif kind == "stage":
                own = list(self._named(("stage",), typed, tail))
                yield from own or [Proposal(one, "word", "stage", typed=typed) for one in _STAGES]
            elif any(one.kind == kind for one in self.told.names):
                yield from self._named((kind,), typed, tail)
            elif kind in ("system", "customer", "anyone", "any", "back", "all", "order"):
                yield Proposal(kind, "word", "word of the language", typed=typed)

    def _narrowed(self, kind: str) -> tuple[str, ...]:
        flow = self.path[1] if self.path[0] == "flows" and len(self.path) > 1 else ""
        every = tuple(dict.fromkeys(one.kind for one in self.told.names if one.kind.startswith(f"{kind}:")))
        own = f"{kind}:{flow}"
        return (own,) if own in every else every

    def _fields(self, kind: str, typed: int, tail: str) -> Iterator[Proposal]:
        if kind in ("field", "dimension"):
            yield from self._named(("field",), typed, tail)
            yield from (Proposal(one, "field", typed=typed, tail=tail) for one in ORDER_FIELDS)
        if kind == "line":
            yield from self._named(("field:line",), typed, tail)
            yield from (Proposal(one, "field", typed=typed, tail=tail) for one in LINE_FIELDS)
        if kind == "dimension":
            own = [one.name for one in self.told.names if one.kind == "field:line"]
            yield from (Proposal(f"line.{one}", "field", typed=typed) for one in (*own, *LINE_FIELDS))

    def _named(self, kinds: Iterable[str], typed: int, tail: str = "") -> Iterator[Proposal]:
        for kind in kinds:
            for one in self.told.names:
                if one.kind == kind:
                    label = self._label(one.name) if kind == "field" else ""
                    told = f"{kind_of(kind)}, declared at {one.span.file}:{one.span.line}"
                    fits = bool(self.cursor.quote) or plain(one.name)
                    yield Proposal(one.name, "name", told, label, typed, fits=fits, tail=tail)

    def words(self) -> Iterator[Proposal]:
        """Offer the words of a closed set."""
        if not (self.cursor.is_value or self.cursor.in_list):
            return
        for word in self.shape.words(self.path):
            yield Proposal(word, "word", typed=len(self.cursor.prefix))

    def keys(self) -> Iterator[Proposal]:
        """Offer the keys of the definition that is being written."""
        if self.cursor.is_value:
            return
        typed = len(self.cursor.prefix)
        for key in self.shape.keys(self.path):
            told = "required" if key.required else ""
            yield Proposal(key.name, "key", told, key.told, typed, tail=":" if key.nested else ": ")
        if not self.path:
            return
        if self.path[-1] in _EFFECT_KEYS:
            own = [one.name for one in self.told.names if one.kind == "effect"]
            yield from (Proposal(one, "word", "effect", typed=typed) for one in (*own, *_EFFECTS))

    def expression(self) -> Iterator[Proposal]:
        """Offer where an expression may begin: its names and its functions."""
        key = self.path[-1] if self.path else ""
        if not self.cursor.is_value or key not in _EXPRESSIONS or self.told.vocabulary is None:
            return
        found = _WORD.search(self.cursor.prefix)
        typed = len(found[0]) if found is not None else 0
        for root in ("order", "vars", "needs", "now", "line", *self.told.vocabulary.parts):
            yield Proposal(root, "field", typed=typed)
        for name, function in FUNCTIONS.items():
            yield Proposal(name, "function", function.example, function.doc, typed, tail="(")


def label_of(node: object) -> str:
    """Read the label of a field from what is written.

    Args:
        node: The field's node, if any.

    Returns:
        The label, or an empty text.
    """
    get = getattr(node, "get", None)
    return str(getattr(get("label"), "text", "")) if get is not None else ""
