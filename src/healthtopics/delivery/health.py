"""Whether the service runs. Answered without a release, too."""

from healthtopics.delivery.message import Response, json_response
from healthtopics.delivery.site import Site

LIVE = "/health/live"


def live(site: Site | None) -> Response:
    """Return that the process answers, and the number of the release that it serves."""
    return json_response(200, "application/json", {"status": "ok", "release": site.number if site else None})
