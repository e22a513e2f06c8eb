"""Commands on stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.context import common, print_json

if TYPE_CHECKING:
    from orderkit import Kit
    from orderkit.cli.context import Settings
    from orderkit.domain.stock import StockLevel

_FIGURES: Final = {
    "sku": "SKU",
    "on_hand": "在库",
    "reserved": "预占",
    "allocated": "已分配",
    "available": "可用",
}
_KINDS: Final = {
    "set": "盘点",
    "reserve": "预占",
    "allocate": "分配",
    "consume": "出库",
    "release": "释放",
    "return": "退回",
}


@click.group(epilog="Examples:  orderkit stock set SKU-1 10    orderkit stock get SKU-1")
def stock() -> None:
    """Set and read stock."""


@stock.command(name="set")
@click.argument("sku")
@click.argument("units", type=click.IntRange(min=0))
@common("human", "json", database=True)
def set_(settings: Settings, sku: str, units: int) -> None:
    """Set the UNITS of SKU that lie in the warehouse."""
    with settings.kit() as kit:
        _say_stock(settings, kit, kit.stock.set(sku, units))


@stock.command()
@click.argument("sku")
@common("human", "json", database=True)
def get(settings: Settings, sku: str) -> None:
    """Read the figures of SKU."""
    with settings.kit() as kit:
        _say_stock(settings, kit, kit.stock.get(sku))


@stock.command()
@click.argument("sku")
@common("human", "json", database=True)
def ledger(settings: Settings, sku: str) -> None:
    """List the movements of SKU."""
    with settings.kit() as kit:
        moves = kit.stock.ledger(sku)
        zh = settings.language(kit.project.locale) == "zh"
    if settings.as_json:
        print_json("moves", [{name: getattr(one, name) for name in one.__slots__} for one in moves])
        return
    lying, reserved, allocated = ("在库", "预占", "已分配") if zh else ("on hand", "reserved", "allocated")
    for one in moves:
        kind = _KINDS.get(one.kind, one.kind) if zh else f"{one.kind:9}"
        click.echo(
            f"{kind} {lying} {one.on_hand:+d}  {reserved} {one.reserved:+d}  {allocated} {one.allocated:+d}"
        )


def _say_stock(settings: Settings, kit: Kit, level: StockLevel) -> None:
    figures = {
        name: getattr(level, name) for name in ("sku", "on_hand", "reserved", "allocated", "available")
    }
    if settings.as_json:
        print_json("stock", figures)
        return
    zh = settings.language(kit.project.locale) == "zh"
    click.echo("  ".join(f"{_FIGURES[name] if zh else name} {value}" for name, value in figures.items()))
