"""Sends what waits in the outbox and notes what became of each attempt."""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from orderkit.domain.events import EffectRequest
    from orderkit.ports import Effect

_TRIES: Final = 8
_FIRST_PAUSE: Final = timedelta(seconds=30)
LEASE: Final = timedelta(seconds=120)
"""How long a worker has an effect for itself; after a crash it is due again then."""
_log: Final = logging.getLogger("orderkit.delivery")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round of delivery did.

    Args:
        sent: Effects that went out.
        failed: Effects whose sending failed and will be tried again.
        parked: Effects given up until a person retries them.
        unhandled: Effects nobody sends; they keep waiting.
    """

    sent: int = 0
    failed: int = 0
    parked: int = 0
    unhandled: int = 0


def send(
    waiting: Sequence[EffectRequest],
    effects: Mapping[str, Effect | Callable[[Mapping[str, Any]], object]],
    now: datetime,
    claim: Callable[[EffectRequest], bool],
    settle: Callable[[EffectRequest], None],
) -> Delivered:
    """Send effects in the order they were asked; one that fails holds back the later ones of its order.

    Args:
        waiting: What may be sent now, oldest first.
        effects: What sends each kind, by name; `notify` takes every `notify.<via>` of its own.
        now: The present instant, aware.
        claim: Takes one effect for this worker, with `LEASE` to send it; False where another has it.
        settle: Writes what became of one attempt.

    Returns:
        Counts.
    """
    sent = failed = parked = 0
    held: set[str] = set()
    for one in waiting:
        if one.order_id in held:
            continue
        sender = effects.get(one.effect) or effects.get(one.effect.partition(".")[0])
        if sender is None or not claim(one):
            continue
        try:
            _call(sender, one)
        except Exception as error:  # noqa: BLE001 - whatever a sender raises means: not sent
            attempts = one.attempts + 1
            given_up = attempts >= _TRIES
            _log.warning("effect %s (%s) failed, attempt %d", one.effect, one.key, attempts, exc_info=True)
            settle(
                replace(
                    one,
                    attempts=attempts,
                    status="parked" if given_up else "waiting",
                    error=f"{type(error).__name__}: {error}"[:500],
                    due_at=now + _FIRST_PAUSE * 2 ** (attempts - 1),
                )
            )
            failed += not given_up
            parked += given_up
            if not given_up:
                held.add(one.order_id)
        else:
            settle(replace(one, attempts=one.attempts + 1, status="sent", error="", due_at=None))
            sent += 1
    return Delivered(sent, failed, parked)


def _call(sender: Effect | Callable[[Mapping[str, Any]], object], one: EffectRequest) -> None:
    """Hand the payload over, and the key to every sender that takes one."""
    try:
        taken = inspect.signature(sender).parameters.values()
        takes_key = any(each.name == "key" or each.kind is each.VAR_KEYWORD for each in taken)
    except ValueError:
        takes_key = False
    if takes_key:
        sender(one.payload, key=one.key)  # type: ignore[call-arg] # what the signature just said
    else:
        sender(one.payload)  # type: ignore[call-arg] # the same
