"""The service: an ASGI adapter between a store and `delivery`. It compiles nothing and writes nothing.

An answer depends only on the release and a few fields of the request, so answers are cached: the hot path is
one look-up.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from healthtopics.delivery.index import Index
from healthtopics.delivery.message import FIELDS, Request, Response, Wording, problem
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.errors import HealthTopicsError, StorageError, UnusablePathError
from healthtopics.jsontext import parse
from healthtopics.release import (
    CURRENT,
    INDEX,
    Opened,
    Promise,
    Store,
    check_bytes,
    open_current,
    part_key,
    read_artifact,
    refuse,
    selection_in,
)
from healthtopics.validation.public import check_manifest, check_manifest_part, check_public

_CHECK_EVERY_S: Final = 1.0
"""The longest time in seconds that answers may be stale after a publication."""
_MOST_KEPT: Final = 64 * 2**20
"""The size of the cache of answers, in bytes."""

_FIELDS: Final = {name.encode(): name for name in FIELDS}

_UNREADABLE: Final = Wording(
    en="the store of the service cannot be read now.",
    es="el almacén del servicio no se puede leer en este momento.",
)
_DAMAGED: Final = Wording(
    en="a file of the release is damaged; the log of the service says which.",
    es="un archivo de la versión está dañado; el registro del servicio indica cuál.",
)

_log = logging.getLogger(__name__)


class Service:
    """An ASGI application. Every request is answered from one release, even while the next one arrives."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Serve the current release of a store; `clock` returns seconds and never goes back.

        If no release can be opened yet, the service starts anyway and answers 503 until there is one.
        """
        self._store = store
        self._clock = clock
        self._current = _Served(None)
        self._next_check = clock() + _CHECK_EVERY_S
        self._refresh()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(_request(scope))
            # A new list each time: middleware may add headers.
            headers = list(answer.headers)
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await send({"type": "websocket.close"})

    async def _answer(self, request: Request) -> "_Answer":
        if self._clock() >= self._next_check:
            # Set first: while one request checks, the others continue with the current release.
            self._next_check = self._clock() + _CHECK_EVERY_S
            await run_in_threadpool(self._refresh)
        served = self._current
        kept = served.answers.get(request)
        return await run_in_threadpool(self._compose, request, served) if kept is None else kept

    def _compose(self, request: Request, served: "_Served") -> "_Answer":
        try:
            response = respond(request, served.site)
        except (StorageError, UnusablePathError) as error:
            _log.error("%s", error)
            headers = (("Retry-After", "10"),)
            return self._encode(problem(503, _UNREADABLE, headers=headers))
        except HealthTopicsError as error:
            _log.error("%s", error)
            return self._encode(problem(500, _DAMAGED))
        answer = self._encode(response)
        if answer.status in (200, 304) and not response.is_private:
            served.answers.put(request, answer)
        return answer

    def _encode(self, response: Response) -> "_Answer":
        headers = tuple((name.lower().encode(), value.encode("latin-1")) for name, value in response.headers)
        body, part = response.body, response.part
        if part:
            body = self._store.read(part.key)[part.offset : part.offset + part.length]
        return _Answer(response.status, headers, body)

    def _refresh(self) -> None:
        """Open the current release if the pointer has changed; keep the old one if that fails."""
        try:
            pointer = self._store.read(CURRENT)
        except FileNotFoundError:
            _log.warning("there is no release to serve")
            return
        except (StorageError, UnusablePathError) as error:
            _log.error("%s", error)
            return
        try:
            if self._is_same(pointer):
                return
            release = open_current(self._store)
            self._check(release)
            # If the pointer was switched between the two reads, the next check finds it.
            if release.pointer == parse(pointer, CURRENT):
                index = Index.build(release, pointer, self._topics(release))
                self._current = _Served(Site(index, self._store))
        except (HealthTopicsError, FileNotFoundError, LookupError, TypeError) as error:
            _log.error("the current release cannot be opened: %s: %s", type(error).__name__, error)

    def _is_same(self, pointer: bytes) -> bool:
        """Return whether this release is served already, and the part of it that is here is the same."""
        site = self._current.site
        if site is None or pointer != site.index.pointer:
            return False
        index = site.index
        return selection_in(self._store, index.manifest.number) == index.release.selection

    def _topics(self, release: Opened) -> bytes:
        return read_artifact(self._store, INDEX, release.manifest.files[INDEX])

    def _check(self, release: Opened) -> None:
        """Raise ReleaseError for a release that answers cannot be made from, whatever program wrote it."""
        refuse(check_public("public/current.schema.json", release.pointer, CURRENT))
        refuse(check_manifest(parse(release.text, "manifest.json"), "manifest.json"))
        for key in map(part_key, release.parts.values()):
            refuse(check_manifest_part(parse(self._read(key), key), key))

    def _read(self, key: str) -> bytes:
        data = self._store.read(key)
        if key.startswith("objects/"):
            sha256 = key.rpartition("/")[2].partition(".")[0]
            check_bytes(key, data, Promise(sha256, len(data)))
        return data


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _request(scope: Scope) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name = _FIELDS.get(raw_name)
        if name is not None:
            value = raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(scope["method"], scope["path"], headers, scope["query_string"].decode("latin-1"))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response in the form that is sent to the server."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class _Answers:
    """The most recent answers, up to a number of bytes."""

    def __init__(self) -> None:
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, ...], _Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, request: Request) -> _Answer | None:
        key = _key(request)
        with self._lock:
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def put(self, request: Request, answer: _Answer) -> None:
        key = _key(request)
        with self._lock:
            if key in self._kept or _weight(key, answer) > _MOST_KEPT // 4:
                return
            self._kept[key] = answer
            self._bytes += _weight(key, answer)
            while self._bytes > _MOST_KEPT:
                self._bytes -= _weight(*self._kept.popitem(last=False))


def _key(request: Request) -> tuple[str, ...]:
    # An absent field differs from an empty one: If-None-Match, even empty, overrides If-Modified-Since.
    fields = (f"{name}:{value}" for name, value in sorted(request.headers.items()))
    return (request.method, request.path, request.query, *fields)


def _weight(key: tuple[str, ...], answer: _Answer) -> int:
    # Headers and the objects themselves take about two kilobytes.
    return sum(map(len, key)) + len(answer.body) + 2048


@dataclass(frozen=True, slots=True)
class _Served:
    """A release and the answers made from it, replaced together."""

    site: Site | None
    answers: _Answers = field(default_factory=_Answers)
