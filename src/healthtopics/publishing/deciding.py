"""Decides which editions are published and which are held, from the judged topics and the words they use."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from sys import intern
from typing import Final

from healthtopics.checks.presence import UNFINISHED
from healthtopics.errors import IntegrityError, ReleaseError
from healthtopics.jsontext import Document, load
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import catalogue_path, topic_path
from healthtopics.problems import Level, Problem
from healthtopics.publishing.editions import Cards
from healthtopics.publishing.judging import Judged, JudgedEdition
from healthtopics.publishing.sources import Sources, has_pages
from healthtopics.publishing.values import TextEase
from healthtopics.release import INDEX, Artifact, Held, Opened, Store, numbers, open_release, read_artifact
from healthtopics.topic import Card, Coverage, Tombstone
from healthtopics.validation.topics import check_duplicate_topics, check_links

MOST_PROBLEMS: Final = 20
"""The most problems of a held edition that are stored; the counts cover the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision about one edition."""

    coverage: Coverage
    """The coverage of its own messages and of the words that it uses."""
    findings: tuple[Problem, ...] = ()
    card: Card | None = None
    """None if it is held: it is not complete, or the topic has nothing in the language."""
    ease: TextEase | None = None
    """How easy it is to read; None if no formula is known for the language, or nobody asked."""

    @property
    def reasons(self) -> tuple[Problem, ...]:
        """The first findings that hold an edition."""
        return () if self.card else tuple(filter(is_blocking, self.findings))[:MOST_PROBLEMS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision about one topic."""

    name: str
    id: str
    digest: str
    """As in `Judged`, and so are the problems, the advice, the days and what the author accepts."""
    is_draft: bool
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    strays: tuple[tuple[str, str], ...]
    """The links to topics that have no file, each with its pointer."""
    publish_from: str
    withdraw_from: str
    review_by: str
    past: tuple[tuple[str, str], ...]
    created: str
    accepted: tuple[str, ...]
    links: tuple[str, ...]
    """The ids of the topics that the English text and the editions link or relate to, sorted."""
    verdicts: Mapping[LanguageTag, Verdict]
    """By language, the source language first; empty if the topic has errors."""

    @property
    def eases(self) -> dict[LanguageTag, TextEase]:
        """How easy each edition is to read, if it is known."""
        return {tag: each.ease for tag, each in self.verdicts.items() if each.ease}

    @property
    def days(self) -> tuple[str, ...]:
        """The days on which its own dates change something, ISO; each may be empty."""
        if self.is_draft:
            return ()
        past = (day for day, _pointer in self.past)
        return self.publish_from, self.withdraw_from, _day_after(self.review_by), *past

    def is_current(self, today: str) -> bool:
        """Return whether the topic is published on that day, ISO."""
        return not self.is_draft and self.publish_from <= today and not self.is_withdrawn(today)

    def is_withdrawn(self, today: str) -> bool:
        """Return whether its author has withdrawn it by that day, ISO."""
        return bool(self.withdraw_from) and self.withdraw_from <= today

    def to_keep(self, *, keeps_ease: bool) -> "Decided":
        """Return a copy for the rest of a run, as small as possible.

        It has only the findings that a release contains, and shares equal values with other topics.
        """
        first = next((each.card for each in self.verdicts.values() if each.card), None)
        verdicts = {
            LanguageTag(intern(tag)): replace(
                each,
                findings=each.reasons,
                card=_sharing(each.card, first) if first and each.card else None,
                ease=each.ease if keeps_ease else None,
            )
            for tag, each in self.verdicts.items()
        }
        return replace(
            self, name=intern(self.name), id=intern(self.id), links=_interned(self.links), verdicts=verdicts
        )


