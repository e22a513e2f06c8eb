"""What a command leaves behind beside the order: history, timers, effects, uses of limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orderkit.domain.order import Order
    from orderkit.domain.stock import StockMove


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command; the host has authenticated them.

    Args:
        name: Shown in the history.
        roles: Roles of the project; `system` for gateways and the host's own jobs.
    """

    name: str
    roles: tuple[str, ...] = ()

    def __init__(self, name: str, roles: tuple[str, ...] | list[str] = ()) -> None:
        """Take the name and any sequence of roles.

        Raises:
            TypeError: The roles are one text; `["system"]` is meant.
        """
        if isinstance(roles, str):
            message = f"roles are a list: Actor({name!r}, [{roles!r}])"
            raise TypeError(message)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "roles", tuple(roles))


SYSTEM = Actor("system", ("system",))
"""Fires timers, rules and automatic steps."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of an order's history: what was asked, what came of it, and by which rule.

    Args:
        order_id: The order; empty for an entry about a whole import.
        at: When it was decided.
        actor: Who asked.
        verb: `placed`, `fired`, `refused`, `imported`, `rule`, `opened` ...
        subject: The action, rule or part it is about.
        before: State before, or an empty text.
        after: State after, or an empty text.
        reason: Machine-readable reason of a refusal, or an empty text.
        details: Plain data: values a guard read, amounts, counts.
        project: Hash of the project that decided.
        span: `file:line:column` of the YAML behind it.
        part: The part it is about, or an empty text.
    """

    order_id: str
    at: datetime
    actor: str
    verb: str
    subject: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    project: str = ""
    span: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due later: a row, so that a restart forgets nothing.

    Args:
        key: Unique: order, timer and epoch; firing twice is impossible by it.
        order_id: The order.
        kind: `state` (a timer of a state) or `rule`.
        name: Which timer of the program it is.
        epoch: Entry count of the state it belongs to.
        due_at: When it is due.
        part: The part it belongs to, or an empty text.
        fired: How often it has fired already (repeating rules).
    """

    key: str
    order_id: str
    kind: str
    name: str
    epoch: int
    due_at: datetime
    part: str = ""
    fired: int = 0


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """Something asked of the world outside: written with the state, sent after it.

    Args:
        key: Stable idempotency key passed on to the receiver.
        order_id: The order that caused it.
        effect: Name such as `notify.wecom`.
        payload: Plain data for the receiver.
        at: When it was asked.
        span: `file:line:column` of the YAML behind it.
        attempts: How often sending was tried.
        due_at: Not before this instant.
        status: `waiting`, `sent` or `parked`.
        error: What the last attempt said.
    """

    key: str
    order_id: str
    effect: str
    payload: Mapping[str, Any]
    at: datetime
    span: str = ""
    attempts: int = 0
    due_at: datetime | None = None
    status: str = "waiting"
    error: str = ""


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One order's use of something that a promotion limits.

    Args:
        promotion: Its id.
        order_id: The order.
        customer: The customer's id, or an empty text.
        status: `reserved`, `committed` or `released`.
        total: Most of it in all, or None.
        per_customer: Most of it for one customer, or None.
        measure: What is counted: empty for uses, `units`, `money.CNY` or `code.CODE`.
        amount: How much of it the order takes: 1 use, so many units or minor units.
    """

    promotion: str
    order_id: str
    customer: str
    status: str = "reserved"
    total: int | None = None
    per_customer: int | None = None
    measure: str = ""
    amount: int = 1

    @property
    def counter(self) -> str:
        """Name what is counted, as stores keep it."""
        return counter_of(self.promotion, self.measure)


def counter_of(promotion: str, measure: str = "") -> str:
    """Name one thing that a promotion limits.

    Args:
        promotion: Its id.
        measure: What is counted; empty for uses.

    Returns:
        The promotion's own name for uses, else with the measure behind a sign that no name has.
    """
    return f"{promotion}\n{measure}" if measure else promotion


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one command writes, in one transaction.

    Args:
        before: The order as it was read, or None for a new one.
        after: The order as it is to be.
        moves: Stock movements.
        armed: Timers to start.
        disarmed: Keys of timers to drop.
        effects: What to ask of the world outside.
        audit: Entries of the history.
        uses: Uses of limits to reserve, commit or release.
    """

    before: Order | None
    after: Order
    moves: tuple[StockMove, ...] = ()
    armed: tuple[Timer, ...] = ()
    disarmed: tuple[str, ...] = ()
    effects: tuple[EffectRequest, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    uses: tuple[LimitUse, ...] = ()
