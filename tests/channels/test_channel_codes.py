"""Every message of channels, produced once: at load by a definition, at import by a file or payload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orderkit._diagnostics.catalog.channels import CODES
from orderkit.errors import InvalidOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.channels.conftest import Shop


def channel(text: str) -> str:
    return "channels:\n  tb: " + text


ORDER = "order: {key: 编号, map: {external_number: 编号, total: 金额, placed_at: 时间}}"
FILES = "files: {orders: {has: [编号, 金额]}}"
TRUST = "trust: [total]"
MAP = "order: {{key: 编号, map: {{placed_at: 时间, total: 金额, {more}}}}}"


def mapped(more: str) -> str:
    return channel(f"{{{FILES}, {TRUST}, {MAP.format(more=more)}}}")


def extra(more: str) -> str:
    return channel(f"{{{FILES}, {TRUST}, {ORDER}, {more}}}")


LOAD: dict[str, tuple[str, str]] = {
    "OK801": (mapped("reciever: 收件人"), "reciever"),
    "OK802": (mapped("big: 大单"), "big"),
    "OK803": (mapped("receiver: {clean: [strip]}"), "receiver"),
    "OK804": (mapped("receiver: {from: 收件人, clean: [colapse]}"), "colapse"),
    "OK805": (mapped("state: {from: 状态, as: {成功: 完城}}"), "完城"),
    "OK806": (extra("lines: {from: item, of: 编号, map: {sku: 商品}}"), "item"),
    "OK807": (
        channel(
            "{files: {orders: {has: [编号]}, items: {has: [商品]}}, "
            "order: {from: orders, key: 编号, map: {placed_at: 时间}}, lines: {from: items, map: {sku: 商品}}}"
        ),
        "lines",
    ),
    "OK808": (extra("lines: {map: {name: 商品}}"), "lines"),
    "OK809": (mapped("receiver: 收件人}, columns: {totl: sum"), "totl"),
    "OK810": (mapped("receiver: 收件人}, columns: {receiver: sum"), "sum"),
    "OK811": (channel(f"{{{FILES}, {ORDER}, trust: [totl]}}"), "totl"),
    "OK206": (extra("unknown: keep"), "keep"),
    "OK813": (channel(f"{{{FILES}, {ORDER}}}"), "order"),
    "OK814": (channel(f"{{{FILES}, {TRUST}, order: {{key: 编号, map: {{total: 金额}}}}}}"), "order"),
    "OK815": (extra("checks: [{that: order.total > 0, within: 0.01}]"), "within"),
    "OK816": (extra("checks: [{that: order.paid <= order.total}]"), "order.paid <= order.total"),
    "OK817": (extra("examples: [{row: 1, gives: {total: 1}}]"), "{row: 1, gives: {total: 1}}"),
    "OK818": (extra("examples: [{row: {编号: a1, 金额: 5}, gives: {total: 6}}]"), "6"),
    "OK819": (extra("examples: [{row: {编号: a1, 金额: x}, gives: {total: 6}}]"), "6"),
}


@pytest.mark.parametrize("code", LOAD)
def test_a_mistake_in_a_channel_is_told_at_its_place(shop: Shop, code: str) -> None:
    text, word = LOAD[code]
    found = [one for one in shop.check(text) if one.code == code]
    assert len(found) == 1, [str(one) for one in shop.check(text)]
    source = (shop.folder / "orderkit.yaml").read_text("utf-8").splitlines()[found[0].line - 1]
    assert source[found[0].column - 1 :].startswith(word)


HEAD = "编号,金额,实付,时间,电话,状态,退款\n"
DAY = "2026-06-01 10:00:00"


def rejected(shop: Shop, text: str, channels: str = "") -> set[str]:
    _, result = shop.imported(text, channels) if channels else shop.imported(text)
    return {one.code for one in result.rejects}


def noted(shop: Shop, text: str, channels: str = "") -> set[str]:
    _, result = shop.imported(text, channels) if channels else shop.imported(text)
    return {one.code for one in result.notes}


def refused(shop: Shop, text: str | bytes, name: str = "orders.csv") -> set[str]:
    kit = shop.kit()
    with pytest.raises(InvalidOrder) as caught:
        kit.import_file("tb", shop.file(text, name))
    assert name in caught.value.render(lang="zh")
    return {one.code for one in caught.value.problems}


def late_conflict(shop: Shop) -> set[str]:
    kit = shop.kit(mapped("number: 单号"))
    kit.import_files(shop.file(f"编号,金额,时间,单号\na,1,{DAY},N1\n"))
    other = kit.import_files(shop.file(f"编号,金额,时间,单号\nb,1,{DAY},N1\nc,1,{DAY},N2\n"))
    assert (other.accepted, other.rejected) == (1, 1)
    return {one.code for one in other.rejects}


def came_before(shop: Shop) -> set[str]:
    kit = shop.kit(extra("repeat: reject"))
    kit.import_files(shop.file(f"编号,金额,时间\na,1,{DAY}\n"))
    return {one.code for one in kit.import_files(shop.file(f"编号,金额,时间\na,2,{DAY}\n")).rejects}


def without_order(shop: Shop) -> set[str]:
    kit = shop.kit(TWO)
    orders = shop.file(f"编号,时间\n1,{DAY}\n", "orders.csv")
    items = shop.file("单,商品,数量\n1,A,2\n9,B,1\n", "items.csv")
    result = kit.import_files(items, orders)
    assert (result.read, result.accepted, result.lines) == (2, 1, 1)
    return {one.code for one in result.rejects}


def live_codes(shop: Shop, payload: dict[str, Any]) -> set[str]:
    kit = shop.kit(LIVE)
    with pytest.raises(InvalidOrder) as caught:
        kit.receive("mini", payload)
    return {one.code for one in caught.value.problems}


def live_unknown(shop: Shop) -> set[str]:
    kit = shop.kit(LIVE + "    unknown: reject\n")
    with pytest.raises(InvalidOrder) as caught:
        kit.receive("mini", {"id": "1", "colour": "red", "goods": [{"sku": "A"}]})
    assert "colour" in caught.value.render()
    return {one.code for one in caught.value.problems}


TWO = """
channels:
  two:
    files: {orders: {has: [编号, 时间]}, items: {has: [单, 商品]}}
    order: {from: orders, key: 编号, map: {placed_at: 时间}}
    lines: {from: items, of: 单, map: {sku: 商品, quantity: 数量}}
