"""Reads what a FHIR document says apart from the text of its sections, in its data and narratives."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Final

from healthtopics.formats.account import Fact, PageAccount, Passage
from healthtopics.formats.fhir.values import div_of, first, listed, own_code, value_of
from healthtopics.formats.xhtml import (
    LinkLine,
    local_name,
    parse_div,
    parsed,
    read_definitions,
    read_div,
    read_lines,
)
from healthtopics.jsontext import Document, dump_line, load

_SIMPLE: Final = re.compile(r'<div [^<>]*><p>(?:<a href="([^"<>]*)">)?([^<>]*)(?(1)</a>)</p></div>')


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a document."""

    bundle: Document
    composition: Document
    resources: Mapping[str, Document]
    """By type and id, as references name them."""
    pages: Mapping[str, PageAccount]
    """The same of the pages elsewhere."""
    parts: Mapping[str, Document]
    """The sections of the Composition by code, without those of links."""
    groups: Mapping[str, Document]
    """The sections of links by category."""


def read_contents(bundle: Document) -> Contents:
    """Sort the parts of a document."""
    resources = [value_of(entry.get("resource")) for entry in listed(bundle.get("entry"))]
    composition = resources[0] if resources else {}
    by_key = {f"{each.get('resourceType')}/{each.get('id')}": each for each in resources}
    parts: dict[str, Document] = {}
    groups: dict[str, Document] = {}
    for section in listed(composition.get("section")):
        system, code = own_code(section)
        found = groups if system == "resource-group" else parts
        found[f"{code} again" if code in found else code] = section
    pages = {key: _read_page(each) for key, each in by_key.items() if "content" in each}
    return Contents(bundle, composition, by_key, pages, parts, groups)


def references_in(section: Document) -> Iterator[tuple[str, str, str]]:
    """Yield the references of a section with their displays, and the language that these are marked with."""
    for each in listed(section.get("entry")):
        spoken = _mark(each["_display"]) if "_display" in each else ""
        yield str(each.get("reference")), str(each.get("display", "")), spoken


def _mark(extended: object) -> str:
    """Return the language of a string, in brackets, as HL7's extension `translation` gives it."""
    extension = first(value_of(extended).get("extension"))
    found = (part["valueCode"] for part in listed(extension.get("extension")) if "valueCode" in part)
    return "".join(f" ({code})" for code in found)


def read_facts(contents: Contents) -> Iterator[Fact]:
    """Yield what the Composition says, and the resources that it refers to."""
    composition = contents.composition
    yield Fact("the title", (str(composition.get("title", "")),), "Composition.title")
    opening = _paragraphs(div_of(composition))
    yield Fact("the title and the description", tuple(each.text for each in opening), "Composition.text")
    yield from _read_head(contents.bundle, composition)
    yield from _read_codes(composition)
    yield from _read_sections(contents)
    for key, resource in contents.resources.items():
        if resource.get("resourceType") == "Organization":
            yield _organization(key, dump_line(resource))


def read_unique(contents: Contents) -> Iterator[Fact]:
    """Yield what must be another one in every edition."""
    if "identifier" in contents.bundle:  # else the public schema reports it
        identifier = _identity(contents.bundle["identifier"])
        yield Fact("the identifier of the document", (identifier,), "Bundle.identifier")
    if "version" in contents.composition:
        version = str(contents.composition["version"])
        yield Fact("the version of the edition", (version,), "Composition.version")


def _read_head(bundle: Document, composition: Document) -> Iterator[Fact]:
    identities = (bundle.get("id"), composition.get("id"))
    yield Fact("the id of the edition", tuple(map(str, identities)), "Bundle.id and Composition.id")
    identifier = composition.get("identifier")
    own = listed(identifier) if isinstance(identifier, list) else [value_of(identifier)]
    yield Fact("the identifier of the edition", tuple(map(_identity, own)), "Composition.identifier")
    if "url" in composition:
        canonical = str(composition["url"]), str(composition.get("name"))
        yield Fact("the canonical address and name", canonical, "Composition.url and Composition.name")
    relations = [each for each in listed(composition.get("relatesTo")) if each.get("type") != "derived-from"]
    others = tuple(
        f"{each.get('code') or each.get('type')} "
        + _identity(each.get("targetIdentifier") or value_of(each.get("resourceReference")).get("identifier"))
        for each in relations
    )
    yield Fact("the other editions, by identifier", others, "Composition.relatesTo")
    yield Fact("the date of the edition", (str(composition.get("date", ""))[:10],), "Composition.date")
    if "version" in composition:  # `2026.11.20-1f3a9c0e`
        day = str(composition["version"]).partition("-")[0].replace(".", "-")
        yield Fact("the date of the edition", (day,), "Composition.version")
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


