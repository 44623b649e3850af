"""A topic by negotiation: parameters, redirections, withdrawn topics, several languages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.index.rows import TombstoneRow
from healthtopics.schema import packaged, public_files
from healthtopics.validation.public import check_public
from support.indexes import bundled_index, bundled_release
from support.releases import BASE, FORMATS, MemoryStore, publish, site_of

TITLES = {
    "miscarriage": {"en": "Miscarriage", "es": "Aborto espontáneo"},
    "asthma": {"en": "Asthma", "es": "Asma"},
    "cough": {"en": "Cough"},
}
GRAVES = (
    TombstoneRow("scurvy", "en", "Scurvy", "2026-10-01T06:00:00Z"),
    TombstoneRow("scurvy", "es", "Escorbuto", "2026-10-01T06:00:00Z"),
)
FHIR = "application/fhir+json; fhirVersion="
PAGES = (*FORMATS, ("html", "html", ".html", "text/html"))


def site(base_url: str = BASE) -> Site:
    store = MemoryStore()
    publish(store, TITLES, formats=PAGES, base_url=base_url)
    return site_of(store, rows=GRAVES)


SITE = site()


def ask(target: str, site: Site = SITE, **headers: str) -> tuple[Response, dict[str, str]]:
    path, _, query = target.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = respond(Request("GET", path, named, query), site)
    return response, dict(response.headers)


def problem(target: str, status: int, **headers: str) -> dict[str, Any]:
    response, fields = ask(target, SITE, **headers)
    assert (response.status, fields["Content-Type"]) == (status, "application/problem+json")
    document: dict[str, Any] = json.loads(response.body)
    return document


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/topics/asthma?lang=es", "/fhir/r4/es/asthma.json"),
        ("/topics/asthma?lang=ES", "/fhir/r4/es/asthma.json"),
        ("/topics/asthma?lang=es-MX", "/fhir/r4/es/asthma.json"),
        ("/topics/asthma?lang=es,es-US", "/fhir/r4/es/asthma.json"),
        ("/topics/asthma?_format=html", "/html/en/asthma.html"),
        ("/topics/asthma?_format=text/html&lang=es", "/html/es/asthma.html"),
        ("/topics/asthma?_format=fhir-r5", "/fhir/r5/en/asthma.json"),
        ("/topics/asthma?_format=json", "/fhir/r4/en/asthma.json"),
        ("/topics/asthma?_format=json&fhirVersion=5.0.0", "/fhir/r5/en/asthma.json"),
        ("/topics/asthma?_format=application/fhir%2Bjson", "/fhir/r4/en/asthma.json"),
        ("/topics/asthma?_format=application/fhir+json", "/fhir/r4/en/asthma.json"),
        ("/topics/asthma?_format=application/fhir%2Bjson;fhirVersion=5.0", "/fhir/r5/en/asthma.json"),
        ("/topics/asthma?_format=application/fhir%2Bjson&fhirVersion=5.0", "/fhir/r5/en/asthma.json"),
        ("/topics/asthma?_format=application/ld%2Bjson", "/schemaorg/en/asthma.jsonld"),
        ("/topics/asthma?_format=schemaorg", "/schemaorg/en/asthma.jsonld"),
        ("/topics/asthma?fhirVersion=4.0.1", "/fhir/r4/en/asthma.json"),
        ("/topics/asthma?fhirVersion=5.0", "/fhir/r5/en/asthma.json"),
        ("/es/asthma?_format=schemaorg", "/schemaorg/es/asthma.jsonld"),
        ("/es/asthma?fhirVersion=4.0", "/fhir/r4/es/asthma.json"),
        ("/es/asthma?lang=es-419", "/html/es/asthma.html"),
        ("/es/asthma?utm_source=newsletter", "/html/es/asthma.html"),
    ],
)
def test_parameters_are_applied_whatever_the_headers_say(target: str, location: str) -> None:
    for accept in ("*/*", "text/html", "application/ld+json;q=0.1"):
        response, fields = ask(target, accept=accept, accept_language="en")
        if "_format" in target or "fhirVersion" in target or accept == "*/*":
            assert (response.status, fields["Content-Location"]) == (200, location)
            assert response.body == ask(location)[0].body
        is_free = target.startswith("/topics/") and "lang" not in target
        assert ("Accept-Language" in fields.get("Vary", "")) == is_free


def test_application_json_is_the_name_under_which_it_is_asked_for() -> None:
    assert ask("/topics/asthma?_format=application/json")[1]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("target", "parameter", "possible"),
    [
        ("/topics/asthma?lang=fr", "lang", ["en", "es"]),
        ("/topics/asthma?lang=en,fr", "lang", ["en", "es"]),
        ("/topics/asthma?lang=", "lang", ["en", "es"]),
        ("/topics/cough?lang=es", "lang", ["en"]),
        ("/es/asthma?lang=en", "lang", ["es"]),
        ("/topics/asthma?fhirVersion=3.0", "fhirVersion", ["4.0", "5.0"]),
        ("/topics/asthma?fhirVersion=R4", "fhirVersion", ["4.0", "5.0"]),
        ("/topics/asthma?_format=html&fhirVersion=4.0", "fhirVersion", ["fhir-r4", "fhir-r5"]),
        ("/topics/asthma?_format=fhir-r5&fhirVersion=4.0", "fhirVersion", ["5.0"]),
        ("/topics/asthma?language=es", "language", ["lang", "_format", "fhirVersion"]),
        ("/topics/asthma?lang=es&lang=en", "lang", []),
    ],
)
def test_a_parameter_that_cannot_be_applied_is_named(
    target: str, parameter: str, possible: list[str]
) -> None:
    document = problem(target, 400)
    assert (document["parameter"], document.get("possible", [])) == (parameter, possible)
    assert parameter in document["detail"]


def test_a_version_of_fhir_for_what_is_not_fhir_is_refused_with_the_formats_that_have_one() -> None:
    detail = problem("/topics/asthma?_format=html&fhirVersion=4.0", 400)["detail"]
    assert "fhir-r4, fhir-r5" in detail
    store = MemoryStore()
    publish(store, TITLES, formats=PAGES[2:])
    document = json.loads(ask("/topics/asthma?fhirVersion=4.0", site_of(store))[0].body)
    assert (document["parameter"], document.get("possible")) == ("fhirVersion", None)
    assert document["detail"].endswith("There is no FHIR here.")


def test_a_browser_may_come_with_the_parameters_of_a_newsletter() -> None:
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    response, fields = ask("/topics/asthma?utm_source=x&lang=es", accept=browser)
    assert (response.status, fields["Content-Location"]) == (200, "/html/es/asthma.html")
    assert problem("/topics/asthma?utm_source=x", 400, accept="*/*")["parameter"] == "utm_source"
    assert ask("/topics?utm_source=x", accept=browser)[0].status == 400


def test_a_format_that_there_is_not_is_answered_with_those_that_there_are() -> None:
    document = problem("/es/asthma?_format=xml", 400)
    assert document["parameter"] == "_format"
    assert "fhir-r4" in document["possible"]
    assert "text/html" in document["possible"]
    assert document["detail"].startswith("“xml” no es un valor posible del parámetro _format")


def test_a_page_has_the_text_and_its_own_address() -> None:
    chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for target in ("/es/asthma", "/topics/asthma?lang=es"):
        response, fields = ask(target, accept=chrome)
        assert fields["Content-Type"] == "text/html; charset=utf-8"
        assert fields["Content-Location"] == "/html/es/asthma.html"
        assert response.body == ask("/html/es/asthma.html")[0].body
        assert '</html/en/asthma.html>; rel="alternate"; hreflang="en"; type="text/html"' in fields["Link"]


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/en/asthma/", "/en/asthma"),
        ("/topics/asthma/", "/topics/asthma"),
        ("/es/", "/es"),
        ("/ES", "/es"),
        ("/es-US", "/es"),
        ("/ES/asthma", "/es/asthma"),
        ("/es-US/asthma", "/es/asthma"),
        ("/es-us/asthma?_format=html&x=%C3%B1", "/es/asthma?_format=html&x=%C3%B1"),
        ("/ES/asthma/", "/ES/asthma"),
        ("/topics.json/", "/topics.json"),
    ],
)
def test_other_spellings_of_an_address_lead_to_it(target: str, location: str) -> None:
    for base_url, prefix in ((BASE, ""), (f"{BASE}/salud", "/salud")):
        response, fields = ask(target, site(base_url))
        assert (response.status, response.body) == (308, b"")
        assert fields["Location"] == f"{prefix}{location}"


def test_a_redirection_leads_nowhere_else() -> None:
    for target in ("//evil.example/", "/\\evil.example/", "//evil.example/%2e%2e/", "/es//evil.example/"):
        assert ask(target)[0].status == 404
    location = ask("/ES/asthma?\r\nX: y\x00ñ")[1]["Location"]
    assert location == "/es/asthma?%0D%0AX:%20y%00%C3%B1"


def test_a_withdrawn_topic_is_gone_at_all_its_addresses() -> None:
    for target in ("/topics/scurvy", "/en/scurvy", "/html/en/scurvy.html"):
        document = problem(target, 410)
        assert (
            document["detail"]
            == "the topic scurvy (“Scurvy”) was withdrawn on 2026-10-01. All topics: /topics.json."
        )
        assert document["titles"] == {"en": "Scurvy", "es": "Escorbuto"}
        assert document["withdrawn"] == "2026-10-01T06:00:00Z"
    document = problem("/es/scurvy", 410)
    assert document["title"] == "Ya no está disponible"
    assert document["detail"].startswith("el tema scurvy (“Escorbuto”) se retiró el 2026-10-01.")


def test_the_forms_of_a_topic_begin_with_those_in_the_language_of_the_address() -> None:
    for language, other in (("es", "en"), ("en", "es")):
        detail = problem(f"/{language}/miscarriage.html", 404)["detail"]
        names = detail.rpartition(": ")[2]
        assert names.index(f"/{language}/") < names.index(f"/{other}/")


def test_a_base_url_with_a_path_may_be_asked_for_without_a_slash() -> None:
    below = site(f"{BASE}/salud/v1")
    for target in ("/salud/v1", "/salud/v1/", "/"):
        assert ask(target, below)[0].status == 200


def test_a_misspelt_topic_is_answered_with_similar_ones_and_never_with_another_one() -> None:
    assert problem("/topics/miscariage", 404)["similar"] == ["/topics/miscarriage"]
    document = problem("/es/miscarriages", 404)
    assert document["similar"] == ["/es/miscarriage"]
    assert document["detail"].startswith("no existe el tema miscarriages. Temas parecidos: miscarriage.")
    assert "similar" not in problem("/topics/zygote", 404)


def test_a_missing_edition_is_not_replaced_at_its_address() -> None:
    document = problem("/es/cough", 404)
    assert document["detail"].endswith("Idiomas disponibles: en.")
    assert document["available"][0] == {
        "href": "/fhir/r4/en/cough.json",
        "type": "application/fhir+json;fhirVersion=4.0",
        "language": "en",
    }
    assert "/html/en/cough.html" in problem("/html/es/cough.html", 404)["detail"]


def test_a_language_that_the_release_does_not_have_is_not_found() -> None:
    assert "All topics" in problem("/fr", 404)["detail"]
    detail = problem("/fr/asthma", 404)["detail"]
    assert detail == "asthma is not available in fr. Available languages: en, es."
    assert problem("/fr/nothing", 404)["detail"].startswith("there is nothing at /fr/nothing.")


def test_an_id_that_no_topic_can_have_is_not_found() -> None:
    assert "there is no topic" in problem(f"/topics/{'a' * 100}", 404)["detail"]
    for target in (f"/topics/{'a' * 101}", f"/en/{'a' * 101}"):
        assert "there is nothing at" in problem(target, 404)["detail"]


def test_only_pages_may_be_linked_with_tracking_parameters() -> None:
    response, fields = ask("/html/en/asthma.html?utm_source=newsletter")
    assert (response.status, fields["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert ask("/html/en/nothing.html?utm_source=newsletter")[0].status == 404
    assert problem("/topics.json?utm_source=newsletter", 400)["parameter"] == "utm_source"


@pytest.mark.parametrize(
    ("accept", "media_type", "name"),
    [
        ("*/*", f"{FHIR}4.0; charset=utf-8", "fhir-r4"),
        ("application/fhir+json;fhirVersion=5.0", f"{FHIR}5.0; charset=utf-8", "fhir-r5"),
        ("application/ld+json", "application/ld+json", "schemaorg"),
        ("text/html, application/json;q=0.5", "application/json", "schemaorg"),
    ],
)
def test_one_answer_has_several_languages(accept: str, media_type: str, name: str) -> None:
    store, _ = bundled_release()
    bundled = Site(bundled_index(), store, SITE.file, SITE.current)
    response, fields = ask("/topics/miscarriage?lang=es,en-US", bundled, accept=accept)
    assert (response.status, fields["Content-Type"]) == (200, media_type)
    assert fields["Content-Language"] == "es, en"
    assert fields["Content-Location"] == f"/topics/miscarriage?lang=es,en&_format={name}"
    assert ask(fields["Content-Location"], bundled)[0].body == response.body
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in fields["Link"]
    document = json.loads(response.body)
    schema = "schemaorg" if name == "schemaorg" else "fhir"
    assert f'</schema/1/public/{schema}-editions.schema.json>; rel="describedby"' in fields["Link"]
    assert check_public(f"public/{schema}-editions.schema.json", document, name) == []
    editions = (
        document["@graph"] if "@graph" in document else [each["resource"] for each in document["entry"]]
    )
    for language, edition in zip(("es", "en"), editions, strict=True):
        alone = ask(f"/topics/miscarriage?lang={language}&_format={name}", bundled)[0]
        assert edition == json.loads(alone.body)


def test_a_variant_is_linked_to_its_terms_of_use() -> None:
    bundled = Site(bundled_index(), bundled_release()[0], SITE.file, SITE.current)
    for name in ("fhir/r5/es/miscarriage.json", "html/en/miscarriage.html"):
        link = ask(f"/{name}", bundled)[1]["Link"]
        assert link.count('<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"') == 1
    assert "license" not in ask("/fhir/r4/en/asthma.json")[1]["Link"]


def test_several_languages_have_no_page() -> None:
    document = problem("/topics/asthma?lang=en,es", 406, accept="text/html, application/problem+json")
    assert "/html/es/asthma.html" in {each["href"] for each in document["available"]}
    page = ask("/topics/asthma?lang=en,es", accept="text/html")[0].body
    assert b'href="/en/asthma"' in page
    assert b'href="/es/asthma"' in page
    assert problem("/topics/asthma?lang=en,es&_format=html", 400)["parameter"] == "_format"
    assert problem("/topics/cough?lang=en,es", 400)["parameter"] == "lang"


def test_the_language_is_one_that_has_the_format() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma", "es": "Asma"}}, formats=FORMATS)
    store.replace("releases/000001/selection.json", b'{"names": ["*/es/*", "schemaorg/en/*"]}')
    partial = site_of(store)
    _, fields = ask("/topics/asthma", partial, accept="application/fhir+json", accept_language="en, es;q=0.5")
    assert fields["Content-Location"] == "/fhir/r4/es/asthma.json"


LANGUAGES = st.sampled_from(["en", "es", "es-MX", "EN-us", "fr", "*"])
QUALITIES = st.sampled_from(["", ";q=0", ";q=0.001", ";q=0.5", ";q=1"])
RANGES = st.lists(st.tuples(LANGUAGES, QUALITIES), max_size=5)


@given(RANGES)
def test_a_language_that_is_refused_is_never_sent_while_there_is_another(
    ranges: list[tuple[str, str]],
) -> None:
    """RFC 9110 §12.4.2: a quality of 0 is not acceptable; a more specific range comes before `*`."""
    header = ", ".join(f"{tag}{quality}" for tag, quality in ranges)
    sent = ask("/topics/asthma", accept_language=header)[1]["Content-Language"]
    quality = {tag.lower(): value for tag, value in ranges}

    def is_refused(language: str) -> bool:
        return quality.get(language, quality.get("*", "")) == ";q=0" and len(quality) == len(ranges)

    other = {"en": "es", "es": "en"}[sent]
    more_specific = {"en": "en-us", "es": "es-mx"}[sent]
    if is_refused(sent) and more_specific not in quality:
        assert is_refused(other)


def test_every_public_schema_is_at_the_path_of_its_id() -> None:
    for path, data in public_files().items():
        response, fields = ask(f"/{path}")
        assert (response.status, response.body) == (200, data)
        is_schema = path.endswith(".schema.json")
        assert fields["Content-Type"] == ("application/schema+json" if is_schema else "application/ld+json")
        if is_schema:
            assert json.loads(data)["$id"] == f"https://healthtopics.example/{path}"
    assert "schema/1/public/context.jsonld" in public_files()
    assert ask("/schema/2/public/topics.schema.json")[0].status == 404
    assert ask("/schema/1/public/topic.schema.json")[0].status == 404
    assert packaged("topic.schema.json")


@pytest.mark.parametrize(
    ("target", "schema"),
    [
        ("/topics.json", "1/public/topics"),
        ("/manifest.json", "2/public/manifest"),
        ("/current.json", "1/public/current"),
        ("/releases/000001/changes.json", "1/public/changes"),
        ("/schemaorg/en/asthma.jsonld", "1/public/schemaorg"),
        ("/fhir/r5/en/asthma.json", "1/public/fhir-r5"),
        ("/fhir/r4/CodeSystem/aspect.json", "1/public/fhir-r4"),
    ],
)
def test_a_document_is_linked_to_its_schema(target: str, schema: str) -> None:
    link = f'</schema/{schema}.schema.json>; rel="describedby"; type="application/schema+json"'
    assert link in ask(target)[1]["Link"]


def test_the_index_of_the_release_is_a_file_too() -> None:
    data = SITE.index.path.read_bytes()
    store = MemoryStore()
    publish(store, TITLES)
    described = site_of(store)
    key = f"objects/sha256/{described.file.sha256[:2]}/{described.file.sha256}.sqlite"
    store.files[key] = described.index.path.read_bytes()
    response, fields = ask("/topics.sqlite", described, range="bytes=0-15")
    assert (response.status, response.body) == (206, data[:16])
    assert fields["Content-Type"] == "application/vnd.sqlite3"
