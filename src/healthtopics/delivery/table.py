"""The table of routes: the rows of all modules. Of two rows that match a path, the first answers."""

from typing import Final

from healthtopics.delivery import changes, files, health, listing, searching, topics
from healthtopics.delivery.documentation.routes import documented
from healthtopics.delivery.lookup import cds, infobutton
from healthtopics.delivery.route import Route

ROUTES: Final[tuple[Route, ...]] = documented(
    (
        *health.ROUTES,
        *listing.ROUTES,
        *searching.ROUTES,
        *changes.ROUTES,
        *infobutton.ROUTES,
        *cds.ROUTES,
        *topics.ROUTES,
        *files.ROUTES,
    )
)
