"""Pages of a list. A page names its release, so that a list stays the same while new releases come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from healthtopics import jsontext
from healthtopics.delivery.message import Response, Wording, problem
from healthtopics.delivery.parameters import written
from healthtopics.delivery.representation import BRIEF, Link, Representation, computed
from healthtopics.delivery.route import Call, Parameter, RouteAnswer
from healthtopics.delivery.site import Site
from healthtopics.delivery.variants import described_by
from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import Json

PAGE_TOKEN: Final = Parameter(
    "page",
    "Where to continue: `nextPage` of an answer, or as in its links. It names a release, so that a list "
    "stays the same while new releases come.",
    {"type": "string", "pattern": "^[1-9][0-9]{0,11}-(0|[1-9][0-9]{0,8})$"},
    example="1-0",
)
LIMIT: Final = Parameter(
    "limit",
    "The most items of a page.",
    {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    example=50,
)

PROBLEMS: Final[Mapping[int, RouteAnswer]] = {
    410: RouteAnswer(
        "The release that the request names is not known any more; what to do instead.",
        ("application/problem+json",),
    ),
}
"""What may happen to lists besides what may happen everywhere."""

_GONE: Final = Wording(
    en="release {number} is not here any more. Begin again: {instead}.",
    es="la versión {number} ya no está aquí. Empiece de nuevo: {instead}.",
)
_TO_COME: Final = Wording(
    en="there is no release {number} yet; the current one is {current}. Begin again: {instead}.",
    es="todavía no existe la versión {number}; la actual es la {current}. Empiece de nuevo: {instead}.",
)
_WITHOUT_PAGE: Final = Wording(en="without page", es="sin page")


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that is asked for."""

    call: Call
    index: TopicIndex
    """That of the release that the list is from."""
    number: int
    """The number of that release."""
    offset: int
    limit: int

    def answer(
        self, schema: str, total: int, members: Mapping[str, Json], *, language: str = ""
    ) -> Representation:
        """Return the page as JSON, with the links to other pages (RFC 8288) of a list with so many items.

        `schema` is the name of a public one.
        """
        site, others = self.call.site, dict(self._others(total))
        following = {"nextPage": self._token(others["next"])} if "next" in others else {}
        time = self.index.release.time
        document = {"release": self.number, "time": time, **members, **following}
        # The addresses of a private list repeat what was asked; `nextPage` is enough to go on.
        links = () if self.call.is_private else tuple(self._links(others))
        found = computed(jsontext.dump(document), "application/json", modified=time, language=language)
        return replace(found, links=(*links, *described_by(site, f"public/{schema}.schema.json")))

    def _links(self, others: Mapping[str, int]) -> Iterator[Link]:
        for rel, offset in others.items():
            yield Link(_address(self.call, {PAGE_TOKEN.name: self._token(offset)}), rel, "application/json")

    def _token(self, offset: int) -> str:
        return f"{self.number}-{offset}"

    def _others(self, total: int) -> Iterator[tuple[str, int]]:
        last = max(0, (total - 1) // self.limit * self.limit)
        yield "first", 0
        if self.offset > 0:
            yield "prev", max(0, min(self.offset - self.limit, last))
        if self.offset + self.limit < total:
            yield "next", self.offset + self.limit
        yield "last", last


def open_page(call: Call) -> Page | Response:
    """Return the page that a call asks for; a problem if the release is not here."""
    site, limit = call.site, call.values[LIMIT.name]
    given = call.values.get(PAGE_TOKEN.name)
    if given is None:
        return Page(call, site.index, site.number, 0, limit)
    number, offset = map(int, given.split("-"))
    index = site.index if number == site.number else site.earlier(number)
    if index is not None:
        return Page(call, index, number, offset, limit)
    return no_page(site, number, **({} if call.is_private else {"first": _address(call, {})}))


def no_page(site: Site, number: int, **members: Json) -> Response:
    """Return the problem with a page of a release that is not here; `members` say more."""
    return no_release(site, number, _WITHOUT_PAGE, 400, parameter=PAGE_TOKEN.name, **members)


def no_release(
    site: Site, number: int, instead: Wording | str, not_yet: int = 404, **members: Json
) -> Response:
    """Return the problem with a release that is not here: 410 if there was one, otherwise `not_yet`.

    `instead` says how to begin again.
    """
    is_past = number < site.number
    detail = (_GONE if is_past else _TO_COME).filled(number=number, current=site.number, instead=instead)
    return problem(410 if is_past else not_yet, detail, cache=BRIEF, **members)


def _address(call: Call, values: Mapping[str, Any]) -> str:
    """Return the address of a call with other values of some parameters; without them, from its beginning."""
    kept = {
        each.name: call.values[each.name]
        for each in call.route.parameters
        if each.name in call.values
        and each.name != PAGE_TOKEN.name
        and call.values[each.name] != each.schema.get("default")
    }
    query = urlencode({name: written(value) for name, value in sorted({**kept, **values}.items())})
    path = call.site.address(call.site.relative(call.request.path))
    return f"{path}?{query}" if query else path
