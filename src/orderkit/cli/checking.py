"""Commands on the text of a project: check, diagram."""

from __future__ import annotations

import difflib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orderkit._diagnostics.formats import FORMS
from orderkit.cli.context import Settings, common, locale_in
from orderkit.cli.usage import Misuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from orderkit._diagnostics import Diagnostic, Span
    from orderkit._project.files import Files


@click.command(
    epilog="Examples:  orderkit check    orderkit check examples/retail --lang zh --format concise    "
    "orderkit check --diff    orderkit check --watch"
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail as well.")
@click.option("--fix", is_flag=True, help="Mend what has one certain remedy, then check.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@common(*FORMS)
def check(
    settings: Settings,
    path: Path | None,
    *,
    strict: bool,
    fix: bool,
    diff: bool,
    watch: bool,
) -> int:
    """Find every mistake of a project, with its place and remedy."""
    if fix + diff + watch > 1:
        raise Misuse("--fix, --diff and --watch exclude one another", "--fix、--diff 和 --watch 只能选一个")
    target = replace(settings, project=path or settings.project).path
    one = _Check(settings, target, strict=strict)
    if diff:
        return one.diff()
    if watch:
        from orderkit.cli.watching import stamp
        from orderkit.cli.watching import watch as look

        one.stamp = stamp
        look(target, one.run)
    return one.run(fix=fix)


class _Check:
    """One check of one project in one form of output."""

    def __init__(self, settings: Settings, target: Path, *, strict: bool) -> None:
        self.settings, self.target, self.strict = settings, target, strict
        self.folder = target if target.is_dir() else target.parent
        self.stamp: Callable[[], str] | None = None

    def run(self, *, fix: bool = False) -> int:
        """Check, after mending where that is asked for, and print."""
        from orderkit._diagnostics import Severity
        from orderkit._project.files import gather
        from orderkit._project.loading import check_files

        files = gather(self.target)
        if fix:
            from orderkit._project.mending import mend

            mended = mend(files, self.settings.env)
            for name, data in mended.changed(files).items():
                (self.folder / name).write_bytes(data)
            files, found = mended.files, mended.left
            self.changes(mended.applied, self.language(files))
        else:
            found = check_files(files, self.settings.env)
        self.show(found, files, self.language(files))
        failed = any(one.severity is Severity.ERROR for one in found)
        return 1 if failed or (self.strict and found) else 0

    def diff(self) -> int:
        """Show what mending would change."""
        from orderkit._project.files import gather
        from orderkit._project.mending import mend

        files = gather(self.target)
        mended = mend(files, self.settings.env)
        changed = mended.changed(files)
        for name, data in changed.items():
            click.echo(unified(files.texts[name], data, _path(name, self.folder)), nl=False)
        lang = self.language(files)
        if lang == "zh":
            click.echo(f"可自动修改 {len(mended.applied)} 处，之后还剩 {len(mended.left)} 处", err=True)
        else:
            told = f"{len(mended.applied)} can be fixed, {len(mended.left)} would be left"
            click.echo(told, err=True)
        return 1 if changed else 0

    def language(self, files: Files) -> str:
        return self.settings.language(locale_in(_decoded(files).values()))

    def changes(self, applied: Sequence[Diagnostic], lang: str) -> None:
        """Tell what was mended; beside the output where a program reads that."""
        from orderkit._diagnostics.render import concise

        word = "已修改 " if lang == "zh" else "fixed "
        for one in from_here(applied, self.folder):
            people = self.settings.format in ("human", "concise")
            click.echo(word + concise([replace(one, fix=None)], lang), nl=False, err=not people)

    def show(self, found: Sequence[Diagnostic], files: Files, lang: str) -> None:
        from orderkit._diagnostics.formats import write
        from orderkit._diagnostics.outcome import Report
        from orderkit._diagnostics.render import render, summary

        texts = _decoded(files)
        lines = sum(text.count("\n") + (not text.endswith("\n")) for text in texts.values() if text)
        figures = summary(found, len(texts), lines, lang).rstrip("\n")
        if self.settings.format == "human":
            color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
            if found:
                click.echo(render(found, texts, lang, color=color))
            click.echo((self.stamp() if self.stamp else "") + figures)
            if found:
                worst = next((one for one in found if one.severity == "error"), found[0])
                word = "详细说明：" if lang == "zh" else "For more on a code: "
                click.echo(f"{word}orderkit explain {worst.code}")
            return
        names = {_path(name, self.folder): name for name in files.texts}
        shown = [_path(name, self.folder) for name in texts]
        report = Report(from_here(found, self.folder), shown, lang, names)
        click.echo(write(self.settings.format, report), nl=False)
        if self.stamp:
            click.echo(self.stamp() + figures, err=True)


def _decoded(files: Files) -> dict[str, str]:
    return {
        name: data.decode("utf-8-sig", "replace")
        for name, data in files.texts.items()
        if name.endswith(".yaml")
    }


def unified(before: bytes, after: bytes, name: str) -> str:
    """Show a change of a file as `diff -u` does.

    Args:
        before: The file as it is.
        after: The file as it would be.
        name: Its name for the header.

    Returns:
        The lines, each with its end; a file without a last line end is marked.
    """
    lines = difflib.unified_diff(
        before.decode("utf-8", "replace").splitlines(keepends=True),
        after.decode("utf-8", "replace").splitlines(keepends=True),
        f"a/{name}",
        f"b/{name}",
    )
    missing = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + missing for line in lines)


def _path(file: str, folder: Path) -> str:
    """Name a project's file as this folder sees it, so that editors and annotations find it."""
    try:
        return Path(os.path.relpath(folder / file)).as_posix() if file else ""
    except ValueError:  # another drive
        return (folder / file).as_posix()


def from_here(found: Iterable[Diagnostic], folder: Path) -> list[Diagnostic]:
    """Name the files of findings as the present folder sees them.

    Args:
        found: The findings.
        folder: The project's folder.

    Returns:
        The same findings with other file names, in every place and edit.
    """

    def moved(span: Span) -> Span:
        return span._replace(file=_path(span.file, folder))

    return [
        replace(
            one,
            span=moved(one.span),
            also=tuple(map(moved, one.also)),
            related=tuple(replace(other, span=moved(other.span)) for other in one.related),
            fix=one.fix
            and replace(one.fix, edits=tuple(replace(edit, span=moved(edit.span)) for edit in one.fix.edits)),
        )
        for one in found
    ]


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
