"""Every key, name and value of the examples is broken in turn: the finding has to be on the broken line."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

import orderkit
from orderkit._diagnostics import Collector, Diagnostic
from orderkit._text import MapNode, Node, ScalarNode, read_text
from orderkit._text.definition import Definition
from orderkit._text.nodes import ListNode

EXAMPLES = Path(__file__).parents[2] / "examples"
FREE = frozenset(
    [
        "name",
        "label",
        "say",
        "text",
        "subject",
        "title",
        "description",
        "category",
        "sku",
        "city",
        "province",
        "none",
        "strip",
        "reason",
        "why",
        "note",
        "carrier",
        "tracking_no",
        "consultant",
        "student",
        "referrer",
        "receiver",
        "address",
        "kind",
        "txn",
        "prefix",
        "row",
        "gives",
        "seats",
        "phone",
        "email",
    ]
)
"""Keys whose value may be any text: only their shape can be broken."""
DATA = frozenset(
    {"given", "needs", "row", "gives", "vars", "of", "as", "none", "strip", "place", "price", "expect"}
)
"""Keys that hold names and values of orders and cells, which are anybody's to choose."""


KEYS = frozenset(
    field.alias or name
    for folder in (
        "fields",
        "calendars",
        "effects",
        "channels",
        "pricing",
        "flows",
        "rules",
        "reports",
        "cases",
    )
    for one in vars(import_module(f"orderkit._{folder}.definition")).values()
    if isinstance(one, type) and issubclass(one, Definition)
    for name, field in one.model_fields.items()
)
"""Every key of the language: none of them may be misspelt in silence."""


@dataclass(frozen=True)
class Mutant:
    """One broken word: what was done, where, and the file afterwards."""

    kind: str
    line: int
    was: str
    text: str


def swapped(word: str) -> str:
    """Misspell a word as a hand does: two letters change places, or one is doubled."""
    for at in range(len(word) - 2, 0, -1):
        if word[at] != word[at + 1] and word[at].isalnum() and word[at + 1].isalnum():
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word + word[-1:]


def mutants(source: str, root: MapNode) -> Iterator[Mutant]:
    lines = source.split("\n")

    def put(node: ScalarNode, text: str, kind: str) -> Mutant:
        span = node.span
        row = lines[span.line - 1]
        changed = [*lines]
        changed[span.line - 1] = row[: span.column - 1] + text + row[span.end_column - 1 :]
        return Mutant(kind, span.line, node.text, "\n".join(changed))

    waiting: list[tuple[Node, str, bool]] = [(root, "", False)]
    while waiting:
        node, key, data = waiting.pop()
        if isinstance(node, MapNode):
            for name, value in node.entries:
                if name.span.line == name.span.end_line and not data:
                    yield put(name, swapped(name.text), "key")
                inside = data or name.text in DATA
                waiting.append((value, name.text, inside))
        elif isinstance(node, ListNode):
            waiting += [(one, key, data) for one in node.items]
        elif isinstance(node, ScalarNode) and node.span.line == node.span.end_line and node.text:
            if node.style in ("|", ">"):
                continue
            if not data and key not in FREE and not node.style:
                yield put(node, swapped(node.text), "value")
            if not data:
                yield put(node, "{zz: 1}", "shape")


def broken(name: str, folder: Path) -> Iterator[tuple[Path, Mutant, tuple[Diagnostic, ...]]]:
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("inbox"))
    for path in sorted(folder.rglob("*.yaml")):
        source = path.read_text(encoding="utf-8")
        root = read_text(source.encode(), path.name, Collector())
        assert isinstance(root, MapNode)
        for mutant in mutants(source, root):
            path.write_text(mutant.text, encoding="utf-8")
            yield path, mutant, orderkit.check(folder)
        path.write_text(source, encoding="utf-8")


def told(path: Path, folder: Path, mutant: Mutant, found: tuple[Diagnostic, ...]) -> bool:
    """Tell whether a finding, or a place it names beside its own, is on the broken line."""
    file = path.relative_to(folder).as_posix()
    places = {(one.file, one.line) for one in found}
    places |= {(other.span.file, other.span.line) for one in found for other in one.related}
    return (file, mutant.line) in places


@pytest.mark.slow
@pytest.mark.parametrize("name", ["minimal", "course", "subscription", "retail", "giftshop"])
def test_the_finding_is_on_the_broken_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / name
    count: Counter[str] = Counter()
    missed: list[str] = []
    for path, mutant, found in broken(name, folder):
        if not found and harmless(mutant):
            count["harmless"] += 1
            continue
        count["all"] += 1
        if told(path, folder, mutant, found):
            count["told"] += 1
        else:
            places = [str(one)[:60] for one in found]
            missed.append(f"{path.name}:{mutant.line} {mutant.kind} {mutant.was}: {places}")
    share = count["told"] / count["all"]
    line = f"{name}: {count['told']} of {count['all']} broken words are told on their line, {share:.1%}"
    with capsys.disabled():
        sys.stdout.write(f"\n{line} ({count['harmless']} other names and figures are as good as before)\n")
    assert share >= 0.95, "\n".join(missed)


def harmless(mutant: Mutant) -> bool:
    """Tell whether the word may be any: a name that nothing speaks of, a figure, a word of the shop's own."""
    return mutant.kind != "shape" and mutant.was not in KEYS