"""
LIVE = """
channels:
  mini:
    order: {key: id, map: {external_number: id, receiver: name, state: state}}
    lines: {from: goods, map: {sku: sku, quantity: {from: num, default: 1}}}
    skip: [{if: name == 'test', say: 试单}]
"""
SUM = extra("lines: {map: {sku: 商品}}")
ROWS: dict[str, Callable[[Shop], set[str]]] = {
    "OK840": lambda shop: rejected(shop, HEAD + f"1,5,5,{DAY},,飞了,0\n"),
    "OK841": lambda shop: rejected(shop, HEAD + f"1,5,5,{DAY},,成功,0\n1,6,5,{DAY},,成功,0\n"),
    "OK842": lambda shop: rejected(
        shop, f"编号,金额,时间\n1,5,{DAY}\n", extra("checks: [{that: order.total > 9, say: 太少}]")
    ),
    "OK843": lambda shop: rejected(
        shop, f"编号,金额,时间,退\n1,5,{DAY},-2\n", extra("refunds: {key: 编号, map: {amount: 退}}")
    ),
    "OK844": lambda shop: rejected(shop, HEAD + f"1,5,5,{DAY},,成功\n"),
    "OK845": lambda shop: rejected(shop, HEAD + f",5,5,{DAY},,成功,0\n"),
    "OK846": live_unknown,
    "OK847": came_before,
    "OK848": late_conflict,
    "OK849": lambda shop: live_codes(shop, {"id": "1", "state": "完成", "goods": [{"sku": "A"}]}),
    "OK850": without_order,
    "OK851": lambda shop: live_codes(shop, {"id": "1", "name": "test", "goods": [{"sku": "A"}]}),
    "OK852": lambda shop: live_codes(shop, {"id": "1", "goods": [{"sku": "A"}, "B x 5"]}),
    "OK860": lambda shop: refused(shop, HEAD.encode() + b"1,5\n2,\x80\xff\xff\n"),
    "OK861": lambda shop: refused(shop, HEAD + '1,"5,5,\n'),
    "OK862": lambda shop: refused(shop, "编号,金额,金额 \n1,2,3\n"),
    "OK864": lambda shop: refused(shop, '{"编号": }', "orders.json"),
    "OK865": lambda shop: refused(shop, "\n , \n"),
    "OK866": lambda shop: refused(shop, "[1, 2]", "orders.json"),
    "OK867": lambda shop: refused(shop, b"PK\x03\x04 sheet", "orders.xlsx") & refused(shop, "a\0b,c\n1,2\n"),
    "OK870": lambda shop: noted(shop, f"编号,金额,时间,颜色\n1,5,{DAY},红\n", extra("label: x")),
    "OK871": lambda shop: noted(shop, "编号,金额\n1,5\n", extra("label: x")),
    "OK872": lambda shop: noted(shop, f"编号,金额,下单时间\n1,5,{DAY}\n", mapped("receiver: 下单时刻")),
    "OK873": lambda shop: noted(
        shop,
        f"编号,金额,时间\n1,5,{DAY}\n",
        extra("checks: [{that: order.total > 9, else: warn, say: 太少}]"),
    ),
}


@pytest.mark.parametrize("code", ROWS)
def test_a_row_or_file_that_cannot_be_taken_says_why(shop: Shop, code: str) -> None:
    assert code in ROWS[code](shop)


def test_a_line_that_is_no_json_is_named_as_people_count_lines(shop: Shop) -> None:
    kit = shop.kit()
    with pytest.raises(InvalidOrder) as caught:
        kit.import_file("tb", shop.file('{"编号": "1"}\n\n{"编号": }\n', "orders.jsonl"))
    assert "line 3 cannot be read at column 8" in caught.value.render()
    assert "第 3 行第 8 列" in caught.value.render(lang="zh")


def test_one_mistake_is_told_once(shop: Shop) -> None:
    assert [one.code for one in shop.check(channel(f"{{{FILES}, {ORDER}, trust: [totl]}}"))] == ["OK811"]
    renamed = f"编号,金额,时间,下单时间\n1,5,{DAY},{DAY}\n"
    assert noted(shop, renamed, mapped("receiver: 下单时刻")) == {"OK872"}


def test_a_file_that_is_too_large_is_refused_before_it_is_decoded(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderkit.adapters.files.opening._LARGEST", 10)
    assert refused(shop, HEAD) == {"OK863"}


def test_every_code_of_channels_is_produced_here() -> None:
    assert {*LOAD, *ROWS, "OK820", "OK821", "OK863"} - {"OK206"} == {one.id for one in CODES}
