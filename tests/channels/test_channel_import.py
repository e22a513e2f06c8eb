"""Files of history: what becomes of each record, in which state, with which money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from orderkit.domain.money import Money
from orderkit.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.channels.conftest import Shop

    from orderkit import Kit, Order
    from orderkit._commands.importing import ImportResult

HEAD = "编号,金额,实付,时间,电话,状态,退款\n"
DAY = "2026-06-01 10:00:00"
THREE = (
    HEAD
    + f"1001,120.00,100.00,{DAY},138 0013 8000,成功,0.00\n"
    + f"1002,50,50,{DAY},-,关了,50\n"
    + f"1003,8.80,0,{DAY},,等待,\n"
)
LINES = """
channels:
  jd:
    files: {main: {has: [订单号, 商品]}}
    order:
      key: 订单号
      columns: {total: first, shipping: sum}
      map: {placed_at: 下单, total: 应付, shipping: 运费}
    lines:
      skip: [{if: number(数量) <= 0, say: 退货行}]
      map: {sku: 商品, quantity: 数量, price: 单价}
    trust: [total]
"""


def cny(text: str) -> Money:
    return Money.of(text, "CNY")


def by_external(kit: Kit, number: str) -> Order:
    return next(one for one in kit.find(limit=100) if one.external_number == number)


def test_orders_stand_in_their_mapped_state_with_trusted_money(
    shop: Shop, adds_up: Callable[[ImportResult], bool]
) -> None:
    kit, result = shop.imported(THREE)
    assert adds_up(result)
    assert (result.read, result.accepted, result.orders, result.lines, result.refunds) == (3, 3, 3, 3, 1)
    first, second, third = (by_external(kit, number) for number in ("1001", "1002", "1003"))
    assert (first.state, first.total, first.paid, first.phone) == (
        "完成",
        cny("120"),
        cny("100"),
        "13800138000",
    )
    assert first.placed_at == datetime(2026, 6, 1, 2, tzinfo=UTC)
    assert (first.big, third.big) == (True, False)
    assert first.lines[0].sku == "(unitemized)"
    assert first.lines[0].net == first.lines[0].list == cny("120")
    assert (second.state, second.refunded, second.balance) == ("关闭", cny("50"), cny("50"))
    assert second.canceled_at is not None
    assert (third.state, third.payments, third.phone) == ("待付", (), None)


def test_history_starts_no_timer_and_leaves_one_entry_for_the_batch(shop: Shop) -> None:
    kit, _ = shop.imported(THREE)
    order = by_external(kit, "1001")
    assert kit.history(order.id) == []
    with kit._store.transaction(write=False) as unit:
        (entry,) = unit.audit.of("")
        assert unit.timers.next_due() is None
        assert unit.outbox.of() == []
    assert (entry.verb, entry.details["files"], entry.details["accepted"]) == ("imported", ["orders.csv"], 3)


def test_an_imported_order_can_be_moved_on_afterwards(shop: Shop) -> None:
    kit, _ = shop.imported(THREE)
    assert kit.fire(by_external(kit, "1003").id, "付款").state == "完成"


def test_the_same_file_again_changes_nothing(shop: Shop, adds_up: Callable[[ImportResult], bool]) -> None:
    kit, _ = shop.imported(THREE)
    before = kit.find(limit=100)
    again = kit.import_files(shop.file(THREE))
    assert adds_up(again)
    assert (again.unchanged, again.accepted, again.orders) == (3, 0, 0)
    assert kit.find(limit=100) == before
    with kit._store.transaction(write=False) as unit:
        assert len(unit.audit.of("")) == 1


def test_a_mapping_that_was_mended_reads_known_records_anew(shop: Shop) -> None:
    kit, _ = shop.imported(THREE)
    kit.project = shop.load(shop.plain.replace("关了: 关闭", "关了: 完成"))
    again = kit.import_files(shop.file(THREE))
    assert (again.updated, again.unchanged) == (1, 2)
    assert by_external(kit, "1002").state == "完成"
    assert by_external(kit, "1002").canceled_at is None


@pytest.mark.parametrize(
    ("repeat", "outcome", "total"),
    [("update", "updated", "130"), ("skip", "skipped", "120"), ("reject", "rejected", "120")],
)
def test_other_content_for_a_known_key(
    shop: Shop, adds_up: Callable[[ImportResult], bool], repeat: str, outcome: str, total: str
) -> None:
    kit, _ = shop.imported(THREE, shop.plain + f"    repeat: {repeat}\n")
    again = kit.import_files(shop.file(THREE.replace("120.00", "130.00")))
    assert adds_up(again)
    assert (getattr(again, outcome), again.unchanged) == (1, 2)
    order = by_external(kit, "1001")
    assert order.total == cny(total)
    assert order.version == (2 if repeat == "update" else 1)


def test_what_happened_here_since_survives_an_update(shop: Shop) -> None:
    kit, _ = shop.imported(THREE)
    kit.fire(by_external(kit, "1003").id, "付款")
    kit.import_files(shop.file(THREE.replace("8.80", "9.90")))
    order = by_external(kit, "1003")
    assert (order.total, order.fired, order.version) == (cny("9.90"), ("付款",), 3)


def test_trusted_totals_leave_one_difference_spread_over_the_lines(shop: Shop) -> None:
    text = (
        f"订单号,商品,数量,单价,下单,应付,运费\n7,A,1,10,{DAY},31.99,\n7,B,2,10,{DAY},,5\n7,A,-1,10,{DAY},,\n"
    )
    kit, result = shop.imported(text, LINES)
    assert (result.accepted, result.lines) == (1, 2)
    order = by_external(kit, "7")
    assert (order.subtotal, order.shipping, order.total) == (cny("30"), cny("5"), cny("31.99"))
    assert [line.net for line in order.lines] == [cny("9.00"), cny("17.99")]
    rows = [(row.stage, row.line, row.amount) for row in order.adjustments]
    assert rows == [("channel_difference", "L1", cny("-1.00")), ("channel_difference", "L2", cny("-2.01"))]
    assert sum(line.net.minor for line in order.lines) + order.shipping.minor == order.total.minor


def test_a_total_above_our_price_and_one_below_the_fee(shop: Shop) -> None:
    text = f"订单号,商品,数量,单价,下单,应付,运费\n1,A,1,10,{DAY},12,0\n2,A,1,10,{DAY},3,5\n"
    kit, _ = shop.imported(text, LINES)
    more, less = by_external(kit, "1"), by_external(kit, "2")
    assert (more.total, more.discount, more.shipping) == (cny("12"), cny("-2"), cny("0"))
    assert (less.total, less.lines[0].net, less.shipping) == (cny("3"), cny("0"), cny("3"))


def test_without_trust_our_own_pricing_counts(shop: Shop) -> None:
    channels = LINES.replace("    trust: [total]\n", "").replace(", price: 单价", "")
    text = f"订单号,商品,数量,下单,应付\n1,A,3,{DAY},1\n"
    kit, _ = shop.imported(text, channels)
    order = by_external(kit, "1")
    assert (order.total, order.lines[0].name, order.adjustments) == (cny("60"), "茶", ())


def test_rejects_keep_the_row_with_its_physical_line(
    shop: Shop, adds_up: Callable[[ImportResult], bool]
) -> None:
    text = HEAD + f'"10\n01",5,5,{DAY},,成功,0\n1.23E+18,5,5,{DAY},,成功,0\n77,abc,x,{DAY},,飞了,0\n'
    kit, result = shop.imported(text)
    assert adds_up(result)
    assert (result.read, result.rejected) == (3, 2)
    cut, *several = result.rejects
    assert (cut.code, cut.line, cut.record, cut.column) == ("OK453", 4, 2, "编号")
    assert [(one.line, one.column, one.field, one.value) for one in several] == [
        (5, "金额", "total", "abc"),
        (5, "实付", "paid", "x"),
        (5, "状态", "state", "飞了"),
    ]
    assert several[0].raw == {
        "编号": "77", "金额": "abc", "实付": "x", "时间": DAY, "电话": "", "状态": "飞了", "退款": "0",
    }  # fmt: skip
    assert several[0].rule.startswith("orderkit.yaml:")
    assert "不是数字" in several[0].reason_zh
    with kit._store.transaction(write=False) as unit:
        assert len(unit.rejects.of("tb")) == 4


def test_reasons_are_counted_whatever_the_value(shop: Shop) -> None:
    rows = "".join(f"{at},x{at},5,{DAY},,成功,0\n" for at in range(5)) + f"9,5,5,{DAY},,飞了,0\n"
    _, result = shop.imported(HEAD + rows)
    assert list(result.causes.values()) == [5, 1]
    assert (
        next(iter(result.causes))
        == "金额: `…` is not a number; write it in digits and without a unit, such as 12.35"
    )
    assert next(iter(result.causes_in("zh"))) == "金额: “…”不是数字；请写成 12.35 这样的数字，不带单位"


def test_a_check_says_nothing_where_its_own_column_is_wrong(shop: Shop) -> None:
    checks = "    checks: [{that: order.paid <= order.total, say: 实付大于应付}]\n"
    _, result = shop.imported(HEAD + f"1,abc,5,{DAY},,成功,0\n2,1,5,{DAY},,成功,0\n", shop.plain + checks)
    assert [(one.key, one.code) for one in result.rejects] == [("1", "OK454"), ("2", "OK842")]


def test_a_tolerance_forgives_cents(shop: Shop) -> None:
    checks = "    checks: [{that: order.paid == order.total, within: 0.01, say: 不符}]\n"
    text = HEAD + f"1,5,5.01,{DAY},,成功,0\n2,5,5.02,{DAY},,成功,0\n"
    _, result = shop.imported(text, shop.plain + checks)
    assert [one.key for one in result.rejects] == ["2"]


def test_too_many_rejects_write_nothing_of_the_file(
    shop: Shop, adds_up: Callable[[ImportResult], bool]
) -> None:
    text = THREE + f"9,abc,1,{DAY},,成功,0\n"
    kit, result = shop.imported(text, shop.plain + "    rejects: {stop_above: 20%}\n")
    assert result.stopped
    assert adds_up(result)
    assert (result.accepted, result.rejected) == (3, 1)
    assert kit.find() == []
    kit, result = shop.imported(text, shop.plain + "    rejects: {stop_above: 25%}\n")
    assert not result.stopped
    assert len(kit.find()) == 3


def test_a_dry_run_counts_and_writes_nothing(shop: Shop) -> None:
    seen: list[tuple[int, int]] = []
    kit, result = shop.imported(THREE, dry_run=True, progress=lambda done, total: seen.append((done, total)))
    assert (result.accepted, result.orders, result.dry_run) == (3, 3, True)
    assert kit.find() == []
    assert seen[-1] == (3, 3)


def test_records_that_are_no_orders_are_counted_by_reason(shop: Shop) -> None:
    skip = "    skip: [{if: 状态 == '无效', say: 平台作废}]\n"
    _, result = shop.imported(THREE + f"8,1,1,{DAY},,无效,0\n", shop.plain + skip)
    assert (result.accepted, result.skipped, result.skips) == (3, 1, {"平台作废": 1})


def test_refunds_in_a_file_of_their_own_find_their_order_or_stay_loose(shop: Shop) -> None:
    channels = """
