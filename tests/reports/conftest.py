"""A shop for report tests: YAML and orders in, one table out of two executors that have to agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

import orderkit
from orderkit._commands.calls import answer
from orderkit._commands.reporting import ReportTable, report
from orderkit.adapters.memory import MemoryStore
from orderkit.adapters.sql import SqlStore
from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order, Payment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderkit._project import Project
    from orderkit.ports import Store

HEAD = """
project: {{name: Shop, language: 1, currency: {currency}, timezone: {zone}, locale: {locale}, vars: {{dear: 100, open: [placed, paid]}}}}
fields:
  order:
    province: {{label: Province, type: text}}
    weight:   {{type: decimal}}
    phone:    {{type: phone, private: true}}
    fee:      {{type: money}}
    gift:     {{type: boolean}}
    due:      {{type: date}}
    seen_at:  {{type: datetime}}
    boxes:    {{type: integer}}
    level:    {{type: choice, of: [normal, gold]}}
  line:
    wrap:     {{type: boolean}}
flows:
  order:
    starts: placed
    states: {{placed: {{}}, paid: {{}}, done: {{end: done}}, closed: {{end: canceled}}}}
    actions:
      pay:    {{from: placed, to: paid, by: system}}
      finish: {{from: paid, to: done, by: system}}
      close:  {{from: placed, to: closed, by: system}}
"""


def at(text: str) -> datetime:
    """Read a moment in UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@cache
def project_of(text: str, zone: str, currency: str, locale: str) -> Project:
    with TemporaryDirectory() as folder:
        file = Path(folder, "shop.yaml")
        file.write_text(HEAD.format(zone=zone, currency=currency, locale=locale) + text, encoding="utf-8")
        return orderkit.load(file)


def findings_of(text: str) -> list[str]:
    """Give the findings as `code@line:column`, counted from the first line of `text`."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "shop.yaml")
        head = HEAD.format(zone="UTC", currency="CNY", locale="en_GB")
        file.write_text(head + text, encoding="utf-8")
        first = head.count("\n")
        return [
            f"{one.code}@{one.line - first}:{one.column}" + (f" {one.suggestion}" if one.suggestion else "")
            for one in orderkit.check(file)
        ]


def money_of(kind: str, amount: str, when: str, **more: Any) -> Payment:
    currency = more.pop("currency", "CNY")
    number = more.pop("id", f"{kind}-{amount}-{when}")
    return Payment(number, kind, Money.of(amount, currency), at(when), **more)


def order_of(
    number: str,
    when: str,
    *lines: tuple[str, int, str],
    currency: str = "CNY",
    payments: Sequence[Payment] = (),
    line_fields: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
    **more: Any,
) -> Order:
    """Make an order of (sku, quantity, net); its total is the sum of the lines."""
    nothing = Money(0, currency)
    made = tuple(
        Line(
            id=f"L{position}",
            sku=sku,
            name=f"name of {sku}",
            category=None,
            quantity=quantity,
            price=Money.of(net, currency).amount / quantity,
            list=Money.of(net, currency),
            discount=nothing,
            net=Money.of(net, currency),
            tax=nothing,
            fields=line_fields or {},
        )
        for position, (sku, quantity, net) in enumerate(lines, 1)
    )
    total = Money(sum(line.net.minor for line in made), currency)
    basis: dict[str, Any] = {
        "channel": "shop",
        "external_number": number,
        "state": "placed",
        "customer": None,
        "customer_record": {},
    }
    return Order(
        id=number,
        number=number,
        epoch=1,
        entered_at=at(when),
        version=1,
        project="",
        currency=currency,
        placed_at=at(when),
        lines=made,
        subtotal=total,
        discount=nothing,
        shipping=nothing,
        tax=nothing,
        total=total,
        payments=tuple(payments),
        fields=fields or {},
        **{**basis, **more},
    )


@dataclass
class Shop:
    """Runs a report on both stores."""

    stores: list[Store] = field(default_factory=list)
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    locale: str = "en_GB"

    def table(
        self,
        text: str,
        name: str,
        orders: Iterable[Order] = (),
        *,
        loose: Iterable[Payment] = (),
        now: str = "2030-01-01",
        since: str | None = None,
        until: str | None = None,
        **more: Any,
    ) -> ReportTable:
        project = project_of(text, self.zone, self.currency, self.locale)
        found = []
        for store in (MemoryStore(), SqlStore("sqlite://")):
            self.stores.append(store)
            store.prepare(project.fields.columns, project.hash, project.texts)
            with store.transaction() as unit:
                unit.orders.insert(list(orders))
                unit.orders.add_loose(list(loose))
            with store.transaction(write=False) as unit:
                asked = report(
                    project,
                    name,
                    since=at(since) if since else None,
                    until=at(until) if until else None,
                    now=at(now),
                    **more,
                )
                found.append(answer(asked, unit))
        assert found[0] == found[1]
        return found[0]

    def rows(self, *given: Any, **more: Any) -> list[tuple[Any, ...]]:
        """Give the rows with money as text."""
        return [
            tuple(f"{one.amount:f}" if isinstance(one, Money) else one for one in row)
            for row in self.table(*given, **more).rows
        ]


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    for store in made.stores:
        store.close()


@pytest.fixture(scope="session")
def findings() -> Callable[[str], list[str]]:
    return findings_of


@pytest.fixture(scope="session")
def order() -> Callable[..., Order]:
    return order_of


@pytest.fixture(scope="session")
def moved() -> Callable[..., Payment]:
    return money_of


@pytest.fixture(scope="session")
def project() -> Callable[..., Project]:
    return project_of
