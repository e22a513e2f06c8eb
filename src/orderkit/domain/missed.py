"""Promotions that gave nothing, and what was lacking, in words for the person at the till."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from orderkit.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Span


class MissReason(StrEnum):
    """Why a promotion gave nothing; hosts may branch on the words."""

    PERIOD = "period"
    CHANNEL = "channel"
    CUSTOMERS = "customers"
    CODE = "code"
    UNKNOWN_CODE = "unknown_code"
    CURRENCY = "currency"
    LIMIT = "limit"
    CONDITION = "condition"
    NOT_COMPUTABLE = "not_computable"
    GOODS = "goods"
    SPEND = "spend"
    UNITS = "units"
    NEXT_TIER = "next_tier"
    BETTER = "better"
    NO_EFFECT = "no_effect"
    DISTINCT = "distinct"
    CONTAINS = "contains"
    PAYMENT = "payment"
    STOCK = "stock"
    EXCLUSIVE = "exclusive"
    BEYOND = "beyond_limit"
    SPENT_CODE = "spent_code"


_REASONS: Final[dict[MissReason, tuple[str, str]]] = {
    MissReason.PERIOD: ("not running at this time", "此时不在活动时间内"),
    MissReason.CHANNEL: ("not for this channel", "不适用于此渠道"),
    MissReason.CUSTOMERS: ("not for this customer", "不适用于此客户"),
    MissReason.CODE: ("its code was not entered", "未输入券码"),
    MissReason.UNKNOWN_CODE: ("no promotion knows the code {code}", "没有活动使用券码 {code}"),
    MissReason.CURRENCY: ("has no value in {currency}", "没有 {currency} 的金额"),
    MissReason.LIMIT: ("used up", "使用次数已用完"),
    MissReason.CONDITION: ("its condition does not hold", "不满足条件"),
    MissReason.NOT_COMPUTABLE: (
        "its condition cannot be computed: {said} [{code}]",
        "条件无法计算：{said_zh} [{code}]",
    ),
    MissReason.GOODS: ("none of its goods are left in the cart", "购物车中没有可用的适用商品"),
    MissReason.SPEND: ("{short} more", "还差 {short}"),
    MissReason.UNITS: ("{short} more unit{s}", "还差 {short} 件"),
    MissReason.NEXT_TIER: ("{short} more for the next tier", "还差 {short} 可享下一档"),
    MissReason.BETTER: ("{winners} saves more", "{winners} 更优惠"),
    MissReason.NO_EFFECT: ("nothing to take off", "没有可减的金额"),
    MissReason.DISTINCT: ("{short} more kind{s} of goods", "还差 {short} 种商品"),
    MissReason.CONTAINS: (
        "{short} more unit{s} of the goods that have to be bought",
        "还差 {short} 件指定商品",
    ),
    MissReason.PAYMENT: ("not for this way of paying", "不适用于此支付方式"),
    MissReason.STOCK: ("its gift is out of stock", "赠品缺货"),
    MissReason.EXCLUSIVE: ("{winners} applies alone", "{winners} 不与其他活动同享"),
    MissReason.SPENT_CODE: ("the code {code} has been used", "券码 {code} 已被使用"),
    MissReason.BEYOND: ("{short} unit{s} beyond its limit", "超出限量 {short} 件"),
}
_UNITS_TO_NEXT_TIER: Final = ("{short} more unit{s} for the next tier", "还差 {short} 件可享下一档")


@dataclass(frozen=True, slots=True)
class Missed:
    """A promotion that gave nothing, or a tier that was not reached, and what was lacking.

    Args:
        promotion: Its name; empty for a code that nothing knows and for `pricing.shipping.free_over`.
        label: What people call it, or the code as it was entered.
        reason: Why.
        short_by: Money or units lacking, where that is the reason.
        span: The line of YAML that refused it.
        params: What the wording names, such as the promotion that gave more.
    """

    promotion: str
    label: str
    reason: MissReason
    short_by: Money | int | None = None
    span: Span | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Word the reason for the person at the till.

        Args:
            lang: `en` or `zh`.

        Returns:
            A phrase that stands beside the promotion's name.
        """
        texts = _REASONS[self.reason]
        if self.reason is MissReason.NEXT_TIER and isinstance(self.short_by, int):
            texts = _UNITS_TO_NEXT_TIER
        short = f"{self.short_by.amount:,f}" if isinstance(self.short_by, Money) else self.short_by
        return fill(texts[lang == "zh"], {"short": short, "s": "" if short == 1 else "s", **self.params})


def fill(text: str, params: dict[str, object]) -> str:
    """Fill the holes of a sentence.

    Args:
        text: With `{holes}`.
        params: Values by name.

    Returns:
        The sentence.
    """
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text
