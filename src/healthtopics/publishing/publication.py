"""All the way to a visible release: build, claim a number, render, switch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from healthtopics import jsontext
from healthtopics.cache import Cache, key_of
from healthtopics.configuration import Configuration
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    IntegrityError,
    JsonTextError,
    ReleaseError,
    ReleaseExistsError,
)
from healthtopics.layout import Files, Snapshot
from healthtopics.problems import Problem, has_errors
from healthtopics.publishing.answers import Answer, recall_answer, remember_answer
from healthtopics.publishing.dating import NO_WISHES, Dating, date_release
from healthtopics.publishing.digests import digest_files
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.publishing.withdrawals import NOTHING, Permission, refuse_withdrawals
from healthtopics.release import (
    INDEX,
    POINTER,
    Confirmation,
    Held,
    Manifest,
    Opened,
    Promise,
    Split,
    Store,
    compare,
    next_sequence,
    numbers,
    object_key,
    open_current,
    open_release,
    point_to,
    put_manifest_parts,
    read_artifact,
    release_key,
    split,
    verify,
)
from healthtopics.validation.public import check_manifest, check_manifest_part, check_public
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


def publish(  # noqa: PLR0913 - most are options of the command
    files: Files,
    store: Store,
    *,
    now: datetime,
    maker: Maker,
    dating: Dating = NO_WISHES,
    repair: bool = False,
    permission: Permission = NOTHING,
    ready: Callable[[Opened], object] = lambda _opened: None,
    engine: Engine = PLAIN,
) -> Outcome:
    """Build a release and make it the current one if it differs from the last one for readers.

    A release is at least a second later than the one before, so that readers who ask what changed since that
    one miss nothing; `dating` says what else decides its time.

    The order of writes: objects, manifest (its creation claims the number), changes, pointers, the switch.
    The release of a publisher that was killed after the claim is finished first. With `repair`, every
    artifact of the last release is read, and damaged ones are made again. `permission` is for withdrawals
    beyond the limit. `ready` is called with a release whose objects are all written, before it becomes
    current; if it raises, nothing is published.

    Raises what `build` raises, ConfigurationError if the addresses of the last release would change,
    ClockError if the last release is later than the clock,
    ReleaseExistsError if another publisher was faster. The executor of the engine is shut down at the end of
    the shared work.
    """
    configuration = files.configuration
    previous, finished = _roll_forward(configuration, store, min(now, dating.source_date or now))
    _keep_addresses(configuration, previous)
    moment = date_release(previous.manifest if previous else None, now, dating)
    now = dating.source_date or now
    damaged = _damaged(store, previous, engine.progress) if repair and previous else frozenset()
    files = Snapshot.of(files)
    digests = digest_files(files, maker, engine)
    known = None
    if not damaged and not moment.corrects:
        known = _recall(engine.cache, digests.state, previous, moment.today)
    if previous and known:
        # Every later publication builds on the index: damage to it is reported today, not then.
        read_artifact(store, INDEX, previous.manifest.files[INDEX])
        ready(previous)
        _point(configuration, store, previous, now)
        return _unchanged(previous.manifest, known.held, 0, known.problems, finished)
    from healthtopics.publishing.building import build  # noqa: PLC0415 - only where there is something to do

    built = build(
        files, store, previous, moment=moment, maker=maker, damaged=damaged, digests=digests, engine=engine
    )
    if previous is not None:
        refuse_withdrawals(files, previous.manifest, built, permission)
    answer = Answer(since=moment.today, until=built.until, problems=built.warnings, held=built.manifest.held)
    if previous and not moment.corrects and built.manifest.says_the_same(previous.manifest):
        ready(previous)
        store.flush()
        remember_answer(engine.cache, _answer_key(built.state, previous.sha256), answer)
        _point(configuration, store, previous, now)
        return _unchanged(previous.manifest, built.manifest.held, built.exported, built.warnings, finished)
    manifest = built.manifest
    stored = split(manifest)
    _refuse(check_split(stored))
    put_manifest_parts(store, stored.parts.values())
    parts = {each: Promise.of(text) for each, text in stored.parts.items()}
    opened = Opened(manifest, stored.text, jsontext.digest(stored.text), {}, parts=parts)
    ready(opened)
    store.flush()
    if not store.create(release_key(manifest.number, "manifest.json"), stored.text):
        raise ReleaseExistsError(manifest.number)
    changes = _finish(configuration, store, opened, previous.manifest if previous else None, now)
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
    )


def check_split(manifest: Split) -> list[Problem]:
    """Validate a manifest and its parts against their public schemas."""
    found = check_manifest(jsontext.load(manifest.text), "manifest.json")
    for part, text in manifest.parts.items():
        found += check_manifest_part(jsontext.load(text), f"manifest.json, part {part}")
    return found


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


def _recall(cache: Cache, state: str, previous: Opened | None, today: str) -> Answer | None:
    """Return the result of publishing the last release from the same files, if it is valid today."""
    return recall_answer(cache, _answer_key(state, previous.sha256), today) if previous else None


def _keep_addresses(configuration: Configuration, previous: Opened | None) -> None:
    if previous is not None and previous.manifest.base_url != configuration.base_url:
        last = previous.manifest
        raise ConfigurationError(
            f"healthtopics.toml: base_url is {configuration.base_url}, but release {last.number} was "
            f"published under {last.base_url}. Addresses can never change: restore the old one, or publish "
            "to a new folder with --exports."
        )


def _roll_forward(
    configuration: Configuration, store: Store, now: datetime
) -> tuple[Opened | None, Mapping[str, Any] | None]:
    """Return the last release; one that readers cannot see is finished first, and its changes returned."""
    known = numbers(store)
    if not known:
        return None, None
    try:
        current = open_current(store)
    except IntegrityError:  # the manifest is not what was published
        raise
    except (
        ReleaseError,
        JsonTextError,
    ):  # a missing or damaged pointer is written again
        current = None
    if current is not None and current.manifest.number == known[-1]:
        return current, None
    last = open_release(store, known[-1])
    finished = None
    if current is None or current.manifest.number < known[-1]:
        old = open_release(store, known[-2]).manifest if len(known) > 1 else None
        finished = _finish(configuration, store, last, old, now)
    return last, finished


def _damaged(store: Store, opened: Opened, progress: Progress) -> frozenset[str]:
    """Return the names of the artifacts that differ from the manifest."""
    keys = {error.key for error in verify(store, opened, progress)}
    return frozenset(
        name for name, artifact in opened.manifest.files.items() if object_key(name, artifact.sha256) in keys
    )


def _finish(
    configuration: Configuration, store: Store, opened: Opened, old: Manifest | None, now: datetime
) -> Mapping[str, Any]:
    changes = compare(opened.manifest, old, _corrections(store, opened.manifest, old) if old else {})
    _refuse(check_public("public/changes.schema.json", changes, "changes.json"))
    store.replace(release_key(opened.manifest.number, "changes.json"), jsontext.dump(changes))
    _point(configuration, store, opened, now)
    return changes


def _corrections(store: Store, new: Manifest, old: Manifest) -> dict[tuple[str, str], str]:
    """Return by (topic, language) what editions say was corrected since the old release.

    Nothing if an index is damaged: the new release has its number already, and must become current.
    """
    from healthtopics.publishing.deciding import read_index  # noqa: PLC0415 - rarely needed

    index = new.files.get(INDEX)
    try:
        if index is None or b'"corrections"' not in read_artifact(store, INDEX, index):
            return {}
        before, after = read_index(store, old.files).cards, read_index(store, new.files).cards
    except IntegrityError:
        return {}
    found = {}
    for name, cards in after.items():
        for language, card in cards.items():
            earlier = before.get(name, {}).get(language)
            known = earlier.corrections if earlier else ()
            if corrected := [each.what for each in card.corrections if each not in known]:
                found[name, str(language)] = " ".join(corrected)
    return found


def _point(configuration: Configuration, store: Store, opened: Opened, now: datetime) -> None:
    number = opened.manifest.number
    key = release_key(number, "changes.json")
    try:
        changes = store.read(key)
    except FileNotFoundError:
        raise IntegrityError(key, expected="the changes", actual="nothing") from None
    confirmation = Confirmation(
        sequence=next_sequence(store),
        now=now,
        cadence_hours=configuration.cadence_hours,
        pinned=opened.pointer.get("pinned"),
    )
    pointer = point_to(number, manifest=opened.text, changes=changes, confirmation=confirmation)
    _refuse(check_public("public/current.schema.json", pointer, "current.json"))
    store.replace(release_key(number, POINTER), jsontext.dump(pointer))
    store.switch(number)  # also to confirm: `current` may be a copy of the pointers instead of the link


def _refuse(problems: Sequence[Problem]) -> None:
    if has_errors(problems):
        raise BuildError(problems)
