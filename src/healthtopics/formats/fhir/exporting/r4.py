"""FHIR R4 (4.0.1): the parts of the document that only R4 has."""

from collections.abc import Sequence

from healthtopics.formats.fhir.exporting import document
from healthtopics.formats.fhir.exporting.datatypes import edition_identifier, texts
from healthtopics.formats.fhir.exporting.document import Dialect
from healthtopics.formats.fhir.exporting.organizations import r4_contact, reference
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.topic import Edition, LocalizedTopic


def _composition(topic: LocalizedTopic, edition: Edition, sections: Sequence[JsonObject]) -> JsonObject:
    publisher = reference(edition.publisher, topic.language)
    composition: JsonObject = {
        "resourceType": "Composition",
        "id": f"{topic.id}-{topic.language}",
        "language": topic.language,
        "text": document.opening(topic),
        "identifier": edition_identifier(edition.base_url, edition.card),
        "status": "final",
        "type": document.document_type(topic, edition),
        "category": document.categories(topic, edition),
        "date": edition.card.updated,
        "author": [publisher],
        **texts(topic.language, title=topic.title),
    }
    if review := edition.review_in(topic.dates):
        attester = {"mode": "professional", "time": review.date, "party": {"display": review.by}}
        composition["attester"] = [attester]
    composition["custodian"] = publisher
    if topic.language != SOURCE and SOURCE in edition.editions:
        original = document.edition_of(topic, edition, SOURCE)
        composition["relatesTo"] = [{"code": "transforms", "targetIdentifier": original}]
    if subjects := document.subjects(topic, edition):
        composition["event"] = [{"code": subjects}]
    composition["section"] = list(sections)
    return composition


def _translation(target: JsonObject) -> JsonObject:
    return {"code": "transforms", "target": target}


R4 = Dialect(
    path="fhir/r4",
    version="4.0.1",
    to_composition=_composition,
    to_translation=_translation,
    to_contact=r4_contact,
    link_list={"mode": "snapshot"},
    has_canonical_naming_systems=False,
)
