"""Proofs: an edition as readers would see it, with the text that nobody has confirmed yet.

They are for translators and never published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from healthtopics.cache import key_of
from healthtopics.catalogue import IDENTITY, Catalogue, Message
from healthtopics.catalogues import po
from healthtopics.catalogues.messages import key_of as message_key_of
from healthtopics.checks.table import NO_CHECKS, installed_checks
from healthtopics.formats.table import PAGES
from healthtopics.jsontext import parse
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import WORDS, Files, Snapshot, catalogue_path, topic_path
from healthtopics.publishing.digests import Digests, digest_rules, digest_topics
from healthtopics.publishing.editions import card_of, compose_edition, foreign_pages, links_in_text
from healthtopics.publishing.latest import LastRelease
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.sources import Sources, TopicFiles, interface_template
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.schema import Place, walk
from healthtopics.topic import Card, Edition, LocalizedTopic, linked_topics
from healthtopics.translation.translate import translate
from healthtopics.validation.public import compiled
from healthtopics.workbench.catalogues import template_for
from healthtopics.workbench.desk import Desk, judge_of
from healthtopics.workbench.sheets import Entry, Sheet, Work
from healthtopics.workbench.worklist import topic_sheet

_MOST: Final = 24
"""The number of proofs to keep: a translator goes back and forth between a few topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A topic in English and in a translator's language, side by side."""

    sheet: Sheet
    editions: Mapping[LanguageTag, tuple[LocalizedTopic, Edition]]
    """The English one and the translator's, with fuzzy text and text with findings: only what is missing, or
    unfit for a page, is English."""
    entries: Mapping[str, Entry]
    """The message at each place in the topic, by its pointer (`Text.pointer`)."""
    words: Mapping[tuple[str, str], Message]
    """An entry, by the name of a catalogue of words and a text of it, English or translated."""
    desk: Desk
    """What a translator needs to work on it."""


class Proofs:
    """Makes proofs and keeps the last ones, which are valid until anything they are made from changes."""

    def __init__(self, maker: Maker, most: int = _MOST) -> None:
        """Keep at most so many of them."""
        self._maker = maker
        self._most = most
        self._kept: dict[str, Proof] = {}
        """By the digest of what each is made from, the last used at the end."""

    def prove(
        self,
        files: Files,
        language: LanguageTag,
        name: str,
        release: LastRelease | None = None,
        engine: Engine = PLAIN,
    ) -> Proof:
        """Return the proof of a topic, compared with the last release.

        Addresses of topics are those of their proofs, `/{language}/{topic}`. Raises BuildError, with every
        problem, if files that it needs cannot be read.
        """
        files = Snapshot.of(files)
        document = parse(files.topic(name), topic_path(name))
        is_sound = not compiled("topic.schema.json").problems(document, topic_path(name), "topic-schema")
        links = linked_topics(document) if is_sound else ()
        linked = {target for target, _pointer in links}.intersection(files.topic_names())
        digests = digest_topics(files, digest_rules(files, self._maker, engine), {name, *linked})
        published = release.sha256 if release else ""
        key = key_of("proof", language, name, digests.rules.words, digests.topics, published)
        proof, is_current = self._kept.pop(key, None), True
        if proof is None:
            proof, is_current = self._make(files, language, name, release, digests, engine)
        if is_current:
            self._kept[key] = proof
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return proof

    def _make(
        self,
        files: Files,
        language: LanguageTag,
        name: str,
        release: LastRelease | None,
        digests: Digests,
        engine: Engine,
    ) -> tuple[Proof, bool]:
        """Return a new proof, and whether nothing of it was saved since the digests were taken."""
        overview = look_at(files, self._maker, engine, digests.topics, digests=digests)
        read = {each: overview.sources.read(each) for each in digests.topics}
        sheet = topic_sheet(overview, read[name], language, release.cards if release else None)
        template, _header = template_for(overview, language, name, read[name])
        judge = judge_of(overview.sources, read[name].document, language)
        desk = Desk.of(sheet, template, judge, overview.sources.glossaries.get(language))
        proof = _compose(overview.sources, read, desk)
        shown = {each.name: each.digest for each in read.values()}
        judged = {each.name: each.digest for each in overview.decided.values()}
        return proof, shown == judged == digests.topics


