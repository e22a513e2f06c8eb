"""Orders, histories and reports as a person likes to read them in a terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from orderkit._pricing.compiler import FREE_OVER
from orderkit.cli.refusals import reason_word
from orderkit.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from orderkit import Order, Project
    from orderkit._commands.reporting import ReportTable
    from orderkit.domain.events import AuditEntry

_BAR: Final = 18
_ROOM: Final = 80
_VERBS: Final = {
    "placed": "下单",
    "fired": "执行",
    "refused": "拒绝",
    "opened": "打开",
    "rule": "规则",
    "rule_passed": "规则不再适用",
    "rule_failed": "规则失败",
    "timer_passed": "定时器已失效",
    "imported": "导入",
    "updated": "更新",
}
_WORDS: Final = {
    "shipping fee": "运费标准",
    "total": "应付",
    "paid": "已付",
    "refunded": "已退",
    "recalculated": "按留下的商品重算",
    "gift": "赠品",
    "shipping": "补收运费",
}


def _word(text: str, *, zh: bool) -> str:
    return _WORDS[text] if zh else text


def show_order(
    out: Console, order: Order, history: Sequence[AuditEntry], project: Project, *, zh: bool
) -> None:
    """Show one order: its lines, every reason between list and total, and what happened to it.

    Args:
        out: Where to.
        order: The order.
        history: Its history.
        project: Its project.
        zh: Whether in Chinese.
    """
    zone = project.fields.zone
    tags = "".join(f"  [reverse] {escape(tag)} [/]" for tag in order.tags)
    out.print(f"[bold]{escape(order.number)}[/]  [cyan]{escape(order.state)}[/]{tags}")
    told = (f"{order.placed_at.astimezone(zone):%Y-%m-%d %H:%M}", order.channel, _customer(order))
    out.print(f"[dim]{escape('  '.join(one for one in told if one))}[/]")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for line in order.lines:
        table.add_row(
            escape(f"  {line.name or line.sku}"), f"{line.quantity} x {line.price:f}", line.list.shown(), ""
        )
    fee = order.shipping.minor - sum(row.amount.minor for row in order.adjustments if row.line is None)
    if fee:
        table.add_row(
            f"  [dim]+ {_word('shipping fee', zh=zh)}[/]", "", Money(fee, order.currency).shown(), ""
        )
    for row in merged(order.adjustments):
        label, amount, span = row
        if label == FREE_OVER:
            label = free_shipping(project, order.currency, zh=zh)
        table.add_row(f"  [green]{escape(label)}[/]", "", f"[green]{amount.shown()}[/]", f"[dim]{span}[/]")
    table.add_row(f"  [bold]{_word('total', zh=zh)}[/]", "", f"[bold]{order.total.shown()}[/]", "")
    if order.paid:
        table.add_row(f"  {_word('paid', zh=zh)}", "", order.paid.shown(), "")
    if order.refunded:
        table.add_row(f"  {_word('refunded', zh=zh)}", "", (-order.refunded).shown(), "")
    for part in order.parts:
        table.add_row(f"  {escape(part.id)}", "", part.amount.shown(), f"[cyan]{escape(part.state)}[/]")
        for reason in part.rows:
            if reason.what != "share":
                label = f"{_word(reason.what, zh=zh)} {reason.promotion}"
                table.add_row(
                    f"    [dim]{escape(label)}[/]", "", reason.amount.shown(), f"[dim]{reason.span or ''}[/]"
                )
    out.print(table)
    show_history(out, history, project, zh=zh)


def _customer(order: Order) -> str:
    name = str(order.customer_record.get("name") or "")
    return " ".join(one for one in (order.customer or "", name) if one)


def free_shipping(project: Project, currency: str, *, zh: bool) -> str:
    """Name what `pricing.shipping.free_over` gives.

    Args:
        project: The project.
        currency: Currency of the order.
        zh: Whether in Chinese.

    Returns:
        Such as `free shipping from 99.00`.
    """
    spends = (
        tier.spend for one in project.pricing.promotions if one.label == FREE_OVER for tier in one.tiers
    )
    least = next((spend[currency] for spend in spends if spend and currency in spend), None)
    if least is None:
        return "包邮" if zh else "free shipping"
    amount = f"{Money(least, currency).amount:f}"
    return f"满 {amount} 包邮" if zh else f"free shipping from {amount}"


def merged(adjustments: Sequence[Any]) -> list[tuple[str, Money, str]]:
    """Add up the ledger rows of each promotion.

    Args:
        adjustments: Rows of an order or a price.

    Returns:
        (label, amount, `file:line:column`) in the order they applied, nothing left out but zeros.
    """
    sums: dict[tuple[str, str], Money] = {}
    for row in adjustments:
        key = (row.label or row.promotion or row.stage, str(row.span) if row.span else "")
        sums[key] = sums[key] + row.amount if key in sums else row.amount
    return [(label, amount, span) for (label, span), amount in sums.items() if amount]


def show_history(out: Console, history: Sequence[AuditEntry], project: Project, *, zh: bool) -> None:
    """Show what happened to an order, with the line of YAML behind each step.

    Args:
        out: Where to.
        history: Entries, oldest first.
        project: The project.
        zh: Whether in Chinese.
    """
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    for _ in range(5):
        table.add_column(overflow="fold")
    for entry in history:
        at = entry.at.astimezone(project.fields.zone)
        good = entry.verb not in ("refused", "rule_failed")
        moved = f"{entry.before} → {entry.after}" if entry.before and entry.after else entry.after
        what = f"{entry.part} {entry.subject}".strip()
        style = "" if good else "red"
        table.add_row(
            f"[dim]{at:%m-%d %H:%M}[/]",
            f"[{style or 'default'}]{_VERBS.get(entry.verb, entry.verb) if zh else entry.verb}[/]",
            escape(what),
            escape(moved or reason_word(entry.reason, zh=zh)),
            f"[dim]{escape(entry.actor)}[/]",
            f"[dim]{entry.span}[/]",
        )
    out.print(table)


def show_report(
    out: Console,
    found: ReportTable,
    *,
    zh: bool = False,
    most: int = 40,
    trim: bool = False,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Show a report as a table, with bars behind its first amount where the terminal has room for them.

    Args:
        out: Where to.
        found: The report.
        zh: Whether in Chinese.
        most: Rows to show; the rest is only counted.
        trim: Whether to leave out empty rows at the end.
        labels: What people call the values of the column `channel`.
    """
    rows = list(found.rows)
    while trim and rows and not any(_number(value) for value in rows[-1]):
        rows.pop()
    cells = [
        [
            escape((labels or {}).get(value, value)) if column.name == "channel" and isinstance(value, str)
            else _cell(value, column.type, zh=zh)
            for value, column in zip(row, found.columns, strict=True)
        ]
        for row in rows[:most]
    ]  # fmt: skip
    table = Table(box=None, pad_edge=False, header_style="bold", title=None)
    for index, column in enumerate(found.columns):
        numeric = column.type not in ("text", "date", "datetime", "choice", "period")
        # An amount cut in the middle is a wrong amount: headings and texts wrap instead.
        width = max((cell_len(row[index]) for row in cells), default=0) if numeric else None
        table.add_column(
            column.label, justify="right" if numeric else "left", min_width=width, overflow="fold"
        )
    shares = [index for index, column in enumerate(found.columns) if column.type in ("money", "count")]
    bar = next(
        (index for index in shares if found.columns[index].type == "money"), shares[0] if shares else None
    )
    largest = max((_number(row[bar]) for row in rows), default=Decimal(0)) if bar is not None else Decimal(0)
    barred = out.width >= _ROOM
    if barred:
        table.add_column("")
    for row, shown in zip(rows, cells, strict=False):
        length = int(_BAR * _number(row[bar]) / largest) if bar is not None and largest > 0 else 0
        table.add_row(*shown, *([f"[cyan]{'█' * max(length, 0)}[/]"] if barred else ()))
    out.print(table)
    if len(rows) > most:
        out.print(f"[dim]… +{len(rows) - most}[/]")


def _number(value: Any) -> Decimal:
    if isinstance(value, Money):
        return value.amount
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _cell(value: Any, kind: str, *, zh: bool) -> str:
    if kind == "percent" and isinstance(value, Decimal):
        return f"{value:.1%}"
    if value is None:
        return "-"
    if isinstance(value, Money):
        return value.shown()
    if isinstance(value, bool):
        yes, no = ("是", "否") if zh else ("yes", "no")
        return yes if value else no
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return escape(str(value))
