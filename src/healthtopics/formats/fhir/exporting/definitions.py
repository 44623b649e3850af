"""What documents conform to: the profiles of Bundle, Composition and DocumentReference, and the NamingSystem.

Profiles are made from the vocabularies, so a new aspect, category or urgency has its slice or rule at once.
They narrow the standard to what the exporters write: whatever else a section may be, here it is an error.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from healthtopics.formats.fhir.exporting.datatypes import (
    EDUCATION_NOTE,
    PROFILES,
    business_version,
    code_system,
    coding,
    identifier_system,
    name_in,
    profile,
)
from healthtopics.formats.fhir.exporting.document import Dialect
from healthtopics.formats.fhir.exporting.narrative import Narrator
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.topic import LocalizedTerm, PublishedCollection, Text

_REGISTERED: Final = "2026-11-20"
"""The day since which the identifier system means what it does (FHIR, NamingSystem.date)."""

_SECTIONS: Final[Mapping[str, str]] = {
    "also-called": "",
    "summary": "",
    "related-topics": "Composition",
    "primary-institute": "Organization",
    "other-languages": "DocumentReference",
    "sources": "DocumentReference",
    "about": "",
}
"""The fixed parts of a document, in their order, with the type of the resources that the entries refer to."""

_NARRATED: Final = "in the language of the resource, for browsers (lang) and XML tools (xml:lang)"
# Engines write narratives with their attributes in another order.
_IN_LANGUAGE: Final = " and ".join(
    f"matches('^<div[^>]* {name}=\"' + %resource.language + '\"')" for name in ("lang", "xml:lang")
)

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "Bundle": (
        "Health topic document",
        "One edition of a health topic: a topic for patients and the public, in one language, as a document.",
    ),
    "Composition": (
        "Health topic",
        "The text of an edition: its names, its summary by aspect, its links by category, its sources.",
    ),
    "DocumentReference": (
        "Page that a health topic links to",
        "A page elsewhere, in one language: a resource for readers, or a source of the text.",
    ),
}


def to_definitions(collection: PublishedCollection, dialect: Dialect) -> Iterator[JsonObject]:
    """Yield the StructureDefinitions of our profiles, then the NamingSystem of topics and their editions."""
    elements = {
        "Bundle": _bundle(collection.base_url),
        "Composition": _composition(collection),
        "DocumentReference": _document_reference(collection.base_url),
    }
    for kind, found in elements.items():
        yield _structure_definition(collection, dialect, kind, list(found))
    yield _naming_system(collection, dialect)


def _structure_definition(
    collection: PublishedCollection, dialect: Dialect, kind: str, elements: list[JsonObject]
) -> JsonObject:
    title, description = _TITLES[kind]
    first = {
        **head("StructureDefinition", PROFILES[kind], title),
        "url": profile(collection.base_url, kind),
    }
    rest = {
        "name": f"Topic{kind}",
        "title": title,
        "status": "active",
        "experimental": False,
        "publisher": name_in(collection.publisher, SOURCE).value,
        "description": description,
        "fhirVersion": dialect.version,
        "kind": "resource",
        "abstract": False,
        "type": kind,
        "baseDefinition": f"http://hl7.org/fhir/StructureDefinition/{kind}",
        "derivation": "constraint",
        "differential": {"element": elements},
    }
    return {**first, "version": business_version({**first, **rest}), **rest}


def _naming_system(collection: PublishedCollection, dialect: Dialect) -> JsonObject:
    system = identifier_system(collection.base_url)
    title = "Identifiers of health topics and their editions"
    found = head("NamingSystem", "health-topic", title)
    rest = {
        "name": "HealthTopic",
        **({"title": title} if dialect.has_canonical_naming_systems else {}),
        "status": "active",
        "kind": "identifier",
        "date": _REGISTERED,
        "publisher": name_in(collection.publisher, SOURCE).value,
        "description": "`{topic}`, or `{topic}/{language}` for one edition of it. Neither ever changes.",
        "uniqueId": [{"type": "uri", "value": system, "preferred": True}],
    }
    if not dialect.has_canonical_naming_systems:
        return {**found, **rest}
    found["url"] = system
    return {**found, "version": business_version({**found, **rest}), **rest}


def head(kind: str, identity: str, title: str) -> JsonObject:
    """Return the first members of a definition."""
    narrator = Narrator(SOURCE)
    text = narrator.narrative(narrator.element("p", Text(title)))
    return {"resourceType": kind, "id": identity, "language": SOURCE, "text": text}


# The elements of a profile, in the order of the standard


def _element(identity: str, **facts: Any) -> JsonObject:  # noqa: ANN401 - JSON values
    """Return an ElementDefinition; its id has the names of slices, its path has not."""
    name = identity.rpartition(":")[2]
    slice_name = {"sliceName": name} if ":" in identity and "." not in name else {}
    return {"id": identity, "path": re.sub(r":[^.]+", "", identity), **slice_name, **facts}


def _slicing(kind: str, path: str) -> JsonObject:
    return {"discriminator": [{"type": kind, "path": path}], "ordered": False, "rules": "closed"}


def _invariant(key: str, human: str, expression: str) -> JsonObject:
    return {"key": key, "severity": "error", "human": human, "expression": expression}


def _bundle(base_url: str) -> Iterator[JsonObject]:
    same = _invariant(
        "topic-1",
        "The document is in the language of its Composition.",
        "language = entry.first().resource.language",
    )
    yield _element("Bundle", constraint=[same])
    yield _element("Bundle.language", min=1)
    yield _element("Bundle.identifier", min=1)
    yield _element("Bundle.type", patternCode="document")
    yield _element("Bundle.timestamp", min=1)
    yield _element("Bundle.entry", slicing=_slicing("type", "resource"), min=2)
    slices = (
        ("composition", "The text.", 1, "1", "Composition"),
        ("page", "The pages that it links to.", 0, "*", "DocumentReference"),
        ("organization", "The publishers of text and pages.", 1, "*", "Organization"),
    )
    for name, short, least, most, kind in slices:
        base = f"Bundle.entry:{name}"
        resource: JsonObject = {"code": kind}
        if kind in PROFILES:
            resource["profile"] = [profile(base_url, kind)]
        yield _element(base, short=short, min=least, max=most)
        yield _element(f"{base}.fullUrl", min=1)
        yield _element(f"{base}.resource", min=1, type=[resource])


def _composition(collection: PublishedCollection) -> Iterator[JsonObject]:
    base_url, terms = collection.base_url, collection.terms
    publisher = [_reference("Organization")]
    yield _element("Composition", constraint=list(_rules_of_composition(terms["urgencies"])))
    yield _element("Composition.language", min=1)
    yield _element("Composition.text", min=1)
    yield _element("Composition.identifier", min=1, max="1")
    yield _element("Composition.identifier.system", min=1, patternUri=identifier_system(base_url))
    yield _element("Composition.identifier.value", min=1)
    yield _element("Composition.status", patternCode="final")
    yield from _note("Composition.type")
    yield from _categories(base_url)
    yield _element("Composition.author", max="1", type=publisher)
    yield _element("Composition.custodian", min=1, type=publisher)
    base = "Composition.section"
    yield _element(base, slicing=_slicing("value", "code"), min=1)
    for key, kind in _SECTIONS.items():
        is_summary = key == "summary"
        least = 1 if key == "about" else 0
        yield from _section(base_url, f"{base}:{key}", "parts", terms["parts"][key], least=least, kind=kind)
        if is_summary:
            yield from _questions(base_url, terms["aspects"], f"{base}:{key}.section")
    for key, term in terms["categories"].items():
        yield from _section(base_url, f"{base}:links-{key}", "categories", term, kind="DocumentReference")


def _rules_of_composition(urgencies: Mapping[str, LocalizedTerm]) -> Iterator[JsonObject]:
    yield _invariant(
        "topic-2",
        "The identifier ends in the language of the edition.",
        "identifier.value.all(endsWith('/' + %resource.language))",
    )
    yield _invariant(
        "topic-3",
        f"Every narrative is {_NARRATED}.",
        f"(text.div | section.text.div | section.section.text.div).all({_IN_LANGUAGE})",
    )
    known = "|".join(urgencies)
    yield _invariant(
        "topic-4",
        "Every callout has one of the known urgencies, and says it in words first.",
        "section.section.text.div.all("
        f'matches(\'class="callout(?! ({known})"><p[^>]* class="urgency")\').not())',
    )


def _categories(base_url: str) -> Iterator[JsonObject]:
    base = "Composition.category"
    yield _element(base, slicing=_slicing("value", "coding.system"), min=2)
    slices = (
        ("content", "What kind of document this is.", "content-types", "1"),
        ("kind", "What kind of topic this is.", "kinds", "1"),
        ("group", "A group that the topic is in.", "groups", "*"),
    )
    for name, short, vocabulary, most in slices:
        path = f"{base}:{name}"
        yield _element(
            path, short=short, min=0 if most == "*" else 1, max=most, binding=_bound(base_url, vocabulary)
        )
        yield _element(f"{path}.coding", min=1, max="1")
        yield _element(f"{path}.coding.system", min=1, patternUri=code_system(base_url, vocabulary))


def _note(path: str) -> Iterator[JsonObject]:
    """Yield the elements of the type of a document; a pattern of the whole would need LOINC itself."""
    yield _element(path, min=1)
    yield _element(f"{path}.coding", min=1, max="1")
    yield _element(f"{path}.coding.system", min=1, patternUri=EDUCATION_NOTE["system"])
    yield _element(f"{path}.coding.code", min=1, patternCode=EDUCATION_NOTE["code"])


def _bound(base_url: str, vocabulary: str) -> JsonObject:
    system = code_system(base_url, vocabulary)
    return {"strength": "required", "valueSet": system.replace("/CodeSystem/", "/ValueSet/")}


def _section(
    base_url: str,
    path: str,
    vocabulary: str,
    term: LocalizedTerm,
    *,
    least: int = 0,
    most: str = "1",
    kind: str = "",
) -> Iterator[JsonObject]:
    """Yield the slice of a section, by its code."""
    yield _element(path, short=name_in(term, SOURCE).value, min=least, max=most)
    yield _element(f"{path}.title", min=1)
    pattern = {"coding": [coding(base_url, vocabulary, term.id)]}
    yield _element(f"{path}.code", min=1, patternCodeableConcept=pattern)
    if term.id != "summary":
        yield _element(f"{path}.text", min=1)
    if kind:
        yield _element(f"{path}.entry", type=[_reference(kind)])


def _questions(base_url: str, aspects: Mapping[str, LocalizedTerm], path: str) -> Iterator[JsonObject]:
    yield _element(path, slicing=_slicing("value", "code"), min=1)
    for key, term in aspects.items():
        yield from _section(base_url, f"{path}:{key}", "aspects", term, most="*")


def _reference(kind: str) -> JsonObject:
    return {"code": "Reference", "targetProfile": [f"http://hl7.org/fhir/StructureDefinition/{kind}"]}


def _document_reference(base_url: str) -> Iterator[JsonObject]:
    narrated = _invariant("topic-5", f"The narrative is {_NARRATED}.", f"text.div.all({_IN_LANGUAGE})")
    named = _invariant(
        "topic-6",
        "A page with an address is identified by it.",
        "content.attachment.url.all($this in %resource.identifier.value)",
    )
    yield _element("DocumentReference", constraint=[narrated, named])
    yield _element("DocumentReference.language", min=1)
    yield _element("DocumentReference.text", min=1)
    yield _element("DocumentReference.status", patternCode="current")
    yield from _note("DocumentReference.type")
    yield _element("DocumentReference.category", min=1, max="1", binding=_bound(base_url, "content-types"))
    yield _element("DocumentReference.description", min=1)
    yield _element("DocumentReference.content", max="1")
    yield _element("DocumentReference.content.attachment.title", min=1)
