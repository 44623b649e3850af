"""Parameters of requests: read by their schemas, refused by name."""

from typing import Any

import pytest

from healthtopics.delivery.message import FORM, ProblemDetails, Request, Response
from healthtopics.delivery.parameters import read_parameters
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer


def never(_call: Call) -> Response | Representation:
    raise AssertionError


ROUTE = Route(
    path="/list/{kind}",
    operation="list",
    summary="A list",
    tag="Lists",
    parameters=(
        Parameter("kind", "A kind.", {"type": "string"}, where="path", is_required=True),
        Parameter("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
        Parameter("from", "How far.", {"type": "integer", "minimum": 0}),
        Parameter("near", "Degrees.", {"type": "number"}),
        Parameter("lang", "Languages.", {"type": "array", "items": {"enum": ["en", "es"]}}),
        Parameter("code", "Codes.", {"type": "string", "minLength": 1}, repeats=True, example="O03.4"),
        Parameter("name", "A name.", {"type": "string", "maxLength": 300}, example="x"),
        Parameter("complete", "Complete only.", {"type": "boolean"}),
        Parameter("since", "A day.", {"type": "string", "format": "date"}, example="2026-11-20"),
        Parameter("X-Reader", "Who reads.", {"enum": ["patient", "provider"]}, where="header"),
    ),
    answers={200: RouteAnswer("The list.")},
    methods=("GET", "POST"),
    body={FORM: {}},
    answer=never,
)


def read(query: str, **fields: Any) -> Any:
    request = Request(**{"method": "GET", "path": "/list/x", "query": query, **fields})
    return read_parameters(ROUTE, request, {"kind": "x"})


def refusal(query: str, **fields: Any) -> ProblemDetails:
    response = read(query, **fields)
    assert response.status == 400
    assert response.problem
    found: ProblemDetails = response.problem
    return found


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {}),
        ("&&", {}),
        ("limit=7", {"limit": 7}),
        ("near=-7.25", {"near": -7.25}),
        ("lang=en,es", {"lang": ("en", "es")}),
        ("lang=es", {"lang": ("es",)}),
        ("code=O03.4&code=F%C3%BCr+x", {"code": ("O03.4", "Für x")}),
        ("complete=true&since=2026-11-20", {"complete": True, "since": "2026-11-20"}),
    ],
)
def test_texts_become_values(query: str, values: dict[str, Any]) -> None:
    assert read(query) == {"kind": "x", "limit": 20} | values


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("limit=101", "limit", "“101” is not a valid value of the parameter limit."),
        ("limit=", "limit", "It must be a whole number from 1 to 100."),
        ("from=-1", "from", "It must be a whole number, 0 or more."),
        ("limit=1.0", "limit", "It must be a whole number"),
        ("limit=٧", "limit", "It must be a whole number"),
        ("near=nan", "near", "“nan” is not a valid value of the parameter near."),
        ("lang=fr,en", "lang", "Possible values: en, es."),
        ("code=", "code", "Example: O03.4."),
        ("code=a&code=", "code", "“”"),
        ("complete=yes", "complete", "Possible values: true, false."),
        ("since=2026-02-30", "since", "Example: 2026-11-20."),
        ("limit=1&limit=1", "limit", "the parameter limit comes more than once; give it once."),
        ("Limit=1", "Limit", "is not known here. Possible are: limit, from, near, lang, code,"),
        ("kind=y", "kind", "not known here"),
        ("limit=%FF", "", "the parameters are not percent-encoded UTF-8."),
        ("limit=5%", "", "the parameters are not percent-encoded UTF-8."),
        ("name=" + "é" * 301, "name", "It has 301 characters; at most 300 are possible."),
        ("code=a&" * 101, "", "the request has more than 100 parameters."),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(query: str, parameter: str, detail: str) -> None:
    found = refusal(query)
    assert found.members.get("parameter", "") == parameter
    assert "" not in found.members.values(), "what is no parameter has no name"
    assert detail in found.detail.en


def test_the_possible_values_are_listed_for_programs() -> None:
    assert refusal("lang=fr").members["possible"] == ["en", "es"]
    assert refusal("complete=1").members["possible"] == [True, False]
    assert "possible" not in refusal("limit=0").members


def test_a_spanish_reader_gets_a_spanish_sentence() -> None:
    assert refusal("limit=0").detail.es == (
        "“0” no es un valor válido del parámetro limit. Debe ser un número entero de 1 a 100."
    )


def test_a_form_is_read_like_a_query() -> None:
    fields: dict[str, Any] = {"method": "POST", "body": b"code=O03.4&complete=false"}
    headers = {"content-type": f"{FORM}; charset=utf-8"}
    assert read("limit=3", headers=headers, **fields) == {
        "kind": "x",
        "limit": 3,
        "code": ("O03.4",),
        "complete": False,
    }
    assert "code" not in read("", headers={"content-type": "text/plain"}, **fields)
    assert read("", headers=headers, **fields | {"body": "é".encode()}).status == 400


def test_a_header_may_be_a_parameter() -> None:
    assert read("", headers={"x-reader": "patient"})["X-Reader"] == "patient"
    assert refusal("", headers={"x-reader": "x"}).members["possible"] == ["patient", "provider"]
