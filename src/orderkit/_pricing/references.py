"""Checks what promotions speak of beside their own scope: other promotions, sets, skus, files, hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics.suggest import closest
from orderkit._expr.types import Kind, Type
from orderkit._pricing.amounts import ABOVE_ZERO
from orderkit.domain.codes import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderkit._diagnostics import Collector, Span
    from orderkit._pricing.definition import GoodsDefinition, PricingDefinition, PromotionDefinition

_SIGNS: Final = len(SIGNS)
_SPARSE: Final = 1_000_000
"""How many codes there have to be for each that is given out, so that guessing does not pay."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What promotions may speak of.

    Args:
        products: Rows of the product table by sku; empty where the project does not bring them.
        columns: Types of the product table's columns; none where there is no such table.
        files: Names of the project's files.
        goods: Compiles an inline set of goods, which checks it.
    """

    products: Mapping[str, Mapping[str, Any]]
    columns: Mapping[str, Type] | None
    files: Iterable[str]
    goods: Callable[[GoodsDefinition], object]


def check_references(
    section: PricingDefinition | None,
    promotions: Mapping[str, PromotionDefinition],
    stages: Iterable[str],
    around: Surroundings,
    found: Collector,
) -> None:
    """Check every name that pricing and promotions use and that nothing else compiles.

    Args:
        section: The section `pricing`, or None.
        promotions: The promotions by name.
        stages: Names of the stages.
        around: What they may speak of.
        found: Takes the findings.
    """
    known = [*stages, *promotions]
    for name, one in promotions.items():
        for ref in one.not_with:
            if ref.text == name or ref.text not in known:
                _unknown(ref.text, ref.span, [each for each in known if each != name], _STAGE, found)
        _groups(one, found)
        _codes(one, found)
        _goods(one, around, found)
    if section is None:
        return
    for goods in section.tax.rates if section.tax is not None else ():
        if goods not in section.goods and section.tax is not None:
            _unknown(goods, _key(section.tax, "rates", goods), section.goods, _SET, found)
    if section.floor is not None and around.columns is not None:
        amounts = [name for name, kind in around.columns.items() if kind.kind is Kind.MONEY]
        if section.floor.text not in amounts:
            _unknown(section.floor.text, section.floor.span, amounts, _COLUMN, found)


_STAGE: Final = ("stage or promotion", "阶段或促销")
_SET: Final = ("set of goods", "商品集合")
_COLUMN: Final = ("money field of products", "商品的金额字段")


def _key(owner: Any, key: str, name: str) -> Span:
    node = owner.node.get(key)
    for written, _ in getattr(node, "entries", ()):
        if written.text == name:
            place: Span = written.span
            return place
    span: Span = owner.key_span(key)
    return span


def _unknown(name: str, span: Span, known: Iterable[str], kinds: tuple[str, str], found: Collector) -> None:
    names = list(known)
    found.add(
        "OK301",
        span,
        suggestion=closest(name, names),
        name=name,
        kind_en=kinds[0],
        kind_zh=kinds[1],
        known=", ".join(names) or "-",
    )


def _groups(one: PromotionDefinition, found: Collector) -> None:
    """Insist on what belongs together: a set has a price, units of a group have a group."""
    sets = [key for key, value in (("bundle", one.bundle), ("any", one.any_)) if value]
    if sets and one.for_ is None:
        found.add("OK916", one.key_span(sets[0]), key=sets[0], other="for")
    if one.for_ is not None and not sets:
        found.add("OK916", one.key_span("for"), key="for", other="bundle")
    for key in ("get", "pick"):
        grouped = (
            one.every_units is not None or one.buy is not None or (key == "pick" and one.any_ is not None)
        )
        if getattr(one, key) is not None and not grouped:
            found.add("OK916", one.key_span(key), key=key, other="every_units")
    size, get = one.every_units, one.get
    if size is not None and size.value < 1:
        found.add("OK720", size.span, value=size.value, related=(), **ABOVE_ZERO)
    elif size is not None and get is not None and not 1 <= get.value <= size.value:
        most = size.value
        rule_en, rule_zh = f"from 1 to {most}", f"在 1 到 {most} 之间"
        found.add("OK216", get.span, value=get.value, rule_en=rule_en, rule_zh=rule_zh)


def _codes(one: PromotionDefinition, found: Collector) -> None:
    if one.codes is None:
        return
    if one.code is not None:
        found.add("OK702", one.key_span("codes"), first="code", second="codes")
    length, count = one.codes.length, one.codes.count
    if count.value < 1:
        found.add("OK720", count.span, value=count.value, related=(), **ABOVE_ZERO)
    elif _SIGNS ** min(max(length.value, 0), 64) < count.value * _SPARSE:
        least = next(size for size in range(1, 65) if count.value * _SPARSE <= _SIGNS**size)
        found.add(
            "OK732", length.span, suggestion=str(least), value=length.value, count=count.value, least=least
        )


def _goods(one: PromotionDefinition, around: Surroundings, found: Collector) -> None:
    if one.buy is not None:
        around.goods(one.buy.goods)
    named: list[tuple[str, Span]] = []
    for gift in (one.gift, *(tier.gift for tier in one.tiers or ())):
        if gift is not None:
            named += [(ref.text, ref.span) for ref in (gift.sku, gift.else_) if ref is not None]
    named += [(sku, _key(one, "bundle", sku)) for sku in one.bundle or {}]
    for sku, span in named:
        if around.products and sku not in around.products:
            found.add("OK730", span, suggestion=closest(sku, around.products), name=sku)
    file = one.price_file
    if file is not None and file.value not in set(around.files):
        found.add("OK880", file.span, suggestion=closest(file.value, around.files), name=file.value)
