"""From the path of a request to a route."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from healthtopics.delivery.route import Parameter, Route

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A route that a path leads to."""

    route: Route
    values: Mapping[str, str]
    """The texts in the placeholders of the path."""


class Matcher:
    """Finds routes by path; of several that match, the first in the table comes first."""

    def __init__(self, routes: Sequence[Route]) -> None:
        """Compile the templates of the routes."""
        patterns = [(_compiled(route), route) for route in routes]
        firsts = {_first_segment(route.path) for route in routes}
        # Trying every template would take longer than most answers.
        self._below = {
            first: [each for each in patterns if _may_begin(each[1].path, first)]
            for first in firsts
            if not _PLACEHOLDER.search(first)
        }
        self._below_others = [each for each in patterns if _may_begin(each[1].path, "")]

    def matches(self, path: str) -> Iterable[Match]:
        """Yield the routes whose template matches a decoded path, with its leading slash."""
        for pattern, route in self._below.get(_first_segment(path), self._below_others):
            if found := pattern.fullmatch(path):
                yield Match(route, found.groupdict())


def _first_segment(path: str) -> str:
    return path[1:].partition("/")[0]


def _may_begin(template: str, first: str) -> bool:
    """Return whether a path that begins with a segment may fit a template."""
    own = _first_segment(template)
    return own == first or _PLACEHOLDER.search(own) is not None


def _compiled(route: Route) -> re.Pattern[str]:
    parameters = {each.name: each for each in route.parameters if each.where == "path"}
    pieces = _PLACEHOLDER.split(route.path)
    return re.compile(
        "".join(
            f"(?P<{piece}>{_value(parameters[piece])})" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces)
        )
    )


def _value(parameter: Parameter) -> str:
    pattern = str(parameter.schema.get("pattern", "")).removeprefix("^").removesuffix("$")
    most = parameter.schema.get("maxLength")
    is_short = rf"(?=[^/]{{1,{most}}}(?:/|\Z))" if most else ""
    return is_short + (pattern or (".+" if parameter.has_slashes else "[^/]+"))
