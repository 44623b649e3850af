import json
import re
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from healthtopics.delivery.lookup.request import CRITERIA, MOST_CONCEPTS
from healthtopics.delivery.message import FORM, Request, Response
from support.lookups import BASE, answered

CODE = "mainSearchCriteria.v.c=O03.4&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90"
JSON = f"{CODE}&knowledgeResponseType=application/json"


def get(path: str, query: str = "", **headers: str) -> Response:
    return answered(
        Request("GET", path, {key.replace("_", "-"): value for key, value in headers.items()}, query)
    )


def post(path: str, body: str, query: str = "") -> Response:
    return answered(Request("POST", path, {"content-type": f"{FORM}; charset=utf-8"}, query, body.encode()))


def header(response: Response, name: str) -> str:
    return dict(response.headers).get(name, "")


def feed(response: Response) -> dict[str, Any]:
    assert (response.status, header(response, "Content-Type")) == (200, "application/json")
    found: dict[str, Any] = json.loads(response.body)["feed"]
    return found


@pytest.mark.parametrize("path", ["/infobutton", "/service"])
@pytest.mark.parametrize(
    ("form", "media_type", "start"),
    [
        ("text/xml", "text/xml; charset=utf-8", b"<?xml"),
        ("application/atom+xml", "application/atom+xml", b"<?xml"),
        ("application/json", "application/json", b"{"),
        ("application/javascript&callback=f", "application/javascript; charset=utf-8", b"/**/f({"),
        ("text/html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("Application/JSON", "application/json", b"{"),
    ],
)
def test_the_form_is_the_one_that_is_asked_for(path: str, form: str, media_type: str, start: bytes) -> None:
    response = get(path, f"{CODE}&knowledgeResponseType={form}")
    assert (response.status, header(response, "Content-Type")) == (200, media_type)
    assert response.body.startswith(start)


@pytest.mark.parametrize("path", ["/infobutton", "/service", "/application"])
def test_as_many_codes_as_there_may_be_have_all_their_parameters(path: str) -> None:
    def query(count: int) -> str:
        fields = ("c", "cs", "dn", "ot")
        return "&".join(f"{CRITERIA}.v.{each}{n}=x" for n in range(count) for each in fields)

    assert post(path, query(MOST_CONCEPTS)).status == 200
    assert b"more than 50 times" in post(path, query(MOST_CONCEPTS + 1)).body
    assert b"more than 250 parameters" in post(path, "x=1&" * 251).body


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/infobutton", "", "text/xml; charset=utf-8"),
        ("/infobutton", "*/*", "text/xml; charset=utf-8"),
        ("/infobutton", "application/json", "application/json"),
        (
            "/infobutton",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html; charset=utf-8",
        ),
        ("/service", "application/json", "text/xml; charset=utf-8"),
        ("/application", "application/json", "text/html; charset=utf-8"),
    ],
)
def test_without_a_form_each_address_has_its_own(path: str, accept: str, media_type: str) -> None:
    response = get(path, CODE, accept=accept) if accept else get(path, CODE)
    assert (response.status, header(response, "Content-Type")) == (200, media_type)
    assert ("Accept," in f"{header(response, 'Vary')},") == (path == "/infobutton")


def test_an_address_may_offer_no_form_that_a_client_accepts() -> None:
    response = get("/infobutton", f"{CODE}&informationRecipient.languageCode.c=es", accept="image/png")
    assert response.status == 406
    found = json.loads(response.body)
    assert "Accept no permite" in found["detail"]
    assert [each["type"] for each in found["available"]] == [
        "text/xml",
        "application/atom+xml",
        "application/json",
        "text/html",
    ]
    assert {each["href"] for each in found["available"]} == {"/infobutton"}


def test_the_application_is_a_page_whatever_a_client_accepts() -> None:
    response = get(
        "/application", f"{CODE}&informationRecipient.languageCode.c=es-MX", accept="application/json"
    )
    assert header(response, "Content-Type") == "text/html; charset=utf-8"
    assert header(response, "Content-Language") == "es"
    assert html.fromstring(response.body).findtext(".//h2/a") == "Aborto espontáneo incompleto"


