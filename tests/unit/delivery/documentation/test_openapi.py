"""The OpenAPI document says what the rows of routes say, all of it and only that."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from healthtopics.delivery import health
from healthtopics.delivery.documentation.facts import facts_of
from healthtopics.delivery.documentation.openapi import TAGS, describe, operation_id
from healthtopics.delivery.documentation.wording import words_of
from healthtopics.delivery.message import FORM, Request
from healthtopics.delivery.outcome import FHIR_JSON, is_fhir
from healthtopics.delivery.problem_details import PROBLEM
from healthtopics.delivery.respond import respond
from healthtopics.delivery.route import Parameter, Route, RouteAnswer
from healthtopics.delivery.table import ROUTES
from healthtopics.schema import packaged
from support.releases import BASE, MemoryStore, publish, site_of

STORE = MemoryStore()
publish(STORE)
SITE = site_of(STORE)
DOCUMENT: Any = json.loads(respond(Request("GET", "/openapi.json"), SITE).body)
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
DESCRIBED = (*ROUTES, *health.ELSEWHERE)
ROWS = {operation_id(route, method): (route, method) for route in DESCRIBED for method in route.methods}


def described(*routes: Route) -> Any:
    return describe(routes, facts_of(SITE), "en", words_of("en"))


def values_in(value: Any, key: str) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name == key:
                yield each
            yield from values_in(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from values_in(each, key)


def test_it_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_every_row_is_described_and_everything_described_is_a_row() -> None:
    assert OPERATIONS.keys() == ROWS.keys()
    assert len(ROWS) == sum(len(route.methods) for route in DESCRIBED), (
        "an operation has the id of another one"
    )
    for identity, (route, method) in ROWS.items():
        path, described_method, operation = OPERATIONS[identity]
        assert (path, described_method) == (route.path, method.lower())
        assert operation["summary"] == route.summary
        assert route.answers.keys() <= {int(status) for status in operation["responses"]}
        in_body = {
            name
            for content in operation.get("requestBody", {}).get("content", {}).values()
            for name in content["schema"].get("properties", ())
        }
        names = {(each["in"], each["name"]) for each in operation["parameters"]}
        rows = {(each.where, each.name) for each in route.parameters}
        assert {each for each in rows if each[0] != "query" or each[1] not in in_body} == names


def test_every_placeholder_of_a_path_is_a_parameter() -> None:
    for path, _method, operation in OPERATIONS.values():
        names = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        assert sorted(re.findall(r"\{(\w+)\}", path)) == sorted(names)


def test_no_two_paths_differ_in_the_names_of_placeholders_only() -> None:
    # OpenAPI 3.1.1, §4.8.8.2: such paths are identical, and invalid.
    shapes = [re.sub(r"\{\w+\}", "{}", path) for path in DOCUMENT["paths"]]
    assert len(set(shapes)) == len(shapes)


def expected_errors(path: str) -> list[str]:
    """Return the media types of errors at an address; the name of a file may begin with `fhir/`."""
    if is_fhir(path[1:]):
        return [FHIR_JSON]
    return [PROBLEM, "text/html", *([FHIR_JSON] if path.startswith("/{name}") else [])]


def test_every_error_is_a_problem() -> None:
    common = DOCUMENT["components"]["responses"]
    for path, _method, operation in OPERATIONS.values():
        assert {"400", "405", "500", "503"} <= operation["responses"].keys()
        for status, answer in operation["responses"].items():
            # Monitors read the status and a small JSON object.
            if int(status) >= 400 and operation["operationId"] != "isReady":
                found = common[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
                assert list(found["content"]) == expected_errors(path)


def test_an_address_with_parameters_may_be_that_of_nothing() -> None:
    for path, _method, operation in OPERATIONS.values():
        assert ("404" in operation["responses"]) >= ("{" in path)


def test_each_address_allows_the_methods_that_are_described() -> None:
    for path, item in DOCUMENT["paths"].items():
        if path == health.READY:
            continue
        parameters = next(each for name, each in item.items())["parameters"]
        examples = {each["name"]: each["example"] for each in parameters if each["in"] == "path"}
        allowed = dict(respond(Request("OPTIONS", path.format(**examples)), SITE).headers)["Allow"]
        described = {name.upper() for name in item}
        assert set(allowed.split(", ")) - {"HEAD", "OPTIONS"} == described, path


def test_every_tag_is_explained() -> None:
    assert {tag for route in DESCRIBED for tag in [route.tag]} == TAGS.keys()


def test_every_reference_leads_somewhere() -> None:
    for reference in values_in(DOCUMENT, "$ref"):
        place = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part.replace("~1", "/").replace("~0", "~")]


def test_it_says_where_it_is() -> None:
    assert DOCUMENT["servers"] == [{"url": BASE}]


def test_every_request_is_below_the_base_url() -> None:
    store = MemoryStore()
    publish(store, base_url=f"{BASE}/health")
    site = site_of(store)
    document = json.loads(respond(Request("GET", "/health/openapi.json"), site).body)
    item = document["paths"][health.READY]
    assert item["get"]["x-codeSamples"][0]["source"] == f"curl {BASE}/health/health/ready"
    assert not any("servers" in each for each in document["paths"].values())
    response = respond(Request("GET", "/health/.well-known/api-catalog"), site)
    assert json.loads(response.body)["linkset"][1]["status"] == [{"href": f"{BASE}/health/health/ready"}]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/vnd.oai.openapi+json;version=3.1"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json;version=3.1"),
        ("application/json", "application/json"),
    ],
)
def test_its_media_type_is_the_one_that_the_request_asks_for(accept: str, media_type: str) -> None:
    response = respond(Request("GET", "/openapi.json", {"accept": accept}), SITE)
    assert dict(response.headers)["Content-Type"] == media_type


def test_it_does_not_exist_as_yaml() -> None:
    response = respond(Request("GET", "/openapi.json", {"accept": "application/yaml"}), SITE)
    assert response.status == 406
    assert "application/json" in json.loads(response.body)["detail"]


def _no_answer(_call: object) -> Any:
    raise AssertionError


FORM_ROUTE = Route(
    path="/look-up",
    operation="lookUp",
    summary="Look something up",
    tag="Topics",
    parameters=(
        Parameter("code", "A code.", {"type": "string"}, is_required=True, repeats=True),
        Parameter("lang", "Languages.", {"type": "array", "items": {"enum": ["en", "es"]}}),
        Parameter("Prefer", "A preference.", {"type": "string"}, where="header"),
    ),
    answers={
        200: RouteAnswer(
            "The topics.", ("application/json",), {"$ref": packaged("public/topics.schema.json")["$id"]}
        )
    },
    methods=("GET", "POST"),
    body={FORM: {}},
    is_private=True,
    answer=_no_answer,
)


def test_nobody_needs_a_key_to_know_how_the_service_is() -> None:
    for identity in ("isLive", "isReady"):
        assert OPERATIONS[identity][2]["security"] == []
    assert "security" not in OPERATIONS["getTopic"][2]


def test_every_example_of_a_path_goes_with_that_of_its_query() -> None:
    parameters = {each["name"]: each for each in OPERATIONS["getTopicInLanguage"][2]["parameters"]}
    assert parameters["lang"]["example"] == [parameters["language"]["example"]]


def test_a_form_has_the_parameters_of_the_query() -> None:
    item = described(FORM_ROUTE)["paths"]["/look-up"]
    assert [each["name"] for each in item["get"]["parameters"]] == ["code", "lang", "Prefer"]
    assert [each["name"] for each in item["post"]["parameters"]] == ["Prefer"]
    schema = item["post"]["requestBody"]["content"][FORM]["schema"]
    assert schema["required"] == ["code"]
    assert schema["properties"].keys() == {"code", "lang"}
    code = {"type": "string"}
    assert schema["properties"]["code"]["anyOf"] == [code, {"type": "array", "items": code}]
    assert (item["get"]["operationId"], item["post"]["operationId"]) == ("lookUp", "lookUpByPost")
    assert "304" not in item["post"]["responses"]


def test_lists_have_commas_and_repeated_parameters_repeat() -> None:
    code, lang, _ = described(FORM_ROUTE)["paths"]["/look-up"]["get"]["parameters"]
    assert (code["schema"], code["explode"]) == ({"type": "array", "items": {"type": "string"}}, True)
    assert lang["explode"] is False


def test_a_public_schema_is_a_component() -> None:
    document = described(FORM_ROUTE)
    content = document["paths"]["/look-up"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content == {"schema": {"$ref": "#/components/schemas/topics"}}
    component = document["components"]["schemas"]["topics"]
    assert component["title"] == packaged("public/topics.schema.json")["title"]
    assert all(each.startswith("#/components/schemas/topics/$defs/") for each in values_in(component, "$ref"))
