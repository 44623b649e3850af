"""Finds what a publication would, without publishing: in the whole workspace, or in single topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from healthtopics.cache import key_of, recall, remember
from healthtopics.errors import HealthTopicsError
from healthtopics.language import LanguageTag
from healthtopics.layout import Files, Snapshot
from healthtopics.problems import Problem, has_errors
from healthtopics.publishing.answers import Answer, recall_answer, remember_answer
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.digests import Rules, digest_files, digest_rules, digest_topics
from healthtopics.publishing.values import PLAIN, Engine, Maker, TextEase
from healthtopics.publishing.withdrawals import check_drafts
from healthtopics.release import Held, instant

if TYPE_CHECKING:
    from healthtopics.publishing.latest import LastRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result of checking a workspace."""

    problems: tuple[Problem, ...]
    held: tuple[Held, ...]
    ease: Mapping[str, Mapping[LanguageTag, TextEase]] = field(default_factory=dict)
    """How easy topics without errors are to read, by topic and language."""
    drafts: tuple[str, ...] = ()
    """The topics that are unfinished: a publication leaves them out."""

    @classmethod
    def of(cls, answer: Answer) -> "Checked":
        """Return what a cached answer says."""
        return cls(problems=answer.problems, held=answer.held, ease=answer.ease, drafts=answer.drafts)


def check_all(
    files: Files,
    *,
    now: datetime,
    maker: Maker,
    engine: Engine = PLAIN,
    release: "LastRelease | None" = None,
) -> Checked:
    """Check everything that a first publication of the workspace would.

    If there is a `release`, dates of changed editions and drafts are compared with it; how much would be
    withdrawn is not.
    """
    today = now.astimezone(UTC).date().isoformat()
    files = Snapshot.of(files)
    digests = digest_files(files, maker, engine)
    key = _whole_key(digests.state, release)
    known = recall_answer(engine.cache, key, today)
    if known:
        return Checked.of(known)
    from healthtopics.publishing.building import build  # noqa: PLC0415 - only where there is something to do
    from healthtopics.publishing.remainder import FaultyFilesError  # noqa: PLC0415 - as above

    last = _last_of(release, files)
    try:
        built = build(
            files,
            None,
            None,
            moment=Moment.at(now),
            maker=maker,
            digests=digests,
            compared=last.cards if last else {},
            engine=engine,
        )
    except FaultyFilesError as error:
        return Checked(problems=error.problems, held=error.held, drafts=error.drafts)
    answer = Answer(
        since=today,
        until=built.until,
        problems=(*built.warnings, *(check_drafts(last.manifest, built.drafts, built.due) if last else ())),
        held=built.manifest.held,
        drafts=built.drafts,
        ease=built.ease,
    )
    remember_answer(engine.cache, _whole_key(built.state, release), answer)
    return Checked.of(answer)


def _last_of(release: "LastRelease | None", files: Files) -> "LastRelease | None":
    """Return the release to compare with: not one under another address, nor one that cannot be read.

    What is damaged in a store, `publish` and `release verify` report.
    """
    try:
        if release and release.cards and release.manifest.base_url == files.configuration.base_url:
            return release
    except HealthTopicsError:
        pass
    return None


def check_topics(
    files: Files,
    names: Sequence[str],
    *,
    now: datetime,
    maker: Maker,
    engine: Engine = PLAIN,
    release: "LastRelease | None" = None,
) -> Checked:
    """Check some topics, reading only them, the topics they link to and the words they use.

    Link targets are only reported if they are missing or not published.
    """
    today = now.astimezone(UTC).date().isoformat()
    files = Snapshot.of(files)
    rules = digest_rules(files, maker, engine)
    digests = digest_topics(files, rules, names)
    key = _links_key(files, rules, digests.topics)
    for _key, links in recall(engine.cache, {key: key}, tuple[str, ...]):
        linked_digests = digest_topics(files, rules, links)
        known = recall_answer(engine.cache, _answer_key(key, linked_digests.topics, release), today)
        if known:
            return Checked.of(known)
    from healthtopics.publishing.artifacts import Artifacts  # noqa: PLC0415 - as above
    from healthtopics.publishing.building import (  # noqa: PLC0415 - as above
        accept,
        decide_all,
        with_stale_dates,
        withdrawn_on,
    )
    from healthtopics.publishing.deciding import (  # noqa: PLC0415 - as above
        check_past,
        check_published,
        check_together,
        choose_editions,
        drafts_in,
        judge_drafts,
        next_day,
        soften_drafts,
        with_drafts,
    )
    from healthtopics.publishing.remainder import look_further  # noqa: PLC0415 - as above
    from healthtopics.publishing.sources import check_host, gather  # noqa: PLC0415 - as above

    sources = gather(files, engine, looks_for_orphans=False)
    own = decide_all(sources, digests, engine)
    linked = {link for each in own.values() for link in each.links} & sources.names - own.keys()
    others = decide_all(sources, digest_topics(files, rules, linked), engine)
    decided = {**own, **others}
    chosen = choose_editions(decided.values(), today)
    problems = [*sources.problems, *check_host(sources.configuration)]
    problems += check_together(own.values(), sources.names)
    problems += check_past(own.values(), today)
    problems = judge_drafts(problems, own.values(), sources.configuration.all_languages, keeps=True)
    drafts = drafts_in(own.values())
    made = choose_editions(with_drafts(decided.values()), today)
    held = tuple(each for each in chosen.held if each.topic in own)
    if has_errors(problems):
        faults = look_further(
            problems,
            sources,
            rules,
            decided,
            own.keys(),
            software=maker.digest,
            today=today,
            time=instant(now),
            engine=engine,
        )
        return Checked(problems=faults.problems, held=faults.held, drafts=faults.drafts)
    artifacts = Artifacts(
        sources=sources,
        rules=rules,
        store=None,
        software=maker.digest,
        decided=decided,
        chosen=made,
        names=own.keys() & made.cards.keys(),
        time=instant(now),
    )
    exported = artifacts.export(engine).found
    found = {
        name: [*exported[name], *check_published(own[name], decided, chosen.cards, today)]
        for name in sorted(artifacts.names)
    }
    found = soften_drafts(found, drafts)
    if last := _last_of(release, files):
        found = with_stale_dates(found, {name: made.cards[name] for name in artifacts.names}, last.cards)
        problems += check_drafts(last.manifest, drafts, withdrawn_on(own, today))
    problems += accept(found, own)
    key = _links_key(files, rules, {name: each.digest for name, each in own.items()})
    remember(engine.cache, {key: sorted(linked)})
    answer = Answer(
        since=today,
        until=next_day(decided.values(), today),
        problems=tuple(problems),
        held=held,
        drafts=drafts,
        ease={name: each.eases for name, each in own.items() if each.eases},
    )
    remember_answer(
        engine.cache, _answer_key(key, {name: each.digest for name, each in others.items()}, release), answer
    )
    return Checked.of(answer)


def _whole_key(state: str, release: "LastRelease | None") -> str:
    """Return the key of the answer about a whole workspace."""
    return key_of("check", state, release.sha256 if release else "")


def _links_key(files: Files, rules: Rules, topics: Mapping[str, str]) -> str:
    """Return the key of the names of the topics that some topics link to."""
    return key_of("links", rules.words, sorted(files.topic_names()), sorted(topics.items()))


def _answer_key(links: str, linked: Mapping[str, str], release: "LastRelease | None") -> str:
    """Return the key of the answer about some topics, from the key of their links and what these lead to."""
    return key_of("check topics", links, sorted(linked.items()), release.sha256 if release else "")
