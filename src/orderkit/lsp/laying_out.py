"""The one layout of `orderkit fmt` as edits of lines, so that an editor keeps its cursor."""

from __future__ import annotations

from difflib import SequenceMatcher

from orderkit._diagnostics import Span
from orderkit._diagnostics.fix import Edit
from orderkit._text.formatting import format_text
from orderkit.lsp.positions import rows_of


class Unchanged(Exception):  # noqa: N818 - what happens to the file
    """Why a file stays as it is."""


def lay_out(text: str, name: str) -> list[Edit]:
    """Give the lines that change.

    Args:
        text: What the editor holds.
        name: The file's name.

    Returns:
        Edits of whole lines, in order.

    Raises:
        Unchanged: Its YAML has mistakes, or it cannot be laid out without a change of meaning.
    """
    made = format_text(text.encode("utf-8", "replace"), name)
    if made.text is None:
        raise Unchanged(made.kept or str(made.found[0]))
    rows = rows_of(text)
    before, after = _ended(rows), _ended(made.text.split("\n"))
    edits = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            # The last line may have no end that the edit could begin the next line with.
            stop = (last + 1, 1) if last < len(rows) else (len(rows), len(rows[-1]) + 1)
            edits.append(Edit(Span(name, first + 1, 1, *stop), "".join(after[start:end])))
    return edits


def _ended(rows: list[str]) -> list[str]:
    return [*(f"{row}\n" for row in rows[:-1]), *([rows[-1]] if rows[-1] else [])]
