"""Who needs what this version checks and does not run, so that only they refuse to run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from orderkit._project.files import LATER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics import Diagnostic, Span
    from orderkit._project.files import Sections

CODE: Final = "OK206"
REFUSED: Final = "OK220"
ORDERS: Final = "orders"
PRICING: Final = "pricing"
_OWN: Final = {"channels": "channel", "reports": "report", "metrics": "metric", "cases": "case"}
_PRICED: Final = ("pricing", "promotions")


def unrun(
    sections: Sections, findings: Iterable[Diagnostic], metrics: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Diagnostic, ...]]:
    """Sort what cannot be run by who would need it.

    Args:
        sections: The project's sections.
        findings: Everything found while loading.
        metrics: Metrics that each report shows.

    Returns:
        Findings by owner: `orders`, `pricing`, `channel:NAME`, `report:NAME`, `metric:NAME` or `case:NAME`.
        Sections that nothing reads while orders run, such as dashboards, have none.
    """
    made: dict[str, tuple[Diagnostic, ...]] = {}
    later = [one for one in findings if one.code == CODE]
    places = list(_places(sections)) if later else []
    for one in later:
        inside = [owner for owner, span in places if _holds(span, one.span)]
        at_section = one.params.get("key") in LATER and not inside
        owner = inside[0] if inside else ORDERS
        if owner and not at_section:
            made[owner] = (*made.get(owner, ()), one)
    for report, shown in metrics.items():
        below = tuple(one for name in shown for one in made.get(f"metric:{name}", ()))
        if below:
            made[f"report:{report}"] = (*made.get(f"report:{report}", ()), *below)
    return made


def _places(sections: Sections) -> Iterable[tuple[str, Span]]:
    for section, members in sections.named.items():
        for name, node in members.items():
            if section in LATER:
                yield "", node.span
            elif section in _PRICED:
                yield PRICING, node.span
            else:
                own = _OWN.get(section)
                yield (f"{own}:{name}" if own else ORDERS), node.span
    pricing = sections.single.get("pricing")
    if pricing is not None:
        yield PRICING, pricing.span


def _holds(outer: Span, inner: Span) -> bool:
    begin, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return outer.file == inner.file and begin <= (inner.line, inner.column) <= end


def refused(findings: Mapping[str, tuple[Diagnostic, ...]], *owners: str) -> tuple[Diagnostic, ...]:
    """Turn what stands in the way of running something into errors.

    Args:
        findings: From `unrun`.
        *owners: What is to be run.

    Returns:
        One error for each, at the same place.
    """
    return tuple(replace(one, code=REFUSED) for owner in owners for one in findings.get(owner, ()))
