"""Every topic by itself: its files parsed, judged and translated into each language.

The result does not depend on other topics or on the translations of the vocabulary, so that it stays valid
as long as the topic's own files and the rules stay the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from healthtopics.cache import NO_CACHE, Cache, key_of, recall, remember
from healthtopics.checks.table import Checks
from healthtopics.jsontext import Document
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import catalogue_path
from healthtopics.markup import parse
from healthtopics.problems import Level, Problem, pointer_to
from healthtopics.publishing.digests import Rules
from healthtopics.publishing.editions import card_of, used_terms
from healthtopics.publishing.sources import Sources, TopicFiles
from healthtopics.publishing.values import PLAIN, Engine, TextEase
from healthtopics.reading.ease import Counts, count, ease_formula, ease_of
from healthtopics.topic import (
    Block,
    Callout,
    Card,
    Coverage,
    Dates,
    List,
    ListItem,
    LocalizedTopic,
    Paragraph,
    Text,
    TextState,
    Topic,
    linked_topics,
)
from healthtopics.translation.translate import Translation, translate
from healthtopics.validation.advice import check_advice
from healthtopics.workers import Shared, spread_in_chunks

KIND: Final = "judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEdition:
    """One edition, from the topic's own files."""

    coverage: Coverage
    findings: tuple[Problem, ...] = ()
    """What is wrong with its translations, and what is missing."""
    card: Card | None = None
    """None if the topic has nothing in the language."""
    is_titled: bool = False
    """Whether its title is in the language."""
    links: tuple[str, ...] = ()
    """The ids of the topics that it links or relates to, sorted, except those of the English text."""
    ease: TextEase | None = None
    """How easy it is to read; None if no formula is known for the language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The result for one topic by itself, without its text."""

    name: str
    """The name of its file; its id, if nothing is wrong."""
    id: str
    """The id in its document; empty if it has none."""
    digest: str
    """The digest of the bytes of its files."""
    is_draft: bool = False
    """Whether its author has marked it as unfinished."""
    problems: tuple[Problem, ...] = ()
    """The problems of its files."""
    publish_from: str = ""
    """The days on which it comes and goes by its own dates, ISO; each may be empty."""
    withdraw_from: str = ""
    review_by: str = ""
    """The last day for its next review, ISO."""
    past: tuple[tuple[str, str], ...] = ()
    """The days that cannot be in the future, of reviews and corrections: each ISO, and its pointer."""
    created: str = ""
    """The day on which it was written, ISO."""
    links: tuple[tuple[str, str], ...] = ()
    """The topics that the English text links or relates to, each with its pointer, in document order."""
    used: tuple[tuple[str, str], ...] = ()
    """(vocabulary, key) of the entries whose words its editions show."""
    advice: tuple[Problem, ...] = ()
    """Warnings on its dates, and on what its English text says of emergencies; the author may accept them."""
    accepted: tuple[str, ...] = ()
    """The checks whose findings its author accepts."""
    editions: Mapping[LanguageTag, JudgedEdition] = field(default_factory=dict)
    """By language, the source language first; empty if the topic has errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The result for a topic's files, and its text in each language."""

    judged: Judged
    translations: Mapping[LanguageTag, Translation]
    """Empty if the topic has errors."""


def judge(sources: Sources, read: TopicFiles, languages: Iterable[LanguageTag] | None = None) -> Judgement:
    """Translate a topic into the languages, by default all, and judge it."""
    links = sources.schema.links(read.document)
    if not read.is_sound:
        judged = Judged(
            name=read.name,
            id=read.id,
            digest=read.digest,
            is_draft=read.is_draft,
            problems=read.problems,
            links=links,
        )
        return Judgement(judged=judged, translations={})
    topic = Topic.from_dict(read.document)
    translations = translate_topic(
        sources, read, languages or sources.configuration.all_languages, sources.checks
    )
    editions = {language: _edition(sources, read, each) for language, each in translations.items()}
    judged = Judged(
        name=read.name,
        id=topic.id,
        digest=read.digest,
        is_draft=read.is_draft,
        problems=(*read.problems, *_hard_sections(sources, read, editions)),
        publish_from=topic.dates.publish_from,
        withdraw_from=topic.dates.withdraw_from,
        review_by=topic.dates.review_by,
        past=tuple(_past_days(topic.dates)),
        created=topic.dates.created,
        links=links,
        used=tuple(used_terms(topic, sources.configuration.publisher, sources.vocabulary))
        if sources.is_sound
        else (),
        advice=tuple(check_advice(topic, read.document, read.path, sources.configuration)),
        accepted=tuple(each.check for each in topic.accept),
        editions=editions,
    )
    return Judgement(judged=judged, translations=translations)


def translate_topic(
    sources: Sources, read: TopicFiles, languages: Iterable[LanguageTag], checks: Checks
) -> dict[LanguageTag, Translation]:
    """Translate a sound topic into languages."""
    return {
        language: translate(
            sources.schema.plan,
            read.document,
            read.catalogues[language],
            checks=checks,
            glossary=sources.glossaries.get(language),
            twins=sources.twins[language],
            emergency_numbers=sources.configuration.emergency_numbers,
        )
        for language in languages
    }


