"""All the way to a visible release: build, the claim of a number, what is rendered for it, the switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    IntegrityError,
    JsonTextError,
    ReleaseError,
    ReleaseExistsError,
)
from healthtopics.problems import Problem, has_errors
from healthtopics.publishing.building import Maker, Progress, build
from healthtopics.publishing.sources import Sources
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
    release_key,
    verify,
)
from healthtopics.validation import check_public


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
    sources: Sources,
    store: Store,
    *,
    now: datetime,
    maker: Maker,
    repair: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> Outcome:
    """Build a release and make it the current one if it says anything that the last one did not.

    The order of writes: objects, manifest (its creation claims the number), changes, pointers, the switch.
    A publisher that died after the claim is finished first. With `repair`, every artifact of the last
    release is read, and what is damaged is made again.

    Raises BuildError where a document is not fit to leave, ConfigurationError where the addresses of the last
    release would change, ReleaseExistsError where another publisher was faster.
    """
    previous = _roll_forward(sources.configuration, store, now)
    _keep_addresses(sources.configuration, previous)
    if previous is not None and instant(now) < previous.manifest.time:
        last = previous.manifest
        raise ReleaseError(
            f"{instant(now)} is before {last.time}, the time of release {last.number}. "
            "Readers would take what is new for old. Mend the clock, or the moment after --as-of."
        )
    damaged = _damaged(store, previous) if repair and previous else frozenset()
    built = build(sources, store, previous, now=now, maker=maker, damaged=damaged, progress=progress)
    old = previous.manifest if previous else None
    if previous is not None and built.manifest.says_the_same(old):
        _point(sources.configuration, store, previous, now)
        return Outcome(
            manifest=previous.manifest,
            is_new=False,
            changes=compare(previous.manifest, previous.manifest),
            exported=built.exported,
            held=built.manifest.held,
            warnings=built.warnings,
        )
    manifest = built.manifest
    document = manifest.to_dict()
    _refuse(check_public("public/manifest.schema.json", document, "manifest.json"))
    text = jsontext.dump(document)
    if not store.create(release_key(manifest.number, "manifest.json"), text):
        raise ReleaseExistsError(manifest.number)
    opened = Opened(manifest, text, jsontext.digest(text), {})
    changes = _finish(sources.configuration, store, opened, old, now)
    return Outcome(
        manifest=manifest,
        is_new=True,
        changes=changes,
        exported=built.exported,
        held=manifest.held,
        warnings=built.warnings,
    )


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
    last = open_release(store, known[-1])
    try:
        current = open_current(store)
    except IntegrityError:  # the manifest is not what was published
        raise
    except (ReleaseError, JsonTextError):  # no pointer, or a damaged one: it is made anew from its manifest
        current = None
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
