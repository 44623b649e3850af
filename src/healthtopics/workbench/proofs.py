"""Proofs: an edition as readers would see it, with the text that nobody has confirmed yet.

They are for translators; nothing of them is ever published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from healthtopics.catalogue import Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.messages import key_of
from healthtopics.checks.table import NO_CHECKS, installed_checks
from healthtopics.jsontext import parse
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import WORDS, Files, catalogue_path, topic_path
from healthtopics.publishing.editions import (
    Cards,
    Prepared,
    card_of,
    compose_edition,
    links_of_editions,
    words_of,
)
from healthtopics.publishing.sources import Sources, assemble
from healthtopics.schema import Place, walk
from healthtopics.topic import Card, Edition, LocalizedTopic, linked_topics
from healthtopics.translation.terms import LocalizedTerms
from healthtopics.translation.translate import translate
from healthtopics.workbench.worklist import Entry, Sheet, Work, topic_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A topic in English and in a translator's language, side by side."""

    sheet: Sheet
    editions: Mapping[LanguageTag, tuple[LocalizedTopic, Edition]]
    """The English one and the translator's, in which fuzzy text and text with findings stands, too: only what
    is missing, and what no page can be made of, is English."""
    entries: Mapping[str, Entry]
    """By the pointer of a place in the topic (`Text.pointer`), the message that stands there."""
    words: Mapping[tuple[str, str], int]
    """By the name of a catalogue of words and a text of it, English or translated: the line of its entry."""


def prove(files: Files, language: LanguageTag, name: str, published: Cards | None = None) -> Proof:
    """Make the proof of a topic; addresses of topics are those of their proofs, `/{language}/{topic}`.

    Raises BuildError where files that it needs cannot be read, with every problem.
    """
    known = set(files.topic_names())
    document = parse(files.topic(name), topic_path(name))
    linked = {target for target, _pointer in linked_topics(document)} & known
    sources = assemble(files, {name, *linked})
    terms = words_of(sources, (SOURCE, language))
    sheet = topic_sheet(sources, terms[language], language, name, published)
    editions: dict[LanguageTag, tuple[LocalizedTopic, Edition]] = {}
    for shown, catalogue in (
        (SOURCE, sources.catalogue(SOURCE, name)),
        (language, _unconfirmed(sources.catalogue(language, name), sheet)),
    ):
        edition = _edition(sources, terms[shown], catalogue, name, language)
        if edition is not None:
            editions[shown] = edition
    return Proof(
        sheet=sheet,
        editions=editions,
        entries=_places(sources, sheet, name),
        words=_lines_of_words(files, language),
    )


def _lines_of_words(files: Files, language: LanguageTag) -> dict[tuple[str, str], int]:
    """Return the lines of the workspace's own files; what only the package brings has none."""
    found: dict[tuple[str, str], int] = {}
    for name in WORDS:
        data = files.catalogue(language, name)
        path = catalogue_path(language, name)
        messages = po.to_catalogue(po.parse(data, path).file, language, path).messages if data else {}
        for message in messages.values():
            for text in filter(None, (message.key.msgid, message.msgstr)):
                found.setdefault((name, text), message.line or 1)
    return found


def _unconfirmed(catalogue: Catalogue, sheet: Sheet) -> Catalogue:
    """Return the catalogue as if everything in it were confirmed, without what no page can be made of."""
    unfit = {
        entry.key
        for entry in sheet.entries
        if entry.work is Work.BLOCKED
        and any(installed_checks().is_unfit(problem.check) for problem in entry.problems)
    }
    messages = {
        key: replace(message, is_fuzzy=False)
        for key, message in catalogue.messages.items()
        if key not in unfit
    }
    return replace(catalogue, messages=messages)


def _edition(
    sources: Sources, terms: LocalizedTerms, catalogue: Catalogue, name: str, language: LanguageTag
) -> tuple[LocalizedTopic, Edition] | None:
    """Return the edition in the catalogue's language; None where nothing of the topic is in it."""
    translation = translate(sources.plan, sources.topics[name], catalogue, checks=NO_CHECKS)
    if translation.document is None:
        return None
    topic = LocalizedTopic.from_document(translation.document, translation.language, translation.coverage)
    cards = {
        each: {topic.language: _card(sources, topic.language, each, language)}
        for each in sources.topics
        if each != name
    }
    own = replace(card_of(topic, sources.configuration, catalogue), page=f"/{language}/{name}")
    edition = compose_edition(
        Prepared(topic=topic, card=own),
        links_of_editions(sources.topics[name], [topic]),
        {**cards, name: {topic.language: own}},
        terms,
        sources.vocabulary,
        sources.configuration,
    )
    return topic, replace(edition, base_url="")


def _card(sources: Sources, shown: LanguageTag, name: str, language: LanguageTag) -> Card:
    """Return the card of a linked topic; its address is that of its proof."""
    catalogue = sources.catalogue(shown, name)
    document = translate(sources.plan, sources.topics[name], catalogue, checks=NO_CHECKS).document
    topic = LocalizedTopic.from_document(document or sources.topics[name], shown)
    return replace(card_of(topic, sources.configuration, catalogue), page=f"/{language}/{name}")


def _places(sources: Sources, sheet: Sheet, name: str) -> dict[str, Entry]:
    by_key = {entry.key: entry for entry in sheet.entries}
    found: dict[str, Entry] = {}

    def visit(place: Place) -> object:
        entry = by_key.get(key_of(place))
        if entry is not None:
            found[place.pointer] = entry
        return list(place.unit) if place.rule.unit else None

    walk(sources.plan, sources.topics[name], visit, lambda _place, _language: None)
    return found
