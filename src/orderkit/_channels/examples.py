"""Runs the examples of a channel when the project loads, so that a mapping proves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._channels.payloads import payload_record
from orderkit._channels.targets import plain
from orderkit._diagnostics import Problem
from orderkit._diagnostics.suggest import closest
from orderkit._fields.converters import BadValue, absent
from orderkit._text.nodes import ListNode, MapNode
from orderkit._text.values import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._channels.definition import ExampleDefinition
    from orderkit._channels.program import ChannelProgram, RecordRead
    from orderkit._channels.targets import Aim
    from orderkit._diagnostics import Collector
    from orderkit._text.nodes import Node, ScalarNode


def run_examples(
    program: ChannelProgram,
    examples: tuple[ExampleDefinition, ...],
    aims: Mapping[str, Mapping[str, Aim]],
    found: Collector,
) -> None:
    """Read each example's row and compare what it gives; only the fields under `gives` are looked at.

    Args:
        program: The channel.
        examples: As written.
        aims: Fields of orders, lines and refunds that a channel may fill.
        found: Takes what differs.
    """
    for one in examples:
        row = plain(one.row)
        if not isinstance(row, dict) or not isinstance(one.gives, MapNode):
            found.add("OK817", one.span)
            continue
        record = payload_record(program, row)
        example = _Example(program, record, found)
        for key, node in one.gives.entries:
            if key.text == "lines" and isinstance(node, ListNode):
                example.lines(node, aims["lines"])
            elif key.text == "refund" and isinstance(node, MapNode):
                example.fields(node, record.refund or {}, aims["refunds"], "refund.")
            else:
                example.field(key, node, record.values, aims["order"], "")


class _Example:
    def __init__(self, program: ChannelProgram, record: RecordRead, found: Collector) -> None:
        self.program, self.record, self.found = program, record, found

    def lines(self, node: ListNode, aims: Mapping[str, Aim]) -> None:
        have = len(self.record.lines)
        if len(node.items) != have:
            self.found.add("OK818", place_of(node), field="lines", want=len(node.items), have=have)
            return
        for at, item in enumerate(node.items):
            if isinstance(item, MapNode):
                self.fields(item, self.record.lines[at], aims, f"lines[{at}].")

    def fields(self, node: MapNode, values: Mapping[str, Any], aims: Mapping[str, Aim], path: str) -> None:
        for key, value in node.entries:
            self.field(key, value, values, aims, path)

    def field(
        self, key: ScalarNode, node: Node, values: Mapping[str, Any], aims: Mapping[str, Aim], path: str
    ) -> None:
        name = key.text
        aim = aims.get(name)
        if aim is None:
            self.found.add(
                "OK801", key.span, suggestion=closest(name, aims), name=name, owner="an order",
                owner_zh="订单", known=", ".join(aims),
            )  # fmt: skip
            return
        if self.record.skipped:
            self._wrong(node, name, plain(node), f"skip: {self.record.skipped}")
            return
        for fault in self.record.faults:
            if fault.field in (path + name, "key"):
                said = fault.problem
                self.found.add(
                    "OK819", place_of(node), field=path + name, said=said.text("en"), said_zh=said.text("zh")
                )
                return
        raw = plain(node)
        try:
            want = None if absent(raw) else aim.convert(raw)
        except BadValue as bad:
            said = Problem(bad.code, path + name, str(raw), bad.params)
            self.found.add("OK805", place_of(node), said=said.text("en"), said_zh=said.text("zh"))
            return
        have = values.get(name)
        if have != want:
            self._wrong(node, path + name, want, have)

    def _wrong(self, node: Node, name: str, want: Any, have: Any) -> None:
        self.found.add("OK818", place_of(node), field=name, want=_shown(want), have=_shown(have))


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)
