"""stub"""

from __future__ import annotations
from typing import Any


def receive(
    project: Any, channel: str, payload: Any, *, now: Any, actor: Any, lookup: Any, order_id: str
) -> Any:
    raise NotImplementedError
