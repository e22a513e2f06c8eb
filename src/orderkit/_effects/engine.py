"""The working copy inside one decision, and the requests that effects are made of."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orderkit.domain.events import AuditEntry, EffectRequest, Timer
from orderkit.domain.stock import Claim, StockLevel, StockMove

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from orderkit._diagnostics import Span
    from orderkit._expr.compiler import Program
    from orderkit._expr.template import Template
    from orderkit.domain.events import Actor
    from orderkit.domain.order import Order, Part


@dataclass(frozen=True, slots=True)
class EffectCall:
    """One effect as an analyst wrote it, ready to run.

    Args:
        kind: Its name, such as `notify` or `reserve_stock`.
        programs: Arguments that are computed.
        texts: Arguments that are texts with holes.
        words: Arguments that are plain words, such as roles.
        span: Where it is written.
        host: Whether the host declared it under `effects:`.
    """

    kind: str
    programs: Mapping[str, Program] = field(default_factory=dict)
    texts: Mapping[str, Template] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    span: Span | None = None
    host: bool = False


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A text of `templates:`, ready to fill.

    Args:
        name: Its name.
        text: The body.
        subject: The subject, or None.
        span: Where it is declared.
    """

    name: str
    text: Template
    subject: Template | None
    span: Span


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened inside a decision and that rules may wait for.

    Args:
        kind: `event`, `enters`, `leaves` or `action`.
        name: `order.placed`, a state, or an action.
        part: Id of the part it happened to, or an empty text for the order.
        before: State before, or an empty text.
        after: State after, or an empty text.
        needs: What the command brought.
    """

    kind: str
    name: str
    part: str = ""
    before: str = ""
    after: str = ""
    needs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that is to run later in the same decision.

    Args:
        kind: `fire` an action, or `open` a part.
        name: Action, or kind of part.
        part: Part the action is for, or an empty text.
        data: Amount and reason of a part to open.
        span: The effect or state that asked for it.
    """

    kind: str
    name: str
    part: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    span: Span | None = None


