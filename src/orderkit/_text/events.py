"""The YAML parsers behind one face: PyYAML's C parser, or ruamel.yaml where it is absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_BARE: Final = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)
"""What ruamel.yaml lets escape on hostile text instead of its own error."""


@dataclass(frozen=True, slots=True)
class Events:
    """One parser at the start of one text; its events carry marks counted from 0 in code points.

    Args:
        next: Gives the next event and fails with one of `errors`.
        errors: The exceptions that mean "this is no YAML".
        kinds: The parser's module of event classes.
    """

    next: Callable[[], Any]
    errors: tuple[type[Exception], ...]
    kinds: Any


def c_events(text: str) -> Events | None:
    """Open the fast parser.

    Args:
        text: A whole file.

    Returns:
        Its events, or none where PyYAML was built without its C part.
    """
    import yaml

    if not yaml.__with_libyaml__:
        return None
    return Events(yaml.CSafeLoader(text).get_event, (yaml.YAMLError,), yaml)


def pure_events(text: str) -> Events:
    """Open the parser that needs no compiled part; about thirty times slower.

    Args:
        text: A whole file.

    Returns:
        Its events.
    """
    from ruamel.yaml import YAML, events
    from ruamel.yaml.error import YAMLError

    _, parser = YAML(typ="safe", pure=True).get_constructor_parser(text)
    return Events(parser.get_event, (YAMLError, *_BARE), events)