def test_the_application_has_no_other_form() -> None:
    response = get("/application", JSON)
    found = json.loads(response.body)
    assert (response.status, found["parameter"], found["possible"]) == (
        400,
        "knowledgeResponseType",
        ["text/html"],
    )
    assert get("/application", f"{CODE}&knowledgeResponseType=Text/HTML").status == 200


def test_the_application_links_a_topic_that_only_another_language_has() -> None:
    rxnorm = "mainSearchCriteria.v.c=861004&mainSearchCriteria.v.cs=rxnorm"
    page = html.fromstring(get("/application", f"{rxnorm}&informationRecipient.languageCode.c=es").body)
    assert page.get("lang") == "es"
    text = etree.tostring(page, method="text", encoding="unicode")
    assert "Disponible solo en otro idioma:" in text
    assert "No hay ningún tema" not in text
    (link,) = page.iterfind(".//main//a")
    attributes = [link.get(each) for each in ("href", "hreflang", "lang")]
    assert attributes == [f"{BASE}/en/metformin", "en", "en"]
    assert (link.text or "").strip() == "English: Metformin"


def test_a_form_that_is_sent_has_the_same_answer() -> None:
    assert feed(post("/infobutton", JSON)) == feed(get("/infobutton", JSON))
    assert feed(post("/service", CODE, "knowledgeResponseType=application/json")) == feed(
        get("/service", JSON)
    )


def test_json_names_its_schema_which_is_served() -> None:
    link = header(get("/service", JSON), "Link")
    found = re.fullmatch(r'<(/.*)>; rel="describedby"; type="application/schema\+json"', link)
    assert found is not None
    schema = json.loads(get(found[1]).body)
    jsonschema.validate(json.loads(get("/service", JSON).body), schema)
    assert header(get("/service", CODE), "Link") == ""


def test_an_answer_that_the_client_has_is_not_sent_again() -> None:
    first = get("/service", JSON)
    assert get("/service", JSON, if_none_match=header(first, "ETag")).status == 304


@pytest.mark.parametrize(
    ("form", "cache"),
    [("text/xml", "private, no-cache"), ("application/json", "private, no-cache"), ("text/html", "no-store")],
)
def test_no_shared_cache_keeps_an_answer(form: str, cache: str) -> None:
    assert header(get("/service", f"{CODE}&knowledgeResponseType={form}"), "Cache-Control") == cache


def test_an_unknown_code_has_an_empty_feed() -> None:
    found = feed(get("/service", JSON.replace("O03.4", "ZZZ99")))
    assert found["entry"] == []


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", ["mainSearchCriteria.v.c"]),
        ("mainSearchCriteria.v.c=O03.4", ["mainSearchCriteria.v.cs"]),
        (f"{CODE}&knowledgeResponseType=application/javascript", ["callback"]),
        (f"{CODE}&knowledgeResponseType=application/javascript&callback=a;b", ["callback"]),
        (
            f"{CODE}&informationRecipient=X&informationRecipient.languageCode.c=fr",
            ["informationRecipient.languageCode.c", "informationRecipient"],
        ),
    ],
)
@pytest.mark.parametrize("path", ["/infobutton", "/service"])
def test_a_bad_request_is_explained(path: str, query: str, parameters: list[str]) -> None:
    response = get(path, query)
    assert (response.status, header(response, "Content-Type")) == (400, "application/problem+json")
    assert header(response, "Cache-Control") == "no-store"
    found = json.loads(response.body)
    assert [each["parameter"] for each in found["errors"]] == parameters
    assert found["parameter"] == parameters[0]
    assert b"O03.4" not in response.body


def test_a_bad_request_lists_what_is_possible() -> None:
    found = json.loads(get("/service", f"{CODE}&informationRecipient=X").body)
    assert found["possible"] == ["PAT", "PROV", "PAYOR"]
    assert found["detail"] == "informationRecipient must be one of PAT, PROV, PAYOR."


