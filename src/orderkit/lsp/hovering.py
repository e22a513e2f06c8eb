"""What a word means: a key with its example, a name with its type and the place that declares it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from orderkit._expr.types import describe
from orderkit.lsp.completing import label_of
from orderkit.lsp.cursor import find
from orderkit.lsp.locating import declared, everywhere, kind_of, name_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderkit._project.listening import Use
    from orderkit._project.loading import Inspection
    from orderkit.lsp.shape import Key, Shape

_ENDS = " :,{}[]\t'\""


def hover(
    told: Inspection,
    shape: Shape,
    file: str,
    rows: Sequence[str],
    line: int,
    column: int,
    lang: str = "en",
) -> str | None:
    """Explain the word at a place.

    Args:
        told: The inspected project.
        shape: What keys exist.
        file: The file.
        rows: Its lines.
        line: Line from 0.
        column: Code points from its start.
        lang: `en` or `zh`.

    Returns:
        Markdown, or None where nothing is known.
    """
    name = name_at(told, file, line + 1, column + 1)
    if name is not None:
        return _name(told, name, lang)
    row = rows[line] if line < len(rows) else ""
    end = column
    while end < len(row) and row[end] not in _ENDS:
        end += 1
    cursor = find(rows, line, end)
    # Behind a key's last sign comes its colon: what is a word there is a key.
    if cursor.is_value or not row[end:].lstrip("'\"").lstrip().startswith(":"):
        return None
    key = shape.key((*cursor.path, cursor.prefix.strip()))
    return None if key is None else _key(key)


def _key(key: Key) -> str:
    said = [f"**{key.name}**{' (required)' if key.required else ''}: {key.told}"]
    if key.examples:
        said.append(f"```yaml\n{key.name}: {_example(key.examples[0])}\n```")
    return "\n\n".join(said)


def _example(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _name(told: Inspection, name: Use, lang: str) -> str:
    said = [f"**{name.name}**: {kind_of(name.kind, lang)}"]
    owner = {"field": "order", "field:line": "line"}.get(name.kind)
    if owner is not None and told.vocabulary is not None:
        kind = getattr(told.vocabulary, owner).fields.get(name.name)
        label = label_of(told.sections.named.get(f"fields.{owner}", {}).get(name.name))
        said[0] += f", {describe(kind, lang)}" if kind is not None else ""
        said[0] += f" ({label})" if label else ""
    if name.kind == "var" and told.vocabulary is not None:
        kind = told.vocabulary.variable_types.get(name.name)
        said[0] += f", {describe(kind, lang)}" if kind is not None else ""
    place = declared(told, name)
    if place is not None:
        uses = len(everywhere(told, name, declaration=False))
        where = f"`{place.span.file}:{place.span.line}`"
        zh = f"声明于 {where}，用到 {uses} 次"
        said.append(zh if lang == "zh" else f"declared at {where}, used {uses} times")
    return "\n\n".join(said)
