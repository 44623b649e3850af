"""Where the process says how it is. Answered without a release, too."""

from dataclasses import replace
from typing import Final

from healthtopics.delivery.message import Response, json_response
from healthtopics.delivery.route import Call, Route, RouteAnswer, RouteDescription
from healthtopics.delivery.site import Site
from healthtopics.jsontext import Json

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
"""`server.health` answers here and at METRICS: both depend on more than the release."""
METRICS: Final = "/metrics"


def live(site: Site | None) -> Response:
    """Return that the process answers, and the number of the release that it serves."""
    document = {"status": "ok", "release": site.number if site else None}
    return replace(json_response(200, "application/json", document), operation=LIVE)


def _live(call: Call) -> Response:
    return live(call.site)


_ANSWER: Final[Json] = {
    "type": "object",
    "required": ["status", "release"],
    "properties": {
        "status": {"enum": ["ok", "unfit"]},
        "release": {"type": ["integer", "null"], "description": "The number of the release that is served."},
        "reason": {"type": "string", "description": "Why it is not fit."},
    },
}
_FIT: Final = RouteAnswer("It is.", ("application/json",), _ANSWER)

ROUTES: Final = (
    Route(
        path=LIVE,
        operation="isLive",
        summary="Whether the process answers",
        tag="Status",
        answers={200: _FIT},
        is_open=True,
        answer=_live,
    ),
)
AT_ROOT: Final = (
    RouteDescription(
        path=READY,
        operation="isReady",
        summary="Whether the release is whole and has not expired",
        tag="Status",
        answers={
            200: _FIT,
            503: RouteAnswer("It is not; `reason` says why.", ("application/json",), _ANSWER),
        },
        is_open=True,
    ),
)
"""What `server.health` answers, at the root of the host, whatever the base URL is."""
