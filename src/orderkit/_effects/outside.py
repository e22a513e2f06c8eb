"""Effects that leave the system: each becomes rows of the outbox, written with the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._effects.local import LOCAL
from orderkit.domain.events import EffectRequest
from orderkit.domain.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._effects.engine import Draft, EffectCall
    from orderkit.domain.order import Part


def apply(draft: Draft, call: EffectCall, env: dict[str, Any], part: Part | None, *, cause: str) -> None:
    """Run one effect on the working copy.

    Args:
        draft: The working copy; changed in place.
        call: The effect.
        env: Names it may read.
        part: The part it is about, or None for the order.
        cause: The rule or action behind it, kept with messages.

    Raises:
        Refused: Stock, money or a limit does not allow it.
        NotComputable: A value it needs is absent.
    """
    run = LOCAL.get(call.kind)
    if run is not None:
        run(draft, call, env, part)
    elif call.kind == "notify":
        _notify(draft, call, env, part, cause)
    else:
        env = draft.masked(env, call.words.get("to", ()))
        payload = {
            "order": draft.order.id,
            "number": draft.order.number,
            **({"part": part.id, "amount": str(part.amount)} if part else {}),
            **{name: to_plain(program.run(env)) for name, program in call.programs.items()},
            **{name: text.fill(env) for name, text in call.texts.items()},
            **{name: words[0] if len(words) == 1 else list(words) for name, words in call.words.items()},
        }
        _send(draft, call, call.kind, payload)


def _notify(draft: Draft, call: EffectCall, env: dict[str, Any], part: Part | None, cause: str) -> None:
    for receiver in call.words["to"]:
        customer = receiver == "customer"
        seen = env if customer else draft.masked(env, (receiver,))
        named = call.words.get("template", ())
        template = draft.templates[named[0]] if named else None
        text = template.text if template else call.texts["text"]
        payload: dict[str, Any] = {
            "to": receiver,
            "text": text.fill(seen),
            "template": named[0] if named else "",
            "cause": cause,
            "order": draft.order.id,
            "number": draft.order.number,
        }
        if template is not None and template.subject is not None:
            payload["subject"] = template.subject.fill(seen)
        if part is not None:
            payload["part"] = part.id
        if customer:
            fields = draft.order.fields
            payload["contact"] = {name: fields[name] for name in ("phone", "email") if fields.get(name)}
            payload["customer"] = draft.order.customer
        for via in call.words.get("via") or draft.vias.get(receiver) or ("",):
            _send(draft, call, f"notify.{via}" if via else "notify", payload)


def _send(draft: Draft, call: EffectCall, effect: str, payload: Mapping[str, Any]) -> None:
    key = f"{draft.order.id}:{draft.order.version}:{len(draft.effects)}"
    span = str(call.span) if call.span else ""
    draft.effects.append(
        EffectRequest(key, draft.order.id, effect, payload, draft.now, span, due_at=draft.now)
    )
