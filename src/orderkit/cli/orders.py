"""Commands on single orders and on stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from orderkit.cli.context import common, console, print_json, read_data

if TYPE_CHECKING:
    from orderkit import Kit, Order
    from orderkit.cli.context import Settings


@click.group(epilog="Example:  orderkit order fire SO20260618000001 支付 --as system -d txn=T1")
def order() -> None:
    """Place, move, show and refund orders."""


def _pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    made: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            message = f"{pair!r} is not NAME=VALUE"
            raise click.UsageError(message)
        made[name] = value
    return made


def _actor(roles: tuple[str, ...], name: str) -> Any:
    from orderkit import Actor

    return Actor(name, roles)


@order.command()
@click.argument("file")
@click.option("--key", help="Makes a repeat harmless.")
@click.option("--as", "roles", multiple=True, help="Role of who places it.")
@click.option("--actor", default="cli", help="Name of who places it.")
@common("human", "json", database=True)
def place(settings: Settings, file: str, key: str | None, roles: tuple[str, ...], actor: str) -> None:
    """Place the order in FILE (YAML or JSON; `-` reads standard input)."""
    data = read_data(file)
    if not isinstance(data, dict):
        message = f"{file} holds no order; it needs `lines:`"
        raise click.UsageError(message)
    with settings.kit() as kit:
        _say(settings, kit, kit.place(data, key=key, actor=_actor(roles, actor)))


@order.command()
@click.argument("number")
@click.argument("action")
@click.option("--data", "-d", "pairs", multiple=True, metavar="NAME=VALUE", help="One of the action's needs.")
@click.option("--as", "roles", multiple=True, help="Role of who fires.")
@click.option("--actor", default="cli", help="Name of who fires.")
@click.option("--part", default="", help="Part it is for, such as refund-1.")
@click.option("--key", help="Makes a repeat harmless.")
@common("human", "json", database=True)
def fire(
    settings: Settings,
    number: str,
    action: str,
    pairs: tuple[str, ...],
    roles: tuple[str, ...],
    actor: str,
    part: str,
    key: str | None,
) -> None:
    """Fire ACTION of the order NUMBER."""
    with settings.kit() as kit:
        fired = kit.fire(number, action, data=_pairs(pairs), actor=_actor(roles, actor), part=part, key=key)
        _say(settings, kit, fired)


@order.command()
@click.argument("number")
@common("human", "json", database=True)
def show(settings: Settings, number: str) -> None:
    """Show the order NUMBER with its history."""
    with settings.kit() as kit:
        _say(settings, kit, kit.get(number))


@order.command()
@click.option("--state", help="Only in this state.")
@click.option("--channel", help="Only of this channel.")
@click.option("--customer", help="Only of this customer.")
@click.option("--limit", default=20, help="Most to list.")
@common("human", "json", database=True)
def find(
    settings: Settings, state: str | None, channel: str | None, customer: str | None, limit: int
) -> None:
    """List orders, newest first."""
    with settings.kit() as kit:
        found = kit.find(state=state, channel=channel, customer=customer, limit=limit)
        zone = kit.project.fields.zone
    if settings.as_json:
        print_json("orders", [one.to_dict() for one in found])
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("number", "state", "channel", "placed"):
        table.add_column(name)
    table.add_column("total", justify="right")
    for one in found:
        placed = one.placed_at.astimezone(zone)
        table.add_row(
            one.number, one.state, one.channel or "-", f"{placed:%Y-%m-%d %H:%M}", one.total.shown()
        )
    console().print(table)


@order.command()
@click.argument("number")
@click.option(
    "--line", "-l", "pairs", multiple=True, metavar="LINE=UNITS", help="Units of a line; all where none."
)
@click.option("--reason", default="", help="Why.")
@click.option("--as", "roles", multiple=True, help="Role of who asks.")
@click.option("--actor", default="cli", help="Name of who asks.")
@common("human", "json", database=True)
def refund(
    settings: Settings, number: str, pairs: tuple[str, ...], reason: str, roles: tuple[str, ...], actor: str
) -> None:
    """Open a refund of the order NUMBER with the exact share of its units."""
    lines = {name: int(units) for name, units in _pairs(pairs).items()} or None
    with settings.kit() as kit:
        _say(settings, kit, kit.refund(number, lines=lines, reason=reason, actor=_actor(roles, actor)))


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
        _say_stock(settings, kit.stock.set(sku, units))


@stock.command()
@click.argument("sku")
@common("human", "json", database=True)
def get(settings: Settings, sku: str) -> None:
    """Read the figures of SKU."""
    with settings.kit() as kit:
        _say_stock(settings, kit.stock.get(sku))


@stock.command()
@click.argument("sku")
@common("human", "json", database=True)
def ledger(settings: Settings, sku: str) -> None:
    """List the movements of SKU."""
    with settings.kit() as kit:
        moves = kit.stock.ledger(sku)
    if settings.as_json:
        print_json("moves", [{name: getattr(one, name) for name in one.__slots__} for one in moves])
        return
    for one in moves:
        click.echo(
            f"{one.kind:9} on hand {one.on_hand:+d}  reserved {one.reserved:+d}  allocated {one.allocated:+d}"
        )


def _say_stock(settings: Settings, level: Any) -> None:
    figures = {
        name: getattr(level, name) for name in ("sku", "on_hand", "reserved", "allocated", "available")
    }
    if settings.as_json:
        print_json("stock", figures)
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in figures.items()))


@click.command(epilog="Example:  orderkit why SO20260618000001 --as 运营")
@click.argument("number")
@click.argument("action", required=False)
@click.option("--as", "roles", multiple=True, help="Role of who would fire.")
@click.option("--part", default="", help="Part it is about, such as refund-1.")
@common("human", "json", database=True)
def why(settings: Settings, number: str, action: str | None, roles: tuple[str, ...], part: str) -> None:
    """Tell for every action (or for ACTION) whether the order NUMBER can take it now, and why not."""
    with settings.kit() as kit:
        views = kit.actions(number, actor=_actor(roles, "cli"), part=part)
    picked = [one for one in views if action in (None, one.name)]
    if not picked:
        message = f"there is no action {action!r}"
        raise click.UsageError(message)
    if settings.as_json:
        print_json("actions", [{name: getattr(one, name) for name in one.__slots__} for one in picked])
        return
    from rich.markup import escape

    out = console()
    for one in picked:
        mark = "[green]✓[/]" if one.allowed else "[red]✗[/]"
        needs = f"  [dim]needs {', '.join(one.needs)}[/]" if one.needs and one.allowed else ""
        to = f" → {', '.join(one.to)}" if one.to else ""
        out.print(f"{mark} {escape(one.name)}{escape(to)}{needs}", soft_wrap=True)
        if not one.allowed:
            out.print(f"    [dim]{one.reason}:[/] {escape(one.message)}", soft_wrap=True)
            for step in one.details.get("read", ()):
                out.print(
                    f"      [dim]{escape(step['text'])} = {escape(str(step['value']))}[/]", soft_wrap=True
                )


def _say(settings: Settings, kit: Kit, found: Order) -> None:
    if settings.as_json:
        history = [{name: getattr(one, name) for name in one.__slots__} for one in kit.history(found.id)]
        print_json("order", {**found.to_dict(), "history": history})
        return
    from orderkit.cli.show import show_order

    zh = settings.language(kit.project.locale) == "zh"
    show_order(console(), found, kit.history(found.id), kit.project, zh=zh)
