"""A collector that keeps every name a project uses, for editors: nobody else pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orderkit._diagnostics import Collector

if TYPE_CHECKING:
    from orderkit._diagnostics import Span
    from orderkit._project.files import Sections
    from orderkit._vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A place that speaks of a name.

    Args:
        kind: The kind it is declared under, such as `role` or `state:order`.
        name: The name.
        span: Where it is used; exactly the name once the uses are resolved.
        lead: What stands before it, while the span holds more than the name.
    """

    kind: str
    name: str
    span: Span
    lead: str = ""


class Listener(Collector):
    """Keeps names beside findings while a project is compiled."""

    __slots__ = ("heard", "sections", "vocabulary")

    listens = True

    def __init__(self) -> None:
        """Begin with nothing heard."""
        super().__init__()
        self.heard: list[Use] = []
        self.sections: Sections | None = None
        self.vocabulary: Vocabulary | None = None

    def fresh(self) -> Listener:
        """Begin anew for one member of a section.

        Returns:
            A collector without findings that goes on with the same names.
        """
        made = Listener()
        made.heard = self.heard
        return made

    def used(self, kind: str, name: str, span: Span, lead: str = "") -> None:
        """Keep a name that is used.

        Args:
            kind: Such as `role`, or `state:order`.
            name: The name.
            span: Where it is used.
            lead: What stands before it, where the span is not exactly the name's.
        """
        self.heard.append(Use(kind, name, span, lead))
