"""The outcome of one check, as the writers of the forms of output take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderkit._diagnostics.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Report:
    """All that one form of output may need of one check.

    Args:
        diagnostics: The findings.
        files: The files that were read, as the reader of the output names them.
        lang: `en` or `zh`.
        names: The name inside the project of each file whose shown name is another one.
    """

    diagnostics: Sequence[Diagnostic]
    files: Sequence[str] = ()
    lang: str = "en"
    names: Mapping[str, str] = field(default_factory=dict)
