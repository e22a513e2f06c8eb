"""Applies the certain fixes of a project's findings until none is left, and never makes a text worse."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from orderkit._diagnostics import Severity
from orderkit._diagnostics.fix import Edit, Fix, apply, overlap
from orderkit._project.loading import check_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orderkit._diagnostics import Diagnostic
    from orderkit._project.files import Files

_ROUNDS: Final = 10
_HIDING: Final = (("OK1", "OK322"), ("OK2",), ("OK5",), ("OK3",))
"""Codes in the order of the stages: text and sections, shape, the writing of expressions, names."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A project's texts with its certain fixes applied; nothing is written to disk.

    Args:
        files: The texts.
        applied: The findings that were mended, in the order in which that was done; each stands where it
            stood in the text of its round.
        left: What is still found.
    """

    files: Files
    applied: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]

    def changed(self, before: Files) -> Mapping[str, bytes]:
        """Name the files whose text is another one now.

        Args:
            before: The texts as they were.

        Returns:
            New bytes by name.
        """
        return {name: data for name, data in self.files.texts.items() if data != before.texts[name]}


def mend(files: Files, env: str = "") -> Mended:
    """Apply every safe fix that leaves fewer mistakes than before, in at most ten rounds.

    Args:
        files: The project's texts.
        env: Name of an overlay, or an empty text.

    Returns:
        The new texts, what was mended and what is left.
    """
    found = check_files(files, env)
    applied: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        chosen = _apart(one for one in found if one.fix is not None and one.fix.safe)
        step = _step(files, env, found, chosen)
        if step is None:
            break
        files, found, done = step
        applied += done
    return Mended(files, tuple(applied), found)


def _step(
    files: Files, env: str, found: tuple[Diagnostic, ...], chosen: Sequence[Diagnostic]
) -> tuple[Files, tuple[Diagnostic, ...], Sequence[Diagnostic]] | None:
    """Try all fixes together; where that does not help, those of one finding after the other."""
    for several in (chosen, *([one] for one in chosen if len(chosen) > 1)):
        made = _written(files, several) if several else None
        if made is None:
            continue
        left = check_files(made, env)
        if _weight(left) < _weight(found):
            return made, left, several
    return None


def _weight(found: Iterable[Diagnostic]) -> tuple[int, ...]:
    """Weigh findings: the earlier a stage stumbles, the more it hides; what comes to light is not new."""
    counts = [0] * (len(_HIDING) + 2)
    for one in found:
        places = len(one.places)
        counts[-1] += places
        if one.severity is Severity.ERROR:
            counts[-2] += places
            stage = next((at for at, begins in enumerate(_HIDING) if one.code.startswith(begins)), None)
            if stage is not None:
                counts[stage] += places
    return tuple(counts)


def _apart(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Choose fixes that do not touch each other; the others wait for the next round."""
    taken: list[Edit] = []
    chosen: list[Diagnostic] = []
    for one in found:
        edits = one.fix.edits if one.fix is not None else ()
        if not any(overlap(edit, other) for edit in edits for other in taken):
            taken += edits
            chosen.append(one)
    return chosen


def _written(files: Files, found: Iterable[Diagnostic]) -> Files | None:
    by_file: dict[str, list[Edit]] = {}
    for fix in (one.fix for one in found):
        for edit in fix.edits if isinstance(fix, Fix) else ():
            by_file.setdefault(edit.span.file, []).append(edit)
    texts = dict(files.texts)
    for name, edits in by_file.items():
        data = texts[name]
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        try:
            text = data[len(mark) :].decode("utf-8")
        except UnicodeDecodeError:
            return None
        texts[name] = mark + apply(text, edits).encode("utf-8")
    return replace(files, texts=texts)
