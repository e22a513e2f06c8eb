"""What an analyst may write under `pricing:` and `promotions:`."""

import re
from dataclasses import replace
from typing import ClassVar, Final, Literal

from pydantic import Field

from orderkit._text.definition import (
    Amount,
    Choice,
    Definition,
    Expr,
    Listed,
    Located,
    Many,
    Named,
    Number,
    Percent,
    Raw,
    Ref,
    Text,
    Whole,
)
from orderkit._text.nodes import Node, ScalarNode
from orderkit._text.values import Mistake, shorten

_FIGURE: Final = r"\s*([0-9]+(?:\.[0-9]+)?)\s*"
_THRESHOLD: Final = re.compile(rf"满{_FIGURE}(元|件)?").match
_GAIN: Final = re.compile(rf"[,，]?\s*(?:(减){_FIGURE}元?|打?{_FIGURE}(折)|(包邮|免运费))").fullmatch


def _part(node: ScalarNode, start: int, end: int) -> ScalarNode:
    """Cut a figure out of a short form, with its own place where the text stands as written."""
    span = node.span
    plain = not node.style and span.line == span.end_line and span.end_column - span.column == len(node.text)
    return ScalarNode(node.text[start:end], span.part(start, end) if plain else span)


def _spoken_tier(node: ScalarNode) -> dict[str, Node]:
    """Read `满300减40`, `满2件8折` or `满99包邮`."""
    least = _THRESHOLD(node.text.strip())
    shift = len(node.text) - len(node.text.lstrip())
    rest = None if least is None else _GAIN(node.text.strip(), least.end())
    if least is None or rest is None:
        raise Mistake("OK617", node.span, value=shorten(node.text))
    asked = "units" if least[2] == "件" else "spend"
    tier: dict[str, Node] = {asked: _part(node, least.start(1) + shift, least.end(1) + shift)}
    if rest[1]:
        tier["minus"] = _part(node, rest.start(2) + shift, rest.end(2) + shift)
    elif rest[4]:
        tier["zhe"] = _part(node, rest.start(3) + shift, rest.end(3) + shift)
    else:
        tier["free"] = replace(node, text="shipping", key=None)
    return tier


class GoodsDefinition(Definition):
    """A set of goods, or the name of one."""

    sku: Many[Text] | None = None
    category: Many[Text] | None = None
    price: Located[Text] | None = None
    set_: Ref | None = Field(None, alias="set")
    except_: "Many[GoodsDefinition] | None" = Field(None, alias="except")

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read a bare name as the set of that name.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return {"set": node} if isinstance(node, ScalarNode) else None


class TierDefinition(Definition):
    """One step of a promotion, such as `{spend: 300, minus: 40}` or `满300减40`."""

    later: ClassVar[frozenset[str]] = frozenset({"gift", "points", "price", "for"})

    spend: Amount | None = None
    units: Located[Whole] | None = None
    minus: Amount | None = None
    percent_off: Located[Percent] | None = None
    zhe: Located[Number] | None = None
    at_most: Amount | None = None
    free: Choice[Literal["shipping"]] | None = None

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read the form that shops print on their banners.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return _spoken_tier(node) if isinstance(node, ScalarNode) else None


class LimitDefinition(Definition):
    """How often a promotion may be used."""

    later: ClassVar[frozenset[str]] = frozenset({"budget", "units", "units_per_customer"})

    per_customer: Located[Whole] | None = None
    total: Located[Whole] | None = None


class PromotionDefinition(Definition):
    """One entry of `promotions:`."""

    later: ClassVar[frozenset[str]] = frozenset(
        {
            "amounts",
            "any",
            "best_for",
            "beyond_limit",
            "bundle",
            "buy",
            "codes",
            "every_units",
            "exclusive",
            "for",
            "get",
            "gift",
            "hours",
            "not_with",
            "on_refund",
            "pick",
            "points",
            "price_file",
            "priority",
            "times",
            "weekdays",
            "with_shipping",
        }
    )

    stage: Ref
    name: Text | None = None
    active: Located[Text] | None = None
    channel: Many[Text] | None = None
    goods: GoodsDefinition | None = None
    customers: Raw | None = None
    code: Located[Text] | None = None
    if_: Expr | None = Field(None, alias="if")
    spend: Amount | None = None
    units: Located[Whole] | None = None
    minus: Amount | None = None
    every_spend: Amount | None = None
    percent_off: Located[Percent] | None = None
    zhe: Located[Number] | None = None
    price: Named[Amount] | None = None
    free: Choice[Literal["shipping"]] | None = None
    tiers: Listed[TierDefinition] | None = None
    at_most: Amount | None = None
    limit: LimitDefinition | None = None
    paid_by: Raw | None = None
    thresholds: Choice[Literal["net", "list"]] | None = None
    base: Choice[Literal["net", "list"]] | None = None
    together: Choice[Literal["all"]] | None = None


class StageDefinition(Definition):
    """One stage, by its name or with what its promotions compete for."""

    name: Ref
    works_on: Choice[Literal["units", "lines"]] | None = None

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read a bare name.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return {"name": node} if isinstance(node, ScalarNode) else None


class ShippingDefinition(Definition):
    """What sending costs."""

    fee: Amount | None = None
    free_over: Amount | None = None


class PricingDefinition(Definition):
    """The section `pricing:`."""

    later: ClassVar[frozenset[str]] = frozenset({"floor", "points", "tax"})

    stages: Listed[StageDefinition] | None = None
    thresholds: Choice[Literal["net", "list"]] = "net"
    base: Choice[Literal["net", "list"]] = "net"
    rounding: Choice[Literal["half_up", "half_even", "half_down", "down", "up"]] = "half_up"
    split: Choice[Literal["largest_remainder"]] = "largest_remainder"
    goods: Named[GoodsDefinition] = Field(default_factory=dict)
    customers: Named[Raw] = Field(default_factory=dict)
    shipping: ShippingDefinition | None = None
