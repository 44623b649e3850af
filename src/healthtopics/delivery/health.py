"""Where the process says how it is. Answered without a release, too."""

from dataclasses import replace
from typing import Final

from healthtopics.delivery.message import Response, json_response
from healthtopics.delivery.site import Site

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
"""`server.health` answers here and at METRICS: both depend on more than the release."""
METRICS: Final = "/metrics"


def live(site: Site | None) -> Response:
    """Return that the process answers, and the number of the release that it serves."""
    document = {"status": "ok", "release": site.number if site else None}
    return replace(json_response(200, "application/json", document), operation=LIVE)
