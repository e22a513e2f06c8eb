"""Names that only the text shows: those declared and used in places where no stage asks the vocabulary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from orderkit._project.listening import Use
from orderkit._text import ListNode, MapNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderkit._project.files import Sections
    from orderkit._text import Node

_Path = tuple[str, ...]
_Patterns = tuple[tuple[str, str], ...]

_DECLARED: Final[_Patterns] = (
    ("project.vars.*", "var"),
    ("fields.*.*", "field:{1}"),
    ("tables.*.fields.*", "column:{1}"),
    ("tables.*", "table"),
    ("flows.*.actions.*.needs.*", "need:{1}.{3}"),
    ("effects.*", "effect"),
    ("pricing.goods.*", "goods"),
    ("pricing.customers.*", "customers"),
    ("promotions.*", "promotion"),
    ("cases.*", "case"),
    ("flows.*.status.*", "status:{1}"),
)
"""Keys that declare a name; `{1}` is the second word of the path."""
_NAMING: Final[_Patterns] = (("pricing.stages.name", "stage"), ("pricing.stages", "stage"))
"""Values that declare a name."""
_KEYS: Final[_Patterns] = (
    ("pricing.tax.rates.*", "goods"),
    ("channels.*.order.map.*", "field"),
    ("channels.*.lines.map.*", "field:line"),
    ("channels.*.examples.gives.*", "field"),
    ("channels.*.examples.gives.lines.*", "field:line"),
    ("cases.*.given.tables.*", "table"),
    ("cases.*.given.tables.*.*", "column:{4}"),
    ("cases.*.price.*", "field"),
    ("cases.*.price.lines.*", "field:line"),
    ("cases.*.expect.*", "field"),
    ("cases.*.steps.price.*", "field"),
    ("cases.*.steps.price.lines.*", "field:line"),
    ("cases.*.steps.place.*", "field"),
    ("cases.*.steps.place.lines.*", "field:line"),
    ("cases.*.steps.expect.*", "field"),
    ("pricing.customers.*.*", "column:customers"),
    ("promotions.*.customers.*", "column:customers"),
    ("**.do.*", "effect"),
    ("**.enter.*", "effect"),
    ("**.leave.*", "effect"),
)
"""Keys that speak of a name."""
_VALUES: Final[_Patterns] = (
    ("promotions.*.stage", "stage"),
    ("promotions.*.channel", "channel"),
    ("promotions.*.not_with", "stage"),
    ("promotions.*.not_with", "promotion"),
    ("promotions.*.goods", "goods"),
    ("promotions.*.customers", "customers"),
    ("promotions.*.buy.goods", "goods"),
    ("**.assigned", "role"),
    ("**.set", "goods"),
    ("**.except", "goods"),
    ("pricing.floor", "column:products"),
    ("tables.*.key", "column:{1}"),
    ("channels.*.trust", "field"),
    ("channels.*.order.map.state", "state:order"),
    ("channels.*.order.map.state.as.*", "state:order"),
    ("reports.*.by", "dimension"),
    ("fields.*.*.type", "table"),
    ("fields.*.*", "table"),
    ("flows.*.states.*.starts", "state:{1}"),
    ("cases.*.expect.sent", "rule"),
    ("cases.*.steps.expect.sent", "rule"),
    ("**.do", "effect"),
    ("**.enter", "effect"),
    ("**.leave", "effect"),
)
"""Values that speak of a name."""
_LITERAL: Final = re.compile("""['"]([^'"]+)['"]""")
_VARIABLE: Final = re.compile(r"vars\.(\w+)").fullmatch


class Mentions:
    """Walks the sections once and keeps what they declare and speak of."""

    def __init__(self) -> None:
        self.declared: list[Use] = []
        self.used: list[Use] = []

    def read(self, sections: Sections) -> None:
        """Walk every section.

        Args:
            sections: The joined sections.
        """
        for section, node in sections.single.items():
            self._node(node, (section,))
        for section, members in sections.named.items():
            path = tuple(section.split(".", 1))
            for name, node in members.items():
                if node.key is not None:
                    self._key(node.key, (*path, name))
                self._node(node, (*path, name))
        self._actions(sections)

    def _node(self, node: Node, path: _Path) -> None:
        if isinstance(node, ScalarNode):
            self._value(node, path)
        elif isinstance(node, ListNode):
            for one in node.items:
                self._node(one, path)
        else:
            for key, value in node.entries:
                inner = (*path, key.text)
                self._key(key, inner)
                self._node(value, inner)

    def _key(self, key: ScalarNode, path: _Path) -> None:
        self.declared += [Use(kind, key.text, key.span) for kind in _kinds(_DECLARED, path)]
        self.used += [Use(kind, key.text, key.span) for kind in _kinds(_KEYS, path)]

    def _value(self, node: ScalarNode, path: _Path) -> None:
        if node.empty:
            return
        self.declared += [Use(kind, node.text, node.span) for kind in _kinds(_NAMING, path)]
        self.used += [Use(kind, node.text, node.span) for kind in _kinds(_VALUES, path)]
        if _fits(path, "channels.*.order.map.state.value"):
            literals = dict.fromkeys(_LITERAL.findall(node.text))
            self.used += [Use("value:order.state", one, node.span) for one in literals]
        variable = _VARIABLE(node.text)
        if variable:
            self.used.append(Use("var", variable[1], node.span))

    def _actions(self, sections: Sections) -> None:
        """Take what steps of cases fire: the part tells the flow whose action it is."""
        parts = part_flows(sections)
        for case in sections.named.get("cases", {}).values():
            steps = case.get("steps") if isinstance(case, MapNode) else None
            for step in steps.items if isinstance(steps, ListNode) else ():
                if isinstance(step, MapNode):
                    self._step(step, parts)

    def _step(self, step: MapNode, parts: Mapping[str, str]) -> None:
        fire, part, needs = step.get("fire"), step.get("part"), step.get("needs")
        flow = "order"
        if isinstance(part, ScalarNode) and part.text:
            kind = part.text.rpartition("-")[0]
            self.used.append(Use("part", kind, part.span))
            flow = parts.get(kind, "order")
        if isinstance(fire, ScalarNode):
            self.used.append(Use(f"action:{flow}", fire.text, fire.span))
            for key, _ in needs.entries if isinstance(needs, MapNode) else ():
                self.used.append(Use(f"need:{flow}.{fire.text}", key.text, key.span))
        for holder in (step, step.get("expect")):
            expected = holder.get("parts") if isinstance(holder, MapNode) else None
            for key, value in expected.entries if isinstance(expected, MapNode) else ():
                kind = key.text.rpartition("-")[0]
                self.used.append(Use("part", kind, key.span))
                flow = parts.get(kind, "")
                if isinstance(value, ScalarNode) and flow:
                    self.used.append(Use(f"state:{flow}", value.text, value.span))


def part_flows(sections: Sections) -> dict[str, str]:
    """Tell which flow the parts of an order go through.

    Args:
        sections: The joined sections.

    Returns:
        Names of flows by kind of part.
    """
    order = sections.named.get("flows", {}).get("order")
    parts = order.get("parts") if isinstance(order, MapNode) else None
    made = {}
    for key, part in parts.entries if isinstance(parts, MapNode) else ():
        flow = part.get("flow") if isinstance(part, MapNode) else None
        if isinstance(flow, ScalarNode):
            made[key.text] = flow.text
    return made


def _kinds(patterns: _Patterns, path: _Path) -> Iterator[str]:
    for pattern, kind in patterns:
        if _fits(path, pattern):
            yield kind.format(*path) if "{" in kind else kind


def _fits(path: _Path, pattern: str) -> bool:
    words = pattern.split(".")
    if words[0] == "**":
        words = words[1:]
        path = path[-len(words) :]
    return len(path) == len(words) and all(one in ("*", name) for one, name in zip(words, path, strict=True))
