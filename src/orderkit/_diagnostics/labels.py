"""What a second place is called, in both languages; the closed list of labels that are words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ZH: Final[Mapping[str, str]] = {
    "also here": "这里也是",
    "declared here": "在这里声明",
    "first declared here": "第一次声明在这里",
    "first used here": "第一次用在这里",
    "first written here": "第一次写在这里",
    "the other tier": "另一档",
    "the tier below": "下面的一档",
}


def label(text: str, lang: str) -> str:
    """Word a label in the reader's language; a label that is source text stays as it is.

    Args:
        text: The label in English, or a piece of source.
        lang: `en` or `zh`.

    Returns:
        The label.
    """
    return _ZH.get(text, text) if lang == "zh" else text
