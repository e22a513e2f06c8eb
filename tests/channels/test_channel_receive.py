"""Payloads: read, placed once, and followed while nobody has touched the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from orderkit.errors import Conflict, InvalidOrder

if TYPE_CHECKING:
    from tests.channels.conftest import Shop

MINI = """
channels:
  mini:
    text: {strip: ["`", '="', '"'], none: ["-"]}
    order:
      key: id
      map:
        external_number: id
        receiver: [name, buyer.name]
        phone:    {from: tel, clean: [phone]}
        payment:  {from: pay, as: {wx: wechat}}
        share:    share
        coupons:  codes
    lines:
      from: cart.goods
      map: {sku: sku, quantity: {from: num, default: 1}, gift: gift}
    examples:
      - row: {id: '="M1"', buyer: {name: " `林 "}, pay: wx, tel: +86 138-0013-8000, cart: {goods: [{sku: A}]}}
        gives: {external_number: M1, receiver: 林, payment: wechat, phone: "13800138000", lines: [{sku: A, quantity: 1}]}
"""
PAYLOAD: dict[str, Any] = {
    "id": "M1", "name": "林", "pay": "wx", "share": "20%", "cart": {"goods": [{"sku": "A", "num": 2}]},
}  # fmt: skip


def test_a_payload_is_read_without_storing_anything(shop: Shop) -> None:
    project = shop.load(MINI)
    read = project.read("mini", {**PAYLOAD, "tel": "-", "codes": "X1，X2"})
    assert read.problems == ()
    assert read.order == {
        "external_number": "M1", "receiver": "林", "payment": "wechat", "share": "20%",
        "coupons": ["X1", "X2"], "channel": "mini", "lines": [{"sku": "A", "quantity": 2}],
    }  # fmt: skip
    assert project.price(read.order).total.amount == 40


def test_every_problem_of_a_payload_is_told_with_its_column(shop: Shop) -> None:
    read = shop.load(MINI).read(
        "mini", {"id": "M1", "pay": "cash", "tel": "none", "cart": {"goods": [{"sku": "17850.0"}]}}
    )
    assert read.order is None
    assert {(one.field, one.code) for one in read.problems} == {
        ("payment", "OK840"), ("phone", "OK463"), ("lines[0].sku", "OK453"),
    }  # fmt: skip
    assert all(one.span.file == "orderkit.yaml" for one in read.problems)


def test_the_same_payload_twice_gives_one_order(shop: Shop) -> None:
    kit = shop.kit(MINI)
    first = kit.receive("mini", PAYLOAD)
    assert (first.state, first.channel, first.external_number, first.share) == (
        "待付",
        "mini",
        "M1",
        first.share,
    )
    assert kit.receive("mini", dict(reversed(PAYLOAD.items()))) == first
    assert len(kit.find()) == 1


def test_an_untouched_order_follows_what_pricing_does_not_read(shop: Shop) -> None:
    kit = shop.kit(MINI)
    first = kit.receive("mini", PAYLOAD)
    second = kit.receive("mini", {**PAYLOAD, "name": "陈"})
    third = kit.receive("mini", {**PAYLOAD, "name": "周"})
    assert (second.id, second.receiver, third.receiver) == (first.id, "陈", "周")
    assert (second.placed_at, second.total) == (first.placed_at, first.total)
    assert [one.verb for one in kit.history(first.id)] == ["placed", "updated", "updated"]


def test_other_goods_or_an_order_that_moved_on_are_refused(shop: Shop) -> None:
    kit = shop.kit(MINI)
    first = kit.receive("mini", PAYLOAD)
    with pytest.raises(Conflict, match="decides the price"):
        kit.receive("mini", {**PAYLOAD, "cart": {"goods": [{"sku": "A", "num": 3}]}})
    kit.fire(first.id, "付款")
    with pytest.raises(Conflict, match="has moved on"):
        kit.receive("mini", {**PAYLOAD, "name": "陈"})
    assert kit.get(first.id).receiver == "林"
    assert kit.receive("mini", PAYLOAD).state == "完成"


@pytest.mark.parametrize(("repeat", "error"), [("skip", None), ("reject", Conflict)])
def test_a_channel_may_ignore_or_refuse_other_content(
    shop: Shop, repeat: str, error: type[Exception] | None
) -> None:
    kit = shop.kit(MINI + f"    repeat: {repeat}\n")
    first = kit.receive("mini", PAYLOAD)
    if error is None:
        assert kit.receive("mini", {**PAYLOAD, "name": "陈"}) == first
    else:
        with pytest.raises(error):
            kit.receive("mini", {**PAYLOAD, "name": "陈"})


def test_a_payload_without_lines_is_no_order(shop: Shop) -> None:
    with pytest.raises(InvalidOrder, match="at least one line"):
        shop.kit(MINI).receive("mini", {"id": "M9"})


def test_a_history_channel_takes_payloads_as_they_were(shop: Shop) -> None:
    kit = shop.kit()
    row = {"编号": "5", "金额": "30", "实付": 30, "时间": "2026-06-01 10:00:00", "状态": "成功"}
    first = kit.receive("tb", row)
    assert (first.state, str(first.total), str(first.paid)) == ("完成", "30.00 CNY", "30.00 CNY")
    assert kit.receive("tb", row) == first
    assert str(kit.receive("tb", {**row, "金额": "31"}).total) == "31.00 CNY"


def test_a_file_of_live_payloads_places_each(shop: Shop) -> None:
    kit = shop.kit(MINI)
    text = '[{"id": "1", "cart": {"goods": [{"sku": "A"}]}}, {"id": "2", "cart": {"goods": [{"sku": "?"}]}}]'
    result = kit.import_file("mini", shop.file(text, "orders.json"))
    assert (result.read, result.accepted, result.rejected, result.lines) == (2, 1, 1, 1)
    assert [(one.code, one.key) for one in result.rejects] == [("OK474", "2")]
    assert kit.import_file("mini", shop.file(text, "orders.json")).unchanged == 1


def test_an_example_that_differs_stops_the_project_at_its_line(shop: Shop) -> None:
    (found,) = [
        one for one in shop.check(MINI.replace("receiver: 林,", "receiver: 森,")) if one.code == "OK818"
    ]
    source = (shop.folder / "orderkit.yaml").read_text("utf-8").splitlines()[found.line - 1]
    assert source[found.column - 1 :].startswith("森")
    assert "as `林`, not `森`" in found.message


def test_an_expression_reads_columns_that_stand_beside_it(shop: Shop) -> None:
    value = "      map:\n        note: {from: [fee, 备注 1], value: \"'贵' if money(fee) > 9 else col('备注 1')\"}"
    project = shop.load(MINI.replace("      map:", value, 1))
    notes = [project.read("mini", {**PAYLOAD, "fee": fee, "备注 1": "x"}).order for fee in (10, "9.00", None)]
    assert [one and one.get("note") for one in notes] == ["贵", "x", None]
