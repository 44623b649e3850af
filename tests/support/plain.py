"""Finds where a published document still has plain English.

It does not depend on how a document was made: every string counts as read by people unless a list excludes
it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import lxml.etree
import lxml.html

Path = tuple[str, ...]

FOR_PROGRAMS: Final = {
    # FHIR
    "resourceType": "a name of FHIR's",
    "id": "an id",
    "url": "an address, or the name of an extension",
    "fullUrl": "an address",
    "system": "an address, or the kind of a contact",
    "reference": "an address",
    "code": "a code",
    "value": "an identifier",
    "valueCode": "a code",
    "status": "a code",
    "mode": "a code",
    "type": "a code, or a name of FHIR's",
    "contentType": "a media type",
    "language": "a tag",
    "versionId": "a digest",
    "version": "a date",
    "lastUpdated": "a date",
    "timestamp": "a date",
    "date": "a date",
    # JSON-LD
    "@context": "an address",
    "@id": "an address",
    "@type": "a name of schema.org's",
    "@language": "a tag",
    "inLanguage": "a tag",
    "propertyID": "an address, or the name of a registry",
    "codeValue": "a code",
    "termCode": "a code",
    "codingSystem": "the name of a code system",
    # the index of topics
    "topic": "an id",
    "kind": "a key",
    "groups": "keys",
    "page": "an address",
    "related": "ids",
    "content": "a digest",
    "updated": "a date",
}
"""Names of members that readers do not see in any document, each with what it is."""

ENGLISH_BY_RULE: Final = {
    ("coding", "display"): "the official display of a code is its code system's own",
    ("use", "display"): "the official display of a code is its code system's own",
    ("event", "code", "text"): "the official display of a code with its qualifiers",
    ("about", "code", "name"): "the official display of a code",
    ("codes", "display"): "the official display of a code",
    ("valueCodeableConcept", "text"): "the official display of a code with its qualifiers",
    ("audience", "audienceType"): "a value that programs compare",
    ("Composition", "name"): "a name for programs, as the CodeSystem's",
    ("relatesTo", "citation"): "the citation of a source is in the language of the source",
}
"""Ends of paths that are English in every edition, each with its reason; docs/exports.md lists them too."""

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_MEASURE = re.compile(r"(?<=[0-9])[ \u00a0]?(?:mg|mcg|µg|kg|g|mL|ml|cm|mm|mmHg)\b|°[CF]\b")
_LETTER = re.compile("[A-Za-z]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Said:
    """A text that a reader sees."""

    path: Path
    """Names of members from the root, a resource's type in place of `resource`; for HTML, the elements."""
    text: str
    language: str
    """The language that the document declares for it."""

    @property
    def is_plain(self) -> bool:
        return bool(_LETTER.search(_MEASURE.sub("", _ADDRESS.sub("", self.text))))


def texts_of(document: Any, language: str) -> Iterator[Said]:
    """Yield every text of a document that a reader sees; `language` is that of the whole."""
    yield from _walk(document, (), language)


_FOR_PROGRAMS = ("og:locale", "og:type", "og:url", "viewport")
"""The names of `meta` elements that have no words for readers."""


def texts_of_page(data: bytes, language: str) -> Iterator[Said]:
    """Yield every text of an HTML page that a reader sees, including embedded JSON-LD."""
    yield from _elements(lxml.html.document_fromstring(data.decode()), (), language)


def _walk(value: Any, path: Path, language: str) -> Iterator[Said]:
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, path, language)
    elif isinstance(value, Mapping):
        yield from _members(value, path, _language_of(value, language))
    elif isinstance(value, str) and path[-1] not in FOR_PROGRAMS:
        if path[-1] == "div":
            yield from _elements(lxml.etree.fromstring(value), path, language)
        elif not any(path[-len(end) :] == end for end in ENGLISH_BY_RULE):
            yield Said(path, value, language)


def _members(value: Mapping[str, Any], path: Path, language: str) -> Iterator[Said]:
    if kind := value.get("resourceType"):
        path = (*path[:-1], kind)
    for name, member in value.items():
        # HL7's translation extension on a text gives the language of that text.
        own = next((tag for tag, text in _translations(value.get(f"_{name}")) if text == member), language)
        if name.startswith("_"):
            for tag, text in _translations(member):
                yield Said((*path, name), text, tag)
        else:
            yield from _walk(member, (*path, name), own)


def _translations(member: object) -> list[tuple[str, str]]:
    if not isinstance(member, Mapping):
        return []
    found = []
    for extension in member["extension"]:
        parts = {
            part["url"]: part.get("valueCode") or part.get("valueString") for part in extension["extension"]
        }
        found.append((parts["lang"], parts["content"]))
    return found


def _language_of(value: Mapping[str, Any], around: str) -> str:
    for name in ("language", "inLanguage", "@language"):
        found = value.get(name)
        if isinstance(found, str):
            return found
    return around


def _elements(element: Any, path: Path, language: str) -> Iterator[Said]:
    if not isinstance(element.tag, str):  # a comment
        return
    language = element.get(_XML_LANG) or element.get("lang") or language
    name = element.tag.rpartition("}")[2]
    path = (*path, name)
    if name == "script" and element.get("type") == "application/ld+json":
        yield from texts_of(json.loads(element.text), language)
    elif name not in ("script", "style"):
        if element.text and element.text.strip():
            yield Said(path, element.text, language)
        what = element.get("name") or element.get("property")
        if name == "meta" and element.get("content") and what not in _FOR_PROGRAMS:
            yield Said((*path, "content"), element.get("content"), language)
        for attribute in ("title", "alt", "aria-label", "placeholder"):
            if element.get(attribute):
                yield Said((*path, attribute), element.get(attribute), language)
    for below in element:
        yield from _elements(below, path, language)
        if below.tail and below.tail.strip():
            yield Said(path, below.tail, language)
