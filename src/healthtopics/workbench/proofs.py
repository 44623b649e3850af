"""Proofs: an edition as readers would see it, with the text that nobody has confirmed yet.

They are for translators; nothing of them is ever published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.messages import key_of
from healthtopics.checks.table import NO_CHECKS, installed_checks
from healthtopics.jsontext import parse
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import WORDS, Files, catalogue_path, topic_path
from healthtopics.publishing.editions import Cards, card_of, compose_edition
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.sources import Sources, TopicFiles
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.schema import Place, walk
from healthtopics.topic import Card, Edition, LocalizedTopic, linked_topics
from healthtopics.translation.translate import translate
from healthtopics.workbench.sheets import Entry, Sheet, Work
from healthtopics.workbench.worklist import topic_sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A topic in English and in a translator's language, side by side."""

    sheet: Sheet
    editions: Mapping[LanguageTag, tuple[LocalizedTopic, Edition]]
    """The English one and the translator's, with fuzzy text and text with findings: only what
    is missing, and what no page can be made of, is English."""
    entries: Mapping[str, Entry]
    """By the pointer of a place in the topic (`Text.pointer`), the message that is there."""
    words: Mapping[tuple[str, str], int]
    """By the name of a catalogue of words and a text of it, English or translated: the line of its entry."""


def prove(
    files: Files,
    language: LanguageTag,
    name: str,
    published: Cards | None = None,
    *,
    maker: Maker,
    engine: Engine = PLAIN,
) -> Proof:
    """Make the proof of a topic; addresses of topics are those of their proofs, `/{language}/{topic}`.

    Raises BuildError where files that it needs cannot be read, with every problem.
    """
    known = set(files.topic_names())
    document = parse(files.topic(name), topic_path(name))
    linked = {target for target, _pointer in linked_topics(document)} & known - {name}
    overview = look_at(files, maker, engine, {name, *linked})
    read = {each: overview.sources.read(each) for each in (name, *linked)}
    sheet = topic_sheet(overview, language, name, published)
    editions: dict[LanguageTag, tuple[LocalizedTopic, Edition]] = {}
    for shown, catalogue in (
        (SOURCE, IDENTITY),
        (language, _unconfirmed(read[name].catalogues[language], sheet)),
    ):
        edition = _edition(overview.sources, read, catalogue, name, language)
        if edition is not None:
            editions[shown] = edition
    return Proof(
        sheet=sheet,
        editions=editions,
        entries=_places(overview.sources, sheet, read[name]),
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
    sources: Sources, read: Mapping[str, TopicFiles], catalogue: Catalogue, name: str, language: LanguageTag
) -> tuple[LocalizedTopic, Edition] | None:
    """Return the edition in the catalogue's language; None where nothing of the topic is in it."""
    shown = catalogue.language
    topic = _localize(sources, read[name], catalogue)
    if topic is None:
        return None
    own = replace(card_of(topic, sources.configuration, catalogue), page=f"/{language}/{name}")
    cards = {each.name: {shown: _card(sources, each, shown, language)} for each in read.values()}
    edition = compose_edition(
        topic,
        own,
        {
            target
            for document in (read[name].document, topic.to_dict())
            for target, _ in linked_topics(document)
        },
        {**cards, name: {shown: own}},
        sources.with_interface(sources.terms[shown]),
        vocabulary=sources.vocabulary,
        configuration=sources.configuration,
    )
    return topic, replace(edition, base_url="")


def _localize(sources: Sources, read: TopicFiles, catalogue: Catalogue) -> LocalizedTopic | None:
    """Translate a topic without asking any check."""
    translation = translate(sources.schema.plan, read.document, catalogue, checks=NO_CHECKS)
    if translation.document is None:
        return None
    return LocalizedTopic.from_document(translation.document, catalogue.language, translation.coverage)


def _card(sources: Sources, read: TopicFiles, shown: LanguageTag, language: LanguageTag) -> Card:
    """Return the card of a linked topic; its address is that of its proof."""
    catalogue = read.catalogues[shown]
    topic = _localize(sources, read, catalogue) or LocalizedTopic.from_document(read.document, shown)
    return replace(card_of(topic, sources.configuration, catalogue), page=f"/{language}/{read.name}")


def _places(sources: Sources, sheet: Sheet, read: TopicFiles) -> dict[str, Entry]:
    by_key = {entry.key: entry for entry in sheet.entries}
    found: dict[str, Entry] = {}

    def visit(place: Place) -> object:
        entry = by_key.get(key_of(place))
        if entry is not None:
            found[place.pointer] = entry
        return list(place.unit) if place.rule.unit else None

    walk(sources.schema.plan, read.document, visit, lambda _place, _language: None)
    return found
