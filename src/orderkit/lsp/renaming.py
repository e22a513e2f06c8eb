"""Another name for a state, a field, a role and the like, in every file at once, or the reason why not."""

from __future__ import annotations

from collections import Counter
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Collector, Severity
from orderkit._diagnostics.fix import Edit
from orderkit._fields.engine import LINE_FIELDS, ORDER_FIELDS
from orderkit._text import ListNode, MapNode, ScalarNode, read_text
from orderkit.lsp.locating import declared, everywhere, kind_of
from orderkit.lsp.positions import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orderkit._project.listening import Use
    from orderkit._project.loading import Inspection

_IDENTIFIERS: Final = ("field", "var", "column", "need", "part", "effect")
_SPECIAL: Final = "'\"\\{}"
_TOGETHER: Final = (frozenset({"stage", "promotion"}),)
"""Kinds whose names stand in the same places."""


class Refusal(Exception):  # noqa: N818 - a word for people; nothing is broken
    """A name cannot be changed as asked; its texts say why."""

    def __init__(self, en: str, zh: str) -> None:
        """Take the reason.

        Args:
            en: In English.
            zh: In Chinese.
        """
        super().__init__(en)
        self.zh = zh

    def text(self, lang: str) -> str:
        """Word the reason.

        Args:
            lang: `en` or `zh`.

        Returns:
            One sentence.
        """
        return self.zh if lang == "zh" else str(self)


def check_renamable(told: Inspection, name: Use | None) -> Use:
    """Say whether what stands at a place can get another name.

    Args:
        told: The inspected project.
        name: What stands there.

    Returns:
        The name.

    Raises:
        Refusal: It cannot.
    """
    if name is None or declared(told, name) is None:
        raise Refusal("nothing that this project declares stands here", "这里没有本项目声明的名字")
    if told.unread:
        file = min(told.unread)
        raise Refusal(
            f"{file} is no YAML at the moment: its uses of the name cannot be seen",
            f"{file} 目前不是合法的 YAML：看不到它在哪里用了这个名字",
        )
    if (name.kind, name.name) == ("flow", "order"):
        raise Refusal(
            "the flow of orders is called `order` in every project", "订单的流程在每个项目里都叫 `order`"
        )
    return name


def rename(
    told: Inspection,
    name: Use | None,
    new: str,
    text: Callable[[str], str],
    look: Callable[[Mapping[str, str]], Inspection],
) -> list[Edit]:
    """Give a name another spelling wherever it stands.

    The renamed project is checked before anything is changed: what it would break is the refusal's reason.

    Args:
        told: The inspected project.
        name: What stands at the cursor.
        new: The new name.
        text: Gives a file's text.
        look: Inspects the project with other texts.

    Returns:
        The edits by file.

    Raises:
        Refusal: The name is empty, taken or no name, or the project would break.
    """
    known = check_renamable(told, name)
    new = new.strip()
    if new == known.name:
        return []
    _fits(told, known, new)
    places = everywhere(told, known)
    texts = {file: text(file) for file in dict.fromkeys(one.span.file for one in places)}
    rows = {file: rows_of(content) for file, content in texts.items()}
    edits = [Edit(one.span, _spelt(one, new, rows[one.span.file][one.span.line - 1])) for one in places]
    after = look(apply(texts, edits))
    broken = _findings(after) - _findings(told)
    if broken:
        first = next(one for one in after.diagnostics if one.code in broken)
        place = f"{first.span.file}:{first.span.line}"
        raise Refusal(
            f"`{new}` would break {place}: {first.message}",
            f"改成“{new}”后 {place} 会出错：{first.text('zh')}",
        )
    return edits


def _fits(told: Inspection, known: Use, new: str) -> None:
    kind = known.kind.partition(":")[0]
    if not new:
        raise Refusal("a name needs at least one sign", "名字至少要有一个字符")
    if any(sign in _SPECIAL or not sign.isprintable() for sign in new):
        raise Refusal(
            "a name that expressions speak of has no quotes, braces, backslashes or line breaks",
            "表达式要用到的名字不能含引号、花括号、反斜杠或换行",
        )
    if kind in _IDENTIFIERS and (not new.isidentifier() or iskeyword(new)):
        raise Refusal(
            f"`{new}` is no identifier: letters, digits and _ only, no digit first",
            f"“{new}”不是标识符：只能用文字、数字和 _，且不能以数字开头",
        )
    kinds = next((one for one in _TOGETHER if known.kind in one), frozenset({known.kind}))
    taken = next((one for one in told.names if one.kind in kinds and one.name == new), None)
    if taken is not None:
        raise Refusal(
            f"{kind_of(taken.kind)} `{new}` is declared at {taken.span}",
            f"{kind_of(taken.kind, 'zh')}“{new}”已在 {taken.span} 声明",
        )
    _own(told, known, new)


def _own(told: Inspection, known: Use, new: str) -> None:
    """Leave the fields alone that orderkit brings itself."""
    standard = {"field": ("order", ORDER_FIELDS), "field:line": ("line", LINE_FIELDS)}.get(known.kind)
    if standard is None or told.vocabulary is None:
        return
    owner, names = standard
    if new in (*names, *getattr(told.vocabulary, owner).fields):
        raise Refusal(f"`{owner}.{new}` exists in every project", f"每个项目都有 `{owner}.{new}`")
    if known.name in names:
        raise Refusal(
            f"`{owner}.{known.name}` is a field of orderkit itself", f"`{owner}.{known.name}` 是自带的字段"
        )


def _spelt(place: Use, new: str, row: str) -> str:
    before, after = row[: place.span.column - 1], row[place.span.end_column - 1 :]
    quoted = before[-1:] in ("'", '"') and after[:1] == before[-1:]
    inside = before[-1:] == "." or after[:1] in (".", "-")
    if quoted or inside or plain(new):
        return new
    return f'"{new}"'


def plain(name: str) -> bool:
    """Tell whether a name may stand in a file without quotes, by what the reader makes of it.

    Args:
        name: The name.

    Returns:
        True where the reader reads the same name, as a key and as a member of a list.
    """
    found = Collector()
    listed = read_text(f"a: [{name}]\n".encode(), "-", found)
    keyed = read_text(f"{name}: 1\n".encode(), "-", found)
    inner = listed.get("a") if isinstance(listed, MapNode) else None
    if found.diagnostics or not isinstance(inner, ListNode) or not isinstance(keyed, MapNode):
        return False
    words = [*inner.items, *(key for key, _ in keyed.entries)]
    return [one.text for one in words if isinstance(one, ScalarNode) and not one.empty] == [name, name]


def _findings(told: Inspection) -> Counter[str]:
    return Counter(one.code for one in told.diagnostics if one.severity is not Severity.HINT)


def apply(texts: Mapping[str, str], edits: list[Edit]) -> dict[str, str]:
    """Change texts.

    Args:
        texts: Texts by file.
        edits: Stretches with what replaces them; they do not overlap.

    Returns:
        The changed texts.
    """
    made = {}
    for file, text in texts.items():
        rows = text.splitlines(keepends=True)
        own = [one for one in edits if one.span.file == file]
        for edit in sorted(own, key=lambda one: one.span, reverse=True):
            row = rows[edit.span.line - 1]
            rows[edit.span.line - 1] = (
                row[: edit.span.column - 1] + edit.text + row[edit.span.end_column - 1 :]
            )
        made[file] = "".join(rows)
    return made
