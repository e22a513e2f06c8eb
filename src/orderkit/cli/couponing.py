"""Commands on batches of single-use codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.context import common, print_json

if TYPE_CHECKING:
    from orderkit.cli.context import Settings

_STATUS: Final = {"free": "未使用", "reserved": "已占用", "committed": "已核销", "released": "已退回"}


@click.group(epilog="Examples:  orderkit coupons draw new20    orderkit coupons list new20 > codes.csv")
def coupons() -> None:
    """Draw and list the single-use codes of promotions."""


@coupons.command()
@click.argument("promotion")
@common("human", "json", database=True)
def draw(settings: Settings, promotion: str) -> None:
    """Draw the codes that the batch of PROMOTION still lacks, and print them."""
    with settings.kit() as kit:
        codes = kit.coupons.draw(promotion)
        zh = settings.language(kit.project.locale) == "zh"
    if settings.as_json:
        print_json("codes", codes)
        return
    for code in codes:
        click.echo(code)
    told = f"新生成 {len(codes)} 个券码" if zh else f"{len(codes)} new codes"
    click.echo(told, err=True)


@coupons.command(name="list")
@click.argument("promotion")
@common("human", "json", database=True)
def list_(settings: Settings, promotion: str) -> None:
    """List the codes of PROMOTION with what became of each, as CSV."""
    with settings.kit() as kit:
        codes = kit.coupons.list(promotion)
        zh = settings.language(kit.project.locale) == "zh"
    if settings.as_json:
        print_json("codes", [{"code": code, "status": status} for code, status in codes])
        return
    click.echo("券码,状态" if zh else "code,status")
    for code, status in codes:
        click.echo(f"{code},{_STATUS[status] if zh else status}")
