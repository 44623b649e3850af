"""The forms of a knowledge response: Atom, JSON, JSONP and the page."""

import json
import re
from dataclasses import replace
from typing import Any

import feedparser
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from healthtopics.delivery.lookup.atom import write_atom
from healthtopics.delivery.lookup.feed import BROADER, EXACT, SKOS, Category, Feed, FeedEntry, FeedLink
from healthtopics.delivery.lookup.hl7json import write_json, write_jsonp
from healthtopics.delivery.lookup.page import write_page as write_in_frame
from healthtopics.schema import packaged
from healthtopics.website.addresses import ServedAddresses
from support.indexes import bundled_index
from support.samples import ROOT

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
GRAMMAR = etree.RelaxNG(etree.parse(ROOT / "tests/data/atom.rng"))
SCHEMA = jsonschema.Draft202012Validator(packaged("public/knowledge-response.schema.json"))
EMPTY = Feed(
    id="urn:uuid:3f0f3d07-6d2f-5a43-9a3f-d1c8d54f2a11",
    base="https://topics.example.org/",
    language="es",
    title="Temas de salud",
    subtitle="Resultados para ICD-10-CM O03.42",
    updated="2026-11-30T06:00:00Z",
    author="topics.example.org",
    author_uri="https://topics.example.org/",
    categories=(Category("mainSearchCriteria.v.c", "O03.42"), Category("mainSearchCriteria.v.dn", "")),
    entries=(),
)
ENTRY = FeedEntry(
    id="https://topics.example.org/es/miscarriage",
    language="es",
    title="Aborto <espontáneo> & más",
    updated="2026-11-24T08:00:00Z",
    links=(
        FeedLink("https://topics.example.org/es/miscarriage", "es", "Aborto espontáneo"),
        FeedLink("https://topics.example.org/en/miscarriage", "en", "Miscarriage"),
    ),
    summary='<h3>¿Qué es?</h3><p>De 1 &lt; 2 <a href="https://a.example/?b=1&amp;c=2">causas</a></p>',
    note="No hay un tema específico sobre O03.42. Este es más general.",
    categories=(Category("mainSearchCriteria.v.c", "O03.42"), Category(SKOS, BROADER, "ICD-10-CM O03.4")),
)
FEED = replace(EMPTY, entries=(ENTRY,))


def write_page(feed: Feed) -> bytes:
    return write_in_frame(feed, bundled_index(), ServedAddresses())


def parsed(feed: Feed) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write_json(feed))["feed"]
    return document


@pytest.mark.parametrize("feed", [EMPTY, FEED])
def test_atom_is_valid(feed: Feed) -> None:
    GRAMMAR.assertValid(etree.fromstring(write_atom(feed)))


@pytest.mark.parametrize("path", ["atom:id", "atom:author", "atom:entry/atom:id", "atom:entry/atom:updated"])
def test_atom_without_a_required_element_is_refused(path: str) -> None:
    root = etree.fromstring(write_atom(FEED))
    (element,) = root.iterfind(path, ATOM)
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
    assert not GRAMMAR.validate(root)


def test_a_reader_of_feeds_reads_it() -> None:
    found = feedparser.parse(write_atom(FEED), sanitize_html=False)
    assert not found.bozo
    assert (found.feed.id, found.feed.language, found.feed.author) == (FEED.id, "es", "topics.example.org")
    (entry,) = found.entries
    assert (entry.id, entry.updated) == (ENTRY.id, ENTRY.updated)
    assert [(link.href, link.hreflang, link.rel) for link in entry.links] == [
        ("https://topics.example.org/es/miscarriage", "es", "alternate"),
        ("https://topics.example.org/en/miscarriage", "en", "alternate"),
    ]
    assert entry.summary_detail.type == "text/html"
    assert entry.summary == ENTRY.summary
    assert [(tag.scheme, tag.term, tag.label) for tag in entry.tags][1] == (SKOS, BROADER, "ICD-10-CM O03.4")


@pytest.mark.parametrize("feed", [EMPTY, FEED])
def test_json_is_valid(feed: Feed) -> None:
    SCHEMA.validate({"feed": parsed(feed)})


