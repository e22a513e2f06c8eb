"""One part of an expression and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderkit._diagnostics import Span


@dataclass(frozen=True, slots=True)
class Step:
    """One part of an expression and what it came to.

    Args:
        text: The part as written.
        value: Its value; the `NotComputable` itself where it has none.
        span: Where it stands.
    """

    text: str
    value: object
    span: Span
