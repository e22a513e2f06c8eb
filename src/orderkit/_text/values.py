"""From the text of one scalar to a typed value: exact, without guessing, with the place kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from unicodedata import normalize

from orderkit._diagnostics.span import NOWHERE, Span
from orderkit._text.nodes import ABSENT, ListNode, MapNode, Node, ScalarNode
from orderkit._text.offsets import Points, points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME_LENGTH: Final = 100
_QUOTES: Final = frozenset("'\"")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{1,18})?|\.[0-9]{1,18})").fullmatch
_CURRENCY: Final = re.compile(r"[A-Z]{3}").fullmatch
_ZHE: Final = re.compile(r"([1-9](?:[0-9]|\.[0-9])?)\s*折").fullmatch
_HUNDRED: Final = Decimal(100)


class Mistake(ValueError):  # noqa: N818 - data on its way to a diagnostic; no caller catches it by name
    """A value that cannot stand; raised inside definitions and turned into one diagnostic by `validate`.

    Args:
        code: Id from the closed table.
        span: Where the value stands; `NOWHERE` lets `validate` take the place of the validated node.
        suggestion: The one text to write instead.
        **params: Values for the message's holes.
    """

    def __init__(self, code: str, span: Span = NOWHERE, *, suggestion: str = "", **params: object) -> None:
        """Keep the parts of the later diagnostic."""
        super().__init__(code)
        self.code = code
        self.span = span
        self.suggestion = suggestion
        self.params: dict[str, Any] = {name: str(value) for name, value in params.items()}


class KeyText(str):
    """A mapping's key on its way through validation, so that a bad name is shown where it stands.

    Args:
        node: The key's node.
    """

    __slots__ = ("node",)
    node: ScalarNode

    def __new__(cls, node: ScalarNode) -> Self:
        """Carry the node with its text."""
        made = super().__new__(cls, node.text)
        made.node = node
        return made


@dataclass(frozen=True, slots=True)
class Source:
    """An expression or template not yet parsed, with the place of its first character.

    Args:
        text: The text, quotes and escapes resolved.
        span: The place of the text itself (inside the quotes) where text and file agree character by
            character, else of the whole scalar.
        style: How it was written: empty for plain, else the quote or block sign.
        node: The scalar it was read from, where its places have to be worked out.
    """

    text: str
    span: Span
    style: str = ""
    node: ScalarNode | None = field(default=None, compare=False, repr=False)

    @property
    def points(self) -> Points | None:
        """Give the place of every character where text and file differ; None where they cannot be told."""
        node = self.node
        if node is None or not node.raw:
            return None
        return points_of(node.raw, node.text, node.style, node.span.line, node.span.column)

    def at(self, start: int, end: int) -> Span:
        """Find the place of a part of the text, so that a mistake is shown at its column.

        Args:
            start: Code points from the start of the text.
            end: Code points from the start of the text, exclusive.

        Returns:
            The part's span, or the whole scalar's where text and file differ (several lines, escapes).
        """
        span = self.span
        if span.line == span.end_line and span.end_column - span.column == len(self.text):
            return span.part(start, end)
        return span


class MoneyText(NamedTuple):
    """Amounts as written, before the project's currency and its decimals are known.

    Args:
        amounts: Exact amount by currency code; the empty code means the project's currency.
        span: Where it stands.
    """

    amounts: Mapping[str, Decimal]
    span: Span


def scalar_of(value: object) -> ScalarNode:
    """Insist on one single value, so that the readers of this module only see text.

    Args:
        value: A node, or the key of a mapping under validation.

    Returns:
        The scalar.

    Raises:
        Mistake: It is a list, a mapping or nothing.
    """
    if isinstance(value, ScalarNode):
        if not value.style and value.text in ABSENT:
            raise Mistake("OK207", place_of(value))
        return value
    if isinstance(value, KeyText):
        return value.node
    if isinstance(value, str):
        return ScalarNode(value, NOWHERE, "'")
    if isinstance(value, MapNode | ListNode):
        raise Mistake("OK203", value.span, **kind_of(value))
    raise Mistake("OK207")


def place_of(node: Node) -> Span:
    """Choose the place to show for a node, so that a caret never points at nothing.

    Args:
        node: Any node.

    Returns:
        The key's span for a value that is not there, else the node's own.
    """
    if isinstance(node, ScalarNode) and not node.text and not node.style and node.key is not None:
        return node.key.span
    return node.span


def kind_of(node: Node) -> dict[str, Any]:
    """Word what a node is, for messages that say what was found.

    Args:
        node: Any node.

    Returns:
        The holes `found_en` and `found_zh`.
    """
    if isinstance(node, MapNode):
        return {"found_en": "a mapping (`key: value`)", "found_zh": "一组“键: 值”"}
    if isinstance(node, ListNode):
        return {"found_en": "a list", "found_zh": "一个列表"}
    return {"found_en": f"`{shorten(node.text)}`", "found_zh": f"“{shorten(node.text)}”"}


def shorten(text: str, most: int = 60) -> str:
    """Cut a long text for a message.

    Args:
        text: Any text.
        most: Code points to keep.

    Returns:
        One line of at most `most` code points.
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def text_of(value: object) -> str:
    """Read any text.

    Args:
        value: A scalar node.

    Returns:
        Its text, unchanged.
    """
    if value.__class__ is ScalarNode and value.text not in ABSENT:  # what most are
        return value.text
    return scalar_of(value).text


