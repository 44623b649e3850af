"""httplint has nothing against any answer of any route."""

import time
from collections.abc import Iterator
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx
import pytest
from httplint import HttpRequestLinter, HttpResponseLinter

from conformance.service.exchanges import Asked, Examined, basic, following
from conformance.service.notes import findings_in, unexcepted
from conformance.support.findings import Finding, record
from healthtopics.delivery.table import ROUTES


@pytest.fixture(scope="module")
def client(service: Examined) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=60) as client:
        yield client


def send(client: httpx.Client, asked: Asked) -> tuple[httpx.Response, bytes]:
    """Return the response, and its body as it was sent."""
    host = urlsplit(str(client.base_url)).netloc
    url = httpx.URL(client.base_url).join(asked.target)
    request = httpx.Request(asked.method, url, headers={"Host": host, **asked.headers}, content=asked.body)
    request.extensions["target"] = asked.target.encode()
    response = client.send(request, stream=True)
    try:
        return response, b"".join(response.iter_raw())
    finally:
        response.close()


def lint(asked: Asked, response: httpx.Response, body: bytes) -> list[Finding]:
    request = HttpRequestLinter()
    request.process_request_topline(asked.method.encode(), str(response.request.url).encode(), b"1.1")
    request.process_headers(list(response.request.headers.raw))
    request.finish_content(complete=True)
    linter = HttpResponseLinter(start_time=time.time())
    linter.request = request
    linter.is_head_response = asked.method == "HEAD"
    linter.base_uri = str(response.request.url)
    linter.process_response_topline(
        b"1.1", str(response.status_code).encode(), response.extensions["reason_phrase"]
    )
    linter.process_headers(list(response.headers.raw))
    linter.feed_content(body)
    linter.finish_content(complete=True)
    return findings_in("httplint", asked.name, linter.notes)


def test_it_has_nothing_against_any_answer(service: Examined, client: httpx.Client) -> None:
    found: list[Finding] = []
    statuses, operations, others = set(), set(), []
    for first in basic(service):
        response, body = send(client, first)
        exchanges = [(first, response, body)]
        exchanges += ((asked, *send(client, asked)) for asked in following(first, response))
        for asked, answer, content in exchanges:
            if answer.status_code != asked.status:
                others.append((asked, answer.status_code, content[:1000]))
            found += lint(asked, answer, content)
            statuses.add(answer.status_code)
            operations.add(asked.operation)
    assert others == []
    wrong, unused = unexcepted("httplint", found)
    assert wrong == []
    assert unused == set(), "these exceptions of exceptions.toml are not needed any more"
    assert {route.operation for route in ROUTES} <= operations
    assert statuses >= {200, 204, 206, 304, 308, 400, 404, 405, 406, 410, 412, 413, 414, 415, 416, 431}
    checks = "Answers of every route, and of errors: no note at the levels warning and bad."
    record("httplint", version("httplint"), checks, {"service": wrong})
