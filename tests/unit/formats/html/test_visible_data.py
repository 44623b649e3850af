"""What readers see of a page and the JSON-LD in it, for programs, agree. No reader of ours is used."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from healthtopics.formats.html.row import HTML
from healthtopics.topic import Review
from support import samples

REVIEW = Review(date="2026-12-24", by="Dr. Ana Ruiz", languages=samples.LANGUAGES)
PAGES = [(name, language) for name in samples.TOPICS for language in samples.LANGUAGES]


def page_of(name: str, language: str) -> Any:
    """Return the page of a bundled topic, as if it were reviewed."""
    localized = samples.localized(name, language)
    reviewed = replace(localized, dates=replace(localized.dates, reviews=(REVIEW,)))
    return etree.fromstring(str(HTML.export(reviewed, samples.edition(name, language))).encode())


def data_of(page: Any) -> dict[str, Any]:
    (script,) = page.iter("script")
    found: dict[str, Any] = json.loads(script.text)
    return found


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def said(page: Any, path: str) -> list[str]:
    return [str(each) if isinstance(each, str) else words(each) for each in page.xpath(path)]


def lines(section: Any) -> list[str]:
    """Return the paragraphs and items of a section or a callout, without its heading."""
    found = []
    for block in section.iter("p", "li", "h3"):
        is_own = next(block.iterancestors("section")) is section
        if is_own and block.get("class") is None and block is not section[0]:
            text = block.xpath(".//text()[not(ancestor::span[@class='language'])]")
            inside = {each for nested in block.iter("ul", "ol") for each in nested.xpath(".//text()")}
            found.append(" ".join("".join(each for each in text if each not in inside).split()))
    return found


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_names_and_description(name: str, language: str) -> None:
    page = page_of(name, language)
    data = data_of(page)
    assert said(page, "//h1") == [data["name"]] == [data["headline"]]
    assert said(page, "//html/@lang") == [data["inLanguage"]]
    assert said(page, "//p[@class='summary']") == [data["description"]]
    named = data["about"].get("alternateName", [])
    names = [each["@value"] for each in (named if isinstance(named, list) else [named])]
    assert said(page, "//dl[@class='names']/dd") == names
    assert said(page, "//link[@rel='canonical']/@href") == [data["@id"]] == [data["url"]]
    home, _group, _here = page.xpath("//nav[@class='crumbs']/ol/li/*")
    assert (words(home), home.get("href")) == (data["isPartOf"]["name"], data["isPartOf"]["url"])


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_dates_reviewer_publisher_and_sources(name: str, language: str) -> None:
    page = page_of(name, language)
    data = data_of(page)
    trust = "//ul[@class='trust']/li"
    assert said(page, f"{trust}//time/@datetime") == [data["dateModified"], data["lastReviewed"]]
    assert data["reviewedBy"]["name"] in said(page, trust)[1]
    (publisher,) = page.xpath("//footer/dl/dd[1]/a")
    assert (words(publisher), publisher.get("href")) == (data["publisher"]["name"], data["publisher"]["url"])
    assert data["license"] in said(page, "//footer//dt/a/@href | //footer//dd/a/@href")
    sources = [(each["name"], each["url"]) for each in data["isBasedOn"] if "url" in each]
    shown = page.xpath("//section[@id='page_sources']/details/ul/li/p[1]/a")
    assert [(words(each), each.get("href")) for each in shown] == sources
    titles = said(page, "//section[@id='page_sources']/details/ul/li/p[1]//cite")
    assert titles == [each["name"] for each in data["isBasedOn"]]


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_sections_callouts_and_their_urgency(name: str, language: str) -> None:
    page = page_of(name, language)
    data = data_of(page)
    parts = [part for part in data["hasPart"] if part["@type"] == "HealthTopicContent"]
    shown = page.xpath("//main/section[not(contains(@id, '_'))]/descendant-or-self::section")
    assert [f"{data['@id']}#{each.get('id')}" for each in shown] == [part["@id"] for part in parts]
    for section, part in zip(shown, parts, strict=True):
        heading = words(section.xpath("(h2 | h3)[1]")[0])
        if "keywords" in part:
            urgency = part["keywords"]
            assert heading == f"{urgency['name']}: {part['headline']}"
            assert section.get("class") == f"callout {urgency['termCode']}"
        else:
            assert heading == part["headline"]
        assert lines(section) == [line for line in part.get("text", "").split("\n") if line]


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_links_by_category_with_their_number(name: str, language: str) -> None:
    page = page_of(name, language)
    data = data_of(page)
    lists = {part["@id"].partition("#")[2]: part for part in data["hasPart"] if "mainEntity" in part}
    assert said(page, "//section[@id='page_links']/section/@id") == list(lists)
    for key, part in lists.items():
        items = [each["item"] for each in part["mainEntity"]["itemListElement"]]
        assert said(page, f"//section[@id='{key}']//summary") == [f"{part['name']} ({len(items)})"]
        links = page.xpath(f"//section[@id='{key}']/details/ul/li/a")
        assert [(each.get("href"), each.get("hreflang")) for each in links] == [
            (each["url"], each["inLanguage"]) for each in items
        ]


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_no_page_is_a_list_of_questions_for_programs(name: str, language: str) -> None:
    text = json.dumps(data_of(page_of(name, language)))
    assert "FAQPage" not in text
    assert '"Question"' not in text
