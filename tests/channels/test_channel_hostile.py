"""What a channel should never send: a reject for its own record, and the others are taken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from orderkit import Kit, Money
from orderkit.errors import InvalidOrder, Refused, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.channels.conftest import Shop

    from orderkit import Order, Project

NOW = datetime(2026, 6, 18, 4, tzinfo=UTC)
DAY = "2026-06-01 10:00:00"
GOODS = """
channels:
  till:
    runs: history
    order: {key: id, map: {placed_at: at, total: sum, points: points, note: note}}
    lines: {from: goods, map: {sku: sku, quantity: n, price: price}}
    skip: [{if: note == 'test', say: test}]
  live:
    order: {key: id, map: {external_number: id, receiver: name}}
    lines: {from: goods, map: {sku: sku, quantity: {from: n, default: 1}}}
"""
FLOW = """
project: {name: shop, currency: CNY, timezone: Asia/Shanghai}
flows:
  order:
    starts: open
    states:
      open: {enter: [reserve_stock], timers: [{after: 1h, fire: lapse}]}
      sent: {}
      gone: {end: canceled}
    actions:
      send: {from: open, to: sent, by: anyone}
      lapse: {from: open, to: gone, by: system, do: [release_stock]}
      take: {from: open, by: anyone, do: [pay: {amount: order.total}]}
    parts: {refund: {flow: refund}}
  refund:
    starts: asked
    states: {asked: {}, done: {end: done}}
    actions: {pay: {from: asked, to: done, by: anyone}}
channels:
  past:
    runs: history
    order: {key: id, map: {external_number: id, placed_at: at, state: state, note: note}}
    lines: {from: goods, map: {sku: sku, price: price, quantity: n}}
  live:
    order: {key: id, map: {external_number: id}}
    lines: {from: goods, map: {sku: sku, price: price, quantity: n}}
