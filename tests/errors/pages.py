"""Writes the page of each code, with an example that prints it: `python tests/errors/pages.py`.

A mistake in one file is an example of its code (`NAME.yaml`, `NAME.mended.yaml`, `places.tsv`). What needs more stands
in a folder of its own, `shown/CODE/`: the files of a project as they are in both cases (`both/`), wrong (`wrong/`) and
mended (`mended/`), and in `command` what is typed, such as `import orders.csv`; without it, `check`. Of several
commands, one a line, the page shows what the last one says. What only a host meets is shown by a script:
`python example.py`. A file that no page can show, of a million signs or in another encoding, is written by `make.py`:
`wrong(folder)`, `mended(folder)`.
"""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import os
import runpy
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orderkit
from orderkit._diagnostics.codes import Code, find
from orderkit._diagnostics.render import render
from orderkit.cli import main as command_line

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SHOWN = HERE / "shown"
PAGES = HERE.parents[1] / "docs" / "reference" / "codes"
WORDS = {
    "en": (
        "Wrong:",
        "What `orderkit check` says:",
        "Mended:",
        "The project:",
        "What `orderkit {command}` says:",
    ),
    "zh": (
        "错误的写法：",
        "`orderkit check` 的提示：",
        "正确的写法：",
        "项目：",
        "`orderkit {command}` 的提示：",
    ),
}
ENDINGS = (("en", ".md"), ("zh", ".zh.md"))


def examples() -> dict[str, str]:
    """Give the first file that is an example of each code."""
    with (HERE / "places.tsv").open(encoding="utf-8") as file:
        found: dict[str, str] = {}
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["code"], row["file"])
    return found


def folders() -> list[str]:
    """Give the codes whose example is a folder."""
    return sorted(path.name for path in SHOWN.iterdir() if path.is_dir())


def page(code: str, name: str, lang: str) -> str:
    """Write one page: what the code means, a file that is wrong, what is said of it, and the file mended."""
    wrong = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    mended = (HERE / f"{name}.mended.yaml").read_text(encoding="utf-8")
    told = render(orderkit.check(HERE / f"{name}.yaml"), {f"{name}.yaml": wrong}, lang=lang)
    before, between, after, *_ = WORDS[lang]
    return (
        f"{head(code, lang)}{before}\n\n```text\n{wrong}```\n\n"
        f"{between}\n\n```text\n{told.rstrip()}\n```\n\n{after}\n\n```yaml\n{mended}```\n"
    )


def folder_page(code: str, lang: str) -> str:
    """Write the page of a code whose example is a folder."""
    before, _, after, project, says = WORDS[lang]
    here = SHOWN / code
    said = says.format(command="`, `orderkit ".join(command(code).splitlines()))
    said = said.replace("orderkit python", "python")
    return head(code, lang) + "\n".join(
        [
            *(block for block in (shown(here / "both", project),) if block),
            shown(here / "wrong", before) or script(here, before),
            f"{said}\n\n```text\n{ran(code, 'wrong', lang)[1].rstrip()}\n```\n",
            *(block for block in (shown(here / "mended", after),) if block),
        ]
    )


def head(code: str, lang: str) -> str:
    """Write what a code means and how it is mended."""
    row: Code = find(code)
    said, helped = (row.zh, row.help_zh) if lang == "zh" else (row.en, row.help_en)
    return f"# {code}\n\n{said}\n\n" + (f"{helped}\n\n" if helped else "")


def shown(folder: Path, title: str) -> str:
    """Write the files of a folder, each under its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    blocks = [
        f"`{path.relative_to(folder).as_posix()}`\n\n```text\n{path.read_text(encoding='utf-8').rstrip()}\n```\n"
        for path in files
    ]
    return f"{title}\n\n" + "\n".join(blocks) if blocks else ""


def script(folder: Path, title: str) -> str:
    """Write how files come about that cannot be shown."""
    return f"{title}\n\n```text\n{(folder / 'make.py').read_text(encoding='utf-8').rstrip()}\n```\n"


def command(code: str) -> str:
    """Give what is typed in the example of a code."""
    file = SHOWN / code / "command"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "check"


def ran(code: str, kind: str, lang: str) -> tuple[int, str]:
    """Run the command of an example in a fresh copy of its files.

    Args:
        code: The code.
        kind: `wrong` or `mended`.
        lang: `en` or `zh`.

    Returns:
        The exit code and what was printed. The line that counts the files is left out.
    """
    with tempfile.TemporaryDirectory() as folder, inside(Path(folder)):
        here = SHOWN / code
        for part in ("both", kind):
            if (here / part).is_dir():
                shutil.copytree(here / part, folder, dirs_exist_ok=True)
        if (here / "make.py").exists():
            getattr(maker(here), kind)(Path(folder))
        status, said = 0, ""
        for one in command(code).splitlines():
            status, said = typed([*shlex.split(one), "--lang", lang])
        lines = said.replace(f"{Path(folder).resolve()}{os.sep}", "").splitlines()
        kept = [line for line in lines if not line.startswith(("Checked ", "检查了", "For more", "详细说明"))]
        return status, "\n".join(kept)


def typed(words: list[str]) -> tuple[int, str]:
    """Run the command line in this process; give its exit code and all it prints."""
    told, before = io.StringIO(), sys.argv
    sys.argv = ["orderkit", *words]
    try:
        with quiet(), contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            if words[0] == "python":
                runpy.run_path(words[1])
            else:
                command_line()
    except SystemExit as end:
        return int(end.code or 0), told.getvalue()
    finally:
        sys.argv = before
    return 0, told.getvalue()


def maker(folder: Path) -> Any:
    """Give the module that writes the files of an example."""
    spec = importlib.util.spec_from_file_location(f"make_{folder.name}", folder / "make.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep colors and the terminal's width out of what is printed."""
    kept = {name: os.environ.get(name) for name in ("NO_COLOR", "COLUMNS", "TERM")}
    os.environ.update({"NO_COLOR": "1", "COLUMNS": "160", "TERM": "dumb"})
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def main(wanted: list[str]) -> None:
    """Write every page in both languages, or those of the codes named."""
    PAGES.mkdir(exist_ok=True)
    for code, name in examples().items():
        for lang, ending in ENDINGS:
            if not wanted or code in wanted:
                (PAGES / f"{code}{ending}").write_text(page(code, name, lang), encoding="utf-8")
    for code in folders():
        for lang, ending in ENDINGS:
            if not wanted or code in wanted:
                (PAGES / f"{code}{ending}").write_text(folder_page(code, lang), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
