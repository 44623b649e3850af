"""Where the documentation of the service is."""

from typing import Final

from healthtopics.delivery.message import LANGUAGES
from healthtopics.delivery.pages import HTML
from healthtopics.delivery.representation import Link
from healthtopics.delivery.site import Site

OPENAPI: Final = "application/vnd.oai.openapi+json"
"""The media type of an OpenAPI document, without its version."""
CATALOG: Final = ".well-known/api-catalog"


def service_links(site: Site) -> tuple[Link, ...]:
    """Return links to the documentation (RFC 8631, RFC 9727)."""
    return (
        Link(site.address("openapi.json"), "service-desc", f"{OPENAPI};version=3.1"),
        *(Link(site.address(f"docs/{each}"), "service-doc", HTML, each) for each in LANGUAGES),
        Link(site.address(CATALOG), "api-catalog"),
    )
