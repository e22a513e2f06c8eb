"""The patterns of `match:`, on pydantic's engine, which takes time in step with the length of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SAID: Final = re.compile(r"^error: (.*)", re.MULTILINE)
_TOO_LARGE: Final = re.compile(r"size limit|maximum number of nested|decimal literal", re.IGNORECASE)
_LOOKS_AROUND: Final = re.compile(r"look-around|backreferences", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a whole text has to look like.

    Args:
        text: As written.
        holds: Tells whether a text looks like it, in time linear in the text's length.
    """

    text: str
    holds: Callable[[str], bool]


class BadPattern(Exception):  # noqa: N818 - a finding, not a fault
    """A text that is no pattern.

    Args:
        code: The finding.
        said: What the engine says of it, in English; empty where the code says it all.
    """

    def __init__(self, code: str, said: str = "") -> None:
        """Keep both."""
        self.code = code
        self.said = said
        super().__init__(code, said)


def compiled(text: str) -> Pattern:
    """Compile a pattern.

    The engine is the `regex` crate inside pydantic-core: finite automata without backtracking, so that
    no text can keep it busy, and no look-around and no back-references.

    Args:
        text: As written.

    Returns:
        The pattern.

    Raises:
        BadPattern: It is none, looks around, or is too large.
    """
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        # By itself first: `a)|(b` would become a pattern only through the brackets put around it.
        SchemaValidator(core_schema.str_schema(pattern=text, regex_engine="rust-regex"))
        whole = SchemaValidator(core_schema.str_schema(pattern=rf"\A(?:{text})\z", regex_engine="rust-regex"))
    except SchemaError as error:
        said = str(error)
        if _LOOKS_AROUND.search(said):
            raise BadPattern("OK439") from None
        if _TOO_LARGE.search(said):
            raise BadPattern("OK434") from None
        told = _SAID.search(said)
        raise BadPattern("OK433", told[1] if told else "") from None
    return Pattern(text, whole.isinstance_python)
