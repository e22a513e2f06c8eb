"""Answers in the protocol's own types: ranges, findings, proposals, edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lsprotocol import types as lsp

from orderkit._diagnostics import Severity
from orderkit.lsp.positions import Units, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from orderkit._diagnostics import Diagnostic, Span
    from orderkit._diagnostics.fix import Edit
    from orderkit.lsp.completing import Proposal
    from orderkit.lsp.outlining import Symbol
    from orderkit.lsp.workspace import OpenProject

SOURCE: Final = "orderkit"
_SEVERITIES: Final = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.HINT: lsp.DiagnosticSeverity.Hint,
}
_KINDS: Final = {
    "key": lsp.CompletionItemKind.Property,
    "name": lsp.CompletionItemKind.Reference,
    "word": lsp.CompletionItemKind.EnumMember,
    "field": lsp.CompletionItemKind.Field,
    "function": lsp.CompletionItemKind.Function,
}
_SYMBOLS: Final = {
    "section": lsp.SymbolKind.Namespace,
    "field": lsp.SymbolKind.Field,
    "column": lsp.SymbolKind.Field,
    "need": lsp.SymbolKind.Field,
    "state": lsp.SymbolKind.EnumMember,
    "action": lsp.SymbolKind.Method,
    "var": lsp.SymbolKind.Variable,
    "flow": lsp.SymbolKind.Class,
    "effect": lsp.SymbolKind.Function,
    "rule": lsp.SymbolKind.Event,
}


class Wording:
    """Words answers about one project."""

    def __init__(self, project: OpenProject, units: Units) -> None:
        """Take the project.

        Args:
            project: The project.
            units: What one column is.
        """
        self.project, self.units = project, units
        self._rows: dict[str, list[str]] = {}

    def rows(self, name: str) -> list[str]:
        """Give a file's lines.

        Args:
            name: The file.

        Returns:
            Its lines as the editor shows them.
        """
        if name not in self._rows:
            self._rows[name] = rows_of(self.project.text(name))
        return self._rows[name]

    def range(self, span: Span) -> lsp.Range:
        """Give a span as a range.

        Args:
            span: The span.

        Returns:
            The range.
        """
        line, column, last, end = self.units.range(span, self.rows(span.file))
        return lsp.Range(lsp.Position(line, column), lsp.Position(last, end))

    def uri(self, name: str) -> str:
        """Give a file's address.

        Args:
            name: The file.

        Returns:
            Its address.
        """
        path: Path = self.project.path_of(name)
        return path.as_uri()

    def location(self, span: Span) -> lsp.Location:
        """Give a span with its file's address.

        Args:
            span: The span.

        Returns:
            The location.
        """
        return lsp.Location(self.uri(span.file), self.range(span))

    def finding(self, one: Diagnostic, lang: str) -> lsp.Diagnostic:
        """Word a finding.

        Args:
            one: The finding.
            lang: `en` or `zh`.

        Returns:
            What the editor shows.
        """
        remedy = one.remedy(lang)
        said = one.text(lang) + (f"\n{remedy}" if remedy else "")
        return lsp.Diagnostic(
            range=self.range(one.span),
            message=said,
            severity=_SEVERITIES[one.severity],
            code=one.code,
            source=SOURCE,
            related_information=[
                lsp.DiagnosticRelatedInformation(self.location(other.span), other.label)
                for other in one.related
                if other.span.file
            ],
        )

    def proposal(self, one: Proposal, line: int, column: int, at: int, *, plain: bool) -> lsp.CompletionItem:
        """Word a proposal.

        Args:
            one: The proposal.
            line: Line of the cursor, from 0.
            column: Its column in units.
            at: Its column in code points.
            plain: Whether the label may stand without quotes.

        Returns:
            The item, which replaces the word before the cursor.
        """
        row = self._row_at(line)
        start = self.units.column(row, at - one.typed)
        label = one.label if plain else f'"{one.label}"'
        place = lsp.Range(lsp.Position(line, start), lsp.Position(line, column))
        return lsp.CompletionItem(
            label=one.label,
            kind=_KINDS[one.kind],
            detail=one.told or None,
            documentation=one.more or None,
            text_edit=lsp.TextEdit(place, f"{label}{one.tail}"),
        )

    current: str = ""
    """The file of the cursor, for proposals."""

    def _row_at(self, line: int) -> str:
        rows = self.rows(self.current)
        return rows[line] if line < len(rows) else ""

    def symbol(self, one: Symbol) -> lsp.DocumentSymbol:
        """Word an entry of the outline.

        Args:
            one: The entry.

        Returns:
            The symbol with those inside it.
        """
        kind = _SYMBOLS.get(one.kind.partition(":")[0], lsp.SymbolKind.Key)
        inner = [self.symbol(each) for each in one.inner]
        return lsp.DocumentSymbol(one.name, kind, self.range(one.span), self.range(one.word), children=inner)

    def changes(self, edits: Iterable[Edit]) -> lsp.WorkspaceEdit:
        """Gather edits by file.

        Args:
            edits: The edits.

        Returns:
            What the editor applies at once.
        """
        made: dict[str, list[lsp.TextEdit]] = {}
        for one in edits:
            made.setdefault(self.uri(one.span.file), []).append(lsp.TextEdit(self.range(one.span), one.text))
        return lsp.WorkspaceEdit(changes={uri: list(several) for uri, several in made.items()})
