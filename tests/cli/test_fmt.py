"""`orderkit fmt` as people, hooks and CI use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

UGLY = "project:\n    name:   Test\n    # why\n    currency: CNY\n    timezone:  UTC\n    locale: en\n"
NEAT = "project:\n  name: Test\n  # why\n  currency: CNY\n  timezone: UTC\n  locale: en\n"


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ORDERKIT_")}
        return subprocess.run(
            [sys.executable, "-m", "orderkit", "fmt", *words],
            cwd=self.folder,
            env={**clean, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def text(self) -> str:
        return (self.folder / "orderkit.yaml").read_text("utf-8")


@pytest.fixture
def run(tmp_path: Path) -> Terminal:
    (tmp_path / "orderkit.yaml").write_text(UGLY, encoding="utf-8")
    (tmp_path / "more.yaml").write_text("templates:\n  a: {text: 好}\n", encoding="utf-8")
    return Terminal(tmp_path)


def test_it_changes_and_names_what_is_not_in_the_layout(run: Terminal) -> None:
    made = run()
    assert (made.returncode, made.stdout.split()) == (0, [(run.folder / "orderkit.yaml").as_posix()])
    assert made.stderr == "2 files, 1 changed\n"
    assert run.text == NEAT
    again = run()
    assert (again.returncode, again.stdout) == (0, "")


def test_check_changes_nothing_and_ends_with_1(run: Terminal) -> None:
    made = run("--check")
    assert (made.returncode, made.stderr) == (1, "2 files, 1 would change\n")
    assert run.text == UGLY
    assert run("more.yaml", "--check").returncode == 0


def test_diff_shows_the_lines(run: Terminal) -> None:
    made = run("orderkit.yaml", "--diff")
    assert made.returncode == 0
    assert "-    name:   Test\n" in made.stdout
    assert "+  name: Test\n" in made.stdout
    assert run.text == UGLY


def test_a_broken_file_stays_and_tells_why(run: Terminal) -> None:
    (run.folder / "more.yaml").write_text("templates:\n    a: {text: 好\n", encoding="utf-8")
    made = run()
    assert made.returncode == 1
    assert "OK109" in made.stderr
    assert "more.yaml:2:8" in made.stderr
    assert (run.folder / "more.yaml").read_text("utf-8") == "templates:\n    a: {text: 好\n"
    assert run.text == NEAT


def test_a_file_that_cannot_be_laid_out_stays_and_tells_why(run: Terminal) -> None:
    (run.folder / "more.yaml").write_text("? templates\n: {}\n", encoding="utf-8")
    made = run("more.yaml")
    assert (made.returncode, made.stdout) == (1, "")
    assert "more.yaml: left as it is: a key is written with `?`" in made.stderr
    assert "保持原样：有的键用 `?` 书写" in run("more.yaml", "--lang", "zh").stderr
    assert (run.folder / "more.yaml").read_text("utf-8") == "? templates\n: {}\n"


def test_an_unknown_file_is_a_mistake_of_use(run: Terminal) -> None:
    assert run("nowhere.yaml").returncode == 2
