"""An editor: the client of `pygls`, which speaks with `healthtopics lsp` over its standard streams."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

HEALTHTOPICS = Path(sys.executable).parent / "healthtopics"


def uri_of(document: Path | str) -> str:
    """Return the address of a document: of a file, or `untitled:…` as it is."""
    return document if isinstance(document, str) else document.as_uri()


class Editor:
    """What an editor knows: the texts that are open, and the last diagnostics that it got."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.versions: dict[str, int] = {}
        self._told: dict[str, types.PublishDiagnosticsParams] = {}
        self._news = asyncio.Condition()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]  # the library's
        async def take(told: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self._told[told.uri] = told
                self._news.notify_all()

    async def open(self, path: Path | str, text: str) -> Sequence[types.Diagnostic]:
        """Open a document with a text, whatever is on the disk; return its diagnostics."""
        uri = uri_of(path)
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, "po", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told(path)

    async def write(self, path: Path | str, text: str) -> Sequence[types.Diagnostic]:
        """Change an open document without saving it; return its diagnostics then."""
        self.send(path, text)
        return await self.told(path)

    def send(self, path: Path | str, text: str) -> None:
        """Change an open document without waiting."""
        uri = uri_of(path)
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(version=self.versions[uri], uri=uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    async def told(
        self, path: Path | str, until: Callable[[Sequence[types.Diagnostic]], bool] = lambda _: True
    ) -> Sequence[types.Diagnostic]:
        """Wait for the diagnostics of the newest text of a document."""
        uri = uri_of(path)
        async with self._news:
            while not ((told := self._told.get(uri)) and self._is_newest(told) and until(told.diagnostics)):
                await asyncio.wait_for(self._news.wait(), 60)
            return list(told.diagnostics)

    def _is_newest(self, told: types.PublishDiagnosticsParams) -> bool:
        return told.version == self.versions[told.uri]

    async def close(self, path: Path | str) -> Sequence[types.Diagnostic]:
        """Close a document; return its diagnostics then."""
        uri = uri_of(path)
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        async with self._news:
            while self._told[uri].version is not None:
                await asyncio.wait_for(self._news.wait(), 60)
            return list(self._told[uri].diagnostics)

    async def fixes(
        self, path: Path | str, diagnostics: Sequence[types.Diagnostic]
    ) -> Sequence[types.CodeAction]:
        """Return what the server offers to do about some diagnostics."""
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri_of(path)),
                diagnostics[0].range,
                types.CodeActionContext(diagnostics),
            )
        )
        return [each for each in found or [] if isinstance(each, types.CodeAction)]


@asynccontextmanager
async def editor(
    folder: Path, encodings: Sequence[types.PositionEncodingKind | str] = ()
) -> AsyncIterator[Editor]:
    """Start an editor in a folder; at the end the server ends with 0, and has not written an error."""
    client = LanguageClient("editor", "1")
    await client.start_io(str(HEALTHTOPICS), "lsp", cwd=folder)
    general = types.GeneralClientCapabilities(position_encodings=list(encodings) or None)
    await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(general=general), root_uri=folder.as_uri())
    )
    client.initialized(types.InitializedParams())
    yield Editor(client)
    await client.shutdown_async(None)
    client.exit(None)
    server = client._server
    assert server
    assert server.stderr
    assert await asyncio.wait_for(server.wait(), 60) == 0
    assert (await server.stderr.read()).decode() == ""
    await client.stop()  # type: ignore[no-untyped-call]  # the library's


def text_at(text: str, place: types.Range) -> str:
    """Return the part of a text that a range of UTF-16 units covers."""
    lines = [line.encode("utf-16-le") for line in text.splitlines(keepends=True)]
    start = sum(map(len, lines[: place.start.line])) + 2 * place.start.character
    end = sum(map(len, lines[: place.end.line])) + 2 * place.end.character
    return b"".join(lines)[start:end].decode("utf-16-le")
