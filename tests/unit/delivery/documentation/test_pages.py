"""The pages of the documentation, in both languages."""

import json
import re
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html

from healthtopics.delivery import health
from healthtopics.delivery.documentation import pages
from healthtopics.delivery.documentation.example import Example
from healthtopics.delivery.documentation.examples import EXAMPLES
from healthtopics.delivery.documentation.facts import facts_of
from healthtopics.delivery.documentation.fhir import KINDS, MEANINGS, TAG, requests_of, servers_of
from healthtopics.delivery.documentation.openapi import describe
from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.respond import respond
from healthtopics.delivery.table import ROUTES
from healthtopics.formats.fhir.searching import PARAMETERS
from support.fhir import site as fhir_site
from support.releases import BASE, MemoryStore, publish, site_of
from support.samples import ROOT

STORE = MemoryStore()
publish(STORE)
SITE = site_of(STORE)
FACTS = facts_of(SITE)
FOLDER = ROOT / "src/healthtopics/delivery/documentation"
SPANISH = json.loads((FOLDER / "es.json").read_text())
PAGES = tuple(f"/docs/{language}{page}" for page in ("", "/api", "/fhir") for language in ("en", "es"))
IN_LANGUAGE = {"/docs": "/docs/{}", "/docs/api": "/docs/{}/api", "/fhir": "/docs/{}/fhir"}


def ask(path: str, **headers: str) -> Response:
    path, _, query = path.partition("#")[0].partition("?")
    return respond(Request("GET", path, headers, query), SITE)


def page_at(path: str) -> Any:
    return html.document_fromstring(ask(path).body)


