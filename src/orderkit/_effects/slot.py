"""The place where effects are written: what they may read there, and which may stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderkit._effects.definition import BARE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Collector
    from orderkit._effects.definition import EffectDeclaration
    from orderkit._effects.engine import MessageTemplate
    from orderkit._expr.types import Type
    from orderkit._vocabulary import Vocabulary

EXAMPLES: Final[Mapping[str, str]] = {
    "pay": "pay: {amount: needs.amount, txn: needs.txn}",
    "refund": "refund: {amount: order.paid, why: canceled}",
    "refunded": "refunded: {amount: refund.amount}",
    "tag": "tag: 高价值",
    "assign": "assign: 客服",
    "notify": "notify: {to: 客服, text: …}",
    "task": "task: {to: 仓库, kind: outbound}",
    "set": "set: {remark: …}",
    "fire": "fire: 取消",
}
"""Effects with arguments, each with an example."""


@dataclass(frozen=True, slots=True)
class EffectSlot:
    """Where effects are written: what they may read and which names they may use.

    Args:
        vocabulary: The project's names.
        scope: Names and types that expressions may read there.
        templates: Declared message templates.
        declared: Effects of the host.
        flow: Flow whose actions `fire` may name.
        part: Kind of part this flow belongs to, or an empty text for orders.
        found: Takes the mistakes.
        worded: Whether a message needs words of its own; steps of a promise have usual ones.
    """

    vocabulary: Vocabulary
    scope: Mapping[str, Type]
    templates: Mapping[str, MessageTemplate]
    declared: Mapping[str, EffectDeclaration]
    flow: str
    part: str
    found: Collector
    worded: bool = True

    @property
    def known(self) -> tuple[str, ...]:
        """List the effects that may stand here."""
        return (*BARE, *EXAMPLES, *self.declared)
