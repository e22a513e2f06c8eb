"""Starts a project: a template's files, with what editors and CI need beside them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import click

from orderkit.cli.context import Settings
from orderkit.cli.demo import examples
from orderkit.cli.generating import schemas_of, write_schemas

TEMPLATES: Final = ("minimal", "retail", "course", "subscription")
_MODELINE: Final = "# yaml-language-server: $schema={path}\n"
_SCHEMA: Final = ".orderkit/orderkit.schema.json"
_SETTINGS: Final = {
    "yaml.schemas": {_SCHEMA: ["orderkit.yaml", "**/*.yaml"]},
    "yaml.format.enable": False,
    "[yaml]": {"editor.tabSize": 2, "editor.insertSpaces": True, "files.encoding": "utf8"},
}
_EXTENSIONS: Final = {"recommendations": ["redhat.vscode-yaml"]}
_HOOKS: Final = """\
repos:
  - repo: local
    hooks:
      - id: orderkit-check
        name: orderkit check
        entry: orderkit check
        language: system
        pass_filenames: false
      - id: orderkit-test
        name: orderkit test
        entry: orderkit test
        language: system
        pass_filenames: false
"""
_IGNORED: Final = "*.db\n*.db-shm\n*.db-wal\n"


@click.command(epilog="Example:  orderkit init shop --template retail")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    default="minimal",
    show_default=True,
    help="What to begin with.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), envvar="ORDERKIT_LANG", help="Language.")
def init(folder: Path, template: str, lang: str | None) -> int:
    """Start a project in DIR: the files of a template, checked, with schemas and settings for editors."""
    zh = Settings(None, "", None, lang, "human").tongue() == "zh"
    there = sorted(one.name for one in folder.glob("*.yaml")) if folder.is_dir() else []
    if there:
        message = (
            f"{folder} 里已经有 {there[0]}；请换一个文件夹"
            if zh
            else f"{folder} holds {there[0]} already; name another folder"
        )
        raise click.UsageError(message)
    source = examples() / template
    made: list[Path] = []
    for one in sorted(source.rglob("*")):
        inside = one.relative_to(source)
        if one.is_dir() or inside.parts[0] == "inbox" or one.name == "SOURCES.md":
            continue
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        if one.suffix == ".yaml":
            back = "../" * (len(inside.parts) - 1)
            text = one.read_text(encoding="utf-8")
            target.write_text(_MODELINE.format(path=back + _SCHEMA) + text, encoding="utf-8")
        else:
            shutil.copyfile(one, target)
        made.append(inside)
    for name, content in (
        (".vscode/settings.json", _json(_SETTINGS)),
        (".vscode/extensions.json", _json(_EXTENSIONS)),
        (".pre-commit-config.yaml", _HOOKS),
        (".gitignore", _IGNORED),
    ):
        target = folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
            made.append(Path(name))
    write_schemas(schemas_of(Settings(folder, "", None, lang, "human")), folder / ".orderkit")
    for path in made:
        click.echo(path.as_posix())
    told = ("接下来：", "检查", "试运行") if zh else ("next:", "check it", "play its cases")
    where = "" if folder == Path() else f" -C {folder}"
    click.echo(f"{told[0]}  orderkit check{where}  # {told[1]}", err=True)
    click.echo(f"{' ' * len(told[0])}  orderkit test{where}  # {told[2]}", err=True)
    return 0


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