def _read_sections(contents: Contents) -> Iterator[Fact]:
    composition, found = contents.composition, contents.parts
    for code, section in contents.groups.items():
        yield Fact(f"the heading of {code!r}", (str(section.get("title", "")),), "Composition.section")
        yield from _read_pages(f"the links under {code!r}", section, contents.pages)
    yield Fact("the categories of links in their order", tuple(contents.groups), "Composition.section")
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
        yield from _read_pages(what, found.get(key, {}), contents.pages)
    yield Fact(
        "the facts about the page", _definitions(div_of(found.get("about", {}))), "the section 'about'"
    )
    origins = tuple(
        " | ".join(
            [
                str(each.get("citation")),
                *(str(value_of(each.get("document")).get(name, "")) for name in ("url", "language", "title")),
            ]
        )
        for each in listed(composition.get("relatesTo"))
        if each.get("type") == "derived-from"
    )
    if "version" in composition:
        yield Fact("the works that it is based on", origins, "Composition.relatesTo")


def _read_pages(what: str, section: Document, pages: Mapping[str, PageAccount]) -> Iterator[Fact]:
    """Yield what a section says of pages elsewhere: its narrative, and the resource of each page."""
    yield _read_narrative(what, section)
    references = [*references_in(section)]
    titles = tuple(f"{title}{spoken}" for _, title, spoken in references)
    yield Fact(f"the titles of {what}", titles, "Composition.section.entry")
    records = tuple(pages.get(key, key) for key, *_ in references)
    yield Fact(f"{what}, as resources", records, "DocumentReference")


def _read_page(page: Document) -> PageAccount:
    file = value_of(first(page.get("content")).get("attachment"))
    targets = [value_of(each.get("target")) for each in listed(page.get("relatesTo"))]
    return PageAccount(
        category=own_code(first(page.get("category")))[1],
        media_type=str(file.get("contentType", "")),
        name=str(page.get("description")),
        title=str(file.get("title")),
        url=str(file.get("url", "")),
        language=str(file.get("language", "")),
        authors=", ".join(_each(page.get("author"), "display")),
        published=str(file.get("creation", "")),
        identifiers=" ".join(_each(page.get("identifier"), "value")),
        originals=" ".join([str(value_of(each.get("identifier")).get("value")) for each in targets]),
        own_language=str(page.get("language")),
        text=" ".join([f"{title} | {url}" for title, url in _titles(div_of(page))]),
    )


def _each(values: object, name: str) -> list[str]:
    return [str(value_of(each).get(name)) for each in values] if isinstance(values, list) else []


def _read_narrative(what: str, section: Document) -> Fact:
    return Fact(f"{what}, as readers see them", _lines(div_of(section)), "the narrative")


@lru_cache(maxsize=1024)  # the same in every document
def _organization(key: str, data: bytes) -> Fact:
    organization = value_of(load(data))
    contacts = [organization, *listed(organization.get("contact"))]
    parent = organization.get("partOf")
    translations = [
        " ".join(
            str(part.get("valueCode") or part.get("valueString")) for part in listed(each.get("extension"))
        )
        for each in listed(value_of(organization.get("_name")).get("extension"))
    ]
    values = (
        str(organization.get("name")),
        " ".join(title for title, _ in _titles(div_of(organization))),
        " ".join(_each(organization.get("identifier"), "value")),
        " ".join(str(point.get("value")) for each in contacts for point in listed(each.get("telecom"))),
        _reference(parent) if isinstance(parent, dict) else "",
        *translations,
    )
    return Fact(f"the organization {key.partition('/')[2]!r}", values, key)


def _identity(value: object) -> str:
    found = value_of(value)
    return f"{found.get('system')} {found.get('value')}"


def _reference(value: Document) -> str:
    return f"{value.get('reference', '')} {value.get('display')}"


def _paragraphs(div: str) -> tuple[Passage, ...]:
    return read_div(div).passages if div else ()


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
