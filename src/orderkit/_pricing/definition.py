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
        raise Mistake("OK717", node.span, value=shorten(node.text))
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

    sku: Many[Text] | None = Field(None, description="Any of these skus")
    category: Many[Text] | None = Field(None, description="Any of these categories")
    price: Located[Text] | None = Field(None, description="Unit list price as a range, such as 80 ..")
    set_: Ref | None = Field(None, alias="set", description="Name of a set under pricing.goods")
    except_: "Many[GoodsDefinition] | None" = Field(
        None, alias="except", description="Goods that do not belong"
    )

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

    spend: Amount | None = Field(None, description="Least amount of the scope, inclusive")
    units: Located[Whole] | None = Field(None, description="Least units in the scope, inclusive")
    minus: Amount | None = Field(None, description="Amount taken off")
    percent_off: Located[Percent] | None = Field(None, description="Share taken off, 20 for 20 %")
    zhe: Located[Number] | None = Field(None, description="The same in tenths that remain: 8 for 20 % off")
    at_most: Amount | None = Field(None, description="Cap of what is taken off")
    free: Choice[Literal["shipping"]] | None = Field(None, description="What becomes free")

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

    per_customer: Located[Whole] | None = Field(None, description="Uses of one customer")
    total: Located[Whole] | None = Field(None, description="Uses altogether")


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

    stage: Ref = Field(description="Stage in which it applies")
    name: Text | None = Field(None, description="What people call it")
    active: Located[Text] | None = Field(
        None, description="When it runs: 2026-06-16 20:00 .. 2026-06-20 24:00, the end exclusive"
    )
    channel: Many[Text] | None = Field(None, description="Only orders of these channels")
    goods: GoodsDefinition | None = Field(
        None, description="Its scope: a set of pricing.goods, or one written here"
    )
    customers: Raw | None = Field(
        None, description="Whom it is for: a set of pricing.customers, or one written here"
    )
    code: Located[Text] | None = Field(None, description="Code the customer enters")
    if_: Expr | None = Field(None, alias="if", description="Condition that no other key covers")
    spend: Amount | None = Field(None, description="Least amount of the scope, inclusive")
    units: Located[Whole] | None = Field(None, description="Least units in the scope, inclusive")
    minus: Amount | None = Field(None, description="Amount taken off")
    every_spend: Amount | None = Field(
        None, description="Takes `minus` off once for every full step of this amount"
    )
    percent_off: Located[Percent] | None = Field(None, description="Share taken off, 20 for 20 %")
    zhe: Located[Number] | None = Field(None, description="The same in tenths that remain: 8 for 20 % off")
    price: Named[Amount] | None = Field(None, description="Unit price by sku, where it is lower")
    free: Choice[Literal["shipping"]] | None = Field(None, description="What becomes free")
    tiers: Listed[TierDefinition] | None = Field(
        None, description="Several steps, the highest one reached counts: 满300减40, or spend and minus"
    )
    at_most: Amount | None = Field(None, description="Cap of what is taken off")
    limit: LimitDefinition | None = Field(None, description="How often it may be used")
    paid_by: Raw | None = Field(None, description="Who bears it, with shares")
    thresholds: Choice[Literal["net", "list"]] | None = Field(
        None, description="What `spend` looks at: what earlier stages left, or list prices"
    )
    base: Choice[Literal["net", "list"]] | None = Field(None, description="What a percentage is taken of")
    together: Choice[Literal["all"]] | None = Field(
        None, description="Applies beside the winner of its stage"
    )


class StageDefinition(Definition):
    """One stage, by its name or with what its promotions compete for."""

    name: Ref = Field(description="Its name")
    works_on: Choice[Literal["units", "lines"]] | None = Field(
        None, description="Whether it hands out units or whole lines"
    )

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

    fee: Amount | None = Field(None, description="Fee of an order")
    free_over: Amount | None = Field(None, description="No fee from this amount on")


class PricingDefinition(Definition):
    """The section `pricing:`."""

    later: ClassVar[frozenset[str]] = frozenset({"floor", "points", "tax"})

    stages: Listed[StageDefinition] | None = Field(None, description="Stages in order")
    thresholds: Choice[Literal["net", "list"]] = Field(
        "net", description="What `spend` looks at: what earlier stages left, or list prices"
    )
    base: Choice[Literal["net", "list"]] = Field("net", description="What a percentage is taken of")
    rounding: Choice[Literal["half_up", "half_even", "half_down", "down", "up"]] = Field(
        "half_up", description="How a rest below one minor unit is settled"
    )
    split: Choice[Literal["largest_remainder"]] = Field(
        "largest_remainder", description="How an order discount is spread over lines"
    )
    goods: Named[GoodsDefinition] = Field(default_factory=dict, description="Named sets of goods")
    customers: Named[Raw] = Field(default_factory=dict, description="Named sets of customers")
    shipping: ShippingDefinition | None = Field(None, description="The fee")
