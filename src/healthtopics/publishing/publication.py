"""All the way to a visible release: build, the claim of a number, what is rendered for it, the switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.checks.table import installed_checks
from healthtopics.configuration import Configuration
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    IntegrityError,
    JsonTextError,
    ReleaseError,
    ReleaseExistsError,
)
from healthtopics.layout import Files, TopicBytes
from healthtopics.problems import Problem, has_errors
from healthtopics.publishing.basis import digest_of_basis
from healthtopics.publishing.record import Known, Record
from healthtopics.publishing.record import parse as parse_record
from healthtopics.publishing.record import serialize as serialize_record
from healthtopics.publishing.values import INDEX, PLAIN, Built, Engine, Maker
from healthtopics.release import (
    Held,
    Manifest,
    Opened,
    Store,
    compare,
    instant,
    numbers,
    object_key,
    open_current,
    open_release,
    point_to,
    read_artifact,
    release_key,
    verify,
)
from healthtopics.validation import check_public

RECORD: Final = "record.ndjson"
"""The key of the record in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a publication came to."""

    manifest: Manifest
    is_new: bool
    """False where nothing changed: the manifest is that of the release that stands."""
    changes: Mapping[str, Any]
    """As in `changes.json`; empty lists where nothing changed."""
    exported: int
    held: tuple[Held, ...]
    """What is held as the data stand now; the manifest keeps what was in the way when it was published."""
    warnings: tuple[Problem, ...] = ()


def publish(
    files: Files,
    store: Store,
    *,
    now: datetime,
    maker: Maker,
    repair: bool = False,
    engine: Engine = PLAIN,
) -> Outcome:
    """Build a release and make it the current one if it says anything that the last one did not.

    The order of writes: objects, manifest (its creation claims the number), changes, pointers, the switch.
    A publisher that died after the claim is finished first. With `repair`, every artifact of the last
    release is read, and what is damaged is made again.

    Raises what `build` raises, ConfigurationError where the addresses of the last release would change,
    ReleaseExistsError where another publisher was faster.
    """
    configuration = files.configuration
    previous = _roll_forward(configuration, store, now)
    _keep_addresses(configuration, previous)
    if previous is not None and instant(now) < previous.manifest.time:
        last = previous.manifest
        raise ReleaseError(
            f"{instant(now)} is before {last.time}, the time of release {last.number}. "
            "Readers would take what is new for old. Mend the clock, or the moment after --as-of."
        )
    damaged = _damaged(store, previous) if repair and previous else frozenset()
    basis = _digest_of_basis(files, maker, engine)
    record = _read_record(engine.cache, basis)
    known = _known(files, basis, record)
    if previous and record and not damaged and record.stands(known.state, previous.sha256, _day(now)):
        # Every later publication builds upon the index: that it is damaged is told today, not then.
        read_artifact(store, INDEX, previous.manifest.files[INDEX])
        _point(configuration, store, previous, now)
        held = tuple(map(Held.from_dict, record.held))
        return _unchanged(previous.manifest, held, 0, tuple(map(Problem.from_dict, record.warnings)))
    from healthtopics.publishing.building import build  # noqa: PLC0415 - only where there is something to do

    built = build(
        files,
        store,
        previous,
        now=now,
        maker=maker,
        damaged=damaged,
        known=known,
        engine=engine,
    )
    store.flush()
    if previous is not None and built.manifest.says_the_same(previous.manifest):
        _write_record(engine.cache, basis, built, previous.sha256, now)
        _point(configuration, store, previous, now)
        return _unchanged(previous.manifest, built.manifest.held, built.exported, built.warnings)
    manifest = built.manifest
    document = manifest.to_dict()
    _refuse(check_public("public/manifest.schema.json", document, "manifest.json"))
    text = jsontext.dump(document)
    opened = Opened(manifest, text, jsontext.digest(text), {})
    _write_record(engine.cache, basis, built, opened.sha256, now)
    if not store.create(release_key(manifest.number, "manifest.json"), text):
        raise ReleaseExistsError(manifest.number)
    changes = _finish(configuration, store, opened, previous.manifest if previous else None, now)
    return Outcome(
        manifest=manifest,
        is_new=True,
        changes=changes,
        exported=built.exported,
        held=manifest.held,
        warnings=built.warnings,
    )


def _unchanged(
    manifest: Manifest, held: tuple[Held, ...], exported: int, warnings: tuple[Problem, ...]
) -> Outcome:
    return Outcome(
        manifest=manifest,
        is_new=False,
        changes=compare(manifest, manifest),
        exported=exported,
        held=held,
        warnings=warnings,
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def _digest_of_basis(files: Files, maker: Maker, engine: Engine) -> str:
    asked = (engine.checks or installed_checks()).digest
    schema = None if engine.schema is None else jsontext.digest(jsontext.canonical(engine.schema.schema))
    return jsontext.digest(jsontext.dump_line([maker.digest, asked, schema, digest_of_basis(files)]))


def _read_record(cache: Store | None, basis: str) -> Record | None:
    """Return the record of the last publication, if it rests on the same."""
    if cache is None:
        return None
    try:
        record = parse_record(cache.read(RECORD))
    except FileNotFoundError:
        return None
    return record if record is not None and record.basis == basis else None


def _known(files: Files, basis: str, record: Record | None) -> Known:
    if record is None:
        return Known(basis=basis)
    digests = {name: TopicBytes.of(files, name).digest for name in files.topic_names()}
    return Known(basis=basis, digests=digests, topics=record.topics)


def _write_record(cache: Store | None, basis: str, built: Built, release: str, now: datetime) -> None:
    if cache is None:
        return
    record = Record(
        basis=basis,
        state=Known(basis=basis, digests=built.digests).state,
        release=release,
        since=_day(now),
        until=built.until,
        warnings=[warning.to_dict() for warning in built.warnings],
        held=[held.to_dict() for held in built.manifest.held],
        topics=built.topics,
    )
    cache.replace(RECORD, serialize_record(record))


def _keep_addresses(configuration: Configuration, previous: Opened | None) -> None:
    if previous is not None and previous.manifest.base_url != configuration.base_url:
        last = previous.manifest
        raise ConfigurationError(
            f"healthtopics.toml: base_url is {configuration.base_url}, but release {last.number} was "
            f"published under {last.base_url}. Addresses can never change: restore the old one, or publish "
            "to a new folder with --exports."
        )


def _roll_forward(configuration: Configuration, store: Store, now: datetime) -> Opened | None:
    """Return the last release; one that was claimed but never became current is finished first."""
    known = numbers(store)
    if not known:
        return None
    try:
        current = open_current(store)
    except IntegrityError:  # the manifest is not what was published
        raise
    except (ReleaseError, JsonTextError):  # no pointer, or a damaged one: it is made anew from its manifest
        current = None
    if current is not None and current.manifest.number == known[-1]:
        return current
    last = open_release(store, known[-1])
    if current is None or current.manifest.number < known[-1]:
        old = open_release(store, known[-2]).manifest if len(known) > 1 else None
        _finish(configuration, store, last, old, now)
    return last


def _damaged(store: Store, opened: Opened) -> frozenset[str]:
    """Return the names of the artifacts that are not what the manifest says."""
    keys = {error.key for error in verify(store, opened)}
    return frozenset(
        name for name, artifact in opened.manifest.files.items() if object_key(name, artifact.sha256) in keys
    )


def _finish(
    configuration: Configuration, store: Store, opened: Opened, old: Manifest | None, now: datetime
) -> Mapping[str, Any]:
    changes = compare(opened.manifest, old)
    _refuse(check_public("public/changes.schema.json", changes, "changes.json"))
    store.replace(release_key(opened.manifest.number, "changes.json"), jsontext.dump(changes))
    _point(configuration, store, opened, now)
    store.switch(opened.manifest.number)
    return changes


def _point(configuration: Configuration, store: Store, opened: Opened, now: datetime) -> None:
    number = opened.manifest.number
    key = release_key(number, "changes.json")
    try:
        changes = store.read(key)
    except FileNotFoundError:
        raise IntegrityError(key, expected="the changes", actual="nothing") from None
    pointer = point_to(
        number, manifest=opened.text, changes=changes, now=now, cadence_hours=configuration.cadence_hours
    )
    _refuse(check_public("public/current.schema.json", pointer, "current.json"))
    store.replace(release_key(number, "pointers/current.json"), jsontext.dump(pointer))


def _refuse(problems: Sequence[Problem]) -> None:
    if has_errors(problems):
        raise BuildError(problems)
