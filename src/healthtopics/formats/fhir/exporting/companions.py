"""FHIR resources that span topics: code systems, value sets, organizations, and the editions of each topic.

Except for organizations, the resources are the same in R4 and R5; only the names of the artifacts differ.
A topic has a date, so the code system of topics has the latest one; vocabularies have none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter

from healthtopics.formats.fhir.exporting.datatypes import (
    CODE_SYSTEMS,
    business_version,
    coding,
    edition_identifier,
    latest,
    machine_name,
    medical_coding,
    name_in,
    texts,
    topic_identifier,
    translated,
)
from healthtopics.formats.fhir.exporting.definitions import to_definitions
from healthtopics.formats.fhir.exporting.document import Dialect
from healthtopics.formats.fhir.exporting.narrative import Narrator, bullets
from healthtopics.formats.fhir.exporting.organizations import to_organization
from healthtopics.jsontext import Document, JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Card, LocalizedTerm, PublishedCollection, Text, Tombstone

_SYNONYM = {"system": "http://snomed.info/sct", "code": "900000000000013009", "display": "Synonym"}
_INACTIVE = "http://hl7.org/fhir/concept-properties#inactive"
TOPICS = "health-topic"
"""The id of the CodeSystem of all topics, and of its ValueSet."""


def to_companions(collection: PublishedCollection, dialect: Dialect) -> dict[str, JsonObject]:
    """Return the resources that span all topics by artifact name: `fhir/r4/CodeSystem/health-topic.json`."""
    organizations = collection.terms["organizations"]
    resources = [*_topics(collection)]
    resources += (to_organization(each, organizations, dialect.to_contact) for each in organizations.values())
    resources += (each for vocabulary in CODE_SYSTEMS for each in _vocabulary(collection, vocabulary))
    resources += to_definitions(collection, dialect)
    return _named(resources, dialect)


def to_editions(collection: PublishedCollection, dialect: Dialect) -> dict[str, JsonObject]:
    """Return a list of the editions of each topic: `fhir/r4/List/miscarriage-translations.json`."""
    lists = (_list_editions(collection, topic, cards) for topic, cards in collection.cards.items())
    return _named(lists, dialect)


def _named(resources: Iterable[JsonObject], dialect: Dialect) -> dict[str, JsonObject]:
    return {f"{dialect.path}/{each['resourceType']}/{each['id']}.json": each for each in resources}


def _published(
    kind: str, identity: str, collection: PublishedCollection, titles: Mapping[LanguageTag, str]
) -> JsonObject:
    """Return the first members of a CodeSystem or a ValueSet."""
    narrator = Narrator(SOURCE)
    return {
        "resourceType": kind,
        "id": identity,
        "language": SOURCE,
        "text": narrator.narrative(narrator.element("p", Text(titles[SOURCE]))),
        "url": f"{collection.base_url}/fhir/{kind}/{identity}",
    }


def _pair(
    collection: PublishedCollection,
    identity: str,
    titles: Mapping[LanguageTag, str],
    concepts: list[JsonObject],
    *,
    date: str = "",
    members: Mapping[str, object] = {},
) -> Iterator[JsonObject]:
    """Yield a CodeSystem and the ValueSet of all its codes."""
    head = {
        "name": machine_name(identity),
        **translated("title", titles),
        "status": "active",
        "experimental": False,
        **({"date": date} if date else {}),
        "publisher": name_in(collection.publisher, SOURCE).value,
    }
    system = {
        **head,
        "caseSensitive": True,
        "valueSet": f"{collection.base_url}/fhir/ValueSet/{identity}",
        "content": "complete",
        "count": len(concepts),
        **members,
        "concept": concepts,
    }
    if not concepts:  # an empty array is not valid FHIR
        del system["concept"]
    canonical = f"{collection.base_url}/fhir/CodeSystem/{identity}"
    value_set = {**head, "compose": {"include": [{"system": canonical}]}}
    for kind, rest in (("CodeSystem", system), ("ValueSet", value_set)):
        first = _published(kind, identity, collection, titles)
        yield {**first, "version": business_version({**first, **rest}, date), **rest}


def _vocabulary(collection: PublishedCollection, vocabulary: str) -> Iterator[JsonObject]:
    concepts = [_entry(term) for term in collection.terms[vocabulary].values()]
    yield from _pair(collection, CODE_SYSTEMS[vocabulary], collection.titles[vocabulary], concepts)


def _entry(term: LocalizedTerm) -> JsonObject:
    found: JsonObject = {"code": term.id, "display": name_in(term, SOURCE).value}
    if term.definition:
        found["definition"] = term.definition
    if others := [
        {"language": language, "value": label}
        for language, label in term.labels.items()
        if language != SOURCE
    ]:
        found["designation"] = others
    return found


def _topics(collection: PublishedCollection) -> Iterator[JsonObject]:
    date = max(
        latest(card for cards in collection.cards.values() for card in cards.values()),
        *(tombstone.date for tombstone in collection.withdrawn),
        "",
    )
    systems = collection.terms["code-systems"]
    properties: list[JsonObject] = [
        {"code": key, "description": term.labels[SOURCE], "type": "Coding"} for key, term in systems.items()
    ]
    properties.append({"code": "related-topic", "type": "code"})
    # A property of type code could only name concepts of this very code system.
    properties += [{"code": "kind", "type": "Coding"}, {"code": "group", "type": "Coding"}]
    properties.append({"code": "inactive", "uri": _INACTIVE, "type": "boolean"})
    make = cache(partial(_property, collection.base_url)), cache(_related)
    concepts = [_topic(collection, topic, cards, *make) for topic, cards in collection.cards.items()]
    concepts += map(_withdrawn, collection.withdrawn)
    concepts.sort(key=itemgetter("code"))
    yield from _pair(
        collection,
        TOPICS,
        collection.terms["parts"]["health-topics"].labels,
        concepts,
        date=date,
        members={"property": properties},
    )


def _property(base_url: str, code: str, vocabulary: str, key: str) -> JsonObject:
    return {"code": code, "valueCoding": coding(base_url, vocabulary, key)}


def _related(key: str) -> JsonObject:
    return {"code": "related-topic", "valueCode": key}


def _topic(
    collection: PublishedCollection,
    topic: str,
    cards: Mapping[LanguageTag, Card],
    to_property: Callable[[str, str, str], JsonObject],
    to_related: Callable[[str], JsonObject],
) -> JsonObject:
    """Return the concept of a topic; the functions return the same object for the same arguments."""
    card = next(iter(cards.values()))
    found: JsonObject = {"code": topic, "display": card.title}
    if card.description:
        found["definition"] = card.description
    designations: list[JsonObject] = [
        {"language": language, "value": each.title} for language, each in cards.items() if each is not card
    ]
    designations += [
        {"language": language, "use": _SYNONYM, "value": synonym}
        for language, each in cards.items()
        for synonym in each.synonyms
    ]
    if designations:
        found["designation"] = designations
    systems = collection.terms["code-systems"]
    found["property"] = [
        *({"code": code.system, "valueCoding": medical_coding(code, systems)} for code in card.codes),
        *(to_related(key) for key in card.related if key in collection.cards),
        to_property("kind", "kinds", card.kind),
        *(to_property("group", "groups", key) for key in card.groups),
    ]
    return found


def _withdrawn(tombstone: Tombstone) -> JsonObject:
    """Return the concept of a topic that was withdrawn: codes that others have stored keep a meaning."""
    (_language, title), *others = tombstone.titles.items()
    found: JsonObject = {"code": tombstone.id, "display": title}
    if others:
        found["designation"] = [{"language": language, "value": value} for language, value in others]
    found["property"] = [{"code": "inactive", "valueBoolean": True}]
    return found


def withdraw_topics(document: Document, withdrawn: Sequence[Tombstone]) -> JsonObject:
    """Return a resource that spans all topics as it is when exactly these topics were withdrawn.

    The code system of topics lists them, and its value set has the same date; other resources stay.
    """
    if document["resourceType"] not in ("CodeSystem", "ValueSet") or document["id"] != TOPICS:
        return dict(document)
    date = max(document.get("date", ""), *(each.date for each in withdrawn), "")
    changed = {**document, "date": date} if date else dict(document)
    if document["resourceType"] == "CodeSystem":
        concepts = [each for each in document.get("concept", ()) if not _is_inactive(each)]
        concepts = sorted([*concepts, *map(_withdrawn, withdrawn)], key=itemgetter("code"))
        changed |= {"count": len(concepts), "concept": concepts}
        if not concepts:
            del changed["concept"]
    content = {name: value for name, value in changed.items() if name not in ("version", "meta")}
    if content == {name: value for name, value in document.items() if name not in ("version", "meta")}:
        return dict(document)
    return {**changed, "version": business_version(content, date)}


def _is_inactive(concept: Document) -> bool:
    return any(each["code"] == "inactive" for each in concept["property"])


def _list_editions(
    collection: PublishedCollection, topic: str, cards: Mapping[LanguageTag, Card]
) -> JsonObject:
    words = collection.terms["list-kinds"]["translations"].labels
    titles = {
        language: f"{card.title}: {words[language]}" for language, card in cards.items() if language in words
    }
    narrator = Narrator(SOURCE)
    return {
        "resourceType": "List",
        "id": f"{topic}-translations",
        "language": SOURCE,
        "text": narrator.narrative(
            bullets(narrator.words(Text(card.title, card.language)) for card in cards.values())
        ),
        "identifier": [topic_identifier(collection.base_url, topic)],
        "status": "current",
        "mode": "working",
        **translated("title", titles),
        "code": {"coding": [coding(collection.base_url, "list-kinds", "translations")]},
        "date": latest(cards.values()),
        "entry": [_edition(collection.base_url, card) for card in cards.values()],
    }


def _edition(base_url: str, card: Card) -> JsonObject:
    return {
        "item": {
            "reference": f"Composition/{card.topic}-{card.language}",
            "type": "Composition",
            "identifier": edition_identifier(base_url, card),
            **texts(SOURCE, display=Text(card.title, card.language)),
        },
    }
