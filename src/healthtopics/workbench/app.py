"""The workbench in a browser, on this machine only: an ASGI application for a workspace's files.

/                                 how far all catalogues are translated
/{language}/{topic}               the topic, English and translation side by side
/{language}/{topic}/english       one side, /translation the other
/{language}/{name}/catalogue      the catalogue, line by line
/{language}/{name}/messages/{id}  one message with what helps to translate it, as JSON
/workbench/concordance            how a phrase was translated, as JSON
/workbench/judge                  POST: what the checks find in a text that is not saved
/workbench/compare                POST: what differs between two texts, word by word
/workbench/change                 POST: changes one entry of a catalogue (`editing`)
/events                           sends the version of the files, at once and after every save
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import resources
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from healthtopics import jsontext
from healthtopics.catalogue import Key
from healthtopics.catalogues.editing import EditableEntry, entries_in
from healthtopics.catalogues.memory import Memory, Remembered
from healthtopics.errors import DataError, HealthTopicsError, TryAgainError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, WORDS, Files, catalogue_path
from healthtopics.publishing.latest import LastRelease
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.workbench.catalogues import remembered_in, words_template
from healthtopics.workbench.desk import Desk, concordance, judge_of, parts_of
from healthtopics.workbench.editing import (
    UnexpectedRequestError,
    read_judge_request,
    read_request,
    read_texts,
    save,
)
from healthtopics.workbench.pages import status_page
from healthtopics.workbench.preview import NoSuchPageError, bench_page, broken_page, catalogue_page, side_page
from healthtopics.workbench.proofs import Proof, Proofs
from healthtopics.workbench.status import status_of
from healthtopics.workbench.worklist import interface_sheet, vocabulary_sheet
from healthtopics.workers import Progress

_T = TypeVar("_T")

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; "
    "connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'self'; form-action 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_STATIC: Final = {
    "bench.js": "text/javascript",
    "edit.js": "text/javascript",
    "focus.js": "text/javascript",
    "list.js": "text/javascript",
    "side.js": "text/javascript",
    "side.css": "text/css",
    "status.js": "text/javascript",
    "text.js": "text/javascript",
}

_SHARED: Final = {VOCABULARY: vocabulary_sheet, INTERFACE: interface_sheet}
"""The catalogues that all topics share."""

Changes = Callable[[], AsyncIterator[object]]
"""Yields whenever files of the workspace have changed."""

Write = Callable[[str, Callable[[bytes], bytes]], bytes]
"""Changes a file by a function, which is called again if another program changes the file meanwhile."""


@dataclass(frozen=True, slots=True)
class Disk:
    """How the workbench reads, follows and writes the files of a workspace."""

    read: Callable[[], Files]
    changes: Changes
    write: Write
    workspace: str = ""
    """Tells it from another one that is shown at the same address later, such as a copy."""


_MOST_BYTES: Final = 1_000_000
"""Of what a page sends."""


class Known(NamedTuple):
    """All translations into one language."""

    translations: list[Remembered]
    memory: Memory


@dataclass(frozen=True, slots=True)
class _Version:
    """The state of the files between two saves."""

    number: int
    status: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """The first page, by the digest of the release that it is compared with, and the day."""
    known: dict[LanguageTag, Known] = field(default_factory=dict)


class Workbench:
    """An ASGI application. It reads the files again after every change; it writes what its own pages send."""

    def __init__(
        self,
        disk: Disk,
        published: Callable[[], LastRelease | None],
        *,
        now: Callable[[], datetime],
        today: Callable[[], str],
        maker: Maker,
        engine: Engine = PLAIN,
        working: Callable[[], AbstractContextManager[Progress]] = lambda: nullcontext(PLAIN.progress),
        by: str = "",
    ) -> None:
        """Take the last release from `published`; results for unchanged files come from the cache.

        `now` dates what is written.
        `today` returns the day, ISO, which decides which topics are published.
        `by` is the name of who works here, until they write another one into the page.
        `working` is entered while a page is made, and returns a function that is called with the progress.
        """
        self._maker = maker
        self._engine = engine
        self._working = working
        self._by = by
        self._one_at_a_time = Lock()
        self._proofs = Proofs(maker)
        self._read = disk.read
        self._write = disk.write
        self._clock = now
        self._today = today
        self._workspace = disk.workspace
        self._token = secrets.token_urlsafe(24)
        """Known to the pages of this server alone: what another page sends is refused."""
        self._published = published
        self._changes = disk.changes
        self._now = _Version(0)
        self._changed = asyncio.Condition()
        self._is_closed = False
        self._app = Starlette(
            routes=[
                Route("/", self._status_page),
                Route("/favicon.ico", _no_icon),
                Route("/events", self._events),
                Route("/workbench/change", self._change, methods=["POST"]),
                Route("/workbench/judge", self._judge, methods=["POST"]),
                Route("/workbench/compare", self._compare, methods=["POST"]),
                Route("/workbench/concordance", self._concordance),
                Route("/workbench/{name}", _static),
                Route("/{language}", self._home),
                Route("/{language}/{name}", self._preview_page),
                Route("/{language}/{name}/catalogue", self._catalogue_page),
                Route("/{language}/{name}/messages/{id}", self._message),
                Route("/{language}/{name}/{side}", self._side_page),
            ],
            # A page elsewhere must not read drafts through a host name that resolves to this machine.
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1"])],
            lifespan=self._live,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        await self._app(scope, receive, send)

    async def close(self) -> None:
        """Close the connections of pages that follow the files, which never end by themselves."""
        async with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @asynccontextmanager
    async def _live(self, _app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._follow())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def _follow(self) -> None:
        """Count the versions of the files until there are no more changes."""
        async for _change in self._changes():
            async with self._changed:
                self._now = _Version(self._now.number + 1)
                self._changed.notify_all()

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._versions(), media_type="text/event-stream", headers=_HEADERS)

    async def _versions(self) -> AsyncIterator[str]:
        sent: int | None = None
        while True:
            async with self._changed:
                while self._now.number == sent and not self._is_closed:
                    await self._changed.wait()
                sent = self._now.number
            if self._is_closed:
                return
            yield f"event: version\ndata: {self._label(sent)}\n\n"

    def _label(self, number: int) -> str:
        """Return the name of a version; another server's differ, so that its pages are asked for again."""
        return f"{jsontext.digest(self._token.encode())[:8]}.{number}"

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse("/")

    async def _status_page(self, _request: Request) -> Response:
        return await self._answer(self._status)

    async def _preview_page(self, request: Request) -> Response:
        language, name = _asked(request)
        return await self._answer(lambda now, engine: self._bench(now, engine, language, name))

    async def _side_page(self, request: Request) -> Response:
        language, name = _asked(request)
        side = request.path_params["side"]
        if side not in ("english", "translation"):
            return HTMLResponse("Not found.", 404, _HEADERS)
        shown = SOURCE if side == "english" else language
        return await self._answer(lambda _now, engine: side_page(self._prove(engine, language, name), shown))

    async def _catalogue_page(self, request: Request) -> Response:
        language, name = _asked(request)
        return await self._answer(
            lambda now, engine: self._catalogue(now, engine, language, name),
            lambda: self._text(language, name),
        )

    async def _answer(
        self, make: "Callable[[_Version, Engine], bytes]", text: Callable[[], bytes] = bytes
    ) -> Response:
        """Make a page; if the files do not allow it, one with the error above the text of a catalogue."""
        # Taken before a file is read: a page made while files are saved has an old number, and asks again.
        now = self._now
        try:
            return HTMLResponse(await run_in_threadpool(self._make, make, now), headers=_HEADERS)
        except NoSuchPageError:
            return HTMLResponse("Not found.", 404, _HEADERS)
        except HealthTopicsError as error:
            # Half-saved files of every kind; the page follows them, and returns when they are corrected.
            with suppress(HealthTopicsError):
                return HTMLResponse(
                    broken_page(error, text(), version=self._label(now.number)), 409, _HEADERS
                )
            return HTMLResponse(broken_page(error, b"", version=self._label(now.number)), 409, _HEADERS)

    def _make(self, make: "Callable[[_Version, Engine], _T]", now: "_Version") -> _T:
        """Make a page; concurrent requests wait for each other, and the next one uses the cached results."""
        with self._one_at_a_time, self._working() as progress:
            return make(now, replace(self._engine, progress=progress))

    def _status(self, now: "_Version", engine: Engine) -> bytes:
        release = self._published()
        today = self._today()
        key = (release.sha256 if release else "", today)
        if key not in now.status:
            files = self._read()
            languages = [each for each in files.configuration.languages if each != SOURCE]
            status = status_of(files, release, languages, None, maker=self._maker, engine=engine)
            version = self._label(now.number)
            now.status[key] = status_page(status.sheets, status.release, today, version=version)
        return now.status[key]

    def _prove(self, engine: Engine, language: LanguageTag, name: str) -> Proof:
        """Return the proof of a topic; raises NoSuchPageError if there is no such topic or language."""
        files = self._read()
        if name not in files.topic_names() or language not in files.configuration.languages:
            raise NoSuchPageError
        return self._proofs.prove(files, language, name, self._published(), engine)

    def _desk(self, engine: Engine, language: LanguageTag, name: str) -> Desk:
        """Return the desk of a catalogue; raises NoSuchPageError if there is none."""
        files = self._read()
        if name not in _SHARED or language not in files.configuration.languages:
            return self._prove(engine, language, name).desk
        overview = look_at(files, self._maker, engine, ())
        sheet = _SHARED[name](overview.sources, language)
        template = words_template(overview.sources, language, name)
        judge = judge_of(overview.sources, None, language)
        return Desk.of(sheet, template, judge, overview.sources.glossaries.get(language))

    def _bench(self, now: "_Version", engine: Engine, language: LanguageTag, name: str) -> bytes:
        is_words = name in _SHARED
        proof = None if is_words else self._prove(engine, language, name)
        desk = proof.desk if proof else self._desk(engine, language, name)
        return bench_page(
            desk,
            has_translation=proof is not None and language in proof.editions,
            version=self._label(now.number),
            workspace=self._workspace,
            token=self._token,
            by=self._by,
        )

    def _catalogue(self, now: "_Version", engine: Engine, language: LanguageTag, name: str) -> bytes:
        desk = self._desk(engine, language, name)
        return catalogue_page(self._text(language, name), desk.sheet, version=self._label(now.number))

    def _in_file(self, language: LanguageTag, name: str) -> dict[Key, EditableEntry]:
        """Return the entries of a catalogue as they are in the file now."""
        text = self._text(language, name)
        found = entries_in(text, catalogue_path(language, name)) if text else ()
        return {entry.key: entry for entry in reversed(found)}  # of two with one key the first counts

    def _known(self, now: "_Version", engine: Engine, language: LanguageTag) -> Known:
        """Return all translations into a language, from the files of one version."""
        if language not in now.known:
            files = self._read()
            texts = {
                catalogue_path(language, name): data
                for name in (*WORDS, *files.catalogue_names(language))
                if (data := files.catalogue(language, name) or files.shipped(language, name)) is not None
            }
            found = list(remembered_in(texts, language, self._maker.judging, engine.cache))
            now.known[language] = Known(found, Memory(found))
        return now.known[language]

    # ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _message(self, request: Request) -> Response:
        language, name = _asked(request)
        id_ = request.path_params["id"]
        return await self._json(request, lambda now, engine: self._detail(now, engine, language, name, id_))

    def _detail(
        self, now: "_Version", engine: Engine, language: LanguageTag, name: str, id_: str
    ) -> dict[str, Any]:
        desk = self._desk(engine, language, name)
        entry = desk.entries.get(id_)
        if entry is None:
            raise NoSuchPageError
        live = self._in_file(language, name).get(entry.key)
        return desk.detail(entry, live, self._known(now, engine, language).memory)

    async def _concordance(self, request: Request) -> Response:
        language = LanguageTag(request.query_params.get("language", ""))
        phrase = request.query_params.get("phrase", "")

        def find(now: "_Version", engine: Engine) -> dict[str, Any]:
            if language not in self._read().configuration.languages:
                raise NoSuchPageError
            return {"found": concordance(self._known(now, engine, language).translations, phrase)}

        return await self._json(request, find)

    async def _judge(self, request: Request) -> Response:
        asked = await self._sent(request, read_judge_request)
        if isinstance(asked, Response):
            return asked

        def judge(_now: "_Version", engine: Engine) -> dict[str, Any]:
            desk = self._desk(engine, asked.language, asked.catalogue)
            return {"findings": desk.findings(Key(*asked.key), asked.text, frozenset(asked.dismissed))}

        return await self._json(request, judge)

    async def _compare(self, request: Request) -> Response:
        asked = await self._sent(request, read_texts)
        if isinstance(asked, Response):
            return asked
        return await self._json(request, lambda _now, _engine: {"parts": parts_of(asked.old, asked.new)})

    async def _change(self, request: Request) -> Response:
        asked = await self._sent(request, read_request)
        if isinstance(asked, Response):
            return asked
        try:
            path = self._path(asked.language, asked.catalogue)
            policy = self._read().configuration.languages[asked.language]
            is_reviewed = policy.review == "required"
            saved = await run_in_threadpool(
                save, asked, path, self._clock(), self._write, is_reviewed=is_reviewed
            )
        except UnexpectedRequestError as error:
            return _refusal(400, str(error))
        except NoSuchPageError:
            return _refusal(404, "There is no such catalogue.")
        except DataError as error:
            return _refusal(409, error)
        except TryAgainError as error:
            return _refusal(503, str(error))
        return JSONResponse(saved.to_dict(), headers=_HEADERS)

    def _path(self, language: LanguageTag, name: str) -> str:
        """Return the path of a catalogue that there is; raises NoSuchPageError."""
        files = self._read()
        languages = [each for each in files.configuration.languages if each != SOURCE]
        if language not in languages or name not in files.catalogue_names(language):
            raise NoSuchPageError
        return catalogue_path(language, name)

    async def _sent(self, request: Request, read: Callable[[bytes], _T]) -> _T | Response:
        """Return what one of our own pages has sent, or the refusal of what anything else has.

        A page elsewhere can send to this machine, but it knows no token, and browsers name its origin.
        """
        headers = request.headers
        if headers.get("origin") != f"http://{headers.get('host')}":
            return _refusal(403, "Only pages of this server can change something.")
        if self._is_of_other_workspace(request):
            return _refusal(409, _OTHER_WORKSPACE, "other-workspace")
        if not secrets.compare_digest(headers.get("x-workbench-token", "").encode(), self._token.encode()):
            return _refusal(403, "The preview was started again since this page was loaded.")
        data = b""
        async for chunk in request.stream():
            data += chunk
            if len(data) > _MOST_BYTES:
                return _refusal(413, "That is too long.")
        try:
            return read(data)
        except UnexpectedRequestError as error:
            return _refusal(400, str(error))

    def _is_of_other_workspace(self, request: Request) -> bool:
        """Return whether the page that asks is of another workspace, shown at this address before."""
        own = self._workspace
        return request.headers.get("x-workbench-workspace", own if request.method == "GET" else "") != own

    async def _json(self, request: Request, make: "Callable[[_Version, Engine], dict[str, Any]]") -> Response:
        if self._is_of_other_workspace(request):
            return _refusal(409, _OTHER_WORKSPACE, "other-workspace")
        now = self._now
        try:
            return JSONResponse(await run_in_threadpool(self._make, make, now), headers=_HEADERS)
        except NoSuchPageError:
            return _refusal(404, "Not found.")
        except DataError as error:
            return _refusal(409, error)
        except HealthTopicsError as error:
            return _refusal(409, str(error))

    def _text(self, language: LanguageTag, name: str) -> bytes:
        """Return the text of a catalogue; empty if there is none."""
        files = self._read()
        data = files.catalogue(language, name) if name in files.catalogue_names(language) else None
        return data or b""


_OTHER_WORKSPACE: Final = (
    "The preview at this address shows another workspace now. Nothing was written; your text is kept in this "
    "browser, and shown again when the preview of its workspace runs."
)


def _asked(request: Request) -> tuple[LanguageTag, str]:
    return LanguageTag(request.path_params["language"]), request.path_params["name"]


def _no_icon(_request: Request) -> Response:
    return Response(status_code=404, headers=_HEADERS)


def _refusal(status: int, error: str | DataError, *checks: str) -> Response:
    """Return an error as JSON: the ids of the problems, and a sentence."""
    if isinstance(error, DataError):
        checks = tuple(each.check for each in error.problems)
    said = error
    if isinstance(error, DataError):
        said = " ".join(f"{each.message} {each.hint}".strip() for each in error.problems[:3])
    return JSONResponse({"error": said, "checks": checks}, status, _HEADERS)


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response("Not found.", 404, _HEADERS)
    data = (resources.files(__package__) / "static" / name).read_bytes()
    return Response(data, headers=_HEADERS, media_type=_STATIC[name])
