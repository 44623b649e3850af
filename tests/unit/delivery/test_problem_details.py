"""Errors: their language, and the form in which the client reads them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from healthtopics.delivery.message import FORM, Request, Response
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from support.lists import bundled
from support.releases import MemoryStore, publish, site_of

STORE = MemoryStore()
publish(STORE)
SITE = site_of(STORE)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def ask(target: str, site: Site | None = SITE, method: str = "GET", **headers: str) -> Response:
    path, _, query = target.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return respond(Request(method, path, named, query), site)


def fields(response: Response) -> dict[str, str]:
    names = [name for name, _ in response.headers]
    assert len(names) == len(set(names))
    return dict(response.headers)


@pytest.mark.parametrize(
    ("target", "accept_language", "language"),
    [
        ("/topics/nothing", "", "en"),
        ("/es/nothing", "", "es"),
        ("/es/nothing?lang=en", "en", "es"),
        ("/topics/nothing?lang=es", "", "es"),
        ("/topics/nothing?lang=es-MX", "en", "es"),
        ("/topics/nothing?lang=ES,en", "en", "es"),
        ("/topics/nothing?lang=en", "es", "en"),
        ("/topics/nothing?lang=fr", "es", "es"),
        ("/topics/nothing?lang=", "es-MX, en;q=0.5", "es"),
        ("/topics?lang=es&limit=0", "", "es"),
        ("/topics?lang=es&unknown=1", "", "es"),
        ("/topics/asthma?_format=pdf", "es", "es"),
        ("/topics/asthma?lang=es&x=%zz", "", "es"),
        ("/no/such/page", "es", "es"),
        ("/no/such/page", "fr", "en"),
    ],
)
def test_the_language_of_an_error_is_that_of_the_request(
    target: str, accept_language: str, language: str
) -> None:
    response = ask(target, accept_language=accept_language)
    assert response.status >= 400
    assert fields(response)["Content-Language"] == language
    spanish = {"Solicitud incorrecta", "No encontrado"}
    assert (json.loads(response.body)["title"] in spanish) == (language == "es")


def test_the_language_of_a_form_is_that_of_its_error() -> None:
    headers = {"content-type": FORM, "accept-language": "en"}
    response = respond(Request("POST", "/search", headers, body=b"lang=es&limit=0"), bundled())
    assert (response.status, fields(response)["Content-Language"]) == (400, "es")


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ('{"q": "a", "lang": "es", "limit": 0}', "es"),
        ('{"lang": "es-MX"}', "es"),
        ('{"lang": ["es"]}', "en"),
        ('{"lang": "es"', "en"),
        ('["lang"]', "en"),
    ],
)
def test_the_language_of_a_json_body_is_that_of_its_error(body: str, language: str) -> None:
    headers = {"content-type": "application/json; charset=utf-8", "accept-language": "en"}
    response = respond(Request("POST", "/search", headers, body=body.encode()), bundled())
    assert (response.status, fields(response)["Content-Language"]) == (400, language)


def test_without_a_release_the_header_says_the_language() -> None:
    assert fields(ask("/topics/asthma", None, accept_language="es"))["Content-Language"] == "es"
    assert fields(ask("/es/asthma", None))["Content-Language"] == "es"


def page_of(response: Response) -> Any:
    """Parse a page; the stubs of lxml know only that XPath gives anything."""
    return html.document_fromstring(response.body)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/es/nothing", 404),
        ("/topics/asthma?lang=fr", 400),
        ("/topics?limit=0", 400),
        ("/no/such/page", 404),
        ("/html/es/asthma.html", 404),
        ("/application", 400),
        ("/infobutton?informationRecipient.languageCode.c=es", 400),
    ],
)
def test_a_browser_gets_a_page(target: str, status: int) -> None:
    plain = ask(target, accept_language="es")
    response = ask(target, accept=FIREFOX, accept_language="es")
    assert (plain.status, response.status) == (status, status)
    named = fields(response)
    assert named["Content-Type"] == "text/html; charset=utf-8"
    assert named["Content-Language"] == fields(plain)["Content-Language"] == "es"
    assert named["Content-Length"] == str(len(response.body))
    assert named["Content-Security-Policy"].startswith("default-src 'none'")
    assert named["Referrer-Policy"] == "no-referrer"
    assert set(named["Vary"].split(", ")) == {"Accept", "Accept-Language"}
    assert fields(plain)["Vary"] == named["Vary"]
    page, document = page_of(response), json.loads(plain.body)
    assert page.get("lang") == "es"
    assert page.xpath("string(//h1)") == document["title"]  # the release has no words of pages
    assert page.xpath("string(//title)").startswith(document["title"])
    detail = page.xpath("string(//main/p)")
    assert not detail[0].islower()
    assert detail[1:] == document["detail"][1:]
    assert page.xpath("//nav[@class='crumbs']//a/@href") == ["/es"]
    assert ask("/es", accept=FIREFOX).status == 200
    assert not page.xpath("//script[not(@src)]")


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/json", "application/problem+json, text/html", "image/png", "text/*;q=0"],
)
def test_a_program_gets_problem_details(accept: str) -> None:
    assert fields(ask("/no/such/page", accept=accept))["Content-Type"] == "application/problem+json"


def test_a_page_leads_to_similar_topics_in_the_language_of_the_reader() -> None:
    for path, similar, edition in (
        ("/es/asthmaa", "/es/asthma", "/es/asthma"),
        ("/topics/asthmaa", "/topics/asthma", "/en/asthma"),
        ("/topics/asthmaa?lang=es", "/es/asthma", "/es/asthma"),
    ):
        assert json.loads(ask(path).body)["similar"] == [similar]
        assert page_of(ask(path, accept=FIREFOX)).xpath("//main//li/a/@href")[0] == edition


@pytest.mark.parametrize("path", ["/topics/nothing", "/no/such/page", "/es/topics.json", "/es/cough"])
def test_a_page_links_the_list_of_all_topics(path: str) -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma"}, "cough": {"es": "Tos"}}, base_url="https://a.example/base")
    publish(store, {"asthma": {"en": "Asthma"}}, base_url="https://a.example/base")
    page = page_of(ask(path, site_of(store), accept=FIREFOX))
    language = page.get("lang")
    assert f"/base/{language}/letters" in page.xpath("//main//li/a/@href")


def test_a_similar_topic_is_where_it_exists() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma"}, "cough": {"en": "Cough", "es": "Tos"}})
    assert json.loads(ask("/es/asthmaa", site_of(store)).body)["similar"] == ["/topics/asthma"]


def test_a_page_without_a_release_says_why() -> None:
    response = ask("/es/asthma", None, accept=FIREFOX)
    assert (response.status, fields(response)["Retry-After"]) == (503, "60")
    assert page_of(response).xpath("string(//h1)") == "Servicio no disponible"


def test_a_page_escapes_what_was_asked_for() -> None:
    response = ask("/topics/asthma?lang=<script>alert(1)</script>", accept=FIREFOX)
    assert response.status == 400
    assert b"<script>" not in response.body
    assert b"&lt;script&gt;" in response.body


def test_head_of_an_error_has_the_headers_of_its_page() -> None:
    got = ask("/no/such/page", accept=FIREFOX)
    headed = ask("/no/such/page", method="HEAD", accept=FIREFOX)
    assert (headed.status, headed.headers, headed.body) == (404, got.headers, b"")


@given(
    st.sampled_from(["/topics/x", "/es/x", "/search", "/infobutton", "/x"]),
    st.text("lang=&%es;+,1", max_size=20),
    st.sampled_from(["", FIREFOX, "es", "*"]),
)
def test_whatever_a_query_is_its_error_can_be_written(path: str, query: str, header: str) -> None:
    response = respond(Request("GET", path, {"accept": header, "accept-language": header}, query), SITE)
    assert response.body