def _sharing(card: Card, first: Card) -> Card:
    """Return an equal card; `first` is that of the topic's first edition."""
    return replace(
        card,
        topic=intern(card.topic),
        language=LanguageTag(intern(card.language)),
        kind=intern(card.kind),
        codes=first.codes if card.codes == first.codes else card.codes,
        groups=_interned(card.groups),
        related=_interned(card.related),
        sections=_interned(card.sections),
    )


def _interned(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(intern, names))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenEditions:
    """The editions of the next release, and those that are held."""

    cards: Cards = field(default_factory=dict)
    """The cards of all published editions, including those carried over; ids sorted."""
    held: tuple[Held, ...] = ()
    coverage: Mapping[str, Mapping[LanguageTag, Coverage]] = field(default_factory=dict)
    withdrawn: tuple[Tombstone, ...] = ()
    """What is left of topics that were published once and are not now; ids sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the index of the last release says."""

    cards: Cards = field(default_factory=dict)
    withdrawn: tuple[Tombstone, ...] = ()
    vocabulary: Mapping[str, Mapping[str, Document]] = field(default_factory=dict)
    """The words and addresses that cards refer to, by the name of the vocabulary and the id of the entry."""
    emergency_numbers: tuple[str, ...] = ()
    """These three as in `Edition`; empty for releases of versions that recorded none."""
    contact: str = ""
    trial: bool = False
    site: Mapping[str, Document] = field(default_factory=dict)
    """What the pages around the topics say, by language: the form of `SiteWords`."""


def decide(sources: Sources, judged: Judged) -> Decided:
    """Decide which editions of a topic are complete, including the words that they use."""
    verdicts = {
        language: _verdict(sources, judged.used, language, each) for language, each in judged.editions.items()
    }
    published = (each.links for language, each in judged.editions.items() if verdicts[language].card)
    own = (target for target, _pointer in judged.links)
    return Decided(
        name=judged.name,
        id=judged.id,
        digest=judged.digest,
        is_draft=judged.is_draft,
        problems=judged.problems,
        advice=judged.advice,
        strays=tuple((target, place) for target, place in judged.links if target not in sources.names),
        publish_from=judged.publish_from,
        withdraw_from=judged.withdraw_from,
        review_by=judged.review_by,
        past=judged.past,
        created=judged.created,
        accepted=judged.accepted,
        links=tuple(sorted({*own, *(target for links in published for target in links)})),
        verdicts=verdicts,
    )


def _verdict(
    sources: Sources, used: Collection[tuple[str, str]], language: LanguageTag, edition: JudgedEdition
) -> Verdict:
    words = sources.terms[language]
    counts = [edition.coverage, *map(words.coverage.__getitem__, used)]
    findings = [*edition.findings, *chain.from_iterable(map(words.findings.__getitem__, used))]
    if words.interface and has_pages(sources.configuration):
        counts.append(words.interface.coverage)
        findings += words.interface.findings
    coverage = Coverage.total(counts)
    return Verdict(
        coverage=coverage,
        findings=tuple(dict.fromkeys(findings)),
        ease=edition.ease,
        card=edition.card if _is_publishable(sources, language, edition, coverage) else None,
    )


def _is_publishable(
    sources: Sources, language: LanguageTag, edition: JudgedEdition, coverage: Coverage
) -> bool:
    if edition.card is None:
        return False
    if language == SOURCE or coverage.is_complete:
        return True
    rule = sources.configuration.languages[language]
    if rule.policy != "fallback" or not edition.is_titled:
        return False  # a page whose title is not in the language is not an edition in it
    return coverage.translated / coverage.messages >= rule.threshold


