"""The service: an ASGI adapter between a store and `delivery`. It compiles nothing and writes nothing."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from healthtopics.delivery import Index, Request, Response, problem, respond
from healthtopics.errors import HealthTopicsError, StorageError
from healthtopics.jsontext import parse
from healthtopics.release import CURRENT, Opened, Store, check_bytes, open_current, read_artifact

_TOPICS: Final = "topics.json"
_CHECK_EVERY_S: Final = 1.0
"""How stale the answers may be after a publication."""
_CACHE_BYTES: Final = 64 * 2**20

_log = logging.getLogger(__name__)


def create_app(store: Store, *, clock: Callable[[], float] = time.monotonic) -> "Service":
    """Return the ASGI application that serves the current release of a store.

    `clock` counts seconds and never goes back. Where no release can be opened yet, the service starts
    all the same and answers 503 until there is one.
    """
    return Service(store, clock)


class Service:
    """An ASGI application. Every request is answered from one release, also while the next one arrives."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._cache = _Cache(_CACHE_BYTES)
        self._index: Index | None = None
        self._next_check = clock() + _CHECK_EVERY_S
        self._refresh()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            response = await self._answer(_request(scope))
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers]
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            await send({"type": "http.response.body", "body": response.body})
        else:
            await send({"type": "websocket.close"})

    async def _answer(self, request: Request) -> Response:
        if self._clock() >= self._next_check:
            # Set first: while one request looks, the others go on with the release at hand.
            self._next_check = self._clock() + _CHECK_EVERY_S
            await run_in_threadpool(self._refresh)
        index = self._index
        try:
            try:
                return respond(request, index, self._cache.read)
            except _NotCachedError:
                return await run_in_threadpool(respond, request, index, self._read)
        except StorageError as error:
            _log.error("%s", error)
            headers = (("Retry-After", "10"),)
            return problem(503, "the store of the service cannot be read now.", headers=headers)
        except HealthTopicsError as error:
            _log.error("%s", error)
            return problem(500, "the stored file is damaged. The operator of the service can see which one.")

    def _refresh(self) -> None:
        """Open the current release where the pointer has changed; keep the one at hand where that fails."""
        try:
            pointer = self._store.read(CURRENT)
        except FileNotFoundError:
            _log.warning("there is no release to serve")
            return
        except StorageError as error:
            _log.error("%s", error)
            return
        if self._index is not None and pointer == self._index.pointer:
            return
        try:
            release = open_current(self._store)
            # Where the pointer was switched between the two reads, the next check finds it.
            if release.pointer == parse(pointer, CURRENT):
                self._index = Index.build(release, pointer, self._topics(release))
        except (HealthTopicsError, FileNotFoundError, LookupError, TypeError) as error:
            _log.error("the current release cannot be opened: %s: %s", type(error).__name__, error)

    def _topics(self, release: Opened) -> bytes:
        return read_artifact(self._store, _TOPICS, release.manifest.files[_TOPICS])

    def _read(self, key: str) -> bytes:
        data = self._store.read(key)
        if key.startswith("objects/"):
            sha256 = key.rpartition("/")[2].partition(".")[0]
            check_bytes(key, data, sha256=sha256, length=len(data))
        self._cache.put(key, data)
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
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(scope["method"], scope["path"], headers)


class _NotCachedError(Exception):
    """The bytes have to be read from the store, which may block."""


class _Cache:
    """What was read lately. Everything in it is immutable, so nothing ever goes stale."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._items: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, key: str) -> bytes:
        with self._lock:
            try:
                self._items.move_to_end(key)
            except KeyError:
                raise _NotCachedError from None
            return self._items[key]

    def put(self, key: str, data: bytes) -> None:
        with self._lock:
            if key in self._items or len(data) > self._most_bytes // 4:
                return
            self._items[key] = data
            self._bytes += len(data)
            while self._bytes > self._most_bytes:
                _, oldest = self._items.popitem(last=False)
                self._bytes -= len(oldest)
