"""Hostile files: each ends, quickly, with findings and never with a traceback."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from orderkit._diagnostics import Collector
from orderkit._text import read_text

FOLDER = Path(__file__).parents[3] / "shared" / "attacks" / "yaml"
INDEX = FOLDER / "index.tsv"
MOST_BYTES = 200 << 20
CHECK_ALL = """
import resource, sys, time
from pathlib import Path
import orderkit
folder, room, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
(room / "orderkit.yaml").write_bytes(b"project: {name: T, currency: CNY, timezone: UTC}\\n")
orderkit.check(room)
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
count = 0
for file in sorted(folder.glob("*.yaml")):
    (room / "orderkit.yaml").write_bytes(file.read_bytes())
    began = time.process_time()
    orderkit.check(room)
    try:
        orderkit.load(room)
    except orderkit.ConfigError:
        pass
    took = time.process_time() - began
    assert took < 4, (file.name, took)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - base
    assert grown < most, (file.name, grown)
    count += 1
print(count)
"""
WARNED_ONLY = {"scalar_fullwidth_comma.yaml", "scalar_fullwidth_quotes.yaml"}


def attacks() -> list[tuple[str, str]]:
    if not INDEX.exists():
        return []
    with INDEX.open(encoding="utf-8", newline="") as rows:
        return [(row["file"], row["expect"]) for row in csv.DictReader(rows, delimiter="\t")]


@pytest.mark.skipif(not INDEX.exists(), reason="the collection of hostile files is not beside this checkout")
@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
def test_hostile_files_end_with_findings(pure: bool) -> None:  # noqa: FBT001 - a parameter of the test
    wrong: list[str] = []
    for file, expect in attacks():
        found = Collector()
        began = perf_counter()
        node = read_text((FOLDER / file).read_bytes(), file, found, pure=pure)
        if perf_counter() - began > 2:
            wrong.append(f"{file}: slow")
        if node is None and not found.failed:
            wrong.append(f"{file}: lost without a word")
        if expect in ("reject", "limit"):
            told = found.failed or (file in WARNED_ONLY and found.diagnostics)
            wrong += [] if told else [f"{file}: taken"]
        elif expect == "ok" and found.diagnostics:
            wrong.append(f"{file}: refused")
    assert wrong == []


@pytest.mark.skipif(not INDEX.exists(), reason="the collection of hostile files is not beside this checkout")
def test_hostile_files_leave_only_findings_behind_and_take_little(tmp_path: Path) -> None:
    """The whole check, each file as a project, in a process of its own that may not grow beyond its bounds."""
    ran = subprocess.run(
        [sys.executable, "-c", CHECK_ALL, str(FOLDER), str(tmp_path), str(MOST_BYTES)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout) == len(list(FOLDER.glob("*.yaml")))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "a: " + "{b: " * 5_000,
        "- " * 5_000,
        "? " * 5_000,
        "\n".join(" " * level + "a:" for level in range(700)),
        "a: [" + "1, " * 120_000 + "]",
        "\n".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" if n else "a0: &a0 [x]" for n in range(10)
        ),
    ],
    ids=["brackets", "braces", "dashes", "marks", "indentation", "members", "aliases"],
)
@pytest.mark.parametrize("pure", [False, True], ids=["c", "pure"])
def test_a_bomb_is_refused_before_it_hurts(text: str, pure: bool) -> None:  # noqa: FBT001 - a parameter
    if pure and len(text) > 100_000:
        text = text[:100_000]
    found = Collector()
    began = perf_counter()
    node = read_text(text.encode(), "bomb.yaml", found, pure=pure)
    assert node is None
    assert found.failed
    assert perf_counter() - began < 5
