"""FHIR R5 (5.0.0): the parts of the document that only R5 has."""

from collections.abc import Iterator, Sequence

from healthtopics.formats.fhir.exporting import document
from healthtopics.formats.fhir.exporting.datatypes import (
    business_version,
    edition_identifier,
    machine_name,
    texts,
)
from healthtopics.formats.fhir.exporting.document import Dialect
from healthtopics.formats.fhir.exporting.organizations import r5_contact, reference
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.topic import Edition, LocalizedTopic, Source

_FOCUS = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "focus"}


def _composition(topic: LocalizedTopic, edition: Edition, sections: Sequence[JsonObject]) -> JsonObject:
    identity = f"{topic.id}-{topic.language}"
    publisher = reference(edition.publisher, topic.language)
    subjects = document.subjects(topic, edition)
    composition: JsonObject = {
        "resourceType": "Composition",
        "id": identity,
        "language": topic.language,
        "text": document.opening(topic),
        "url": f"{edition.base_url}/fhir/Composition/{identity}",
        "identifier": [edition_identifier(edition.base_url, edition.card)],
        "status": "final",
        "type": document.document_type(topic, edition),
        "category": document.categories(topic, edition),
        "date": edition.card.updated,
    }
    if subjects:
        composition["useContext"] = [
            {"code": _FOCUS, "valueCodeableConcept": subject} for subject in subjects
        ]
    composition["author"] = [publisher]
    composition["name"] = machine_name(topic.id)
    composition |= texts(topic.language, title=topic.title)
    if review := edition.review_in(topic.dates):
        mode = {"system": "http://hl7.org/fhir/composition-attestation-mode", "code": "professional"}
        attester = {"mode": {"coding": [mode]}, "time": review.date, "party": {"display": review.by}}
        composition["attester"] = [attester]
    composition["custodian"] = publisher
    if related := [*_editions(topic, edition), *map(_origin, topic.sources)]:
        composition["relatesTo"] = related
    if subjects:
        composition["event"] = [{"detail": [{"concept": subject} for subject in subjects]}]
    composition["section"] = list(sections)
    return _with_version(composition, edition.card.updated)


def _with_version(composition: JsonObject, updated: str) -> JsonObject:
    """Return the Composition with its business version where the standard has it: before the status."""
    version = {"version": business_version(composition, updated)}
    found: JsonObject = {}
    for name, value in composition.items():
        found |= {**(version if name == "status" else {}), name: value}
    return found


def _editions(topic: LocalizedTopic, edition: Edition) -> Iterator[JsonObject]:
    """Yield the relations to the other languages: all editions are translated from the source language."""
    for language in edition.editions:
        if language != topic.language and SOURCE in (language, topic.language):
            kind = "transforms" if language == SOURCE else "transformed-into"
            target = {"type": "Composition", "identifier": document.edition_of(topic, edition, language)}
            yield {"type": kind, "resourceReference": target}


def _origin(source: Source) -> JsonObject:
    citation = ". ".join(filter(None, (source.title, source.publisher, source.published)))
    members: JsonObject = {"type": "derived-from", "citation": citation}
    if source.url:
        members["document"] = document.attachment(source)
    if source.published:
        members["publicationDate"] = source.published
    return members


def _translation(target: JsonObject) -> JsonObject:
    transforms = {"system": "http://hl7.org/fhir/document-relationship-type", "code": "transforms"}
    return {"code": {"coding": [transforms]}, "target": target}


R5 = Dialect(
    path="fhir/r5",
    version="5.0.0",
    to_composition=_composition,
    to_translation=_translation,
    to_contact=r5_contact,
    link_list={},
    has_canonical_naming_systems=True,
)
