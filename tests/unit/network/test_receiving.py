"""Objects that are too long for memory arrive part by part, from a server on loopback."""

import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import msgspec
import pytest
import stamina

from healthtopics.errors import IntegrityError, NetworkError, ReleaseError
from healthtopics.network import receiving
from healthtopics.network.fetching import TIMEOUT, Fetcher
from healthtopics.network.pull import pull
from healthtopics.network.receiving import Completed, Receiver
from healthtopics.publishing.indexing import FileParts
from healthtopics.release import (
    TOPICS_SQLITE,
    Artifact,
    Manifest,
    Promise,
    object_key,
    open_current,
    verify,
)
from healthtopics.storage.local import LocalStore
from support.releases import MemoryStore, publish

LENGTH = 48 * 2**20
HALF = LENGTH // 2


class Host:
    """A static host that can break off, at a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.breaks: list[int] = []
        """After how many bytes the next answers end."""
        self.knows_ranges = True
        self.status = 200
        self.headers: dict[str, str] = {}
        """What answers have besides."""
        self.ranges: list[str] = []
        """Those of the requests; empty where there was none."""
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range", "")
        self.ranges.append(asked)
        path = self.folder / request.path.lstrip("/")
        if not path.exists():
            request.send_error(404)
            return
        start = int(asked[len("bytes=") : -1]) if asked and self.knows_ranges else 0
        length = path.stat().st_size - start
        request.send_response(206 if start else self.status)
        for name, value in {"Content-Length": str(length), **self.headers}.items():
            request.send_header(name, value)
        request.end_headers()
        left = self.breaks.pop(0) if self.breaks else length
        # A client that refuses an answer closes the connection.
        with path.open("rb") as file, suppress(ConnectionError):
            file.seek(start)
            while part := file.read(min(left, 65536)):
                request.wfile.write(part)
                left -= len(part)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path / "host")
    thread = Thread(target=host.server.serve_forever, args=(0.01,))
    with ExitStack() as stack:
        stack.callback(thread.join)
        stack.callback(host.server.server_close)
        stack.callback(host.server.shutdown)
        thread.start()
        yield host


@pytest.fixture
def here(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "here")


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def index(host: Host) -> Promise:
    """An index of the host that is mostly zeros, which take no room on the disk."""
    path = host.folder / "index"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(LENGTH)
        file.seek(HALF)
        file.write(b"middle")
    promise = Promise.of_parts(FileParts(path))
    place = host.folder / object_key(TOPICS_SQLITE, promise.sha256)
    place.parent.mkdir(parents=True)
    path.rename(place)
    return promise


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    store = MemoryStore()
    publish(store)
    return open_current(store).manifest


def receive(host: Host, here: LocalStore, manifest: Manifest, index: Promise) -> Completed:
    artifact = Artifact(
        sha256=index.sha256, length=index.length, media_type="", format="index", inputs="0" * 64
    )
    with httpx.Client(timeout=TIMEOUT) as client, Fetcher(client, host.url) as fetcher:
        receiver = Receiver(fetcher, here, verify=False, progress=lambda _done, _total: None)
        return receiver.complete(msgspec.structs.replace(manifest, files={TOPICS_SQLITE: artifact}), None)


def holds(here: LocalStore, index: Promise) -> bool:
    return Promise.of_parts(here.parts(object_key(TOPICS_SQLITE, index.sha256))) == index


def test_a_long_object_is_never_in_memory(
    host: Host, here: LocalStore, manifest: Manifest, index: Promise
) -> None:
    tracemalloc.start()
    try:
        assert receive(host, here, manifest, index) == Completed(fetched=1, reused=0, bytes=LENGTH)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < LENGTH / 8
    assert holds(here, index)
    assert receive(host, here, manifest, index) == Completed(fetched=0, reused=1, bytes=0)


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_what_broke_off_goes_on_where_it_ended(
    host: Host, here: LocalStore, manifest: Manifest, index: Promise, *, knows_ranges: bool
) -> None:
    host.breaks, host.knows_ranges = [0, HALF + 3, 2 * HALF - 1000], knows_ranges
    assert receive(host, here, manifest, index).fetched == 1
    assert holds(here, index)
    asked = [int(each[len("bytes=") : -1]) for each in host.ranges if each]
    assert asked == sorted(asked)
    assert asked[0] > 0
    assert len(host.ranges) >= 3


def test_a_damaged_one_is_replaced(host: Host, here: LocalStore, manifest: Manifest, index: Promise) -> None:
    key = object_key(TOPICS_SQLITE, index.sha256)
    here.stage(key, (b"damaged",))
    assert receive(host, here, manifest, index).fetched == 1
    assert holds(here, index)


@pytest.mark.parametrize("damage", ["other", "longer", "shorter"])
def test_other_bytes_do_not_stay(
    host: Host, here: LocalStore, manifest: Manifest, index: Promise, damage: str
) -> None:
    key = object_key(TOPICS_SQLITE, index.sha256)
    with (host.folder / key).open("r+b") as file:
        file.truncate({"other": LENGTH, "longer": LENGTH + 1, "shorter": LENGTH - 1}[damage])
        file.write(b"other")
    with pytest.raises(IntegrityError, match=index.sha256):
        receive(host, here, manifest, index)
    assert list(here.keys("")) == []


def test_a_missing_one_is_reported(host: Host, here: LocalStore, manifest: Manifest, index: Promise) -> None:
    (host.folder / object_key(TOPICS_SQLITE, index.sha256)).unlink()
    with pytest.raises(IntegrityError, match="nothing"):
        receive(host, here, manifest, index)


@pytest.mark.parametrize(
    ("status", "headers", "error", "message"),
    [
        (200, {"Content-Encoding": "gzip"}, ReleaseError, "content coding 'gzip'"),
        (204, {}, ReleaseError, "answers 204"),
        (206, {}, ReleaseError, "answers 206"),
        (503, {}, NetworkError, "answers 503"),
    ],
)
def test_an_unusable_answer_is_refused(  # noqa: PLR0917 - fixtures and parameters
    host: Host,
    here: LocalStore,
    manifest: Manifest,
    index: Promise,
    status: int,
    headers: dict[str, str],
    error: type[Exception],
    message: str,
) -> None:
    host.status, host.headers = status, headers
    with pytest.raises(error, match=message):
        receive(host, here, manifest, index)
    assert list(here.keys("")) == []


def test_it_ends_when_the_time_is_up(host: Host, index: Promise) -> None:
    with httpx.Client(timeout=TIMEOUT) as client, Fetcher(client, host.url) as fetcher:
        parts = fetcher.parts(object_key(TOPICS_SQLITE, index.sha256), LENGTH)
        assert next(parts)
        fetcher._limit.end()
        with pytest.raises(NetworkError, match="took longer than"):
            list(parts)


def test_a_pull_streams_what_is_long(host: Host, here: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "STREAMED", 10)
    there = LocalStore(host.folder)
    publish(there, is_indexed=True)
    with httpx.Client(timeout=TIMEOUT) as client:
        assert pull(client, host.url, here).number == 1
    assert verify(here, open_current(here)) == []
