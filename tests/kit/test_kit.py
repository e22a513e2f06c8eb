"""The kit on memory and on a SQLite file: keys, limits, delivery, the awaited twin."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderkit import Actor, AsyncKit, InvalidOrder, Kit, Project, Refused
from orderkit.adapters.memory import MemoryStore, SimulatedClock
from orderkit.errors import Conflict, NotFound

MakeProject = Callable[..., Project]
SHOP = """
promotions:
  hello: {name: Hello, stage: coupon, code: HELLO, spend: 50, minus: 10, limit: {per_customer: 1}}
  rush:  {name: Rush, stage: coupon, code: RUSH, minus: 5, limit: {total: 3}}
flows:
  order:
    starts: new
    states:
      new:    {enter: [reserve_stock, notify: {to: 客服, text: "{order.number} new"}], timers: [{after: 1h, fire: expire}]}
      paid:   {enter: [notify: {to: 客服, text: "{order.number} paid"}]}
      closed: {end: canceled}
    actions:
      pay:    {from: new, to: paid, by: system, needs: {amount: money}, if: needs.amount == order.total, do: [pay: {amount: needs.amount}]}
      expire: {from: new, to: closed, by: system, do: [release_stock]}
      late:   {answers: pay, from: closed, by: system, do: [pay: {amount: needs.amount}]}
