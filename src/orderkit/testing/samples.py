"""Orders and questions that the checks of stores are made of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from orderkit._diagnostics import Span
from orderkit.domain.money import Money
from orderkit.domain.order import Line, Order, Part, Payment
from orderkit.domain.policies import RefundPolicy, RefundRow
from orderkit.domain.price import Adjustment
from orderkit.domain.records import ColumnSpec
from orderkit.domain.stock import Claim
from orderkit.ports import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Opener = Callable[[], Store]
"""Gives a fresh, empty store."""

E = TypeVar("E", bound=BaseException)

NOON: Final = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
"""When samples happen."""

COLUMNS: Final = (
    ColumnSpec("order", "receiver", "text"),
    ColumnSpec("order", "楼层", "integer"),
    ColumnSpec("order", "weight", "decimal"),
    ColumnSpec("order", "insured", "money"),
    ColumnSpec("order", "urgent", "boolean"),
    ColumnSpec("order", "wanted_on", "date"),
    ColumnSpec("order", "wanted_at", "datetime"),
    ColumnSpec("line", "颜色", "text"),
    ColumnSpec("line", "cost", "money"),
    ColumnSpec("line", "Size", "text"),
    ColumnSpec("line", "size", "integer"),
)
"""Fields of the samples: every kind, two scripts, and two names that differ in case only."""

_NO_FIELDS: Final = {one.name: None for one in COLUMNS if one.owner == "order"}
_NO_LINE_FIELDS: Final = {one.name: None for one in COLUMNS if one.owner == "line"}


class Check(Protocol):
    """One rule of the contract."""

    __name__: str

    def __call__(self, opened: Opener) -> None:
        """Hold a fresh store to it."""


@contextmanager
def ready(opened: Opener, columns: Sequence[ColumnSpec] = COLUMNS) -> Iterator[Store]:
    """Open a store and make it ready for the samples.

    Args:
        opened: Gives the store.
        columns: The project's fields.

    Yields:
        The store; closed at the end of the block.
    """
    store = opened()
    try:
        store.prepare(columns, "hash-of-samples", {"orderkit.yaml": "project: samples\n"})
        yield store
    finally:
        store.close()


def same(found: object, wanted: object, what: str) -> None:
    """Hold two values equal.

    Args:
        found: What the store gave.
        wanted: What the contract says.
        what: Names it in the failure.

    Raises:
        AssertionError: They differ.
    """
    if found != wanted:
        message = f"{what}:\n  found  {found!r}\n  wanted {wanted!r}"
        raise AssertionError(message)


def raised(kind: type[E], command: Callable[[], object], what: str) -> E:
    """Hold a command to its refusal.

    Args:
        kind: The error it has to raise.
        command: The command.
        what: Names it in the failure.

    Returns:
        The error.

    Raises:
        AssertionError: It raised nothing.
    """
    try:
        command()
    except kind as error:
        return error
    message = f"{what}: nothing was raised, {kind.__name__} was due"
    raise AssertionError(message)


def yuan(amount: str) -> Money:
    """Write an amount.

    Args:
        amount: Major units, such as `39.90`.

    Returns:
        The amount in CNY.
    """
    return Money.of(amount, "CNY")


def sample_line(number: int = 1, *, sku: str = "A100", quantity: int = 1, **more: Any) -> Line:
    """Make a line at 10.00 a unit.

    Args:
        number: Its place, from 1.
        sku: Stock keeping unit.
        quantity: Whole units.
        **more: Other fields of the line.

    Returns:
        The line.
    """
    amount = Money(quantity * 1000, "CNY")
    values: dict[str, Any] = {
        "name": None,
        "category": None,
        "price": Decimal("10.00"),
        "list": amount,
        "discount": Money(0, "CNY"),
        "net": amount,
        "tax": Money(0, "CNY"),
        "fields": dict(_NO_LINE_FIELDS),
    }
    return Line(id=f"L{number}", sku=sku, quantity=quantity, **{**values, **more})


def sample_order(number: str = "SO1", **more: Any) -> Order:
    """Make a plain order of one line.

    Args:
        number: Its number; its id is made of it.
        **more: Other fields of the order.

    Returns:
        The order.
    """
    lines: tuple[Line, ...] = more.pop("lines", (sample_line(),))
    total = Money(sum(one.net.minor for one in lines), "CNY")
    values: dict[str, Any] = {
        "channel": None,
        "external_number": None,
        "state": "placed",
        "epoch": 1,
        "entered_at": NOON,
        "version": 1,
        "project": "hash-of-samples",
        "currency": "CNY",
        "placed_at": NOON,
        "customer": None,
        "customer_record": {},
        "subtotal": total,
        "discount": Money(0, "CNY"),
        "shipping": Money(0, "CNY"),
        "tax": Money(0, "CNY"),
        "total": total,
        "fields": dict(_NO_FIELDS),
    }
    return Order(id=f"id-{number}", number=number, lines=lines, **{**values, **more})


def rich_order(number: str = "SO9") -> Order:
    """Make an order that uses every field there is.

    Args:
        number: Its number.

    Returns:
        The order.
    """
    fields: Mapping[str, Any] = {
        "receiver": "王小明 'quoted' \"twice\" 🚚",
        "楼层": -3,
        "weight": Decimal("1.2500"),
        "insured": Decimal("1999.99"),
        "urgent": True,
        "wanted_on": date(2026, 6, 20),
        "wanted_at": NOON + timedelta(microseconds=1),
        # No columns: a list, a record with typed values, a length of time.
        "serials": ["S1", "S2"],
        "address": {"city": "杭州", "since": date(2020, 1, 1), "limit": Decimal("0.10")},
        "patience": timedelta(hours=36, microseconds=5),
    }
    half = Span("promotions.yaml", 12, 5, 12, 40)
    adjustments = (
        Adjustment(
            "满减", half, "shop", "L1", yuan("79.80"), None, yuan("-13.34"),
            (("platform", yuan("-6.67")), ("shop", yuan("-6.67"))), "满 100 减 20", "≥ 100.00",
            Decimal("-13.33555"),
        ),
        Adjustment("gold", None, "item", "L2", yuan("33.30"), Decimal("0.05"), yuan("-1.66")),
        Adjustment("", half, "shipping", None, yuan("8.00"), Decimal(1), yuan("-8.00"), label="包邮"),
    )  # fmt: skip
    lines = (
        sample_line(
            1, sku="A100", name="中性笔", category="文具", quantity=2, price=Decimal("39.9"),
            list=yuan("79.80"), discount=yuan("13.34"), net=yuan("66.46"), tax=yuan("8.64"),
            fields={"颜色": "蓝", "cost": Decimal("12.345678"), "Size": "XL", "size": 42, "marks": [1, None]},
        ),
        sample_line(2, sku="B-200", price=Decimal("33.29999999"), list=yuan("33.30"), discount=yuan("1.66"),
                    net=yuan("31.64")),
    )  # fmt: skip
    return sample_order(
        number,
        lines=lines,
        channel="tmall",
        external_number="TB-77",
        state="待发货",
        epoch=4,
        entered_at=NOON + timedelta(hours=2),
        version=5,
        customer="C-1",
        customer_record={"id": "C-1", "level": "gold", "since": date(2019, 5, 1), "spent": Decimal("10.50")},
        subtotal=yuan("113.10"),
        discount=yuan("15.00"),
        shipping=yuan("0.00"),
        tax=yuan("8.64"),
        total=yuan("98.10"),
        coupons=("NEW20", "满减"),
        points=120,
        tags=("大单", "vip"),
        note="请放门口\nSecond line",
        fields=fields,
        adjustments=adjustments,
        payments=(
            Payment("payment-1", "payment", yuan("98.10"), NOON, txn="T-1"),
            Payment("refunded-1", "refund", yuan("3.00"), NOON + timedelta(days=1), reason="迟到"),
        ),
        parts=(
            Part(
                "refund-1", "refund", f"{number}-refund-1", "已退款", 2, NOON, NOON + timedelta(days=1),
                {"L1": 1}, yuan("3.00"), "迟到", "客服", {"txn": "R-1", "steps": [1, 2]},
                (
                    RefundRow("", None, "share", "L1", yuan("3.50"), 1),
                    RefundRow("满减", half, "recalculated", None, yuan("-0.50")),
                ),
            ),
        ),
        assigned="仓库",
        events={"paid": NOON, "shipped": NOON + timedelta(days=1), "imported": NOON},
        claims={"A100": Claim(0, 2, 0), "B-200": Claim(1, 0, 0)},
        fired=("支付", "审核通过"),
        policies=(
            RefundPolicy("满减", half, "recalculate", "return_or_pay", 5900, "split", "rebill"),
            RefundPolicy("gold"),
        ),
    )  # fmt: skip
