"""All the way to a visible release: build, claim a number, render, switch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from healthtopics.cache import Cache, key_of
from healthtopics.layout import Files, Snapshot
from healthtopics.problems import Problem
from healthtopics.publishing.addresses import moved_from
from healthtopics.publishing.answers import Answer, recall_answer, remember_answer
from healthtopics.publishing.dating import NO_WISHES, Dating, Moment, date_release
from healthtopics.publishing.digests import digest_files
from healthtopics.publishing.finishing import (
    claim,
    finish,
    pinned_in,
    point,
    prepare,
    roll_forward,
)
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.publishing.withdrawals import NOTHING, Permission, refuse_lost_folder, refuse_withdrawals
from healthtopics.release import (
    INDEX,
    Held,
    Manifest,
    Opened,
    Store,
    compare,
    object_key,
    read_artifact,
    reasons_besides_topics,
    verify,
)
from healthtopics.workers import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a publication."""

    manifest: Manifest
    is_new: bool
    """Whether readers see another release than before: one that this run made, or that it finished."""
    changes: Mapping[str, Any]
    """As in `changes.json`; empty lists if nothing changed."""
    exported: int
    held: tuple[Held, ...]
    """The editions held with today's data; the manifest keeps the problems of when it was published."""
    warnings: tuple[Problem, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why a release was made in which no topic differs from the last one, in words."""
    drafts: tuple[str, ...] = ()
    """The topics that are unfinished, and so not in the release."""
    moved_from: str = ""
    """The address of the last release if this one has another, which only a trial permits."""
    pinned: int | None = None
    """The number of the release that was gone back to, if that is why nothing new was published."""


def publish(  # noqa: PLR0913 - most are options of the command
    files: Files,
    store: Store,
    *,
    now: datetime,
    maker: Maker,
    dating: Dating = NO_WISHES,
    repair: bool = False,
    resume: bool = False,
    permission: Permission = NOTHING,
    ready: Callable[[Opened], object] = lambda _opened: None,
    engine: Engine = PLAIN,
) -> Outcome:
    """Build a release and make it the current one if it differs from the last one for readers.

    A release is at least a second later than the one before, so that readers who ask what changed since that
    one miss nothing; `dating` says what else decides its time.

    The order of writes: objects, manifest (its creation claims the number), changes, pointers, the switch.
    The release of a publisher that was killed after the claim is finished first. With `repair`, every
    artifact of the last release is read, and damaged ones are made again. After a rollback the last release
    is only confirmed, until `resume` ends that. `permission` is for withdrawals
    beyond the limit. `ready` is called with a release whose objects are all written, before it becomes
    current; if it raises, nothing is published.

    Raises what `build` raises, ClockError if the last release is later than the clock,
    ReleaseExistsError if another publisher was faster. The executor of the engine is shut down at the end of
    the shared work.
    """
    configuration = files.configuration
    stamp = dating.source_date or now
    previous, finished = roll_forward(configuration, store, min(now, stamp))
    moved = moved_from(configuration, previous)
    last = previous.manifest if previous else None
    moment = date_release(last, now, dating)
    now = stamp
    if previous and not resume and (pinned := pinned_in(store, previous)) is not None:
        read_artifact(store, INDEX, previous.manifest.files[INDEX])
        ready(previous)
        point(configuration, store, previous, now)
        found = _unchanged(previous.manifest, previous.manifest.held, 0, (), finished)
        return replace(found, pinned=pinned)
    damaged = _damaged(store, previous, engine.progress) if repair and previous else frozenset()
    files = Snapshot.of(files)
    refuse_lost_folder(files, last)
    digests = digest_files(files, maker, engine)
    known = None if damaged else _recall(engine.cache, digests.state, previous, moment)
    if previous and known:
        # Every later publication builds on the index: damage to it is reported today, not then.
        read_artifact(store, INDEX, previous.manifest.files[INDEX])
        ready(previous)
        point(configuration, store, previous, now, resume=resume)
        found = _unchanged(previous.manifest, known.held, 0, known.problems, finished)
        return replace(found, drafts=known.drafts)
    from healthtopics.publishing.building import build  # noqa: PLC0415 - only where there is something to do

    built = build(
        files,
        store,
        previous,
        moment=moment,
        maker=maker,
        damaged=damaged,
        digests=digests,
        permission=permission,
        engine=engine,
    )
    if last is not None:
        refuse_withdrawals(files, last, built, permission)
    answer = Answer(
        since=moment.today,
        until=built.until,
        problems=built.warnings,
        held=built.manifest.held,
        drafts=built.drafts,
    )
    if previous and not moment.corrects and built.manifest.says_the_same(previous.manifest):
        ready(previous)
        store.flush()
        remember_answer(engine.cache, _answer_key(built.state, previous.sha256), answer)
        point(configuration, store, previous, now, resume=resume)
        found = _unchanged(previous.manifest, built.manifest.held, built.exported, built.warnings, finished)
        return replace(found, drafts=built.drafts)
    manifest = built.manifest
    opened = prepare(store, manifest)
    ready(opened)
    claim(store, opened)
    changes = finish(configuration, store, opened, last, now)
    # The next publication compares with this release: what changed against the last one is reported once.
    answer = replace(answer, problems=built.lasting)
    remember_answer(engine.cache, _answer_key(built.state, opened.sha256), answer)
    return Outcome(
        manifest=manifest,
        is_new=True,
        changes=changes,
        exported=built.exported,
        held=manifest.held,
        warnings=built.warnings,
        drafts=built.drafts,
        reasons=_reasons(manifest, last),
        moved_from=moved,
    )


def _reasons(manifest: Manifest, last: Manifest | None) -> tuple[str, ...]:
    """Return why a release came in which no topic changed; nothing for the first release."""
    return reasons_besides_topics(manifest, last) if last else ()


def _unchanged(
    manifest: Manifest,
    held: tuple[Held, ...],
    exported: int,
    warnings: tuple[Problem, ...],
    finished: Mapping[str, Any] | None,
) -> Outcome:
    """Return the outcome of a run that made no release; it may have finished that of an earlier run."""
    return Outcome(
        manifest=manifest,
        is_new=finished is not None,
        changes=finished or compare(manifest, manifest, {}),
        exported=exported,
        held=held,
        warnings=warnings,
    )


def _answer_key(state: str, release: str) -> str:
    return key_of("publish", state, release)


def _recall(cache: Cache, state: str, previous: Opened | None, moment: Moment) -> Answer | None:
    """Return the result of publishing the last release from the same files, if it is valid today."""
    if previous is None or moment.corrects:
        return None
    return recall_answer(cache, _answer_key(state, previous.sha256), moment.today)


def _damaged(store: Store, opened: Opened, progress: Progress) -> frozenset[str]:
    """Return the names of the artifacts that differ from the manifest."""
    keys = {error.key for error in verify(store, opened, progress)}
    return frozenset(
        name for name, artifact in opened.manifest.files.items() if object_key(name, artifact.sha256) in keys
    )
