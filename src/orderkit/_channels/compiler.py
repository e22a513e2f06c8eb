"""stub"""
from __future__ import annotations
from typing import Any
def compile_channels(definitions: Any, *, fields: Any, states: Any, vocabulary: Any, found: Any) -> dict[str, Any]:
    return {}
