"""Gathers the findings of all stages of a load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderkit._diagnostics.diagnostic import Diagnostic, Related, Severity
from orderkit._diagnostics.grouping import group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orderkit._diagnostics.span import Span


class Collector:
    """Gathers the findings of all stages, so that one run names every mistake of every file."""

    __slots__ = ("_found",)

    listens = False
    """Whether `used` keeps what it hears, so that nobody works out a place in vain."""

    def __init__(self) -> None:
        """Begin with no findings."""
        self._found: list[Diagnostic] = []

    def fresh(self) -> Collector:
        """Begin anew for one member of a section; who listens goes on listening.

        Returns:
            A collector without findings.
        """
        return Collector()

    def used(self, kind: str, name: str, span: Span, lead: str = "") -> None:
        """Hear that a name is used; editors listen with a collector of their own.

        Args:
            kind: Such as `role`, or `state:order`.
            name: The name.
            span: Where it is used.
            lead: What stands before it, where the span is not exactly the name's.
        """

    def add(
        self,
        code: str,
        span: Span,
        *,
        related: Iterable[Related] = (),
        suggestion: str = "",
        **params: Any,
    ) -> None:
        """Note one finding and go on.

        Args:
            code: Id from the closed table.
            span: Where it is.
            related: Other places it speaks of.
            suggestion: The one text to write instead.
            **params: Values for the message's holes.
        """
        texts = {name: str(value) for name, value in params.items()}
        self._found.append(Diagnostic(code, span, texts, tuple(related), suggestion))

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Take over the findings of another stage.

        Args:
            found: What it found.
        """
        self._found.extend(found)

    @property
    def failed(self) -> bool:
        """Say whether any finding is an error."""
        return any(one.severity is Severity.ERROR for one in self._found)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Give all findings by file, line and column, each root cause once."""
        return group(self._found)