"""
SYSTEM = Actor("gateway", ["system"])


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "memory":
        return MemoryStore()
    return f"sqlite:///{(tmp_path / 'orders.db').as_posix()}"


@pytest.fixture
def kit(project: MakeProject, store: Any, clock: SimulatedClock) -> Any:
    with Kit(project(SHOP), store=store, clock=clock) as kit:
        kit.stock.set("A", 100)
        yield kit


def cart(*coupons: str, customer: str = "C1", units: int = 1) -> dict[str, Any]:
    return {
        "customer": customer,
        "coupons": list(coupons),
        "lines": [{"sku": "A", "quantity": units, "price": "60"}],
    }


def total(kit: Kit, *coupons: str, customer: str = "C1") -> int:
    return int(kit.place(cart(*coupons, customer=customer)).total.amount)


def test_a_coupon_is_used_once_per_customer_and_given_back_by_the_timer(
    kit: Kit, clock: SimulatedClock
) -> None:
    first = kit.place(cart("hello"))
    assert first.total.amount == 50
    assert total(kit, "HELLO") == 60
    assert total(kit, "HELLO", customer="C2") == 50
    clock.advance(timedelta(hours=1))
    kit.run_due()
    assert kit.get(first.id).state == "closed"
    assert total(kit, "HELLO") == 50


def test_a_paid_coupon_stays_used(kit: Kit, clock: SimulatedClock) -> None:
    order = kit.place(cart("HELLO"))
    kit.fire(order.id, "pay", data={"amount": "50"}, actor=SYSTEM)
    clock.advance(timedelta(hours=2))
    kit.run_due()
    assert total(kit, "HELLO") == 60


def test_a_total_limit_holds_over_customers(kit: Kit) -> None:
    totals = [total(kit, "RUSH", customer=f"C{number}") for number in range(5)]
    assert totals == [55, 55, 55, 60, 60]
    quote = kit.quote(cart("RUSH", customer="C9"))
    assert {one.promotion: str(one.reason) for one in quote.missed}["rush"] == "limit"


def test_quoting_uses_nothing(kit: Kit) -> None:
    for _ in range(5):
        assert kit.quote(cart("HELLO")).total.amount == 50
    assert total(kit, "HELLO") == 50


def test_eight_threads_cannot_sell_more_than_there_is(kit: Kit) -> None:
    kit.stock.set("A", 20)
    sold: list[str] = []
    refused: list[str] = []

    def buy(name: int) -> None:
        for _ in range(5):
            try:
                sold.append(kit.place(cart(customer=f"T{name}")).id)
            except Refused as error:
                refused.append(error.reason)

    threads = [threading.Thread(target=buy, args=(name,)) for name in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(sold), set(refused)) == (20, {"stock"})
    assert kit.stock.get("A").available == 0
    assert sum(move.reserved for move in kit.stock.ledger("A")) == 20
    assert len({kit.get(order_id).number for order_id in sold}) == 20


def test_two_commands_on_one_order_at_once_lose_nothing(kit: Kit) -> None:
    order = kit.place(cart())
    done: list[str] = []

    def pay() -> None:
        try:
            kit.fire(order.id, "pay", data={"amount": "60"}, actor=SYSTEM)
            done.append("paid")
        except Refused as refused:
            done.append(refused.reason)

    threads = [threading.Thread(target=pay) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == ["not_in_state", "not_in_state", "not_in_state", "paid"]
    assert len(kit.get(order.id).payments) == 1


class Sender:
    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.sent: list[tuple[str, str]] = []

    def __call__(self, payload: Mapping[str, Any], *, key: str) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("nobody answers")
        self.sent.append((key, payload["text"]))


def delivering(project: Project, store: Any, clock: SimulatedClock, sender: Sender) -> Kit:
    kit = Kit(project, store=store, clock=clock, effects={"notify": sender})
    kit.stock.set("A", 100)
    return kit


def test_messages_go_out_once_in_the_order_they_were_asked(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    sender = Sender()
    kit = delivering(project(SHOP), store, clock, sender)
    order = kit.place(cart())
    kit.fire(order.id, "pay", data={"amount": "60"}, actor=SYSTEM)
    assert kit.deliver().sent == 2
    assert kit.deliver().sent == 0
    assert [text for _, text in sender.sent] == [f"{order.number} new", f"{order.number} paid"]
    assert len({key for key, _ in sender.sent}) == 2


def test_a_callable_of_the_payload_alone_is_a_sender_too(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    sent: list[Mapping[str, Any]] = []
    kit = Kit(project(SHOP), store=store, clock=clock, effects={"notify": sent.append})
    kit.stock.set("A", 1)
    order = kit.place(cart())
    assert kit.deliver().sent == 1
    assert sent[0]["text"] == f"{order.number} new"


def test_a_naive_clock_is_told_apart(project: MakeProject) -> None:
    from datetime import datetime

    kit = Kit(project(SHOP), clock=lambda: datetime(2026, 6, 18))  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="naive"):
        kit.place(cart())


def test_a_failing_message_is_tried_again_with_the_same_key_and_holds_back_the_later_ones(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    sender = Sender(failures=2)
    kit = delivering(project(SHOP), store, clock, sender)
    order, other = kit.place(cart()), kit.place(cart())
    kit.fire(order.id, "pay", data={"amount": "60"}, actor=SYSTEM)
    first = kit.deliver()
    assert (first.sent, first.failed) == (0, 2)
    waiting = kit.outbox(order.id)[0]
    assert (waiting.attempts, waiting.status, waiting.error) == (
        1,
        "waiting",
        "ConnectionError: nobody answers",
    )
    clock.advance(timedelta(minutes=5))
    assert kit.deliver().sent == 3
    assert sender.sent[0] == (waiting.key, f"{order.number} new")
    assert kit.outbox(other.id)[0].status == "sent"


def test_a_message_that_always_fails_is_parked_and_the_next_goes_on(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    sender = Sender(failures=8)
    kit = delivering(project(SHOP), store, clock, sender)
    order = kit.place(cart())
    for _ in range(8):
        kit.deliver()
        clock.advance(timedelta(days=2))
    assert kit.outbox(order.id)[0].status == "parked"
    kit.run_due()
    assert kit.deliver().sent == 0


def test_threads_that_deliver_at_once_send_each_message_once(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    sender = Sender()
    kit = delivering(project(SHOP), store, clock, sender)
    for _ in range(20):
        kit.place(cart())
    threads = [threading.Thread(target=kit.deliver) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(sender.sent) == 20
    assert len({key for key, _ in sender.sent}) == 20


def test_a_message_whose_worker_died_goes_out_after_its_lease(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    class Died(BaseException):
        pass

    def dying(_payload: Mapping[str, Any]) -> None:
        raise Died

    made = project(SHOP)
    kit = Kit(made, store=store, clock=clock, effects={"notify": dying})
    kit.stock.set("A", 1)
    kit.place(cart())
    with pytest.raises(Died):
        kit.deliver()
    sender = Sender()
    second = Kit(made, store=store, clock=clock, effects={"notify": sender})
    assert second.deliver().sent == 0
    clock.advance(timedelta(minutes=2))
    assert second.deliver().sent == 1


def test_what_nobody_sends_does_not_hold_back_the_rest(
    project: MakeProject, store: Any, clock: SimulatedClock
) -> None:
    text = SHOP.replace(
        "enter: [reserve_stock, notify", "enter: [reserve_stock, task: {to: 客服, kind: pick}, notify"
    )
    sender = Sender()
    kit = delivering(project(text), store, clock, sender)
    for _ in range(5):
        kit.place(cart())
    done = kit.deliver(limit=5)
    assert (done.sent, done.unhandled) == (5, 5)


def test_an_effect_nobody_sends_keeps_waiting(kit: Kit) -> None:
    kit.place(cart())
    assert kit.deliver().unhandled == 1
    assert kit.outbox()[0].status == "waiting"


def test_the_worker_stops_when_it_is_told(project: MakeProject, store: Any, clock: SimulatedClock) -> None:
    sender = Sender()
    kit = delivering(project(SHOP), store, clock, sender)
    order = kit.place(cart())
    worker = kit.worker(every=timedelta(milliseconds=5))
    thread = threading.Thread(target=worker.run)
    thread.start()
    clock.advance(timedelta(hours=1))
    for _ in range(400):
        if kit.get(order.id).state == "closed" and sender.sent:
            break
        threading.Event().wait(0.01)
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert kit.get(order.id).state == "closed"


def test_what_is_not_there_says_so(kit: Kit) -> None:
    for ask in (
        lambda: kit.get("SO0"),
        lambda: kit.fire("SO0", "pay"),
        lambda: kit.history("SO0"),
        lambda: kit.receive("mars", {}),
        lambda: kit.report("nothing"),
        lambda: kit.refund(kit.place(cart()).id),
    ):
        with pytest.raises(NotFound):
            ask()


def test_the_same_database_opened_again_holds_everything(
    project: MakeProject, tmp_path: Path, clock: SimulatedClock
) -> None:
    url = f"sqlite:///{(tmp_path / 'again.db').as_posix()}"
    made = project(SHOP)
    with Kit(made, store=url, clock=clock) as kit:
        kit.stock.set("A", 5)
        order = kit.place(cart("HELLO"), key="k")
    clock.advance(timedelta(hours=1))
    with Kit(made, store=url, clock=clock) as kit:
        assert kit.get(order.id) == order
        assert kit.place(cart("HELLO"), key="k").id == order.id
        assert kit.run_due().ran == 1
        assert kit.stock.get("A").available == 5


def test_the_awaited_kit_has_the_same_verbs(project: MakeProject, store: Any, clock: SimulatedClock) -> None:
    async def life() -> tuple[str, list[str]]:
        async with AsyncKit(project(SHOP), store=store, clock=clock) as kit:
            await kit.stock.set("A", 10)
            assert (await kit.stock.get("A")).available == 10
            orders = await asyncio.gather(*(kit.place(cart(customer=f"C{n}")) for n in range(5)))
            paid = await kit.fire(orders[0].id, "pay", data={"amount": "60"}, actor=SYSTEM)
            with pytest.raises(InvalidOrder):
                await kit.place({"lines": []})
            await kit.place(cart(), key="k")
            with pytest.raises(Conflict):
                await kit.place(cart(units=2), key="k")
            found = await kit.find(state="new")
            return paid.state, sorted(one.number for one in found)

    state, numbers = asyncio.run(life())
    assert state == "paid"
    assert len(numbers) == 5
    verbs = {name for name in vars(AsyncKit) if not name.startswith("_")}
    assert verbs <= set(dir(Kit))


def test_numbers_carry_the_date_of_the_projects_zone(project: MakeProject, clock: SimulatedClock) -> None:
    from datetime import UTC, datetime

    clock.set(datetime(2026, 6, 17, 23, 30, tzinfo=UTC))
    kit = Kit(project(SHOP), clock=clock)
    kit.stock.set("A", 1)
    assert kit.place(cart()).number == "SO20260618000001"


def test_a_misspelt_table_is_told_apart_from_one_the_project_does_not_use(project: MakeProject) -> None:
    made = project("tables: {customers: {key: id, host: true}}\n" + SHOP)
    Kit(made, tables={"weather": {"x": {"id": "x"}}.get})
    with pytest.raises(ValueError, match="did you mean 'customers'"):
        Kit(made, tables={"customer": {"x": {"id": "x"}}.get})


def test_an_order_names_the_project_that_decided_last(project: MakeProject, clock: SimulatedClock) -> None:
    store = MemoryStore()
    first, second = project(SHOP), project(SHOP + "# edited\n")
    kit = Kit(first, store=store, clock=clock)
    kit.stock.set("A", 1)
    order = kit.place(cart())
    assert order.project == first.hash
    paid = Kit(second, store=store, clock=clock).fire(order.id, "pay", data={"amount": "60"}, actor=SYSTEM)
    assert paid.project == second.hash != first.hash
    assert [entry.project for entry in kit.history(order.id)] == [first.hash, second.hash]
