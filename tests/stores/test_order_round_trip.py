"""Whatever order there is, a store gives it back equal, and an update makes it any other order."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit._diagnostics import Span
from orderkit.adapters.sql import SqlStore
from orderkit.adapters.sql.codec import pack, price_column, read_price, unpack
from orderkit.domain.calendar import Duration, from_micros
from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order, Part, Payment
from orderkit.domain.policies import RefundPolicy, RefundRow
from orderkit.domain.price import Adjustment
from orderkit.domain.stock import Claim
from orderkit.testing import COLUMNS

_CURRENCIES = st.sampled_from(["CNY", "JPY", "KWD"])
# What the edge lets in: no control characters, no halves of pairs (see `_fields`).
_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
_ids = st.text("abc-01订", min_size=1, max_size=6)
_instants = st.integers(0, 4_000_000_000_000_000).map(from_micros)
_minors = st.integers(-(10**12), 10**12)
_decimals = st.decimals(-(10**12), 10**12, places=4) | st.decimals(allow_nan=False, allow_infinity=False)
_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | _texts | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts | st.just("$tag"), inner, max_size=3),
    max_leaves=6,
)
_typed = st.recursive(
    _plain
    | _decimals
    | _instants
    | st.dates()
    | st.timedeltas()
    | st.builds(Money, _minors, _CURRENCIES)
    | st.builds(Duration, st.integers(0, 99), st.integers(0, 99), st.integers(0, 9)),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.tuples(inner)
        | st.dictionaries(_texts | st.integers(), inner, max_size=2)
    ),
    max_leaves=6,
)
_by_kind: dict[str, st.SearchStrategy[Any]] = {
    "text": _texts,
    "integer": st.integers(),
    "decimal": _decimals,
    "money": _decimals,
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": _instants,
}
_spans = st.none() | st.builds(
    Span, _ids, st.integers(1, 99), st.integers(1, 99), st.integers(1, 99), st.integers(1, 99)
)


@st.composite
def _fields(draw: st.DrawFn, owner: str) -> dict[str, Any]:
    own = {one.name: draw(st.none() | _by_kind[one.kind]) for one in COLUMNS if one.owner == owner}
    return {**draw(st.dictionaries(st.sampled_from(["list", "记录", "$odd"]), _typed, max_size=2)), **own}


@st.composite
def _orders(draw: st.DrawFn, order_id: str = "O1") -> Order:
    currency = draw(_CURRENCIES)
    money = st.builds(Money, _minors, st.just(currency))

    def many(one: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        return tuple(draw(st.lists(one, max_size=3)))

    lines = many(
        st.builds(
            Line, _ids, _ids, st.none() | _texts, st.none() | _texts, st.integers(0, 10**9), _decimals,
            money, money, money, money, _fields("line"),
        )
    )  # fmt: skip
    adjustments = many(
        st.builds(
            Adjustment, _texts, _spans, _ids, st.none() | _ids, money, st.none() | _decimals, money,
            st.lists(st.tuples(_texts, money), max_size=2).map(tuple), _texts, _texts, st.none() | _decimals,
        )
    )  # fmt: skip
    payments = many(
        st.builds(
            Payment, _ids, st.sampled_from(["payment", "refund"]), money, _instants, _texts, _texts,
            st.none() | _ids,
        )
    )  # fmt: skip
    rows = st.builds(
        RefundRow, _ids, _spans, st.sampled_from(["share", "gift"]), st.none() | _ids, money,
        st.integers(0, 99),
    )  # fmt: skip
    parts = many(
        st.builds(
            Part, _ids, _ids, _ids, _ids, st.integers(0, 99), _instants, _instants,
            st.dictionaries(_ids, st.integers(0, 99), max_size=2), money, _texts, st.none() | _ids,
            st.dictionaries(_texts, _plain, max_size=2),
            st.lists(rows, max_size=2).map(tuple),
        )
    )  # fmt: skip
    policies = st.builds(
        RefundPolicy, _ids, _spans, st.sampled_from(["keep", "recalculate"]), st.sampled_from(["charge"]),
        st.none() | st.integers(0, 10**9), st.sampled_from(["split"]), st.sampled_from(["rebill"]),
    )  # fmt: skip
    counts = st.integers(0, 99)
    return Order(
        id=order_id,
        number=draw(_ids),
        channel=draw(st.none() | _ids),
        external_number=draw(st.none() | _ids),
        state=draw(_texts),
        epoch=draw(counts),
        entered_at=draw(_instants),
        version=draw(st.integers(1, 99)),
        project=draw(_ids),
        currency=currency,
        placed_at=draw(_instants),
        customer=draw(st.none() | _ids),
        customer_record=draw(st.dictionaries(_texts, _typed, max_size=2)),
        lines=lines,
        subtotal=draw(money),
        discount=draw(money),
        shipping=draw(money),
        tax=draw(money),
        total=draw(money),
        coupons=many(_texts),
        points=draw(counts),
        tags=many(_texts),
        note=draw(_texts),
        fields=draw(_fields("order")),
        adjustments=adjustments,
        payments=payments,
        parts=parts,
        assigned=draw(st.none() | _ids),
        events=draw(
            st.dictionaries(st.sampled_from(["paid", "shipped", "done", "canceled", "edited"]), _instants)
        ),
        claims=draw(st.dictionaries(_ids, st.builds(Claim, counts, counts, counts), max_size=2)),
        fired=many(_ids),
        policies=many(policies),
    )


@settings(max_examples=80, deadline=None)
@given(first=_orders(), second=_orders())
def test_any_order_is_read_as_written_and_changed_into_any_other(first: Order, second: Order) -> None:
    store = SqlStore("sqlite://")
    store.prepare(COLUMNS, "h", {})
    with store.transaction() as unit:
        unit.orders.insert([first])
    with store.transaction(write=False) as unit:
        assert unit.orders.get("O1") == first
    with store.transaction() as unit:
        unit.orders.update(second, expected=first.version)
    with store.transaction(write=False) as unit:
        assert unit.orders.get("O1") == second
    store.close()


@given(minor=st.integers(0, 10**12), places=st.integers(0, 6))
def test_prices_are_spelled_after_reading_as_before(minor: int, places: int) -> None:
    """Documents and messages do not change by being stored: 39.90 stays 39.90 and 39.9 stays 39.9."""
    price = Decimal(minor).scaleb(-places)
    millionths, kept, exact = price_column(price)
    assert exact
    assert str(read_price(millionths, kept)) == str(price)
    assert millionths == price * 10**6


@given(value=_typed)
def test_typed_values_survive_json(value: Any) -> None:
    again = unpack(pack({"value": value}))["value"]
    assert again == value
    assert type(again) is type(value)


def test_json_is_readable_for_people() -> None:
    text = pack(
        {"收货人": "王", "由": Decimal("1.20"), "on": date(2026, 6, 18), "within": timedelta(seconds=1)}
    )
    assert json.loads(text) == {
        "收货人": "王",
        "由": {"$decimal": "1.20"},
        "on": {"$date": "2026-06-18"},
        "within": {"$length": 1_000_000},
    }
    assert "收货人" in text
