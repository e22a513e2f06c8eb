"""OK9xx (980-999): analysts' tests."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code(
        "OK980",
        "error",
        "a step is one of: {known}",
        "一个步骤只能是其中之一：{known}",
        "write exactly one of them in each step; what comes next is a step of its own",
        "每个步骤只写其中一个；接下来的内容另写一个步骤",
    ),
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
    Code(
        "OK984",
        "error",
        "there is nothing named `{name}` here",
        "这里没有“{name}”",
        "known: {known}",
        "已有：{known}",
    ),
    Code(
        "OK985",
        "error",
        "the value does not fit its column: {said}",
        "值与列的类型不符：{said_zh}",
        "write a value of the column's type",
        "请写符合该列类型的值",
    ),
    Code(
        "OK986",
        "error",
        "the row does not say which one it is: it has no `{name}`",
        "这一行没有写“{name}”，不知道是哪一条",
        "add `{name}: …` to the row",
        "请在这一行加上 {name}: …",
    ),
)
