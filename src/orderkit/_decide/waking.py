"""Runs and arms rules when something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._decide.moves import TooManySteps, env_of, grant, run_effects
from orderkit._expr.failure import NotComputable
from orderkit._rules.engine import holds
from orderkit.domain.events import SYSTEM, Timer
from orderkit.errors import Refused

if TYPE_CHECKING:
    from orderkit._effects.engine import Draft, Happening
    from orderkit._project import Project
    from orderkit._rules.engine import Rule


def wake(project: Project, draft: Draft, happening: Happening) -> None:
    """Run or arm the rules that wait for something that happened.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        happening: What happened.
    """
    part = draft.order.part(happening.part)
    of = part.kind if part else ""

    def env() -> dict[str, Any]:
        return env_of(draft, happening.needs, happening.part)[0]

    for rule in project.rules.wakes(happening.kind, happening.name, of, env):
        run_rule(project, draft, rule, happening.part, happening, due=False)
    if happening.kind == "enters":
        for rule in project.rules.wakes("state", happening.name, of, env):
            run_rule(project, draft, rule, happening.part, happening, due=False)


def run_rule(
    project: Project, draft: Draft, rule: Rule, part_id: str, happening: Happening, *, due: bool
) -> None:
    """Run one rule, or arm its timer; where it fails, what it did is undone and the history says why.

    Args:
        project: The project that decides.
        draft: The working copy; changed in place.
        rule: The rule.
        part_id: The part it is about, or an empty text.
        happening: What woke it.
        due: Whether its delay has passed.
    """
    env, part = env_of(draft, happening.needs, part_id)
    env["event"] = {
        "before": happening.before,
        "after": happening.after,
        "actor": env["actor"],
        "at": draft.now,
    }
    mark = draft.mark()
    try:
        if not holds(rule.still if due else rule.condition, env):
            if due:
                draft.note("rule_passed", rule.name, span=rule.span, part=part_id, actor=SYSTEM)
            return
        if not due and rule.delay is not None:
            place = part or draft.order
            epoch = place.epoch if rule.kind == "state" else draft.order.version
            key = rule.key(draft.order.id, part_id, epoch)
            at = rule.delay.after(draft.now, project.fields.zone)
            draft.armed.setdefault(key, Timer(key, draft.order.id, "rule", rule.name, epoch, at, part_id))
            return
        wanted = draft.wanted
        draft.wanted = type(wanted)()
        run_effects(draft, rule.do, happening.needs, part_id, rule.name)
        asked, draft.wanted = draft.wanted, wanted
        for one in asked:
            refusal = grant(project, draft, one)
            if refusal is not None:
                raise Refused(refusal.reason, refusal.details, refusal.message)  # noqa: TRY301 - undone below
    except TooManySteps:
        raise
    except (Refused, NotComputable) as failure:
        draft.reset(mark)
        reason = failure.reason if isinstance(failure, Refused) else "guard"
        draft.note(
            "rule_failed", rule.name, reason=str(reason), details={"why": str(failure)}, span=rule.span,
            part=part_id, actor=SYSTEM,
        )  # fmt: skip
    else:
        draft.note("rule", rule.name, span=rule.span, part=part_id, actor=SYSTEM)
