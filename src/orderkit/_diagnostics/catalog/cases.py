"""OK9xx (980-999): analysts' tests."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code("OK980", "error", "a step is one of: {known}", "一个步骤只能是其中之一：{known}"),
    Code(
        "OK981",
        "error",
        "`expect` knows no `{name}`",
        "expect 中没有“{name}”",
        "it may name: {known}",
        "可以写：{known}",
    ),
    Code(
        "OK982",
        "error",
        "the case has neither `steps` nor `price`",
        "用例既没有 steps 也没有 price",
        "write `steps:` with place, fire, wait and expect, or `price:` with `expect:`",
        "请写 steps:（place、fire、wait、expect），或写 price: 加 expect:",
    ),
    Code(
        "OK983",
        "error",
        "`{value}` is no refusal reason",
        "“{value}”不是拒绝原因",
        "reasons: {known}",
        "原因：{known}",
    ),
)
