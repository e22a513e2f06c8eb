"""Commands on the text of a project: check, diagram, schema, explain."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common

if TYPE_CHECKING:
    from orderkit.cli.context import Settings


@click.command(
    epilog="Examples:  orderkit check    orderkit check examples/retail --lang zh --format concise"
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail as well.")
@common("human", "concise", "json", "github")
def check(settings: Settings, path: Path | None, strict: bool) -> int:  # noqa: FBT001 - click's form
    """Find every mistake of a project, with its place and remedy."""
    from dataclasses import replace

    from orderkit import check as find
    from orderkit._diagnostics import Severity
    from orderkit._diagnostics.formats import github, to_json
    from orderkit._diagnostics.render import concise, render, summary
    from orderkit._project.files import gather

    target = replace(settings, project=path or settings.project).path
    found = find(target, env=settings.env)
    texts = {
        name: data.decode("utf-8", "replace")
        for name, data in gather(target).texts.items()
        if name.endswith(".yaml")
    }
    lang = settings.language(_locale(texts))
    if settings.format == "json":
        click.echo(to_json(found, lang))
    elif settings.format == "github":
        click.echo(github(found, lang), nl=False)
    elif settings.format == "concise":
        click.echo(concise(found, lang), nl=False)
    else:
        color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        if found:
            click.echo(render(found, texts, lang, color=color))
        lines = sum(text.count("\n") + (not text.endswith("\n")) for text in texts.values() if text)
        click.echo(summary(found, len(texts), lines, lang).rstrip("\n"))
    failed = any(one.severity is Severity.ERROR for one in found)
    return 1 if failed or (strict and found) else 0


def _locale(texts: dict[str, str]) -> str:
    """Look for the project's language without compiling it: a broken project is explained in it too."""
    for text in texts.values():
        _, found, rest = text.partition("locale:")
        if found:
            return rest.strip()[:2]
    return ""


@click.command(epilog="Example:  orderkit diagram order > order.mmd")
@click.argument("flow", default="order")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot"]),
    default="mermaid",
    help="Language of the drawing.",
)
@common()
def diagram(settings: Settings, flow: str, form: str) -> None:
    """Draw a life cycle."""
    click.echo(settings.load().diagram(flow, format=form))


@click.command(epilog="Example:  orderkit schema --out schemas/")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; standard output where none.",
)
def schema(out: Path | None) -> None:
    """Write JSON Schemas of the language's sections for editors."""
    from orderkit._project.schemas import section_schemas

    found = section_schemas()
    if out is None:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, one in found.items():
        text = json.dumps(one, ensure_ascii=False, indent=2, sort_keys=True)
        (out / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
    click.echo(f"wrote {len(found)} schemas to {out}", err=True)


@click.command(epilog="Example:  orderkit explain OK401")
@click.argument("code")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", envvar="ORDERKIT_LANG")
def explain(code: str, lang: str) -> None:
    """Explain the code of a finding."""
    from orderkit._diagnostics.codes import table

    found = table().get(code.upper())
    if found is None:
        message = f"there is no code {code}"
        raise click.UsageError(message)
    click.echo(f"{found.id} ({found.severity})")
    click.echo(found.zh if lang == "zh" else found.en)
    told = found.help_zh if lang == "zh" else found.help_en
    if told:
        click.echo(told)
