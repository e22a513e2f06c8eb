"""What an import did, as people and scripts read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Problem
    from orderkit.domain.records import Reject


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for rejects, without the value of any single row.

    Args:
        code: Stable id of the reason.
        field: The field it is about.
        column: Header of its column.
        reason: The reason in English.
        reason_zh: The reason in Chinese.
        count: How many rejects it made.
    """

    code: str
    field: str
    column: str
    reason: str
    reason_zh: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; accepted, updated, unchanged, rejected and skipped sum to `read`.

    Args:
        channel: Name of the channel.
        files: Names of the files.
        rows: Rows or payloads of the files.
        read: Records read: orders, and refunds that stand alone.
        accepted: Records that were new.
        updated: Known records whose change was taken.
        unchanged: Known records that say the same as before.
        rejected: Records that could not be taken.
        skipped: Records that are no orders, or that came before and are not to be updated.
        orders: Orders written.
        lines: Lines of those orders.
        refunds: Refunds written.
        loose_refunds: Those of them whose order is unknown.
        rejects: The first hundred rejects; one record may have several.
        tally: Reasons of all rejects, the most frequent first.
        skips: Why records were skipped, with how often.
        notes: What is strange about the file: columns that are new or gone, checks that only warn.
        stopped: Whether nothing was written because too many records were rejected.
        dry_run: Whether nothing was to be written.
    """

    channel: str
    files: tuple[str, ...]
    rows: int = 0
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
    rejects: tuple[Reject, ...] = ()
    tally: tuple[Cause, ...] = ()
    skips: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    stopped: bool = False
    dry_run: bool = False

    @property
    def causes(self) -> dict[str, int]:
        """Count rejects by reason, in English, the most frequent first."""
        return self.causes_in("en")

    def causes_in(self, lang: str) -> dict[str, int]:
        """Count rejects by reason.

        Args:
            lang: `en` or `zh`.

        Returns:
            Counts by reason, the most frequent first.
        """
        counted: Counter[str] = Counter()
        for one in self.tally:
            reason = one.reason_zh if lang == "zh" else one.reason
            counted[f"{one.column}: {reason}" if one.column else reason] += one.count
        return dict(counted.most_common())
