"""`orderkit fmt`: one layout for the YAML of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from orderkit.cli.checking import unified
from orderkit.cli.context import Settings, common, locale_in
from orderkit.cli.usage import Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEPT: Final = {
    "a key is written with `?`": "有的键用 `?` 书写",
    "its signs cannot be told apart": "无法分辨其中的符号",
    "its layout does not settle": "排版无法稳定下来",
    "another layout would change its meaning": "重新排版会改变含义",
    "another layout would lose a comment": "重新排版会丢失注释",
}


@click.command(
    epilog="Examples:  orderkit fmt    orderkit fmt --check    orderkit fmt flow.yaml --diff",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; end with 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@common()
def fmt(settings: Settings, paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Give the YAML of a project one layout; meaning, comments, quotes and order stay.

    Each file that changes is named on standard output. A file with mistakes in its YAML stays as it is.
    """
    from orderkit._diagnostics.render import render
    from orderkit._text.formatting import format_text

    files = _files(paths or (settings.path,))
    data = {file: file.read_bytes() for file in files}
    texts = {file.as_posix(): text.decode("utf-8", "replace") for file, text in data.items()}
    lang = settings.language(locale_in(texts.values()))
    changed = failed = 0
    for file, before in data.items():
        name = file.as_posix()
        made = format_text(before, name)
        if made.found:
            click.echo(render(made.found, texts, lang), err=True)
        if made.text is None:
            failed += 1
            if made.kept:
                zh = f"保持原样：{_KEPT[made.kept]}"
                click.echo(f"{name}: {zh if lang == 'zh' else f'left as it is: {made.kept}'}", err=True)
            continue
        after = made.text.encode()
        if after == before:
            continue
        changed += 1
        click.echo(unified(before, after, name) if diff else name, nl=not diff)
        if not (check or diff):
            file.write_bytes(after)
    _sum(len(files), changed, lang, kept=check or diff)
    return 1 if failed or (check and changed) else 0


def _sum(files: int, changed: int, lang: str, *, kept: bool) -> None:
    if lang == "zh":
        click.echo(f"共 {files} 个文件，{'需要调整' if kept else '已调整'} {changed} 个", err=True)
    else:
        click.echo(f"{files} files, {changed} {'would change' if kept else 'changed'}", err=True)


def _files(paths: Sequence[Path]) -> list[Path]:
    """List the files that are named, and all YAML below folders that are."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (one for one in sorted(path.rglob("*.yaml")) if one.is_file())
            below = [one for one in inside if not _hidden(one.relative_to(path))]
            found |= dict.fromkeys(below)
        elif path.is_file():
            found[path] = None
        else:
            raise Misuse(f"there is no {path}", f"没有 {path}")
    return list(found)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
