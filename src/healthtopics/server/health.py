"""About the process: whether its release is fit, and what it has counted."""

from dataclasses import dataclass, replace
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST

from healthtopics.delivery.health import LIVE, METRICS, READY
from healthtopics.delivery.message import COMMON, Response, Wording, json_response, problem
from healthtopics.server.tally import Tally

_NOT_ALLOWED: Final = Wording(
    en="only GET and HEAD are possible here.", es="aquí solo son posibles GET y HEAD."
)
_ALLOW: Final = ("Allow", "GET, HEAD, OPTIONS")


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether the release that is served may be relied on."""

    number: int
    """That of the release; 0 for none."""
    reason: str = ""
    """Why it may not; empty if it may."""
    warning: str = ""
    """Why a newer release is not served; empty if there is none."""


def is_open(target: bytes, prefix: str) -> bool:
    """Return whether nobody needs a key for a request of the process."""
    return LIVE in _paths(target, prefix) or is_target(target, prefix)


def is_target(target: bytes, prefix: str) -> bool:
    """Return whether a request is answered here; `prefix` is the path of the base URL.

    A proxy may strip the prefix or leave it. Metrics are at the root only, where the proxy keeps them from
    the public.
    """
    path, *below = _paths(target, prefix)
    return path in (READY, METRICS) or READY in below


def _paths(target: bytes, prefix: str) -> tuple[str, ...]:
    """Return the path of a target; then the one below the prefix, if it is that."""
    path = target.partition(b"?")[0].decode("latin-1")
    return (path, path.removeprefix(prefix)) if path.startswith(f"{prefix}/") else (path,)


def respond(method: bytes, target: bytes, fitness: Fitness, tally: Tally) -> Response:
    """Answer a request that is a target of this module."""
    path = METRICS if _paths(target, "")[0] == METRICS else READY
    if method == b"OPTIONS":
        response = Response(204, (_ALLOW, *COMMON))
    elif method not in (b"GET", b"HEAD"):
        response = problem(405, _NOT_ALLOWED, headers=(_ALLOW,))
    elif path == METRICS:
        response = _metrics(tally)
    else:
        response = _ready(fitness)
    return replace(response, body=b"" if method == b"HEAD" else response.body, operation=path)


def _ready(fitness: Fitness) -> Response:
    warning = {"warning": fitness.warning} if fitness.warning else {}
    if not fitness.reason:
        return json_response(200, "application/json", {"status": "ok", "release": fitness.number, **warning})
    document = {"status": "unfit", "release": fitness.number or None, "reason": fitness.reason, **warning}
    return json_response(503, "application/json", document, (("Retry-After", "60"),))


def _metrics(tally: Tally) -> Response:
    text = tally.text()
    headers = (
        ("Content-Type", CONTENT_TYPE_LATEST),
        ("Content-Length", str(len(text))),
        ("Cache-Control", "no-store"),
        *COMMON,
    )
    return Response(200, headers, text)
