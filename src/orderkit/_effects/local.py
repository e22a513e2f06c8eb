"""Effects that change the order itself, its money and its stock; they commit with the state."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._effects.engine import Happening, Wanted
from orderkit.domain.money import Money, to_minor
from orderkit.domain.order import Payment
from orderkit.domain.stock import Claim, StockLevel, StockMove
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._effects.engine import Draft, EffectCall
    from orderkit.domain.order import Order, Part

    Run = Callable[[Draft, EffectCall, dict[str, Any], Part | None], None]


def _amount(draft: Draft, call: EffectCall, env: dict[str, Any]) -> Money:
    value = call.programs["amount"].run(env)
    currency = draft.order.currency
    return Money(to_minor(value if isinstance(value, Decimal) else Decimal(str(value)), currency), currency)


def _text(call: EffectCall, name: str, env: dict[str, Any]) -> str:
    if name in call.programs:
        return str(call.programs[name].run(env))
    return call.texts[name].fill(env) if name in call.texts else ""


def _units(order: Order) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    return dict(sorted(wanted.items()))


def _pay(draft: Draft, call: EffectCall, env: dict[str, Any], _part: Part | None) -> None:
    order = draft.order
    amount = _amount(draft, call, env)
    if amount.minor <= 0:
        raise Refused("needs", {"amount": str(amount)}, "a payment must be more than nothing")
    number = sum(1 for one in order.payments if one.kind == "payment") + 1
    paid = Payment(f"payment-{number}", "payment", amount, draft.now, txn=_text(call, "txn", env))
    draft.order = replace(order, payments=(*order.payments, paid))
    if "paid" not in order.events and draft.order.paid >= order.total:
        draft.order = replace(draft.order, events={**order.events, "paid": draft.now})
        draft.happened.append(Happening("event", "order.paid"))


def _refunded(draft: Draft, call: EffectCall, env: dict[str, Any], part: Part | None) -> None:
    order = draft.order
    amount = _amount(draft, call, env)
    if amount.minor < 0 or order.refunded + amount > order.paid:
        details = {"amount": str(amount), "paid": str(order.paid), "refunded": str(order.refunded)}
        raise Refused("guard", details, "a refund cannot be more than what is left of the payments")
    number = sum(1 for one in order.payments if one.kind == "refund") + 1
    reason = part.reason if part else _text(call, "why", env)
    row = Payment(f"refunded-{number}", "refund", amount, draft.now, reason=reason)
    draft.order = replace(order, payments=(*order.payments, row))
    draft.happened.append(Happening("event", "order.refunded", part.id if part else ""))


def _refund(draft: Draft, call: EffectCall, env: dict[str, Any], _part: Part | None) -> None:
    amount = _amount(draft, call, env)
    if amount.minor > 0:
        data = {"amount": amount, "reason": _text(call, "why", env)}
        draft.wanted.append(Wanted("open", "refund", data=data, span=call.span))


def _reserve(draft: Draft, call: EffectCall, _env: dict[str, Any], _part: Part | None) -> None:
    short: dict[str, int] = {}
    moves = []
    for sku, units in _units(draft.order).items():
        level = draft.levels.get(sku, StockLevel(sku))
        missing = units - draft.order.claims.get(sku, Claim()).reserved
        if missing <= 0:
            continue
        if level.available < missing and call.words.get("short") != ("backorder",):
            short[sku] = missing - level.available
        moves.append(_moved(draft, sku, "reserve", reserved=min(missing, max(level.available, 0))))
    if short:
        raise Refused("stock", {"short": short}, f"not enough stock: {_spell(short)}")
    draft.move([one for one in moves if one.reserved])


def _allocate(draft: Draft, _call: EffectCall, _env: dict[str, Any], _part: Part | None) -> None:
    short: dict[str, int] = {}
    moves = []
    for sku, units in _units(draft.order).items():
        claim = draft.order.claims.get(sku, Claim())
        missing = units - claim.allocated - claim.consumed
        if missing <= 0:
            continue
        own = min(claim.reserved, missing)
        level = draft.levels.get(sku, StockLevel(sku))
        if level.available < missing - own:
            short[sku] = missing - own - level.available
            continue
        moves.append(_moved(draft, sku, "allocate", reserved=-own, allocated=missing))
    if short:
        raise Refused("stock", {"short": short}, f"not enough stock: {_spell(short)}")
    draft.move(moves)


def _consume(draft: Draft, _call: EffectCall, _env: dict[str, Any], _part: Part | None) -> None:
    moves = []
    for sku, units in _units(draft.order).items():
        claim = draft.order.claims.get(sku, Claim())
        left = units - claim.consumed
        if left <= 0:
            continue
        allocated = min(claim.allocated, left)
        reserved = min(claim.reserved, left - allocated)
        level = draft.levels.get(sku, StockLevel(sku))
        free = left - allocated - reserved
        if free > level.available:
            short = {sku: free - level.available}
            raise Refused("stock", {"short": short}, f"not enough stock: {_spell(short)}")
        moves.append(_moved(draft, sku, "consume", on_hand=-left, reserved=-reserved, allocated=-allocated))
    if moves and "shipped" not in draft.order.events:
        draft.order = replace(draft.order, events={**draft.order.events, "shipped": draft.now})
        draft.happened.append(Happening("event", "order.shipped"))
    draft.move(moves)


def _release(draft: Draft, _call: EffectCall, _env: dict[str, Any], _part: Part | None) -> None:
    draft.move(
        [
            _moved(draft, sku, "release", reserved=-claim.reserved, allocated=-claim.allocated)
            for sku, claim in sorted(draft.order.claims.items())
            if claim.reserved or claim.allocated
        ]
    )


def _moved(draft: Draft, sku: str, kind: str, **delta: int) -> StockMove:
    cause = f"{draft.order.version}:{len(draft.moves)}:{kind}:{sku}"
    return StockMove(sku, kind, order_id=draft.order.id, cause=cause, **delta)


def _spell(short: Mapping[str, int]) -> str:
    return ", ".join(f"{sku} lacks {units}" for sku, units in short.items())


def _tag(draft: Draft, call: EffectCall, env: dict[str, Any], _part: Part | None) -> None:
    tag = _text(call, "tag", draft.masked(env, ()))
    if tag and tag not in draft.order.tags:
        draft.order = replace(draft.order, tags=(*draft.order.tags, tag))


def _assign(draft: Draft, call: EffectCall, _env: dict[str, Any], part: Part | None) -> None:
    (role,) = call.words["role"]
    if part is None:
        draft.order = replace(draft.order, assigned=role)
    else:
        draft.put_part(replace(part, assigned=role))


def _set(draft: Draft, call: EffectCall, env: dict[str, Any], _part: Part | None) -> None:
    values = {name: program.run(env) for name, program in call.programs.items()}
    draft.order = replace(draft.order, fields={**draft.order.fields, **values})


def _fire(draft: Draft, call: EffectCall, _env: dict[str, Any], part: Part | None) -> None:
    (action,) = call.words["action"]
    whole = call.words.get("of") == ("order",) or part is None
    draft.wanted.append(Wanted("fire", action, "" if whole or part is None else part.id, span=call.span))


LOCAL: Final[dict[str, Run]] = {
    "pay": _pay,
    "refunded": _refunded,
    "refund": _refund,
    "reserve_stock": _reserve,
    "allocate_stock": _allocate,
    "consume_stock": _consume,
    "release_stock": _release,
    "tag": _tag,
    "assign": _assign,
    "set": _set,
    "fire": _fire,
}
"""What each local effect does to the working copy."""
