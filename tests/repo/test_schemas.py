"""The committed JSON Schemas are the ones the definitions give, and they accept what the loader accepts."""

from __future__ import annotations

import json
from pathlib import Path

from orderkit._project.schemas import section_schemas

ROOT = Path(__file__).parents[2]


def test_the_committed_schemas_are_the_generated_ones() -> None:
    made = section_schemas()
    files = {path.name.removesuffix(".schema.json"): path for path in (ROOT / "schemas").glob("*.json")}
    assert set(files) == set(made)
    for name, path in files.items():
        assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(made[name])), (
            f"{name}: run `make schemas`"
        )


def test_every_key_of_a_schema_says_what_it_is_for() -> None:
    for name, schema in section_schemas().items():
        for owner, one in [(name, schema), *schema.get("$defs", {}).items()]:
            members = one if "properties" in one else one.get("additionalProperties", {})
            if isinstance(members, dict):
                for key, told in members.get("properties", {}).items():
                    assert told.get("description") or "$ref" in told or "allOf" in told, f"{owner}.{key}"