def test_json_has_the_members_that_clients_of_connect_read() -> None:
    found = parsed(FEED)
    assert found["title"] == {"type": "text", "_value": "Temas de salud"}
    assert found["entry"][0]["title"] == {"type": "text", "_value": ENTRY.title}
    assert found["entry"][0]["link"][0]["href"] == ENTRY.links[0].href
    assert found["entry"][0]["summary"] == {"type": "html", "_value": ENTRY.summary}
    assert found["entry"][0]["updated"]["_value"] == ENTRY.updated


def test_what_may_repeat_is_an_array_even_with_one_member() -> None:
    found = parsed(FEED)
    repeating = [found["author"], found["category"], found["entry"], found["entry"][0]["link"]]
    assert all(isinstance(each, list) for each in repeating)
    assert parsed(EMPTY)["entry"] == []


def test_json_may_be_put_into_a_page() -> None:
    text = write_json(FEED).decode()
    assert not set(text) & set("<>=&")
    assert "\\u003ch3\\u003e" in text


def test_a_script_calls_the_function() -> None:
    found = re.fullmatch(
        rb"/\*\*/jQuery17_1\.done\((.*)\);\n", write_jsonp(FEED, "jQuery17_1.done"), re.DOTALL
    )
    assert found is not None
    assert json.loads(found[1]) == json.loads(write_json(FEED))


def test_the_page_is_in_its_language_and_links_to_the_others() -> None:
    page = html.fromstring(write_page(FEED))
    assert page.get("lang") == "es"
    assert page.findtext(".//h1") == FEED.subtitle
    assert page.xpath("//header//form/@action") == ["/es/search"]
    assert page.xpath("string(//meta[@name='robots']/@content)") == "noindex"
    assert [each.get("hreflang") for each in page.iterfind(".//article//a[@hreflang]")] == ["en"]
    text = etree.tostring(page, method="text", encoding="unicode")
    assert "No hay un tema específico sobre O03.42" in text
    assert "De 1 < 2 causas" in text
    assert page.findtext(".//h2/a") == ENTRY.title
    assert not page.xpath("//script[not(@src)] | //style")


def test_the_page_says_how_old_a_text_is_and_what_it_is_not() -> None:
    page = html.fromstring(write_page(FEED))
    (updated,) = page.iterfind(".//article//time")
    assert (updated.get("datetime"), updated.text) == ("2026-11-24", "24 de noviembre de 2026")
    assert "Última actualización" in write_page(FEED).decode()
    sections = tuple(replace(ENTRY, id=f"{ENTRY.id}#{each}", about="<p>Exención</p>") for each in "ab")
    text = write_page(replace(FEED, entries=sections)).decode()
    assert text.count("<p>Exención</p>") == 1
    assert "Última actualización" not in text


def test_a_page_without_entries_says_so() -> None:
    assert "No hay ningún tema de salud sobre esto." in write_page(EMPTY).decode()


def test_an_exact_match_has_no_note() -> None:
    exact = replace(ENTRY, note="", categories=(Category(SKOS, EXACT, "ICD-10-CM O03.42"),))
    assert "específico" not in write_page(replace(FEED, entries=(exact,))).decode()


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
)


@given(TEXTS, TEXTS, TEXTS)
def test_every_form_keeps_every_text(title: str, term: str, summary: str) -> None:
    entry = replace(ENTRY, title=title, summary=summary)
    feed = replace(FEED, categories=(Category("mainSearchCriteria.v.dn", term),), entries=(entry,))
    root = etree.fromstring(write_atom(feed))
    GRAMMAR.assertValid(root)
    assert (root.findtext("atom:entry/atom:title", namespaces=ATOM) or "") == title
    assert (root.findtext("atom:entry/atom:summary", namespaces=ATOM) or "") == summary
    (category,) = root.iterfind("atom:category", ATOM)
    assert category.get("term") == term
    found = parsed(feed)
    assert found["entry"][0]["title"]["_value"] == title
    assert found["entry"][0]["summary"]["_value"] == summary
    assert found["category"][0]["term"] == term
