"""From the path of a request to a route."""

import pytest

from healthtopics.delivery.matching import Matcher
from healthtopics.delivery.route import Parameter, Route
from healthtopics.delivery.topics import nothing

FIRST, SECOND = (Parameter(name, "", {}, where="path") for name in ("first", "second"))
TEMPLATES = ("/fhir/{second}", "/fhir/metadata", "/{first}/{second}", "/{first}.json", "/")


@pytest.mark.parametrize(
    ("path", "matching"),
    [
        ("/fhir/metadata", ["/fhir/{second}", "/fhir/metadata", "/{first}/{second}"]),
        ("/fhir/r4", ["/fhir/{second}", "/{first}/{second}"]),
        ("/en/angina", ["/{first}/{second}"]),
        ("/fhir.json", ["/{first}.json"]),
        ("/", ["/"]),
        ("/fhir", []),
        ("//r4", []),
        ("", []),
    ],
)
def test_a_path_leads_to_every_route_that_it_fits(path: str, matching: list[str]) -> None:
    routes = [
        Route(
            path=path,
            operation=path,
            summary="",
            tag="",
            parameters=(FIRST, SECOND),
            answers={},
            answer=nothing,
        )
        for path in TEMPLATES
    ]
    assert [match.route.path for match in Matcher(routes).matches(path)] == matching
