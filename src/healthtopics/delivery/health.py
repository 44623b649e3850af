"""Where the process says how it is."""

from typing import Final

from healthtopics.delivery.message import Response, json_response
from healthtopics.delivery.route import Call, Route, RouteAnswer, RouteDescription
from healthtopics.jsontext import Json

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
"""`server.health` answers here and at METRICS: both depend on more than the release."""
METRICS: Final = "/metrics"


def _live(call: Call) -> Response:
    document = {"status": "ok", "release": call.release.number if call.release else None}
    return json_response(200, "application/json", document)


_ANSWER: Final[Json] = {
    "type": "object",
    "required": ["status", "release"],
    "properties": {
        "status": {"enum": ["ok", "unfit"]},
        "release": {"type": ["integer", "null"], "description": "The number of the release that is served."},
        "reason": {"type": "string", "description": "Why it is not fit."},
        "warning": {"type": "string", "description": "Why the newest release is not the one that is served."},
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
        is_strict=False,
        answer=_live,
    ),
)
ELSEWHERE: Final = (
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
"""What `server.health` answers."""