def _compose(sources: Sources, read: Mapping[str, TopicFiles], desk: Desk) -> Proof:
    """Make a proof of a topic and of those that it links to."""
    sheet = desk.sheet
    name, language = sheet.name, sheet.language
    editions: dict[LanguageTag, tuple[LocalizedTopic, Edition]] = {}
    for shown, catalogue in (
        (SOURCE, IDENTITY),
        (language, _unconfirmed(read[name].catalogues[language], sheet)),
    ):
        edition = _edition(sources, read, catalogue, name, language)
        if edition is not None:
            editions[shown] = edition
    return Proof(
        sheet=sheet,
        editions=editions,
        entries=_places(sources, sheet, read[name]),
        words=_words(sources.files, language),
        desk=desk,
    )


def _words(files: Files, language: LanguageTag) -> dict[tuple[str, str], Message]:
    """Return the entries of the workspace's own files; words only in the package have none."""
    found: dict[tuple[str, str], Message] = {}
    for name in WORDS:
        data = files.catalogue(language, name)
        path = catalogue_path(language, name)
        messages = po.to_catalogue(po.parse(data, path).file, language, path).messages if data else {}
        for message in messages.values():
            for text in filter(None, (message.key.msgid, message.msgstr)):
                found.setdefault((name, text), message)
    return found


def _unconfirmed(catalogue: Catalogue, sheet: Sheet) -> Catalogue:
    """Return the catalogue as if everything in it were confirmed, without text that is unfit for a page."""
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
    return replace(catalogue, messages=messages, requires_review=False)


def _edition(
    sources: Sources, read: Mapping[str, TopicFiles], catalogue: Catalogue, name: str, language: LanguageTag
) -> tuple[LocalizedTopic, Edition] | None:
    """Return the edition in the catalogue's language; None if nothing of the topic is in it."""
    shown = catalogue.language
    topic = _localize(sources, read[name], catalogue)
    if topic is None:
        return None
    own = replace(
        card_of(topic, topic.to_dict(), sources.configuration, catalogue), page=f"/{language}/{name}"
    )
    cards = {each.name: {shown: _card(sources, each, shown, language)} for each in read.values()}
    english = links_in_text(_localize(sources, read[name], IDENTITY) or topic)
    edition = compose_edition(
        topic,
        own,
        {
            target
            for document in (read[name].document, topic.to_dict())
            for target, _ in linked_topics(document)
        },
        {**cards, name: {shown: own}},
        sources.with_interface(sources.terms[shown], interface_template((PAGES,))),
        vocabulary=sources.vocabulary,
        configuration=sources.configuration,
        pages=foreign_pages(topic, sources.page_languages, english),
    )
    return topic, replace(edition, base_url="")


def _localize(sources: Sources, read: TopicFiles, catalogue: Catalogue) -> LocalizedTopic | None:
    """Translate a topic without running any check."""
    translation = translate(
        sources.schema.plan,
        read.document,
        catalogue,
        checks=NO_CHECKS,
        twins=sources.twins[catalogue.language],
    )
    if translation.document is None:
        return None
    return LocalizedTopic.from_document(translation.document, catalogue.language, translation.coverage)


def _card(sources: Sources, read: TopicFiles, shown: LanguageTag, language: LanguageTag) -> Card:
    """Return the card of a linked topic; its address is that of its proof."""
    catalogue = read.catalogues[shown]
    topic = _localize(sources, read, catalogue) or LocalizedTopic.from_document(read.document, shown)
    return replace(
        card_of(topic, topic.to_dict(), sources.configuration, catalogue), page=f"/{language}/{read.name}"
    )


def _places(sources: Sources, sheet: Sheet, read: TopicFiles) -> dict[str, Entry]:
    by_key = {entry.key: entry for entry in sheet.entries}
    found: dict[str, Entry] = {}

    def visit(place: Place) -> object:
        entry = by_key.get(message_key_of(place))
        if entry is not None:
            found[place.pointer] = entry
        return list(place.unit) if place.rule.unit else None

    walk(sources.schema.plan, read.document, visit, lambda _place, _language: None)
    return found
