"""The nine areas of codes: what each is about, and why it is checked before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """The codes of one hundred.

    Args:
        digit: The hundred.
        en: What they are about.
        zh: The same in Chinese.
        why_en: Why such a mistake is told before anything runs.
        why_zh: The same in Chinese.
    """

    digit: str
    en: str
    zh: str
    why_en: str
    why_zh: str


AREAS: Final[tuple[Area, ...]] = (
    Area(
        "1",
        "reading the YAML text",
        "读取 YAML 文本",
        "What cannot be read, or reads as something else than it looks like, would be lost without a word.",
        "读不出来的内容，或读出来和看上去不一样的内容，否则会悄悄丢失。",
    ),
    Area(
        "2",
        "shape of the sections: keys and values",
        "各部分的形状：键和值",
        "A key that nothing reads changes nothing: a misspelt one has to be told, not passed over.",
        "没有程序读取的键不起任何作用；写错的键必须指出，不能忽略。",
    ),
    Area(
        "3",
        "names that files use of each other",
        "文件之间互相引用的名称",
        "A name that is declared nowhere would only be noticed when an order needs it.",
        "没有声明的名称，要到订单用到它时才会暴露。",
    ),
    Area(
        "4",
        "types of fields, tables and expressions",
        "字段、表和表达式的类型",
        "Values of different types compare or add up to nonsense; the wrong amount would be believed.",
        "类型不同的值比较或相加没有意义，而错误的金额会被当真。",
    ),
    Area(
        "5",
        "writing of expressions",
        "表达式的写法",
        "An expression decides about money and states, so only one meaning may be possible.",
        "表达式决定金额和状态，因此只能有一种含义。",
    ),
    Area(
        "6",
        "flows, rules, effects and calendars",
        "流程、规则、动作效果和日历",
        "An order that cannot leave a state, or an effect that cannot run, stays unnoticed for days.",
        "无法离开某个状态的订单，或无法执行的效果，可能几天都没人发现。",
    ),
    Area(
        "7",
        "prices and promotions",
        "价格和促销",
        "A price is promised to a customer the moment it is shown.",
        "价格一旦展示，就是对顾客的承诺。",
    ),
    Area(
        "8",
        "channels, gateways and tables",
        "渠道、支付网关和数据表",
        "A column that is mapped wrong damages every order of a file.",
        "列映射错误会损坏整个文件里的所有订单。",
    ),
    Area(
        "9",
        "reports and cases",
        "报表和用例",
        "A figure of the wrong grain looks right; a case that tests nothing passes.",
        "粒度错误的数字看上去是对的；什么都没验证的用例也会通过。",
    ),
)


def area_of(code: str) -> Area | None:
    """Find the area of a code, or of the beginning of one such as `OK3`.

    Args:
        code: A code in capitals.

    Returns:
        The area, or none where there is no such hundred.
    """
    return next((one for one in AREAS if code.startswith(f"OK{one.digit}")), None)
