"""One finding for each root cause: a wrong name used twenty times is one mistake with twenty places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orderkit._diagnostics.diagnostic import Diagnostic

_NAMES: Final = frozenset(
    [
        "OK204", "OK215", "OK301", "OK304", "OK322", "OK330", "OK331", "OK333", "OK335", "OK405", "OK641",
        "OK644", "OK730", "OK731", "OK801", "OK804", "OK806", "OK809", "OK811", "OK912", "OK981", "OK983",
        "OK984",
    ]
)  # fmt: skip
"""Codes that say "there is no such name": the same name, wrong the same way, is one mistake."""
_YIELDS: Final[Mapping[str, frozenset[str]]] = {
    "OK134": frozenset({"OK507", "OK508", "OK509", "OK510", "OK511"}),
    "OK208": frozenset({"OK120"}),
}
"""What gives way to another finding about the same place: a suspicion, or the same mistake said again."""
_CUT: Final = "OK138"
_TORN: Final = frozenset({"OK504", "OK505", "OK506", "OK517"})
"""An expression that ` #` has cut off cannot be whole: the cut is the mistake."""
_UNREAD: Final = "OK127"
_EMPTY: Final = frozenset({"OK205", "OK207", "OK701"})
"""What stands for a repetition that nothing declares is empty: the repetition is the mistake."""
_ONCE_A_FILE: Final = frozenset({"OK133"})
"""Findings about the indentation of a whole file, which several lines and two readers of the text show."""


def group(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Put findings in order, each root cause once.

    Args:
        found: What the stages noted, in their order.

    Returns:
        Findings by file, line, column and code.
    """
    seen: dict[object, Diagnostic] = {}
    for one in found:
        span = one.span
        place = span.file if one.code in _ONCE_A_FILE else span
        seen.setdefault((one.code, place, one.text("en")), one)
    certain = {(one.code, one.span.file, one.span.line, one.span.column) for one in seen.values()}
    cut = {(one.span.file, one.span.line) for one in seen.values() if one.code == _CUT}
    unread = {(one.span.file, one.span.line) for one in seen.values() if one.code == _UNREAD}
    kept = [
        one
        for one in seen.values()
        if not _covered(one, certain)
        and not (one.code in _TORN and (one.span.file, one.span.end_line) in cut)
        and not (one.code in _EMPTY and (one.span.file, one.span.line) in unread)
    ]
    kept.sort(key=lambda one: (one.span, one.code))
    return _joined(kept)


def _covered(one: Diagnostic, certain: set[tuple[str, str, int, int]]) -> bool:
    span = one.span
    return any((code, span.file, span.line, span.column) in certain for code in _YIELDS.get(one.code, ()))


def _joined(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    groups: dict[object, list[Diagnostic]] = {}
    for number, one in enumerate(found):
        cause = (one.code, one.suggestion, tuple(sorted(one.params.items())))
        groups.setdefault(cause if one.code in _NAMES else number, []).append(one)
    return tuple(
        first if not rest else replace(first, also=tuple(other.span for other in rest))
        for first, *rest in groups.values()
    )
