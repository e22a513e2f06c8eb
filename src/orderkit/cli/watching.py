"""Checks a project again whenever a file of it changes; looks at their times and needs no package."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PAUSE: Final = 0.5


def watch(target: Path, check: Callable[[], object]) -> None:
    """Check now and after each change, until it is interrupted.

    Args:
        target: The project's folder or file.
        check: Checks once and prints what it finds; may raise `FileNotFoundError` while files move.
    """
    seen: object = None
    while True:
        state = _state(target)
        if state != seen:
            seen = state
            if sys.stdout.isatty():
                click.clear()
            try:
                check()
            except FileNotFoundError as error:
                click.echo(f"{stamp()}{error}")
            sys.stdout.flush()
        time.sleep(_PAUSE)


def stamp() -> str:
    """Tell the time of day, so that one check is told from the one before.

    Returns:
        Such as `[14:05:09] `.
    """
    return f"[{datetime.now().astimezone():%H:%M:%S}] "


def _state(target: Path) -> tuple[tuple[str, int, int], ...]:
    """Give name, time and size of every file that a check reads."""
    folder = target if target.is_dir() else target.parent
    several = [
        *(folder.rglob("*.y*ml*") if target.is_dir() else [target]),
        *(folder / "data").rglob("*.csv"),
    ]
    found = []
    for one in sorted(several):
        try:
            told = one.stat()
        except OSError:  # gone between the listing and the look
            continue
        found.append((str(one), told.st_mtime_ns, told.st_size))
    return tuple(found)
