"""Documentation is executed: `>>>` blocks run in order, YAML blocks are files or parts of a project."""

from __future__ import annotations

import doctest
import os
import re
from pathlib import Path

import pytest

import orderkit

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    if "```" in path.read_text(encoding="utf-8")
]
BLOCK = re.compile(r"^```(\w+)[ ]*([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# file: (\S+)\n")
LINK = re.compile(r"\]\(([^)#\s]+)")
PROJECT = (
    "project: {name: Docs, currency: CNY, timezone: Asia/Shanghai, roles: {客服: {}, 运营: {}, 仓库: {}}}\n"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_blocks_of_a_page_hold(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    here = Path.cwd()
    names: dict[str, object] = {}
    projects: set[Path | None] = set()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    os.chdir(tmp_path)
    try:
        for number, block in enumerate(BLOCK.finditer(text)):
            language, path, code = block.groups()
            line = text[: block.start()].count("\n") + 1
            if language == "python":
                assert ">>>" in code, f"{page}:{line}: write it as a session, so that it is tested"
                test = doctest.DocTestParser().get_doctest(
                    code, names, f"{page.name}:{line}", str(page), line
                )
                runner.run(test, clear_globs=False)
                names.update(test.globs)
                assert not runner.failures, f"{page}:{line}: see above"
            elif path or language == "yaml":
                projects.add(save(code, path, tmp_path, number))
        for folder in projects - {None}:
            assert [str(one) for one in orderkit.check(str(folder)) if one.severity == "error"] == []
    finally:
        os.chdir(here)


def save(code: str, path: str, folder: Path, number: int) -> Path | None:
    """Save a block as the file it names; a block of YAML without a name is a project of its own."""
    named = FILE.match(code)
    if not named and not path:
        alone = folder / f"block-{number}"
        alone.mkdir()
        text = code if "project:" in code else PROJECT + code
        (alone / "orderkit.yaml").write_text(text, encoding="utf-8")
        return alone
    file = folder / (named[1] if named else path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code, encoding="utf-8")
    return file.parent if file.name == "orderkit.yaml" else None


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_architecture_page_is_short_and_names_every_layer() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert text.count("\n") <= 150
    layers = re.search(r"layers =\n((?: {4}.*\n)+)", (ROOT / ".importlinter").read_text(encoding="utf-8"))
    assert layers
    for layer in re.findall(r"\w+", layers[1]):
        assert layer in text
