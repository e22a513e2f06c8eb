"""Keeps Python's search for dead cycles from walking the growing tree of a load again and again."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the search for the time of one load: all it makes stays alive, so a fifth of the time is saved.

    Loads in several threads do not keep each other paused: whoever found it running sets it running again.

    Yields:
        Nothing.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
