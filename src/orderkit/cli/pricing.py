"""The command that prices a cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common, print_json, read_data
from orderkit.cli.usage import Misuse

if TYPE_CHECKING:
    from orderkit.cli.context import Settings


@click.command(epilog="Example:  orderkit price cart.yaml --coupon NEW20 --at '2026-06-18 10:00'")
@click.argument("cart")
@click.option(
    "--coupon", "coupons", multiple=True, help="A code the customer enters; may stand several times."
)
@click.option("--at", help="When, in the project's zone; now where not given.")
@common("human", "json")
def price(settings: Settings, cart: str, coupons: tuple[str, ...], at: str | None) -> None:
    """Price a cart and explain every amount; CART is a YAML or JSON file, `-` reads standard input."""
    from orderkit.domain.calendar import parse_moment

    project = settings.load()
    moment = parse_moment(at, project.fields.zone) if at else None
    if at and moment is None:
        en = f"{at!r} is not a moment; write it like 2026-06-18 10:00"
        raise Misuse(en, f"“{at}”不是时间；请写成 2026-06-18 10:00")
    data = read_data(cart, settings.language(project.locale))
    if not isinstance(data, dict):
        en = f"{cart} holds no cart; it needs `lines:`"
        raise Misuse(en, f"{cart} 里没有购物车；需要有 lines:")
    found = project.price(data, coupons=coupons, at=moment)
    if settings.as_json:
        print_json("price", found.to_dict())
    else:
        click.echo(found.explain(settings.language(project.locale)))
