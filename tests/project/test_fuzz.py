"""Whatever the bytes are, a load ends soon, with a project or with the one error that holds the findings."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import orderkit
from orderkit import ConfigError
from orderkit._diagnostics import Collector
from orderkit._text import read_text

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.yaml"))
SECONDS = 2.0
_YAML = st.text(
    alphabet=st.sampled_from(list("ab1：， :-[]{}'\"#&*!|>%@?~,.\n\t\\\r\u3000\ufeff\u0000é中😀")),
    max_size=200,
)
_PIECES = (
    "project", "fields", "order", "flows", "rules", "promotions", "starts", "states", "actions", "if", "when",
    "event", "do", "tiers", "spend", "type", "money", ": ", ":", "\n", "\n  ", "\n    ", "\n      ", "- ", "{",
    "}", "[", "]", ", ", "'", '"', "order.total > 1", "none", "~", "*a", "&a ", "| ", ">-", "1e999", "-", "true",
    "{order.x}", "满300减40", "2026-02-30", "!!set", "<<",
)  # fmt: skip
_WORDS = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)
_HOSTILE = (
    "\0", "\t", "：", "“", "\u202e", "*x", "&x ", "!!python/none ", "{" * 40, "[" * 40, "'", '"', "|", "%", "#", "- ",
    "? ", ": ", "\n", "\n\n  ", "--- ", "...", "9" * 400, "1e9999", "none", "null", "{}", "[]", "''", "__class__",
    "order.total", "(" * 60, "x" * 5000, "<<: *a", "\ud7ff", "\U0001f600", "1/0", "满1减2", "{{", "}}", "{order.",
)  # fmt: skip


def ends(folder: Path, data: bytes, name: str = "orderkit.yaml") -> None:
    """Check and load; the second may raise ConfigError and nothing else, with the findings of the first."""
    (folder / name).write_bytes(data)
    began = time.process_time()
    findings = orderkit.check(folder)
    errors = [one for one in findings if one.severity == "error"]
    told: list[str] | None = None
    try:
        orderkit.load(folder)
    except ConfigError as failure:
        told = [one.code for one in failure.diagnostics]
    assert told == ([one.code for one in findings] if errors else None)
    assert time.process_time() - began < 2 * SECONDS


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300) | _YAML.map(str.encode) | _WORDS.map(str.encode))
def test_any_bytes_end_with_a_project_or_its_findings(folder: Path, data: bytes) -> None:
    ends(folder, data)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300) | _YAML.map(str.encode) | _YAML.map(lambda text: text.encode("utf-16")))
def test_both_parsers_end_with_a_tree_or_findings(data: bytes) -> None:
    for pure in (False, True):
        found = Collector()
        node = read_text(data, "f.yaml", found, pure=pure)
        assert node is not None or found.failed


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_mutated_examples_end_with_a_project_or_findings(folder: Path, data: Any) -> None:
    path = data.draw(st.sampled_from(EXAMPLES))
    seed = data.draw(st.integers(0, 2**32))
    ends(folder, mutated(path.read_text(encoding="utf-8"), random.Random(seed)).encode())  # noqa: S311 - no secret


def mutated(text: str, chance: random.Random) -> str:
    """Break a text in up to four places: cut, double, swap, insert."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        lines = text.split("\n")
        row = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[min(to, at + 20) :]
            case 1:
                text = text[:at] + chance.choice(_HOSTILE) + text[at:]
            case 2:
                lines.insert(chance.randrange(len(lines)), lines[row])
                text = "\n".join(lines)
            case 3:
                lines[row] = " " * chance.randint(0, 9) + lines[row].lstrip()
                text = "\n".join(lines)
            case 4:
                key, colon, _ = lines[row].partition(":")
                lines[row] = key + colon + " " + chance.choice(_HOSTILE)
                text = "\n".join(lines)
            case _:
                _, colon, value = lines[row].partition(":")
                lines[row] = chance.choice(_HOSTILE) + colon + value
                text = "\n".join(lines)
    return text
