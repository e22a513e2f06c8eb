"""What an analyst may write under `pricing:` and `promotions:`."""

import re
from typing import ClassVar, Final, Literal

from pydantic import Field

from orderkit._text.definition import (
    Amount,
    Choice,
    Definition,
    Expr,
    Flag,
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
        tier["free"] = node._replace(text="shipping", key=None)
    return tier


class GoodsDefinition(Definition):
    """A set of goods, or the name of one."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

    sku: Many[Text] | None = Field(None, description="Any of these skus")
    category: Many[Text] | None = Field(None, description="Any of these categories")
    fields: Named[Many[Text]] = Field(
        default_factory=dict, description="Other fields of the product or line, with the values they may have"
    )
    discounted: Flag | None = Field(
        None, description="Only units that cost less than their list price already, or only the others"
    )
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


class GiftDefinition(Definition):
    """What is given along, as lines of their own."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

    sku: Ref = Field(description="Sku of the gift")
    units: Whole = Field(1, ge=1, description="How many of it")
    else_: Ref | None = Field(
        None, alias="else", description="Sku that is given where the gift is out of stock"
    )

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read a bare sku.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return {"sku": node} if isinstance(node, ScalarNode) else None


class BuyDefinition(Definition):
    """What has to be bought beside the goods that get cheaper."""

    goods: GoodsDefinition = Field(description="The set that triggers the promotion")
    units: Whole = Field(1, ge=1, description="How many units of it")


class CodesDefinition(Definition):
    """A batch of single-use codes."""

    prefix: Text = Field("", description="What every code begins with")
    count: Located[Whole] = Field(description="How many codes there are")
    length: Located[Whole] = Field(description="Signs behind the prefix; few signs are easily guessed")


class TimesDefinition(Definition):
    """How often a group may repeat; `times: 3` is three times an order."""

    shorts: ClassVar[tuple[str, ...]] = ("integer",)

    per_order: Whole | None = Field(None, ge=1, description="Times an order")
    per_line: Whole | None = Field(None, ge=1, description="Times a line")

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read a bare number as times an order.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return {"per_order": node} if isinstance(node, ScalarNode) else None


class RefundPolicyDefinition(Definition):
    """What a return does to the promotion it was bought under."""

    threshold: Choice[Literal["keep", "recalculate"]] | None = Field(
        None, description="Whether what is kept has to reach the threshold"
    )
    gift: Choice[Literal["return_or_pay", "keep", "charge"]] | None = Field(
        None, description="What becomes of the gift"
    )
    value: Amount | None = Field(None, description="What one unit of the gift costs that is not returned")
    coupon: Choice[Literal["return_if_all_refunded", "split", "lost"]] | None = Field(
        None, description="What becomes of the coupon"
    )
    shipping: Choice[Literal["keep", "rebill"]] | None = Field(
        None, description="What becomes of a fee that was free"
    )


class TierDefinition(Definition):
    """One step of a promotion, such as `{spend: 300, minus: 40}` or `满300减40`."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

    spend: Amount | None = Field(None, description="Least amount of the scope, inclusive")
    units: Located[Whole] | None = Field(None, description="Least units in the scope, inclusive")
    minus: Amount | None = Field(None, description="Amount taken off")
    percent_off: Located[Percent] | None = Field(None, description="Share taken off, 20 for 20 %")
    zhe: Located[Number] | None = Field(None, description="The same in tenths that remain: 8 for 20 % off")
    at_most: Amount | None = Field(None, description="Cap of what is taken off")
    free: Choice[Literal["shipping"]] | None = Field(None, description="What becomes free")
    price: Amount | None = Field(None, description="Unit price of the scope")
    gift: GiftDefinition | None = Field(None, description="What is given along")
    points: Located[Whole] | None = Field(None, description="Points that are given")

    @classmethod
    def short(cls, node: Node) -> Node | dict[str, Node] | None:
        """Read the form that shops print on their banners.

        Args:
            node: A scalar or a list.

        Returns:
            The full form of a scalar.
        """
        return _spoken_tier(node) if isinstance(node, ScalarNode) else None


class DemandDefinition(Definition):
    """Conditions that are joined: a mapping means all of them, `any` at least one of a list."""

    all_: "Listed[DemandDefinition]" = Field((), alias="all", description="Every one of these")
    any_: "Listed[DemandDefinition]" = Field((), alias="any", description="At least one of these")
    spend: Amount | None = Field(None, description="Least amount of the scope, inclusive")
    units: Located[Whole] | None = Field(None, description="Least units in the scope, inclusive")
    distinct: Located[Whole] | None = Field(None, description="Least number of different skus in the scope")
    contains: Many[GoodsDefinition] = Field((), description="Sets of goods the cart must hold")
    customers: Raw | None = Field(None, description="A set of customers")
    channel: Many[Text] | None = Field(None, description="One of these channels")
    payment: Many[Text] | None = Field(None, description="One of these ways of paying")
    hours: Many[Located[Text]] = Field((), description="Hours of a day, such as 10:00 .. 12:00")
    weekdays: Many[Choice[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]] = Field(
        (), description="Days of the week"
    )
    if_: Expr | None = Field(None, alias="if", description="Condition that no other key covers")


class LimitDefinition(Definition):
    """How often a promotion may be used."""

    budget: Amount | None = Field(None, description="Money given away altogether")
    units: Located[Whole] | None = Field(None, description="Units sold at this price altogether")
    units_per_customer: Located[Whole] | None = Field(None, description="Units of one customer")
    per_customer: Located[Whole] | None = Field(None, description="Uses of one customer")
    total: Located[Whole] | None = Field(None, description="Uses altogether")


class PromotionDefinition(Definition):
    """One entry of `promotions:`."""

    later: ClassVar[frozenset[str]] = frozenset({"best_for"})

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
    payment: Many[Text] | None = Field(None, description="Only orders paid in one of these ways")
    if_: Expr | None = Field(None, alias="if", description="Condition that no other key covers")
    distinct: Located[Whole] | None = Field(None, description="Least number of different skus in the scope")
    contains: Many[GoodsDefinition] = Field(
        (), description="Sets of goods the cart must hold, in the scope or not"
    )
    when: "DemandDefinition | None" = Field(None, description="Conditions joined by `all` and `any`")
    spend: Amount | None = Field(None, description="Least amount of the scope, inclusive")
    units: Located[Whole] | None = Field(None, description="Least units in the scope, inclusive")
    minus: Amount | None = Field(None, description="Amount taken off")
    per: Choice[Literal["scope", "line", "unit"]] | None = Field(
        None, description="Whether `minus` is taken off the scope, each line or each unit"
    )
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
    codes: CodesDefinition | None = Field(None, description="A batch of codes, each used once")
    price_file: Located[Text] | None = Field(None, description="CSV file with columns sku and price")
    bundle: Named[Whole] | None = Field(None, description="Units by sku that make one set; with `for`")
    any_: Located[Whole] | None = Field(None, alias="any", description="So many units of `goods`; with `for`")
    for_: Amount | None = Field(None, alias="for", description="Price of one set")
    buy: BuyDefinition | None = Field(None, description="What has to be bought beside the goods")
    every_units: Located[Whole] | None = Field(None, description="Units of one group")
    get: Located[Whole] | None = Field(None, description="Units of each group that get the benefit")
    pick: Choice[Literal["cheapest", "dearest"]] | None = Field(
        None, description="Which units get the benefit; without it the last ones of each group"
    )
    times: TimesDefinition | None = Field(None, description="How often a group may repeat")
    gift: GiftDefinition | None = Field(None, description="What is given along")
    points: Located[Whole] | None = Field(None, description="Points that are given")
    hours: Many[Located[Text]] = Field((), description="Hours of a day, such as 10:00 .. 12:00")
    weekdays: Many[Choice[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]] = Field(
        (), description="Days of the week"
    )
    not_with: Many[Ref] = Field(
        (), description="Stages or promotions that do not see the units this one priced"
    )
    exclusive: Flag = Field(False, description="Whether it applies alone, in all stages")
    priority: Whole = Field(0, description="Of two exclusive ones the larger counts")
    best_for: Choice[Literal["customer", "shop"]] | None = Field(None, description="Whose best choice counts")
    beyond_limit: Choice[Literal["regular_price", "refuse"]] | None = Field(
        None, description="What units beyond the limit cost"
    )
    on_refund: RefundPolicyDefinition | None = Field(None, description="What a return does")
    with_shipping: Flag = Field(False, description="Whether the fee is one more share of what is taken off")
    amounts: Choice[Literal["gross", "net"]] | None = Field(
        None, description="Whether its amounts include tax where prices do not"
    )


class StageDefinition(Definition):
    """One stage, by its name or with what its promotions compete for."""

    shorts: ClassVar[tuple[str, ...]] = ("string",)

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


class TaxDefinition(Definition):
    """Tax of goods and of the fee."""

    included: Flag = Field(True, description="Whether prices include it")
    rate: Percent = Field(description="The usual rate")
    rates: Named[Percent] = Field(default_factory=dict, description="Other rates by set of pricing.goods")
    shipping: Percent | None = Field(None, description="Rate of the fee")
    round: Choice[Literal["line", "rate"]] = Field(
        "line", description="Whether it is rounded on each line or once for each rate of the order"
    )


class PointsDefinition(Definition):
    """Points as a means of payment."""

    worth: Amount = Field(description="What one point is worth")
    at_most: Raw | None = Field(
        None, description="Most that points may pay: a share such as 50%, or an amount"
    )


class PricingDefinition(Definition):
    """The section `pricing:`."""

    stages: Listed[StageDefinition] | None = Field(None, description="Stages in order")
    thresholds: Choice[Literal["net", "list"]] = Field(
        "net", description="What `spend` looks at: what earlier stages left, or list prices"
    )
    base: Choice[Literal["net", "list"]] = Field("net", description="What a percentage is taken of")
    rounding: Choice[Literal["half_up", "half_even", "half_down", "down", "up"]] = Field(
        "half_up", description="How a rest below one minor unit is settled"
    )
    split: Choice[
        Literal["largest_remainder", "last_line", "cascade", "half_up_last", "truncate_last", "running_delta"]
    ] = Field("largest_remainder", description="How an order discount is spread over lines")
    goods: Named[GoodsDefinition] = Field(default_factory=dict, description="Named sets of goods")
    customers: Named[Raw] = Field(default_factory=dict, description="Named sets of customers")
    shipping: ShippingDefinition | None = Field(None, description="The fee")
    tax: TaxDefinition | None = Field(None, description="Tax of goods and of the fee")
    floor: Ref | None = Field(None, description="Money field of products below which no unit is sold")
    points: PointsDefinition | None = Field(None, description="Points as a means of payment")
    best_for: Choice[Literal["customer", "shop"]] | None = Field(None, description="Whose best choice counts")
