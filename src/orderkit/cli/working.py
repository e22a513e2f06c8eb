"""Commands that keep time: worker, outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common, console, print_json

if TYPE_CHECKING:
    from orderkit.cli.context import Settings


@click.command(epilog="Examples:  orderkit worker --once    orderkit worker")
@click.option("--once", is_flag=True, help="One round, then leave.")
@common("human", "json", database=True)
def worker(settings: Settings, once: bool) -> None:  # noqa: FBT001 - click's form
    """Run due timers and deliver messages, until interrupted."""
    project = settings.load()
    zh = settings.language(project.locale) == "zh"
    with settings.kit(project) as kit:
        if not once:
            click.echo("正在运行；按 Ctrl-C 停止" if zh else "working; stop with Ctrl-C", err=True)
            kit.worker().run()
            return
        ran, delivered = kit.work_once()
    if settings.as_json:
        done = {name: getattr(ran, name) for name in ran.__slots__}
        sent = {name: getattr(delivered, name) for name in delivered.__slots__}
        print_json("worker", {"timers": done, "effects": sent})
        return
    due = f"{ran.next_due.astimezone(project.fields.zone):%Y-%m-%d %H:%M}" if ran.next_due else ""
    if zh:
        click.echo(f"定时器：运行 {ran.ran}，失败 {ran.failed}" + (f"；下一个在 {due}" if due else ""))
        click.echo(
            f"消息：发出 {delivered.sent}，失败 {delivered.failed}，搁置 {delivered.parked}，"
            f"等待宿主程序通过 Kit(effects=…) 提供发送器 {delivered.unhandled}"
        )
        return
    click.echo(f"timers: {ran.ran} ran, {ran.failed} failed" + (f"; next due {due}" if due else ""))
    click.echo(
        f"effects: {delivered.sent} sent, {delivered.failed} failed, {delivered.parked} parked, "
        f"{delivered.unhandled} waiting for a sender that the host passes to Kit(effects=…)"
    )


@click.group(epilog="Example:  orderkit outbox list")
def outbox() -> None:
    """List messages and what became of them."""


@outbox.command(name="list")
@click.option("--limit", default=50, help="Most to list.")
@common("human", "json", database=True)
def list_(settings: Settings, limit: int) -> None:
    """List messages in the order they were asked."""
    with settings.kit() as kit:
        rows = kit.outbox(limit=limit)
    if settings.as_json:
        print_json("outbox", [{name: getattr(row, name) for name in row.__slots__} for row in rows])
        return
    from rich.markup import escape

    out = console()
    for row in rows:
        text = str(row.payload.get("text") or "")
        line = f"{row.status:8} {row.effect:18} {row.payload.get('to', '')}  {text}"
        out.print(f"{escape(line)}  [dim]{row.span} {escape(row.error)}[/]", soft_wrap=True)