@dataclass(slots=True)
class Draft:
    """The working copy of one order while a command is decided; dropping it undoes everything.

    Args:
        order: The order as it is so far.
        levels: Stock figures of its skus as they are so far.
        now: The instant of the decision.
        actor: Who gave the command.
        project: Hash of the project that decides.
        variables: The project's `vars`.
        view: Lays the order open for expressions.
        conceal: Masks private fields in such a view for everyone but these roles.
        private: Paths such as `order.phone` that only some roles see.
        vias: Default message routes per role.
        templates: Message templates by name.
    """

    order: Order
    levels: dict[str, StockLevel]
    now: datetime
    actor: Actor
    project: str
    variables: Mapping[str, Any]
    view: Callable[[Order], dict[str, Any]]
    conceal: Callable[[dict[str, Any], tuple[str, ...]], dict[str, Any]]
    private: frozenset[str]
    vias: Mapping[str, tuple[str, ...]]
    templates: Mapping[str, MessageTemplate]
    moves: list[StockMove] = field(default_factory=list)
    effects: list[EffectRequest] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    armed: dict[str, Timer] = field(default_factory=dict)
    disarmed: set[str] = field(default_factory=set)
    happened: deque[Happening] = field(default_factory=deque)
    wanted: deque[Wanted] = field(default_factory=deque)
    hidden: frozenset[str] = frozenset()
    steps: int = 0
    _viewed: tuple[Order, dict[str, Any]] | None = None

    def order_view(self) -> dict[str, Any]:
        """Lay the present order open, once per version of it.

        Returns:
            Its values by name.
        """
        if self._viewed is None or self._viewed[0] is not self.order:
            self._viewed = (self.order, self.view(self.order))
        return self._viewed[1]

    def in_stock(self, lines: list[dict[str, Any]]) -> bool:
        """Tell whether stock, with what the order already holds, covers these lines.

        Args:
            lines: Lines as expressions see them.

        Returns:
            True where every sku is covered.
        """
        wanted: dict[str, int] = {}
        for line in lines:
            wanted[line["sku"]] = wanted.get(line["sku"], 0) + line["quantity"]
        claims = self.order.claims
        return all(
            self.levels.get(sku, StockLevel(sku)).available + claims.get(sku, Claim()).reserved >= units
            for sku, units in wanted.items()
        )

    def env(
        self, needs: Mapping[str, Any], part: Part | None, part_view: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Gather the names that guards and effects may read.

        Args:
            needs: What the command brought.
            part: The part it is about, or None.
            part_view: That part laid open, or None.

        Returns:
            Values by name.
        """
        env: dict[str, Any] = {
            "order": self.order_view(),
            "needs": dict(needs),
            "actor": {"name": self.actor.name, "roles": list(self.actor.roles)},
            "now": self.now,
            "vars": self.variables,
            "$in_stock": self.in_stock,
            "$private": self.private,
        }
        if part is not None and part_view is not None:
            env[part.kind] = part_view
        return env

    def masked(self, env: dict[str, Any], roles: tuple[str, ...]) -> dict[str, Any]:
        """Hide private values for everyone but some roles.

        Args:
            env: Names that effects may read.
            roles: Roles that will read what is made of them.

        Returns:
            The same names, private values masked.
        """
        needs = {name: "***" if name in self.hidden else value for name, value in env["needs"].items()}
        return {**env, "order": self.conceal(env["order"], roles), "needs": needs}

    def put_part(self, part: Part) -> None:
        """Replace a part, or add it.

        Args:
            part: Its next version.
        """
        parts = self.order.parts
        if any(one.id == part.id for one in parts):
            kept = tuple(part if one.id == part.id else one for one in parts)
        else:
            kept = (*parts, part)
        self.order = replace(self.order, parts=kept)

    def note(self, verb: str, subject: str, *, span: Span | None = None, **more: Any) -> None:
        """Write an entry of the history.

        Args:
            verb: What was done.
            subject: The action, rule or part.
            span: The line of YAML behind it.
            **more: Further fields of the entry (`before`, `after`, `reason`, `details`, `part`).
        """
        actor = more.pop("actor", self.actor)
        self.audit.append(
            AuditEntry(
                self.order.id,
                self.now,
                actor.name,
                verb,
                subject,
                project=self.project,
                span=str(span) if span else "",
                **more,
            )
        )

    def move(self, moves: list[StockMove]) -> None:
        """Change stock figures and the order's claims together.

        Args:
            moves: Movements, already checked against the figures.
        """
        claims = dict(self.order.claims)
        for one in moves:
            level = self.levels.get(one.sku, StockLevel(one.sku))
            self.levels[one.sku] = replace(
                level,
                on_hand=level.on_hand + one.on_hand,
                reserved=level.reserved + one.reserved,
                allocated=level.allocated + one.allocated,
            )
            claim = claims.get(one.sku, Claim())
            claims[one.sku] = Claim(
                claim.reserved + one.reserved,
                claim.allocated + one.allocated,
                claim.consumed - one.on_hand,
            )
        self.moves.extend(moves)
        self.order = replace(self.order, claims=claims)

    def mark(self) -> tuple[Any, ...]:
        """Remember this point, so that a failing rule can be undone alone.

        Returns:
            What `reset` needs.
        """
        return (
            self.order,
            dict(self.levels),
            len(self.moves),
            len(self.effects),
            len(self.audit),
            dict(self.armed),
            set(self.disarmed),
            deque(self.happened),
            deque(self.wanted),
        )

    def reset(self, mark: tuple[Any, ...]) -> None:
        """Go back to a remembered point.

        Args:
            mark: From `mark`.
        """
        self.order, self.levels = mark[0], mark[1]
        del self.moves[mark[2] :], self.effects[mark[3] :], self.audit[mark[4] :]
        self.armed, self.disarmed, self.happened, self.wanted = mark[5], mark[6], mark[7], mark[8]
