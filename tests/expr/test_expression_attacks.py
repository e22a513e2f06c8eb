"""The corpus of attacks: nothing hangs, nothing escapes, nothing is silently true."""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderkit._diagnostics import Collector
from orderkit._expr import (
    BOOLEAN,
    COUNT,
    DATETIME,
    MONEY,
    TEXT,
    NotComputable,
    choice,
    compile_expression,
    list_of,
    record,
)

_CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "attacks" / "expressions.txt"
_BUDGET_SECONDS = 0.05
_BUDGET_BYTES = 20 << 20
_ORDER = record(
    "order",
    {
        "id": TEXT,
        "amount": MONEY,
        "status": choice("paid", "new"),
        "note": TEXT,
        "tags": list_of(TEXT),
        "items": list_of(record("item", {"sku": TEXT})),
        "created_at": DATETIME,
    },
)
_SCOPE = {
    "order": _ORDER,
    "order_d": _ORDER,
    "amount": MONEY,
    "qty": COUNT,
    "note": TEXT,
    "status": choice("paid", "new"),
    "created_at": DATETIME,
    "tags": list_of(TEXT),
    "big_list": list_of(COUNT),
    "cyclic": list_of(TEXT),
    "now": DATETIME,
}
_NOW = datetime(2026, 6, 18, 10, tzinfo=UTC)
_DATA: dict[str, Any] = {
    "id": "1",
    "amount": Decimal(6000),
    "status": "new",
    "note": "x",
    "tags": ["vip"],
    "items": [{"sku": "A"}],
    "created_at": _NOW,
}
_ENV: dict[str, Any] = {
    "order": _DATA,
    "order_d": _DATA,
    "qty": 3,
    "big_list": list(range(200_000)),
    "cyclic": ["a"],
    "now": _NOW,
    **_DATA,
}
# An exact language reads this one as it stands: 5000.1 is that very amount.
_HARMLESS_TRAPS = {"amount == 5000.1"}


def _lines() -> list[tuple[str, str]]:
    if not _CORPUS.exists():
        return []
    mode, lines = "", []
    for line in _CORPUS.read_bytes().decode("utf-8").split("\n"):
        if line.startswith("## "):
            mode = line[3:].split("|")[0].strip()
        elif line.startswith("@py "):
            lines.append((mode, eval(line[4:], {"__builtins__": {"range": range}})))  # noqa: S307 - the corpus is ours
        elif line and not line.startswith("# ") and mode:
            lines.append((mode, line))
    return lines


def _judge(desk: Any, text: str, expects: Any) -> tuple[Any, tuple[Any, ...]]:
    found = Collector()
    return compile_expression(desk.source(text), _SCOPE, found, expects=expects), found.diagnostics


def _run(desk: Any, text: str, expects: Any) -> tuple[float, object]:
    started = time.perf_counter()
    value: object = None
    program, _ = _judge(desk, text, expects)
    if program is not None:
        try:
            value = program.run(_ENV)
        except NotComputable as failure:
            value = failure
        program.steps(_ENV)
    return time.perf_counter() - started, value


@pytest.mark.skipif(not _CORPUS.exists(), reason="the attack corpus is not beside this checkout")
def test_no_attack_gets_through(desk: Any) -> None:
    _run(desk, "amount > 1", BOOLEAN)
    before = repr(_DATA)
    lines = _lines()
    assert len(lines) > 300
    for mode, text in lines:
        shown = (mode, text[:80])
        program, diagnostics = _judge(desk, text, BOOLEAN)
        assert program is not None or diagnostics, shown
        if mode == "reject" or (mode == "trap" and text not in _HARMLESS_TRAPS):
            assert diagnostics, shown
            assert mode == "trap" or program is None, shown
            assert all(one.line == 12 for one in diagnostics), shown
        for expects in (BOOLEAN, None):
            took, value = min((_run(desk, text, expects) for _ in range(2)), key=lambda one: one[0])
            assert took < _BUDGET_SECONDS, (shown, took)
            assert not isinstance(value, float), shown
            assert not isinstance(value, Decimal) or value.is_finite(), shown
            assert isinstance(value, NotComputable) or len(str(value)) <= 65_536 or text == "big_list", shown
    assert repr(_DATA) == before


@pytest.mark.skipif(not _CORPUS.exists(), reason="the attack corpus is not beside this checkout")
def test_no_attack_takes_memory(desk: Any) -> None:
    _run(desk, "amount > 1", BOOLEAN)
    tracemalloc.start()
    try:
        for _, text in _lines():
            tracemalloc.reset_peak()
            kept = tracemalloc.get_traced_memory()[0]
            _run(desk, text, None)
            peak = tracemalloc.get_traced_memory()[1] - kept
            assert peak < _BUDGET_BYTES, (text[:80], peak)
    finally:
        tracemalloc.stop()
