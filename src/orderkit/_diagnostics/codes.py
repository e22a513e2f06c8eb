"""The closed table of codes: every message that orderkit can say, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATALOG: Final = (
    "reading",
    "slips",
    "shape",
    "values",
    "expressions",
    "expression_names",
    "references",
    "tables",
    "flows",
    "pricing",
    "figures",
    "rules",
    "reports",
    "channels",
    "cases",
)


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that can be wrong; codes are never used twice.

    Args:
        id: `OK` and three digits; the hundred names the area.
        severity: `error`, `warning` or `hint`.
        en: The sentence in English, with `{holes}`.
        zh: The same in Chinese.
        help_en: How to mend it; empty where the sentence says it.
        help_zh: The same in Chinese.
    """

    id: str
    severity: str
    en: str
    zh: str
    help_en: str = ""
    help_zh: str = ""

    def say(self, lang: str, params: Mapping[str, str]) -> str:
        """Fill the sentence's holes.

        Args:
            lang: `en` or `zh`.
            params: Values by name.

        Returns:
            What is wrong.
        """
        return _fill(self.zh if lang == "zh" else self.en, params)

    def advise(self, lang: str, params: Mapping[str, str]) -> str:
        """Fill the remedy's holes.

        Args:
            lang: `en` or `zh`.
            params: Values by name.

        Returns:
            How to mend it, or an empty text.
        """
        return _fill(self.help_zh if lang == "zh" else self.help_en, params)


def _fill(text: str, params: Mapping[str, str]) -> str:
    for name, value in params.items():
        text = text.replace("{" + name + "}", value)
    return text


@cache
def table() -> Mapping[str, Code]:
    """Gather the table from its areas; built at the first finding, not at import.

    Returns:
        Every code by its id.

    Raises:
        ValueError: Two areas use one id: a mistake in orderkit itself.
    """
    found: dict[str, Code] = {}
    for area in _CATALOG:
        for row in import_module(f"orderkit._diagnostics.catalog.{area}").CODES:
            if row.id in found:
                message = f"code {row.id} is used twice"
                raise ValueError(message)
            found[row.id] = row
    return found


def find(code: str) -> Code:
    """Look one code up.

    Args:
        code: Its id.

    Returns:
        Its row.
    """
    return table()[code]