channels:
  dy:
    files: {orders: {has: [主单, 应付]}, after: {has: [售后单, 主单号]}}
    order: {from: orders, key: 主单, map: {total: 应付, paid: 应付, placed_at: 时间}}
    refunds: {from: after, key: 主单号, columns: {amount: sum, txn: first}, map: {amount: 退款, txn: 售后单}}
    trust: [total]
"""
    kit = shop.kit(channels)
    orders = shop.file(f"主单,应付,时间\n1,30,{DAY}\n2,10,{DAY}\n", "o.csv")
    after = shop.file("售后单,主单号,退款\nS1,1,3\nS2,1,4\nS3,404,9\n", "a.csv")
    result = kit.import_files(orders, after)
    assert (result.read, result.accepted, result.refunds, result.loose_refunds) == (4, 4, 2, 1)
    assert by_external(kit, "1").refunded == cny("7")
    again = kit.import_files(orders, after)
    assert (again.unchanged, again.accepted) == (4, 0)
    changed = kit.import_files(shop.file(f"主单,应付,时间\n1,31,{DAY}\n2,10,{DAY}\n", "o.csv"))
    assert changed.updated == 1
    assert by_external(kit, "1").refunded == cny("7")


def test_the_channel_is_found_by_its_header(shop: Shop) -> None:
    kit = shop.kit()
    result = kit.import_files(shop.file(THREE.replace("编号,金额", " 编号 ,金额\u3000")))
    assert (result.channel, result.accepted) == ("tb", 3)
    with pytest.raises(NotFound, match="tb wants 编号, 金额"):
        kit.import_files(shop.file("a,b\n1,2\n"))
    with pytest.raises(NotFound, match="编号 \\(perhaps 订单编号\\)"):
        kit.import_file("tb", shop.file("订单编号,金额\n1,2\n"))


def test_an_interrupted_import_is_simply_run_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderkit._commands.importing._TOGETHER", 2)
    kit = shop.kit()
    calls = iter([None, RuntimeError("power cut")])

    def cut(_done: int, _total: int) -> None:
        error = next(calls, None)
        if error is not None:
            raise error

    text = HEAD + "".join(f"{at},5,5,{DAY},,成功,0\n" for at in range(9))
    with pytest.raises(RuntimeError):
        kit.import_files(shop.file(text), progress=cut)
    assert len(kit.find(limit=100)) == 4
    result = kit.import_files(shop.file(text))
    assert (result.unchanged, result.accepted) == (4, 5)


def test_amounts_of_a_payload_file_are_exact(shop: Shop) -> None:
    kit = shop.kit()
    text = '{"编号": "1", "金额": 0.1, "时间": "2026-06-01"}\n{"编号": "2", "金额": 12345678901.23, "时间": "2026-06-01"}\n'
    result = kit.import_file("tb", shop.file(text, "orders.jsonl"))
    assert result.accepted == 2
    assert {one.total.amount for one in kit.find()} == {Decimal("0.10"), Decimal("12345678901.23")}
