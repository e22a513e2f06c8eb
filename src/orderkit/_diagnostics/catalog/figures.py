"""OK725 to OK739: promotions that can run and were hardly meant."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code(
        "OK725",
        "warning",
        "`percent_off: {value}` takes off {value} %, less than one hundredth",
        "percent_off: {value} 只减去 {value} %，不到百分之一",
        "88折 is `zhe: 8.8` or `percent_off: 12`; if so little is meant, write the sign: `{value}%`",
        "88折写 zhe: 8.8 或 percent_off: 12；如果确实只减这么少，请写上百分号：{value}%",
    ),
    Code(
        "OK726",
        "warning",
        "`zhe: {value}` leaves less than a tenth of the price",
        "zhe: {value} 之后价格不到原价的一成",
        "zhe is out of ten: 88折 is `zhe: 8.8`",
        "zhe 以十为满：88折写 zhe: 8.8",
    ),
    Code(
        "OK727",
        "warning",
        "this takes off {minus} from a purchase of {spend}: more than is spent",
        "满 {spend} 减 {minus}：减的比花的还多",
        "compare the two figures; they may be swapped",
        "请核对这两个数字，可能写反了",
    ),
    Code(
        "OK728",
        "error",
        "the code `{value}` belongs to two promotions",
        "券码“{value}”被两个活动使用",
        "give each promotion its own code",
        "请为每个活动写不同的券码",
    ),
    Code(
        "OK729",
        "warning",
        "the price {value} of `{name}` is above its list price {listed}, so it never applies",
        "“{name}”的活动价 {value} 高于标价 {listed}，永远不会生效",
        "write a lower price, or remove the entry",
        "请写更低的价格，或删去这一项",
    ),
    Code(
        "OK730",
        "warning",
        "no product has the sku `{name}`",
        "没有 SKU 为“{name}”的商品",
        "correct it, or add it to the product table",
        "请改正它，或把它加入商品表",
    ),
    Code(
        "OK731",
        "warning",
        "no product has the category `{name}`",
        "没有类目为“{name}”的商品",
        "correct it, or add it to the product table; categories there: {known}",
        "请改正它，或把它加入商品表；表中有：{known}",
    ),
)
