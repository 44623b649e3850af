"""What a route with diagnoses in its query answers stays between the client and the service."""

from collections.abc import Iterator

import pytest

from healthtopics.delivery.message import FORM, Request
from healthtopics.delivery.respond import respond
from healthtopics.delivery.table import ROUTES
from support.lists import many

PATHS = tuple(
    dict.fromkeys(
        each.path.replace("{service}", "topics-for-problems").replace("{fhir}", "r4").replace("{id}", "1")
        for each in ROUTES
        if each.is_private
    )
)
QUERIES = (
    "",
    "q=secret",
    "q=secret&page=1-0",
    "q=secret&page=999-0",
    "mainSearchCriteria.v.c=secret&mainSearchCriteria.v.cs=icd-10-cm",
    "mainSearchCriteria.v.dn=secret&knowledgeResponseType=secret",
    "secret=%",
)
TYPES = (FORM, "application/json", "text/plain", "")
BODIES = (*QUERIES, '{"q": "secret"}', '{"q": "secret", "page": "999-0"}', '{"hook": "patient-view"}')


def requests(path: str) -> Iterator[Request]:
    for end in ("", "/"):
        for query in QUERIES:
            for method in ("GET", "HEAD", "PUT", "OPTIONS"):
                for accept in ("", "image/png"):
                    yield Request(method, f"{path}{end}", {"accept": accept}, query)
        for body in BODIES:
            for media_type in TYPES:
                yield Request("POST", f"{path}{end}", {"content-type": media_type}, body=body.encode())


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_of_a_private_route_may_be_kept_logged_or_passed_on(path: str) -> None:
    seen: set[int] = set()
    for request in requests(path):
        response = respond(request, many())
        fields = dict(response.headers)
        seen.add(response.status)
        assert "public" not in fields.get("Cache-Control", ""), request
        assert ("Cache-Control" in fields) == (request.method != "OPTIONS"), request
        assert (response.is_private, fields["Referrer-Policy"]) == (True, "no-referrer"), request
        assert "secret" not in fields.get("Link", ""), request
    assert seen >= {204, 308, 400, 405}


@pytest.mark.parametrize(
    "query", ["code=O034", "code=O034&limit=1", "%63ode=O034", "code=secret|O034", "code="]
)
@pytest.mark.parametrize("path", ["/topics", "/topics/"])
def test_a_list_by_code_is_as_private_as_a_lookup(path: str, query: str) -> None:
    response = respond(Request("GET", path, query=query), many())
    fields = dict(response.headers)
    assert "public" not in fields["Cache-Control"]
    assert (response.is_private, fields["Referrer-Policy"]) == (True, "no-referrer")
    assert "O034" not in fields.get("Link", "")


def test_a_list_without_a_code_may_be_shared() -> None:
    response = respond(Request("GET", "/topics", query="limit=1"), many())
    assert dict(response.headers)["Cache-Control"].startswith("public")
    assert not response.is_private