"""


@pytest.fixture
def kit(compiled: Callable[[str], Project]) -> Iterator[Kit]:
    rows: dict[str, Any] = {"list": [1], "misfit": {"price": "cheap"}}
    with Kit(compiled(GOODS), clock=lambda: NOW, tables={"products": rows.get}) as kit:
        yield kit


def sale(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "at": DAY, "goods": [{"sku": "A", "n": 1, "price": "5"}], **more}


def refused(kit: Kit, channel: str, payload: dict[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidOrder) as caught:
        kit.receive(channel, payload)
    caught.value.render().encode()
    assert kit.find() == []
    read = kit.project.read(channel, payload)
    if read.problems:
        assert read.problems == caught.value.problems
    return [(one.code, one.field, one.value) for one in caught.value.problems]


@pytest.mark.parametrize("channel", ["till", "live"])
def test_goods_that_are_no_rows_are_told_with_their_position(kit: Kit, channel: str) -> None:
    goods: list[Any] = [{"sku": "A", "n": 1, "price": "5"}, "B x 5", None]
    assert refused(kit, channel, sale("1", goods=goods)) == [
        ("OK852", "lines[1]", "B x 5"),
        ("OK852", "lines[2]", "None"),
    ]
    assert refused(kit, channel, sale("1", goods=["A x 1"])) == [("OK852", "lines[0]", "A x 1")]
    assert refused(kit, channel, sale("1", goods="A x 1")) == [("OK852", "lines", "A x 1")]


def test_a_skipped_payload_may_hold_what_it_likes(kit: Kit) -> None:
    read = kit.project.read("till", sale("1", note="test", goods=["B x 5"]))
    assert (read.skipped, read.problems) == ("test", ())


def test_one_strange_record_keeps_no_other_out(kit: Kit, shop: Shop) -> None:
    many = {"sku": "A", "n": 99999999999999, "price": 99999999999999}
    strange = {
        "units": ([many], "OK469", "lines[0].quantity"),
        "line": ([{**many, "n": 10**9}], "OK482", "lines[0]"),
        "whole": ([{"sku": "A", "price": "9000000000000"}] * 2, "OK482", "total"),
        "text": (["B x 5"], "OK852", "lines[0]"),
        "list": ([{"sku": "list", "price": 1}], "OK450", "lines[0].sku"),
        "misfit": ([{"sku": "misfit", "price": 1}], "OK454", "lines[0].sku"),
    }
    records = [sale("1"), *(sale(key, goods=goods) for key, (goods, _, _) in strange.items()), sale("2")]
    records += [sale("sum", sum="99999999999999"), sale("points", points=-1), sale("date", at="soon")]
    nested: list[Any] = []
    for _ in range(40):
        nested = [nested]
    records.append(sale("deep", more=nested))
    result = kit.import_file("till", shop.file(json.dumps(records), "sales.json"))
    told = sorted((one.key, one.code, one.field) for one in result.rejects)
    assert told == sorted(
        [
            *((key, code, field) for key, (_, code, field) in strange.items()),
            ("sum", "OK455", "total"),
            ("points", "OK468", "points"),
            ("date", "OK460", "placed_at"),
            ("", "OK483", ""),
        ]
    )
    assert (result.read, result.accepted, result.rejected) == (12, 2, 10)
    assert {one.number for one in kit.find()} == {"till-1", "till-2"}


def test_a_record_that_the_store_refuses_keeps_no_other_out(
    kit: Kit, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orderkit.adapters.memory.orders import MemoryOrders

    insert = MemoryOrders.insert

    def choosy(self: MemoryOrders, orders: Sequence[Order]) -> None:
        if any(one.number.endswith("-2") for one in orders):
            message = "the column is too small"
            raise StoreError(message)
        insert(self, orders)

    monkeypatch.setattr(MemoryOrders, "insert", choosy)
    for channel, codes in (("till", ["OK848"]), ("live", [])):
        records = [sale(key) for key in "123"]
        result = kit.import_file(channel, shop.file(json.dumps(records), "sales.json"))
        assert [one.code for one in result.rejects] == codes
        assert result.accepted == 3 - len(codes)
    assert (
        "the column is too small"
        in kit.import_file("till", shop.file(json.dumps([sale("2")]), "sales.json")).rejects[0].reason
    )


@pytest.mark.parametrize("channel", ["till", "live"])
def test_a_payload_that_goes_round_in_circles_is_one_problem(kit: Kit, channel: str) -> None:
    payload = sale("1")
    payload["again"] = payload
    assert refused(kit, channel, payload) == [("OK483", "", "")]


def test_values_that_cannot_be_spelled_are_told(kit: Kit) -> None:
    assert [one[:2] for one in refused(kit, "till", sale("1", points=10**5000))] == [("OK455", "points")]
    assert [one[:2] for one in refused(kit, "live", sale("1", name="a\ud800"))] == [("OK451", "receiver")]
    assert refused(kit, "till", sale("1", at="0001-01-01 00:00:00"))[0][:2] == ("OK460", "placed_at")
    assert refused(kit, "till", sale("1", at="9999-12-31 23:59:59"))[0][:2] == ("OK460", "placed_at")


@pytest.fixture
def past() -> Iterator[Kit]:
    from orderkit._project.files import Files
    from orderkit._project.loading import build

    with Kit(build(Files("shop", {"orderkit.yaml": FLOW.encode()}), ""), clock=lambda: NOW) as kit:
        kit.stock.set("A", 5)
        yield kit


def test_an_update_of_history_keeps_claims_and_parts_and_disarms_the_timers(past: Kit) -> None:
    first = past.receive("past", sale("1", state="sent"))
    assert first.claims == {}
    assert first.parts == ()
    placed = past.place({"lines": [{"sku": "A", "price": 5, "quantity": 2}]})
    past.fire(placed.id, "take")
    held = past.open(placed.id, "refund", amount=Money.of("1", "CNY"))
    assert held.claims["A"].reserved == 2
    assert [one.kind for one in held.parts] == ["refund"]
    assert [one.name for one in past.timers(held.id)] == ["open/1"]
    # The channel now vouches for what was placed here.
    with past._store.transaction(write=True) as unit:
        from orderkit.domain.records import SourceRow

        unit.sources.note([SourceRow("past", "2", "before", held.id)])
    noted = past.receive("past", sale("2", state="open", note="seen"))
    assert (noted.id, noted.note, noted.claims, noted.parts) == (held.id, "seen", held.claims, held.parts)
    assert len(past.timers(held.id)) == 1
    moved = past.receive("past", sale("2", state="sent", note="seen"))
    assert (moved.state, moved.claims, moved.parts) == ("sent", held.claims, held.parts)
    assert past.timers(held.id) == []


def test_a_payload_that_stock_refuses_is_in_the_history(past: Kit) -> None:
    goods = [{"sku": "A", "n": 6, "price": 5}]
    with pytest.raises(Refused):
        past.receive("live", {"id": "9", "goods": goods})
    assert past.find() == []
    with past._store.transaction(write=False) as unit:
        (entry,) = unit.audit.of("")
    assert (entry.verb, entry.subject, entry.actor, entry.reason) == (
        "refused",
        "receive live",
        "live",
        "stock",
    )
    assert (entry.at, entry.project) == (NOW, past.project.hash)
