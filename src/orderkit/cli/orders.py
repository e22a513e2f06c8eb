"""Commands on single orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.context import common, console, pairs_of, print_json, read_data
from orderkit.cli.refusals import reason_word, refusal_text, values_read
from orderkit.cli.usage import Misuse
from orderkit.errors import Refused

if TYPE_CHECKING:
    from orderkit import Actor, Kit, Order, Project
    from orderkit.cli.context import Settings

_COLUMNS: Final = ("number", "state", "channel", "placed", "total")
_COLUMNS_ZH: Final = ("订单号", "状态", "渠道", "下单时间", "应付")


@click.group(epilog="Example:  orderkit order fire SO20260618000001 支付 --as system -d txn=T1")
def order() -> None:
    """Place, move, show and refund orders."""


def _actor(project: Project, roles: tuple[str, ...], name: str) -> Actor:
    from difflib import get_close_matches

    from orderkit import Actor

    named = {
        role
        for flow in project.flows.values()
        for rows in flow.rows.values()
        for row in rows
        for role in row.by
    }
    known = sorted({*project.vias, *named, "system", "customer"} - {"anyone"})
    for role in roles:
        if role not in known:
            close = get_close_matches(role, known, n=1, cutoff=0.4)
            meant = f"did you mean {close[0]!r}? " if close else ""
            zh = f"你是不是想写“{close[0]}”？" if close else ""
            raise Misuse(
                f"there is no role {role!r}; {meant}Roles: {', '.join(known)}",
                f"没有角色“{role}”；{zh}已有角色：{'、'.join(known)}",
            )
    return Actor(name, roles)


@order.command()
@click.argument("file")
@click.option("--key", help="Makes a repeat harmless.")
@click.option("--as", "roles", multiple=True, help="Role of who places it.")
@click.option("--actor", default="cli", help="Name of who places it.")
@common("human", "json", database=True)
def place(settings: Settings, file: str, key: str | None, roles: tuple[str, ...], actor: str) -> None:
    """Place the order in FILE (YAML or JSON; `-` reads standard input)."""
    project = settings.load()
    who = _actor(project, roles, actor)
    data = read_data(file, settings.language(project.locale))
    if not isinstance(data, dict):
        en = f"{file} holds no order; it needs `lines:`"
        raise Misuse(en, f"{file} 里没有订单；需要有 lines:")
    with settings.kit(project) as kit:
        _say(settings, kit, kit.place(data, key=key, actor=who))


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
    project = settings.load()
    who, data = _actor(project, roles, actor), pairs_of(pairs)
    with settings.kit(project) as kit:
        fired = kit.fire(number, action, data=data, actor=who, part=part, key=key)
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
        project = kit.project
    if settings.as_json:
        print_json("orders", [one.to_dict() for one in found])
        return
    from rich.table import Table

    zh = settings.language(project.locale) == "zh"
    table = Table(box=None, pad_edge=False, header_style="bold")
    *names, total = _COLUMNS_ZH if zh else _COLUMNS
    for name in names:
        table.add_column(name)
    table.add_column(total, justify="right")
    for one in found:
        placed = one.placed_at.astimezone(project.fields.zone)
        table.add_row(
            one.number, one.state, one.channel or "-", f"{placed:%Y-%m-%d %H:%M}", one.total.shown()
        )
    console().print(table)


@order.command()
@click.argument("number")
@click.option(
    "--line", "-l", "pairs", multiple=True, metavar="LINE=UNITS", help="Units of a line, such as L1=2."
)
@click.option("--all", "whole", is_flag=True, help="Everything that is left.")
@click.option("--reason", default="", help="Why.")
@click.option("--as", "roles", multiple=True, help="Role of who asks.")
@click.option("--actor", default="cli", help="Name of who asks.")
@common("human", "json", database=True)
def refund(
    settings: Settings,
    number: str,
    pairs: tuple[str, ...],
    whole: bool,  # noqa: FBT001 - click's form
    reason: str,
    roles: tuple[str, ...],
    actor: str,
) -> None:
    """Open a refund of the order NUMBER with the exact share of its units."""
    if whole == bool(pairs):
        en = "name the units with -l L1=2, or take everything that is left with --all (one of the two)"
        raise Misuse(en, "请用 -l L1=2 指定件数，或用 --all 全部退（二选一）")
    project = settings.load()
    who, lines = _actor(project, roles, actor), _units(pairs)
    with settings.kit(project) as kit:
        found = kit.refund(number, lines=lines or None, reason=reason, actor=who)
        if not settings.as_json:
            part, zh = found.parts[-1], settings.language(project.locale) == "zh"
            said = "已开退款" if zh else "opened"
            click.echo(f"{said} {part.id}  {part.amount.shown()}  {part.state}")
        _say(settings, kit, found)


def _units(pairs: tuple[str, ...]) -> dict[str, int]:
    made = {}
    for name, units in pairs_of(pairs).items():
        if not (units.isascii() and units.isdigit()):
            en = f"{name}={units}: units are a whole number, such as {name}=2"
            raise Misuse(en, f"{name}={units}：件数必须是整数，例如 {name}=2")
        made[name] = int(units)
    return made


@click.command(epilog="Example:  orderkit why SO20260618000001 --as 运营")
@click.argument("number")
@click.argument("action", required=False)
@click.option("--as", "roles", multiple=True, help="Role of who would fire.")
@click.option("--part", default="", help="Part it is about, such as refund-1.")
@common("human", "json", database=True)
def why(settings: Settings, number: str, action: str | None, roles: tuple[str, ...], part: str) -> None:
    """Tell for every action (or for ACTION) whether the order NUMBER can take it now, and why not."""
    project = settings.load()
    who = _actor(project, roles, "cli")
    with settings.kit(project) as kit:
        views = kit.actions(number, actor=who, part=part)
    picked = [one for one in views if action in (None, one.name)]
    if not picked:
        known = [one.name for one in views]
        raise Refused("unknown_action", {"action": action, "known": known}, _no_action(action, known))
    if settings.as_json:
        print_json("actions", [{name: getattr(one, name) for name in one.__slots__} for one in picked])
        return
    from rich.markup import escape

    zh = settings.language(project.locale) == "zh"
    out = console()
    for one in picked:
        mark = "[green]✓[/]" if one.allowed else "[red]✗[/]"
        wanted = ", ".join(one.needs) if one.allowed else ""
        asked = f"  [dim]{'需要' if zh else 'needs'} {escape(wanted)}[/]" if wanted else ""
        to = f" → {', '.join(one.to)}" if one.to else ""
        out.print(f"{mark} {escape(one.name + to)}{asked}", soft_wrap=True)
        if not one.allowed:
            said = refusal_text(one.reason, one.details, one.message, zh=zh)
            word = reason_word(one.reason, zh=zh)
            out.print(f"    [dim]{word}{'：' if zh else ':'}[/] {escape(said)}", soft_wrap=True)
            for read in values_read(one.details):
                out.print(f"      [dim]{escape(read)}[/]", soft_wrap=True)


def _no_action(action: str | None, known: list[str]) -> str:
    return f"there is no action {action!r}; actions: {', '.join(known)}"


def _say(settings: Settings, kit: Kit, found: Order) -> None:
    if settings.as_json:
        history = [{name: getattr(one, name) for name in one.__slots__} for one in kit.history(found.id)]
        print_json("order", {**found.to_dict(), "history": history})
        return
    from orderkit.cli.show import show_order

    zh = settings.language(kit.project.locale) == "zh"
    show_order(console(), found, kit.history(found.id), kit.project, zh=zh)
