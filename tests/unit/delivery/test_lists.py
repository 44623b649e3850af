"""Lists of topics, search and changes: parameters, pages over a fixed release, links, schemas."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.opening import open_site
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.validation.public import check_public
from support.indexes import RELEASE, written
from support.lists import BASE, TARGETS, answers, bundled, changed, many, site_of
from support.releases import MemoryStore, publish
from support.searching import collection

BUNDLED, MANY = bundled(), many()


def ask(target: str, site: Site = BUNDLED, **headers: str) -> tuple[Response, dict[str, str]]:
    path, _, query = target.partition("?")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = respond(Request("GET", path, named, query), site)
    return response, dict(response.headers)


def answer(target: str, site: Site = BUNDLED, **headers: str) -> dict[str, Any]:
    response, _ = ask(target, site, **headers)
    assert response.status == 200, response.body
    document: dict[str, Any] = json.loads(response.body)
    return document


def problem(target: str, status: int, site: Site = BUNDLED) -> dict[str, Any]:
    response, fields = ask(target, site)
    assert (response.status, fields["Content-Type"]) == (status, "application/problem+json"), response.body
    document: dict[str, Any] = json.loads(response.body)
    return document


def links(fields: dict[str, str]) -> dict[str, str]:
    return {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="([^"]*)"', fields["Link"])}


def post(body: str, media_type: str, site: Site = MANY) -> tuple[int, dict[str, str], dict[str, Any]]:
    response = respond(Request("POST", "/search", {"content-type": media_type}, body=body.encode()), site)
    return response.status, dict(response.headers), json.loads(response.body)


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.parametrize("schema", TARGETS)
def test_an_answer_conforms_to_its_public_schema(schema: str) -> None:
    found = list(answers(schema))
    assert found
    assert [
        problem for each in found for problem in check_public(f"public/{schema}.schema.json", each, "")
    ] == []


@pytest.mark.parametrize(
    ("schema", "target"), [(name, each) for name, some in TARGETS.items() for each in some]
)
def test_an_answer_links_its_schema_and_is_always_the_same(schema: str, target: str) -> None:
    response, fields = ask(target, changed())
    assert links(fields)["describedby"] == f"/schema/1/public/{schema}.schema.json"
    assert ask(target, changed())[0] == response


def test_pages_have_every_topic_once_and_lead_to_each_other() -> None:
    target: str | None = "/topics?lang=es&limit=60"
    found, seen = [], []
    while target:
        response, fields = ask(target, MANY)
        document = json.loads(response.body)
        found += [each["id"] for each in document["topics"]]
        seen.append(target)
        related = links(fields)
        target = related.get("next")
        assert (target is None) == ("nextPage" not in document)
    assert len(found) == len(set(found)) == document["total"] == 204
    titles = [each["editions"][0]["title"] for each in answer("/topics?lang=es&limit=200", MANY)["topics"]]
    assert titles[:2] == ["Aborto espontáneo", "Aborto inducido"]
    assert related["first"] == "/topics?lang=es&limit=60&page=3-0"
    assert related["last"] == seen[-1] == "/topics?lang=es&limit=60&page=3-180"
    assert related["prev"] == seen[-2]


def test_a_page_after_the_last_one_leads_back() -> None:
    _, fields = ask("/topics?page=3-100000&limit=50", MANY)
    assert links(fields)["prev"] == "/topics?page=3-200"
    assert "next" not in links(fields)


def test_a_list_stays_that_of_its_release() -> None:
    newer = written(RELEASE._replace(number=4, time="2026-12-01T00:00:00Z"))
    site = replace(site_of(newer), earlier={3: collection()}.get)
    assert answer("/topics", site)["total"] == 0
    old = answer("/topics?page=3-100", site)
    assert (old["release"], old["time"], old["total"]) == (3, RELEASE.time, 204)
    assert old["nextPage"] == "3-150"


@pytest.mark.parametrize("path", ["/search?q=asthma", "/topics?limit=1"])
def test_a_page_has_the_languages_of_its_release(path: str) -> None:
    newer = written(RELEASE._replace(number=4, languages='["en","es","fr"]'))
    site = replace(site_of(newer), earlier={3: collection()}.get)
    assert problem(f"{path}&page=3-0&lang=fr", 400, site)["possible"] == ["en", "es"]
    response, fields = ask(f"{path}&page=3-0", site, accept_language="fr")
    assert (response.status, fields.get("Content-Language", "en")) == (200, "en")


def test_a_list_goes_on_while_the_store_has_its_release() -> None:
    store = MemoryStore()
    publish(store, {"asthma": {"en": "Asthma"}, "cough": {"en": "Cough"}}, is_indexed=True)
    token = answer("/topics?limit=1", open_site(store))["nextPage"]
    publish(store, {"birth": {"en": "Birth"}}, is_indexed=True)
    site = open_site(store)
    assert [each["id"] for each in answer("/topics?limit=1", site)["topics"]] == ["birth"]
    assert [each["id"] for each in answer(f"/topics?limit=1&page={token}", site)["topics"]] == ["cough"]
    del store.files["releases/000001/manifest.json"]
    assert problem(f"/topics?limit=1&page={token}", 410, open_site(store))["first"] == "/topics?limit=1"


@pytest.mark.parametrize(
    ("target", "status"), [("/topics?page=2-0&lang=es", 410), ("/topics?page=9-0&lang=es", 400)]
)
def test_a_page_of_a_release_that_is_not_here_says_how_to_begin_again(target: str, status: int) -> None:
    found = problem(target, status, MANY)
    assert (found["parameter"], found["first"]) == ("page", "/topics?lang=es")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("code=D000022", ["miscarriage"]),
        ("code=d0000.22", ["miscarriage"]),
        ("code=mesh%7CD000022", ["miscarriage"]),
        ("code=https://www.nlm.nih.gov/mesh%7CD000022", ["miscarriage"]),
        ("code=http://www.nlm.nih.gov/mesh/%7CD000022", ["miscarriage"]),
        ("code=urn:oid:2.16.840.1.113883.6.177%7CD000022", ["miscarriage"]),
        ("code=MeSH%7CD000022", ["miscarriage"]),
        ("code=loinc%7CD000022", []),
        ("code=http://loinc.org%7CD000022", []),
        ("code=%7CD000022", ["miscarriage"]),
        ("letter=m&lang=en", ["miscarriage"]),
        ("lang=es-MX&letter=A&limit=1", ["miscarriage"]),
        ("group=diagnostic-tests", ["amniocentesis"]),
        ("updatedSince=2026-11-30T04:00:01Z", []),
        ("updatedSince=2026-11-30T04:00:00%2B01:00&lang=en", []),
        ("updatedSince=2026-11-30T05:00:00%2B01:00&lang=es&limit=1", ["miscarriage"]),
        ("updatedSince=2999-01-01", []),
        ("completeOnly=true&lang=es&letter=D", ["back-pain-and-miscarriage"]),
    ],
)
def test_filters(query: str, expected: list[str]) -> None:
    assert [each["id"] for each in answer(f"/topics?{query}")["topics"]] == expected


@pytest.mark.parametrize(
    ("target", "parameter"),
    [
        ("/topics?lang=fr", "lang"),
        ("/topics?group=hearts", "group"),
        ("/topics?category=cats", "category"),
        ("/topics?letter=A", "letter"),
        ("/topics?updatedSince=yesterday", "updatedSince"),
        ("/topics?updatedSince=2026-02-30", "updatedSince"),
        ("/topics?limit=0", "limit"),
        ("/topics?limit=201", "limit"),
        ("/topics?page=1", "page"),
        ("/topics?page=0-0", "page"),
        ("/topics?languages=es", "languages"),
        ("/topics?code=icd-10-cm%7C", "code"),
        ("/topics?code=...", "code"),
        ("/topics?code=unknown%7CD000022", "code"),
        ("/topics?code=2.16.840.1%7CD000022", "code"),
        ("/letters?lang=fr", "lang"),
        ("/search", "q"),
        ("/search?q=a&lang=xx", "lang"),
        ("/search?q=" + 301 * "a", "q"),
        ("/changes", "since"),
        ("/changes?since=-1", "since"),
        ("/changes?since=2", "since"),
    ],
)
def test_a_wrong_parameter_is_named(target: str, parameter: str) -> None:
    assert problem(target, 400)["parameter"] == parameter


def test_an_unknown_system_is_refused_with_those_that_there_are() -> None:
    found = problem("/topics?code=meshes%7CD000022", 400)
    assert {"mesh", "icd-10-cm", "loinc"} <= set(found["possible"])
    assert "meshes" in found["detail"]


def test_letters_lead_to_their_topics() -> None:
    _, spanish = answer("/letters", MANY)["languages"]
    counts = {each["letter"]: each for each in spanish["letters"]}
    assert list(counts) == sorted(counts)
    for each in counts.values():
        found = answer(each["url"].removeprefix(BASE), MANY)
        assert found["total"] == each["topics"]


def test_the_letters_of_one_language_are_in_that_language() -> None:
    assert ask("/letters?lang=es")[1]["Content-Language"] == "es"
    assert "Content-Language" not in ask("/letters")[1]


def test_the_letters_of_one_language() -> None:
    every, spanish = answer("/letters", MANY), answer("/letters?lang=es-MX", MANY)
    assert spanish["languages"] == every["languages"][1:]


def test_search_answers_with_marks_in_plain_text() -> None:
    found = answer("/search?q=perdida+del+embarazo&lang=es", MANY)
    assert found["hits"][0]["id"] == "miscarriage"
    text, marks = found["hits"][0]["snippet"]["text"], found["hits"][0]["snippet"]["marks"]
    assert {text[each["start"] : each["start"] + each["length"]] for each in marks} <= {"embarazo", "Pérdida"}
    assert found["hits"][0]["url"] == f"{BASE}/topics/miscarriage"


def test_the_language_of_a_search_may_come_from_the_header() -> None:
    response, fields = ask("/search?q=asma", MANY, accept_language="es-MX,en;q=0.5")
    assert json.loads(response.body)["language"] == fields["Content-Language"] == "es"
    assert "Accept-Language" in fields["Vary"]
    assert "Accept-Language" not in ask("/search?q=asma&lang=es", MANY)[1].get("Vary", "")


def test_a_search_is_private() -> None:
    response, fields = ask("/search?q=asthma", MANY)
    assert response.is_private
    assert fields["Cache-Control"].startswith("private")
    assert links(fields) == {"describedby": "/schema/1/public/search.schema.json"}
    status, fields, _ = post('{"q": "asthma"}', JSON)
    assert (status, fields["Cache-Control"]) == (200, "no-store")
    assert "q=" not in fields["Link"]


@pytest.mark.parametrize(("page", "status"), [("999-0", 400), ("1-0", 410)])
def test_a_page_of_a_search_that_is_not_here_repeats_no_words(page: str, status: int) -> None:
    found_status, fields, found = post(json.dumps({"q": "asthma", "page": page}), JSON)
    asked, _ = ask(f"/search?q=asthma&page={page}", MANY)
    assert (found_status, asked.status, fields["Cache-Control"]) == (status, status, "private, no-store")
    assert found["parameter"] == "page"
    assert "asthma" not in f"{found}{asked.body!r}"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"q": "morning sickness", "lang": "en", "limit": 3, "unfinished": false}', JSON),
        ("q=morning+sickness&lang=en&limit=3", FORM),
        ("q=morning+sickness&lang=en&limit=3", f"{FORM}; charset=utf-8"),
    ],
)
def test_a_search_by_body_is_the_same(body: str, media_type: str) -> None:
    status, _, found = post(body, media_type)
    assert (status, found) == (200, answer("/search?q=morning+sickness&lang=en&limit=3", MANY))


def test_a_search_by_body_may_have_lists_of_nothing_else() -> None:
    example = post("[]", JSON)[2]["detail"]
    assert json.loads(example[example.index("{") : example.rindex("}") + 1]).keys() == {"q"}
    assert post("q", "")[1]["Accept-Post"] == f"{FORM}, {JSON}"


def test_pages_of_a_search_by_body() -> None:
    _, _, first = post('{"q": "pain", "lang": "en", "limit": 5}', JSON)
    again = {"q": "pain", "lang": "en", "limit": 5, "page": first["nextPage"]}
    _, _, second = post(json.dumps(again), JSON)
    assert not {each["id"] for each in first["hits"]} & {each["id"] for each in second["hits"]}


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        ("{}", JSON, 400),
        ("[]", JSON, 400),
        ("{", JSON, 400),
        ('{"q": ["a"]}', JSON, 400),
        ('{"q": null}', JSON, 400),
        ('{"q": "a", "limit": "many"}', JSON, 400),
        ('{"q": "a", "x": 1}', JSON, 400),
        ("lang=es", FORM, 400),
        ("q=%", FORM, 400),
        ("q", "text/plain", 415),
        ("q", "", 415),
    ],
)
def test_a_wrong_body_is_refused(body: str, media_type: str, status: int) -> None:
    found_status, _, found = post(body, media_type)
    assert (found_status, found["status"]) == (status, status)


@pytest.mark.parametrize("value", ['["a"]', "null", "{}"])
def test_a_wrong_member_of_a_body_is_named(value: str) -> None:
    _status, _, found = post(f'{{"q": "a", "lang": {value}}}', JSON)
    assert found["parameter"] == "lang"
    assert "parameter" not in post("[]", JSON)[2]


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for(text: str) -> None:
    status, _, found = post(json.dumps({"q": text}), JSON)
    assert status == 200 or (status == 400 and any(0xD800 <= ord(each) < 0xE000 for each in text)), found


def test_changes_have_tombstones_and_reasons() -> None:
    found = answer("/changes?since=2", changed())
    gone, kept = found["topics"]
    assert gone["tombstone"] == {"date": RELEASE.time, "titles": {"es": "Ido"}}
    assert kept["editions"][0]["reasons"] == ["It was wrong."]
    assert "url" in kept
    assert "url" not in gone


def test_changes_since_nothing_are_all_topics() -> None:
    found = answer("/changes?since=0", changed())
    assert check_public("public/topic-changes.schema.json", found, "") == []
    (topic,) = found["topics"]  # nobody has what is gone
    assert (topic["id"], topic["change"], found["total"]) == ("kept", "added", 1)
    (edition,) = topic["editions"]
    assert (edition["change"], edition["formats"]) == ("added", {"fhir-r4": "added"})
    assert "reasons" not in edition
    pages = [answer(f"/changes?since=0&limit=120{more}", MANY) for more in ("", "&page=3-120")]
    ids = [each["id"] for page in pages for each in page["topics"]]
    assert (len(ids), ids) == (204, sorted(set(ids)))


def test_changes_since_a_forgotten_release_say_what_to_do_instead() -> None:
    found = problem("/changes?since=1", 410, changed())
    assert (found["earliest"], found["instead"]) == (2, "/topics")


def test_the_addresses_of_lists_are_not_those_of_topics() -> None:
    for path in ("/topics/letters", "/topics/search", "/es/changes", "/topics/changes"):
        assert ask(path)[0].status == 404
