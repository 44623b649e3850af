"""Brings catalogues up to date: which there should be, and what they should contain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from healthtopics.cache import Cache, key_of, recall, remember
from healthtopics.catalogues import po
from healthtopics.catalogues.memory import EMPTY, Memory, Remembered, translations_in
from healthtopics.catalogues.messages import keys_of
from healthtopics.catalogues.template import template_of, template_of_vocabulary, update_catalogue
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.checks.table import judge_in
from healthtopics.errors import BuildError, CatalogueError
from healthtopics.jsontext import digest
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, WORDS, catalogue_path, topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.overview import Overview
from healthtopics.publishing.sources import Sources, TopicFiles, has_pages
from healthtopics.publishing.values import PLAIN, Engine
from healthtopics.schema import MessageRule, packaged_plan, rules_of
from healthtopics.translation import pseudo
from healthtopics.translation.interface import interface_plan
from healthtopics.translation.pseudo import Style
from healthtopics.workers import Shared, spread_in_chunks


class Update(NamedTuple):
    """A changed file."""

    path: str
    was: bytes | None
    """None for a new file."""
    data: bytes
    kept: int
    """How many translations stay as they are."""
    made_fuzzy: int
    """How many messages have a fuzzy suggestion now."""

    @classmethod
    def of(cls, path: str, was: bytes | None, data: bytes) -> "Update":
        """Return a changed file with the counts of its messages."""
        fuzzy = {po.key_of_entry(each) for each in po.parse(was, path).file if each.fuzzy} if was else set()
        live = [each for each in po.parse(data, path).file if not each.obsolete]
        made = sum(each.fuzzy and po.key_of_entry(each) not in fuzzy for each in live)
        kept = sum(each.translated() for each in live)
        return cls(path, was, data, kept, made)


@dataclass(frozen=True, slots=True)
class Updates:
    """The result of an update."""

    catalogues: tuple[Update, ...]
    problems: tuple[Problem, ...] = ()
    """The problems of the files that cannot be updated."""
    current: tuple[str, ...] = ()
    """The cache keys of catalogues that are up to date."""


def updated_catalogues(
    overview: Overview,
    texts: Mapping[str, bytes],
    language: LanguageTag,
    topics: Sequence[str],
    *,
    style: Style | None = None,
    suggests: bool = True,
    more: Sequence[Remembered] = (),
    engine: Engine = PLAIN,
) -> Updates:
    """Return the catalogues that are not up to date, including new ones.

    `more` are translations from elsewhere, which are suggested for whatever has no translation.

    `texts` holds the files of the language, by name. The catalogues are those of the topics, of the
    vocabulary, and of pages if there are any or `topics` names INTERFACE. Those of a pseudo-locale are
    rewritten: if a style is given, or if the vocabulary's is marked with one.
    Files that cannot be read, or may be truncated, are left alone and reported; what `overview` has left out
    is left alone. Translations from catalogues without a topic are suggested, too: it may have been renamed.
    """
    words = catalogue_path(language, VOCABULARY)
    if style is None and words not in overview.faulty:
        style = pseudo.style_of(texts.get(VOCABULARY), words)
    updating = _Updating(overview, texts, language, style, suggests=suggests, more=more, cache=engine.cache)
    names = updating.names(topics)
    decided = overview.decided
    keys = {name: updating.key(name, decided[name].digest) for name in names if name in decided}
    known = set() if more else {name for name, _ in recall(engine.cache, keys, bool)}
    left = [name for name in names if name not in known]
    found = list(spread_in_chunks(engine.executor, _update_each, Shared(updating), left, engine.progress))
    remember(engine.cache, {key: True for each in found for key in each.current})
    return Updates(
        catalogues=tuple(chain.from_iterable(each.catalogues for each in found)),
        problems=tuple(chain.from_iterable(each.problems for each in found)),
    )


def _update_each(updating: "Shared[_Updating]", names: Sequence[str]) -> Updates:
    """Update some catalogues: the task of a worker."""
    return updating.value.update_each(names)


class _Updating:
    """Updates the catalogues of one language, one by one."""

    def __init__(
        self,
        overview: Overview,
        texts: Mapping[str, bytes],
        language: LanguageTag,
        style: Style | None,
        *,
        suggests: bool,
        more: Sequence[Remembered],
        cache: Cache,
    ) -> None:
        self._more = more
        self._overview = overview
        self._texts = texts
        self._language = language
        self._style = style
        self._suggests = suggests
        self._cache = cache

    def names(self, topics: Iterable[str]) -> list[str]:
        """Return the catalogues of the topics and of the words, except those that cannot be read."""
        configuration = self._overview.sources.configuration
        others = [INTERFACE] if has_pages(configuration) or INTERFACE in self._texts else []
        return [
            name
            for name in dict.fromkeys([*topics, VOCABULARY, *others])
            if catalogue_path(self._language, name) not in self._overview.faulty
        ]

    def key(self, name: str, files: str) -> str:
        """Return the cache key for a topic's catalogue that is up to date.

        `files` is the digest of the files of the topic.
        """
        data = self._texts.get(name)
        return key_of(
            "current",
            self._overview.digests.rules.judging,
            name,
            files,
            self._language,
            None if data is None else digest(data),
            [self._style.name if self._style else None],
        )

    def update_each(self, names: Iterable[str]) -> Updates:
        """Return the updates of these catalogues."""
        catalogues: list[Update] = []
        problems: list[Problem] = []
        current: list[str] = []
        for name in names:
            read = self._overview.sources.read(name) if name in self._overview.topics else None
            try:
                data = self._update(name, read)
            except CatalogueError as error:
                problems += error.problems
                continue
            was = self._texts.get(name)
            if data != was:
                catalogues.append(Update.of(catalogue_path(self._language, name), was, data))
            elif read:
                current.append(self.key(name, read.digest))
        return Updates(tuple(catalogues), tuple(problems), tuple(current))

    def _update(self, name: str, read: TopicFiles | None) -> bytes:
        """Return the text of a catalogue as it should be; raises CatalogueError if it cannot be read.

        A catalogue without new messages gets no suggestions, so that the memory of all catalogues is not
        needed.
        """
        template, header = template_for(self._overview, self._language, name, read)
        path, before = catalogue_path(self._language, name), self._texts.get(name)
        if self._style and pseudo.is_replaceable(before, path):
            return pseudo.pseudo_catalogue(template, header, self._style, self._rules)
        shipped = self._overview.sources.words.get(self._language, {}).get(name)
        judge, memory = None, EMPTY
        if self._more or (self._suggests and self._has_news(template, before, path)):
            numbers = self._overview.sources.configuration.emergency_numbers
            judge, memory = judge_in(self._language, emergency_numbers=numbers), self._memory
        return update_catalogue(
            template,
            before,
            header,
            path,
            shipped,
            judge=judge,
            memory=memory,
            offers_again=bool(self._more),
        )

    def _has_news(self, template: Sequence[TemplateMessage], before: bytes | None, path: str) -> bool:
        if before is None:
            return True
        known = po.to_catalogue(po.parse(before, path).file, self._language, path).messages
        return any(message.key not in known for message in template)

    @cached_property
    def _rules(self) -> Mapping[str, MessageRule]:
        plan = self._overview.sources.schema.plan
        return rules_of(plan, packaged_plan("vocabulary.schema.json"), interface_plan())

    @cached_property
    def _memory(self) -> Memory:
        """All translations in any catalogue of the language."""
        words = self._overview.sources.words.get(self._language, {})
        own = chain(chain.from_iterable(map(translations_in, words.values())), self._remembered())
        return Memory(chain(own, self._more))

    def _remembered(self) -> Iterator[Remembered]:
        """Yield the translations of topics, and of unused catalogues, if they can be read."""
        topics, faulty = self._overview.decided, self._overview.faulty
        paths = {
            name: path
            for name in sorted(self._texts, key=lambda each: each not in topics)
            if name not in WORDS
            and (path := catalogue_path(self._language, name)) not in faulty
            and not (name in topics and topic_path(name) in faulty)
        }
        rules = self._overview.digests.rules.judging
        texts = {path: self._texts[name] for name, path in paths.items()}
        return remembered_in(texts, self._language, rules, self._cache)


def remembered_in(
    texts: Mapping[str, bytes], language: LanguageTag, rules: str, cache: Cache
) -> Iterator[Remembered]:
    """Return the translations in catalogues, given by path; those that cannot be read are left out.

    `rules` is the digest of what the files are judged by, for the cache.
    """
    keys = {path: key_of("memory", rules, path, digest(data)) for path, data in texts.items()}
    known = dict(recall(cache, keys, list[Remembered]))
    read = {}
    for path in texts.keys() - known.keys():
        with suppress(CatalogueError):
            read[path] = translations_in(po.to_catalogue(po.parse(texts[path], path).file, language, path))
    remember(cache, {keys[path]: found for path, found in read.items()})
    return chain.from_iterable(known.get(path, read.get(path, ())) for path in keys)


def template_for(
    overview: Overview, language: LanguageTag, name: str, read: TopicFiles | None = None
) -> tuple[Sequence[TemplateMessage], Header]:
    """Return the messages that a catalogue should have, by its name, and its header.

    `read` are the files of the topic if they have been read. Raises BuildError if the topic has been saved
    with
    errors since `overview`.
    """
    sources = overview.sources
    if name in overview.topics:
        read = read or sources.read(name)
        if not read.is_sound:
            raise BuildError(read.problems)
        document = read.document
        updated = document["dates"]["updated"]
        header = Header(language=language, subject=f"topic “{name}”", created=updated)
        return template_of(sources.schema.plan, document, language, sources.glossaries.get(language)), header
    first = min(overview.decided[each].created for each in overview.topics)
    subject = "the pages" if name == INTERFACE else "the vocabulary"
    return words_template(sources, language, name), Header(language=language, subject=subject, created=first)


def words_template(sources: Sources, language: LanguageTag, name: str) -> Sequence[TemplateMessage]:
    """Return the messages of a catalogue of words that topics share, by its name."""
    if name == INTERFACE:
        return sources.interface_template
    return template_of_vocabulary(sources.vocabulary, language)


def english_texts(overview: Overview) -> set[str]:
    """Return every English text of the collection: of its topics, the vocabulary and the pages."""
    sources = overview.sources
    words = template_of_vocabulary(sources.vocabulary, SOURCE), sources.interface_template
    found = {message.key.msgid for template in words for message in template}
    for name in overview.topics:
        found.update(key.msgid for key in keys_of(sources.schema.plan, sources.read(name).document))
    return found