def name_of(value: object) -> str:
    """Read a name: any text of 1 to 100 characters, NFC, trimmed.

    Args:
        value: A scalar node or a mapping's key.

    Returns:
        The name as it is compared everywhere.

    Raises:
        Mistake: It is empty or too long.
    """
    node = scalar_of(value)
    name = (node.text if node.text.isascii() else normalize("NFC", node.text)).strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise Mistake("OK208", node.span, count=len(name), most=NAME_LENGTH)
    return name


def identifier_of(value: object) -> str:
    """Read a name that may stand in a path such as `order.total`.

    Args:
        value: A scalar node or a mapping's key.

    Returns:
        The name in NFKC, as expressions compare it.

    Raises:
        Mistake: It holds blanks or signs, begins with a digit, or is a word of the expression language.
    """
    name = normalize("NFKC", name_of(value))
    if not name.isidentifier():
        fitting = re.sub(r"\W+", "_", name).strip("_")
        suggestion = fitting if fitting.isidentifier() and not iskeyword(fitting) else ""
        raise Mistake("OK209", scalar_of(value).span, suggestion=suggestion, name=shorten(name))
    if iskeyword(name):
        raise Mistake("OK209", scalar_of(value).span, suggestion=f"{name}_", name=name)
    return name


def flag_of(value: object) -> bool:
    """Read yes or no.

    Args:
        value: A scalar node.

    Returns:
        Whether it says `true`.

    Raises:
        Mistake: It is neither `true` nor `false`.
    """
    node = scalar_of(value)
    if node.text == "true":
        return True
    if node.text == "false":
        return False
    meant = normalize("NFKC", node.text).strip().casefold()
    suggestion = "true" if meant in _YES else "false" if meant in _NO else ""
    raise Mistake("OK210", node.span, suggestion=suggestion, value=shorten(node.text))


def condition_of(value: object) -> bool | Source:
    """Read yes or no, or an expression that decides.

    Args:
        value: A scalar node.

    Returns:
        Whether it says `true`, or the expression.

    Raises:
        Mistake: It is another word for yes or no.
    """
    meant = normalize("NFKC", scalar_of(value).text).strip().casefold()
    return flag_of(value) if meant in _YES or meant in _NO else source_of(value)


_YES: Final = frozenset({"true", "yes", "y", "on", "1", "是", "对", "真", "开"})
_NO: Final = frozenset({"false", "no", "n", "off", "0", "否", "不", "假", "关"})


