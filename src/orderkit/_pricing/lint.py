"""Figures of promotions that can run and were hardly meant."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import Related
from orderkit._diagnostics.suggest import closest
from orderkit._pricing.conditions import fold_code
from orderkit._text.nodes import ListNode, MapNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._pricing.definition import GoodsDefinition, PromotionDefinition, TierDefinition
    from orderkit._text.nodes import Node

_SHOWN: Final = 20


def lint_promotions(
    promotions: Mapping[str, PromotionDefinition],
    sets: Mapping[str, GoodsDefinition],
    products: Mapping[str, Mapping[str, Any]],
    currency: str,
    found: Collector,
) -> None:
    """Look for slips in the figures, for goods that nobody sells, and for codes used twice.

    Args:
        promotions: As written, by name.
        sets: `pricing.goods` as written.
        products: Rows of the product table by sku; empty where the project does not bring them.
        currency: The project's currency, in which list prices are.
        found: Takes the findings.
    """
    codes: dict[str, Span] = {}
    for goods in sets.values():
        _goods(goods, products, found)
    for promotion in promotions.values():
        if promotion.code is not None:
            folded, span = fold_code(promotion.code.value), promotion.code.span
            if folded in codes:
                first = Related(codes[folded], "first used here")
                found.add("OK728", span, related=[first], value=promotion.code.value)
            codes.setdefault(folded, span)
        _figures(promotion, found)
        for tier in promotion.tiers or ():
            _figures(tier, found)
        if promotion.goods is not None:
            _goods(promotion.goods, products, found)
        _prices(promotion, products, currency, found)


def _figures(one: PromotionDefinition | TierDefinition, found: Collector) -> None:
    percent, zhe = one.percent_off, one.zhe
    if percent is not None and 0 < percent.value < Decimal("0.01"):
        node = one.node.get("percent_off") if isinstance(one.node, MapNode) else None
        text = node.text if isinstance(node, ScalarNode) else "%"
        if "%" not in text:
            found.add("OK725", percent.span, value=text)
    if zhe is not None and 0 < zhe.value < 1:
        found.add("OK726", zhe.span, suggestion=f"{(zhe.value * 10).normalize():f}", value=f"{zhe.value:f}")
    if one.spend is None or one.minus is None:
        return
    for code, amount in one.minus.amounts.items():
        if code in one.spend.amounts and amount > one.spend.amounts[code]:
            place = one.key_span("minus") if isinstance(one.node, MapNode) else one.span
            found.add("OK727", place, minus=f"{amount:f}", spend=f"{one.spend.amounts[code]:f}")


def _prices(
    promotion: PromotionDefinition,
    products: Mapping[str, Mapping[str, Any]],
    currency: str,
    found: Collector,
) -> None:
    if not products or promotion.price is None:
        return
    written = promotion.node.get("price") if isinstance(promotion.node, MapNode) else None
    if not isinstance(written, MapNode):
        return
    for key, _ in written.entries:
        row = products.get(key.text)
        if row is None:
            found.add("OK730", key.span, suggestion=closest(key.text, products), name=key.text)
            continue
        money, listed = promotion.price.get(key.text), row.get("price")
        given = None if money is None else money.amounts.get("", money.amounts.get(currency))
        if money is not None and given is not None and isinstance(listed, Decimal) and given > listed:
            found.add("OK729", money.span, name=key.text, value=f"{given:f}", listed=f"{listed:f}")


def _goods(goods: GoodsDefinition, products: Mapping[str, Mapping[str, Any]], found: Collector) -> None:
    if not products:
        return
    categories = {str(row["category"]) for row in products.values() if row.get("category")}
    for word in _words(goods.node, "sku"):
        if word.text not in products:
            found.add("OK730", word.span, suggestion=closest(word.text, products), name=word.text)
    for word in _words(goods.node, "category"):
        if categories and word.text not in categories:
            known = ", ".join(sorted(categories)[:_SHOWN])
            close = closest(word.text, categories)
            found.add("OK731", word.span, suggestion=close, name=word.text, known=known)
    for one in goods.except_ or ():
        _goods(one, products, found)


def _words(node: Node, key: str) -> Iterator[ScalarNode]:
    inner = node.get(key) if isinstance(node, MapNode) else None
    for one in inner.items if isinstance(inner, ListNode) else (inner,):
        if isinstance(one, ScalarNode) and not one.empty:
            yield one
