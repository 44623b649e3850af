"""Pages of a Bundle. A page names its release, so that what was found stays while new releases come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from healthtopics.delivery.fhir.side import Side, side_of_release
from healthtopics.delivery.message import Response
from healthtopics.delivery.paging import PAGE_TOKEN, no_page
from healthtopics.delivery.parameters import written
from healthtopics.delivery.route import Call, Parameter
from healthtopics.jsontext import JsonObject

MOST_RESULTS: Final = 200
MOST_BYTES: Final = 4_000_000
"""Of the resources of a page: it ends after the one with which it becomes longer."""

COUNT: Final = Parameter(
    "_count",
    "The most results of a page, up to 200; fewer if they are long. 0 asks for their number only.",
    {"type": "integer", "minimum": 0, "default": 20},
    example=20,
)
PAGE: Final = replace(
    PAGE_TOKEN,
    description="Where to continue, as in the link `next`. It names a release, so that what was found stays "
    "the same while new releases come.",
)


@dataclass(frozen=True, slots=True)
class BundlePage:
    """The part of a Bundle that is asked for."""

    call: Call
    side: Side
    """That of the release that the Bundle is of."""
    after: int
    """Where it begins; 0 for the first page."""

    @property
    def count(self) -> int:
        """The most results that it has."""
        asked: int = self.call.values[COUNT.name]
        return min(asked, MOST_RESULTS)

    def links(self, path: str, following: int | None, asked: Iterable[tuple[str, str]]) -> list[JsonObject]:
        """Return the links of the Bundle at a path: to this page and, if there is one, to that which follows.

        They repeat what was asked.
        """
        pairs = list(asked)
        pages = {"self": self.call.values.get(PAGE.name)}
        if following is not None:
            pages["next"] = f"{self.side.site.number}-{following}"
        return [
            {"relation": relation, "url": _address(f"{self.side.base}/{path}", pairs, page)}
            for relation, page in pages.items()
        ]

    def given(self, parameters: Iterable[Parameter]) -> Iterator[tuple[str, str]]:
        """Yield names and values of the parameters that are given, that of `_count` as it was applied."""
        given = {**self.call.values, COUNT.name: self.count}
        for each in parameters:
            value = given.get(each.name)
            if value is not None and value != each.schema.get("default") and each.name != PAGE.name:
                yield from ((each.name, written(one)) for one in (value if each.repeats else (value,)))


def _address(url: str, pairs: Iterable[tuple[str, str]], page: str | None) -> str:
    query = urlencode([*pairs, *([(PAGE.name, page)] if page else [])], safe=":/|,")
    return f"{url}?{query}" if query else url


def open_bundle_page(call: Call, side: Side) -> BundlePage | Response:
    """Return the page that a call asks for; a problem if the release is not here."""
    given = call.values.get(PAGE.name)
    if given is None:
        return BundlePage(call, side, 0)
    number, after = map(int, given.split("-"))
    found = side_of_release(side, number)
    return BundlePage(call, found, after) if found else no_page(side.site, number)
