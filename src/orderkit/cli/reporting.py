"""The command that computes reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common, console

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from orderkit.cli.context import Settings


@click.command(epilog="Example:  orderkit report trend --since 2026-06-01 --until 2026-07-01 --by week")
@click.argument("name")
@click.option("--since", help="First moment that counts, in the project's zone.")
@click.option("--until", help="First moment that no longer counts.")
@click.option("--by", help="Time grain: hour, day, week, month, quarter, year.")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE", help="Only rows with this value.")
@common("human", "json", "csv", database=True)
def report(
    settings: Settings,
    name: str,
    since: str | None,
    until: str | None,
    by: str | None,
    where: tuple[str, ...],
) -> None:
    """Compute the report NAME."""
    project = settings.load()
    zone = project.fields.zone
    filters = dict(one.partition("=")[::2] for one in where)
    with settings.kit(project) as kit:
        found = kit.report(name, since=_moment(since, zone), until=_moment(until, zone), by=by, where=filters)
    if settings.format == "json":
        click.echo(found.to_json())
    elif settings.format == "csv":
        click.echo(found.to_csv(), nl=False)
    else:
        from orderkit.cli.show import show_report

        out = console()
        show_report(out, found)
        out.print(f"[dim]{found.footnote}[/]", soft_wrap=True)


def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    from orderkit.domain.calendar import parse_moment

    if text is None:
        return None
    found = parse_moment(text, zone)
    if found is None:
        message = f"{text!r} is not a moment; write it like 2026-06-18 or 2026-06-18 10:00"
        raise click.UsageError(message)
    return found
