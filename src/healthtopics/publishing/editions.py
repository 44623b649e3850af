"""What an exporter needs in addition to a topic's text: cards, words, and what spans all topics."""

from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any, Final

from healthtopics import markup
from healthtopics.catalogue import Catalogue
from healthtopics.configuration import Configuration
from healthtopics.jsontext import Document, JsonObject, digest, dump_line
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.languages import marked_language
from healthtopics.topic import (
    Callout,
    Card,
    Edition,
    Interface,
    ListedCorrection,
    LocalizedTerm,
    LocalizedTopic,
    PublishedCollection,
    RelatedTopic,
    SiteWords,
    Subheading,
    Text,
    Tombstone,
    Topic,
    texts_in,
)
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
    pages: Mapping[str, LanguageTag],
) -> Edition:
    """Return what the exporters need in addition to the topic; `cards` has its own and the linked ones.

    `pages` are those of `foreign_pages`.
    """
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
        pages=pages,
        interface=words.interface.interface if words.interface else None,
        emergency_numbers=configuration.emergency_numbers,
        contact=configuration.contact,
        trial=configuration.trial,
    )


def links_in_text(topic: Topic) -> list[str]:
    """Return where the links in the text lead, each once, in the inline markup's form."""
    blocks = (block for section in topic.sections for block in section.body)
    # Headings are plain text.
    marked_up = [
        block.body if isinstance(block, Callout) else block
        for block in blocks
        if not isinstance(block, Subheading)
    ]
    texts = texts_in(marked_up)
    return list(dict.fromkeys(href for text in texts for href in markup.parse(text.value).hrefs()))


def foreign_pages(
    topic: LocalizedTopic, pages: Mapping[str, LanguageTag], english: Container[str]
) -> dict[str, LanguageTag]:
    """Return the pages elsewhere that the text links to and that are known to be in another language.

    `pages` has the languages of pages that the workspace knows, `english` what the English text links to.
    """
    listed: dict[str, set[LanguageTag]] = {}
    related = [each.links for each in topic.related_topics if isinstance(each, RelatedTopic)]
    for links in (topic.pages, *related, *(each.links for each in topic.resources)):
        for language, url in links.items():
            listed.setdefault(url, set()).add(language)
    found = {
        href: _language_of(href, topic.language, listed.get(href, set()), pages, english)
        for href in links_in_text(topic)
        if not href.startswith("topic:")
    }
    return {href: language for href, language in found.items() if language != topic.language}


def _language_of(
    href: str,
    own: LanguageTag,
    listed: Collection[LanguageTag],
    pages: Mapping[str, LanguageTag],
    english: Container[str],
) -> LanguageTag:
    """Return the language of a page as the topic's own links state it, or the workspace, or its address.

    A page that the English text links to is English unless one of these says otherwise. Of any other page
    nothing is known: it counts as one in the edition's language.
    """
    if listed:
        return next(tag for tag in (own, SOURCE, *sorted(listed)) if tag in listed)
    if href in pages:
        return pages[href]
    if marked := marked_language(href):
        return own if own.partition("-")[0] == marked else marked
    return SOURCE if href in english else own


def compose_collection(
    cards: Cards,
    words: Mapping[LanguageTag, LocalizedTerms],
    configuration: Configuration,
    *,
    withdrawn: tuple[Tombstone, ...] = (),
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
        withdrawn=withdrawn,
    )


def listed_configuration(configuration: Configuration) -> JsonObject:
    """Return what the index of topics says of the workspace: where it is published, and what pages state."""
    listed: JsonObject = {
        "baseUrl": configuration.base_url,
        "emergencyNumbers": list(configuration.emergency_numbers),
        "trial": configuration.trial,
    }
    return {**listed, "contact": configuration.contact} if configuration.contact else listed


_LISTED: Final = {
    "groups": (),
    "categories": (),
    "organizations": (),
    "code-systems": ("system", "oid"),
}
"""The vocabularies in the index of topics, with the facts of their entries that are listed."""


def listed_words(terms: Mapping[str, Mapping[str, LocalizedTerm]]) -> JsonObject:
    """Return the words and addresses of what cards and links refer to, as the index of topics has them.

    `terms` are those in the source language.
    """
    return {
        vocabulary: {key: _listed_word(term, facts) for key, term in terms.get(vocabulary, {}).items()}
        for vocabulary, facts in _LISTED.items()
    }


_DISCLAIMER: Final = "no-medical-advice"
"""The notice of the vocabulary that every page has."""


def site_words(words: LocalizedTerms, publisher: str) -> SiteWords:
    """Return what the pages around the topics say in one language; `words` has those of their templates."""
    language, terms = words.language, words.terms
    interface = words.interface.interface if words.interface else Interface()
    organization = terms["organizations"][publisher]
    said = {} if language == SOURCE else interface.words

    def own(text: Text | None) -> str:
        return text.value if text and text.language == language else ""

    return SiteWords(
        name=own(terms["parts"]["home"].label),
        publisher=own(organization.label),
        publisher_url=organization.url,
        disclaimer=own(terms["notices"][_DISCLAIMER].text),
        licences={each.url: own(each.label) for each in terms["licences"].values() if own(each.label)},
        autonym=interface.autonyms.get(language, ""),
        days=interface.days,
        words={english: own(text) for english, text in said.items() if own(text)},
    )


def _listed_word(term: LocalizedTerm, facts: Iterable[str]) -> JsonObject:
    found = {"labels": dict(term.labels), "url": term.home, **{name: term.facts.get(name) for name in facts}}
    return {name: value for name, value in found.items() if value}


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
        sections=tuple(section.id for section in topic.sections),
    )


_UNSEEN = ("dates", "accept", "unit", "draft")
"""Members that are not part of the content: how a text was translated, for example."""


def _content(document: Document) -> str:
    """Return a digest of everything that an edition shows to readers, except its dates."""
    said = _without(_UNSEEN, document)
    if "sections" in said:
        said["sections"] = [_without(("unit",), section) for section in said["sections"]]
    return digest(dump_line(said))[:16]


def _without(names: Container[str], document: Document) -> dict[str, Any]:
    return {name: member for name, member in document.items() if name not in names}
