"""Refusals in the reader's language: what is refused, who may, from where, what was read, what is missing."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: Final[dict[str, str]] = {
    "unknown_action": "没有这个动作",
    "already": "已经做过",
    "not_in_state": "状态不允许",
    "role": "角色不允许",
    "held": "已被冻结",
    "needs": "资料不全",
    "guard": "条件不满足",
    "stock": "库存不足",
    "limit": "次数用完",
    "currency": "币种不符",
}
# A name such as `order.total` is worth showing with its value; a whole comparison only repeats the guard.
_PATH: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_PLACE: Final = re.compile(r" \(([^()]+:\d+:\d+)\)$")


def reason_word(reason: str, *, zh: bool) -> str:
    """Name the reason of a refusal for people.

    Args:
        reason: As `Refused.reason` has it.
        zh: Whether in Chinese.

    Returns:
        A few words; the reason itself in English.
    """
    return _WORDS.get(reason, reason) if zh else reason


def refusal_text(reason: str, details: Mapping[str, Any], message: str, *, zh: bool) -> str:
    """Say in one sentence why a command is refused.

    Args:
        reason: As `Refused.reason` has it.
        details: As `Refused.details` has them.
        message: The sentence in English.
        zh: Whether in Chinese.

    Returns:
        The sentence, with the line of YAML behind it where there is one.
    """
    if not zh:
        return message
    write = _SENTENCES.get(reason)
    said = write(details) if write else ""
    place = _PLACE.search(message)
    if not said:
        return message
    return f"{said}（{place[1]}）" if place else said


def values_read(details: Mapping[str, Any]) -> list[str]:
    """List the values a guard looked at, without its intermediate results.

    Args:
        details: As `Refused.details` has them.

    Returns:
        Lines such as `order.total = 316.00`, each name once.
    """
    lines = [
        f"{step['text']} = {'-' if step['value'] is None else step['value']}"
        for step in details.get("read", ())
        if _PATH.fullmatch(step["text"])
    ]
    return list(dict.fromkeys(lines))


def _unknown(details: Mapping[str, Any]) -> str:
    action, known = details.get("action", ""), list(details.get("known", ()))
    close = get_close_matches(action, known, n=1, cutoff=0.4)
    meant = f"；你是不是想写“{close[0]}”？" if close else ""
    return f"没有动作“{action}”{meant}" + ("" if close else f"；可用的动作：{'、'.join(known)}")


def _already(details: Mapping[str, Any]) -> str:
    return f"“{details.get('action', '')}”已经做过"


def _elsewhere(details: Mapping[str, Any]) -> str:
    if "from" not in details:
        return f"没有可以作为起点的状态“{details['state']}”" if "state" in details else ""
    sources = _listed(details["from"])
    return f"“{details['action']}”不能在“{details['state']}”状态下执行，只能在{sources}状态下执行"


def _role(details: Mapping[str, Any]) -> str:
    has = "、".join(details.get("roles", ())) or "无"
    return f"“{details.get('action', '')}”只能由{_listed(details.get('by', ()))}执行，当前角色：{has}"


def _needs(details: Mapping[str, Any]) -> str:
    if "needs" in details:
        codes, chinese = details.get("codes", {}), details.get("needs_zh", {})
        told = [
            f"{chinese.get(name, text)}{f' [{codes[name]}]' if name in codes else ''}"
            for name, text in details["needs"].items()
        ]
        return f"“{details.get('action', '')}”：{'；'.join(told)}"
    if "line" in details:
        return f"订单没有商品行“{details['line']}”，现有：{'、'.join(details['lines'])}"
    if "amount" in details:
        return "付款金额必须大于零"
    return "已没有可以退的商品" if "lines" in details else ""


def _guard(details: Mapping[str, Any]) -> str:
    if "if" in details:
        return f"“{details.get('action', '')}”要求：{details['if']}"
    if "line" in details and "asked" in details:
        return f"商品行 {details['line']} 还剩 {details['left']} 件，要求的是 {details['asked']} 件"
    if "asked" in details:
        return f"已付款中只剩 {details['left']}，要求的是 {details['asked']}"
    if "refunded" in details:
        paid, back = details["paid"], details["refunded"]
        return f"退款 {details['amount']} 超过了剩余的已付款（已付 {paid}，已退 {back}）"
    return f"这个命令引出的步骤超过 {details['steps'] - 1} 步" if "steps" in details else ""


def _stock(details: Mapping[str, Any]) -> str:
    if "short" in details:
        return "，".join(f"{sku} 缺 {units} 件" for sku, units in details["short"].items())
    told = [f"{sku} 的在库数不能是 {units}" for sku, units in details.get("on_hand", {}).items()]
    return "，".join(told)


def _limit(details: Mapping[str, Any]) -> str:
    if "promotion" not in details:
        return ""
    whose = f"客户 {details['customer']} " if "customer" in details else ""
    return f"促销“{details['promotion']}”{whose}最多使用 {details['limit']} 次，已经用完"


def _listed(names: Any) -> str:
    return "、".join(f"“{name}”" for name in names)


_SENTENCES: Final = {
    "unknown_action": _unknown,
    "already": _already,
    "not_in_state": _elsewhere,
    "role": _role,
    "needs": _needs,
    "guard": _guard,
    "stock": _stock,
    "limit": _limit,
}
