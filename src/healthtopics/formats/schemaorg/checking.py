"""Checks schema.org JSON-LD: one node of a document against another, or one edition against another.

Terms, types, ranges, dates, addresses and languages are in the public schema, under which the documents
are already valid.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from healthtopics.jsontext import Document
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem, Trail, pointer_of, pointer_to

_SCHEMA: Final = "https://schema.org/"

_SINGLE: Final = frozenset(
    {"codeValue", "codingSystem", "dateModified", "datePublished", "headline", "inLanguage", "name"}
    | {"numberOfItems", "position", "text", "url"}
)
"""Properties with one value: two nodes of one @id that differ here contradict each other."""

WORKS: Final = frozenset(
    {"AudioObject", "CreativeWork", "ImageObject", "MedicalWebPage", "ScholarlyArticle", "SearchResultsPage"}
    | {"WebApplication", "WebPage", "WebPageElement", "WebSite"}
)
"""The types of the public schema that are creative works: one may be cited under several titles."""


def check_document(document: Document, path: str) -> list[Problem]:
    """Return everything wrong with a document; `path` names it in the problems."""
    walk = _Walk(path)
    if document["url"] != document["@id"]:
        message = f"@id {document['@id']!r} and url {document['url']!r} differ."
        walk.report("schemaorg-id", (None, "@id"), message, "A page is identified by its URL.", "url")
    walk.visit(document, None)
    walk.check_references(urlsplit(document["@id"]).netloc)
    return walk.problems


def _values(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Walk:
    def __init__(self, path: str) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._described: dict[str, dict[str, Any]] = {}
        """The merged nodes of each @id."""
        self._references: list[tuple[str, Trail]] = []

    def report(self, check: str, place: Trail, message: str, hint: str, term: str = "") -> None:
        self.problems.append(
            Problem(
                check=check,
                path=self._path,
                pointer=pointer_of(place),
                message=message,
                hint=hint,
                spec=f"{_SCHEMA}{term}" if term else "",
            )
        )

    def visit(self, node: Document, place: Trail) -> None:
        if "@type" not in node:
            if "@id" in node:
                self._references.append((node["@id"], (place, "@id")))
            return
        for name, value in node.items():
            if isinstance(value, str):
                continue
            if isinstance(value, dict):
                self.visit(value, (place, name))
            elif isinstance(value, list):
                above = (place, name)
                for index, each in enumerate(value):
                    if isinstance(each, dict):
                        self.visit(each, (above, index))
        if "itemListElement" in node:
            self._check_item_list(node, place)
        if "@id" in node:
            self._describe(node, place)

    def _check_item_list(self, node: Document, place: Trail) -> None:
        items = node["itemListElement"]
        if node["numberOfItems"] != len(items):
            message = f"numberOfItems is {node['numberOfItems']}, and the list has {len(items)}."
            self.report(
                "schemaorg-list-item", (place, "numberOfItems"), message, "Count again.", "numberOfItems"
            )
        positions = [each["position"] for each in items]
        if positions != list(range(1, len(positions) + 1)):
            message = f"the positions are {positions}."
            self.report("schemaorg-list-item", place, message, "Number the items 1, 2, 3 …", "position")

    def _describe(self, node: Document, place: Trail) -> None:
        described = self._described.setdefault(node["@id"], {})
        for name in _SINGLE & node.keys():
            if name == "name" and node["@type"] in WORKS:
                continue
            known = described.setdefault(name, node[name])
            if known != node[name]:
                message = f"{name} of {node['@id']!r} is {node[name]!r} here and {known!r} elsewhere."
                self.report("schemaorg-duplicate-id", (place, name), message, "One @id is one thing.", name)

    def check_references(self, host: str) -> None:
        """Check references against the nodes that they name, once all are known."""
        for target, place in self._references:
            address = urlsplit(target)
            if target not in self._described and (address.fragment or address.netloc == host):
                message = f"nothing in the document describes {target!r}."
                self.report("schemaorg-dangling-id", place, message, "Describe it, or fix the reference.")


def check_reciprocity(documents: Mapping[LanguageTag, Document], path: str) -> list[Problem]:
    """Return where the editions of one topic disagree on their translations or their subject.

    `documents` holds each edition that was made from the same state of the topic, valid under the public
    schema; without one in the source language there is nothing to compare. Pointers lead into the document
    that the message names first.
    """
    original = documents.get(SOURCE)
    if original is None:
        return []
    return [
        Problem(
            check="schemaorg-reciprocity",
            path=path,
            pointer=pointer,
            message=message,
            hint="Editions come from one topic: export them together.",
            spec=f"{_SCHEMA}{term}",
        )
        for language, translation in documents.items()
        if language != SOURCE
        for pointer, message, term in _disagreements(original, translation, language)
    ]


def _disagreements(
    original: Document, translation: Document, language: LanguageTag
) -> Iterator[tuple[str, str, str]]:
    """Yield pointer, message and term."""
    if _card(translation) not in [_card(each) for each in _values(original.get("workTranslation", []))]:
        message = f"the {SOURCE} document does not name the {language} page as its translation."
        yield pointer_to("workTranslation"), message, "workTranslation"
    if _card(translation.get("translationOfWork", {})) != _card(original):
        message = f"the {language} document does not name the {SOURCE} page as its original."
        yield pointer_to("translationOfWork"), message, "translationOfWork"
    for name in ("@id", "@type", "code"):
        mine, theirs = (each.get("about", {}).get(name) for each in (translation, original))
        if mine != theirs:
            message = f"the {language} document is about {mine!r}, the {SOURCE} one about {theirs!r}."
            yield pointer_to("about", name), message, "about"
    aspects = _aspects(original)
    for section, aspect in _aspects(translation).items():
        if section in aspects and aspects[section] != aspect:
            message = f"section {section!r}: {aspect!r} in {language}, {aspects[section]!r} in {SOURCE}."
            yield pointer_to("hasPart"), message, "hasHealthAspect"
    yield from _unpaired_items(original, translation, language)


def _unpaired_items(
    original: Document, translation: Document, language: LanguageTag
) -> Iterator[tuple[str, str, str]]:
    theirs, mine = _twins(original, "workTranslation"), _twins(translation, "translationOfWork")
    for page, (place, originals) in mine.items():
        for each in originals:
            if each in theirs and page not in theirs[each][1]:
                message = (
                    f"the {language} document says {page!r} translates {each!r}, the {SOURCE} one does not."
                )
                yield pointer_of(place), message, "translationOfWork"
    for page, (place, translations) in theirs.items():
        for each in translations:
            if each in mine and page not in mine[each][1]:
                message = (
                    f"the {SOURCE} document says {each!r} translates {page!r}, the {language} one does not."
                )
                yield pointer_of(place), message, "workTranslation"


def _card(page: Document) -> tuple[object, ...]:
    name = page.get("name")
    words = name.get("@value") if isinstance(name, dict) else name
    return page.get("@id"), words, page.get("inLanguage")


def _aspects(document: Document) -> dict[str, object]:
    """Return the aspect of each part that has text, by the section's key."""
    return {
        part["@id"].rpartition("#")[2]: part.get("hasHealthAspect")
        for part in document.get("hasPart", [])
        if part.get("@type") == "HealthTopicContent" and part.get("text")
    }


def _twins(document: Document, term: str) -> dict[str, tuple[Trail, set[str]]]:
    """Return for each linked page its first place, and every page that `term` names there."""
    found: dict[str, tuple[Trail, set[str]]] = {}
    for part, element in enumerate(document.get("hasPart", [])):
        items: Trail = ((((None, "hasPart"), part), "mainEntity"), "itemListElement")
        for index, listed in enumerate(element.get("mainEntity", {}).get("itemListElement", [])):
            item = listed["item"]
            _, named = found.setdefault(item["@id"], (((items, index), "item"), set()))
            if term in item:
                named.update(each["@id"] for each in _values(item[term]))
    return found
