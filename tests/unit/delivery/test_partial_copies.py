"""A copy of a part of a release lists only what it has."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from healthtopics.copies import Selection
from healthtopics.delivery.message import Request
from healthtopics.delivery.opening import open_site
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.errors import ReleaseError
from healthtopics.index.opening import TopicIndex
from healthtopics.jsontext import dump
from support.lists import bundled, changed
from support.releases import MemoryStore, publish_indexed


def part_of(site: Site, **selection: Any) -> Site:
    return replace(site, index=TopicIndex(site.index.path, Selection(**selection)))


SPANISH = part_of(bundled(), languages=("es",))


def ask(target: str, site: Site) -> Any:
    path, _, query = target.partition("?")
    response = respond(Request("GET", path, query=query), site)
    assert response.status == 200, response.body
    return json.loads(response.body)


def languages_in(answer: Any) -> set[str]:
    return {edition["language"] for topic in answer["topics"] for edition in topic["editions"]}


def test_lists_have_the_languages_that_are_here() -> None:
    for target in ("/topics", "/topics?updatedSince=2020-01-01", "/changes?since=0"):
        assert languages_in(ask(target, SPANISH)) == {"es"}
    assert [each["language"] for each in ask("/letters", SPANISH)["languages"]] == ["es"]
    response = respond(Request("GET", "/topics", query="lang=en"), SPANISH)
    assert (response.status, json.loads(response.body)["possible"]) == (400, ["es"])


def test_pages_have_the_languages_that_are_here() -> None:
    page: Any = html.document_fromstring(respond(Request("GET", "/"), SPANISH).body)
    assert set(page.xpath("//html/@lang | //li//@hreflang")) == {"es"}
    response = respond(Request("GET", "/en/miscarriage"), SPANISH)
    assert response.status == 404
    assert {each["language"] for each in json.loads(response.body)["available"]} == {"es"}


def test_a_search_finds_what_is_here() -> None:
    found = ask("/search?q=aborto", SPANISH)
    assert (found["language"], found["hits"][0]["id"]) == ("es", "miscarriage")
    site = part_of(bundled(), names=("*/miscarriage.*",))
    found = ask("/search?q=embarazo&lang=es", site)
    assert (found["total"], [each["id"] for each in found["hits"]]) == (1, ["miscarriage"])
    assert ask("/search?q=miscarriage&lang=es", site)["searched"] == "en"


def test_changes_have_the_formats_that_are_here() -> None:
    for topic in ask("/changes?since=0", part_of(bundled(), formats=("schemaorg",)))["topics"]:
        assert {name for each in topic["editions"] for name in each["formats"]} == {"schemaorg"}
    site = part_of(changed(), languages=("en",))
    assert [each["id"] for each in ask("/changes?since=2", site)["topics"]] == ["kept"]


def test_a_look_up_finds_what_is_here() -> None:
    target = (
        "/infobutton?mainSearchCriteria.v.cs=mesh&mainSearchCriteria.v.c=D000022"
        "&knowledgeResponseType=application/json"
    )
    feed = ask(target, part_of(bundled(), languages=("es",), formats=("schemaorg",)))["feed"]
    assert feed["lang"] == "es"
    assert [link["hreflang"] for entry in feed["entry"] for link in entry["link"]] == ["es"]
    assert ask(target, part_of(bundled(), names=("*/amniocentesis.*",)))["feed"]["entry"] == []


@pytest.mark.parametrize("selection", [{"languages": ("en", "es")}, {"names": ("*",)}])
def test_all_of_it_is_a_part_as_well(selection: dict[str, tuple[str, ...]]) -> None:
    for target in ("/topics", "/letters", "/search?q=aborto&lang=es", "/changes?since=0"):
        assert ask(target, part_of(bundled(), **selection)) == ask(target, bundled())


def test_a_copy_of_files_without_editions_is_served() -> None:
    site = part_of(bundled(), names=("topics.json",))
    assert ask("/topics", site)["topics"] == []
    assert site.languages == ("en", "es")


def test_a_copy_without_an_index_says_what_is_missing() -> None:
    store = MemoryStore()
    publish_indexed(store, {"asthma": {"en": "Asthma", "es": "Asma"}})
    store.replace("releases/000001/selection.json", dump(Selection(index=False)))
    with pytest.raises(ReleaseError, match=r"pulled with --no-index.* Pull again with --everything"):
        open_site(store)


def test_each_release_has_its_own_part() -> None:
    store = MemoryStore()
    for _ in range(2):
        publish_indexed(store, {"asthma": {"en": "Asthma", "es": "Asma"}})
    store.replace("releases/000001/selection.json", b'{"languages": ["es"]}')
    site = open_site(store)
    assert languages_in(ask("/topics?page=1-0", site)) == {"es"}
    assert languages_in(ask("/topics", site)) == {"en", "es"}
