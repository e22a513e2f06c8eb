"""The main job, shown on two example projects: real orders in, orders run, every cent explained."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from orderkit.cli.context import console
from orderkit.cli.stage import Stage
from orderkit.cli.usage import Misuse


def examples() -> Path:
    """Find the example projects: beside the sources, or inside the installed package.

    Returns:
        The folder that holds `giftshop` and `retail`.

    Raises:
        FileNotFoundError: Neither place has them.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "examples", package / "data" / "examples"):
        if (folder / "retail" / "orderkit.yaml").is_file():
            return folder
    message = "the example projects are not installed"
    raise FileNotFoundError(message)


@click.command(epilog="Example:  orderkit demo --lang zh")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", envvar="ORDERKIT_LANG", help="Language."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".orderkit-demo"),
    show_default=True,
    help="Folder for the two databases; only a folder of an earlier demonstration is emptied.",
)
def demo(lang: str, into: Path) -> None:
    """See the main job on two example projects: giftshop (real orders) and retail (a live shop)."""
    from orderkit.cli.demo_giftshop import show_giftshop
    from orderkit.cli.demo_retail import show_retail

    marker = into / "orderkit-demo.txt"
    if _others(into) and not marker.exists():
        en = f"{into} holds other files; name another folder with --into"
        raise Misuse(en, f"{into} 里有其他文件；请用 --into 指定另一个文件夹")
    shutil.rmtree(into, ignore_errors=True)
    try:
        into.mkdir(parents=True, exist_ok=True)
        marker.write_text("Databases of `orderkit demo`; safe to delete.\n", encoding="utf-8")
    except OSError as error:
        en = f"{into} cannot be made: {error.strerror}; name another folder with --into"
        raise Misuse(en, f"无法创建 {into}：{error.strerror}；请用 --into 指定另一个文件夹") from error
    stage = Stage(console(), zh=lang == "zh")
    folder = examples()
    show_giftshop(stage, folder / "giftshop", into / "giftshop.db")
    show_retail(stage, folder / "retail", into / "retail.db")
    _next_steps(stage, folder, into)


def _others(into: Path) -> bool:
    """Tell whether a folder holds anything; one that cannot be looked into is told when it is made."""
    try:
        return any(into.iterdir())
    except OSError:
        return False


def _next_steps(stage: Stage, folder: Path, into: Path) -> None:
    here = Path.cwd()
    place = folder.relative_to(here) if folder.is_relative_to(here) else folder
    stage.title("What to try next", "接下来可以试试")
    shop, gifts = f"-C {place / 'retail'}", f"-C {place / 'giftshop'}"
    db = f"--db sqlite:///{into / 'retail.db'}"
    steps = (
        (
            f"check {place / 'retail'}",
            "misspell a word in flow.yaml first",
            "先在 flow.yaml 里故意写错一个词",
        ),
        (f"test {shop}", "the analysts' cases, in simulated time", "在模拟时间里运行分析师的用例"),
        (f"order find {shop} {db}", "the orders of this demonstration", "刚才演示的订单"),
        (
            f"report countries {gifts} --db sqlite:///{into / 'giftshop.db'} --format csv",
            "any report as CSV or JSON",
            "把任意报表输出为 CSV 或 JSON",
        ),
        (f"diagram order {shop}", "the life cycle as a picture", "把流程画成图"),
    )
    program = _program()
    for command, en, zh in steps:
        stage.out.print(f"  [bold cyan]{program} {command}[/]", soft_wrap=True)
        stage.out.print(f"    [dim]{zh if stage.zh else en}[/]")
    stage.say(
        "\nThen change a price in [bold]pricing.yaml[/] and run the demonstration again. "
        "The tutorial is docs/tutorial.md.",
        "\n然后在 [bold]pricing.yaml[/] 里改一个价格，再运行一次演示。教程见 docs/tutorial.zh.md。",
    )


def _program() -> str:
    """Name the program as this terminal can start it."""
    if shutil.which("orderkit") is not None:
        return "orderkit"
    beside = Path(sys.executable).with_name("orderkit")
    if not beside.is_file():
        return "python -m orderkit"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)
