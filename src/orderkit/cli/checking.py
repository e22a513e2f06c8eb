"""Commands on the text of a project: check, diagram, schema, explain."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.context import Settings, common, locale_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderkit._diagnostics import Diagnostic

_HOLE: Final = re.compile(r"\{(\w+?)(?:_en|_zh)?\}")
_SEVERITIES: Final = {"error": "错误", "warning": "警告", "hint": "提示"}


@click.command(
    epilog="Examples:  orderkit check    orderkit check examples/retail --lang zh --format concise"
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail as well.")
@common("human", "concise", "json", "github")
def check(settings: Settings, path: Path | None, strict: bool) -> int:  # noqa: FBT001 - click's form
    """Find every mistake of a project, with its place and remedy."""
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
    lang = settings.language(locale_in(texts.values()))
    folder = target if target.is_dir() else target.parent
    if settings.format == "json":
        click.echo(_with_paths(to_json(found, lang), folder))
    elif settings.format == "github":
        click.echo(github(_from_here(found, folder), lang), nl=False)
    elif settings.format == "concise":
        click.echo(concise(_from_here(found, folder), lang), nl=False)
    else:
        color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        if found:
            click.echo(render(found, texts, lang, color=color))
        lines = sum(text.count("\n") + (not text.endswith("\n")) for text in texts.values() if text)
        click.echo(summary(found, len(texts), lines, lang).rstrip("\n"))
    failed = any(one.severity is Severity.ERROR for one in found)
    return 1 if failed or (strict and found) else 0


def _path(file: str, folder: Path) -> str:
    """Name a project's file as this folder sees it, so that editors and annotations find it."""
    try:
        return Path(os.path.relpath(folder / file)).as_posix() if file else ""
    except ValueError:  # another drive
        return (folder / file).as_posix()


def _from_here(found: Iterable[Diagnostic], folder: Path) -> list[Diagnostic]:
    return [replace(one, span=one.span._replace(file=_path(one.file, folder))) for one in found]


def _with_paths(text: str, folder: Path) -> str:
    document = json.loads(text)
    for one in document["diagnostics"]:
        one["path"] = _path(one["file"], folder)
    return json.dumps(document, ensure_ascii=False, indent=2)


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


@click.command(epilog="Example:  orderkit explain OK301")
@click.argument("code")
@click.option("--lang", type=click.Choice(["en", "zh"]), envvar="ORDERKIT_LANG", help="Language.")
def explain(code: str, lang: str | None) -> None:
    """Explain the code of a finding."""
    from orderkit._diagnostics.codes import table

    zh = Settings(None, "", None, lang, "human").tongue() == "zh"
    found = table().get(code.upper())
    if found is None:
        message = f"没有代码 {code}" if zh else f"there is no code {code}"
        raise click.UsageError(message)
    click.echo(f"{found.id}（{_SEVERITIES[found.severity]}）" if zh else f"{found.id} ({found.severity})")
    click.echo(_holes(found.zh if zh else found.en))
    told = found.help_zh if zh else found.help_en
    if told:
        click.echo(_holes(told))


def _holes(text: str) -> str:
    """Show holes as `<name>`: what a finding fills in; both languages of a kind are one."""
    return _HOLE.sub(r"<\1>", text)
