"""Reads what a FHIR document says apart from the text of its sections, in its data and narratives."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Final

from healthtopics.formats.account import Fact, Passage
from healthtopics.formats.fhir.values import div_of, first, listed, own_code, value_of
from healthtopics.formats.xhtml import (
    LinkLine,
    local_name,
    parse_div,
    parsed,
    read_definitions,
    read_lines,
    read_text,
)
from healthtopics.jsontext import Document, dump_line, load

_SIMPLE: Final = re.compile(r'<div [^<>]*><p>(?:<a href="([^"<>]*)">)?([^<>]*)(?(1)</a>)</p></div>')


def read_facts(bundle: Document, resources: list[Document]) -> Iterator[Fact]:
    """Yield what the Composition says, and the resources that it refers to."""
    composition = resources[0] if resources else {}
    yield Fact("the title", (str(composition.get("title", "")),), "Composition.title")
    opening = _paragraphs(div_of(composition))
    yield Fact("the title and the description", tuple(each.text for each in opening), "Composition.text")
    yield from _read_head(bundle, composition)
    yield from _read_codes(composition)
    by_key = {f"{each.get('resourceType')}/{each.get('id')}": each for each in resources}
    yield from _read_sections(composition, by_key)
    for key, resource in by_key.items():
        if resource.get("resourceType") == "Organization":
            yield from _organization(key, dump_line(resource))


def _read_head(bundle: Document, composition: Document) -> Iterator[Fact]:
    identities = (bundle.get("id"), composition.get("id"))
    yield Fact("the id of the edition", tuple(map(str, identities)), "Bundle.id and Composition.id")
    identifier = composition.get("identifier")
    own = listed(identifier) if isinstance(identifier, list) else [value_of(identifier)]
    yield Fact("the identifier of the edition", tuple(map(_identity, own)), "Composition.identifier")
    relations = [each for each in listed(composition.get("relatesTo")) if each.get("type") != "derived-from"]
    others = tuple(
        f"{each.get('code') or each.get('type')} "
        + _identity(each.get("targetIdentifier") or value_of(each.get("resourceReference")).get("identifier"))
        for each in relations
    )
    yield Fact("the other editions, by identifier", others, "Composition.relatesTo")
    yield Fact("the date of the edition", (str(composition.get("date", ""))[:10],), "Composition.date")
    for name in ("author", "custodian"):
        value = composition.get(name)
        yield Fact(
            "the publisher",
            tuple(map(_reference, listed(value) if isinstance(value, list) else [value_of(value)])),
            f"Composition.{name}",
        )
    reviews = [
        f"{value_of(each.get('party')).get('display')} {each.get('time')}"
        for each in listed(composition.get("attester"))
    ]
    yield Fact("the reviews", tuple(reviews), "Composition.attester")
    categories = [value_of(composition.get("type")), *listed(composition.get("category"))]
    labels = tuple(str(each.get("text", "")) for each in categories)
    yield Fact("what kind of document it is", labels, "Composition.type and Composition.category")
    codes = tuple(own_code(each)[1] for each in categories[1:])
    yield Fact("the codes of its kind and groups", codes, "Composition.category")


def _read_codes(composition: Document) -> Iterator[Fact]:
    places = {"Composition.event": list(subjects(composition))}
    if "useContext" in composition or "version" in composition:
        contexts = listed(composition.get("useContext"))
        places["Composition.useContext"] = [value_of(each.get("valueCodeableConcept")) for each in contexts]
    for place, concepts in places.items():
        codings = tuple(
            f"{coding.get('system')} {coding.get('code')} {coding.get('display')}"
            for concept in concepts
            for coding in listed(concept.get("coding"))
        )
        yield Fact("the codes with their displays", codings, place)
        texts = tuple(str(each["text"]) for each in concepts if "text" in each)
        yield Fact("the qualified headings", texts, place)


def subjects(composition: Document) -> Iterator[Document]:
    """Yield the subjects of the topic, in R4 and in R5."""
    for event in listed(composition.get("event")):
        yield from listed(event.get("code"))
        for detail in listed(event.get("detail")):
            yield value_of(detail.get("concept"))


def _read_sections(composition: Document, by_key: Mapping[str, Document]) -> Iterator[Fact]:
    found: dict[str, Document] = {}
    for section in listed(composition.get("section")):
        system, code = own_code(section)
        if system == "resource-group":
            yield Fact(f"the heading of {code!r}", (str(section.get("title", "")),), "Composition.section")
            yield from _read_pages(f"the links under {code!r}", section, by_key)
        else:
            found[code] = section
    coded = map(own_code, listed(composition.get("section")))
    categories = tuple(code for system, code in coded if system == "resource-group")
    yield Fact("the categories of links in their order", categories, "Composition.section")
    questions = listed(found.get("summary", {}).get("section"))
    aspects = tuple(f"{each.get('id')}: {own_code(each)[1]}" for each in questions)
    yield Fact("the aspects of the sections", aspects, "the section 'summary'")
    titles = tuple(f"{code}: {section.get('title')}" for code, section in found.items())
    yield Fact("the parts of the document", titles, "Composition.section")
    names = tuple(each.text for each in _paragraphs(div_of(found.get("also-called", {}))))
    yield Fact("the other names", names, "the section 'also-called'")
    related = found.get("related-topics", {})
    yield _read_narrative("the related topics", related)
    identifiers = tuple(
        f"{value_of(each.get('identifier')).get('value')} {each.get('display')}"
        for each in listed(related.get("entry"))
    )
    yield Fact("the related topics of the collection", identifiers, "the entries of 'related-topics'")
    institute = found.get("primary-institute", {})
    yield Fact("the institute", tuple(map(_reference, listed(institute.get("entry")))), "'primary-institute'")
    yield _read_narrative("the institute's page", institute)
    for key, what in (("other-languages", "the other languages"), ("sources", "the sources")):
        yield from _read_pages(what, found.get(key, {}), by_key)
    yield Fact(
        "the facts about the page", _definitions(div_of(found.get("about", {}))), "the section 'about'"
    )
    origins = tuple(
        f"{each.get('citation')} | {value_of(each.get('document')).get('url', '')}"
        for each in listed(composition.get("relatesTo"))
        if each.get("type") == "derived-from"
    )
    if "version" in composition:
        yield Fact("the works that it is based on", origins, "Composition.relatesTo")


def _read_pages(what: str, section: Document, by_key: Mapping[str, Document]) -> Iterator[Fact]:
    """Yield what a section says of pages elsewhere: its narrative, and the resource of each page."""
    yield _read_narrative(what, section)
    references = listed(section.get("entry"))
    titles = tuple(str(each.get("display")) for each in references)
    yield Fact(f"the titles of {what}", titles, "display")
    pages = [_page(dump_line(by_key.get(str(each.get("reference")), {}))) for each in references]
    for name, place, values in zip(
        (
            "the titles of {}",
            "{}, for programs",
            "the identifiers of {}",
            "the originals of {}",
            "the languages of the titles of {}",
            "the titles and addresses of {}",
        ),
        ("description", "content", "identifier", "relatesTo", "language", "text"),
        zip(*pages, strict=True) if pages else ((),) * 6,
        strict=True,
    ):
        yield Fact(name.format(what), values, f"DocumentReference.{place}")


@lru_cache(maxsize=1024)  # most are the same in R4 and R5, and in every language
def _page(data: bytes) -> tuple[str, ...]:
    """Return what a DocumentReference says of a page, in the order of `_read_pages`."""
    page = value_of(load(data))
    file = value_of(first(page.get("content")).get("attachment"))
    authors = ", ".join(str(each.get("display")) for each in listed(page.get("author")))
    said = (file.get("title"), file.get("url", ""), file.get("language", ""), authors)
    return (
        str(page.get("description")),
        " | ".join(map(str, (*said, file.get("creation", "")))),
        " ".join(str(each.get("value")) for each in listed(page.get("identifier"))),
        " ".join(
            str(value_of(value_of(each.get("target")).get("identifier")).get("value"))
            for each in listed(page.get("relatesTo"))
        ),
        str(page.get("language")),
        " ".join(f"{title} | {url}" for title, url in _titles(div_of(page))),
    )


def _read_narrative(what: str, section: Document) -> Fact:
    lines = tuple(f"{each.title} | {each.url} | {each.beside}" for each in _lines(div_of(section)))
    return Fact(f"{what}, as readers see them", lines, "the narrative")


@lru_cache(maxsize=1024)  # the same in every document
def _organization(key: str, data: bytes) -> tuple[Fact, ...]:
    return tuple(_read_organization(key, value_of(load(data))))


def _read_organization(key: str, organization: Document) -> Iterator[Fact]:
    what = f"the organisation {key.partition('/')[2]!r}"
    contacts = [organization, *listed(organization.get("contact"))]
    addresses = [
        *(each.get("value") for each in listed(organization.get("identifier"))),
        *(point.get("value") for each in contacts for point in listed(each.get("telecom"))),
    ]
    text = " ".join(title for title, _ in _titles(div_of(organization)))
    for name, place in ((str(organization.get("name")), f"{key}.name"), (text, f"{key}.text")):
        yield Fact(f"the name of {what}", (name,), place)
    yield Fact(f"the address of {what}", tuple(map(str, addresses)), key)
    parent = organization.get("partOf")
    yield Fact(f"what {what} is part of", (_reference(parent),) if isinstance(parent, dict) else (), key)
    translations = [
        " ".join(
            str(part.get("valueCode") or part.get("valueString")) for part in listed(each.get("extension"))
        )
        for each in listed(value_of(organization.get("_name")).get("extension"))
    ]
    yield Fact(f"the names of {what} in other languages", tuple(translations), f"{key}.name")


def _identity(value: object) -> str:
    found = value_of(value)
    return f"{found.get('system')} {found.get('value')}"


def _reference(value: Document) -> str:
    return f"{value.get('reference', '')} {value.get('display')}"


@lru_cache(maxsize=1024)  # R4 and R5 have the same divs
def _paragraphs(div: str) -> tuple[Passage, ...]:
    return read_text([parsed(parse_div, div)]).passages if div else ()


def _titles(div: str) -> Iterator[tuple[str, str]]:
    """Yield the text and the addresses of each paragraph: mostly one of each, read without a parser."""
    if simple := _SIMPLE.fullmatch(div):
        yield " ".join(unescape(simple[2]).split()), unescape(simple[1] or "")
    else:
        yield from ((each.text, " ".join(each.links)) for each in _paragraphs(div))


@lru_cache(maxsize=512)
def _lines(div: str) -> tuple[LinkLine, ...]:
    if not div:
        return ()
    root = parsed(parse_div, div)
    items = [item for block in root for item in (block if local_name(block) == "ul" else [block])]
    return tuple(read_lines(items))


@lru_cache(maxsize=512)
def _definitions(div: str) -> tuple[str, ...]:
    root = parsed(parse_div, div) if div else ()
    return tuple(read_definitions(each for each in root if local_name(each) == "dl"))
