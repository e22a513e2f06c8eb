"""The thin layer that speaks: messages of the protocol in, answers of the pure functions out."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from orderkit.lsp.completing import complete
from orderkit.lsp.hovering import hover
from orderkit.lsp.laying_out import Unchanged, lay_out
from orderkit.lsp.locating import declared, everywhere, name_at
from orderkit.lsp.mending import fix_of
from orderkit.lsp.outlining import outline
from orderkit.lsp.positions import Units
from orderkit.lsp.renaming import Refusal, check_renamable, rename
from orderkit.lsp.session import Session, path_of
from orderkit.lsp.wording import Wording

if TYPE_CHECKING:
    from orderkit.lsp.workspace import OpenProject

_PAUSE: Final = 0.2
"""Seconds without typing after which the project is checked."""


class OrderkitServer(LanguageServer):
    """A language server with its session."""

    def __init__(self) -> None:
        """Begin without projects."""
        super().__init__("orderkit", version("orderkit"))
        self.session = Session()
        self._waiting: dict[int, asyncio.TimerHandle] = {}

    def soon(self, project: OpenProject | None) -> None:
        """Check a project as soon as nobody types.

        Args:
            project: The project, if any is concerned.
        """
        if project is None:
            return
        waiting = self._waiting.pop(id(project), None)
        if waiting is not None:
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[id(project)] = loop.call_later(_PAUSE, self._publish, project)

    def _publish(self, project: OpenProject) -> None:
        say = Wording(project, self.session.units)
        found: dict[str, list[lsp.Diagnostic]] = {}
        lang = "en"
        try:
            told = project.inspect()
            lang = self.session.lang_of(told)
        except FileNotFoundError:
            told = None  # the project has gone: what was said of it goes too
        for name in project.buffers:
            found[say.uri(name)] = []
        for one in told.diagnostics if told is not None else ():
            # A finding about the project as a whole stands at the start of its first file.
            shown = say.uri(one.file or "orderkit.yaml")
            found.setdefault(shown, []).append(say.finding(one, lang))
        before = self.session.told.get(project.root, set())
        for uri in before - found.keys():
            found[uri] = []
        self.session.told[project.root] = {uri for uri, several in found.items() if several}
        for uri, several in found.items():
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, several))


def serve() -> None:
    """Answer one editor over standard input and output until it leaves."""
    make_server().start_io()


def make_server() -> OrderkitServer:
    """Make a server with all it answers.

    Returns:
        The server, not started.
    """
    server = OrderkitServer()
    _listen(server)
    _answer_places(server)
    _answer_renames(server)
    _answer_files(server)
    _answer_layout(server)
    return server


def _listen(server: OrderkitServer) -> None:
    session = server.session

    @server.feature(lsp.INITIALIZE)
    def begin(ls: OrderkitServer, params: lsp.InitializeParams) -> None:
        folders = [path_of(one.uri) for one in params.workspace_folders or ()]
        folders.append(path_of(params.root_uri) if params.root_uri else None)
        session.folders = [one for one in folders if one is not None]
        session.units = Units(str(getattr(ls.workspace.position_encoding, "value", "utf-16")))

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: OrderkitServer, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.soon(session.write(params.text_document.uri, params.text_document.text))

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: OrderkitServer, params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        ls.soon(session.write(uri, ls.workspace.get_text_document(uri).source))

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: OrderkitServer, params: lsp.DidCloseTextDocumentParams) -> None:
        ls.soon(session.close(params.text_document.uri))

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: OrderkitServer, params: lsp.DidSaveTextDocumentParams) -> None:
        _touched(ls, [params.text_document.uri])

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(ls: OrderkitServer, params: lsp.DidChangeWatchedFilesParams) -> None:
        _touched(ls, [one.uri for one in params.changes])


def _touched(server: OrderkitServer, uris: list[str]) -> None:
    files = [path_of(uri) for uri in uris]
    for root, project in server.session.projects.items():
        if any(file is not None and (file == root or root in file.parents) for file in files):
            project.touch()
            server.soon(project)


def _answer_places(server: OrderkitServer) -> None:
    session = server.session

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> lsp.Location | None:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            return None
        told = asked.project.inspect()
        name = name_at(told, asked.name, asked.line + 1, asked.column + 1)
        place = None if name is None else declared(told, name)
        return None if place is None else asked.say.location(place.span)

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            return []
        told = asked.project.inspect()
        name = name_at(told, asked.name, asked.line + 1, asked.column + 1)
        if name is None:
            return []
        found = everywhere(told, name, declaration=params.context.include_declaration)
        return [asked.say.location(one.span) for one in found]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            return None
        rows, told = asked.say.rows(asked.name), asked.project.inspect()
        said = hover(told, session.shape, asked.name, rows, asked.line, asked.column, session.lang_of(told))
        return None if said is None else lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said))

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", " ", "'", '"', "[", "{"])
    )
    def completed(params: lsp.CompletionParams) -> lsp.CompletionList:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            return lsp.CompletionList(is_incomplete=False, items=[])
        rows = asked.say.rows(asked.name)
        found = complete(asked.project.inspect(), session.shape, rows, asked.line, asked.column)
        items = [
            asked.say.proposal(
                one, params.position.line, params.position.character, asked.column, plain=one.fits
            )
            for one in found
        ]
        return lsp.CompletionList(is_incomplete=False, items=items)


def _answer_renames(server: OrderkitServer) -> None:
    session = server.session

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            raise JsonRpcInvalidParams("this file belongs to no project")
        told = asked.project.inspect()
        try:
            name = check_renamable(told, name_at(told, asked.name, asked.line + 1, asked.column + 1))
        except Refusal as refusal:
            raise JsonRpcInvalidParams(refusal.text(session.lang_of(told))) from refusal
        return lsp.PrepareRenamePlaceholder(asked.say.range(name.span), name.name)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def renamed(params: lsp.RenameParams) -> lsp.WorkspaceEdit:
        asked = session.asked(params.text_document.uri, params.position)
        if asked is None:
            raise JsonRpcInvalidParams("this file belongs to no project")
        project = asked.project
        told = project.inspect()
        name = name_at(told, asked.name, asked.line + 1, asked.column + 1)

        try:
            edits = rename(told, name, params.new_name, project.text, project.look_with)
        except Refusal as refusal:
            raise JsonRpcInvalidParams(refusal.text(session.lang_of(told))) from refusal
        return asked.say.changes(edits)


def _answer_files(server: OrderkitServer) -> None:
    session = server.session

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        asked = session.asked(params.text_document.uri)
        if asked is None:
            return []
        found = outline(asked.project.inspect(), asked.name, asked.project.text(asked.name))
        return [asked.say.symbol(one) for one in found]

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        asked = session.asked(params.text_document.uri)
        if asked is None:
            return []
        made = []
        rows = asked.say.rows(asked.name)
        told = asked.project.inspect()
        for one in told.diagnostics:
            if one.file != asked.name or not 0 < one.line <= len(rows):
                continue
            shown = asked.say.finding(one, session.lang_of(told))
            mended = fix_of(one, rows[one.line - 1], session.lang_of(told))
            if mended is None or not _meet(shown.range, params.range):
                continue
            title, edits = mended
            made.append(
                lsp.CodeAction(
                    title,
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=[shown],
                    edit=asked.say.changes(edits),
                    is_preferred=True,
                )
            )
        return made


def _answer_layout(server: OrderkitServer) -> None:
    session = server.session

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def laid_out(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        asked = session.asked(params.text_document.uri)
        if asked is None:
            return None
        try:
            changes = lay_out(asked.project.text(asked.name), asked.name)
        except Unchanged as reason:
            raise JsonRpcInvalidParams(str(reason)) from reason
        return [lsp.TextEdit(asked.say.range(one.span), one.text) for one in changes]


def _meet(one: lsp.Range, other: lsp.Range) -> bool:
    first, last = (one.start.line, one.start.character), (one.end.line, one.end.character)
    start, end = (other.start.line, other.start.character), (other.end.line, other.end.character)
    return first <= end and start <= last
