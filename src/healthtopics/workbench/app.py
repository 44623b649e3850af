"""The workbench in a browser, on this machine only: an ASGI application for a workspace's files.

/                                 how far all catalogues are translated
/{language}/{topic}               the topic, English and translation side by side
/{language}/{topic}/english       one side, /translation the other
/{language}/{name}/catalogue      the catalogue, line by line
/events                           sends the version of the files, at once and after every save
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from importlib import resources
from threading import Lock
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from healthtopics.errors import HealthTopicsError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, Files
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.workbench.pages import status_page
from healthtopics.workbench.preview import NoSuchPageError, bench_page, broken_page, catalogue_page, side_page
from healthtopics.workbench.proofs import Proof, Proofs
from healthtopics.workbench.status import LastRelease, status_of
from healthtopics.workbench.worklist import interface_sheet, vocabulary_sheet
from healthtopics.workers import Progress

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
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
    "focus.js": "text/javascript",
    "side.js": "text/javascript",
    "side.css": "text/css",
}

_SHARED: Final = {VOCABULARY: vocabulary_sheet, INTERFACE: interface_sheet}
"""The catalogues that all topics share."""

Changes = Callable[[], AsyncIterator[object]]
"""Yields whenever files of the workspace have changed."""


@dataclass(frozen=True, slots=True)
class _Version:
    """The state of the files between two saves."""

    number: int
    status: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """The first page, by the digest of the release that it is compared with, and the day."""


class Workbench:
    """An ASGI application. It reads the files again after every change, and writes nothing."""

    def __init__(
        self,
        read: Callable[[], Files],
        published: Callable[[], LastRelease | None],
        changes: Changes,
        *,
        today: Callable[[], str],
        maker: Maker,
        engine: Engine = PLAIN,
        working: Callable[[], AbstractContextManager[Progress]] = lambda: nullcontext(PLAIN.progress),
    ) -> None:
        """Take the last release from `published`; results for unchanged files come from the cache.

        `today` returns the day, ISO, which decides which topics are published.
        `working` is entered while a page is made, and returns a function that is called with the progress.
        """
        self._maker = maker
        self._engine = engine
        self._working = working
        self._one_at_a_time = Lock()
        self._proofs = Proofs(maker)
        self._read = read
        self._today = today
        self._published = published
        self._changes = changes
        self._now = _Version(0)
        self._changed = asyncio.Condition()
        self._is_closed = False
        self._app = Starlette(
            routes=[
                Route("/", self._status_page),
                Route("/favicon.ico", _no_icon),
                Route("/events", self._events),
                Route("/workbench/{name}", _static),
                Route("/{language}", self._home),
                Route("/{language}/{name}", self._preview_page),
                Route("/{language}/{name}/catalogue", self._catalogue_page),
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
            yield f"event: version\ndata: {sent}\n\n"

    async def _home(self, _request: Request) -> Response:
        return RedirectResponse("/")

    async def _status_page(self, _request: Request) -> Response:
        return await self._answer(self._status)

    async def _preview_page(self, request: Request) -> Response:
        language, name = _asked(request)
        return await self._answer(
            lambda now, engine: bench_page(self._prove(engine, language, name), version=now.number)
        )

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
                return HTMLResponse(broken_page(error, text(), version=now.number), 409, _HEADERS)
            return HTMLResponse(broken_page(error, b"", version=now.number), 409, _HEADERS)

    def _make(self, make: "Callable[[_Version, Engine], bytes]", now: "_Version") -> bytes:
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
            now.status[key] = status_page(status.sheets, status.release, today, version=now.number)
        return now.status[key]

    def _prove(self, engine: Engine, language: LanguageTag, name: str) -> Proof:
        """Return the proof of a topic; raises NoSuchPageError if there is no such topic or language."""
        files = self._read()
        if name not in files.topic_names() or language not in files.configuration.languages:
            raise NoSuchPageError
        return self._proofs.prove(files, language, name, self._published(), engine)

    def _catalogue(self, now: "_Version", engine: Engine, language: LanguageTag, name: str) -> bytes:
        files = self._read()
        if name in _SHARED and language in files.configuration.languages:
            overview = look_at(files, self._maker, engine, ())
            sheet = _SHARED[name](overview.sources, language)
        else:
            sheet = self._prove(engine, language, name).sheet
        return catalogue_page(self._text(language, name), sheet, version=now.number)

    def _text(self, language: LanguageTag, name: str) -> bytes:
        """Return the text of a catalogue; empty if there is none."""
        files = self._read()
        data = files.catalogue(language, name) if name in files.catalogue_names(language) else None
        return data or b""


def _asked(request: Request) -> tuple[LanguageTag, str]:
    return LanguageTag(request.path_params["language"]), request.path_params["name"]


def _no_icon(_request: Request) -> Response:
    return Response(status_code=404, headers=_HEADERS)


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response("Not found.", 404, _HEADERS)
    data = (resources.files(__package__) / "static" / name).read_bytes()
    return Response(data, headers=_HEADERS, media_type=_STATIC[name])
