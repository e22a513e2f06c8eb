"""OK60x to OK63x: life cycles."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code(
        "OK613",
        "warning",
        "nothing goes through the flow `{name}`",
        "没有任何对象走流程“{name}”",
        "orders go through the flow `order`, parts through the one they name",
        "订单走名为 order 的流程，部件走它写明的流程",
    ),
    Code(
        "OK601",
        "error",
        "the action needs `to`, `choose` or `do`: it would do nothing",
        "该动作需要 to、choose 或 do，否则什么也不做",
        "write where it leads (`to: …`) or what it does (`do: […]`)",
        "请写明去向（to: …）或动作（do: […]）",
    ),
    Code(
        "OK602",
        "error",
        "an action has either `choose` or `to`, not both",
        "动作只能有 choose 或 to 之一",
        "take one of the two out; rows of `choose` have their own `to`",
        "请删去其一；choose 的每一行有自己的 to",
    ),
    Code(
        "OK603",
        "warning",
        "no row of `choose` is without `if`: some orders would be refused",
        "choose 中没有不带 if 的行：有些订单会被拒绝",
        "let the last row have no `if`",
        "让最后一行不带 if",
    ),
    Code(
        "OK604",
        "warning",
        "this row is never reached: an earlier row has no `if`",
        "此行永远不会被用到：前面已有不带 if 的行",
        "move the row without `if` to the end",
        "请把不带 if 的行移到最后",
    ),
    Code(
        "OK605",
        "warning",
        "nothing leads to the state `{name}`",
        "没有任何动作通向状态“{name}”",
        "add an action with `to: {name}`, or delete the state",
        "请增加 to: {name} 的动作，或删去该状态",
    ),
    Code(
        "OK606",
        "warning",
        "nothing leads out of `{name}`, and it is no `end`",
        "状态“{name}”没有出口，也不是终点",
        "write `end: done` or `end: canceled`, or add an action from it",
        "请写 end: done 或 end: canceled，或增加从它出发的动作",
    ),
    Code(
        "OK607",
        "error",
        "`{action}` cannot be fired from `{state}`",
        "动作“{action}”不能从状态“{state}”触发",
        "add `{state}` to its `from`, or fire another action",
        "请把“{state}”加入它的 from，或改为触发别的动作",
    ),
    Code(
        "OK608",
        "error",
        "`{action}` is fired by the system here, but `by` does not name `system`",
        "这里由系统触发“{action}”，但它的 by 中没有 system",
        "add `system` to its `by`",
        "请在它的 by 中加入 system",
    ),
    Code(
        "OK609",
        "error",
        "`{action}` is fired by the system here, but it needs `{need}`, which nobody gives",
        "这里由系统触发“{action}”，但它需要“{need}”，无人提供",
        "give the need a default, or fire another action",
        "请给它一个 default，或改为触发别的动作",
    ),
    Code(
        "OK610",
        "warning",
        "the timer closes the order while `{event}` may still arrive, and `{state}` does not answer it",
        "定时器关闭订单时“{event}”仍可能到来，而状态“{state}”没有应答它",
        "add an action with `answers: {event}` and `from: {state}`",
        "请增加带 answers: {event}、from: {state} 的动作",
    ),
    Code(
        "OK611",
        "error",
        "`from` is a state, a list of states, `any`, or `{any_but: […]}`",
        "from 应为一个状态、状态列表、any 或 {any_but: […]}",
        "write it like `from: [paid, packing]` or `from: {any_but: [closed]}`",
        "请写成 from: [已支付, 待发货] 或 from: {any_but: [已关闭]} 的形式",
    ),
    Code(
        "OK612",
        "warning",
        "the timer leaves reserved stock behind",
        "定时器触发后仍占用库存",
        "add `release_stock` to the action `{action}`",
        "请在动作“{action}”中加入 release_stock",
    ),
    Code(
        "OK615",
        "warning",
        "automatic steps run in a circle: {names}",
        "自动步骤形成循环：{names}",
        "let one of them need a person",
        "请让其中一步由人触发",
    ),
)
