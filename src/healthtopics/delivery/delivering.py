"""From a representation and a request to the response: conditions, ranges, content codings, HEAD."""

from collections.abc import Iterator
from typing import Final

from healthtopics.delivery import pages
from healthtopics.delivery.conditional import Range, http_date, judge, read_range
from healthtopics.delivery.encoding import Encoded, codings_of, encode, etag_of, measure
from healthtopics.delivery.message import COMMON, Headers, Request, Response, Wording, problem
from healthtopics.delivery.negotiation import IDENTITY, choose_coding
from healthtopics.delivery.parts import JoinedSlices, MadeBytes
from healthtopics.delivery.representation import Representation
from healthtopics.errors import IntegrityError
from healthtopics.release import Objects

_CHANGED: Final = Wording(
    en="what is here is not what If-Match or If-Unmodified-Since require.",
    es="lo que hay aquí no es lo que exigen If-Match o If-Unmodified-Since.",
)
_NO_SUCH_RANGE: Final = Wording(en="there are only {length} bytes here.", es="aquí solo hay {length} bytes.")


def deliver(request: Request, found: Representation, objects: Objects) -> Response:
    """Return the response for a representation.

    Raises what reading from the store raises, and IntegrityError if it does not have the promised bytes.
    """
    codings = codings_of(found, objects)
    coding = choose_coding(request.headers.get("accept-encoding"), codings)
    etag = etag_of(found, coding)
    verdict = judge(request.headers, etag, found.modified) if request.method in ("GET", "HEAD") else 200
    if verdict == 304:
        return Response(304, tuple(_kept(found, codings, etag)))
    if verdict == 412:
        return problem(412, _CHANGED)
    try:
        encoded = (measure if request.method == "HEAD" else encode)(found, coding, objects)
    except IntegrityError:
        if coding == IDENTITY:
            raise
        # The compressed form is damaged; what it was made from may not be.
        coding, etag = IDENTITY, etag_of(found, IDENTITY)
        encoded = encode(found, coding, objects)
    part = None
    if _has_ranges(found) and request.method == "GET":
        part = read_range(request.headers, etag, found.modified, encoded.length)
    if part and not part.length:
        whole = (("Content-Range", f"bytes */{encoded.length}"), ("Accept-Ranges", "bytes"))
        return problem(416, _NO_SUCH_RANGE.filled(length=encoded.length), headers=whole)
    headers = (*_described(found, encoded, part), *_kept(found, codings, etag))
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status, headers)
    return _sent(status, headers, encoded, part or Range(0, encoded.length))


def _has_ranges(found: Representation) -> bool:
    return not isinstance(found.content, bytes | MadeBytes)


def _sent(status: int, headers: Headers, encoded: Encoded, part: Range) -> Response:
    if isinstance(encoded.content, MadeBytes):
        return Response(status, headers, part=encoded.content)
    if not isinstance(encoded.content, bytes):
        first, *others = encoded.content.within(part.offset, part.length)
        return Response(status, headers, part=JoinedSlices.of((first, *others)) if others else first)
    return Response(status, headers, encoded.content[part.offset : part.offset + part.length])


def _kept(found: Representation, codings: tuple[str, ...], etag: str) -> Iterator[tuple[str, str]]:
    """Yield the header fields that 304 has, too (RFC 9110 §15.4.5)."""
    vary = (*found.vary, "Accept-Encoding") if codings else found.vary
    pairs = (
        ("ETag", etag),
        ("Cache-Control", found.cache),
        ("Expires", http_date(found.expires) if found.expires else ""),
        ("Content-Location", found.location),
        ("Vary", ", ".join(vary)),
    )
    yield from ((name, value) for name, value in pairs if value)
    yield from COMMON


def _described(found: Representation, encoded: Encoded, part: Range | None) -> Iterator[tuple[str, str]]:
    length = part.length if part else encoded.length
    pairs = (
        ("Content-Type", found.media_type),
        ("Content-Length", str(length)),
        ("Content-Encoding", "" if encoded.coding == IDENTITY else encoded.coding),
        ("Content-Language", found.language),
        ("Content-Range", _content_range(part, encoded.length) if part else ""),
        ("Accept-Ranges", "bytes" if _has_ranges(found) else ""),
        ("Last-Modified", http_date(found.modified) if found.modified else ""),
        ("Link", ", ".join(map(str, found.links))),
    )
    yield from ((name, value) for name, value in pairs if value)
    if found.media_type.startswith(pages.HTML):
        yield from found.policies or pages.POLICIES


def _content_range(part: Range, total: int) -> str:
    return f"bytes {part.offset}-{part.offset + part.length - 1}/{total}"
