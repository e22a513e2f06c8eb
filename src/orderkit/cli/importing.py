"""Commands on order files: import, rejects."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orderkit.cli.context import common, console, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._commands.importing import ImportResult
    from orderkit.cli.context import Settings
    from orderkit.domain.records import Reject

_SHOWN = 5


@click.command(
    name="import",
    epilog="Examples:  orderkit import tmall.csv    orderkit import --channel tmall --dry-run tmall.csv",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--channel", help="The channel; found by the headers where not given.")
@click.option("--dry-run", is_flag=True, help="Read and count, write nothing.")
@click.option("--strict", is_flag=True, help="Leave with 1 when any row was rejected.")
@common("human", "json", database=True)
def import_(
    settings: Settings,
    files: tuple[Path, ...],
    channel: str | None,
    dry_run: bool,  # noqa: FBT001 - click's form
    strict: bool,  # noqa: FBT001
) -> int:
    """Import order files through a channel; importing a file twice changes nothing."""
    project = settings.load()
    with settings.kit(project, create=not dry_run) as kit, progress_bar(enabled=sys.stderr.isatty()) as bar:
        result = kit.import_files(*files, channel=channel, dry_run=dry_run, progress=bar)
    if settings.as_json:
        print_json("import", result_data(result))
    else:
        show_import(result, zh=settings.language(project.locale) == "zh")
    return 1 if result.stopped or (strict and result.rejected) else 0


@click.command(epilog="Example:  orderkit rejects --channel tmall")
@click.option("--channel", help="Only of this channel.")
@click.option("--limit", default=50, help="Most to list.")
@common("human", "json", database=True)
def rejects(settings: Settings, channel: str | None, limit: int) -> None:
    """List rows that could not be taken, with the reason and the rule that refused them."""
    project = settings.load()
    with settings.kit(project) as kit:
        rows = kit.rejects(channel, limit=limit)
    if settings.as_json:
        print_json("rejects", [{name: getattr(row, name) for name in row.__slots__} for row in rows])
        return
    from rich.markup import escape

    zh = settings.language(project.locale) == "zh"
    out = console()
    for row in rows:
        value = f"  {row.column} = {row.value!r}" if row.column else ""
        out.print(f"[bold]{escape(_place(row) or row.channel)}[/]{escape(value)}", soft_wrap=True)
        told = escape(row.reason_zh if zh else row.reason)
        out.print(f"    {row.code} {told}{_rule(row)}", soft_wrap=True)
    if not rows:
        click.echo("没有被拒绝的行" if zh else "no rejected rows", err=True)


def _place(row: Reject) -> str:
    return f"{row.file}:{row.line}" if row.file and row.line else row.file


def _code(code: str) -> str:
    """Show what `orderkit explain` takes."""
    return f" [dim]\\[{code}][/]"


def _rule(row: Reject) -> str:
    """Show the line of YAML that refused a row; a file that could not be read has none."""
    return "" if not row.rule or row.rule.startswith(":") else f"  [dim]{row.rule}[/]"


class progress_bar:  # noqa: N801 - used like a function in `with`
    """Shows how far an import is, on standard error, only on a terminal."""

    def __init__(self, *, enabled: bool, label: str = "import") -> None:
        """Keep whether to show it."""
        self._enabled, self._label = enabled, label
        self._bar: Any = None

    def __enter__(self) -> Callable[[int, int], None] | None:
        """Begin."""
        if not self._enabled:
            return None
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console(stderr=True), transient=True,
        )  # fmt: skip
        self._bar.start()
        task = self._bar.add_task(self._label, total=None)

        def show(done: int, total: int) -> None:
            self._bar.update(task, completed=done, total=total)

        return show

    def __exit__(self, *error: object) -> None:
        """End."""
        if self._bar is not None:
            self._bar.stop()


def result_data(result: ImportResult) -> dict[str, Any]:
    """Give the outcome of an import as plain data.

    Args:
        result: The outcome.

    Returns:
        Counts, causes and rejects by name.
    """
    data = {name: getattr(result, name) for name in result.__slots__ if name != "rejects"}
    data["rejects"] = [{name: getattr(row, name) for name in row.__slots__} for row in result.rejects]
    return data


def show_import(result: ImportResult, *, zh: bool) -> None:
    """Show the outcome of an import to a person: counts that add up, causes, first rejects.

    Args:
        result: The outcome.
        zh: Whether in Chinese.
    """
    from rich.markup import escape
    from rich.table import Table

    out = console()
    names = ("accepted", "updated", "unchanged", "rejected", "skipped")
    labels = ("接受", "更新", "不变", "拒绝", "跳过") if zh else names
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("读入" if zh else "read", justify="right")
    for label in labels:
        table.add_column(label, justify="right")
    table.add_row(f"{result.read:,}", *(f"{getattr(result, name):,}" for name in names))
    out.print(table)
    if zh:
        out.print(
            f"订单 {result.orders:,}，退款 {result.refunds:,}（其中找不到原订单 {result.loose_refunds:,}）"
        )
    else:
        out.print(
            f"{result.orders:,} orders, {result.refunds:,} refunds "
            f"({result.loose_refunds:,} of them without a known order)"
        )
    for reason, count in result.skips.items():
        out.print(f"  [dim]{'跳过' if zh else 'skipped'}[/] {count:>6,}  {escape(reason)}", soft_wrap=True)
    for reason, count in result.causes_in("zh" if zh else "en").items():
        label = "拒绝" if zh else "rejected"
        out.print(f"  [red]{label}[/] {count:>5,}  {escape(reason)}", soft_wrap=True)
    for row in result.rejects[:_SHOWN]:
        said = escape(row.reason_zh if zh else row.reason)
        place = " ".join(part for part in (_place(row), row.column) if part)
        out.print(
            f"    {escape(f'{place}: ' if place else '')}{said}{_code(row.code)}{_rule(row)}", soft_wrap=True
        )
    for note in result.notes:
        out.print(f"  [yellow]{escape(note.text('zh' if zh else 'en'))}[/]{_code(note.code)}", soft_wrap=True)
