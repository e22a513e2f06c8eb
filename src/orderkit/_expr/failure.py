"""The one way in which a checked expression can fail at run time."""

from __future__ import annotations

from enum import StrEnum

from orderkit._diagnostics import Problem, Span


class Reason(StrEnum):
    """Why there is no value; each word is the id of its message."""

    ABSENT = "OK590"
    DIVIDED_BY_ZERO = "OK591"
    TOO_LARGE = "OK592"
    TOO_LONG = "OK593"
    UNREADABLE = "OK594"
    UNFIT = "OK595"


class NotComputable(Exception):  # noqa: N818 - the language's own word for it, shown to analysts
    """An expression has no value for this order: a guard refuses, a rule does not run, a formula is none.

    Args:
        reason: Why.
        text: The sub-expression that has no value, as written.
        span: Where it stands.
        value: The value that stood in the way, as text; empty where it is absent.
    """

    def __init__(self, reason: Reason, text: str, span: Span, value: str = "") -> None:
        """Keep the cause as data."""
        super().__init__(reason, text, span, value)
        self.reason = reason
        self.text = text
        self.span = span
        self.value = value

    @property
    def problem(self) -> Problem:
        """Give the same as data, for refusals and audit entries."""
        return Problem(self.reason.value, self.text, self.value, {}, self.span)

    def __str__(self) -> str:
        """Give position, sentence and the code that `orderkit explain` takes."""
        return f"{self.span}: {self.problem.text()} [{self.reason.value}]"


class Failure(Exception):  # noqa: N818 - never leaves this package
    """A function's or operator's own failure, before it is known where in the text it happened.

    Args:
        reason: Why.
        value: The value that stood in the way, as text.
    """

    def __init__(self, reason: Reason, value: str = "") -> None:
        """Keep the cause as data."""
        super().__init__(reason, value)
        self.reason = reason
        self.value = value
