"""What promotions limit: what is left before a price, what an order takes, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orderkit._commands.calls import Ask, ask
from orderkit._pricing.cart import Left
from orderkit._pricing.conditions import fold_code
from orderkit.domain.codes import fold_batch_code
from orderkit.domain.events import LimitUse, counter_of
from orderkit.domain.refund import REFUND, all_returned
from orderkit.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._fields.engine import OrderDraft
    from orderkit._pricing.program import Promotion
    from orderkit._project import Project
    from orderkit.domain.order import Order
    from orderkit.domain.price import Missed, Price

_UNITS = "units"


def quote(project: Project, draft: OrderDraft, coupons: Sequence[str] = ()) -> Ask[Price]:
    """Price a draft with what the store knows: earlier orders, uses left, codes, stock of gifts.

    Args:
        project: The project that decides.
        draft: The checked draft.
        coupons: Codes entered, beside the draft's own.

    Returns:
        The price.
    """
    customer = draft.customer or ""
    earlier: int | None = None
    idle: int | None = None
    if draft.customer is not None:
        earlier = yield from ask("orders", "placed_by", draft.customer)
        if project.pricing.asks_idle_days:
            last = yield from ask("orders", "last_placed", draft.customer)
            idle = None if last is None else max(0, (draft.placed_at - last).days)
    left = yield from _left(project, customer, (*draft.coupons, *coupons), draft.currency)
    return project.price_draft(draft, coupons=coupons, orders_before=earlier, idle_days=idle, left=left)


def _left(project: Project, customer: str, coupons: Sequence[str], currency: str) -> Ask[Left]:
    limited = [one for one in project.pricing.promotions if one.limit.counted]
    codes = yield from _codes(project, coupons)
    wanted = [counter for one in limited for counter, *_ in _limits(one, currency)]
    single = {folded: _code_counter(name, folded) for folded, name in codes.items()}
    wanted += single.values()
    used: Mapping[str, tuple[int, int]] = {}
    if wanted:
        used = yield from ask("limits", "used", wanted, customer)
    rests: dict[str, dict[str, int]] = {"": {}, _UNITS: {}, "money": {}}
    for one in limited:
        for counter, measure, total, own in _limits(one, currency):
            taken, mine = used.get(counter, (0, 0))
            # Whoever has no name cannot be counted, and would use it without end.
            both = [] if total is None else [total - taken]
            both += [] if own is None else [own - mine if customer else 0]
            rests[measure.partition(".")[0]][one.name] = max(0, min(both))
    spent = frozenset(folded for folded, counter in single.items() if used[counter][0])
    gifts = project.pricing.gifts
    stock: Mapping[str, int] = {}
    if gifts:
        levels = yield from ask("stock", "levels", gifts)
        stock = {sku: level.available for sku, level in levels.items()}
    return Left(
        uses=rests[""],
        units=rests[_UNITS],
        money=rests["money"],
        codes={folded: name for folded, name in codes.items() if folded not in spent},
        spent=spent,
        stock=stock,
    )


def _codes(project: Project, coupons: Sequence[str]) -> Ask[dict[str, str]]:
    """Find the batch each entered code belongs to, by its folded form."""
    batches = {one.name for one in project.pricing.promotions if one.codes is not None}
    entered = {fold_batch_code(code): fold_code(code) for code in coupons} if batches else {}
    if not entered:
        return {}
    known: Mapping[str, str] = yield from ask("codes", "batches", sorted(entered))
    return {entered[code]: name for code, name in known.items() if name in batches}


def _code_measure(code: str) -> str:
    return f"code.{fold_batch_code(code)}"


def _code_counter(promotion: str, code: str) -> str:
    return counter_of(promotion, _code_measure(code))


def _limits(one: Promotion, currency: str) -> list[tuple[str, str, int | None, int | None]]:
    """List what a promotion limits: counter, measure, most in all, most for one customer."""
    limit = one.limit
    budget = None if limit.budget is None else limit.budget.get(currency)
    each = [
        ("", limit.total, limit.per_customer),
        (_UNITS, limit.units, limit.units_per_customer),
        (f"money.{currency}", budget, None),
    ]
    return [
        (counter_of(one.name, measure), measure, total, own)
        for measure, total, own in each
        if total is not None or own is not None
    ]


def reservations(
    project: Project, order: Order, codes: Sequence[tuple[str, str]] | None = None
) -> tuple[LimitUse, ...]:
    """List what an order takes of everything that promotions limit.

    A promotion that changed nothing takes nothing.

    Args:
        project: The project that decided.
        order: The order as placed.
        codes: Promotion and folded form of the single-use codes it uses; None for whichever of its coupons
            have been reserved.

    Returns:
        One reservation for each counter.
    """
    rows = _taken(order)
    made: list[LimitUse] = []
    for one in project.pricing.promotions:
        if one.name not in rows:
            continue
        units, money = rows[one.name]
        amounts = {"": 1, _UNITS: units}
        made += [
            LimitUse(
                one.name,
                order.id,
                order.customer or "",
                total=total,
                per_customer=own,
                measure=measure,
                amount=amounts.get(measure, money),
            )
            for _, measure, total, own in _limits(one, order.currency)
        ]
        if one.codes is not None:
            made += [
                LimitUse(one.name, order.id, order.customer or "", total=1, measure=_code_measure(code))
                for code in _own_codes(one, order, codes)
            ]
    return tuple(made)


def _taken(order: Order) -> dict[str, list[int]]:
    """Add up the units and the money that each promotion gave an order."""
    rows: dict[str, list[int]] = {}
    for row in order.adjustments:
        if row.amount and row.promotion:
            sums = rows.setdefault(row.promotion, [0, 0])
            sums[0] += row.units
            sums[1] -= row.amount.minor
    for line in order.lines:
        if line.gift:
            rows.setdefault(line.gift, [0, 0])
    return rows


def own_left(project: Project, order: Order) -> Ask[Left]:
    """Tell what an order itself holds of everything that is counted, to price a part of it again.

    Args:
        project: The project that decides.
        order: The order.

    Returns:
        Its own uses and codes: what it did not have then is not had now.
    """
    rows = _taken(order)
    rests: dict[str, dict[str, int]] = {"": {}, _UNITS: {}, "money": {}}
    for one in project.pricing.promotions:
        units, money = rows.get(one.name, (0, 0))
        amounts = {"": int(one.name in rows), _UNITS: units, "money": money}
        for _, measure, *_ in _limits(one, order.currency):
            kind = measure.partition(".")[0]
            rests[kind][one.name] = amounts[kind]
    codes = yield from _codes(project, order.coupons)
    own = {folded: name for folded, name in codes.items() if name in order.promotions}
    return Left(uses=rests[""], units=rests[_UNITS], money=rests["money"], codes=own)


def _own_codes(one: Promotion, order: Order, codes: Sequence[tuple[str, str]] | None) -> list[str]:
    if codes is None:
        # Settling what was never reserved changes nothing, so every coupon may be named.
        return [fold_code(code) for code in order.coupons]
    return [code for name, code in codes if name == one.name]


def settled_uses(project: Project, before: Order, after: Order) -> tuple[LimitUse, ...]:
    """Tell what a command does to the limits the order has reserved.

    Args:
        project: The project that decided.
        before: The order as it was.
        after: The order as it is.

    Returns:
        Commits when it was paid; releases when it was canceled or, where a promotion says so, when the
        last unit was paid back.
    """
    if "canceled" in after.events and "canceled" not in before.events:
        return tuple(replace(one, status="released") for one in reservations(project, after))
    uses: tuple[LimitUse, ...] = ()
    if "paid" in after.events and "paid" not in before.events:
        uses = tuple(replace(one, status="committed") for one in reservations(project, after))
    back = _come_back(project, before, after)
    if back:
        held = reservations(project, after)
        uses += tuple(replace(one, status="released") for one in held if one.promotion in back)
    return uses


def _come_back(project: Project, before: Order, after: Order) -> frozenset[str]:
    """Name the promotions whose uses a command releases because everything was paid back."""
    names = frozenset(one.promotion for one in after.policies if one.coupon == "return_if_all_refunded")
    spec = project.flows["order"].parts.get(REFUND)
    if not names or spec is None or before.parts == after.parts:
        return frozenset()
    # A refund that is merely asked for may still be turned down, and the code would be used twice.
    states = project.flows[spec.flow].states
    done = frozenset(name for name, state in states.items() if state.end == "done")
    return names if all_returned(after, done) and not all_returned(before, done) else frozenset()


def too_many(missed: Missed, project: Project) -> Refused:
    """Make the refusal of an order with units beyond a limit.

    Args:
        missed: What is beyond.
        project: The project that decided.

    Returns:
        The refusal.
    """
    promotion = project.pricing.named(missed.promotion)
    most = None if promotion is None else promotion.limit.units
    details = {"promotion": missed.promotion, "measure": _UNITS, "limit": most, "beyond": missed.short_by}
    return Refused("limit", details, f"promotion {missed.promotion}: {missed.text()}")
