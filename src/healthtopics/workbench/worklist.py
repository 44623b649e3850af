"""What translators have before them: every message of every catalogue, its state, and what is in the way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.template import template_of, template_of_vocabulary
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, catalogue_path
from healthtopics.problems import Level, Problem
from healthtopics.publishing.editions import Cards, Judged, is_in_the_way, judge, used_terms, words_of
from healthtopics.publishing.sources import Sources, has_pages, interface_template
from healthtopics.reading.safety import is_safety_critical, without_markup
from healthtopics.schema import packaged_plan
from healthtopics.topic import HELD, Card, TextState, Topic
from healthtopics.translation.interface import translate_interface
from healthtopics.translation.terms import LocalizedTerms, translate_files
from healthtopics.translation.translate import Translation, bare, translate


class Work(StrEnum):
    """What a message asks of a translator, the most urgent first."""

    BLOCKED = "blocked"
    """The translation has a finding that keeps the edition back."""
    FUZZY = "fuzzy"
    MISSING = "missing"
    WARNED = "warned"
    """Somebody should look; nothing is in the way."""
    DONE = "done"


TO_DO: Final = (Work.BLOCKED, Work.FUZZY, Work.MISSING)
"""What keeps an edition back."""
_WORK: Final = {TextState.BLOCKED: Work.BLOCKED, TextState.FUZZY: Work.FUZZY, TextState.MISSING: Work.MISSING}


class EditionState(StrEnum):
    """What becomes of an edition in the next publication."""

    READY = "ready"
    KEPT = "kept"
    """Held; readers still get the last published one."""
    WITHHELD = "withheld"
    """Held; readers have never had one."""
    WORDS = ""
    """No edition: the words of the vocabulary are in all of them."""


class Change(StrEnum):
    """What the next publication changes for readers."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NONE = ""
    """It cannot be told: nothing has been published, or the edition is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of a catalogue."""

    key: Key
    work: Work
    comments: tuple[str, ...]
    """The context that the template gives."""
    reference: str
    """Where it stands in the topic: file and JSON pointer."""
    msgstr: str = ""
    previous: str = ""
    """The English that a fuzzy translation was made from."""
    line: int | None = None
    """Of the catalogue; None where it does not have the message yet."""
    words: int = 0
    """Of the English, without markup."""
    is_safety_critical: bool = False
    is_optional: bool = False
    """A name that may stay as it is; it keeps nothing back."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether it keeps nothing back although it has no translation."""
        return self.is_optional and self.work in TO_DO

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "work": str(self.work),
            "safety": self.is_safety_critical,
            "line": self.line,
            "context": self.key.msgctxt,
            "english": self.key.msgid,
            "translation": self.msgstr,
            "previous": self.previous,
            "words": self.words,
            "reference": self.reference,
            "problems": [problem.to_dict() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One catalogue: a topic, or the vocabulary, in one language."""

    language: LanguageTag
    name: str
    """The topic's id, or `vocabulary`."""
    title: str
    path: str
    entries: tuple[Entry, ...]
    """In document order."""
    edition: EditionState = EditionState.WORDS
    as_of: str = ""
    """The date of the published edition that readers get meanwhile, an instant; for KEPT alone."""
    change: Change = Change.NONE
    elsewhere: tuple[Problem, ...] = ()
    """What keeps the edition back and stands in another catalogue: the words that it uses."""

    def count(self, *kinds: Work) -> int:
        """Return how many messages are of these kinds; a name that may stay is none without translation."""
        return sum(1 for _ in self._of(kinds))

    def words(self, *kinds: Work) -> int:
        """Return how many words of English the messages of these kinds have."""
        return sum(entry.words for entry in self._of(kinds))

    def to_do(self) -> list[Entry]:
        """Return what keeps the edition back: what can hurt somebody first, else in document order."""
        return sorted(self._of(TO_DO), key=lambda entry: not entry.is_safety_critical)

    def _of(self, kinds: Sequence[Work]) -> Iterator[Entry]:
        return (
            entry for entry in self.entries if (not kinds or entry.work in kinds) and not entry.is_settled
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: counts, the edition, and what is to do."""
        return {
            "language": self.language,
            "topic": self.name,
            "title": self.title,
            "path": self.path,
            "messages": self.count(),
            "words": self.words(),
            **{str(kind): {"messages": self.count(kind), "words": self.words(kind)} for kind in Work},
            "edition": str(self.edition) or None,
            "asOf": self.as_of or None,
            "sinceRelease": str(self.change) or None,
            "toDo": [entry.to_dict() for entry in self.to_do()],
            "inOtherCatalogues": [problem.to_dict() for problem in self.elsewhere],
        }


def sheets_of(
    sources: Sources,
    languages: Iterable[LanguageTag],
    names: Iterable[str] | None = None,
    published: Cards | None = None,
) -> list[Sheet]:
    """Return the sheets of some topics, language by language; without names, of all catalogues.

    Of a catalogue that cannot be read there is none.

    `published` holds the cards of the last release; None where there is none.
    """
    languages = list(languages)
    topics = list(sources.topics if names is None else names)
    terms = words_of(sources, (SOURCE, *languages))
    sheets: list[Sheet] = []
    for language in languages:
        sheets += (topic_sheet(sources, terms[language], language, name, published) for name in topics)
        if names is None:
            sheets.append(vocabulary_sheet(sources, language))
            if has_pages(sources.configuration):
                sheets.append(interface_sheet(sources, language))
    return [sheet for sheet in sheets if sheet.path not in sources.faulty]


def topic_sheet(
    sources: Sources, terms: LocalizedTerms, language: LanguageTag, name: str, published: Cards | None = None
) -> Sheet:
    """Return the sheet of one topic in one language."""
    document = sources.topics[name]
    topic = Topic.from_dict(document)
    catalogue = sources.catalogue(language, name)
    glossary = sources.glossaries.get(language)
    translation = translate(sources.plan, document, catalogue, glossary=glossary)
    used = used_terms(topic, sources.configuration.publisher, sources.vocabulary)
    judged = judge(translation, used, terms, sources.configuration, catalogue)
    last = (published or {}).get(name, {}).get(language)
    return Sheet(
        language=language,
        name=name,
        title=topic.title.value,
        path=catalogue_path(language, name),
        entries=_entries(template_of(sources.plan, document, language, glossary), catalogue, [translation]),
        edition=_edition(judged, last),
        as_of=last.updated if last is not None and judged.prepared is None else "",
        change=_change(judged, last, published),
        elsewhere=tuple(
            finding
            for finding in judged.findings
            if finding.path not in {catalogue.path, *sources.faulty} and is_in_the_way(finding)
        ),
    )


def vocabulary_sheet(sources: Sources, language: LanguageTag) -> Sheet:
    """Return the sheet of the vocabulary in one language."""
    catalogue = sources.catalogue(language, VOCABULARY)
    plan = packaged_plan("vocabulary.schema.json")
    return Sheet(
        language=language,
        name=VOCABULARY,
        title="Vocabulary",
        path=catalogue_path(language, VOCABULARY),
        entries=_entries(
            template_of_vocabulary(sources.vocabulary, language),
            catalogue,
            translate_files(plan, sources.vocabulary, catalogue),
        ),
    )


def interface_sheet(sources: Sources, language: LanguageTag) -> Sheet:
    """Return the sheet of what pages say of their own, in one language."""
    catalogue = sources.catalogue(language, INTERFACE)
    template = interface_template()
    return Sheet(
        language=language,
        name=INTERFACE,
        title="Pages",
        path=catalogue_path(language, INTERFACE),
        entries=_entries(template, catalogue, [translate_interface(template, catalogue)]),
    )


def to_do(sheets: Iterable[Sheet]) -> list[tuple[Sheet, Entry]]:
    """Return what keeps editions back, over all sheets: first what can hurt somebody if it is wrong."""
    found = [(sheet, entry) for sheet in sheets for entry in sheet.to_do()]
    return sorted(found, key=lambda each: not each[1].is_safety_critical)


def _entries(
    template: Iterable[TemplateMessage], catalogue: Catalogue, translations: Sequence[Translation]
) -> tuple[Entry, ...]:
    states: dict[Key, TextState] = {}
    problems: dict[int | None, list[Problem]] = {}
    for translation in translations:
        states.update(translation.states)
        for problem in translation.findings:
            problems.setdefault(problem.line, []).append(problem)
    entries = []
    for message in template:
        known = catalogue.find(message.key)
        line = known.line if known else None
        found = problems.get(line, ()) if line is not None else ()
        own = tuple(replace(each, message=bare(message.key.msgid, each.message)) for each in found)
        entries.append(
            Entry(
                key=message.key,
                work=_work(states.get(message.key), known, own),
                comments=message.comments,
                reference=message.reference,
                msgstr=known.msgstr if known else "",
                previous=known.previous if known else "",
                line=line,
                words=len(without_markup(message.key.msgid).split()),
                is_safety_critical=is_safety_critical(message.key.msgid),
                is_optional=states.get(message.key) is TextState.OWN,
                problems=own,
            )
        )
    return tuple(entries)


def _work(state: TextState | None, message: Message | None, problems: Sequence[Problem]) -> Work:
    if state in HELD:
        return _WORK[state]
    if message is None or not message.msgstr:
        return Work.MISSING
    if message.is_fuzzy:
        return Work.FUZZY
    return Work.WARNED if any(problem.level is Level.WARNING for problem in problems) else Work.DONE


def _edition(judged: Judged, last: Card | None) -> EditionState:
    if judged.prepared is not None:
        return EditionState.READY
    return EditionState.WITHHELD if last is None else EditionState.KEPT


def _change(judged: Judged, last: Card | None, published: Cards | None) -> Change:
    if published is None or judged.prepared is None:
        return Change.NONE
    if last is None:
        return Change.NEW
    return Change.UNCHANGED if judged.prepared.card.content == last.content else Change.CHANGED
