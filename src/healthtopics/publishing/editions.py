"""What an exporter needs in addition to a topic's text: cards, words, and what spans all topics."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from healthtopics.catalogue import Catalogue
from healthtopics.configuration import Configuration
from healthtopics.jsontext import Document, digest, dump_line
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Card, Edition, ListedCorrection, LocalizedTopic, PublishedCollection, Topic
from healthtopics.translation.terms import LocalizedTerms
from healthtopics.vocabulary import Vocabulary

Cards = Mapping[str, Mapping[LanguageTag, Card]]
"""Topic → language → card of a published edition."""

_SHARED_VOCABULARIES = ("parts", "content-types", "list-kinds")
"""Vocabularies that every edition uses."""


def compose_edition(
    topic: LocalizedTopic,
    card: Card,
    links: Iterable[str],
    cards: Cards,
    words: LocalizedTerms,
    *,
    vocabulary: Vocabulary,
    configuration: Configuration,
) -> Edition:
    """Return what the exporters need in addition to the topic; `cards` has its own and the linked ones."""
    terms = words.terms
    used: dict[str, list[str]] = {}
    for name, key in used_terms(topic, configuration.publisher, vocabulary):
        used.setdefault(name, []).append(key)
    return Edition(
        base_url=configuration.base_url,
        card=card,
        publisher=terms["organizations"][topic.publisher or configuration.publisher],
        data_publisher=terms["organizations"][configuration.publisher],
        # Exporters list categories and the like in the order of the vocabulary.
        terms={
            name: {key: terms[name][key] for key in sorted(keys, key=vocabulary.ranks(name).__getitem__)}
            for name, keys in used.items()
        },
        editions=cards[topic.id],
        topics={
            target: (by_language.get(topic.language) or by_language[SOURCE]).link
            for target in sorted(links)
            if (by_language := cards.get(target))
        },
        interface=words.interface.interface if words.interface else None,
    )


def compose_collection(
    cards: Cards, words: Mapping[LanguageTag, LocalizedTerms], configuration: Configuration
) -> PublishedCollection:
    """Return what the exporters of a collection need; `cards` are those of its topics."""
    languages = configuration.all_languages
    return PublishedCollection(
        base_url=configuration.base_url,
        publisher=words[SOURCE].terms["organizations"][configuration.publisher],
        languages=languages,
        cards=cards,
        terms=words[SOURCE].terms,
        titles={
            name: {
                language: words[language].titles[name].value
                for language in languages
                if words[language].titles[name].language == language
            }
            for name in words[SOURCE].titles
        },
    )


def used_terms(topic: Topic, publisher: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return (vocabulary, key) of the entries whose words an edition of the topic shows, each once."""
    used = {(name, key): None for name in _SHARED_VOCABULARIES for key in vocabulary.keys(name)}
    used |= {(name, key): None for name, key, _ in topic.references()}
    used["organizations", topic.publisher or publisher] = None
    organizations = [key for name, key in used if name == "organizations"]
    used |= {("organizations", above): None for key in organizations for above in vocabulary.above(key)}
    return list(used)


def card_of(
    topic: LocalizedTopic, document: Document, configuration: Configuration, catalogue: Catalogue
) -> Card:
    """Return the card of an edition; `document` is that of the topic."""
    page = topic.pages.get(topic.language) or f"{configuration.base_url}/{topic.language}/{topic.id}"
    return Card(
        topic=topic.id,
        language=topic.language,
        title=topic.title.value,
        page=page,
        updated=max(f"{topic.dates.updated}T00:00:00Z", catalogue.revised),
        kind=topic.kind,
        description=topic.description.value if topic.description else "",
        synonyms=tuple(text.value for text in topic.also_called),
        index_terms=tuple(text.value for text in topic.see_references),
        codes=topic.codes,
        groups=topic.groups,
        related=tuple(related for related in topic.related_topics if isinstance(related, str)),
        review_by=topic.dates.review_by,
        corrections=tuple(
            ListedCorrection(date=each.date, what=each.what.value) for each in topic.dates.corrections
        ),
        content=_content(document),
    )


_UNSEEN = ("dates", "accept", "unit")
"""Members that are not part of the content: how a text was translated, for example."""


def _content(document: Document) -> str:
    """Return a digest of everything that an edition shows to readers, except its dates."""
    said = _without(_UNSEEN, document)
    if "sections" in said:
        said["sections"] = [_without(("unit",), section) for section in said["sections"]]
    return digest(dump_line(said))[:16]


def _without(names: Container[str], document: Document) -> dict[str, Any]:
    return {name: member for name, member in document.items() if name not in names}
