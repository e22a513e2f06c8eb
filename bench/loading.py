"""From text to definitions and programs, beside an events builder, ruamel.yaml and plain models."""

from __future__ import annotations

import tempfile
from pathlib import Path

import orderkit
from big_project import Shape, bare_events, build_events, round_trip, text_of
from orderkit._diagnostics import Collector
from orderkit._fields.definition import FieldDefinition, ProjectDefinition
from orderkit._flows.definition import FlowDefinition
from orderkit._pricing.definition import PromotionDefinition
from orderkit._project.pausing import without_collection
from orderkit._rules.definition import RuleDefinition
from orderkit._text import MapNode, read_text
from orderkit._text.definition import validate, validate_each
from timing import calls


def definitions(data: bytes) -> int:
    """Read a file and all of its sections, as a load does before it looks at names."""
    with without_collection():
        return _definitions(data)


def _definitions(data: bytes) -> int:
    found = Collector()
    root = read_text(data, "bench.yaml", found)
    assert isinstance(root, MapNode)
    project, fields = root.get("project"), root.get("fields")
    assert project is not None
    assert isinstance(fields, MapNode)
    validate(ProjectDefinition, project, found)
    made = sum(
        len(validate_each(model, node, found))
        for model, node in (
            (FieldDefinition, fields.get("order")),
            (FlowDefinition, root.get("flows")),
            (RuleDefinition, root.get("rules")),
            (PromotionDefinition, root.get("promotions")),
        )
    )
    assert not found.diagnostics
    return made


def nodes(data: bytes) -> None:
    with without_collection():
        read_text(data, "bench.yaml", Collector())


def paused(text: str) -> None:
    with without_collection():
        Shape.model_validate(build_events(text)[0])


def loading() -> None:
    text = text_of()
    data = text.encode()
    print(f"\n{text.count(chr(10)):,} lines, {len(data):,} bytes")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orderkit.yaml"
        path.write_bytes(data)
        assert orderkit.check(path) == ()
        plain, whole = "events builder + pydantic", "orderkit.load"
        calls(
            "Loading a project of 10,000 lines",
            plain,
            {
                "libyaml's events alone": lambda: bare_events(text),
                "events builder": lambda: build_events(text),
                plain: lambda: Shape.model_validate(build_events(text)[0]),
                f"{plain}, no search for cycles": lambda: paused(text),
                "orderkit: text to nodes": lambda: nodes(data),
                "orderkit: text to definitions": lambda: definitions(data),
                "orderkit.check": lambda: orderkit.check(path),
                whole: lambda: orderkit.load(path),
            },
            {"orderkit: text to definitions": "at most 1.5"},
        )
        slow = "ruamel.yaml round trip + pydantic"
        calls(
            "The whole load beside ruamel.yaml's",
            whole,
            {whole: lambda: orderkit.load(path), slow: lambda: Shape.model_validate(round_trip(text))},
            {slow: "at least 12"},
        )
