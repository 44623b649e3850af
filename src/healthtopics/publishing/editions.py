"""Which editions there are, what an exporter needs for each, and which are held and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthtopics.catalogue import Catalogue
from healthtopics.checks.presence import UNFINISHED
from healthtopics.configuration import Configuration
from healthtopics.jsontext import digest, dump_line, load
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY
from healthtopics.problems import Level, Problem
from healthtopics.publishing.sources import Sources, has_pages, translate_terms, with_interface
from healthtopics.publishing.values import INDEX
from healthtopics.release import Artifact, Held, Store, read_artifact
from healthtopics.topic import (
    Card,
    Coverage,
    Edition,
    LocalizedTopic,
    PublishedCollection,
    Topic,
    linked_topics,
)
from healthtopics.translation.terms import LocalizedTerms
from healthtopics.translation.translate import Translation, translate
from healthtopics.vocabulary import Vocabulary

Cards = Mapping[str, Mapping[LanguageTag, Card]]
"""Topic → language → card of an edition that readers get."""

_SHARED_VOCABULARIES = ("parts", "content-types", "list-kinds")
"""Words that every edition uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One edition of one topic, translated and ready for the exporters."""

    topic: LocalizedTopic
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One edition of one topic as its files have it."""

    coverage: Coverage
    """Of its own messages and of the words that it uses."""
    findings: tuple[Problem, ...]
    """What is in the way of a complete edition."""
    prepared: Prepared | None
    """None where it is not published: it is not complete, or nothing of the topic is in the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """All editions of all topics, in memory: what is published today, what is held and why."""

    terms: Mapping[LanguageTag, LocalizedTerms]
    prepared: Mapping[str, Mapping[LanguageTag, Prepared]]
    cards: Cards
    """Of all editions that readers get, the carried-over ones included."""
    held: tuple[Held, ...]
    coverage: Mapping[str, Mapping[LanguageTag, Coverage]]
    findings: Mapping[tuple[str, LanguageTag], tuple[Problem, ...]]
    """(topic, language) → what is in the way of a complete edition."""


def prepare(
    sources: Sources, *, today: str | None, earlier: Mapping[str, Mapping[LanguageTag, Card]] | None = None
) -> Editions:
    """Translate every topic into every language and decide which editions are published.

    `today` is an ISO day, for scheduled publication and withdrawal; None takes every topic.
    `earlier` holds the cards of the last release, whose editions stand in the place of those
    that are not complete.
    """
    configuration = sources.configuration
    terms = words_of(sources, configuration.all_languages)
    judged: dict[str, dict[LanguageTag, Judged]] = {}
    for name, document in sources.topics.items():
        topic = Topic.from_dict(document)
        if today is None or is_current(topic.dates.publish_from, topic.dates.withdraw_from, today):
            used = used_terms(topic, configuration.publisher, sources.vocabulary)
            judged[name] = {
                language: judge(
                    translate(sources.plan, document, catalogue, glossary=sources.glossaries.get(language)),
                    used,
                    terms[language],
                    configuration,
                    catalogue,
                )
                for language in configuration.all_languages
                for catalogue in (sources.catalogue(language, name),)
            }
    prepared = {
        name: {language: each.prepared for language, each in by_language.items() if each.prepared}
        for name, by_language in judged.items()
    }
    cards: dict[str, dict[LanguageTag, Card]] = {}
    held: list[Held] = []
    for name, by_language in judged.items():
        last = (earlier or {}).get(name, {})
        for language, each in by_language.items():
            card = each.prepared.card if each.prepared else last.get(language)
            if card is not None:
                cards.setdefault(name, {})[language] = card
            if each.prepared is None:
                held.append(hold(name, language, each.coverage, each.findings, last.get(language)))
    return Editions(
        terms=terms,
        prepared={name: each for name, each in prepared.items() if each},
        cards=cards,
        held=tuple(held),
        coverage={
            name: {language: each.coverage for language, each in by_language.items()}
            for name, by_language in judged.items()
        },
        findings={
            (name, language): each.findings
            for name, by_language in judged.items()
            for language, each in by_language.items()
        },
    )


def words_of(sources: Sources, languages: Sequence[LanguageTag]) -> dict[LanguageTag, LocalizedTerms]:
    """Translate the words of the vocabulary and of pages into the languages, the source language first."""
    return with_interface(
        translate_terms(sources.vocabulary, [sources.catalogue(each, VOCABULARY) for each in languages]),
        {each: sources.catalogue(each, INTERFACE) for each in languages},
        sources.configuration,
    )


def judge(
    translation: Translation,
    used: Iterable[tuple[str, str]],
    terms: LocalizedTerms,
    configuration: Configuration,
    catalogue: Catalogue,
) -> Judged:
    """Decide from a topic's translation, and from the words that it uses, whether readers get the edition."""
    coverage, findings = translation.coverage, list(translation.findings)
    for vocabulary, key in used:
        coverage += terms.coverage[vocabulary, key]
        findings += terms.findings[vocabulary, key]
    if terms.interface and has_pages(configuration):
        coverage += terms.interface.coverage
        findings += terms.interface.findings
    prepared = None
    if translation.document is not None:
        topic = LocalizedTopic.from_document(translation.document, translation.language, coverage)
        if _is_publishable(configuration, topic):
            prepared = Prepared(topic=topic, card=card_of(topic, configuration, catalogue))
    return Judged(coverage=coverage, findings=tuple(dict.fromkeys(findings)), prepared=prepared)


