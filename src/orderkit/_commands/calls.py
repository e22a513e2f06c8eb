"""The calls commands are made of, and the loop that answers them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from orderkit.domain.plain import to_plain
from orderkit.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit.domain.events import Changes
    from orderkit.domain.order import Order
    from orderkit.ports import Unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One question to one role of the store.

    Args:
        role: Name of the role, such as `orders`.
        verb: Name of its method.
        args: Positional arguments.
        named: Keyword arguments.
    """

    role: str
    verb: str
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)


Ask: TypeAlias = Generator[Call, Any, T]
"""A command under way: yields calls, is sent answers, returns its result."""


def ask(role: str, verb: str, *args: Any, **named: Any) -> Ask[Any]:
    """Ask one question.

    Args:
        role: Name of the role.
        verb: Name of its method.
        *args: Its positional arguments.
        **named: Its keyword arguments.

    Returns:
        What the store answers.
    """
    return (yield Call(role, verb, args, named))


def answer(command: Ask[T], unit: Unit) -> T:
    """Run a command against one transaction.

    Args:
        command: A command that has not begun.
        unit: The transaction.

    Returns:
        The command's result.
    """
    reply: Any = None
    try:
        while True:
            call = command.send(reply)
            reply = getattr(getattr(unit, call.role), call.verb)(*call.args, **call.named)
    except StopIteration as done:
        result: T = done.value
        return result


def content_hash(*parts: Any) -> str:
    """Hash what a command was given, so that a repeat with other content is noticed.

    Args:
        *parts: Payload and actor.

    Returns:
        SHA-256 in hexadecimal.
    """
    text = json.dumps([to_plain(one) for one in parts], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def recall(verb: str, key: str | None, content: str) -> Ask[Order | None]:
    """Look for an earlier command with the same key.

    Args:
        verb: Keys are unique per verb.
        key: The host's key, or None.
        content: Hash of this command.

    Returns:
        The order it was about, or None where the key is new.

    Raises:
        Conflict: The key came with other content before.
    """
    if key is None:
        return None
    known = yield from ask("inbox", "recall", verb, key)
    if known is None:
        return None
    if known[0] != content:
        message = f"the key {key!r} was used before for a {verb} with other content"
        raise Conflict(message)
    return (yield from get_order(known[1]))


def get_order(order_id: str) -> Ask[Order]:
    """Read an order that must be there; its number is taken as well as its id.

    Args:
        order_id: Id or number.

    Returns:
        The order.

    Raises:
        NotFound: There is none.
    """
    order = yield from ask("orders", "get", order_id)
    if order is None:
        order = yield from ask("orders", "by_number", order_id)
    if order is None:
        message = f"there is no order {order_id!r}"
        raise NotFound(message)
    found: Order = order
    return found


def write(changes: Changes) -> Ask[None]:
    """Write one decision in the order in which locks are taken.

    Args:
        changes: What was decided.
    """
    after = changes.after
    if changes.before is None:
        yield from ask("orders", "insert", [after])
    else:
        yield from ask("orders", "update", after, expected=changes.before.version)
    if changes.uses:
        yield from ask("limits", "record", list(changes.uses))
    if changes.moves:
        yield from ask("stock", "move", list(changes.moves))
    if changes.disarmed:
        yield from ask("timers", "disarm", list(changes.disarmed))
    if changes.armed:
        yield from ask("timers", "arm", list(changes.armed))
    if changes.audit:
        yield from ask("audit", "append", list(changes.audit))
    if changes.effects:
        yield from ask("outbox", "enqueue", list(changes.effects))
