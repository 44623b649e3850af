"""About the process: whether its release is fit, and what it has counted."""

from dataclasses import replace
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST

from healthtopics.delivery.health import LIVE, METRICS, READY
from healthtopics.delivery.message import COMMON, Response, Wording, json_response, problem
from healthtopics.server.tally import Tally

OPEN: Final = frozenset(path.encode() for path in (LIVE, READY, METRICS))
"""The paths for which nobody needs a key."""
TARGETS: Final = frozenset(path.encode() for path in (READY, METRICS))
"""Those that are answered here."""

_NOT_ALLOWED: Final = Wording(
    en="only GET and HEAD are possible here.", es="aquí solo son posibles GET y HEAD."
)
_ALLOW: Final = ("Allow", "GET, HEAD, OPTIONS")


def respond(method: bytes, target: bytes, reason: str, number: int, tally: Tally) -> Response:
    """Answer a request for one of TARGETS; `reason` says why the release is not fit, if it is not."""
    path = target.partition(b"?")[0].decode()
    if method == b"OPTIONS":
        response = Response(204, (_ALLOW, *COMMON))
    elif method not in (b"GET", b"HEAD"):
        response = problem(405, _NOT_ALLOWED, headers=(_ALLOW,))
    elif path == METRICS:
        response = _metrics(tally)
    else:
        response = _ready(reason, number)
    return replace(response, body=b"" if method == b"HEAD" else response.body, operation=path)


def _ready(reason: str, number: int) -> Response:
    if not reason:
        return json_response(200, "application/json", {"status": "ok", "release": number})
    document = {"status": "unfit", "release": number or None, "reason": reason}
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
