"""The schemas in the YAML language server that editors run: messages, completion, hover."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import orderkit
from orderkit._project.own_schema import own_schema
from orderkit._project.schemas import section_schemas

HERE = Path(__file__).parent
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
RETAIL = HERE.parents[1] / "examples" / "retail"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("editor")
    schemas = {"orderkit": section_schemas()["orderkit"], "own": own_schema(orderkit.load(RETAIL))}
    for name, schema in schemas.items():
        (made / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def editor(folder: Path, speak: Any) -> Iterator[Any]:
    node = shutil.which("node")
    if node is None or not SERVER.exists():
        reason = "node or yaml-language-server is absent; `make editor` installs the server with npm"
        if os.environ.get("ORDERKIT_REQUIRE_EDITOR"):
            pytest.fail(reason)
        pytest.skip(reason)
    settings = {
        "yaml": {
            "validate": True,
            "completion": True,
            "hover": True,
            "schemaStore": {"enable": False},
            "schemas": {
                (folder / "orderkit.schema.json").as_uri(): ["plain*.yaml"],
                (folder / "own.schema.json").as_uri(): ["own*.yaml"],
            },
        }
    }
    with speak([node, str(SERVER), "--stdio"], folder, settings) as client:
        yield client


def complete(editor: Any, path: Path, text: str) -> set[str]:
    plain = text.replace("¦", "")
    uri = editor.open(path, plain)
    found = editor.at(uri, text, "¦", "textDocument/completion")
    return {one["label"] for one in (found["items"] if isinstance(found, dict) else found)}


MESSAGES = {
    "a kind of report that does not exist": (
        "reports:\n  r:\n    type: rfmm\n    segments: {}\n",
        (2, 10),
        '"bought_together"',
    ),
    "a misspelt key": ("promotions:\n  p: {stage: shop, mins: 5}\n", (1, 19), "mins"),
    "an amount in words": ("promotions:\n  p: {stage: shop, minus: lots}\n", (1, 26), "pattern"),
    "a word outside a choice": ("pricing: {rounding: half}\n", (0, 20), '"half_up"'),
    "a key that is missing": ("rules:\n  r: {do: [tag: a]}\n", (1, 2), "when"),
}


@pytest.mark.parametrize(("text", "place", "words"), MESSAGES.values(), ids=MESSAGES)
def test_an_editor_tells_a_mistake_at_its_place(
    editor: Any, folder: Path, text: str, place: tuple[int, int], words: str
) -> None:
    uri = editor.open(folder / f"plain{abs(hash(text))}.yaml", text)
    found = editor.diagnostics(uri)
    assert [words in one["message"] for one in found] == [True], found
    start = found[0]["range"]["start"]
    assert (start["line"], start["character"]) == place


def test_an_editor_has_nothing_against_the_examples(editor: Any, folder: Path) -> None:
    for path in sorted(RETAIL.glob("*.yaml")):
        for kind in ("plain", "own"):
            uri = editor.open(folder / f"{kind}-{path.name}", path.read_text(encoding="utf-8"))
            assert editor.diagnostics(uri) == [], (kind, path.name)


def test_an_editor_completes_keys_words_and_effects(editor: Any, folder: Path) -> None:
    assert {"tiers", "percent_off", "zhe"} <= complete(
        editor, folder / "plain1.yaml", "promotions:\n  p:\n    stage: shop\n    ¦\n"
    )
    assert {"half_up", "down"} <= complete(editor, folder / "plain2.yaml", "pricing:\n  rounding: ¦\n")
    assert {"rfm", "funnel"} <= complete(editor, folder / "plain3.yaml", "reports:\n  r:\n    type: ¦\n")
    assert {"notify", "pay", "tag"} <= complete(
        editor, folder / "plain4.yaml", "rules:\n  r:\n    when: {event: order.placed}\n    do:\n      - ¦\n"
    )


def test_an_editor_shows_what_a_key_is_for_with_an_example(editor: Any, folder: Path) -> None:
    text = "promotions:\n  p:\n    stage: shop\n    at_most: 30\n"
    uri = editor.open(folder / "plain5.yaml", text)
    shown = editor.at(uri, text, "at_most", "textDocument/hover")["contents"]
    value = shown["value"] if isinstance(shown, dict) else str(shown)
    assert "Cap of what is taken off" in value
    assert "50" in value


def test_a_project_schema_completes_the_names_of_the_project(editor: Any, folder: Path) -> None:
    states = complete(editor, folder / "own1.yaml", "rules:\n  r:\n    when:\n      enters: ¦\n")
    assert {"待支付", "已发货"} <= states
    roles = complete(
        editor, folder / "own2.yaml", "flows:\n  order:\n    actions:\n      支付:\n        by: ¦\n"
    )
    assert {"客服", "仓库", "system"} <= roles
    fields = complete(
        editor, folder / "own3.yaml", "channels:\n  t:\n    order:\n      key: a\n      map:\n        ¦\n"
    )
    assert {"receiver", "phone", "external_number"} <= fields
    assert {"gmv", "orders"} <= complete(
        editor, folder / "own4.yaml", "reports:\n  r:\n    metrics:\n      - ¦\n"
    )
