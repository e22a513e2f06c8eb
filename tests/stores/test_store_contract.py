"""The contract of stores, held by the reference in memory and by SQLite in a file and in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orderkit.adapters.memory import MemoryStore
from orderkit.adapters.sql import SqlStore
from orderkit.testing import store_checks

if TYPE_CHECKING:
    from pathlib import Path

    from orderkit.ports import Store

_CHECKS = store_checks()


@pytest.mark.parametrize("kind", ["memory", "sqlite", "sqlite in memory"])
@pytest.mark.parametrize("name", _CHECKS)
def test_the_store_contract(name: str, kind: str, tmp_path: Path) -> None:
    def opened() -> Store:
        if kind == "memory":
            return MemoryStore()
        return SqlStore(f"sqlite:///{tmp_path / 'orders.db'}" if kind == "sqlite" else "sqlite://")

    _CHECKS[name](opened)
