"""The exceptions of orderkit.

OrderkitError
├── ConfigError      the YAML has mistakes: all of them, with positions
├── InvalidOrder     the data of an order is wrong: all of it, per field
├── Refused          a command that the flow, a guard, stock or a limit does not allow now
├── Conflict         the same key with other content, or a stale version
├── Busy             the store had no time for it; try later
├── NotFound         no such order, part, report or channel
└── StoreError       the database failed or does not fit this version
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._diagnostics import Diagnostic, Problem


class OrderkitError(Exception):
    """The root, so that a host can catch everything orderkit raises on purpose."""


class ConfigError(OrderkitError):
    """The project's text has mistakes; `load` raises it once, with every one of them.

    Args:
        diagnostics: All findings.
        sources: Text of each file, for drawing the caret.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str]) -> None:
        """Keep the findings and the texts they point into."""
        self.diagnostics = diagnostics
        self.sources = sources
        super().__init__("\n".join(str(one) for one in diagnostics))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what it was made of, for task queues and process pools."""
        return ConfigError, (self.diagnostics, self.sources)

    def render(self, *, lang: str = "en", color: bool = False) -> str:
        """Draw the findings with source lines and carets.

        Args:
            lang: `en` or `zh`.
            color: Whether to use terminal colors.

        Returns:
            Text of several lines.
        """
        from orderkit._diagnostics.render import render

        return render(self.diagnostics, self.sources, lang=lang, color=color)


class InvalidOrder(OrderkitError):  # noqa: N818 - named by api.md as what it is
    """The data given for an order is wrong; nothing was stored.

    Args:
        problems: What is wrong, per field.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems."""
        self.problems = problems
        super().__init__("; ".join(str(one) for one in problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what it was made of."""
        return InvalidOrder, (self.problems,)

    def render(self, *, lang: str = "en") -> str:
        """Word the problems.

        Args:
            lang: `en` or `zh`.

        Returns:
            One line for each field, with the code that `orderkit explain` takes and the rule that refused it.
        """
        return "\n".join(
            f"{f'{one.where(lang)}: ' if one.field not in ('', 'file') else ''}{one.text(lang)} [{one.code}]"
            f"{f'  {one.span}' if one.span.file else ''}"
            for one in self.problems
        )


class Refused(OrderkitError):  # noqa: N818 - named by api.md as what it is
    """A command that is not allowed now; it changed nothing and is in the history.

    Args:
        reason: `unknown_action`, `not_in_state`, `role`, `held`, `needs`, `guard`, `stock`, `limit`
            or `currency`.
        details: Plain data: what was read, who could do it, what is missing.
        message: One sentence for people.
    """

    def __init__(self, reason: str, details: Mapping[str, Any], message: str = "") -> None:
        """Keep the reason as data."""
        self.reason = reason
        self.details = dict(details)
        super().__init__(message or reason)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by what it was made of."""
        return Refused, (self.reason, self.details, str(self))


class Conflict(OrderkitError):  # noqa: N818
    """The same key came with other content, or the order changed meanwhile."""


class Busy(OrderkitError):  # noqa: N818
    """The store could not take the command in time; trying again later is safe."""


class NotFound(OrderkitError):  # noqa: N818
    """There is no such order, part, report, channel or file."""


class StoreError(OrderkitError):
    """The database failed, or was written by a version that this one cannot read."""
