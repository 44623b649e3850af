"""Requests that no client should send, over raw sockets, to the real service.

Each gets an answer that helps: what was meant, or 4xx with a problem document. Slow clients, and more of what
no parser of HTTP takes, are in `tests/unit/server/test_connections.py`.
"""

import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from conformance.service.exchanges import Examined
from healthtopics.storage.local import LocalStore
from support.processes import serving
from support.releases import publish_indexed

OF_CODE = (b"Traceback", b'File "', b"site-packages", b"Error(")
CLOSE = b"Connection: close"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str:
        return ", ".join(value for each, value in self.fields if each == name)


def everything(connection: socket.socket) -> bytes:
    """Return what arrives until the service closes."""
    found = b""
    while data := connection.recv(65_536):
        found += data
    return found


def answers_in(data: bytes) -> Iterator[Answer]:
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        assert status_line.startswith("HTTP/1.1 ")
        fields = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
        length = int(dict(fields).get("content-length", "0"))
        assert len(data) >= length, "an answer is cut short"
        yield Answer(int(status_line.split()[1]), fields, data[:length])
        data = data[length:]


def request(target: bytes, *lines: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    fields = b"".join(b"%s\r\n" % each for each in (b"Host: service", CLOSE, *lines))
    return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (method, target, fields, body)


@pytest.fixture(scope="module")
def port(service: Examined) -> int:
    return int(service.url.rpartition(":")[2])


def ask(port: int, data: bytes) -> Answer:
    """Send bytes and return the only answer to them, which must be one that helps."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(data)
        (answer,) = answers_in(everything(connection))
    shown = (data[:200], answer.status, answer.body[:500])
    assert answer.status < 500, shown
    assert not any(each in answer.body for each in OF_CODE), shown
    if answer.status >= 400:
        assert answer.field("content-type") == "application/problem+json", shown
        problem = json.loads(answer.body)
        assert problem["status"] == answer.status, shown
        assert len(problem["detail"]) > 20, shown
        assert problem["detail"].endswith("."), shown
    return answer


UP = (
    b"..",
    b"%2e%2e",
    b".%2E",
    b"%252e%252e",
    b"%c0%ae%c0%ae",
    b"%ef%bc%8e%ef%bc%8e",
    b"..;",
    b"..%00",
    b"....",
)
SLASH = (b"/", b"%2f", b"%5c", b"\\", b"//", b"%252f", b"%c0%af", b"%ef%bc%8f")
START = (b"/", b"/topics/", b"/html/en/", b"/objects/sha256/", b"/releases/", b"/schema/1/", b"/docs/")
AIM = (b"etc/passwd", b"healthtopics.toml")


def test_no_encoding_of_a_path_leads_out_of_the_release(port: int) -> None:
    for start, up, slash, depth, aim in product(START, UP, SLASH, (1, 6), AIM):
        target = start + (up + slash) * depth + aim
        answer = ask(port, request(target))
        assert answer.status in (400, 404), (target, answer)


@pytest.mark.parametrize(
    "target",
    [
        b"/topics/miscarriage%00",
        b"/topics/%00",
        b"/%",
        b"/%e",
        b"/%zz",
        b"/topics/%ff%fe",
        b"/topics/%ed%a0%80",
        b"/%0d%0aSet-Cookie:%20a=b",
        b"/en/%0d%0a%0d%0a<script>",
        b"/en/" + b"%20" * 2_000,
        b"/" + b"a/" * 3_000,
        b"/" + b"/" * 7_000,
        b"/en/" + "ñ".encode() * 100,
        b"/topics?q=%",
        b"/topics?lang=%00",
        b"/topics?limit=" + b"9" * 5_000,
        b"/topics?limit=1e9",
        b"/topics?limit=-1",
        b"/topics?page=%00",
        b"/topics?cursor=" + b"A" * 5_000,
        b"/search?q=%ff",
        b"/changes?since=99999999999999999999",
        b"/changes?since=" + b"9" * 15,
        b"/service?mainSearchCriteria.v.cs=x&callback=%0d%0aX:%201",
        b"/topics/miscarriage?_format=%0d%0aX-Bad:%201",
        b"/topics/miscarriage?lang=es%0d%0aX-Bad:%201",
        b"/topics?" + b"&".join(b"a%d=%d" % (n, n) for n in range(500)),
        b"/infobutton?" + b"&".join(b"p%d=1" % n for n in range(1_000)),
        b"http://",
        b"http://[::1",
        b"//evil.example/%2e%2e",
        b"ftp://service/topics",
        b"*",
        b"topics",
        b"?lang=en",
    ],
)
def test_a_broken_address_is_refused(port: int, target: bytes) -> None:
    answer = ask(port, request(target))
    assert answer.status in (308, 400, 404, 405, 406, 414), answer
    assert "set-cookie" not in dict(answer.fields)
    assert "x-bad" not in dict(answer.fields)


def test_what_leads_on_stays_on_this_host(port: int) -> None:
    for target in (
        b"//evil.example/",
        b"//evil.example/en/",
        b"/%2f%2fevil.example/",
        b"/\\evil.example/",
        b"/en//",
    ):
        answer = ask(port, request(target))
        assert not answer.field("location").startswith(("//", "/\\", "http://evil")), (target, answer)


def test_10000_parameters_are_refused(port: int) -> None:
    body = b"&".join(b"p%d=%d" % (number, number) for number in range(10_000))
    for lines, status in (
        ((b"Content-Type: application/x-www-form-urlencoded",), 400),
        ((b"Content-Type: application/json",), 415),
    ):
        fields = (*lines, b"Content-Length: %d" % len(body))
        assert ask(port, request(b"/infobutton", *fields, method=b"POST", body=body)).status == status
    assert ask(port, request(b"/infobutton?" + body)).status == 414


FORM = b"Content-Type: application/x-www-form-urlencoded"
JSON = b"Content-Type: application/json"


@pytest.mark.parametrize(
    ("target", "kind", "body"),
    [
        (b"/infobutton", FORM, b"%"),
        (b"/infobutton", FORM, b"\xff\xfe=\x00"),
        (b"/infobutton", FORM, b"=" * 200_000),
        (b"/infobutton", FORM, b"mainSearchCriteria.v.c=%00&mainSearchCriteria.v.cs=%ff"),
        (b"/search", FORM, b"q=" + b"%ff" * 10_000),
        (b"/search", JSON, b"{}"),
        (b"/cds-services/topics-for-problems", JSON, b""),
        (b"/cds-services/topics-for-problems", JSON, b"{"),
        (b"/cds-services/topics-for-problems", JSON, b"[" * 100_000),
        (b"/cds-services/topics-for-problems", JSON, b'{"a":' * 20_000),
        (b"/cds-services/topics-for-problems", JSON, b"\xff\xfe\x00"),
        (b"/cds-services/topics-for-problems", JSON, b"1e999999"),
        (b"/cds-services/topics-for-problems", JSON, b'"\\ud800"'),
        (b"/cds-services/topics-for-problems", JSON, b'{"hook": "patient-view", "prefetch": []}'),
        (
            b"/cds-services/topics-for-problems",
            JSON,
            b'{"hook": "patient-view", "prefetch": {"conditions": 1}}',
        ),
        (b"/cds-services/none", JSON, b"{}"),
        (b"/topics", FORM, b"lang=en"),
    ],
)
def test_a_broken_body_is_refused(port: int, target: bytes, kind: bytes, body: bytes) -> None:
    fields = (kind, b"Content-Length: %d" % len(body))
    assert 400 <= ask(port, request(target, *fields, method=b"POST", body=body)).status < 500


LISTS = {
    b"Accept": [
        b"text/html;q=2",
        b"text/html;q=-1",
        b"text/html;q=0.0000000001",
        b"text/html;q=abc",
        b"*/*;q=0",
        b"/",
        b",,,,;;;===",
        b'text/html;a="\\',
        b"text/*;q=1;" * 2_000,
        b",".join(b"a/b%d;q=0.%d" % (n, n % 10) for n in range(1_500)),
        b"\xff\xfe",
    ],
    b"Accept-Language": [b"en;q=0, *", b"*;q=0", b"es;q=1.5", b"-", b"x" * 9_000, b"a," * 9_000, b"\xe9"],
    b"Accept-Encoding": [
        b"gzip;q=9",
        b"*;q=0",
        b"identity;q=0",
        b"gzip;q=nan",
        b"br;q=",
        b"," * 9_000,
        b"\xff",
    ],
    b"If-None-Match": [b'"', b"W/", b"*, *", b'"a",' * 5_000, b'"' + b"\xff" * 5_000],
    b"If-Modified-Since": [
        b"0",
        b"Thu, 99 Foo 99999999 99:99:99 GMT",
        b"9" * 9_000,
        b"Mon, 01 Jan 0001 00:00:00 +9999",
    ],
    b"If-Match": [b"", b'"' * 9_000],
    b"If-Range": [b'"', b"W/", b"\xff"],
    b"Range": [
        b"bytes=-",
        b"bytes=9-1",
        b"bytes=" + b"0-0," * 5_000,
        b"bytes=" + b"9" * 9_000 + b"-",
        b"lines=1-2",
    ],
    b"Content-Type": [b"", b"/", b"\xff", b"text/html; charset=" + b"a" * 9_000],
    b"Authorization": [b"Bearer", b"Basic ====", b"\xff"],
    b"X-Forwarded-For": [b"", b"127.0.0.1" * 900, b"'; drop table"],
    b"Access-Control-Request-Method": [b"\xff", b"X\tY"],
    b"Transfer-Encoding": [b"gzip", b"chunked, chunked", b"identity"],
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "target", [b"/topics/miscarriage", b"/topics.json", b"/topics.sqlite", b"/search?q=a", b"/"]
)
def test_a_strange_field_is_ignored_or_refused(port: int, name: bytes, target: bytes) -> None:
    for value in LISTS[name]:
        answer = ask(port, request(target, b"%s: %s" % (name, value), b"Range: bytes=0-9"))
        assert answer.status in (200, 206, 304, 400, 406, 412, 416, 431), (value, answer)


@pytest.mark.parametrize(
    "data",
    [
        b"GET /topics HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET /topics HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 1\r\n\r\na",
        b"POST /infobutton HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"GET /topics HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        b"GET /topics HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
        b"GET /topics HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n",
        b"GET /to\0pics HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /topics\r\n\r\n",
        b"GET /topics HTTP/2.0\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"G\xc3\x89T /topics HTTP/1.1\r\nHost: a\r\n\r\n",
        b"%s /topics HTTP/1.1\r\nHost: a\r\n\r\n" % (b"A" * 5_000),
        b"CONNECT service:443 HTTP/1.1\r\nHost: service:443\r\n\r\n",
        b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % (b"%41" * 5_000),
        b"GET /topics HTTP/1.1\r\nHost: a\r\n%s: b\r\n\r\n" % (b"X" * 40_000),
        b"GET /topics HTTP/1.1\r\nHost: a\r\n%s\r\n" % (b"X: b\r\n" * 10_000),
    ],
)
def test_a_message_that_could_be_read_in_two_ways_is_refused(port: int, data: bytes) -> None:
    assert 400 <= ask(port, data).status < 500


def test_no_field_of_the_request_comes_back_in_the_head(port: int) -> None:
    marked = b"http://marked.example"
    fields = (
        b"Origin: " + marked,
        b"Referer: " + marked,
        b"X-Request-Id: marked\tmarked",
        b"X-Forwarded-Host: marked",
    )
    for target in (
        b"/topics/miscarriage",
        b"/en/miscarriage/",
        b"/ES/miscarriage",
        b"/none",
        b"http://marked.example/en",
    ):
        answer = ask(port, request(target, *fields))
        assert not [each for each in answer.fields if "marked" in each[1]], (target, answer)


def test_the_log_has_lines_and_no_code_of_ours(service: Examined, port: int) -> None:
    ask(port, request(b"/en/%0a2026-01-01%20injected"))
    log = service.log.read_text()
    assert "Traceback" not in log
    assert "injected" not in log


def test_2000_connections_while_six_releases_come(tmp_path: Path) -> None:
    """Each of 2,000 connections asks again and again: every answer is whole, and of one release."""
    number = 2_000
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard > number + 200, "the system allows too few open files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * number), hard))
    store = LocalStore(tmp_path / "exports")
    publish_indexed(store, now=datetime.now(UTC))
    target = b"/schemaorg/en/asthma.jsonld"
    head = b"GET %s HTTP/1.1\r\nHost: service\r\n\r\n" % target
    found: list[Answer] = []
    with (
        serving("serve", "--exports", tmp_path / "exports", log=tmp_path / "log") as server,
        ExitStack() as open_,
    ):
        connections = [
            open_.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            for _ in range(number)
        ]
        for release in range(6):
            publish_indexed(store, {"asthma": {"en": f"Asthma {release}"}}, now=datetime.now(UTC))
            for connection in connections:
                connection.sendall(head)
            found += map(one_answer, connections)
        while b"Asthma 5" not in found[-1].body:  # the service looks for a release every second
            connections[0].sendall(head)
            found.append(one_answer(connections[0]))
    assert len(found) >= 6 * number
    assert {each.status for each in found} == {200}
    titles = {json.loads(each.body)["title"] for each in found}
    assert len(titles) > 1
    for each in found:
        assert each.field("etag") == f'"{sha256(each.body).hexdigest()}"'


def one_answer(connection: socket.socket) -> Answer:
    data = b""
    while True:
        data += connection.recv(65_536)
        head, end, body = data.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            (answer,) = answers_in(data)
            return answer
