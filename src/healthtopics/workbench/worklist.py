"""The work of translators: every message of every catalogue, its state, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from healthtopics.cache import recall, remember
from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.template import template_of, template_of_vocabulary
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.checks.presence import MESSAGE_UNREVIEWED
from healthtopics.errors import BuildError
from healthtopics.language import LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, catalogue_path
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.deciding import Verdict, is_blocking
from healthtopics.publishing.editions import Cards
from healthtopics.publishing.judging import Judgement, judge
from healthtopics.publishing.overview import Overview
from healthtopics.publishing.sources import Sources, TopicFiles, has_pages
from healthtopics.publishing.values import PLAIN, Engine
from healthtopics.reading.safety import is_safety_critical, without_markup
from healthtopics.schema import packaged_plan
from healthtopics.topic import HELD, Card, TextState, Topic
from healthtopics.translation.interface import translate_interface
from healthtopics.translation.terms import translate_files
from healthtopics.translation.translate import Translation, bare
from healthtopics.workbench.sheets import Change, EditionState, Entry, Sheet, Work
from healthtopics.workers import Shared, spread_in_chunks

_WORK: Final = {TextState.BLOCKED: Work.BLOCKED, TextState.FUZZY: Work.FUZZY, TextState.MISSING: Work.MISSING}


class Read(NamedTuple):
    """Sheets, and the digests of the files they were read from."""

    sheets: list[Sheet]
    digests: dict[str, str]
    """The digest of the files of each topic as they were read: one may have been saved since `overview`."""


def sheets_of(
    overview: Overview,
    languages: Iterable[LanguageTag],
    names: Iterable[str] | None = None,
    published: Cards | None = None,
    engine: Engine = PLAIN,
) -> Read:
    """Return the brief sheets of some topics, language by language; without names, of all catalogues.

    A catalogue that cannot be read has no sheet.

    `published` holds the cards of the last release; None if there is none.
    """
    languages = list(languages)
    topics = list(overview.topics if names is None else names)
    own, digests = _own_sheets(overview, languages, topics, engine)
    sheets: list[Sheet] = []
    for language in languages:
        sheets += (
            _in_release(overview, own[name, language], published)
            for name in topics
            if (name, language) in own
        )
        if names is None:
            sheets.append(vocabulary_sheet(overview.sources, language).brief())
            if has_pages(overview.sources.configuration):
                sheets.append(interface_sheet(overview.sources, language).brief())
    return Read([sheet for sheet in sheets if sheet.path not in overview.faulty], digests)


def topic_sheet(
    overview: Overview, read: TopicFiles, language: LanguageTag, published: Cards | None = None
) -> Sheet:
    """Return the whole sheet of one topic in one language."""
    sheet = _own_sheet(overview.sources, read, judge(overview.sources, read, [language]), language)
    return _in_release(overview, sheet, published)


def _own_sheets(
    overview: Overview, languages: Sequence[LanguageTag], topics: Sequence[str], engine: Engine
) -> tuple[dict[tuple[str, LanguageTag], Sheet], dict[str, str]]:
    """Return the sheets of topics by themselves, from the cache or made now; and their digests."""
    rules = overview.digests.rules
    digests = {name: overview.decided[name].digest for name in topics}
    keys = {
        (name, language): rules.key(f"sheet-{language}", name, digests[name])
        for name in topics
        for language in languages
    }
    found = dict(recall(engine.cache, keys, Sheet))
    left = sorted({name for name, language in keys if (name, language) not in found})
    shared = Shared((overview.sources, languages))
    for each in spread_in_chunks(engine.executor, _sheets_each, shared, left, engine.progress):
        digests |= {sheet.name: digest for digest, sheet in each}
        values = {rules.key(f"sheet-{sheet.language}", sheet.name, digest): sheet for digest, sheet in each}
        remember(engine.cache, values)
        found |= {(sheet.name, sheet.language): sheet for _digest, sheet in each}
    return found, digests


def _sheets_each(
    shared: Shared[tuple[Sources, Sequence[LanguageTag]]], names: Sequence[str]
) -> list[tuple[str, Sheet]]:
    """Make the brief sheets of some topics, each with the digest of the files: the task of a worker."""
    sources, languages = shared.value
    sheets = []
    for name in names:
        read = sources.read(name)
        judgement = judge(sources, read, languages)
        sheets += [
            (read.digest, _own_sheet(sources, read, judgement, language).brief()) for language in languages
        ]
    return sheets


def _own_sheet(sources: Sources, read: TopicFiles, judgement: Judgement, language: LanguageTag) -> Sheet:
    """Return the sheet of a topic by itself, without what happens to the edition.

    Raises BuildError if the topic has been saved with errors since it was last looked at.
    """
    if not judgement.translations:
        raise BuildError(read.problems)
    template = template_of(sources.schema.plan, read.document, language, sources.glossaries.get(language))
    entries = _entries(template, read.catalogues[language], [judgement.translations[language]])
    sheet = _sheet_of(language, read.name, Topic.from_dict(read.document).title.value, entries)
    return replace(sheet, ease=judgement.judged.editions[language].ease)


def _in_release(overview: Overview, sheet: Sheet, published: Cards | None) -> Sheet:
    """Return the sheet with what happens to its edition in the next release."""
    topic = overview.decided[sheet.name]
    verdict = topic.verdicts[sheet.language]
    last = (published or {}).get(sheet.name, {}).get(sheet.language)
    return replace(
        sheet,
        edition=EditionState.HELD if verdict.card is None else EditionState.READY,
        as_of=last.updated if last is not None and verdict.card is None else "",
        change=_change(verdict, last, published),
        is_draft=topic.is_draft,
        publish_from=topic.publish_from,
        withdraw_from=topic.withdraw_from,
        elsewhere=tuple(
            finding
            for finding in verdict.findings
            if finding.path not in {sheet.path, *overview.faulty} and is_blocking(finding)
        ),
    )


def vocabulary_sheet(sources: Sources, language: LanguageTag) -> Sheet:
    """Return the sheet of the vocabulary in one language."""
    catalogue = sources.words[language][VOCABULARY]
    plan = packaged_plan("vocabulary.schema.json")
    template = template_of_vocabulary(sources.vocabulary, language)
    numbers = sources.configuration.emergency_numbers
    translations = translate_files(plan, sources.vocabulary, catalogue, numbers)
    return _sheet_of(language, VOCABULARY, "Vocabulary", _entries(template, catalogue, translations))


def interface_sheet(sources: Sources, language: LanguageTag) -> Sheet:
    """Return the sheet of the words of pages, in one language."""
    catalogue = sources.words[language][INTERFACE]
    template = sources.interface_template
    translation = translate_interface(template, catalogue, sources.configuration.emergency_numbers)
    return _sheet_of(language, INTERFACE, "Pages", _entries(template, catalogue, [translation]))


def _sheet_of(language: LanguageTag, name: str, title: str, entries: tuple[Entry, ...]) -> Sheet:
    path = catalogue_path(language, name)
    return Sheet(
        language=language,
        name=name,
        title=title,
        path=path,
        entries=entries,
        asked=sum(entry.is_asked for entry in entries),
    )


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
                former=known.former if known else "",
                line=line,
                words=len(without_markup(message.key.msgid).split()),
                is_safety_critical=is_safety_critical(message.key.msgid, message.rule),
                is_asked=known is not None and known.is_asked,
                is_optional=states.get(message.key) is TextState.OWN,
                problems=own,
            )
        )
    return tuple(entries)


def _work(state: TextState | None, message: Message | None, problems: Sequence[Problem]) -> Work:
    if any(problem.check == MESSAGE_UNREVIEWED.id for problem in problems) and not has_errors(problems):
        return Work.REVIEW
    if state in HELD:
        return _WORK[state]
    if message is None or not message.msgstr:
        return Work.MISSING
    if message.is_fuzzy:
        return Work.FUZZY
    return Work.WARNED if any(problem.level is Level.WARNING for problem in problems) else Work.DONE


def _change(verdict: Verdict, last: Card | None, published: Cards | None) -> Change:
    if published is None or verdict.card is None:
        return Change.NONE
    if last is None:
        return Change.NEW
    return Change.UNCHANGED if verdict.card.content == last.content else Change.CHANGED
