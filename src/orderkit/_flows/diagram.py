"""Draws a life cycle as text that Mermaid or Graphviz turns into a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.errors import NotFound

if TYPE_CHECKING:
    from orderkit._flows.program import FlowProgram


def draw(flow: FlowProgram, form: str) -> str:
    """Draw one life cycle.

    Args:
        flow: The compiled flow.
        form: `mermaid` or `dot`.

    Returns:
        The drawing's text.

    Raises:
        NotFound: There is no such form.
    """
    if form not in ("mermaid", "dot"):
        message = f"there is no diagram form {form!r}; forms: mermaid, dot"
        raise NotFound(message)
    names = {state: f"s{index}" for index, state in enumerate(flow.states)}
    arrows: dict[tuple[str, str], list[str]] = {}
    for rows in flow.rows.values():
        for row in rows:
            told = " and ".join(one.text for one in row.conditions)
            label = f"{row.label} [{told}]" if told else row.label
            for source in row.sources:
                arrows.setdefault((source, row.to or source), []).append(label)
    for state in flow.states.values():
        for timer in state.timers:
            for row in flow.rows.get(timer.fire, ()):
                if state.name in row.sources:
                    arrows[state.name, row.to or state.name].append("⏱")
    if form == "dot":
        return _dot(flow, names, arrows)
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{_plain(state)}" as {name}' for state, name in names.items()]
    lines.append(f"    [*] --> {names[flow.starts]}")
    for (source, target), labels in arrows.items():
        lines.append(f"    {names[source]} --> {names[target]} : {_plain(' / '.join(dict.fromkeys(labels)))}")
    lines += [f"    {names[state.name]} --> [*]" for state in flow.states.values() if state.end]
    return "\n".join(lines) + "\n"


def _dot(flow: FlowProgram, names: dict[str, str], arrows: dict[tuple[str, str], list[str]]) -> str:
    lines = ["digraph {", "  rankdir=LR", "  node [shape=box, style=rounded]"]
    for state, name in names.items():
        shape = ", peripheries=2" if flow.states[state].end else ""
        lines.append(f'  {name} [label="{_plain(state)}"{shape}]')
    for (source, target), labels in arrows.items():
        lines.append(
            f'  {names[source]} -> {names[target]} [label="{_plain(" / ".join(dict.fromkeys(labels)))}"]'
        )
    return "\n".join([*lines, "}"]) + "\n"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ").replace(":", "：").replace(";", "；")
