"""From a workspace's files to the manifest of a release, whose artifacts are in the store.

    judge       every topic by itself: judging
    decide      with the words that it uses, which editions are published and which are held: deciding
    export      the topics of one shard after the other, artifacts into the store: artifacts, exporting
    manifest    of everything that was made or taken over

Between the passes only cards and digests are kept, so that memory hardly grows with the collection.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Final

import msgspec

from healthtopics.configuration import Configuration
from healthtopics.errors import LostEditionError
from healthtopics.jsontext import digest
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import Files, Snapshot, catalogue_path, topic_path
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.addresses import check_addresses, moved_from
from healthtopics.publishing.artifacts import Artifacts
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.deciding import (
    ChosenEditions,
    Decided,
    Earlier,
    check_past,
    check_published,
    check_together,
    choose_editions,
    decide,
    drafts_in,
    judge_drafts,
    next_day,
    read_index,
    recover_withdrawn,
    soften_drafts,
    with_drafts,
)
from healthtopics.publishing.digests import Digests, digest_files, state_of
from healthtopics.publishing.editions import Cards
from healthtopics.publishing.indexing import add_index
from healthtopics.publishing.judging import judge_all
from healthtopics.publishing.packaging import add_packages
from healthtopics.publishing.remainder import FaultyFilesError, look_further
from healthtopics.publishing.sources import Sources, check_host, gather
from healthtopics.publishing.values import PLAIN, Built, Engine, Maker
from healthtopics.publishing.versions import first_times
from healthtopics.publishing.withdrawals import NOTHING, Permission
from healthtopics.release import INDEX, Artifact, Manifest, Opened, Previous, Store, instant
from healthtopics.topic import Card

_NOTHING_EARLIER: Final[Cards] = {}


def build(  # noqa: PLR0913 - most are options of a publication
    files: Files,
    store: Store | None,
    previous: Opened | None,
    *,
    moment: Moment,
    maker: Maker,
    damaged: frozenset[str] = frozenset(),
    digests: Digests | None = None,
    permission: Permission = NOTHING,
    compared: Cards = _NOTHING_EARLIER,
    engine: Engine = PLAIN,
) -> Built:
    """Make every artifact, check it, and put it into the store; nothing is visible yet.

    Without a store artifacts are only checked; `compared` then has the cards that dates are compared with.
    `damaged` names artifacts of the last release that must not
    be taken over. `digests` are those of the files, if they are known. What goes with `permission` is not
    asked about.

    Raises FaultyFilesError with the problems of every file, and of every document that is not fit to be
    published, LostEditionError if an edition that is carried over is damaged, once everything else is made
    again, StorageError if a file changes meanwhile.
    """
    time, today = instant(moment.time), moment.today
    # What has another address is not taken over.
    kept = None if moved_from(files.configuration, previous) else previous
    recorded = kept.manifest.files if kept else {}
    if moment.corrects:
        # Anything may have a wrong date, so all is made again: the right time is another input.
        recorded = {
            name: msgspec.structs.replace(each, inputs=digest(each.inputs.encode()))
            for name, each in recorded.items()
        }
    files = Snapshot.of(files)
    digests = digests or digest_files(files, maker, engine)
    sources = gather(files, engine)
    halved = replace(engine, progress=lambda done, total: engine.progress(done, 2 * total))
    decided = decide_all(sources, digests, halved, keeps_ease=store is None)
    problems = [*sources.problems, *check_host(sources.configuration)]
    problems += check_addresses(sources.configuration, previous, store)
    problems += check_together(decided.values(), sources.names)
    problems += check_past(decided.values(), today)
    languages, is_check = sources.configuration.all_languages, store is None
    problems = judge_drafts(problems, decided.values(), languages, keeps=is_check)
    if has_errors(problems):
        raise look_further(
            problems,
            sources,
            digests.rules,
            decided,
            decided.keys(),
            software=maker.digest,
            today=today,
            time=time,
            engine=engine,
        )
    earlier = _read_earlier(store, kept, damaged)
    chosen = choose_editions(decided.values(), today, earlier, time=time)
    drafts = drafts_in(decided.values())
    made = _to_make(chosen, decided, today, is_check=is_check)
    lost = _lost_editions(chosen, recorded, damaged)
    artifacts = Artifacts(
        sources=sources,
        rules=digests.rules,
        store=store,
        software=maker.digest,
        decided=decided,
        chosen=made,
        names=made.cards.keys(),
        recorded=recorded,
        damaged={name: min(each, time) for name, each in first_times(store, kept, damaged).items()},
        carried=kept.manifest.carried if kept else frozenset(),
        time=time,
    )
    exported = artifacts.export(engine)
    _refuse_lost_editions(store, lost)
    found = dict(sorted(exported.found.items()))
    for name in made.cards:
        found[name] = [*found[name], *check_published(decided[name], decided, chosen.cards, today)]
    found = soften_drafts(found, drafts)
    lasting = list(accept(found, decided))
    intended = _intended(earlier.cards, chosen.cards, withdrawn_on(decided, today), permission)
    found = with_stale_dates(found, chosen.cards, {**compared, **earlier.cards})
    found = _with_removed(found, chosen.cards, earlier.cards, intended)
    everything = list(chain.from_iterable(found.values()))
    if has_errors(everything):
        raise FaultyFilesError([*problems, *everything], chosen.held, drafts)
    manifest = _manifest(sources.configuration, previous, chosen, exported.files, time=time, maker=maker)
    if store is not None:
        manifest = add_packages(store, manifest, kept, damaged)
        manifest = add_index(store, manifest, previous, engine.folder, damaged)
    return Built(
        manifest=manifest,
        exported=_count_new(manifest.files, recorded, damaged),
        warnings=(*problems, *accept(found, decided)),
        lasting=(*problems, *lasting),
        state=state_of(files, digests.rules, {name: each.digest for name, each in decided.items()}),
        until=next_day(decided.values(), today),
        drafts=drafts,
        due=withdrawn_on(decided, today),
        ease={name: each.eases for name, each in decided.items() if each.eases},
    )


def _to_make(
    chosen: ChosenEditions, decided: Mapping[str, Decided], today: str, *, is_check: bool
) -> ChosenEditions:
    """Return the editions whose artifacts are made: a check looks at those of drafts, too."""
    return choose_editions(with_drafts(decided.values()), today) if is_check else chosen


def withdrawn_on(decided: Mapping[str, Decided], today: str) -> frozenset[str]:
    """Return the topics that their authors have withdrawn by a day, ISO."""
    return frozenset(name for name, each in decided.items() if each.is_withdrawn(today))


def _intended(
    earlier: Cards, cards: Cards, withdrawn: frozenset[str], permission: Permission
) -> set[tuple[str, LanguageTag]]:
    """Return the editions of the last release that go because somebody wants that."""
    lost = earlier.keys() - cards.keys() - withdrawn
    topics = withdrawn | (lost if len(lost) <= permission.topics else frozenset())
    return {
        (topic, language)
        for topic, editions in earlier.items()
        for language in editions
        if topic in topics or language in permission.names
    }


def _read_earlier(store: Store | None, previous: Opened | None, damaged: frozenset[str]) -> Earlier:
    if store is None or previous is None:
        return Earlier()
    if INDEX in damaged:
        return recover_withdrawn(store, previous)
    return read_index(store, previous.manifest.files)


def _count_new(
    files: Mapping[str, Artifact], recorded: Mapping[str, Artifact], damaged: frozenset[str]
) -> int:
    """Return how many artifacts were made from something else than those of the last release."""
    return sum(
        name in damaged or name not in recorded or recorded[name].inputs != artifact.inputs
        for name, artifact in files.items()
    )


def _manifest(
    configuration: Configuration,
    previous: Opened | None,
    chosen: ChosenEditions,
    files: Mapping[str, Artifact],
    *,
    time: str,
    maker: Maker,
) -> Manifest:
    """Compose the manifest of the next release."""
    return Manifest(
        number=previous.manifest.number + 1 if previous else 1,
        previous=Previous(previous.manifest.number, previous.sha256) if previous else None,
        time=time,
        base_url=configuration.base_url,
        software=maker.name,
        languages=configuration.all_languages,
        coverage=msgspec.to_builtins(chosen.coverage),
        held=chosen.held,
        files=dict(sorted(files.items())),
    )


def decide_all(
    sources: Sources, digests: Digests, engine: Engine, *, keeps_ease: bool = True
) -> dict[str, Decided]:
    """Judge every topic, or recall the result, and decide about its editions. Names are sorted."""
    judged = judge_all(sources, digests.rules, digests.topics, engine)
    found = {each.name: decide(sources, each).to_keep(keeps_ease=keeps_ease) for each in judged}
    return dict(sorted(found.items()))


def _lost_editions(
    chosen: ChosenEditions, recorded: Mapping[str, Artifact], damaged: frozenset[str]
) -> list[str]:
    """Return the artifacts of editions that are held today and whose only copy is damaged.

    Raises LostEditionError if the index, which has their cards, is damaged: what names them cannot be made.
    """
    held = {(held.topic, held.language) for held in chosen.held}
    lost = [
        name
        for name, artifact in recorded.items()
        if (artifact.topic, artifact.language) in held and not damaged.isdisjoint({name, INDEX})
    ]
    if lost and INDEX in damaged:
        raise LostEditionError(lost)
    return lost


def _refuse_lost_editions(store: Store | None, lost: list[str]) -> None:
    """Raise LostEditionError if anything is lost; what was made again is durable."""
    if lost:
        if store:
            store.flush()
        raise LostEditionError(lost)


def with_stale_dates(
    found: Mapping[str, list[Problem]], cards: Cards, earlier: Cards
) -> dict[str, list[Problem]]:
    """Return what was found, by topic, and the editions that changed under the date of the last release."""
    together = {name: list(each) for name, each in found.items()}
    for name, each in cards.items():
        together.setdefault(name, []).extend(_check_dates(each, earlier.get(name, {})))
    return together


def _with_removed(
    found: Mapping[str, list[Problem]],
    cards: Cards,
    earlier: Cards,
    intended: Container[tuple[str, LanguageTag]],
) -> dict[str, list[Problem]]:
    """Return what was found, by topic, and the editions of the last release that are gone.

    `intended` has the editions that somebody has withdrawn on purpose.
    """
    together = {name: list(each) for name, each in found.items()}
    for name, each in earlier.items():
        gone = (card for language, card in each.items() if language not in cards.get(name, {}))
        together.setdefault(name, []).extend(
            _removed(card) for card in gone if (name, card.language) not in intended
        )
    return together


def _check_dates(cards: Mapping[LanguageTag, Card], earlier: Mapping[LanguageTag, Card]) -> Iterator[Problem]:
    """Yield a warning for each edition whose content has changed under the same date."""
    for language, card in cards.items():
        before = earlier.get(language)
        if before is None or before.updated != card.updated or before.content in ("", card.content):
            continue
        is_source = language == SOURCE
        yield Problem(
            check="stale-date",
            level=Level.WARNING,
            path=topic_path(card.topic) if is_source else catalogue_path(language, card.topic),
            pointer="/dates/updated" if is_source else "",
            message=f"the {language} edition changed, its date is still {card.updated}.",
            hint="Set dates.updated to the day of the change."
            if is_source
            else "Set PO-Revision-Date in the header of the catalogue; most editors do so when they save.",
        )


def _removed(card: Card) -> Problem:
    return Problem(
        check="edition-removed",
        level=Level.WARNING,
        path=topic_path(card.topic),
        message=f"the {card.language} edition of the last release is gone.",
        hint="Readers that link to it find nothing. Was that meant?",
    )


def accept(found: Mapping[str, Iterable[Problem]], decided: Mapping[str, Decided]) -> Iterator[Problem]:
    """Yield the findings that topics do not accept, and each acceptance without one; an error stays."""
    for name, each in found.items():
        problems = list(each)
        accepted = decided[name].accepted if name in decided else ()
        acceptable = {problem.check for problem in problems if problem.level is not Level.ERROR}
        yield from (
            problem for problem in problems if problem.level is Level.ERROR or problem.check not in accepted
        )
        for index, check in enumerate(accepted):
            if check not in acceptable:
                yield Problem(
                    check="accept-unneeded",
                    level=Level.WARNING,
                    path=topic_path(name),
                    pointer=f"/accept/{index}",
                    message=f"{check!r} finds nothing here that can be accepted.",
                    hint="Remove the entry; it would hide the next real finding. No error can be accepted.",
                )
