"""Single-use codes of promotions in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.adapters.agreement import known_code
from orderkit.domain.events import counter_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit.adapters.memory.goods import MemoryLimits
    from orderkit.adapters.memory.journal import Journal


class MemoryCodes:
    """Keeps the single-use codes of promotions.

    Args:
        journal: Makes and takes back changes.
        limits: Knows which have been used.
    """

    def __init__(self, journal: Journal, limits: MemoryLimits) -> None:
        """Begin empty."""
        self._journal = journal
        self._limits = limits
        self._codes: dict[str, tuple[str, str]] = {}

    def add(self, promotion: str, codes: Mapping[str, str]) -> None:
        """Keep codes by their folded forms; raises Conflict where one exists."""
        for folded, printed in codes.items():
            if folded in self._codes:
                raise known_code(printed)
            self._journal.put(self._codes, folded, (promotion, printed))

    def batches(self, codes: Sequence[str]) -> Mapping[str, str]:
        """Give the promotion of each folded code that exists."""
        return {code: self._codes[code][0] for code in codes if code in self._codes}

    def of(self, promotion: str) -> list[tuple[str, str]]:
        """List the codes of a promotion as printed, sorted, with what became of each."""
        own = sorted(
            (printed, folded) for folded, (name, printed) in self._codes.items() if name == promotion
        )
        return [
            (printed, self._limits.status(counter_of(promotion, f"code.{folded}"))) for printed, folded in own
        ]
