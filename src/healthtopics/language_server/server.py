"""The language server: open documents in, diagnostics and quick fixes out."""

import asyncio
import logging
import os
import re
import threading
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import quote

from lsprotocol import types
from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from healthtopics import __version__
from healthtopics.checks.table import installed_checks
from healthtopics.errors import HealthTopicsError
from healthtopics.language_server.positions import EntryText, Span, span_of
from healthtopics.problems import Level, Problem, one_line

_LEVELS: Final = {
    Level.ERROR: types.DiagnosticSeverity.Error,
    Level.WARNING: types.DiagnosticSeverity.Warning,
    Level.INFO: types.DiagnosticSeverity.Information,
}
_LINE_END: Final = re.compile("\r\n|\n|\r")
"""What ends a line in the protocol; not U+2028 or U+0085, at which Python's `splitlines` also breaks."""
_WATCHED: Final = "**/*.{po,json,toml,txt}"

_log: Final = logging.getLogger(__name__)


class JudgeTexts(Protocol):
    """Judges the texts of open documents."""

    def __call__(self, texts: Mapping[Path, bytes], /) -> Mapping[Path, Sequence[Problem]]:
        """Return the problems of each document; raises HealthTopicsError."""


class FollowFiles(Protocol):
    """Follows the files of the workspace around a folder."""

    def __call__(self, folder: Path, /) -> AsyncIterator[object]:
        """Yield whenever one has changed on disk; end at once if there is no workspace."""


class Lines:
    """The lines of a text as the protocol counts them, with columns in the units of the client."""

    def __init__(self, text: str, encoding: types.PositionEncodingKind) -> None:
        self._text = text
        self._encoding = encoding
        self._starts = [0, *(each.end() for each in _LINE_END.finditer(text))]

    def position(self, offset: int) -> types.Position:
        """Return the position of a character."""
        line = bisect_right(self._starts, offset) - 1
        return types.Position(line, self._units(self._text[self._starts[line] : offset]))

    def range(self, span: Span) -> types.Range:
        """Return the range of a part of the text."""
        return types.Range(self.position(span.start), self.position(span.end))

    def line_of(self, position: types.Position) -> int:
        """Return the line of a position, counted from 1, where only a line feed ends a line."""
        at = self._starts[min(position.line, len(self._starts) - 1)]
        return self._text.count("\n", 0, at) + 1

    def _units(self, text: str) -> int:
        if self._encoding == types.PositionEncodingKind.Utf16:
            return len(text) + sum(character > "\uffff" for character in text)
        if self._encoding == types.PositionEncodingKind.Utf8:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text)


def diagnostics_of(
    problems: Sequence[Problem], text: str, encoding: types.PositionEncodingKind
) -> list[types.Diagnostic]:
    """Return the problems of a document as editors show them."""
    lines = Lines(text, encoding)
    return [
        types.Diagnostic(
            range=lines.range(span_of(problem, text)),
            message="\n".join(filter(None, (one_line(problem.message), one_line(problem.hint)))),
            severity=_LEVELS[problem.level],
            code=problem.check,
            code_description=_described(problem.check),
            source="healthtopics",
        )
        for problem in problems
    ]


@cache
def _described(check: str) -> types.CodeDescription | None:
    """Return the place in docs/checks.md that describes a check."""
    try:
        urls = metadata("healthtopics").get_all("Project-URL") or ()
    except PackageNotFoundError:  # bundled without its metadata
        return None
    source = dict(each.split(", ", 1) for each in urls).get("Source")
    words = check.replace("-", "%2D")  # a dash has a meaning of its own there
    return types.CodeDescription(f"{source}/blob/main/docs/checks.md#:~:text={words}") if source else None


def dismissals(
    uri: str, text: str, asked: Sequence[types.Diagnostic], encoding: types.PositionEncodingKind
) -> Iterator[types.CodeAction]:
    """Yield for each finding of a translation that may be wrong how to dismiss it."""
    lines = Lines(text, encoding)
    for each in asked:
        row = installed_checks().by_name.get(str(each.code)) if each.source == "healthtopics" else None
        entry = EntryText.at(text, lines.line_of(each.range.start)) if row and row.is_dismissible else None
        if row and entry:
            span, comment = entry.with_dismissal(row.id)
            edit = types.TextEdit(lines.range(span), comment)
            yield types.CodeAction(
                title=f"Dismiss: add `# lint-ignore: {row.id}`",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[each],
                edit=types.WorkspaceEdit(changes={uri: [edit]}),
            )


@dataclass(slots=True)
class _Document:
    path: Path
    text: str
    version: int


class _Output(StdoutWriter):
    """Writes messages to a stream that stays open: what ends the program closes it."""

    def close(self) -> None:
        """Leave the stream open."""


