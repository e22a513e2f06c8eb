"""stub"""

from __future__ import annotations
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportResult:
    channel: str
    files: tuple[str, ...]
    read: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    orders: int = 0
    lines: int = 0
    refunds: int = 0
    loose_refunds: int = 0
    rejects: tuple[Any, ...] = ()
    causes: Any = field(default_factory=dict)
    skips: Any = field(default_factory=dict)
    notes: tuple[Any, ...] = ()
    stopped: bool = False


class Importing:
    def __init__(
        self, project: Any, lookup: Any, now: Any, *, dry_run: bool = False, progress: Any = None
    ) -> None: ...
    def run(self, paths: Any, channel: Any, run: Any) -> ImportResult:
        raise NotImplementedError
