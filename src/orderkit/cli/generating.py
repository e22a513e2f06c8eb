"""Commands that write files for others: schemas for editors, types for hosts, a new project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orderkit.cli.context import Settings, common

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command(epilog="Example:  orderkit schema --project . --out .orderkit/")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; standard output where none.",
)
@click.option(
    "-C",
    "--project",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=Path(),
    default=None,
    help="Offer the names of this project too; the nearest one without a folder.",
)
@click.option("--env", default="", help="Overlay of that project.")
def schema(out: Path | None, project: Path | None, env: str) -> None:
    """Write JSON Schemas for editors: of the language, or of one project with its own names."""
    from orderkit._project.schemas import section_schemas

    if project is None:
        write_schemas(section_schemas(), out)
        return
    settings = Settings(None if project == Path() else project, env, None, None, "human")
    write_schemas(schemas_of(settings), out)


def schemas_of(settings: Settings) -> dict[str, Any]:
    """Give the schemas of one project's files and of its orders.

    Args:
        settings: Where the project is.

    Returns:
        Schemas by name.
    """
    from orderkit._fields.models import order_model
    from orderkit._project.own_schema import own_schema

    loaded = settings.load()
    return {"orderkit": own_schema(loaded), "order": order_model(loaded.fields).model_json_schema()}


def write_schemas(found: Mapping[str, Any], out: Path | None) -> None:
    """Write schemas to a folder, or to standard output.

    Args:
        found: Schemas by name.
        out: The folder, or None.
    """
    if out is None:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, one in found.items():
        text = json.dumps(one, ensure_ascii=False, indent=2, sort_keys=True)
        (out / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
    click.echo(f"wrote {len(found)} schemas to {out}", err=True)


@click.command(epilog="Example:  orderkit types --out shop_types.py")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; standard output where none.",
)
@common()
def types(settings: Settings, out: Path | None) -> None:
    """Write a Python module with the types of the project's own orders, for hosts."""
    from orderkit._project.types_module import types_module

    text = types_module(settings.load())
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}", err=True)
