"""From a representation and a request to the response: conditions, HEAD, headers."""

from typing import Final

from healthtopics.delivery.conditional import http_date, is_unchanged
from healthtopics.delivery.message import COMMON, Headers, Request, Response
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.site import Site
from healthtopics.errors import IntegrityError

_NO_SCRIPTS: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def deliver(request: Request, found: Representation, site: Site) -> Response:
    """Return the response for a representation.

    Raises what `site.read` raises, and IntegrityError if bytes that the release promises are missing.
    """
    etag = f'"{found.sha256}"'
    validators = (
        ("ETag", etag),
        ("Cache-Control", found.cache),
        ("Content-Location", found.location),
        ("Vary", ", ".join(found.vary)),
    )
    kept: Headers = tuple((name, value) for name, value in validators if value) + COMMON
    if is_unchanged(request.headers, etag, found.modified):
        return Response(304, kept)
    pairs = (
        ("Content-Type", found.media_type),
        ("Content-Length", str(found.length)),
        ("Content-Language", found.language),
        ("Last-Modified", http_date(found.modified) if found.modified else ""),
        ("Link", ", ".join(map(str, found.links))),
        ("Content-Security-Policy", _NO_SCRIPTS if found.media_type.startswith("text/html") else ""),
    )
    headers = tuple((name, value) for name, value in pairs if value) + kept
    if request.method == "HEAD":
        return Response(200, headers)
    return Response(200, headers, content_of(found, site))


def content_of(found: Representation, site: Site) -> bytes:
    """Return the bytes of a representation; raises what `deliver` raises."""
    if isinstance(found.content, bytes):
        return found.content
    try:
        return site.read(found.content)
    except FileNotFoundError:
        raise IntegrityError(found.content, expected=f"{found.length} bytes", actual="nothing") from None