def choose_editions(
    decided: Iterable[Decided], today: str, earlier: Earlier | None = None, *, time: str = ""
) -> ChosenEditions:
    """Return the editions that are published on a day; a held one is replaced by that of the last release.

    `earlier` is the last release, `time` that of the next one. Topics come in the order of their names.
    """
    earlier = earlier or Earlier()
    cards: dict[str, dict[LanguageTag, Card]] = {}
    held: list[Held] = []
    coverage: dict[str, dict[LanguageTag, Coverage]] = {}
    for topic in decided:
        if not topic.is_current(today):
            continue
        last = earlier.cards.get(topic.name, {})
        for language, verdict in topic.verdicts.items():
            coverage.setdefault(topic.name, {})[language] = verdict.coverage
            card = verdict.card or last.get(language)
            if card is not None:
                cards.setdefault(topic.name, {})[language] = card
            if verdict.card is None:
                held.append(_hold(topic.name, language, verdict, last.get(language)))
    withdrawn = list_tombstones(earlier, cards, time)
    return ChosenEditions(cards=cards, held=tuple(held), coverage=coverage, withdrawn=withdrawn)


def next_day(decided: Iterable[Decided], today: str) -> str:
    """Return the next day, ISO, on which dates of topics change something; empty if there is none."""
    return min((day for each in decided for day in each.days if day > today), default="")


def _hold(topic: str, language: LanguageTag, verdict: Verdict, last: Card | None) -> Held:
    """Describe an edition that is not published today; `last` is the card of the one in its place."""
    return Held(
        topic=topic,
        language=language,
        as_of=last.updated if last else None,
        coverage=asdict(verdict.coverage),
        problems=verdict.reasons,
    )


def check_together(decided: Iterable[Decided], names: frozenset[str]) -> list[Problem]:
    """Return the problems of topics, and those that only all of them together have.

    `names` are those of all topic files; a link to a topic whose file has another name is not reported as
    well.
    """
    topics = list(decided)
    known = names.union(each.id for each in topics)
    ids = {topic_path(each.name): each.id for each in topics if each.id and not each.is_draft}
    problems = check_duplicate_topics(ids)
    for each in topics:
        problems += [*each.problems, *check_links(each.strays, known, topic_path(each.name))]
    return problems


def drafts_in(decided: Iterable[Decided]) -> tuple[str, ...]:
    """Return the names of the topics that their authors have marked as unfinished."""
    return tuple(each.name for each in decided if each.is_draft)


def judge_drafts(
    problems: Iterable[Problem],
    decided: Iterable[Decided],
    languages: Collection[LanguageTag],
    *,
    keeps: bool,
) -> list[Problem]:
    """Return the problems, those of the files of drafts only if `keeps`, and as warnings."""
    drafts = {
        path
        for name in drafts_in(decided)
        for path in (topic_path(name), *(catalogue_path(language, name) for language in languages))
    }
    found = list(problems)
    others = [each for each in found if each.path not in drafts]
    return others + _as_warnings(each for each in found if keeps and each.path in drafts)


def soften_drafts(found: Mapping[str, list[Problem]], drafts: Iterable[str]) -> dict[str, list[Problem]]:
    """Return what was found, by topic: of drafts as warnings."""
    return {**found, **{name: _as_warnings(found[name]) for name in drafts if name in found}}


def _as_warnings(problems: Iterable[Problem]) -> list[Problem]:
    """Return what is wrong with a draft: nothing of it holds a publication back."""
    return [replace(each, level=Level.WARNING) if each.level is Level.ERROR else each for each in problems]


def with_drafts(decided: Iterable[Decided]) -> Iterator[Decided]:
    """Yield the topics as they would be if all of them were finished."""
    return (replace(each, is_draft=False) for each in decided)


def check_past(decided: Iterable[Decided], today: str) -> Iterator[Problem]:
    """Yield a problem for each review or correction from a day after today, ISO, published or not."""
    for topic in decided:
        for day, pointer in (each for each in topic.past if each[0] > today):
            yield Problem(
                check="review-in-future",
                path=topic_path(topic.name),
                pointer=pointer,
                message=f"{day} is still to come: no review or correction can be from that day.",
                hint="Correct the day: a later one would stay valid for readers when the text changes.",
            )


