"""What a YAML file says, with the place of every word: text only, no guessed types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from orderkit._diagnostics.span import Span

ABSENT: Final = frozenset({"", "~", "null"})
"""What is written where nothing is meant."""


class ScalarNode(NamedTuple):
    """One word or text; `0123`, `no`, `12:30` and `39.90` stay text until a definition gives them a type.

    Args:
        text: The text without its quotes, escapes resolved.
        span: Where it stands, quotes included, anchor excluded.
        style: Empty for plain text, else the quote or block sign: `'`, `"`, `|` or `>`.
        key: The key it is the value of; none in a list or at the root.
        raw: As it stands in the file, where that differs from the text: several lines, escapes.
    """

    text: str
    span: Span
    style: str = ""
    key: ScalarNode | None = None
    raw: str = ""

    @property
    def source(self) -> str:
        """Give the scalar as it stands in the file, its quotes or block sign included."""
        quote = self.style if self.style in ("'", '"') else ""
        return self.raw or f"{quote}{self.text}{quote}"

    @property
    def empty(self) -> bool:
        """Say whether nothing is written here (no text, `~` or `null`): the value counts as absent."""
        return not self.style and self.text in ABSENT


class ListNode(NamedTuple):
    """A list in file order.

    Args:
        items: The members.
        span: From the first sign to the last.
        key: The key it is the value of; none in a list or at the root.
    """

    items: tuple[Node, ...]
    span: Span
    key: ScalarNode | None = None


class MapNode(NamedTuple):
    """Keys with their values in file order; keys are unique after NFKC and trimming.

    Args:
        entries: Pairs of key and value.
        span: From the first sign to the last.
        key: The key it is the value of; none in a list or at the root.
    """

    entries: tuple[tuple[ScalarNode, Node], ...]
    span: Span
    key: ScalarNode | None = None

    def get(self, name: str) -> Node | None:
        """Look one value up.

        Args:
            name: The key's text.

        Returns:
            Its node, or none where the key is not there.
        """
        for key, value in self.entries:
            if key.text == name:
                return value
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """Give the keys' texts in file order."""
        return tuple(key.text for key, _ in self.entries)


Node: TypeAlias = ScalarNode | ListNode | MapNode
"""Any part of a file."""
