"""Organizations: the same resource, byte for byte, in every document and by itself."""

from collections.abc import Callable, Mapping
from typing import Final

from healthtopics.formats.fhir.exporting.datatypes import URI, name_in, translated
from healthtopics.formats.fhir.exporting.narrative import Narrator
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import LocalizedTerm

ToContact = Callable[[JsonObject], JsonObject]
"""Returns the members of an Organization for this ContactPoint, which differ between versions of FHIR."""

_GOVERNMENT: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/organization-type",
    "code": "govt",
    "display": "Government",
}


def r4_contact(point: JsonObject) -> JsonObject:
    """Return a ContactPoint in the form of R4."""
    return {"telecom": [point]}


def r5_contact(point: JsonObject) -> JsonObject:
    """Return a ContactPoint in the form of R5."""
    return {"contact": [{"telecom": [point]}]}


def reference(term: LocalizedTerm, language: LanguageTag) -> JsonObject:
    """Return the reference to an organization, with its name in that language."""
    return {"reference": f"Organization/{term.id}", "display": name_in(term, language).value}


def to_organization(
    term: LocalizedTerm, organizations: Mapping[str, LocalizedTerm], to_contact: ToContact
) -> JsonObject:
    """Return the resource; `organizations` holds its parent organization."""
    narrator = Narrator(SOURCE)
    organization: JsonObject = {
        "resourceType": "Organization",
        "id": term.id,
        "language": SOURCE,
        "text": narrator.narrative(f"<p>{narrator.words(name_in(term, SOURCE))}</p>"),
    }
    if term.url:
        organization["identifier"] = [{"system": URI, "value": term.url}]
    organization["active"] = True
    if term.facts.get("type") == "GovernmentOrganization":
        organization["type"] = [{"coding": [_GOVERNMENT]}]
    organization |= translated("name", term.labels)
    if term.url:
        organization |= to_contact({"system": "url", "value": term.url})
    if parent := term.facts.get("parent"):
        organization["partOf"] = reference(organizations[parent], SOURCE)
    return organization
