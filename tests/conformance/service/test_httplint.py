"""httplint has nothing against any answer of any route."""

import time
from collections.abc import Iterator
from importlib.metadata import version

import httpx
import pytest
from httplint import HttpRequestLinter, HttpResponseLinter

from conformance.service.exchanges import Asked, Examined, basic, following, is_documented, send
from conformance.service.notes import findings_in, unexcepted
from conformance.support.findings import Finding, record
from healthtopics.delivery.table import ROUTES


@pytest.fixture(scope="module")
def client(service: Examined) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=60) as client:
        yield client


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
    document = client.get("/openapi.json").json()
    undocumented: list[tuple[str, int]] = []
    found: list[Finding] = []
    statuses, operations, others = set(), set(), []
    for first in basic(service):
        response, body = send(client, first)
        exchanges = [(first, response, body)]
        exchanges += ((asked, *send(client, asked)) for asked in following(first, response))
        for asked, answer, content in exchanges:
            if answer.status_code != asked.status:
                others.append((asked, answer.status_code, content[:1000]))
            if not is_documented(document, asked, answer.status_code):
                undocumented.append((asked.name, answer.status_code))
            found += lint(asked, answer, content)
            statuses.add(answer.status_code)
            operations.add(asked.operation)
    assert others == []
    assert undocumented == []
    wrong, unused = unexcepted("httplint", found)
    assert wrong == []
    assert unused == set(), "these exceptions of exceptions.toml are not needed any more"
    assert {route.operation for route in ROUTES} <= operations
    assert statuses >= {200, 204, 206, 304, 308, 400, 404, 405, 406, 410, 412, 413, 414, 415, 416, 431}
    checks = "Answers of every route, and of errors: no note at the levels warning and bad."
    record("httplint", version("httplint"), checks, {"service": wrong})
