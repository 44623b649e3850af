"""Which editions there are, what an exporter needs for each, and which are held and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.catalogue import Catalogue
from healthtopics.configuration import Configuration
from healthtopics.jsontext import digest, dump_line
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem
from healthtopics.publishing.sources import VOCABULARY, Sources
from healthtopics.release import Held
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import (
    Card,
    Collection,
    Coverage,
    Edition,
    LocalizedTopic,
    Term,
    Topic,
    linked_topics,
)
from healthtopics.translation import LocalizedTerms, localize_terms, translate
from healthtopics.vocabulary import Vocabulary

Document = Mapping[str, Any]

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
class Editions:
    """All editions of all topics: what is published today, what is held and why."""

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
    catalogues = [sources.catalogue(language, VOCABULARY) for language in configuration.all_languages]
    terms = localize_terms(plan_messages(packaged("vocabulary.schema.json")), sources.vocabulary, catalogues)
    prepared: dict[str, dict[LanguageTag, Prepared]] = {}
    cards: dict[str, dict[LanguageTag, Card]] = {}
    coverage: dict[str, dict[LanguageTag, Coverage]] = {}
    held: list[Held] = []
    found: dict[tuple[str, LanguageTag], tuple[Problem, ...]] = {}
    for topic_id, document in sources.topics.items():
        topic = Topic.from_dict(document)
        if today is not None and not _is_current(topic, today):
            continue
        for language in configuration.all_languages:
            catalogue = sources.catalogue(language, topic_id)
            translation = translate(sources.plan, document, catalogue)
            counts, findings = translation.coverage, translation.findings
            for vocabulary, key in _used_terms(topic, configuration.publisher, sources.vocabulary):
                counts += terms[language].coverage[vocabulary, key]
                findings += terms[language].findings[vocabulary, key]
            coverage.setdefault(topic_id, {})[language] = counts
            found[topic_id, language] = tuple(dict.fromkeys(findings))
            localized = (
                LocalizedTopic.from_document(translation.document, language, counts)
                if translation.document is not None
                else None
            )
            if localized is not None and _is_publishable(configuration, localized):
                card = _card(localized, configuration, catalogue)
                prepared.setdefault(topic_id, {})[language] = Prepared(topic=localized, card=card)
                cards.setdefault(topic_id, {})[language] = card
                continue
            last = (earlier or {}).get(topic_id, {}).get(language)
            if last is not None:
                cards.setdefault(topic_id, {})[language] = last
            held.append(
                Held(
                    topic=topic_id,
                    language=language,
                    as_of=last.updated if last else None,
                    coverage=counts.to_dict(),
                    problems=tuple(finding.to_dict() for finding in found[topic_id, language]),
                )
            )
    return Editions(
        terms=terms, prepared=prepared, cards=cards, held=tuple(held), coverage=coverage, findings=found
    )


def edition_of(
    sources: Sources, editions: Editions, topic_id: str, language: LanguageTag, cards: Cards | None = None
) -> Edition:
    """Compose what the exporters need besides the topic: only what this topic really uses.

    `cards` names the editions that may be referred to; all of them if left out.
    """
    cards = editions.cards if cards is None else cards
    prepared = editions.prepared[topic_id][language]
    topic = prepared.topic
    terms = editions.terms[language].terms
    used: dict[str, dict[str, Term]] = {}
    for vocabulary, key in _used_terms(topic, sources.configuration.publisher, sources.vocabulary):
        used.setdefault(vocabulary, {})[key] = terms[vocabulary][key]
    # Exporters list categories and the like in the order of the vocabulary.
    ordered = {
        name: {key: keys[key] for key in sources.vocabulary.keys(name) if key in keys}
        for name, keys in used.items()
    }
    linked = {
        target: by_language.get(language) or by_language[SOURCE]
        for target in sorted({target for target, _pointer in linked_topics(topic.to_dict())})
        if (by_language := cards.get(target))
    }
    return Edition(
        base_url=sources.configuration.base_url,
        card=prepared.card,
        publisher=terms["organizations"][topic.publisher or sources.configuration.publisher],
        data_publisher=terms["organizations"][sources.configuration.publisher],
        terms=ordered,
        editions=cards[topic_id],
        topics=linked,
    )


def collection_of(sources: Sources, editions: Editions, cards: Cards | None = None) -> Collection:
    """Compose what the exporters of the whole collection need; `cards` as for `edition_of`."""
    source_terms = editions.terms[SOURCE]
    languages = sources.configuration.all_languages
    return Collection(
        base_url=sources.configuration.base_url,
        publisher=source_terms.terms["organizations"][sources.configuration.publisher],
        languages=languages,
        cards=editions.cards if cards is None else cards,
        terms=source_terms.terms,
        titles={
            name: {
                language: editions.terms[language].titles[name].value
                for language in languages
                if editions.terms[language].titles[name].language == language
            }
            for name in source_terms.titles
        },
    )


def _is_current(topic: Topic, today: str) -> bool:
    dates = topic.dates
    return dates.publish_from <= today and (not dates.withdraw_from or today < dates.withdraw_from)


def _is_publishable(configuration: Configuration, topic: LocalizedTopic) -> bool:
    language, coverage = topic.language, topic.coverage
    if language == SOURCE or coverage.is_complete:
        return True
    rule = configuration.languages[language]
    if rule.policy != "fallback" or topic.title.language != language:
        return False  # a page whose very name is not in the language is no edition in it
    return coverage.translated / coverage.messages >= rule.threshold


def _used_terms(topic: Topic, publisher: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return the vocabulary entries whose words an edition of the topic shows, each once."""
    used = {(name, key): None for name in _SHARED_VOCABULARIES for key in vocabulary.keys(name)}
    used |= {(name, key): None for name, key, _ in topic.references()}
    used["organizations", topic.publisher or publisher] = None
    organizations = [key for name, key in used if name == "organizations"]
    used |= {("organizations", above): None for key in organizations for above in vocabulary.above(key)}
    return list(used)


def _card(topic: LocalizedTopic, configuration: Configuration, catalogue: Catalogue) -> Card:
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
