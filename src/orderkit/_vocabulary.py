"""Every name of every file with its kind, its type and its place: where the features meet at load time."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING, Any, Final

from orderkit._diagnostics import NOWHERE, Collector, Related, Span
from orderkit._expr.types import DATETIME, TEXT, UNKNOWN, Type, list_of, record
from orderkit.domain.calendar import parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from orderkit.domain.calendar import Duration

KINDS: Final[dict[str, tuple[str, str]]] = {
    "role": ("role", "角色"),
    "state": ("state", "状态"),
    "action": ("action", "动作"),
    "flow": ("flow", "流程"),
    "part": ("part", "部件"),
    "template": ("template", "模板"),
    "table": ("table", "表"),
    "promotion": ("promotion", "促销"),
    "effect": ("effect", "动作效果"),
    "rule": ("rule", "规则"),
    "channel": ("channel", "渠道"),
    "metric": ("metric", "指标"),
    "report": ("report", "报表"),
    "case": ("case", "用例"),
    "field": ("field", "字段"),
    "event": ("event", "事件"),
    "calendar": ("calendar", "日历"),
    "sla": ("promise of `slas`", "时效"),
    "hold": ("hold", "挂起"),
    "status": ("status", "派生状态"),
    "stage": ("stage or promotion", "阶段或促销"),
    "goods": ("set of goods", "商品集合"),
    "sku": ("sku", "SKU"),
    "column": ("column", "列"),
    "gateway": ("gateway", "支付渠道"),
    "dashboard": ("dashboard", "看板"),
    "record": ("record", "记录"),
}
"""Kinds of names, in English and Chinese."""
_SHOWN: Final = 12

EVENTS: Final = (
    "order.placed", "order.edited", "order.paid", "order.refunded", "order.shipped", "order.done",
    "order.canceled", "order.imported",
)  # fmt: skip
"""What may happen to an order; parts add `<part>.opened` and `<part>.ended`."""


_ALIKE: Final = str.maketrans("己巳末曰", "已已未日")
"""Characters that are taken for one another."""


def nearest(name: str, known: Sequence[str]) -> str:
    """Guess the name that was meant; one sign of difference beats a shorter or longer name.

    Args:
        name: As written.
        known: What may be written.

    Returns:
        The most likely name, or an empty text where none is near.
    """
    folded = name.translate(_ALIKE)
    close = get_close_matches(folded, {one.translate(_ALIKE): None for one in known}, n=5, cutoff=0.5)
    if not close:
        return ""

    def likeness(other: str) -> float:
        wrong = sum(one != two for one, two in zip(folded, other, strict=False))
        same_place = len(folded) == len(other) and wrong <= 1
        return SequenceMatcher(None, other, folded).ratio() + (0.4 if same_place else 0)

    swapped = [one for one in close if sorted(one) == sorted(folded)]
    best = max(swapped or close, key=likeness)
    return next(one for one in known if one.translate(_ALIKE) == best)


@dataclass(slots=True)
class Vocabulary:
    """The names a project declares; filled once while it loads, then only read.

    Args:
        currency: The project's currency.
        zone: The project's zone.
        variables: Values of `project.vars`.
        variable_types: Their types.
        durations: Those of them that are lengths of time, as written (`3d` is not 72 hours).
        vias: Default message routes per role.
        names: Places by kind and name; a kind may be narrowed by its owner, such as `state:order`.
        order: What expressions may read of an order; its fields are filled by the order model.
        line: What they may read of a line.
        parts: What they may read of a part, by kind of part.
    """

    currency: str
    zone: ZoneInfo
    variables: Mapping[str, Any] = field(default_factory=dict)
    variable_types: Mapping[str, Type] = field(default_factory=dict)
    durations: Mapping[str, Duration] = field(default_factory=dict)
    vias: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, dict[str, Span]] = field(default_factory=dict)
    order: Type = UNKNOWN
    line: Type = UNKNOWN
    customer: Type = UNKNOWN
    parts: dict[str, Type] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    """Kinds of names that are not all known, because what declares them cannot be read."""

    def declare(self, kind: str, name: str, span: Span, found: Collector) -> None:
        """Take a name in; the same name twice is reported with both places.

        Args:
            kind: Such as `role`, or `state:order`.
            name: The name.
            span: Where it is declared.
            found: Takes the mistake.
        """
        known = self.names.setdefault(kind, {})
        if name in known and known[name] != NOWHERE:
            en, zh = KINDS[kind.partition(":")[0]]
            first = Related(known[name], "first declared here")
            found.add("OK302", span, related=[first], name=name, kind_en=en, kind_zh=zh)
            return
        known[name] = span

    def admit(self, kind: str, names: Mapping[str, Span]) -> None:
        """Take in names whose definition has a mistake, so that their users are not told of it again.

        Args:
            kind: Such as `role`, or `state:order`.
            names: Places by name; those that are known already stay.
        """
        known = self.names.setdefault(kind, {})
        for name, span in names.items():
            known.setdefault(name, span)

    def of(self, kind: str) -> Mapping[str, Span]:
        """List the names of a kind.

        Args:
            kind: Such as `role`, or `state:order`.

        Returns:
            Places by name.
        """
        return self.names.get(kind, {})

    def require(
        self, kind: str, name: str, span: Span, found: Collector, *, also: tuple[str, ...] = ()
    ) -> bool:
        """Check that a name is declared; an unknown one is reported with what was probably meant.

        Args:
            kind: Such as `role`, or `state:order`.
            name: The name used.
            span: Where it is used.
            found: Takes the mistake.
            also: Words that are always known, such as `anyone`.

        Returns:
            True where it is known.
        """
        known = self.of(kind)
        if name in known:
            found.used(kind, name, span)
            return True
        if name in also or kind in self.open:
            return True
        meant = nearest(name, [*known, *also])
        close = [meant] if meant else []
        en, zh = KINDS[kind.partition(":")[0]]
        listed = ", ".join([*known, *also][:_SHOWN]) or "-"
        related = [Related(known[close[0]], "declared here")] if close and close[0] in known else []
        found.add(
            "OK301",
            span,
            suggestion=close[0] if close else "",
            related=[one for one in related if one.span != NOWHERE],
            name=name,
            kind_en=en,
            kind_zh=zh,
            known=listed,
            every=", ".join([*known, *also]),
        )
        return False

    def duration(self, text: str) -> Duration | None:
        """Read a length of time: written out, or named by a variable of the project.

        Args:
            text: `30m`, `3d`, `2bd` or `vars.pay_within`.

        Returns:
            The duration, or None where the text is none.
        """
        bare = text.strip()
        if bare.startswith("vars."):
            return self.durations.get(bare.removeprefix("vars."))
        return parse_duration(bare)

    def scope(self, **more: Type) -> dict[str, Type]:
        """Gather the names most slots have: `order`, `vars` and `now`.

        Args:
            **more: Further names with their types.

        Returns:
            Types by name.
        """
        return {
            "order": UNKNOWN if {"field", "part"} & self.open else self.order,
            "vars": UNKNOWN if "role" in self.open else record("vars", self.variable_types),
            "now": DATETIME,
            **more,
        }

    @property
    def events(self) -> tuple[str, ...]:
        """List what may happen to an order and its parts."""
        parts = [f"{name}.{what}" for name in self.parts for what in ("opened", "ended")]
        return (*EVENTS, *parts)

    @property
    def actor(self) -> Type:
        """Tell what expressions may read of who gives a command."""
        return record("actor", {"name": TEXT, "roles": list_of(TEXT)})
