"""Requests to every route of the service, and to addresses that no route has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from healthtopics.delivery.documentation.example import Example
from healthtopics.delivery.documentation.examples import examples_for
from healthtopics.delivery.documentation.facts import Facts
from healthtopics.delivery.documentation.openapi import operation_id
from healthtopics.delivery.matching import Matcher
from healthtopics.delivery.table import ROUTES

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """A running service."""

    url: str
    facts: Facts
    withdrawn: str
    """A topic that was in an earlier release."""
    log: Path


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and the status that it should be answered with."""

    name: str
    status: int
    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    operation: str = ""
    """The route that should answer; empty for none."""


def asked_in(example: Example) -> Asked:
    """Return the request of an example of the documentation."""
    query = f"?{urlencode(example.query)}" if example.query else ""
    headers = dict(example.headers)
    if example.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif example.document:
        headers["Content-Type"] = "application/json"
    body = urlencode(example.form) or example.document
    return Asked(
        example.name,
        example.status,
        f"/{example.path}{query}",
        example.method,
        headers,
        body.encode(),
        example.operation,
    )


def basic(service: Examined) -> list[Asked]:
    """Return a request for each example of each route, and for each status that is not of a route."""
    facts = service.facts
    topic, language = facts.values["topic"], facts.values["language"]
    return [
        *map(asked_in, examples_for(facts)),
        Asked("no such page", 404, "/no/such/page"),
        Asked("no such file", 404, "/html/en/none.html"),
        Asked("no such topic", 404, "/topics/none"),
        Asked("unknown parameter", 400, f"/topics/{topic}?unknown=1"),
        Asked("broken encoding", 400, "/topics?q=%zz"),
        Asked("wrong value", 400, "/topics?limit=none"),
        Asked("no such format", 406, f"/{language}/{topic}", headers={"Accept": "image/png"}),
        Asked("withdrawn topic", 410, f"/topics/{service.withdrawn}"),
        Asked("withdrawn edition", 410, f"/en/{service.withdrawn}"),
        Asked("wrong method", 405, f"/topics/{topic}", "DELETE"),
        Asked("wrong type", 415, "/infobutton", "POST", {"Content-Type": "text/plain"}, b"text"),
        Asked("slash at the end", 308, f"/{language}/{topic}/"),
        Asked("long body", 413, "/infobutton", "POST", body=b"a" * 300_000),
        Asked("long address", 414, f"/topics/{'a' * 9_000}"),
        Asked("large headers", 431, "/topics", headers={f"X-{n}": "a" * 90 for n in range(400)}),
        Asked("all of it", 204, "*", "OPTIONS"),
        Asked(
            "preflight",
            204,
            f"/topics/{topic}",
            "OPTIONS",
            {"Origin": "https://partner.example", "Access-Control-Request-Method": "GET"},
        ),
        Asked("range that cannot be", 416, "/topics.sqlite", headers={"Range": "bytes=999999999-"}),
    ]


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


_MATCHER = Matcher(ROUTES)


def is_documented(document: Any, asked: Asked, status: int) -> bool:
    """Return whether an OpenAPI document has the status of an answer, if a route answered."""
    method = "GET" if asked.method == "HEAD" else asked.method
    path = asked.target.partition("?")[0]
    routes = [each.route for each in _MATCHER.matches(path) if method in each.route.methods]
    if not routes or method == "OPTIONS":
        return True
    operations = [each for item in document["paths"].values() for each in item.values()]
    (found,) = (
        each
        for each in operations
        if isinstance(each, dict) and each["operationId"] == operation_id(routes[0], method)
    )
    return str(status) in found["responses"]


def following(asked: Asked, response: httpx.Response) -> Iterator[Asked]:
    """Yield what a client may ask next: without the body, compressed, what has changed, a part."""
    if asked.method != "GET":
        return

    def another(name: str, status: int, method: str = "GET", **headers: str) -> Asked:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return Asked(
            f"{asked.name}, {name}",
            status,
            asked.target,
            method,
            {**asked.headers, **fields},
            operation=asked.operation,
        )

    if asked.status != 416:  # HEAD has no ranges (RFC 9110 §14.2)
        yield another("HEAD", asked.status, "HEAD")
    if asked.status != 200:
        return
    for coding in ("gzip", "br"):
        yield another(coding, 200, Accept_Encoding=coding)
    yield another("HEAD gzip", 200, "HEAD", Accept_Encoding="gzip")
    yield another("OPTIONS", 204, "OPTIONS")
    if etag := response.headers.get("ETag"):
        yield another("its ETag", 304, If_None_Match=etag)
        yield another("HEAD with its ETag", 304, "HEAD", If_None_Match=etag)
        yield another("another ETag required", 412, If_Match='"other"')
    if modified := response.headers.get("Last-Modified"):
        yield another("its date", 304, If_Modified_Since=modified)
    if response.headers.get("Accept-Ranges") == "bytes":
        yield another("a part", 206, Range="bytes=0-99")
        yield another("the end", 206, Range="bytes=-10")
