"""Batches of single-use codes as hosts draw, list and print them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from orderkit._commands.calls import ask
from orderkit.domain.codes import draw_codes, fold_batch_code
from orderkit.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit._pricing.program import Codes
    from orderkit._project import Project


class CouponRoom:
    """The codes of promotions that say `codes:`.

    Args:
        project: Says how many codes each promotion has and what they look like.
        run: Runs a command of the store in a transaction.
    """

    __slots__ = ("_project", "_run")

    def __init__(self, project: Project, run: Callable[..., Any]) -> None:
        """Belong to one kit."""
        self._project = project
        self._run = run

    def draw(self, promotion: str) -> list[str]:
        """Draw the codes that a promotion's batch still lacks; drawing again adds none.

        Args:
            promotion: Its key.

        Returns:
            The new codes as they are printed, from a source that nobody can guess.

        Raises:
            NotFound: There is no such promotion, or it has no batch.
            Refused: `length` is too short for so many codes (reason `limit`).
            Conflict: Another process drew the same code at the same time; draw again.
        """
        batch = self._batch(promotion)
        known = len(self.list(promotion))
        lacking = max(0, batch.count - known)
        try:
            made = draw_codes(batch.prefix, batch.length, lacking, secrets.choice)
        except ValueError as error:
            details = {"promotion": promotion, "measure": "codes", "count": lacking, "length": batch.length}
            raise Refused(
                "limit", details, f"promotion {promotion}: {error}; write a larger `length`"
            ) from None
        if made:
            folded = {fold_batch_code(code): code for code in made}
            self._run(lambda: ask("codes", "add", promotion, folded))
        return made

    def list(self, promotion: str) -> list[tuple[str, str]]:
        """List a promotion's codes.

        Args:
            promotion: Its key.

        Returns:
            Codes as printed, sorted, each with `free`, `reserved`, `committed` or `released`.

        Raises:
            NotFound: There is no such promotion, or it has no batch.
        """
        self._batch(promotion)
        codes: list[tuple[str, str]] = self._run(lambda: ask("codes", "of", promotion), write=False)
        return codes

    def _batch(self, promotion: str) -> Codes:
        found = self._project.pricing.named(promotion)
        if found is None or found.codes is None:
            message = f"there is no promotion {promotion!r} with `codes:`"
            raise NotFound(message)
        return found.codes
