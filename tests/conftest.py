"""A project from YAML in the test, and a shop that runs it in simulated time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

import orderkit
from orderkit import Kit, Project
from orderkit.adapters.memory import SimulatedClock

HEAD = (
    "project: {name: Test, currency: CNY, timezone: Asia/Shanghai, roles: "
    "{客服: {}, 客服经理: {}, 运营: {}, 仓库: {}, 采购: {}, 销售主管: {via: [wecom, dingtalk]}}, "
    "vars: {high_value: 5000, pay_within: 30m}}\n"
)
# The machine that runs the laws may be busy with something else: time is no law.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

MakeProject = Callable[..., Project]
MakeShop = Callable[..., Kit]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write YAML (and further files by name) into a project folder; a `project:` section is added where missing."""

    def make(text: str, **files: str) -> Path:
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        body = dedent(text)
        (folder / "orderkit.yaml").write_text(body if "project:" in body else HEAD + body, encoding="utf-8")
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def project(write: Callable[..., Path]) -> MakeProject:
    """Load a project from YAML in the test."""

    def make(text: str, **files: str) -> Project:
        return orderkit.load(write(text, **files))

    return make


@pytest.fixture
def findings(write: Callable[..., Path]) -> Callable[..., list[str]]:
    """Check YAML and give `code|the text it points at|suggestion` of each finding."""

    def make(text: str, **files: str) -> list[str]:
        told = []
        for one in orderkit.check(write(text, **files)):
            end = one.span.end_column - 1 if one.span.end_line == one.span.line else None
            told.append(f"{one.code}|{one.source[one.column - 1 : end]}|{one.suggestion}".rstrip("|"))
        return told

    return make


@pytest.fixture
def clock() -> SimulatedClock:
    """Ten o'clock in Shanghai on 18 June 2026."""
    return SimulatedClock(datetime(2026, 6, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def shop(project: MakeProject, clock: SimulatedClock) -> MakeShop:
    """Run a project from YAML in the test, in memory and in simulated time."""

    def make(text: str, *, stock: Mapping[str, int] | None = None, **options: Any) -> Kit:
        kit = Kit(project(text), clock=clock, **options)
        for sku, units in (stock or {}).items():
            kit.stock.set(sku, units)
        return kit

    return make