def read_cards(
    store: Store, files: Mapping[str, Artifact], damaged: frozenset[str] = frozenset()
) -> dict[str, dict[LanguageTag, Card]]:
    """Read the cards of a release, by topic; none where it has no sound index of topics."""
    if INDEX not in files or INDEX in damaged:
        return {}
    index = load(read_artifact(store, INDEX, files[INDEX]))
    return {
        entry["id"]: {LanguageTag(card["language"]): Card.from_dict(card) for card in entry["editions"]}
        for entry in index["topics"]
    }


def hold(
    topic: str,
    language: LanguageTag,
    coverage: Coverage,
    findings: Iterable[Problem],
    last: Card | None,
) -> Held:
    """Describe an edition that is not published today; `last` is the card of the one in its place.

    Of the findings it tells those that are in the way.
    """
    return Held(
        topic=topic,
        language=language,
        as_of=last.updated if last else None,
        coverage=coverage.to_dict(),
        problems=tuple(finding.to_dict() for finding in findings if is_in_the_way(finding)),
    )


def is_in_the_way(finding: Problem) -> bool:
    """Tell whether a finding keeps its edition back; others are for somebody to look at."""
    return finding.level is Level.ERROR or finding.check in UNFINISHED


def edition_of(
    sources: Sources, editions: Editions, topic_id: str, language: LanguageTag, cards: Cards | None = None
) -> Edition:
    """Compose what the exporters need besides the topic: only what this topic really uses.

    `cards` names the editions that may be referred to; all of them if left out.
    """
    return compose_edition(
        editions.prepared[topic_id][language],
        links_of_editions(
            sources.topics[topic_id], (each.topic for each in editions.prepared[topic_id].values())
        ),
        editions.cards if cards is None else cards,
        editions.terms[language],
        sources.vocabulary,
        sources.configuration,
    )


def links_of_editions(document: Mapping[str, Any], editions: Iterable[LocalizedTopic]) -> set[str]:
    """Return the ids of the topics that a topic links or relates to, in English or in a translation."""
    documents = [document, *(each.to_dict() for each in editions if each.language != SOURCE)]
    return {target for each in documents for target, _pointer in linked_topics(each)}


