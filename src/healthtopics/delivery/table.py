"""The table of routes: the rows of all modules. Of two rows that match a path, the first answers."""

from typing import Final

from healthtopics.delivery import files, health, topics
from healthtopics.delivery.documentation.routes import documented
from healthtopics.delivery.route import Route

ROUTES: Final[tuple[Route, ...]] = documented((*health.ROUTES, *topics.ROUTES, *files.ROUTES))
