"""Whether a promotion is for this cart at all, before any amount is looked at."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from orderkit._expr.failure import NotComputable
from orderkit._pricing.benefit import Minus, PercentOff, SetPrice, UnitPrices
from orderkit._pricing.demands import money_of
from orderkit.domain.price import Missed, MissReason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._diagnostics import Span
    from orderkit._pricing.benefit import Amounts, Tier
    from orderkit._pricing.cart import Cart, Left
    from orderkit._pricing.goods import Goods
    from orderkit._pricing.program import PricingProgram, Promotion
    from orderkit.domain.money import Money


def fold_code(text: str) -> str:
    """Bring a coupon code to the form in which codes are compared.

    Args:
        text: As entered or as written in YAML.

    Returns:
        Without outer white space, full-width and half-width letters alike, upper and lower case alike.
    """
    return unicodedata.normalize("NFKC", text).strip().casefold()


def miss(
    promotion: Promotion,
    reason: MissReason,
    span: Span,
    short_by: Money | int | None = None,
    **params: str,
) -> Missed:
    """Say why a promotion gave nothing.

    Args:
        promotion: The promotion.
        reason: Why.
        span: The line of YAML that refused it.
        short_by: What was lacking.
        **params: What the wording names.

    Returns:
        The entry for `Price.missed`.
    """
    return Missed(promotion.name, promotion.label, reason, short_by, span, params)


def refuse(
    promotion: Promotion,
    program: PricingProgram,
    cart: Cart,
    left: Left,
    env: Callable[[], Mapping[str, Any]],
) -> Missed | None:
    """Judge everything that does not depend on which goods are left.

    Args:
        promotion: The promotion.
        program: Names the project's currency.
        cart: The cart.
        left: What is left of everything that is counted.
        env: Gives the values for `if:`, amounts as earlier stages left them.

    Returns:
        The first reason against it, or None.
    """
    at = promotion.at
    if promotion.active is not None and not promotion.active.holds(cart.at):
        return miss(promotion, MissReason.PERIOD, at("active"))
    window = promotion.window
    if window is not None and not window.holds(cart.at.weekday(), cart.at.hour * 60 + cart.at.minute):
        return miss(promotion, MissReason.PERIOD, at("hours"))
    if promotion.channels is not None and cart.channel not in promotion.channels:
        return miss(promotion, MissReason.CHANNEL, at("channel"))
    if promotion.payments is not None and cart.payment not in promotion.payments:
        return miss(promotion, MissReason.PAYMENT, at("payment"))
    customers = promotion.customers
    if customers is not None and not customers.holds(cart.customer, cart.orders_before, cart.idle_days):
        return miss(promotion, MissReason.CUSTOMERS, at("customers"))
    if promotion.code is not None and promotion.code not in {fold_code(code) for code in cart.coupons}:
        return miss(promotion, MissReason.CODE, at("code"))
    if not speaks(promotion, program, cart.currency):
        return miss(promotion, MissReason.CURRENCY, promotion.span, currency=cart.currency)
    if promotion.codes is not None and promotion.name not in left.codes.values():
        return miss(promotion, MissReason.CODE, at("codes"))
    if any(one.get(promotion.name, 1) <= 0 for one in (left.uses, left.units, left.money)):
        return miss(promotion, MissReason.LIMIT, at("limit"))
    if promotion.condition is None:
        return None
    try:
        met = promotion.condition.run(env())
    except NotComputable as failure:
        why = failure.problem
        return miss(
            promotion, MissReason.NOT_COMPUTABLE, failure.span, part=failure.text, code=why.code,
            said=why.text("en"), said_zh=why.text("zh"),
        )  # fmt: skip
    return None if met is True else miss(promotion, MissReason.CONDITION, promotion.condition.span)


def speaks(promotion: Promotion, program: PricingProgram, currency: str) -> bool:
    """Tell whether a promotion has a value for a currency wherever it names money.

    Args:
        promotion: The promotion.
        program: Names the currency of bare numbers.
        currency: The cart's currency.

    Returns:
        False where any of its money is in other currencies only.
    """
    condition = promotion.condition
    if condition is not None and condition.uses_bare_money and currency != program.currency:
        return False
    if promotion.goods is not None and not _goods_speak(promotion.goods, currency):
        return False
    if any(currency not in amounts for amounts in money_of(promotion.demand)):
        return False
    if promotion.limit.budget is not None and currency not in promotion.limit.budget:
        return False
    return all(_tier_speaks(tier, currency) for tier in promotion.tiers)


def _goods_speak(goods: Goods, currency: str) -> bool:
    own = goods.price is None or currency in goods.price
    others = goods.excluded if goods.within is None else (*goods.excluded, goods.within)
    return own and all(_goods_speak(one, currency) for one in others)


def _tier_speaks(tier: Tier, currency: str) -> bool:
    benefit = tier.benefit
    named: list[Amounts | None] = [tier.spend]
    if isinstance(benefit, Minus):
        named += [benefit.amounts, benefit.every, benefit.at_most]
    elif isinstance(benefit, PercentOff):
        named.append(benefit.at_most)
    elif isinstance(benefit, SetPrice):
        named.append(benefit.price)
    elif isinstance(benefit, UnitPrices):
        prices = benefit.by_sku.values() if benefit.everywhere is None else (benefit.everywhere,)
        if not any(currency in one for one in prices):
            return False
    return all(amounts is None or currency in amounts for amounts in named)