class EditorServer(LanguageServer):
    """Publishes diagnostics of open documents after each change; what comes while it judges, together."""

    def __init__(self, judge: JudgeTexts, follow: FollowFiles) -> None:
        # The whole text after each change: the library's own lines also break at U+2028.
        super().__init__("healthtopics", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._judge = judge
        self._follow = follow
        self._following: dict[Path, asyncio.Task[None]] | None = None
        """What is followed, by folder; None if the editor reports what other programs save."""
        self._documents: dict[str, _Document] = {}
        self._changed = asyncio.Event()
        self.was_ended = False
        self.is_shut_down = False
        _add_features(self)

    def put(self, uri: str, text: str, version: int, language: str = "") -> None:
        """Take the text of a document."""
        known = self._documents.get(uri)
        path = known.path if known else _path_of(uri, language)
        if path is not None:
            self._documents[uri] = _Document(path, text, version)
            self._changed.set()
            if self._following is not None and path.parent not in self._following:
                self._following[path.parent] = asyncio.create_task(self._follow_folder(path.parent))

    def drop(self, uri: str) -> None:
        """Forget a document that was closed, and its diagnostics: others may depend on what is saved."""
        if self._documents.pop(uri, None):
            self._publish(uri, [])
            self._changed.set()

    def look_again(self) -> None:
        """Judge again: something was saved."""
        self._changed.set()

    async def _follow_folder(self, folder: Path) -> None:
        async for _change in self._follow(folder):
            self.look_again()

    def quick_fixes(self, uri: str, asked: Sequence[types.Diagnostic]) -> list[types.CodeAction]:
        """Return what can be done about some diagnostics."""
        document = self._documents.get(uri)
        return list(dismissals(uri, document.text, asked, self._encoding)) if document else []

    async def judge_changes(self) -> None:
        """Judge all open documents after every change, without end."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            documents = dict(self._documents)
            # A lone half of a surrogate pair is what no file can hold: the readers report it.
            texts = {each.path: each.text.encode("utf-8", "surrogatepass") for each in documents.values()}
            try:
                found = await asyncio.to_thread(self._judge, texts)
                for uri, each in documents.items():
                    if self._documents.get(uri) is each:
                        shown = diagnostics_of(found[each.path], each.text, self._encoding)
                        self._publish(uri, shown, each.version)
            except HealthTopicsError as error:
                self._log_in_editor(error.diagnostics())
            except Exception as error:  # noqa: BLE001 - a bug must not end the editor's server
                _log.exception("a document could not be judged")
                self._log_in_editor(f"This is a bug in healthtopics: {type(error).__name__}: {error}")

    async def watch(self) -> None:
        """Ask the editor to report what other programs save in the workspace, or follow it ourselves."""
        watched = self.client_capabilities.workspace and (
            self.client_capabilities.workspace.did_change_watched_files
        )
        if not (watched and watched.dynamic_registration):
            self._following = {}
            return
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
        registration = types.Registration(
            "watched", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, register_options=options
        )
        await self.client_register_capability_async(types.RegistrationParams([registration]))

    async def talk(self, read: Callable[[], bytes], out: BinaryIO) -> None:
        """Speak the protocol until the editor ends it; `read` waits for bytes, of which the end has none."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()

        def feed() -> None:
            while data := read():
                loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

        # The library's own reader waits in a thread that a signal could not end.
        threading.Thread(target=feed, daemon=True).start()
        self.protocol.set_writer(_Output(out))
        judging = asyncio.create_task(self.judge_changes())
        try:
            await run_async(threading.Event(), reader, self.protocol, _log, self.report_server_error)
        except (SystemExit, asyncio.IncompleteReadError):  # the notification `exit`; cut off in a message
            pass
        finally:
            tasks = [judging, *(self._following or {}).values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def _encoding(self) -> types.PositionEncodingKind:
        return types.PositionEncodingKind(self.workspace.position_encoding)

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def _log_in_editor(self, message: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))


def _path_of(uri: str, language: str) -> Path | None:
    """Return the path of a document; for one that was never saved, a name; None if it is not for us."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    if path is not None:
        return Path(os.path.normpath(path)) if path.endswith((".po", ".json", ".toml")) else None
    # One for each document, and in no folder: two that were never saved are not one text.
    return Path(os.devnull, quote(uri, safe=""), "untitled.po") if language in ("po", "gettext") else None


def _add_features(server: EditorServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        server.put(item.uri, item.text, item.version, item.language_id)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        text = server.workspace.get_text_document(params.text_document.uri).source
        server.put(params.text_document.uri, text, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.drop(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_params: types.DidSaveTextDocumentParams) -> None:
        server.look_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def saved_elsewhere(_params: types.DidChangeWatchedFilesParams) -> None:
        server.look_again()

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def fixes(params: types.CodeActionParams) -> list[types.CodeAction]:
        return server.quick_fixes(params.text_document.uri, params.context.diagnostics)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        await server.watch()

    @server.feature(types.SHUTDOWN)
    def shut_down(_params: None) -> None:
        server.is_shut_down = True

    @server.feature(types.EXIT)
    def exited(_params: None) -> None:
        server.was_ended = True
