"""The command that computes reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common, console, pairs_of
from orderkit.cli.usage import Misuse

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from orderkit._commands.reporting import ReportTable
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
    filters = pairs_of(where)
    first, end = _moment(since, zone), _moment(until, zone)
    if first is not None and end is not None and end < first:
        en = f"--until {until} is before --since {since}"
        raise Misuse(en, f"--until {until} 早于 --since {since}")
    with settings.kit(project) as kit:
        found = kit.report(name, since=first, until=end, by=by, where=filters)
    if settings.format == "json":
        document = {**json.loads(found.to_json()), "format_version": "1.0"}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif settings.format == "csv":
        click.echo(found.to_csv(), nl=False)
    else:
        from orderkit.cli.show import show_report

        out, zh = console(), settings.language(project.locale) == "zh"
        show_report(out, found, zh=zh)
        out.print(f"[dim]{footer(found, zone, zh=zh)}[/]", soft_wrap=True)


def footer(found: ReportTable, zone: ZoneInfo, *, zh: bool) -> str:
    """Say in one line where the figures come from, with times as the shop's clock shows them.

    Args:
        found: The report.
        zone: The project's zone.
        zh: Whether in Chinese.

    Returns:
        Line of YAML, zone, period, instant, and what was left out.
    """
    first, end = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in (found.since, found.until))
    always = "全部时间" if zh else "all time"
    period = f"{first} … {end}".strip() if first or end else always
    made = f"{found.as_of.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    told = [str(found.span), found.zone, period, f"截至 {made}" if zh else f"as of {made}"]
    left_out = sum(found.excluded.values())
    if left_out:
        told.append(f"{left_out:,} 条未计入" if zh else f"{left_out:,} excluded")
    return " · ".join(told)


def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    from orderkit.domain.calendar import parse_moment

    if text is None:
        return None
    found = parse_moment(text, zone)
    if found is None:
        en = f"{text!r} is not a moment; write it like 2026-06-18 or 2026-06-18 10:00"
        raise Misuse(en, f"“{text}”不是时间；请写成 2026-06-18 或 2026-06-18 10:00")
    return found
