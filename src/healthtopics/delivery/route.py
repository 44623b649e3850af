"""A route: one row with everything that answers, checks and documents an address.

The table of all routes is `table.ROUTES`; the OpenAPI document is made from the same rows.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from healthtopics.delivery.message import Request, Response, Wording, problem
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.site import Site
from healthtopics.jsontext import Json


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request."""

    name: str
    description: str
    schema: Json
    """A JSON Schema of the value. Its `type` says how the text is read: an array has commas.

    The `pattern` and `maxLength` of a parameter in the path decide whether the route matches at all.
    """
    where: Literal["query", "path", "header"] = "query"
    is_required: bool = False
    example: Json = None
    repeats: bool = False
    """Whether it may come several times; its value is a tuple, then."""
    has_slashes: bool = False
    """Whether a parameter in the path spans several segments."""
    is_private: bool = False
    """Whether its value may be a diagnosis: then answers to it are like those of a private route."""


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """What a route may answer with one status."""

    description: str
    media_types: tuple[str, ...] = ()
    schema: Json | None = None
    """A JSON Schema of the body, or a reference to one; None if it has none."""


PARTS: Final[Mapping[int, RouteAnswer]] = {
    206: RouteAnswer("The part of the file that `Range` asks for."),
    416: RouteAnswer("The file does not have the part that `Range` asks for.", ("application/problem+json",)),
}
"""What may happen to files besides what may happen everywhere."""


class NoReleaseError(Exception):
    """An answer needs a release, and there is none."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a route, understood."""

    request: Request
    release: Site | None
    """The current release; None if there is none."""
    values: Mapping[str, Any]
    """Parameters by name, parsed and valid; absent ones are missing. Those that repeat are tuples."""
    route: "Route"

    @property
    def site(self) -> Site:
        """The current release, for what cannot be answered without one; raises NoReleaseError."""
        if self.release is None:
            raise NoReleaseError
        return self.release

    @property
    def is_private(self) -> bool:
        """Whether it may carry diagnoses."""
        return self.route.is_private_with(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDescription:
    """An address, as it is documented."""

    path: str
    """As OpenAPI writes it: `/{language}/{topic}`."""
    operation: str
    """The operationId, in camel case."""
    summary: str
    description: str = ""
    tag: str
    parameters: tuple[Parameter, ...] = ()
    answers: Mapping[int, RouteAnswer]
    """By status. What every route may answer (400, 405, 500, 503) need not be repeated."""
    methods: tuple[str, ...] = ("GET",)
    """HEAD comes with GET, OPTIONS with each."""
    body: Mapping[str, Json] = field(default_factory=dict)
    """Of POST, by media type: its JSON Schema; empty if parameters are in the body, as FORM or JSON."""
    needs_body: bool = True
    """Whether POST must have a body that is not made of parameters."""
    is_private: bool = False
    """Whether its query may carry diagnoses: it never reaches logs, metrics or shared caches."""
    is_open: bool = False
    """Whether nobody needs a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(RouteDescription):
    """An address, and how it is answered."""

    is_strict: bool = True
    """Whether unknown query parameters are refused. Not on pages: links there carry tracking parameters."""
    most_parameters: int = 100
    """The most that a request may have, repetitions and unknown ones included."""
    answer: Callable[[Call], Response | Representation]

    @property
    def allowed(self) -> tuple[str, ...]:
        """All methods that are answered."""
        with_head = ("HEAD",) if "GET" in self.methods else ()
        return (*self.methods, *with_head, "OPTIONS")

    def is_private_with(self, names: Container[str]) -> bool:
        """Return whether a request with parameters of these names may carry diagnoses."""
        return self.is_private or any(each.is_private and each.name in names for each in self.parameters)


def refused(parameter: str, detail: Wording, possible: tuple[Json, ...] = ()) -> Response:
    """Return 400 with the parameter named, if it is one, and its possible values, if they can be listed."""
    members: dict[str, Json] = {"parameter": parameter} if parameter else {}
    if possible:
        members["possible"] = list(possible)
    return problem(400, detail, **members)
