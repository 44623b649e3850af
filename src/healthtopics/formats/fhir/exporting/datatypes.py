"""The parts that resources share: coded values, references, translations of a name, and versions."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from healthtopics.jsontext import JsonObject, short_digest
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Card, Coding, LocalizedTerm, Text, TopicLink

URI: Final = "urn:ietf:rfc:3986"
"""The identifier system of URLs and UUIDs."""

EDUCATION_NOTE: Final = {"system": "http://loinc.org", "code": "34895-3", "display": "Education note"}

CODE_SYSTEMS: Final[Mapping[str, str]] = {
    "aspects": "aspect",
    "categories": "resource-group",
    "groups": "topic-group",
    "kinds": "topic-kind",
    "parts": "topic-section",
    "content-types": "content-type",
    "list-kinds": "list-kind",
}
"""Vocabulary → id of the CodeSystem that publishes it."""

PROFILES: Final[Mapping[str, str]] = {
    "Bundle": "topic-bundle",
    "Composition": "topic-composition",
    "DocumentReference": "topic-document-reference",
}
"""Type of resource → id of the StructureDefinition that ours conform to."""

_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def profile(base_url: str, kind: str) -> str:
    """Return the canonical URL of our profile of a type of resource."""
    return f"{base_url}/fhir/StructureDefinition/{PROFILES[kind]}"


def package_id(base_url: str, version: str) -> str:
    """Return the name of the package: `org.example.healthtopics.r4` for `https://healthtopics.example.org`.

    `version` is that of FHIR: 4.0.1. Names of packages are lower case, and every part of one begins with a
    letter.
    """
    address = urlsplit(base_url)
    parts = [*reversed((address.hostname or "").split(".")), *filter(None, address.path.split("/"))]
    words = (re.sub(r"[^a-z0-9-]", "-", part.lower()) for part in parts)
    names = [word if word[:1].isalpha() else f"x{word}" for word in words]
    return ".".join([*names, f"r{version[0]}"])


def code_system(base_url: str, vocabulary: str) -> str:
    """Return the canonical URL of the CodeSystem that publishes the vocabulary."""
    return f"{base_url}/fhir/CodeSystem/{CODE_SYSTEMS[vocabulary]}"


def coding(base_url: str, vocabulary: str, key: str) -> JsonObject:
    """Return the Coding of a vocabulary entry, without display: readers see the words next to it."""
    return {"system": code_system(base_url, vocabulary), "code": key}


def displayed(base_url: str, vocabulary: str, term: LocalizedTerm) -> JsonObject:
    """Return the Coding of a vocabulary entry, with the display that its CodeSystem gives it."""
    return {**coding(base_url, vocabulary, term.id), "display": name_in(term, SOURCE).value}


def concept(base_url: str, vocabulary: str, term: LocalizedTerm, language: LanguageTag) -> JsonObject:
    """Return the CodeableConcept of a vocabulary entry: English display, text in that language."""
    return {"coding": [displayed(base_url, vocabulary, term)], **texts(language, text=term.label)}


def medical_coding(code: Coding, systems: Mapping[str, LocalizedTerm]) -> JsonObject:
    """Return the Coding of a code in a medical classification, with its official English display."""
    return {"system": systems[code.system].facts["system"], "code": code.code, "display": code.display}


def identifier_system(base_url: str) -> str:
    """Return the URL of the NamingSystem of topics and their editions."""
    return f"{base_url}/fhir/NamingSystem/health-topic"


def topic_identifier(base_url: str, value: str) -> JsonObject:
    """Return the Identifier of a topic (`miscarriage`) or of one of its editions (`miscarriage/es`)."""
    return {"system": identifier_system(base_url), "value": value}


def edition_identifier(base_url: str, edition: TopicLink) -> JsonObject:
    """Return the Identifier of an edition."""
    return topic_identifier(base_url, f"{edition.topic}/{edition.language}")


def texts(language: LanguageTag, **members: Text) -> JsonObject:
    """Return members of a resource in that language, each marked if it is in another one.

    The mark is HL7's translation extension: its `language` extension is not allowed on a string in R4.
    """
    found: JsonObject = {}
    for name, text in members.items():
        found[name] = text.value
        if text.language != language:
            found[f"_{name}"] = {"extension": [_translation(text.language, text.value)]}
    return found


def translated(name: str, labels: Mapping[LanguageTag, str]) -> JsonObject:
    """Return a member of a resource that all languages share: in the source language, with translations.

    A label that only another language has is used itself and as its own translation, which marks it.
    """
    others = [_translation(language, label) for language, label in labels.items() if language != SOURCE]
    return {name: next(iter(labels.values())), **({f"_{name}": {"extension": others}} if others else {})}


def _translation(language: LanguageTag, content: str) -> JsonObject:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": content}]
    return {"url": _TRANSLATION, "extension": parts}


def name_in(term: LocalizedTerm, language: LanguageTag) -> Text:
    """Return the entry's label in that language, else in the source language, else in the one that has it."""
    choice = language if language in term.labels else next(iter(term.labels))
    return Text(term.labels[choice], choice)


def machine_name(identity: str) -> str:
    """Return a name that programs can use (FHIR's rule cnl-0): `BackPain` for `back-pain`."""
    name = "".join(word.capitalize() for word in identity.split("-"))
    return name if name[0].isalpha() and len(name) > 1 else f"Topic{name}"


def business_version(resource: JsonObject, date: str = "") -> str:
    """Return the business version of a canonical resource: `2026.11.20-1f3a9c0e`, or the digest alone.

    It is the day of the content, if that has a date, and a digest of all other members, so that another
    content never has the same version.
    """
    found = short_digest(resource)
    return f"{date[:10].replace('-', '.')}-{found[:8]}" if date else found


def latest(cards: Iterable[Card]) -> str:
    """Return the latest date of the cards; instants in UTC sort as text."""
    return max((card.updated for card in cards), default="")
