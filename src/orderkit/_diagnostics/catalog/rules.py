"""OK64x to OK69x: rules, effects, templates."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code(
        "OK668",
        "warning",
        "the rule does the same as `{other}`, at the same time and under the same condition",
        "该规则与“{other}”的触发时机、条件和动作都相同",
        "delete one of the two",
        "请删除其中一条",
    ),
    Code(
        "OK665",
        "error",
        "`{value}` is neither a country such as CN nor a day of the week",
        "“{value}”既不是国家代码（如 CN），也不是星期",
        "write {known}, or the two letters of a country",
        "请写 {known}，或两位国家代码",
    ),
    Code(
        "OK666",
        "error",
        "`{value}` are no hours of a day",
        "“{value}”不是一天中的时段",
        "write them like 09:00 .. 18:00; a period over midnight is two of them",
        "请写成 09:00 .. 18:00；跨午夜的时段请写成两段",
    ),
    Code(
        "OK667",
        "error",
        "`{value}` is neither a share of the target nor a length of time",
        "“{value}”既不是目标的百分比，也不是时长",
        "write it like 75% or 30m",
        "请写成 75% 或 30m",
    ),
    Code(
        "OK641",
        "error",
        "there is no effect `{name}`",
        "没有名为“{name}”的动作效果",
        "effects: {known}; the host's own are declared under `effects:`",
        "可用：{known}；宿主程序自己的须在 effects: 中声明",
    ),
    Code(
        "OK642",
        "error",
        "`{name}` takes no arguments",
        "“{name}”不带参数",
        "write `{name}` alone",
        "请只写 {name}",
    ),
    Code(
        "OK643",
        "error",
        "`{name}` needs {wanted}",
        "“{name}”需要{wanted}",
        "write it like `{example}`",
        "请写成 {example} 的形式",
    ),
    Code(
        "OK644",
        "error",
        "`{name}` has no argument `{argument}`",
        "“{name}”没有参数“{argument}”",
        "arguments: {known}",
        "可用参数：{known}",
    ),
    Code(
        "OK645",
        "error",
        "an effect is one word, or one name with its arguments",
        "一项动作效果只能是一个词，或一个名称加参数",
        "put each effect into its own entry of the list",
        "请把每项效果分别写成列表的一项",
    ),
    Code(
        "OK646",
        "error",
        "`notify` needs either `template` or `text`",
        "notify 需要 template 或 text 其中之一",
    ),
    Code(
        "OK648",
        "error",
        "{slot} may ask for `{name}` only in a flow of a part",
        "“{name}”只能用在部件的流程中（{slot}）",
    ),
    Code(
        "OK649",
        "error",
        "`of` takes only `order` here: an action of the part itself is fired without `of`",
        "这里的 of 只能写 order；触发部件自己的动作不用写 of",
        "write `of: order`, or leave it out",
        "请写 of: order，或删去它",
    ),
    Code(
        "OK650",
        "error",
        "`when` needs one of: event, enters, leaves, action, state",
        "when 需要 event、enters、leaves、action、state 之一",
    ),
    Code(
        "OK651",
        "error",
        "`state` needs `for`, and `for` needs `state`",
        "state 与 for 必须同时出现",
        "write `when: {state: …, for: 24h}`",
        "请写成 when: {state: …, for: 24h}",
    ),
    Code(
        "OK652",
        "warning",
        "`after` without `still`: the order may have moved on by then",
        "有 after 却没有 still：到那时订单可能已经变化",
        "add `still:` with what must still hold",
        "请用 still: 写明届时仍须成立的条件",
    ),
    Code(
        "OK653",
        "error",
        "`{value}` is neither a duration nor a variable that holds one",
        "“{value}”既不是时长，也不是存放时长的变量",
        "write it like 30m, 24h, 3d, or vars.x",
        "请写成 30m、24h、3d 或 vars.x",
    ),
    Code(
        "OK654",
        "warning",
        "the rule does the same as the timer of the state `{state}` ({place})",
        "该规则与状态“{state}”的定时器重复（{place}）",
        "keep one of the two",
        "保留其中之一即可",
    ),
    Code(
        "OK655",
        "error",
        "`again` needs `every`, and only rules with `for` or `after` can repeat",
        "again 需要 every，且只有带 for 或 after 的规则可以重复",
    ),
    Code(
        "OK656", "error", "`{name}` can only be waited for with `of: {part}`", "“{name}”需要写明 of: {part}"
    ),
)
