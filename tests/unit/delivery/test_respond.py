import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from healthtopics.delivery.message import FIELDS, Request, Response
from healthtopics.delivery.respond import is_open, operation_of, respond
from healthtopics.delivery.site import Site
from healthtopics.errors import IntegrityError
from healthtopics.release import object_key, open_current
from support.releases import BASE, TITLES, MemoryStore, publish, site_of

STORE = MemoryStore()
publish(STORE)
SITE = site_of(STORE)
FILES = open_current(STORE).manifest.files

R4 = "application/fhir+json; fhirVersion=4.0; charset=utf-8"
R5 = "application/fhir+json; fhirVersion=5.0; charset=utf-8"
JSON_LD = "application/ld+json"
PAGE = "text/html; charset=utf-8"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
SHORT = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
FOR_EVER = "public, max-age=31536000, immutable"


class Watched:
    """Objects that are missing, with the keys that were read."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def read(self, key: str) -> bytes:
        self.keys.append(key)
        raise FileNotFoundError(key)

    def length(self, key: str) -> int:
        raise FileNotFoundError(key)

    def read_slice(self, key: str, _offset: int, _length: int) -> bytes:
        raise FileNotFoundError(key)


def ask(
    path: str, headers: Mapping[str, str] | None = None, method: str = "GET", site: Site | None = SITE
) -> Response:
    return respond(Request(method, path, headers or {}), site)


def fields(response: Response) -> dict[str, str]:
    names = [name for name, _ in response.headers]
    assert len(names) == len(set(names))
    return dict(response.headers)


def page_of(body: bytes) -> Any:
    """Parse a page; the stubs of lxml know only that XPath gives anything."""
    return html.document_fromstring(body)


def problem_of(response: Response) -> dict[str, object]:
    assert fields(response)["Content-Type"] == "application/problem+json"
    document: dict[str, object] = json.loads(response.body)
    assert document.keys() >= {"type", "title", "status", "detail"}
    assert document["status"] == response.status
    return document


@pytest.mark.parametrize(
    ("accept", "media_type", "location"),
    [
        (None, R4, "/fhir/r4/en/asthma.json"),
        ("", R4, "/fhir/r4/en/asthma.json"),
        ("*/*", R4, "/fhir/r4/en/asthma.json"),
        ("application/*", R4, "/fhir/r4/en/asthma.json"),
        ("application/fhir+json", R4, "/fhir/r4/en/asthma.json"),
        ("application/fhir+json; charset=utf-8", R4, "/fhir/r4/en/asthma.json"),
        ("application/fhir+json; fhirVersion=4.0", R4, "/fhir/r4/en/asthma.json"),
        ("application/fhir+json;fhirVersion=5.0", R5, "/fhir/r5/en/asthma.json"),
        ('Application/FHIR+JSON; FHIRVersion="5.0"; charset=utf-8', R5, "/fhir/r5/en/asthma.json"),
        ("application/fhir+json;fhirVersion=4.0;q=0, application/fhir+json", R5, "/fhir/r5/en/asthma.json"),
        ("application/fhir+json;q=0.5, application/ld+json;q=0.6", JSON_LD, "/schemaorg/en/asthma.jsonld"),
        ("application/ld+json;profile=x", JSON_LD, "/schemaorg/en/asthma.jsonld"),
        ("application/json", "application/json", "/schemaorg/en/asthma.jsonld"),
        ("application/json;q=0.1, application/xml", "application/json", "/schemaorg/en/asthma.jsonld"),
        ("text/html", PAGE, "/en/asthma"),
        (CHROME, PAGE, "/en/asthma"),
        ("not a header", R4, "/fhir/r4/en/asthma.json"),
        ("application/json;q=7", R4, "/fhir/r4/en/asthma.json"),
        ("a/b," * 1000, R4, "/fhir/r4/en/asthma.json"),
    ],
)
def test_the_format_follows_accept(accept: str | None, media_type: str, location: str) -> None:
    response = ask("/topics/asthma", {} if accept is None else {"accept": accept})
    assert response.status == 200
    assert fields(response)["Content-Type"] == media_type
    assert fields(response)["Content-Location"] == location
    assert fields(response)["Vary"].startswith("Accept, Accept-Language")


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("ES-419,es;q=0.9,en;q=0.8", "es"),
        ("en, es;q=0.1", "en"),
        ("es;q=0.1, en;q=0.9", "en"),
        ("*;q=0.5, es;q=0", "en"),
        ("fr", "en"),
        ("fr, es;q=0.2", "es"),
        ("*", "en"),
        ("en;q=0", "es"),
        ("en;q=0, *", "es"),
        ("*;q=0", "en"),
        ("no header; at all", "en"),
        ("es," * 1000, "en"),
    ],
)
def test_the_language_follows_accept_language(accept_language: str | None, language: str) -> None:
    response = ask("/topics/asthma", {} if accept_language is None else {"accept-language": accept_language})
    assert fields(response)["Content-Language"] == language
    assert json.loads(response.body)["language"] == language


def test_a_request_that_no_variant_meets_is_answered_with_the_available_ones() -> None:
    for accept in ("application/xml", "application/fhir+json;fhirVersion=3.0", "*/*;q=0"):
        response = ask("/topics/asthma", {"accept": accept, "accept-language": "es"})
        assert response.status == 406
        assert fields(response)["Vary"] == "Accept, Accept-Language"
        available: Any = problem_of(response)["available"]
        assert {(each["language"], each["type"]) for each in available} == {
            (language, media_type)
            for language in ("en", "es")
            for media_type in (
                "application/fhir+json;fhirVersion=4.0",
                "application/fhir+json;fhirVersion=5.0",
                "application/ld+json",
                "text/html",
            )
        }
        for each in available:
            got = ask(each["href"])
            assert (got.status, fields(got)["Content-Language"]) == (200, each["language"])


def test_the_page_address_fixes_the_language_and_gives_a_page_to_a_client_that_names_no_format() -> None:
    page = ask("/es/asthma", {"accept-language": "en"})
    assert fields(page)["Content-Type"] == PAGE
    assert fields(page)["Content-Language"] == "es"
    assert fields(page)["Vary"] == "Accept, Accept-Encoding"
    assert page.body == ask("/topics/asthma", {"accept": "text/html", "accept-language": "es"}).body
    document = ask("/es/asthma", {"accept": "application/ld+json"})
    assert document.body == ask("/schemaorg/es/asthma.jsonld").body


def test_an_edition_that_does_not_exist_is_not_replaced_on_the_page_address() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma"}})
    site = site_of(store)
    response = respond(Request("GET", "/es/asthma"), site)
    assert "Idiomas disponibles: en." in str(problem_of(response)["detail"])
    response = respond(Request("GET", "/topics/asthma", {"accept-language": "es"}), site)
    assert fields(response)["Content-Language"] == "en"


def test_an_artifact_has_every_header_that_partners_rely_on() -> None:
    response = ask("/schemaorg/es/miscarriage.jsonld", {"accept": "application/xml"})
    data = STORE.read(object_key("x.jsonld", hashlib.sha256(response.body).hexdigest()))
    assert response.body == data
    assert fields(response) == {
        "Content-Type": "application/ld+json",
        "Content-Length": str(len(data)),
        "Content-Language": "es",
        "ETag": f'"{hashlib.sha256(data).hexdigest()}"',
        "Last-Modified": "Fri, 20 Nov 2026 12:30:15 GMT",
        "Accept-Ranges": "bytes",
        "Cache-Control": SHORT,
        "Link": fields(response)["Link"],
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": fields(response)["Access-Control-Expose-Headers"],
    }
    assert "ETag" in fields(response)["Access-Control-Expose-Headers"]


def _linked(path: str, language: str, media_type: str) -> str:
    return f'</{path}>; rel="alternate"; hreflang="{language}"; type="{media_type}"'


def test_every_other_variant_is_linked() -> None:
    links = fields(ask("/topics/asthma", {"accept-language": "es"}))["Link"].split(", ")
    assert links == [
        _linked("fhir/r4/en/asthma.json", "en", "application/fhir+json;fhirVersion=4.0"),
        _linked("fhir/r5/en/asthma.json", "en", "application/fhir+json;fhirVersion=5.0"),
        _linked("schemaorg/en/asthma.jsonld", "en", "application/ld+json"),
        _linked("en/asthma", "en", "text/html"),
        _linked("fhir/r5/es/asthma.json", "es", "application/fhir+json;fhirVersion=5.0"),
        _linked("schemaorg/es/asthma.jsonld", "es", "application/ld+json"),
        _linked("es/asthma", "es", "text/html"),
        '</schema/1/public/fhir-r4.schema.json>; rel="describedby"; type="application/schema+json"',
    ]
    assert "alternate" not in fields(ask("/fhir/r4/List/asthma-links.json"))["Link"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_artifact_answers_at_its_name_and_at_its_object(name: str) -> None:
    artifact = FILES[name]
    response = ask(f"/{name}")
    assert hashlib.sha256(response.body).hexdigest() == artifact.sha256
    stored = ask(f"/{object_key(name, artifact.sha256)}")
    assert stored.body == response.body
    assert fields(stored)["Cache-Control"] == FOR_EVER
    assert fields(stored)["ETag"] == fields(response)["ETag"]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/fhir/CodeSystem/aspect", "/fhir/r4/CodeSystem/aspect.json"),
        ("/manifest.json", "/releases/000001/manifest.json"),
        ("/current.json", "/current/current.json"),
    ],
)
def test_other_addresses_lead_to_the_file(path: str, location: str) -> None:
    response = ask(path)
    assert response.status == 200
    assert fields(response)["Content-Location"] == location
    assert response.body == ask(location).body


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/current/current.json", SHORT),
        ("/releases/000001/manifest.json", FOR_EVER),
        ("/releases/000001/changes.json", FOR_EVER),
    ],
)
def test_the_store_is_there_for_those_who_pull(path: str, cache: str) -> None:
    response = ask(path)
    assert response.body == STORE.read(path[1:])
    assert fields(response)["Cache-Control"] == cache


def test_earlier_releases_stay_reachable() -> None:
    store = MemoryStore()
    first = publish(store)
    publish(store, {"asthma": {"en": "Asthma, revised"}})
    site = site_of(store)
    for name, artifact in first.manifest.files.items():
        key = object_key(name, artifact.sha256)
        assert respond(Request("GET", f"/{key}"), site).body == store.read(key)
    response = respond(Request("GET", "/releases/000001/manifest.json"), site)
    assert response.body == first.text


def test_a_pointer_that_is_renewed_has_its_own_date() -> None:
    assert fields(ask("/current.json"))["Last-Modified"] == "Fri, 20 Nov 2026 12:30:15 GMT"
    store = MemoryStore()
    publish(store)
    key = "releases/000001/pointers/current.json"
    store.replace(key, store.read(key).replace(b'"time": "2026-11-20', b'"time": "2026-11-21'))
    response = respond(Request("GET", "/current.json"), site_of(store))
    assert fields(response)["Last-Modified"] == "Sat, 21 Nov 2026 12:30:15 GMT"


def test_head_is_get_without_the_body() -> None:
    for path in ("/topics/asthma", "/es/asthma", "/", "/nothing", "/manifest.json"):
        got, headed = ask(path), ask(path, method="HEAD")
        assert (headed.status, headed.headers, headed.body) == (got.status, got.headers, b"")


def test_head_of_an_artifact_reads_nothing() -> None:
    store = Watched()
    assert respond(Request("HEAD", "/topics/asthma"), site_of(STORE, store)).status == 200
    assert store.keys == []


ETAG = fields(ask("/topics/asthma"))["ETag"]
LATER, SAME, EARLIER = (
    "Fri, 20 Nov 2026 12:30:16 GMT",
    "Fri, 20 Nov 2026 12:30:15 GMT",
    "Fri, 20 Nov 2026 12:30:14 GMT",
)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": f"W/{ETAG}"}, 304),
        ({"if-none-match": f'"a", W/"b",{ETAG}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"a"'}, 200),
        ({"if-none-match": ETAG.strip('"')}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-none-match": '"a"', "if-modified-since": LATER}, 200),
        ({"if-none-match": ETAG, "if-modified-since": EARLIER}, 304),
        ({"if-none-match": ETAG, "accept-language": "es"}, 200),
        ({"if-modified-since": LATER}, 304),
        ({"if-modified-since": SAME}, 304),
        ({"if-modified-since": EARLIER}, 200),
        ({"if-modified-since": "Fri, 20 Nov 2026 12:30:15 -0000"}, 304),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Fri, 99 Nov 2026 12:30:15 GMT"}, 200),
    ],
)
def test_conditions_are_met_by_304(headers: dict[str, str], status: int) -> None:
    response = ask("/topics/asthma", headers)
    assert response.status == status
    if status == 304:
        assert response.body == b""
        assert fields(response).keys() >= {"ETag", "Cache-Control", "Content-Location", "Vary"}
        assert not fields(response).keys() & {"Content-Type", "Content-Length", "Last-Modified"}


def test_pages_too_have_strong_tags_of_their_bytes() -> None:
    for path in ("/", "/en/asthma"):
        response = ask(path)
        assert fields(response)["ETag"] == f'"{hashlib.sha256(response.body).hexdigest()}"'
        assert ask(path, {"if-none-match": fields(response)["ETag"]}).status == 304


def test_other_methods_are_refused() -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "get"):
        response = ask("/topics/asthma", method=method)
        assert problem_of(response)["status"] == 405
        assert fields(response)["Allow"] == "GET, HEAD, OPTIONS"


def test_pages_of_any_origin_may_ask() -> None:
    response = ask("/topics/asthma", {"access-control-request-method": "GET"}, method="OPTIONS")
    assert (response.status, response.body) == (204, b"")
    assert fields(response)["Access-Control-Allow-Origin"] == "*"
    sent = set(fields(response)["Access-Control-Allow-Headers"].split(", "))
    assert sent >= {"Accept-Language", "If-Match", "If-Unmodified-Since", "If-Range", "Range", "X-API-Key"}
    read = set(fields(response)["Access-Control-Expose-Headers"].split(", "))
    assert read >= {"Accept-Post", "Content-Range", "RateLimit", "WWW-Authenticate", "X-Request-Id"}
    assert "Access-Control-Allow-Headers" not in fields(ask("/topics/asthma", method="OPTIONS"))


@pytest.mark.parametrize(
    "path",
    [
        "/topics/../manifest.json",
        "/topics/%2e%2e/manifest.json",
        "/fhir/r4/es/../../../current.json",
        "//topics.json",
        "/topics//asthma",
        "/topics/asthma\0",
        "/topics/asthma.json",
        "/topics/nothing",
        "/fr/nothing",
        "/objects/sha256/ab/../../../.lock",
        "/objects/sha256/ab/" + "b" * 64 + ".json",
        "/objects/sha256/ab/" + "ab" * 32 + ".json",
        "/objects/sha256/ab/" + "ab" * 32 + ".json/..",
        "/objects/sha256/ab/" + "ab" * 32 + ".json\n",
        "/releases/000001/pointers/current.json",
        "/releases/000009/manifest.json",
        "/releases/1/manifest.json",
        "/releases/000001/../../etc/passwd",
        "/releases/٠٠٠٠٠١/manifest.json",
        "/fhir/r4/Bundle/asthma-fr",
        "/fhir/r6/Bundle/asthma-en",
        "/fhir/Bundle/asthma-en",
        "/fhir/Composition/asthma-en",
        "/fhir/r4/Composition/asthma-fr",
        "/fhir/r4/Composition/asthma",
        "/fhir/r4/DocumentReference/link-0123456789abcdef0123",
        "/fr",
        "/fhir/r4/CodeSystem/../en/asthma",
        "/etc/passwd",
        "/\\..\\manifest.json",
        "/" + "a" * 100_000,
        "*",
    ],
)
def test_what_is_not_in_the_table_is_not_found(path: str) -> None:
    store = Watched()
    response = respond(Request("GET", path), site_of(STORE, store))
    if path.startswith("/fhir"):
        assert (response.status, json.loads(response.body)["resourceType"]) == (404, "OperationOutcome")
    else:
        assert problem_of(response)["status"] == 404
    assert len(response.body) < 1000
    assert all(re.fullmatch(r"(objects/sha256/../|releases/\d+/)[0-9a-z]+\.json", key) for key in store.keys)


def test_an_artifact_that_the_store_lacks_is_a_server_error() -> None:
    with pytest.raises(IntegrityError):
        respond(Request("GET", "/topics/asthma"), site_of(STORE, Watched()))


def test_without_a_release_there_is_nothing_to_answer_with() -> None:
    response = ask("/topics/asthma", site=None)
    assert problem_of(response)["status"] == 503
    assert fields(response)["Retry-After"] == "60"


def test_schemas_need_no_release() -> None:
    for path in ("/schema/1/public/topics.schema.json", "/schema/1/public/context.jsonld", "/health/live"):
        response = ask(path, site=None)
        assert response.status == 200
        assert ask(path).body == response.body or path == "/health/live"
        assert ask(path, method="HEAD", site=None).headers == response.headers
        assert ask(path, {"accept-encoding": "gzip"}, site=None).status == 200
    assert ask("/schema/1/public/none.schema.json", site=None).status == 503
    assert ask("/search", site=None).status == 400
    assert ask("/search/", site=None).status == 503
    assert ask("/docs", site=None).status == 503


def test_a_base_url_with_a_path_works_behind_a_proxy_that_strips_it_or_not() -> None:
    store = MemoryStore()
    publish(store, base_url=f"{BASE}/health")
    site = site_of(store)
    for path in ("/topics/asthma", "/health/topics/asthma"):
        response = respond(Request("GET", path), site)
        assert fields(response)["Content-Location"] == "/health/fhir/r4/en/asthma.json"
        assert fields(response)["Link"].startswith("</health/fhir/r5/en/asthma.json>")
    assert respond(Request("GET", "/healthtopics.json"), site).status == 404


@pytest.mark.parametrize("name", ["health", "topics", "es"])
def test_the_path_of_the_base_url_may_be_like_one_below_it(name: str) -> None:
    store = MemoryStore()
    publish(store, base_url=f"{BASE}/{name}")
    site = site_of(store)
    for path in ("/health/live", "/topics/asthma", "/es/asthma"):
        stripped, whole = (respond(Request("GET", each), site) for each in (path, f"/{name}{path}"))
        assert stripped.status == 200
        assert stripped == whole
        assert operation_of(Request("GET", path), site) == stripped.operation
    assert is_open(Request("GET", "/health/live"), site)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/es/Asthma", "/es/asthma"),
        ("/ES/ASTHMA?x=1", "/es/asthma?x=1"),
        ("/topics/Asthma", "/topics/asthma"),
        ("/docs/ES", "/docs/es"),
        ("/Docs/es/API", "/docs/es/api"),
        ("/Topics.json", "/topics.json"),
        ("/Schemaorg/en/asthma.JSONLD", "/schemaorg/en/asthma.jsonld"),
        ("/CDS-Services", "/cds-services"),
        ("/Topics?lang=es&limit=1", "/topics?lang=es&limit=1"),
    ],
)
def test_an_address_in_other_letters_leads_to_the_right_one(target: str, location: str) -> None:
    path, _, query = target.partition("?")
    for method in ("GET", "HEAD"):
        response = respond(Request(method, path, query=query), SITE)
        assert (response.status, fields(response)["Location"]) == (308, location)
        assert response.operation


def test_an_address_in_other_letters_stays_private() -> None:
    response = respond(Request("GET", "/Search", query="q=asthma"), SITE)
    assert (response.status, fields(response)["Location"]) == (308, "/search?q=asthma")
    assert response.is_private
    assert "public" not in fields(response)["Cache-Control"]


def test_nothing_in_other_letters_is_nothing() -> None:
    for path in ("/es/Nothing", "/No/Such", "/FR"):
        assert respond(Request("GET", path), SITE).status == 404
    assert respond(Request("POST", "/Search"), SITE).status == 404


def test_lang_chooses_the_topics_of_the_list_for_people() -> None:
    for lang in ("es", "es-MX"):
        response = respond(Request("GET", "/", query=f"lang={lang}"), SITE)
        assert response.body == ask("/es").body
        assert fields(response)["Content-Location"] == "/es"
    assert fields(ask("/"))["Content-Location"] == "/en"
    assert respond(Request("GET", "/", query="lang=fr"), SITE).status == 400
    assert respond(Request("GET", "/es", query="lang=es-MX"), SITE).body == ask("/es").body
    assert problem_of(respond(Request("GET", "/es", query="lang=en"), SITE))["parameter"] == "lang"


def test_a_language_has_a_page_of_what_there_is_in_it() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma", "es": "Asma"}, "cough": {"en": "Cough"}})
    site = site_of(store)
    for path, language, titles in (
        ("/", "en", ["Asthma", "Cough"]),
        ("/en", "en", ["Asthma", "Cough"]),
        ("/es", "es", ["Asma"]),
    ):
        response = respond(Request("GET", path), site)
        assert (response.status, fields(response)["Content-Language"]) == (200, language)
        page = page_of(response.body)
        assert page.xpath("/html/@lang") == [language]
        assert page.xpath("//ul[@class='dated']//a/text()") == titles


HOSTILE = '"><script>alert("x")</script>&amp; <b>\'{{ 7*7 }}'


def test_titles_are_text_and_never_markup() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": HOSTILE, "es": "Asma", "ar": "الربو"}})
    site = site_of(store)
    for path in ("/", "/en/asthma", "/es/asthma"):
        response = respond(Request("GET", path), site)
        assert b"<script>" not in response.body
        assert fields(response)["Content-Security-Policy"].startswith("default-src 'none'")
        page = page_of(response.body)
        assert not page.xpath("//script[not(@src)] | //b")
        assert HOSTILE in page.xpath("//a/text()")


def test_the_page_names_every_edition_in_its_own_language() -> None:
    page = page_of(ask("/es/miscarriage").body)
    assert (page.get("lang"), page.get("dir")) == ("es", "ltr")
    assert page.xpath("string(//h1)") == "Aborto espontáneo"
    assert page.xpath("string(//title)").startswith("Aborto espontáneo – ")
    for language, title in TITLES["miscarriage"].items():
        (edition,) = page.xpath(f"//li[@lang='{language}'][@dir='ltr']")
        assert edition.xpath("string(a)") == title
        for link in edition.xpath(".//ul//a"):
            assert ask(link.get("href")).status == 200
            assert fields(ask(link.get("href")))["Content-Language"] == language
            assert fields(ask(link.get("href")))["Content-Type"].startswith(
                link.get("type").partition(";")[0]
            )


def test_a_format_that_is_not_installed_here_is_served_under_its_media_type() -> None:
    store = MemoryStore()
    publish(store, formats=[("acme", "acme", ".csv", "text/csv")])
    site = site_of(store)
    response = respond(Request("GET", "/topics/asthma", {"accept": "text/csv"}), site)
    assert fields(response)["Content-Location"] == "/acme/en/asthma.csv"
    page = page_of(respond(Request("GET", "/en/asthma", {}), site).body)
    assert "text/csv" in page.xpath("//a/text()")


def test_the_home_page_leads_everywhere() -> None:
    page = page_of(ask("/").body)
    links = [each for each in page.xpath("//a/@href") if not each.startswith("#")]
    assert {f"/en/{topic}" for topic, titles in TITLES.items() if "en" in titles} <= set(links)
    assert [ask(link).status for link in links] == [200] * len(links)


def test_the_home_pages_lead_to_the_documentation() -> None:
    for path in ("/", "/es"):
        link = fields(ask(path))["Link"]
        assert '</openapi.json>; rel="service-desc"' in link
        assert '</docs/es>; rel="service-doc"; hreflang="es"' in link


def test_a_client_that_reads_none_of_the_languages_gets_english() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"ar": "الربو", "en": "Asthma"}})
    response = respond(Request("GET", "/topics/asthma", {"accept-language": "fr"}), site_of(store))
    assert fields(response)["Content-Language"] == "en"


def test_a_language_written_from_right_to_left_says_so() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma", "ar": "الربو"}})
    page = page_of(respond(Request("GET", "/"), site_of(store)).body)
    assert set(page.xpath("//a[@dir='rtl']/@lang")) == {"ar"}


PATHS = st.sampled_from(["/topics/asthma", "/es/asthma", "/", "/topics.json", "/nothing"]) | st.text(
    max_size=40
)
NAMES = st.sampled_from([*FIELDS, "host"])
MEDIA_RANGES = st.from_regex(
    r"(?:[a-z*]{1,3}/[a-z+*]{1,3}|application/fhir\+json)(?:;[a-zA-Z]{1,11}=[\"a-z0-9.]{0,5}){0,3}",
    fullmatch=True,
)
VALUES = (
    st.text(max_size=60)
    | st.lists(MEDIA_RANGES, max_size=4).map(", ".join)
    | st.datetimes().map("{:%a, %d %b %Y %H:%M:%S} +9999".format)
)


@given(path=PATHS, headers=st.dictionaries(NAMES, VALUES))
def test_no_header_text_makes_a_server_error(path: str, headers: dict[str, str]) -> None:
    assert ask(path, headers).status in (200, 206, 304, 404, 406, 412, 416)