def english_texts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return all texts of the documentation that need a translation."""
    said = {each.title for each in EXAMPLES} | set(MEANINGS.values())
    for template in FOLDER.glob("templates/*.html"):
        said |= set(re.findall(r'say\("([^"]+)"\)', template.read_text()))
    said |= set(re.findall(r'say\("([^"]+)"\)', (FOLDER / "pages.py").read_text()))

    def say(text: str) -> str:
        said.add(text)
        return text

    monkeypatch.setattr(pages, "words_of", lambda _language: say)
    document = describe(ROUTES, FACTS, "en", say, elsewhere=health.ELSEWHERE)
    pages.render_guide(document, FACTS, "en")
    pages.render_reference(document, FACTS, "en")
    pages.render_fhir(document, FACTS, servers_of(fhir_site()), "en")
    return said - {each.label for each in FACTS.formats}  # the same in all languages


def test_post_is_preferred_where_there_is_a_choice_and_no_other_request_says_so() -> None:
    for address, advice in (("/docs/en/api", "Prefer POST"), ("/docs/es/api", "Prefiera POST")):
        operations = page_at(address).xpath("//section[@class='operation']")
        methods = {
            each.xpath(".//span[@class='method']")[0].text
            for each in operations
            if advice in each.text_content()
        }
        assert methods == {"GET"}


def test_the_titles_of_schemas_are_spanish_on_the_spanish_page() -> None:
    text = page_at("/docs/es/api").text_content()
    assert "(Detalles de un error)" in text
    assert "(Problem details)" not in text


def test_every_text_has_its_spanish_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    english = english_texts(monkeypatch)
    assert sorted(english - SPANISH.keys()) == [], "write the Spanish into es.json"
    assert sorted(SPANISH.keys() - english) == [], "nothing says this any more"


def test_a_translation_keeps_code_and_placeholders() -> None:
    for english, spanish in SPANISH.items():
        for pattern in (r"`[^`]+`", r"\{\w+\}"):
            assert sorted(re.findall(pattern, english)) == sorted(re.findall(pattern, spanish)), english
        assert english.endswith(".") == spanish.endswith("."), english


def outline(language: str) -> list[tuple[str, str | None, str]]:
    """Return everything in the guide that is the same in all languages, in its order."""
    return [
        (each.tag, each.get("id"), each.text_content() if each.tag == "pre" else "")
        for each in page_at(f"/docs/{language}").xpath("//main//*")
        if each.tag in ("h1", "h2", "h3", "p", "pre", "table", "tr", "td", "ul", "li")
    ]


def test_the_guides_have_the_same_outline_and_requests() -> None:
    assert outline("en") == outline("es")


def test_links_to_sections_work_in_the_repository_as_well() -> None:
    for each in page_at("/docs/en").xpath("//main//h2[@id != 'page_contents']"):
        words = re.sub(r"[^a-z -]", "", each.text_content().lower())
        assert each.get("id") == words.replace(" ", "-")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_script_and_no_other_host(path: str) -> None:
    page = page_at(path)
    assert page.xpath("//main//script | //script[not(@src)] | //style | //img | //@style | //iframe") == []
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert len(loaded) == 3
    assert all(ask(each).status == 200 for each in loaded)
    assert [each for each in page.xpath("//@*") if each.attrname.startswith("on")] == []
    policy = dict(ask(path).headers)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_frame_of_the_site(path: str) -> None:
    page = page_at(path)
    language = path.split("/")[2]
    assert page.xpath("//nav[@class='crumbs']//a/@href") == [f"/{language}", f"/{language}/partners"]
    suffix = path.removeprefix(f"/docs/{language}")
    others = [f"/docs/{each}{suffix}" for each in ("en", "es") if each != language]
    assert page.xpath("//nav[@class='languages']//a/@href") == others
    assert page.xpath("string(//link[@rel='canonical']/@href)") == f"{BASE}{path}"
    assert page.xpath("//footer//a/@href")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_by_everybody(path: str) -> None:
    page = page_at(path)
    assert page.get("lang") == path.split("/")[2]
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    levels = [int(each.tag[1]) for each in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {each[1:] for each in page.xpath("//a/@href[starts-with(., '#')]")} <= set(ids)
    assert page.xpath("//body/*[1]/@href") == ["#main_content"]
    assert [
        each for each in page.xpath("//nav") if not (each.get("aria-label") or each.get("aria-labelledby"))
    ] == []
    assert [
        each
        for each in page.xpath("//a | //h2 | //h3 | //td | //th | //dt")
        if not each.text_content().strip()
    ] == []


@pytest.mark.parametrize("path", PAGES)
def test_links_within_the_service_lead_somewhere(path: str) -> None:
    for address in page_at(path).xpath("//a/@href | //link/@href"):
        if not address.startswith("#") and not address.endswith(health.READY):
            assert ask(address.removeprefix(BASE)).status == 200, address


def test_the_base_url_may_have_a_path() -> None:
    store = MemoryStore()
    publish(store, base_url=f"{BASE}/health")
    response = respond(Request("GET", "/health/docs/es/api"), site_of(store))
    page: Any = html.document_fromstring(response.body)
    assert dict(response.headers)["Link"].startswith('</health/docs/en/api>; rel="alternate"; hreflang="en"')
    assert page.xpath("//a/@href[not(starts-with(., '#') or starts-with(., '/health/'))]") == []
    assert f"{BASE}/health/topics/" in page.xpath("string(//main)")


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/docs", "es-MX", "es"),
        ("/docs", "", "en"),
        ("/docs/api", "fr, es;q=0.5", "es"),
        ("/docs/api", "fr", "en"),
        ("/fhir", "es-MX", "es"),
        ("/fhir", "fr", "en"),
    ],
)
def test_a_page_comes_in_the_language_that_the_request_asks_for(
    path: str, accepted: str, language: str
) -> None:
    response = respond(Request("GET", path, {"accept-language": accepted}), SITE)
    fields = dict(response.headers)
    assert fields["Content-Language"] == language
    assert fields["Content-Location"] == IN_LANGUAGE[path].format(language)
    assert "Accept-Language" in fields["Vary"].split(", ")
    assert response.body == ask(fields["Content-Location"]).body


@pytest.mark.parametrize(("asked", "language"), [("es", "es"), ("es-MX", "es"), ("en", "en")])
@pytest.mark.parametrize("path", ["/docs", "/docs/api", "/fhir"])
def test_a_parameter_comes_before_the_header(path: str, asked: str, language: str) -> None:
    header = {"accept-language": "en" if language == "es" else "es"}
    response = respond(Request("GET", path, header, f"lang={asked}"), SITE)
    fields = dict(response.headers)
    assert fields["Content-Language"] == language
    assert fields["Content-Location"] == IN_LANGUAGE[path].format(language)
    assert "Accept-Language" not in fields.get("Vary", "")


def test_a_language_without_documentation_is_refused() -> None:
    response = respond(Request("GET", "/docs", query="lang=fr"), SITE)
    assert response.status == 400
    assert json.loads(response.body)["possible"] == ["en", "es"]


def test_a_topic_may_be_called_docs() -> None:
    store = MemoryStore()
    publish(store, {"docs": {"en": "Docs", "es": "Documentos"}})
    for path in ("/topics/docs", "/en/docs", "/es/docs"):
        response = respond(Request("GET", path, {"accept": "application/ld+json"}), site_of(store))
        assert json.loads(response.body)["title"] in ("Docs", "Documentos")


def test_a_release_without_topics_is_documented() -> None:
    store = MemoryStore()
    publish(store, {})
    for path in PAGES:
        assert respond(Request("GET", path), site_of(store)).status == 200


def test_an_example_that_the_release_cannot_answer_is_left_out() -> None:
    example = Example(
        name="x", operation="x", title="X", path="topics/{topic}", answer=(("ETag", '"{none}"'),)
    )
    assert example.filled({"topic": "asthma"}) is None
    found = example.filled({"topic": "asthma", "none": "0"})
    assert found
    assert (found.path, found.answer) == ("topics/asthma", (("ETag", '"0"'),))


def test_a_command_is_safe_to_copy() -> None:
    example = Example(
        name="x",
        operation="x",
        title="X",
        path="look-up",
        query=(("q", "dolor d'espalda & más"), ("lang", "en,es")),
        headers=(("Accept", "*/*"),),
    )
    assert example.curl(BASE) == (
        f"curl \\\n  -H 'Accept: */*' \\\n  '{BASE}/look-up?q=dolor+d%27espalda+%26+m%C3%A1s&lang=en,es'"
    )
    form = Example(name="x", operation="x", title="X", path="look-up", form=(("c", "O03.4"),))
    assert (form.method, form.curl(BASE)) == ("POST", f"curl --data-urlencode c=O03.4 {BASE}/look-up")
    document = Example(name="x", operation="x", title="X", path="cds", document='{"a": {}}')
    assert document.curl(BASE) == f"curl --json '{{\"a\": {{}}}}' {BASE}/cds"


def test_the_catalog_leads_to_the_documentation() -> None:
    response = ask("/.well-known/api-catalog")
    catalog, service = json.loads(response.body)["linkset"]
    assert dict(response.headers)["Content-Type"].startswith("application/linkset+json; profile=")
    assert catalog["item"] == [{"href": service["anchor"]}]
    targets = [each["href"] for rel in ("service-desc", "service-doc") for each in service[rel]]
    assert [ask(each.removeprefix(BASE)).status for each in targets] == [200] * 3
    assert service["status"] == [{"href": f"{BASE}{health.READY}"}]
    head = respond(Request("HEAD", "/.well-known/api-catalog"), SITE)
    assert 'rel="api-catalog"' in dict(head.headers)["Link"]


def test_a_page_is_made_once_for_each_release() -> None:
    store = MemoryStore()
    publish(store)
    site = site_of(store)
    first = respond(Request("GET", "/docs", {"accept-language": "es"}), site).body
    assert respond(Request("GET", "/docs", {"accept-language": "es-MX, es"}), site).body is first
    publish(store, {"asthma": {"en": "Asthma"}})
    assert respond(Request("GET", "/docs", {"accept-language": "es"}), site_of(store)).body != first


@pytest.mark.parametrize("path", PAGES)
def test_ids_have_no_spaces(path: str) -> None:
    assert [each for each in page_at(path).xpath("//@id") if " " in each] == []


def fhir_page(language: str) -> Any:
    response = respond(Request("GET", f"/docs/{language}/fhir"), fhir_site())
    return html.document_fromstring(response.body)


def test_the_page_about_fhir_says_what_there_is() -> None:
    servers = servers_of(fhir_site())
    rows = fhir_page("en").xpath("//table/tbody/tr")
    shown = {row[0].text_content(): [cell.text_content() for cell in row[1:]] for row in rows}
    assert {each.version for each in servers} == {"4.0.1", "5.0.0"}
    assert set(shown) == set(servers[0].counts) == set(MEANINGS)
    assert shown == {
        type_: [*(str(each.counts[type_]) for each in servers), meaning]
        for type_, meaning in MEANINGS.items()
    }
    assert servers[0].counts["Composition"] == 8
    for address in fhir_page("es").xpath("//main//a/@href[not(starts-with(., '#'))]"):
        parts = urlsplit(address)
        assert respond(Request("GET", parts.path, query=parts.query), fhir_site()).status == 200, address


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_about_fhir_has_every_parameter_and_every_request(language: str) -> None:
    page = fhir_page(language)
    names = {each.text_content() for each in page.xpath("//dt/code[1]")}
    assert {each.name for each in PARAMETERS} | {"_content", "_include", "_sort", *KINDS} <= names
    document = describe(ROUTES, facts_of(fhir_site()), "en", str, elsewhere=health.ELSEWHERE)
    expected = [
        sample["source"]
        for item in document["paths"].values()
        for operation in item.values()
        if TAG in operation["tags"]
        for sample in operation["x-codeSamples"]
    ]
    shown = [each.text_content() for each in page.xpath("//pre/code")]
    assert sorted(shown) == sorted(expected)


def test_an_operation_that_comes_is_on_the_page_about_fhir() -> None:
    document = describe(ROUTES, FACTS, "en", str, elsewhere=health.ELSEWHERE)
    operations = pages.operations_of(document)
    (first, *_) = (each for each in operations if TAG in each["tags"])
    coming = {**first, "path": "/fhir/{fhir}/ValueSet/$count", "operationId": "countValues"}
    assert requests_of([*operations, coming]).others[-1] == coming


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_a_browser_at_a_fhir_server_sees_the_page_about_it(version: str) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "es"}
    response = respond(Request("GET", f"/fhir/{version}", browser), fhir_site())
    fields = dict(response.headers)
    assert (response.status, fields["Content-Location"]) == (200, "/docs/es/fhir")
    assert fields["Vary"].startswith("Accept, Accept-Language")
    assert response.body == respond(Request("GET", "/docs/es/fhir"), fhir_site()).body


@pytest.mark.parametrize("accept", ["", "*/*", "application/fhir+json", "application/json"])
def test_a_program_at_a_fhir_server_learns_where_to_go(accept: str) -> None:
    response = respond(Request("GET", "/fhir/r5", {"accept": accept}), fhir_site())
    outcome = json.loads(response.body)
    assert (response.status, outcome["resourceType"]) == (404, "OperationOutcome")
    assert "/fhir/r5/metadata" in outcome["issue"][0]["diagnostics"]
    assert "Accept" in dict(response.headers)["Vary"]


def test_a_release_without_fhir_says_so_on_the_page() -> None:
    store = MemoryStore()
    publish(store, formats=())
    site = site_of(store)
    assert b"This release has no FHIR." in respond(Request("GET", "/docs/en/fhir"), site).body
