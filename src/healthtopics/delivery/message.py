"""HTTP messages as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from healthtopics import jsontext
from healthtopics.jsontext import Json

Headers = tuple[tuple[str, str], ...]

ALLOWED: Final = "GET, HEAD, OPTIONS"

COMMON: Final[Headers] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Allow, Content-Language, Content-Length, Content-Location, ETag, Link, Retry-After",
    ),
)
"""Headers of every response: types are not guessed, and pages of any origin may read everything."""


FIELDS: Final = ("accept", "accept-language", "if-modified-since", "if-none-match")
"""The header fields that answers depend on."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request; its query is ignored."""

    method: str
    path: str
    """Percent-decoded, with its leading slash."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name, at least FIELDS; repeated fields are joined by commas (RFC 9110 §5.3)."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response; for HEAD, `body` is empty and the headers are those of GET."""

    status: int
    headers: Headers
    body: bytes = b""


def problem(
    status: int, detail: str, *, headers: Headers = (), cache: str = "no-store", **members: Json
) -> Response:
    """Return an error as problem details (RFC 9457); `members` are extension members."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return json_response(status, "application/problem+json", document | members, headers, cache)


def json_response(
    status: int, media_type: str, document: Json, headers: Headers = (), cache: str = "no-store"
) -> Response:
    """Return a JSON document that is made for this request."""
    body = jsontext.dump(document)
    kept = (("Content-Type", media_type), ("Content-Length", str(len(body))), ("Cache-Control", cache))
    return Response(status, (*kept, *headers, *COMMON), body)