def compose_edition(
    prepared: Prepared,
    links: Iterable[str],
    cards: Cards,
    words: LocalizedTerms,
    vocabulary: Vocabulary,
    configuration: Configuration,
) -> Edition:
    """Compose what the exporters need besides the topic; `cards` has its own and the linked ones."""
    topic, terms = prepared.topic, words.terms
    used: dict[str, list[str]] = {}
    for name, key in used_terms(topic, configuration.publisher, vocabulary):
        used.setdefault(name, []).append(key)
    return Edition(
        base_url=configuration.base_url,
        card=prepared.card,
        publisher=terms["organizations"][topic.publisher or configuration.publisher],
        data_publisher=terms["organizations"][configuration.publisher],
        # Exporters list categories and the like in the order of the vocabulary.
        terms={
            name: {key: terms[name][key] for key in sorted(keys, key=vocabulary.ranks(name).__getitem__)}
            for name, keys in used.items()
        },
        editions=cards[topic.id],
        topics={
            target: by_language.get(topic.language) or by_language[SOURCE]
            for target in sorted(links)
            if (by_language := cards.get(target))
        },
        interface=words.interface.interface if words.interface else None,
    )


def collection_of(sources: Sources, editions: Editions) -> PublishedCollection:
    """Compose what the exporters of the whole collection need."""
    return compose_collection(editions.cards, editions.terms, sources.configuration)


def compose_collection(
    cards: Cards, words: Mapping[LanguageTag, LocalizedTerms], configuration: Configuration
) -> PublishedCollection:
    """Compose what the exporters of a collection need; `cards` are those of the topics that it has."""
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


def is_current(publish_from: str, withdraw_from: str, today: str) -> bool:
    """Tell whether readers get the topic on that day; each an ISO day, the first two may be empty."""
    return publish_from <= today and (not withdraw_from or today < withdraw_from)


def _is_publishable(configuration: Configuration, topic: LocalizedTopic) -> bool:
    language, coverage = topic.language, topic.coverage
    if language == SOURCE or coverage.is_complete:
        return True
    rule = configuration.languages[language]
    if rule.policy != "fallback" or topic.title.language != language:
        return False  # a page whose very name is not in the language is no edition in it
    return coverage.translated / coverage.messages >= rule.threshold


def used_terms(topic: Topic, publisher: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return (vocabulary, key) of the entries whose words an edition of the topic shows, each once."""
    used = {(name, key): None for name in _SHARED_VOCABULARIES for key in vocabulary.keys(name)}
    used |= {(name, key): None for name, key, _ in topic.references()}
    used["organizations", topic.publisher or publisher] = None
    organizations = [key for name, key in used if name == "organizations"]
    used |= {("organizations", above): None for key in organizations for above in vocabulary.above(key)}
    return list(used)


def card_of(topic: LocalizedTopic, configuration: Configuration, catalogue: Catalogue) -> Card:
    """Return what others need to know of an edition."""
    page = topic.pages.get(topic.language) or f"{configuration.base_url}/{topic.language}/{topic.id}"
    return Card(
        topic=topic.id,
        language=topic.language,
        title=topic.title.value,
        page=page,
        updated=max(f"{topic.dates.updated}T00:00:00Z", catalogue.revised),
        kind=topic.kind,
        description=topic.description.value if topic.description else "",
        synonyms=tuple(text.value for text in (*topic.also_called, *topic.see_references)),
        codes=topic.codes,
        groups=topic.groups,
        related=tuple(related for related in topic.related_topics if isinstance(related, str)),
        content=_content(topic),
    )


def _content(topic: LocalizedTopic) -> str:
    """Return a digest of all that the edition says to readers, but for its dates."""
    document = topic.to_dict()
    del document["dates"]
    document.pop("accept", None)
    # How a text was translated is nothing that the edition says.
    for each in (document, *document.get("sections", ())):
        each.pop("unit", None)
    return digest(dump_line(document))[:16]