def check_published(
    topic: Decided, known: Mapping[str, Decided], cards: Cards, today: str
) -> Iterator[Problem]:
    """Yield what is to be said of a published topic beside its exports: advice, links, its next review."""
    yield from topic.advice
    yield from _check_links_of(topic, known, cards)
    yield from _check_review(topic, today)


def _check_review(topic: Decided, today: str) -> Iterator[Problem]:
    """Yield a problem if the next review of a published topic is overdue on that day, ISO."""
    if topic.review_by and topic.review_by < today:
        yield Problem(
            check="review-overdue",
            level=Level.WARNING,
            path=topic_path(topic.name),
            pointer="/dates/reviewBy",
            message=f"it was to be reviewed by {topic.review_by}.",
            hint=f"Have it reviewed, then run `healthtopics sign-off {topic.name} --by NAME`.",
        )


def _day_after(day: str) -> str:
    """Return the next day, ISO; empty after no day, and after the last one of the calendar."""
    if day in ("", date.max.isoformat()):
        return ""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _check_links_of(topic: Decided, known: Mapping[str, Decided], cards: Cards) -> Iterator[Problem]:
    """Yield a problem for each link to one of the `known` topics that readers do not get."""
    for link in topic.links:
        if link in known and link not in cards and link != topic.name:
            why = "is a draft" if known[link].is_draft else "is not published"
            yield Problem(
                check="link-unpublished",
                level=Level.WARNING,
                path=topic_path(topic.name),
                message=f"it links to {link!r}, which {why}.",
                hint=f"Readers see the words without the link. `healthtopics check {link}` says why.",
            )


def is_blocking(finding: Problem) -> bool:
    """Return whether a finding holds its edition; others are for somebody to look at."""
    return finding.level is Level.ERROR or finding.check in UNFINISHED


def list_tombstones(earlier: Earlier, published: Container[str], time: str) -> tuple[Tombstone, ...]:
    """Return the tombstones of topics that are not published any more; `time` is that of the release.

    None is later than the release: a clock that was ahead has been corrected.
    """
    found = {each.id: replace(each, date=min(each.date, time)) for each in earlier.withdrawn}
    for name, editions in earlier.cards.items():
        titles = {language: card.title for language, card in editions.items()}
        found[name] = Tombstone(id=name, date=time, titles=titles)
    return tuple(found[name] for name in sorted(found) if name not in published)


def read_index(store: Store, files: Mapping[str, Artifact]) -> Earlier:
    """Read the index of a release; empty if it has none."""
    if INDEX not in files:
        return Earlier()
    index = load(read_artifact(store, INDEX, files[INDEX]))
    return Earlier(
        cards={
            entry["id"]: {LanguageTag(card["language"]): Card.from_dict(card) for card in entry["editions"]}
            for entry in index["topics"]
        },
        # Releases made by versions that recorded none have no such member.
        withdrawn=tuple(map(Tombstone.from_dict, index.get("withdrawn", ()))),
        vocabulary=index.get("vocabulary", {}),
        emergency_numbers=tuple(index.get("emergencyNumbers", ())),
        contact=index.get("contact", ""),
        trial=index.get("trial", False),
        site=index.get("site", {}),
    )


def recover_withdrawn(store: Store, opened: Opened) -> Earlier:
    """Return the tombstones of a release whose index is damaged, from the indexes of the releases before."""
    if opened.manifest.previous is None:
        return Earlier()
    number = opened.manifest.previous.number
    if number not in numbers(store):
        raise ReleaseError(
            f"{INDEX} of release {opened.manifest.number} is damaged, and release {number}, which knows what "
            "was withdrawn before, was pruned. Take the file from a copy: `healthtopics release adopt URL`."
        )
    before = open_release(store, number)
    try:
        known = read_index(store, before.manifest.files)
    except IntegrityError:
        known = recover_withdrawn(store, before)
    published = {each.topic for each in opened.manifest.files.values()}
    return Earlier(withdrawn=list_tombstones(known, published, opened.manifest.time))
