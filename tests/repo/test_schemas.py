"""The committed JSON Schemas are the ones the definitions give, and they accept what the loader accepts."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import orderkit
from orderkit._diagnostics import Collector
from orderkit._project.examples import examples
from orderkit._project.schemas import section_schemas
from orderkit._text.definition import Definition, validate

ROOT = Path(__file__).parents[2]


def test_the_committed_schemas_are_the_generated_ones() -> None:
    made = section_schemas()
    files = {path.name.removesuffix(".schema.json"): path for path in (ROOT / "schemas").glob("*.json")}
    assert set(files) == set(made)
    for name, path in files.items():
        assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(made[name])), (
            f"{name}: run `make schemas`"
        )


def test_another_tool_takes_the_examples_by_the_schema() -> None:
    files = [
        str(path)
        for path in sorted((ROOT / "examples").rglob("*.yaml"))
        if path.parent.name not in ("carts", "env") and "carts" not in path.parts
    ]
    assert len(files) > 10
    schema = str(ROOT / "schemas" / "orderkit.schema.json")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = ROOT / "tests" / "errors" / "misspelt-key.yaml"
    refused = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, str(wrong)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert refused.returncode == 1


def test_every_key_of_a_schema_says_what_it_is_for() -> None:
    for name, schema in section_schemas().items():
        for owner, one in [(name, schema), *schema.get("$defs", {}).items()]:
            members = one if "properties" in one else one.get("additionalProperties", {})
            if isinstance(members, dict):
                for key, told in members.get("properties", {}).items():
                    assert told.get("description") or "$ref" in told or "allOf" in told, f"{owner}.{key}"


def definitions() -> list[type[Definition]]:
    found: list[type[Definition]] = []
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
    ):
        module = import_module(f"orderkit._{folder}.definition")
        found += [
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Definition) and one.__module__ == module.__name__
        ]
    return found


@pytest.mark.parametrize("definition", definitions(), ids=lambda one: one.__name__)
def test_every_key_has_an_example_that_its_definition_reads(definition: type[Definition]) -> None:
    written = examples()[definition.__name__]
    keys = {key.text for one in written for key, _ in one.entries}
    assert keys == {field.alias or name for name, field in definition.model_fields.items()}
    for one in written:
        found = Collector()
        assert validate(definition, one, found) is not None, [str(each) for each in found.diagnostics]


def test_there_are_no_examples_of_what_does_not_exist() -> None:
    assert set(examples()) == {one.__name__ for one in definitions()}


def accepts(validator: Draft7Validator, text: str) -> bool:
    """Judge YAML as an editor does: by the JSON it is in YAML 1.2's core schema."""
    import json as plain_json

    from ruamel.yaml import YAML

    loaded = YAML(typ="safe", pure=True).load(text)
    return bool(validator.is_valid(plain_json.loads(plain_json.dumps(loaded, default=str))))


def projects() -> list[Path]:
    return sorted(path for path in (ROOT / "examples").rglob("*.yaml") if "inbox" not in path.parts)


@pytest.mark.parametrize("path", projects(), ids=lambda path: path.name)
def test_the_schema_takes_the_examples(path: Path) -> None:
    validator = Draft7Validator(section_schemas()["orderkit"])
    loaded = path.read_text(encoding="utf-8")
    assert accepts(validator, loaded), [error.message for error in validator.iter_errors(yaml_of(loaded))]


def yaml_of(text: str) -> object:
    from ruamel.yaml import YAML

    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


WRONG = {
    "an unknown section": "flow: {}",
    "an unknown key": "promotions: {p: {stage: shop, mins: 5}}",
    "a word outside a choice": "pricing: {rounding: half}",
    "a wrong kind of report": "reports: {r: {type: rfmm, segments: {}}}",
    "a key of another kind of report": "reports: {r: {type: rfm, segments: {}, steps: [a, b]}}",
    "a missing key": "rules: {r: {do: [tag: a]}}",
    "an amount in words": "promotions: {p: {stage: shop, minus: lots}}",
    "a list where names belong": "flows: [a]",
    "an argument of an effect": "rules: {r: {when: {event: order.placed}, do: [notify: {too: a}]}}",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_the_schema_refuses_what_the_loader_refuses(text: str, tmp_path: Path) -> None:
    assert not accepts(Draft7Validator(section_schemas()["orderkit"]), text)
    head = "project: {name: T, currency: CNY, timezone: UTC}\n"
    (tmp_path / "p.yaml").write_text(head + text + "\n", encoding="utf-8")
    assert any(one.severity == "error" for one in orderkit.check(tmp_path / "p.yaml"))