def _edition(sources: Sources, read: TopicFiles, translation: Translation) -> JudgedEdition:
    language, coverage = translation.language, translation.coverage
    if translation.document is None:
        return JudgedEdition(coverage=coverage, findings=translation.findings)
    topic = LocalizedTopic.from_document(translation.document, language, coverage)
    document = topic.to_dict()
    links = () if language == SOURCE else linked_topics(document)
    return JudgedEdition(
        coverage=coverage,
        findings=translation.findings,
        card=card_of(topic, document, sources.configuration, read.catalogues[language]),
        is_titled=topic.title.language == language,
        links=tuple(sorted({target for target, _pointer in links})),
        ease=_ease_of(topic),
    )


def _past_days(dates: Dates) -> Iterator[tuple[str, str]]:
    for index, review in enumerate(dates.reviews):
        yield review.date, pointer_to("dates", "reviews", index, "date")
    if dates.reviewed:
        yield dates.reviewed.date, "/dates/reviewed/date"
    for index, correction in enumerate(dates.corrections):
        yield correction.date, pointer_to("dates", "corrections", index, "date")


def _ease_of(topic: LocalizedTopic) -> TextEase | None:
    """Return how easy the sections of an edition are to read, without their headings."""
    formula = ease_formula(topic.language)
    if formula is None:
        return None
    counts = {
        section.id: count(
            (parse(text.value).plain() for text in _prose(section.body) if text.language == topic.language),
            formula,
        )
        for section in topic.sections
    }
    values = {name: ease_of(each, formula) for name, each in counts.items()}
    return TextEase(
        whole=ease_of(sum(counts.values(), Counts()), formula),
        sections={name: value for name, value in values.items() if value is not None},
    )


def _prose(blocks: Iterable[Block | ListItem]) -> Iterator[Text]:
    """Yield the paragraphs and items of a text, without headings and attributions."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield text
            case List():
                yield from _prose(block.items)
            case Callout():
                yield from _prose(block.body)
            case ListItem():
                yield block.text
                yield from _prose([block.below] if block.below else [])


def _hard_sections(
    sources: Sources, read: TopicFiles, editions: Mapping[LanguageTag, JudgedEdition]
) -> Iterator[Problem]:
    """Yield a warning for each section that is harder to read than the configuration allows."""
    for language, limit in sources.configuration.reading_ease.items():
        formula, edition = ease_formula(language), editions.get(language)
        if formula is None or edition is None or edition.ease is None:
            continue
        for name, value in edition.ease.sections.items():
            if formula.is_harder(value, limit):
                yield Problem(
                    check="hard-to-read",
                    level=Level.WARNING,
                    path=read.path if language == SOURCE else catalogue_path(language, read.name),
                    message=f"the section “{name}” is hard to read: {formula.name} {value}, and the limit "
                    f"is {limit:g}.",
                    hint="Shorter sentences and more common words help. The limit is reading_ease in "
                    "healthtopics.toml.",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every task of this pass needs."""

    sources: Sources
    scratch: Cache
    """Where translated topics are left for the next pass."""


def judge_each(bench: Shared[Bench], names: Sequence[str]) -> list[Judged]:
    """Read and judge some topics: the task of a worker."""
    sources, scratch = bench.value.sources, bench.value.scratch
    judgements = [judge(sources, sources.read(name)) for name in names]
    if scratch is not NO_CACHE:
        leave_translated(scratch, judgements)
    return [each.judged for each in judgements]


def leave_translated(scratch: Cache, judgements: Iterable[Judgement]) -> None:
    """Keep the texts of topics in each language for the rest of this run."""
    values = {
        _scratch_key(each.judged.name, each.judged.digest): {
            language: translation.document for language, translation in each.translations.items()
        }
        for each in judgements
        if each.translations
    }
    remember(scratch, values)


def find_translated(scratch: Cache, name: str, digest: str) -> Mapping[LanguageTag, Document] | None:
    """Return the documents of a topic by language, as this run has translated it; None if it has not."""
    found = recall(scratch, {name: _scratch_key(name, digest)}, dict[str, Any])
    return next((_with_texts(documents) for _name, documents in found), None)


def _scratch_key(name: str, digest: str) -> str:
    return key_of("translated", name, digest)


_TEXT: Final = [each.name for each in fields(Text)]
_STATES: Final = {str(state): state for state in TextState}


def _with_texts(value: Any) -> Any:  # noqa: ANN401 - a JSON value in, a localized document out
    """Return a JSON value in which each text is a `Text` again."""
    if type(value) is list:
        return [_with_texts(each) if type(each) in (dict, list) else each for each in value]
    if len(value) == len(_TEXT) and list(value) == _TEXT:
        return Text(value["value"], value["language"], _STATES[value["state"]], value["pointer"])
    return {name: _with_texts(each) if type(each) in (dict, list) else each for name, each in value.items()}


def judge_all(
    sources: Sources, rules: Rules, digests: Mapping[str, str], engine: Engine = PLAIN
) -> Iterator[Judged]:
    """Yield the results for topics, the cached ones first.

    `digests` holds the digest of the files of each topic.
    """
    # Without a valid vocabulary nothing is translated, and no result holds later.
    cache = engine.cache if sources.is_sound else NO_CACHE
    keys = {name: rules.key(KIND, name, digest) for name, digest in digests.items()}
    done = set()
    for name, known in recall(cache, keys, Judged):
        done.add(name)
        yield known
    left = [name for name in keys if name not in done]
    shared = Shared(Bench(sources=sources, scratch=engine.scratch))

    def progress(steps: int, _total: int) -> None:
        engine.progress(len(done) + steps, len(keys))

    for each in spread_in_chunks(engine.executor, judge_each, shared, left, progress):
        remember(cache, {rules.key(KIND, judged.name, judged.digest): judged for judged in each})
        yield from each
