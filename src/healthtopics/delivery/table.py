"""The table of routes: the rows of all modules. Of two rows that match a path, the first answers."""

from typing import Final

from healthtopics.delivery import browsing, changes, files, health, listing, searching, topics
from healthtopics.delivery.documentation.routes import documented
from healthtopics.delivery.fhir import (
    bulk_files,
    bulk_publish,
    capability,
    exporting,
    operations,
    reading,
    terminology,
)
from healthtopics.delivery.fhir import searching as fhir_searching
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
        *capability.ROUTES,
        *operations.ROUTES,
        *terminology.ROUTES,
        *bulk_publish.ROUTES,
        *exporting.ROUTES,
        *bulk_files.ROUTES,
        *fhir_searching.ROUTES,
        *reading.ROUTES,
        *browsing.ROUTES,
        *topics.ROUTES,
        *files.ROUTES,
    )
)
