"""First part of the demonstration: a month of a real wholesaler's invoices, imported and reported."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from orderkit import Kit, load
from orderkit.cli.importing import progress_bar, show_import
from orderkit.cli.show import show_report
from orderkit.domain.calendar import parse_moment

if TYPE_CHECKING:
    from pathlib import Path

    from orderkit.cli.stage import Stage

_DAILY: Final = ("daily", "returns")


def show_giftshop(stage: Stage, folder: Path, database: Path) -> None:
    """Import the real orders of December 2010 and report them.

    Args:
        stage: Where to speak.
        folder: The project `giftshop`.
        database: SQLite file to make.
    """
    stage.title("1  giftshop: real orders in, figures out", "一、giftshop：真实订单导入与报表")
    stage.say(
        "A British wholesaler's invoice lines, December 2010 "
        "[dim](UCI Online Retail, Daqing Chen, doi 10.24432/C5BW33, CC BY 4.0)[/]",
        "一家英国礼品批发商 2010 年 12 月的发票明细"
        "[dim]（UCI Online Retail，Daqing Chen，doi 10.24432/C5BW33，CC BY 4.0）[/]",
    )
    project = load(folder)
    file = next((folder / "inbox").glob("*.csv.gz"))
    with Kit(project, store=f"sqlite:///{database.as_posix()}") as kit:
        began = time.perf_counter()
        with progress_bar(enabled=sys.stderr.isatty(), label=file.name) as bar:
            result = kit.import_files(file, progress=bar)
        seconds = time.perf_counter() - began
        stage.head(
            f"Imported {file.name}: {result.rows:,} lines in {seconds:.1f} s",
            f"导入 {file.name}：{result.rows:,} 行，用时 {seconds:.1f} 秒",
        )
        show_import(result, zh=stage.zh)
        again = kit.import_files(file)
        stage.say(
            f"The same file once more: [bold]{again.unchanged:,} unchanged[/], nothing counted twice.",
            f"同一个文件再导入一次：[bold]{again.unchanged:,} 条不变[/]，不会重复计数。",
        )
        since = parse_moment("2010-12-01", project.fields.zone)
        until = parse_moment("2011-01-01", project.fields.zone)
        for name, en, zh in (
            ("monthly", "The month", "本月"),
            ("daily", "Orders, GMV and average order value by day", "按日的订单数、GMV 与客单价"),
            ("countries", "By country", "按国家"),
            ("best", "Best sellers by revenue", "销售额最高的商品"),
            ("returns", "Refunds by day", "按日的退款"),
        ):
            found = kit.report(name, since=since, until=until)
            stage.head(en, zh)
            show_report(stage.out, found, zh=stage.zh, most=23, trim=name in _DAILY)
            stage.out.print(f"[dim]{found.span}[/]", soft_wrap=True)
