"""Second part of the demonstration: a shop that runs live, in simulated time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from orderkit import Actor, Kit, Order, check, load
from orderkit._diagnostics.render import summary
from orderkit._runner.cases import Touched, coverage, play
from orderkit.adapters.memory import SimulatedClock
from orderkit.cli.importing import show_import
from orderkit.cli.show import show_history, show_order, show_report
from orderkit.domain.calendar import parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from orderkit.cli.stage import Stage

_CUSTOMERS: Final[dict[str, Mapping[str, Any]]] = {
    "C1": {"id": "C1", "name": "王芳", "level": "gold"},
    "C2": {"id": "C2", "name": "李强", "level": "normal"},
}
_SYSTEM: Final = Actor("gateway", ["system"])


def show_retail(stage: Stage, folder: Path, database: Path) -> None:
    """Check the project, run three orders, price a cart, import a channel's file, play the cases.

    Args:
        stage: Where to speak.
        folder: The project `retail`.
        database: SQLite file to make.
    """
    stage.title("2  retail: a shop in a few small YAML files", "二、retail：用几个小小的 YAML 文件写成的商城")
    found = check(folder)
    project = load(folder)
    lines = sum(text.count("\n") for text in project.texts.values())
    stage.say(
        f"[green]✓[/] {escape(summary(found, len(project.texts), lines, 'en').strip())}",
        f"[green]✓[/] {escape(summary(found, len(project.texts), lines, 'zh').strip())}",
    )
    begin = parse_moment("2026-06-18 10:00", project.fields.zone)
    if begin is None:
        message = "a literal moment always reads"
        raise AssertionError(message)
    clock = SimulatedClock(begin)
    tables = {"customers": _CUSTOMERS.get}
    with Kit(project, store=f"sqlite:///{database.as_posix()}", tables=tables, clock=clock) as kit:
        for sku in ("SKU-1", "SKU-2", "SKU-3", "SKU-4"):
            kit.stock.set(sku, 20)
        _paid_order(stage, kit, clock)
        _unpaid_order(stage, kit, clock)
        _large_order(stage, kit)
        _explained_price(stage, kit, begin)
        _channel(stage, kit, folder)
    _cases(stage, folder)


def _paid_order(stage: Stage, kit: Kit, clock: SimulatedClock) -> None:
    stage.head(
        "First order: paid, reviewed, allocated, shipped, signed for, done",
        "第一单：支付、审核、配货、发货、签收、完成",
    )
    order = kit.receive(
        "mini",
        {
            "id": "M-1001", "buyer": "C1", "联系人": "王芳", "mobile": "138 0013 8000", "pay": "wx",
            "goods": [{"sku": "SKU-1", "num": 4}],
        },
    )  # fmt: skip
    clock.advance(timedelta(minutes=2))
    data = {"txn": "WX-1", "amount": order.total.amount}
    kit.fire(order.id, "支付", data=data, actor=_SYSTEM, key="WX-1")
    clock.advance(timedelta(minutes=40))
    kit.fire(order.id, "审核通过", actor=Actor("reviewer", ["运营"]))
    clock.advance(timedelta(hours=3))
    needs = {"carrier": "顺丰", "tracking_no": "SF1001"}
    kit.fire(order.id, "确认发货", data=needs, actor=Actor("warehouse", ["仓库"]))
    clock.advance(timedelta(days=2))
    order = kit.fire(order.id, "物流签收", actor=_SYSTEM)
    show_order(stage.out, order, kit.history(order.id), kit.project, zh=stage.zh)
    level = kit.stock.get("SKU-1")
    stage.say(f"stock of SKU-1: {level.on_hand} on hand", f"SKU-1 库存：在库 {level.on_hand}")


def _unpaid_order(stage: Stage, kit: Kit, clock: SimulatedClock) -> None:
    stage.head(
        "Second order: left unpaid, closed by its timer, stock released",
        "第二单：一直未支付，由定时器关闭并释放库存",
    )
    order = kit.place({"customer": "C2", "lines": [{"sku": "SKU-2", "quantity": 5}]}, actor="web")
    before = kit.stock.get("SKU-2").available
    clock.advance(timedelta(minutes=30))
    kit.run_due()
    order = kit.get(order.id)
    after = kit.stock.get("SKU-2").available
    show_history(stage.out, kit.history(order.id), kit.project, zh=stage.zh)
    stage.say(
        f"after 30 minutes: [cyan]{order.state}[/]; SKU-2 available {before} → [bold]{after}[/]",
        f"30 分钟后：[cyan]{order.state}[/]；SKU-2 可用库存 {before} → [bold]{after}[/]",
    )


def _large_order(stage: Stage, kit: Kit) -> None:
    stage.head(
        "Third order: over 5,000, so it is flagged and the sales lead is told",
        "第三单：超过 5000 元，打上标记并通知销售主管",
    )
    order = kit.place({"customer": "C2", "lines": [{"sku": "SKU-4", "quantity": 3}]}, actor="web")
    _flagged(stage, order)
    for effect in kit.outbox(order.id):
        stage.out.print(
            f"  outbox  [bold]{effect.effect}[/] → {effect.payload['to']}  {escape(effect.payload['text'])}"
            f"  [dim]{effect.span}[/]",
            soft_wrap=True,
        )


def _flagged(stage: Stage, order: Order) -> None:
    tags = " ".join(f"[reverse] {escape(tag)} [/]" for tag in order.tags)
    stage.out.print(f"  {order.number}  {order.total.shown()}  {tags}")


def _explained_price(stage: Stage, kit: Kit, at: datetime) -> None:
    stage.head(
        "A cart with a member price, a spend-and-save tier and a coupon; the line of YAML behind each amount",
        "一个购物车：会员价、阶梯满减、优惠券；每笔金额都指出所依据的 YAML 行",
    )
    cart = {
        "customer": "C1",
        "lines": [
            {"sku": "SKU-1", "quantity": 3},
            {"sku": "SKU-3", "quantity": 1},
            {"sku": "SKU-2", "quantity": 1},
        ],
    }
    price = kit.quote(cart, coupons=["NEW20"], at=at)
    stage.out.print(price.explain("zh" if stage.zh else "en"), markup=False, soft_wrap=True)


def _channel(stage: Stage, kit: Kit, folder: Path) -> None:
    file = next((folder / "inbox").glob("*.csv"))
    stage.head(f"Another channel's report: {file.name}", f"另一个渠道的报表：{file.name}")
    show_import(kit.import_files(file), zh=stage.zh)
    stage.head("Orders by channel", "按渠道的订单")
    labels = {name: one.label for name, one in kit.project.channels.items()}
    show_report(stage.out, kit.report("channels"), zh=stage.zh, labels=labels)


def _cases(stage: Stage, folder: Path) -> None:
    stage.head("The analysts' own tests, in simulated time", "分析师自己的用例，在模拟时间里运行")
    project = load(folder)
    touched = Touched()
    results = [play(project, case, touched) for case in project.cases.values()]
    for result in results:
        mark = "[green]✓[/]" if result.passed else "[red]✗[/]"
        stage.out.print(f"  {mark} {escape(result.case.name)}")
    rest = coverage(project, touched)
    passed = sum(one.passed for one in results)
    stage.say(
        f"{passed} of {len(results)} passed, coverage {rest.share:.0%}",
        f"{len(results)} 个用例通过 {passed} 个，覆盖率 {rest.share:.0%}",
    )
