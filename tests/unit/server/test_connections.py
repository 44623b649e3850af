"""Connections over real sockets: order, limits, and what is sent for a bad request."""

import json
import os
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from healthtopics.delivery.message import Response
from healthtopics.delivery.parts import MadeBytes, OpenBytes, Part, Slice, Source
from healthtopics.errors import ReleaseError, StorageError
from healthtopics.server.gate import Gate
from healthtopics.server.keys import Keys
from healthtopics.server.limits import THREADS, Limits
from healthtopics.server.rates import Rate
from healthtopics.server.responses import EncodedResponse, Key
from healthtopics.server.service import Served, Service
from support.releases import TITLES, MemoryStore
from support.releases import publish_indexed as publish
from support.serving import Running, running

GET = b"GET /topics/asthma HTTP/1.1\r\nHost: service\r\n\r\n"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    return store


@pytest.fixture
def server(store: MemoryStore) -> Iterator[Running]:
    with running(Service(store)) as server:
        yield server


@contextmanager
def connected(server: Running) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """Return what arrives until the other side closes."""
    found = b""
    while data := connection.recv(65_536):
        found += data
    return found


def answers_in(data: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """Split what arrived into responses; each must say its length."""
    found = []
    while data:
        head, _empty, data = data.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
        length = int(fields.get("content-length", 0))
        found.append((int(status_line.split()[1]), fields, data[:length]))
        data = data[length:]
    return found


def ask(server: Running, data: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """Send bytes and nothing more; return all responses."""
    with connected(server) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return answers_in(everything(connection))


def last(request: bytes) -> bytes:
    return request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


class Held(Service):
    """A service that makes answers only when it may."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.begun = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def compose(self, key: Key, served: Served) -> EncodedResponse:
        self.begun.release()
        assert self.may_answer.wait(timeout=60)
        return super().compose(key, served)


class Large(Service):
    """A service whose only answer is large."""

    body = os.urandom(20_000_000)
    part: Part | None = None

    def compose(self, key: Key, served: Served) -> EncodedResponse:  # noqa: ARG002 - whatever is asked
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % len(self.body)
        return EncodedResponse(200, head, b"" if self.part else self.body, self.part)

    def read(self, part: Source, offset: int, length: int) -> bytes:
        if isinstance(part, OpenBytes):
            return super().read(part, offset, length)
        (found,) = part.within(offset, length)
        return self.body[found.offset :][: found.length]


def test_a_connection_answers_one_request_after_the_other(server: Running) -> None:
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(GET)
            found = b""
            while not found.endswith((b"}\n", b"}")):
                found += connection.recv(65_536)
            ((status, fields, _body),) = answers_in(found)
            assert status == 200
            assert {"date", "x-request-id", "etag"} <= fields.keys()
            assert "connection" not in fields


def test_pipelined_requests_are_answered_in_their_order(server: Running) -> None:
    paths = [f"/schemaorg/{language}/{topic}.jsonld" for topic in TITLES for language in ("en", "es")] * 50
    requests = b"".join(f"GET {path} HTTP/1.1\r\nHost: service\r\n\r\n".encode() for path in paths)
    answers = ask(server, requests + last(GET))
    titles = [json.loads(body)["title"] for status, _fields, body in answers[:-1] if status == 200]
    assert titles == [
        TITLES[path.split("/")[3].removesuffix(".jsonld")][path.split("/")[2]] for path in paths
    ]
    assert answers[-1][1]["connection"] == "close"


def test_requests_after_a_slow_one_wait_for_it(store: MemoryStore) -> None:
    service = Held(store)
    with running(service) as server, connected(server) as connection:
        connection.sendall(GET + last(GET.replace(b"/topics/asthma", b"/schemaorg/es/asthma.jsonld")))
        assert service.begun.acquire(timeout=60)
        service.may_answer.set()
        first, second = answers_in(everything(connection))
    assert (first[0], second[0]) == (200, 200)
    assert b"Asma" in second[2]


def test_a_request_may_arrive_byte_by_byte(server: Running) -> None:
    with connected(server) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in last(GET):
            connection.send(bytes([byte]))
        ((status, _fields, _body),) = answers_in(everything(connection))
    assert status == 200


def test_http_1_0_and_requests_to_close_end_the_connection(server: Running) -> None:
    for request in (b"GET /topics/asthma HTTP/1.0\r\n\r\n", last(GET)):
        with connected(server) as connection:
            connection.sendall(request)
            ((status, fields, _body),) = answers_in(everything(connection))
            assert (status, fields["connection"]) == (200, "close")


def test_another_protocol_is_not_taken_up(server: Running) -> None:
    fields = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    )
    with connected(server) as connection:
        connection.sendall(GET.removesuffix(b"\r\n") + fields)
        ((status, found, _body),) = answers_in(everything(connection))
    assert (status, found["connection"]) == (200, "close")


def test_the_absolute_form_and_the_asterisk_are_understood(server: Running) -> None:
    absolute = GET.replace(b"/topics/asthma", b"http://topics.example.org/topics/asthma")
    ((status, _fields, _body),) = ask(server, last(absolute))
    assert status == 200
    ((status, _fields, _body),) = ask(server, last(b"OPTIONS * HTTP/1.1\r\nHost: service\r\n\r\n"))
    assert status == 204


def fields_of(length: int) -> bytes:
    return b"".join(b"X-%d: %s\r\n" % (number, b"a" * 90) for number in range(length // 100))


BAD: dict[str, tuple[bytes, int]] = {
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
    "a field without colon": (b"GET / HTTP/1.1\r\nHost: service\r\nbad\r\n\r\n", 400),
    "an unknown version": (b"GET / HTTP/9.1\r\nHost: service\r\n\r\n", 400),
    "version 0.9": (b"GET /topics\r\n\r\n", 400),
    "version 2 in the form of 1.1": (b"GET /topics HTTP/2.0\r\nHost: a\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a bare line feed in a field": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n", 400),
    "a zero byte in a field": (b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
    "bytes that are no ASCII in the path": (b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "an address of 9 kB": (b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 9_000), 414),
    "an address of 1 MB": (b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 1_000_000), 414),
    "40 kB of fields": (b"GET / HTTP/1.1\r\nHost: a\r\n%s\r\n" % fields_of(40_000), 431),
    "a field without end": (b"GET / HTTP/1.1\r\nHost: a\r\nX: %s" % (b"a" * 1_000_000), 431),
    "a body that says its length": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n\r\n", 413),
    "a length of many digits": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999\r\n\r\n", 413),
    "chunks without end": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"4000\r\n%s\r\n" % (b"a" * 0x4000) * 17,
        413,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_gets_the_reason_and_the_connection_ends(server: Running, name: str) -> None:
    data, expected = BAD[name]
    with connected(server) as connection:
        connection.sendall(GET)  # what came before is answered
        connection.sendall(data)
        first, (status, fields, body) = answers_in(everything(connection))
    assert (first[0], status) == (200, expected)
    assert fields["content-type"] == "application/problem+json"
    assert fields["connection"] == "close"
    assert json.loads(body)["status"] == expected
    assert json.loads(body)["detail"].endswith(".")


def head_of(server: Running, data: bytes) -> tuple[int, dict[str, str]]:
    """Return the answer to HEAD, which must have no body although it says the length of one."""
    with connected(server) as connection:
        connection.sendall(data)
        head, _empty, body = everything(connection).partition(b"\r\n\r\n")
    assert body == b""
    ((status, fields, _body),) = answers_in(head)
    assert int(fields["content-length"]) > 0
    return status, fields


HEAD = last(GET.replace(b"GET", b"HEAD"))
BAD_HEADS = {
    name: (b"HEAD" + data.removeprefix(b"GET"), status)
    for name, (data, status) in BAD.items()
    if data.startswith(b"GET /")
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_bad_head_request_gets_no_body(server: Running, name: str) -> None:
    data, expected = BAD_HEADS[name]
    status, _fields = head_of(server, data)
    assert status == expected


def test_an_error_has_no_body_for_head(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
        assert head_of(server, HEAD)[0] == 401
    with running(Service(store), Gate(rate=Rate(1, 3600))) as server:
        assert [head_of(server, HEAD)[0] for _ in range(2)] == [200, 429]
    with running(Service(store)) as server:
        assert head_of(server, HEAD.replace(b"/topics", b"http:///topics"))[0] == 400
    held = Held(store)
    with running(held, limits=Limits(answering_s=0.05)) as server:
        assert head_of(server, HEAD)[0] == 503
        held.may_answer.set()
    for error, expected in ((KeyError(), 500), (StorageError("gone"), 503), (ReleaseError("damaged"), 500)):

        def fail(*_given: object, error: Exception = error) -> Response:
            raise error

        monkeypatch.setattr("healthtopics.server.service.respond", fail)
        with running(Service(store)) as server:
            assert head_of(server, HEAD)[0] == expected


def test_a_trailer_changes_nothing(store: MemoryStore) -> None:
    gate = Gate(read_keys=Keys)
    trailer = b"X-API-Key: ht_wrong\r\nHost: b\r\n\r\n"
    with running(Service(store), gate) as server:
        data = last(GET).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n") + trailer
        ((status, _fields, _body),) = ask(server, data)
    assert status == 200


@pytest.mark.parametrize("trailer", [b"X: %s" % (b"a" * 1_000_000), fields_of(40_000) + b"\r\n"])
def test_a_trailer_has_the_limit_of_header_fields(server: Running, trailer: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(
            GET.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n")
        )
        connection.sendall(trailer)
        ((status, _fields, _body),) = answers_in(everything(connection))
    assert status == 431


def test_an_error_is_in_the_language_of_the_address(server: Running) -> None:
    ((status, fields, body),) = ask(server, b"GET /es/%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 9_000))
    assert (status, fields["content-language"]) == (414, "es")
    assert "más de 8000 bytes" in json.loads(body)["detail"]


@pytest.mark.parametrize(
    ("target", "language"),
    [
        ("/es/asthma", "es"),
        ("/es", "es"),
        ("http://service/es/asthma", "es"),
        ("/topics/es", "en"),
        ("/fr/x", "en"),
    ],
)
def test_every_error_is_in_the_language_of_the_address(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, target: str, language: str
) -> None:
    request = last(GET.replace(b"/topics/asthma", target.encode()))
    with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
        assert ask(server, request)[0][1]["content-language"] == language
    for error in (KeyError(), StorageError("gone"), ReleaseError("damaged")):

        def fail(*_given: object, error: Exception = error) -> Response:
            raise error

        monkeypatch.setattr("healthtopics.server.service.respond", fail)
        with running(Service(store)) as server:
            assert ask(server, request)[0][1]["content-language"] == language
        with running(Service(MemoryStore())) as server:
            assert ask(server, request)[0][1]["content-language"] == language


def test_the_body_of_get_does_not_make_another_answer(store: MemoryStore) -> None:
    service = Held(store)
    service.may_answer.set()
    with running(service) as server:
        for number in range(10):
            body = b"%d" % number
            request = last(GET).replace(b"\r\n\r\n", b"\r\nContent-Length: 1\r\n\r\n") + body
            assert ask(server, request)[0][0] == 200
    assert service.begun.acquire(blocking=False)
    assert not service.begun.acquire(blocking=False)


def test_a_browser_gets_a_page_for_every_error(store: MemoryStore) -> None:
    request = last(GET).replace(b"\r\n\r\n", b"\r\nAccept: text/html\r\nAccept-Language: es\r\n\r\n")
    with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
        status, fields, body = ask(server, request)[0]
    assert (status, fields["content-type"]) == (401, "text/html; charset=utf-8")
    assert "clave de API" in body.decode()
    with running(Service(MemoryStore())) as server:
        status, fields, body = ask(server, request)[0]
    assert (status, fields["content-type"]) == (503, "text/html; charset=utf-8")
    with running(Service(store), limits=Limits(body=10)) as server:
        status, fields, body = ask(
            server, request.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 99\r\n\r\n")
        )[0]
    assert (status, fields["content-type"]) == (413, "text/html; charset=utf-8")


def test_an_answer_comes_after_those_before_it_even_if_it_is_an_error(store: MemoryStore) -> None:
    service = Held(store)
    with running(service) as server, connected(server) as connection:
        connection.sendall(GET + b"nonsense\r\n\r\n")
        assert service.begun.acquire(timeout=60)
        service.may_answer.set()
        first, second = answers_in(everything(connection))
    assert (first[0], second[0]) == (200, 400)


def test_a_client_may_ask_whether_to_send_its_body(server: Running) -> None:
    with connected(server) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ab")
        ((status, _fields, _body),) = answers_in(everything(connection))
    assert status == 405


def test_a_client_of_http_1_0_is_not_told_to_continue(server: Running) -> None:
    ((status, _fields, _body),) = ask(
        server, b"POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab"
    )
    assert status == 405


def test_a_request_and_the_beginning_of_another_are_not_a_connection_that_waits(store: MemoryStore) -> None:
    limits = Limits(receiving_s=0.1, idle_s=600)
    with running(Service(store), limits=limits) as server, connected(server) as connection:
        connection.sendall(GET + GET[:20])
        first, second = answers_in(everything(connection))
    assert (first[0], second[0]) == (200, 408)


def test_a_request_that_never_ends_is_answered_with_408(store: MemoryStore) -> None:
    with running(Service(store), limits=Limits(receiving_s=0.1)) as server, connected(server) as connection:
        connection.sendall(b"GET /es/asthma HTTP/1.1\r\nHo")
        ((status, fields, _body),) = answers_in(everything(connection))
        assert (status, fields["content-language"]) == (408, "es")
        with connected(server) as silent:
            assert everything(silent) == b""  # who says nothing gets nothing


@pytest.mark.slow
def test_1100_requests_that_never_end_are_closed(store: MemoryStore) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with running(Service(store), limits=Limits(receiving_s=0.5)) as server:
        connections = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(1100)]
        for connection in connections:
            connection.sendall(b"GET /topics/asthma HTTP/1.1\r\nAccept: ")
        found = [answers_in(everything(connection)) for connection in connections]
        for connection in connections:
            connection.close()
        assert {status for ((status, _fields, _body),) in found} == {408}
        assert httpx.get(f"{server.url}/topics/asthma").status_code == 200


def test_a_connection_that_waits_too_long_is_closed(store: MemoryStore) -> None:
    with running(Service(store), limits=Limits(idle_s=0.1)) as server, connected(server) as connection:
        connection.sendall(GET)
        assert len(answers_in(everything(connection))) == 1


def test_a_new_connection_closes_the_one_that_has_waited_for_longest(store: MemoryStore) -> None:
    with (
        running(Service(store), limits=Limits(connections=2)) as server,
        connected(server) as oldest,
        connected(server) as other,
        connected(server) as newest,
    ):
        newest.sendall(last(GET))
        assert answers_in(everything(newest))[0][0] == 200
        assert everything(oldest) == b""
        other.sendall(last(GET))
        assert answers_in(everything(other))[0][0] == 200


def test_if_all_connections_are_at_work_a_new_one_is_to_come_back(store: MemoryStore) -> None:
    service = Held(store)
    with running(service, limits=Limits(connections=1)) as server, connected(server) as connection:
        connection.sendall(last(GET))
        assert service.begun.acquire(timeout=60)
        with connected(server) as new:
            ((status, fields, _body),) = answers_in(everything(new))
        assert (status, fields["retry-after"]) == (503, "1")
        service.may_answer.set()
        assert answers_in(everything(connection))[0][0] == 200


def test_an_answer_that_takes_too_long_is_503(store: MemoryStore) -> None:
    service = Held(store)
    with running(service, limits=Limits(answering_s=0.05)) as server:
        ((status, fields, body),) = ask(server, last(GET))
        assert (status, fields["retry-after"]) == (503, "5")
        assert "longer than" in json.loads(body)["detail"]
        service.may_answer.set()


def held_by(server: Running, service: Held, number: int) -> Iterator[socket.socket]:
    """Yield connections that each wait for another answer."""
    for each in range(number):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        connection.sendall(last(GET.replace(b"asthma", b"topic-%d" % each)))
        yield connection
    for _ in range(min(number, THREADS)):
        assert service.begun.acquire(timeout=60)


def test_time_limits_and_readiness_do_not_wait_for_answers(store: MemoryStore) -> None:
    service = Held(store)
    with running(service, limits=Limits(receiving_s=0.1)) as server, ExitStack() as opened:
        for connection in held_by(server, service, 2 * THREADS):
            opened.enter_context(connection)
        with connected(server) as late:
            late.sendall(GET[:20])
            assert answers_in(everything(late))[0][0] == 408
        assert httpx.get(f"{server.url}/health/ready").json()["release"] == 1
        publish(store, {"asthma": {"en": "Asthma, revised"}})
        wait_until(lambda: service.number == 2, server)
        service.may_answer.set()


def test_one_answer_more_than_can_wait_is_503(store: MemoryStore) -> None:
    service = Held(store)
    with running(service, limits=Limits(making=2)) as server, ExitStack() as opened:
        for connection in held_by(server, service, 2):
            opened.enter_context(connection)
        ((status, fields, body),) = ask(server, last(GET))
        assert (status, fields["retry-after"]) == (503, "5")
        assert "too many answers" in json.loads(body)["detail"]
        service.may_answer.set()


def test_a_large_file_is_sent_in_parts(store: MemoryStore) -> None:
    service = Large(store)
    service.body = service.body[:3_000_000]
    service.part = Slice("objects/x", 0, len(service.body))
    with running(service) as server:
        assert httpx.get(f"{server.url}/topics/asthma").content == service.body
        pieces = [service.body[start : start + 77_777] for start in range(0, len(service.body), 77_777)]
        service.part = MadeBytes(len(service.body), lambda: iter(pieces))
        for _ in range(2):  # the answer is kept, and made again
            assert httpx.get(f"{server.url}/topics/fever").content == service.body


@pytest.mark.parametrize("part", [None, Slice("objects/x", 0, len(Large.body))])
def test_a_client_that_reads_nothing_is_closed(store: MemoryStore, part: Part | None) -> None:
    service = Large(store)
    service.part = part
    with running(service, limits=Limits(sending_s=0.1)) as server, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(GET)
        wait_until(lambda: server.worker._counts.closed("sending"), server)


@pytest.mark.parametrize("request_", [GET, last(GET)])
def test_a_client_that_does_not_read_a_short_answer_is_closed(store: MemoryStore, request_: bytes) -> None:
    service = Large(store)
    service.body = service.body[:50_000]
    limits = Limits(sending_s=0.1, idle_s=0.1)
    with running(service, limits=limits, send_buffer=4096) as server, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(request_)
        wait_until(lambda: server.worker._counts.closed("sending"), server)
        wait_until(lambda: not server.worker.pool, server)
        assert len(everything(connection)) < 50_000


def wait_until(condition: Callable[[], Any], server: Running) -> None:
    """Return when a condition is true in the event loop of the server."""
    done = threading.Event()

    def look() -> None:
        if condition():
            done.set()
        else:
            server.loop.call_later(0.01, look)

    server.loop.call_soon_threadsafe(look)
    assert done.wait(timeout=60)


def test_at_the_end_running_requests_are_finished_and_waiting_connections_closed(store: MemoryStore) -> None:
    service = Held(store)
    with running(service) as server, connected(server) as waiting, connected(server) as busy:
        waiting.sendall(b"")
        busy.sendall(GET)
        assert service.begun.acquire(timeout=60)
        server.end()
        assert everything(waiting) == b""
        service.may_answer.set()
        ((status, fields, _body),) = answers_in(everything(busy))
        assert (status, fields["connection"]) == (200, "close")
        with pytest.raises(ConnectionRefusedError), connected(server):
            pass


def test_at_the_end_nobody_is_waited_for_without_end(store: MemoryStore) -> None:
    service = Held(store)
    with running(service, limits=Limits(stopping_s=0.05)) as server, connected(server) as busy:
        busy.sendall(GET)
        assert service.begun.acquire(timeout=60)
        server.end()
        assert everything(busy) == b""
        service.may_answer.set()


def test_what_many_ask_for_at_once_is_made_once(store: MemoryStore) -> None:
    service = Held(store)
    with running(service) as server:
        connections = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(20)]
        for connection in connections:
            connection.sendall(last(GET))
        wait_until(lambda: server.worker.answers.in_flight == 20, server)
        service.may_answer.set()
        bodies = {answers_in(everything(connection))[0][2] for connection in connections}
        for connection in connections:
            connection.close()
    assert len(bodies) == 1
    assert service.begun.acquire(blocking=False)
    assert not service.begun.acquire(blocking=False)


def test_a_bug_is_an_answer_and_the_log_does_not_quote_the_request(
    store: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Service):
        def compose(self, key: Key, served: Served) -> EncodedResponse:  # noqa: ARG002 - it fails before
            raise KeyError(key[1])

    with running(Broken(store)) as server:
        response = httpx.get(f"{server.url}/topics/asthma?code=O03.4")
    assert (response.status_code, response.json()["status"]) == (500, 500)
    assert "KeyError" in caplog.text
    assert "O03" not in caplog.text


def test_while_releases_come_no_answer_mixes_two_of_them(store: MemoryStore) -> None:
    service = Service(store)
    is_over = threading.Event()
    found: list[tuple[str, str]] = []
    with running(service) as server:

        def follow() -> None:
            with httpx.Client() as client:
                while not is_over.is_set():
                    response = client.get(f"{server.url}/schemaorg/en/asthma.jsonld")
                    assert response.status_code == 200
                    found.append((response.headers["ETag"], response.json()["title"]))

        readers = [threading.Thread(target=follow) for _ in range(4)]
        for reader in readers:
            reader.start()
        for number in range(6):
            publish(store, {"asthma": {"en": f"Asthma {number}"}})
            service.refresh()
        title = httpx.get(f"{server.url}/schemaorg/en/asthma.jsonld").json()["title"]
        is_over.set()
        for reader in readers:
            reader.join()
    assert title == "Asthma 5"
    assert found
    assert len({tag for tag, _title in found}) == len(set(found))
