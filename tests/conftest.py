"""A project from YAML in the test, and a shop that runs it in simulated time."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from types import TracebackType
from typing import Any, Self
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


class LanguageClient:
    """Talks to one language server over standard input and output; answers what the server asks with nothing."""

    def __init__(self, command: list[str], root: Path, settings: dict[str, Any] | None = None) -> None:
        self.settings = settings or {}
        self.root = root
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.inbox: queue.Queue[dict[str, Any]] = queue.Queue()
        self.kept: list[dict[str, Any]] = []
        self.count = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.capabilities = self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "capabilities": {
                    "textDocument": {
                        "completion": {"completionItem": {"documentationFormat": ["markdown", "plaintext"]}},
                        "hover": {"contentFormat": ["markdown", "plaintext"]},
                        "publishDiagnostics": {"relatedInformation": True},
                    },
                    "workspace": {"configuration": True},
                },
                "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
            },
        )["capabilities"]
        self.notify("initialized", {})
        if self.settings:
            self.notify("workspace/didChangeConfiguration", {"settings": self.settings})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(timeout=10)
        finally:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()

    def _read(self) -> None:
        out = self.process.stdout
        assert out is not None
        while True:
            size = 0
            while (header := out.readline().strip()) != b"":
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not size:
                return
            message: dict[str, Any] = json.loads(out.read(size))
            if "method" in message and "id" in message:
                self._answer(message)
            else:
                self.inbox.put(message)

    def _answer(self, asked: dict[str, Any]) -> None:
        result: Any = None
        if asked["method"] == "workspace/configuration":
            result = [self.settings.get(one.get("section", "")) for one in asked["params"]["items"]]
        self._send({"jsonrpc": "2.0", "id": asked["id"], "result": result})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message, ensure_ascii=False).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        self.count += 1
        number = self.count
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = self.wait(lambda one: one.get("id") == number and "method" not in one)
        assert "error" not in answer, answer["error"]
        return answer.get("result")

    def wait(self, wanted: Any, seconds: float = 30) -> dict[str, Any]:
        for one in self.kept:
            if wanted(one):
                self.kept.remove(one)
                return one
        while True:
            message = self.inbox.get(timeout=seconds)
            if wanted(message):
                return message
            self.kept.append(message)

    def open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        self.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )
        return uri

    def change(self, uri: str, text: str, version: int = 2) -> None:
        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]},
        )

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        told = self.wait(
            lambda one: one.get("method") == "textDocument/publishDiagnostics" and one["params"]["uri"] == uri
        )
        found: list[dict[str, Any]] = told["params"]["diagnostics"]
        return found

    def at(self, uri: str, text: str, mark: str, method: str, **more: Any) -> Any:
        """Ask about the place of a mark in a text, in UTF-16 columns."""
        before = text[: text.index(mark)]
        line = before.count("\n")
        column = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
        place = {"line": line, "character": column}
        return self.request(method, {"textDocument": {"uri": uri}, "position": place, **more})


@pytest.fixture(scope="session")
def speak() -> type[LanguageClient]:
    return LanguageClient