# Requests as clients of MedlinePlus Connect build them: a link of an EHR, a portal in Spanish, a medicine by
# its name alone, a script. Written after such clients, not recorded.
@pytest.mark.parametrize(
    ("path", "query"),
    [
        (
            "/application",
            "mainSearchCriteria.v.c=O03.4&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.dn=&informationRecipient.languageCode.c=en",
        ),
        (
            "/service",
            "mainSearchCriteria.v.cs=2.16.840.1.113883.6.96&mainSearchCriteria.v.c=17369002&knowledgeResponseType=application%2Fjson&informationRecipient.languageCode.c=es",
        ),
        (
            "/service",
            "mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.dn=Metformin&informationRecipient.languageCode.c=en&knowledgeResponseType=application/json",
        ),
        (
            "/service",
            "knowledgeResponseType=application/javascript&callback=jQuery321_0987&mainSearchCriteria.v.cs=2.16.840.1.113883.6.103&mainSearchCriteria.v.c=493&informationRecipient=PAT&_=1700000000",
        ),
    ],
)
def test_clients_of_connect_find_topics(path: str, query: str) -> None:
    response = get(path, query)
    assert response.status == 200
    assert b"https://topics.example.org/e" in response.body


# The members that MedlinePlus Connect's answer had on 8 October 2026, and their types.
SHAPE = {
    "base": str,
    "lang": str,
    "title": {"type": str, "_value": str},
    "subtitle": {"type": str, "_value": str},
    "updated": {"_value": str},
    "id": {"_value": str},
    "category": [{"scheme": str, "term": str}],
    "entry": [
        {
            "title": {"_value": str, "type": str},
            "link": [{"href": str, "rel": str}],
            "id": {"_value": str},
            "summary": {"type": str, "_value": str},
            "updated": {"_value": str},
        }
    ],
}


def assert_shape(value: Any, shape: Any) -> None:
    if isinstance(shape, list):
        assert isinstance(value, list)
        for each in value:
            assert_shape(each, shape[0])
    elif isinstance(shape, dict):
        for name, member in shape.items():
            assert_shape(value[name], member)
    else:
        assert isinstance(value, shape)


def test_the_answer_has_the_shape_of_that_of_connect() -> None:
    found = feed(get("/service", JSON))
    assert found["entry"]
    assert_shape(found, SHAPE)
    assert [each["scheme"] for each in found["category"]] == [
        "mainSearchCriteria.v.c",
        "mainSearchCriteria.v.cs",
        "mainSearchCriteria.v.dn",
        "informationRecipient",
    ]


TEXTS = st.text(st.characters(codec="utf-8"))
NAMES = st.sampled_from(
    [
        "mainSearchCriteria.v.c",
        "mainSearchCriteria.v.cs",
        "mainSearchCriteria.v.dn",
        "subTopic.v.c",
        "knowledgeResponseType",
        "callback",
        "informationRecipient.languageCode.c",
    ]
)
VALUES = TEXTS | st.sampled_from(
    ["O03.4", "icd-10-cm", "text/html", "application/json", "application/javascript", "f", "es"]
)


@given(
    st.sampled_from(["/infobutton", "/service", "/application"]), st.lists(st.tuples(NAMES | TEXTS, VALUES))
)
def test_no_parameters_fail(path: str, pairs: list[tuple[str, str]]) -> None:
    response = get(path, urlencode(pairs))
    assert response.status in (200, 400)
    match header(response, "Content-Type").partition(";")[0]:
        case "text/xml" | "application/atom+xml":
            etree.fromstring(response.body)
        case "application/json" | "application/problem+json":
            json.loads(response.body)
        case media_type:
            assert media_type in ("text/html", "application/javascript")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_no_query_fails(query: str) -> None:
    assert get("/service", query).status in (200, 400)
    assert get("/service", f"{CODE}&{query}").status in (200, 400)