def whole_of(value: object) -> int:
    """Read a whole number of at most 18 digits.

    Args:
        value: A scalar node.

    Returns:
        The number.

    Raises:
        Mistake: It is no whole number.
    """
    node = scalar_of(value)
    if _WHOLE(node.text):
        return int(node.text)
    raise Mistake("OK211", node.span, suggestion=_plain(node.text, _WHOLE), value=shorten(node.text))


def number_of(value: object) -> Decimal:
    """Read a number exactly as written; `39.90` keeps its two decimals.

    Args:
        value: A scalar node.

    Returns:
        The number.

    Raises:
        Mistake: It is no number.
    """
    node = scalar_of(value)
    if _NUMBER(node.text):
        return Decimal(node.text)
    raise Mistake("OK212", node.span, suggestion=_plain(node.text, _NUMBER), value=shorten(node.text))


def percent_of(value: object) -> Decimal:
    """Read a percentage, with or without its sign.

    Args:
        value: A scalar node such as `20%` or `20`.

    Returns:
        The share: 0.2 for twenty per cent.

    Raises:
        Mistake: It is no percentage.
    """
    node = scalar_of(value)
    bare = node.text.removesuffix("%").rstrip()
    if _NUMBER(bare):
        return Decimal(bare) / _HUNDRED
    spoken = _ZHE(node.text.strip())
    if spoken:
        tenths = f"{spoken[1][0]}.{spoken[1][1]}" if spoken[1].isdigit() and len(spoken[1]) > 1 else spoken[1]
        raise Mistake("OK219", node.span, value=shorten(node.text), zhe=tenths)
    suggestion = _plain(node.text.strip().rstrip("%％"), _NUMBER)
    raise Mistake("OK213", node.span, suggestion=suggestion and f"{suggestion}%", value=shorten(node.text))


def amount_of(value: object) -> MoneyText:
    """Read money: `40`, `12.50 USD` or `{CNY: 40, USD: 6}`.

    Args:
        value: A scalar node or a mapping of currency to number.

    Returns:
        The exact amounts by currency.

    Raises:
        Mistake: It is no amount, or a currency is not three capital letters.
    """
    if value.__class__ is ScalarNode and _NUMBER(value.text):  # what most are
        return MoneyText({"": Decimal(value.text)}, value.span)
    if isinstance(value, MapNode) and value.entries:
        amounts: dict[str, Decimal] = {}
        for key, each in value.entries:
            if not _CURRENCY(key.text):
                raise Mistake("OK214", key.span, value=shorten(key.text))
            amounts[key.text] = number_of(each)
        return MoneyText(amounts, value.span)
    node = scalar_of(value)
    if _NUMBER(node.text):
        return MoneyText({"": Decimal(node.text)}, node.span)
    figure, _, currency = node.text.partition(" ")
    currency = currency.strip()
    if _NUMBER(figure) and (not currency or _CURRENCY(currency)):
        return MoneyText({currency: Decimal(figure)}, node.span)
    suggestion = _plain(node.text.strip("¥￥$€£元 "), _NUMBER)
    raise Mistake("OK214", node.span, suggestion=suggestion, value=shorten(node.text))


def source_of(value: object) -> Source:
    """Read an expression or a template without parsing it.

    Args:
        value: A scalar node.

    Returns:
        The text with the place of its first character.
    """
    node = scalar_of(value)
    span = node.span
    if (
        node.style in _QUOTES
        and span.line == span.end_line
        and span.end_column - span.column == len(node.text) + 2
    ):
        span = span.part(1, len(node.text) + 1)
    return Source(node.text, span, node.style, node if node.raw else None)


def _plain(text: str, fits: Callable[[str], object]) -> str:
    """Offer the number that was meant by full-width digits or separators of thousands."""
    offered = re.sub(r"[,_\s](?=[0-9]{3})", "", normalize("NFKC", text).strip())
    return offered if fits(offered) else ""
