"""OK2xx (250-299): one value of an order, row or command."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code("OK250", "error", "`{value}` is not a {kind}", "“{value}”不是所需的类型（{kind}）"),
    Code(
        "OK251",
        "error",
        "the text holds control or direction characters",
        "文本含有控制字符或方向字符",
        "remove the invisible characters",
        "请删去这些看不见的字符",
    ),
    Code("OK252", "error", "the text is longer than {longest} characters", "文本超过 {longest} 个字符"),
    Code(
        "OK253",
        "error",
        "`{value}` is an id that a spreadsheet has cut",
        "编号“{value}”已被电子表格截断",
        "export the file again with this column as text",
        "请把该列设为文本格式后重新导出",
    ),
    Code("OK254", "error", "`{value}` is not a number", "“{value}”不是数字"),
    Code("OK255", "error", "`{value}` is too large", "“{value}”太大"),
    Code("OK256", "error", "`{value}` is not a whole number", "“{value}”不是整数"),
    Code(
        "OK257",
        "error",
        "`{value}` is neither yes nor no",
        "“{value}”既不是“是”也不是“否”",
        "write true or false",
        "请写 true 或 false",
    ),
    Code("OK258", "error", "`{value}` is not in {currency}", "“{value}”的币种不是 {currency}"),
    Code(
        "OK259",
        "error",
        "`{value}` is finer than {currency} allows ({digits} decimals)",
        "“{value}”的小数位超过 {currency} 允许的 {digits} 位",
    ),
    Code(
        "OK260",
        "error",
        "`{value}` is not a moment",
        "“{value}”不是时间",
        "write it like 2026-06-18 10:00",
        "请写成 2026-06-18 10:00 的形式",
    ),
    Code(
        "OK261",
        "error",
        "`{value}` is not a date",
        "“{value}”不是日期",
        "write it like 2026-06-18",
        "请写成 2026-06-18 的形式",
    ),
    Code(
        "OK262",
        "error",
        "`{value}` is not a duration",
        "“{value}”不是时长",
        "write it like 30m, 24h, 3d or 2bd",
        "请写成 30m、24h、3d 或 2bd 的形式",
    ),
    Code("OK263", "error", "`{value}` is not a phone number", "“{value}”不是电话号码"),
    Code("OK264", "error", "`{value}` is not an e-mail address", "“{value}”不是邮箱地址"),
    Code("OK265", "error", "`{value}` is not a web address", "“{value}”不是网址"),
    Code("OK266", "error", "`{value}` is not one of: {allowed}", "“{value}”不在可选值中：{allowed}"),
    Code("OK267", "error", "`{field}` is missing", "缺少“{field}”"),
    Code("OK268", "error", "`{value}` is less than {least}", "“{value}”小于 {least}"),
    Code("OK269", "error", "`{value}` is more than {most}", "“{value}”大于 {most}"),
    Code("OK270", "error", "`{value}` has more than {most} characters", "“{value}”超过 {most} 个字符"),
    Code("OK271", "error", "`{value}` does not match the pattern {pattern}", "“{value}”不符合格式 {pattern}"),
    Code(
        "OK272",
        "error",
        "the project has no field `{field}`",
        "项目没有字段“{field}”",
        "declare it under `fields:` or take it out",
        "请在 fields: 中声明它，或删去它",
    ),
    Code("OK273", "error", "an order needs at least one line", "订单至少需要一行商品"),
    Code(
        "OK274",
        "error",
        "line `{field}` has no price, and `{value}` is not in the table of products",
        "“{field}”没有单价，商品表里也没有“{value}”",
        "add the sku to the products table or give a price",
        "请在商品表中加入该 SKU，或给出单价",
    ),
    Code(
        "OK276",
        "error",
        "the order is in {value}, the project is in {currency}",
        "订单币种为 {value}，项目币种为 {currency}",
    ),
)
