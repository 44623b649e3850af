"""From a request and a release to the response.

No path of a request is ever joined to a folder: addresses are looked up in the release, or have one of the
closed patterns in `table.ROUTES`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

from healthtopics.delivery.delivering import deliver
from healthtopics.delivery.matching import Match, Matcher
from healthtopics.delivery.message import (
    COMMON,
    Headers,
    Request,
    Response,
    Wording,
    problem,
)
from healthtopics.delivery.parameters import read_parameters
from healthtopics.delivery.problem_details import relative_path, write_problem
from healthtopics.delivery.route import Call, NoReleaseError, Route
from healthtopics.delivery.site import Site
from healthtopics.delivery.table import ROUTES
from healthtopics.delivery.topics import nothing, redirect

_ALLOWED_FIELDS: Final = (
    "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Range, If-Unmodified-Since, Prefer, Range, X-API-Key"
)
"""What scripts of other origins may send; Authorization: an API key, or what CDS Hooks clients sign."""
_PRIVATE: Final = "private, no-store"
"""For what a route with diagnoses in its query would let shared caches keep."""
_MATCHER: Final = Matcher(ROUTES)
_NOWHERE: Final = Route(
    path="", operation="", summary="What no row of the table answers.", tag="", answers={}, answer=nothing
)


class _NoObjects:
    """The objects of no release."""

    def read(self, key: str) -> bytes:
        raise FileNotFoundError(key)

    def length(self, key: str) -> int:
        raise FileNotFoundError(key)

    def read_slice(self, key: str, _offset: int, _length: int) -> bytes:
        raise FileNotFoundError(key)


NOTHING_YET: Final = Wording(
    en="no release has been published yet.", es="todavía no se ha publicado ninguna versión."
)
_NOT_ALLOWED: Final = Wording(
    en="{method} is not possible here. Possible: {allowed}.",
    es="{method} no es posible aquí. Posibles: {allowed}.",
)

_NOT_SUPPORTED: Final = Wording(
    en="the body must be of the type {possible}.", es="el cuerpo debe ser del tipo {possible}."
)


def respond(request: Request, site: Site | None, why_none: Wording = NOTHING_YET) -> Response:
    """Answer a request from the current release; if there is none, `why_none` says why.

    Raises what reading from the store raises, and IntegrityError if it does not have the promised bytes.
    """
    request = _placed(request, site)
    response = write_problem(_found(request, site, why_none), request, site)
    return replace(response, body=b"") if request.method == "HEAD" else response


def _found(request: Request, site: Site | None, why_none: Wording) -> Response:
    """Answer a request; lead to an address in lower case, if only there is something."""
    response = _respond(request, site, why_none)
    path = relative_path(request, site)
    if response.status != 404 or path == path.lower() or request.method not in ("GET", "HEAD"):
        return response
    other = replace(request, path=f"/{path.lower()}")
    found = _respond(other, site, why_none)
    if site is None or found.status == 404:
        return response
    led = replace(redirect(Call(other, site, {}, _NOWHERE), path.lower()), operation=found.operation)
    return _kept_private(led) if found.is_private else led


def _respond(request: Request, site: Site | None, why_none: Wording) -> Response:
    path = relative_path(request, site)
    shorter = path.rstrip("/")
    matches = _matches(path)
    near = matches or _matches(shorter)
    unmatched = Call(request, site, {}, _NOWHERE)
    try:
        if matches or request.method == "OPTIONS":
            response = _of_address(request, site, matches)
        else:
            response = redirect(unmatched, shorter) if near else nothing(unmatched)
    except NoReleaseError:
        response = problem(503, why_none, headers=(("Retry-After", "60"),))
    if near and not response.operation:
        response = replace(response, operation=near[0].route.operation)
    return _kept_private(response) if near and _is_private(request, near) else response


def _is_private(request: Request, matches: Sequence[Match]) -> bool:
    """Return whether a request to one of some routes may carry diagnoses."""
    if any(each.route.is_private for each in matches):
        return True
    names = {name for name, _text in parse_qsl(request.query, keep_blank_values=True)}
    return any(each.route.is_private_with(names) for each in matches)


def operation_of(request: Request, site: Site | None) -> str:
    """Return the operation of the route that a request is for; empty if there is none."""
    matches = _matches(relative_path(_placed(request, site), site))
    return matches[0].route.operation if matches else ""


def is_open(request: Request, site: Site | None) -> bool:
    """Return whether nobody needs a key for this."""
    return any(each.route.is_open for each in _matches(relative_path(_placed(request, site), site)))


def _placed(request: Request, site: Site | None) -> Request:
    """Return a request with the path of the base URL, if only what is left shows that a proxy stripped it.

    Below `https://a.example/health`, `/health/live` may be `live` or, without that path, `health/live`.
    """
    if site is None or not (site.prefix and request.path.startswith(f"{site.prefix}/")):
        return request
    is_stripped = not _matches(site.relative(request.path)) and _matches(request.path.removeprefix("/"))
    return replace(request, path=site.prefix + request.path) if is_stripped else request


def _matches(path: str) -> list[Match]:
    """Return the rows of one address, by method; `cds-services` could also be a language."""
    found = list(_MATCHER.matches(f"/{path}"))
    return [each for each in found if each.route.path == found[0].route.path]


def _kept_private(response: Response) -> Response:
    """Return a response that no shared cache keeps, no log describes, and whose address no link passes on."""
    headers = tuple(
        (name, _PRIVATE if name == "Cache-Control" and "public" in value else value)
        for name, value in response.headers
        if name != "Referrer-Policy"
    )
    return replace(response, headers=(*headers, ("Referrer-Policy", "no-referrer")), is_private=True)


def _of_address(request: Request, site: Site | None, matches: list[Match]) -> Response:
    if request.method == "OPTIONS":
        return _options(matches, request)
    chosen = next((each for each in matches if request.method in each.route.allowed), None)
    if chosen is None:
        allowed = _allowed(matches)
        detail = _NOT_ALLOWED.filled(method=request.method[:20], allowed=allowed)
        return problem(405, detail, headers=(("Allow", allowed),))
    return _answer(request, site, chosen)


def _answer(request: Request, site: Site | None, match: Match) -> Response:
    route = match.route
    values = read_parameters(route, request, match.values)
    if request.method == "POST" and request.body and request.media_type not in route.body:
        response = _unsupported(route)
    elif isinstance(values, Response):
        response = values
    else:
        found = route.answer(Call(request, site, values, route))
        objects = site.objects if site else _NoObjects()
        response = found if isinstance(found, Response) else deliver(request, found, objects)
    return replace(response, operation=route.operation)


def _unsupported(route: Route) -> Response:
    possible = ", ".join(route.body)
    # Accept-Post: https://www.w3.org/TR/ldp/#header-accept-post
    headers = (("Accept-Post", possible),)
    return problem(415, _NOT_SUPPORTED.filled(possible=possible), headers=headers)


def _allowed(matches: list[Match]) -> str:
    methods = dict.fromkeys(method for match in matches for method in match.route.allowed)
    return ", ".join(methods) or "GET, HEAD, OPTIONS"


def _options(matches: list[Match], request: Request) -> Response:
    allowed = _allowed(matches)
    headers: Headers = (("Allow", allowed), *COMMON)
    if "access-control-request-method" in request.headers:  # a browser asks for a page of another origin
        headers += (
            ("Access-Control-Allow-Methods", allowed),
            ("Access-Control-Allow-Headers", _ALLOWED_FIELDS),
            ("Access-Control-Max-Age", "86400"),
        )
    return Response(204, headers)
