"""The last steps of a release: its number is claimed, then it is finished and made visible.

Whatever made the manifest, a build or a rollback, these are the same, and each can be done again by the next
run.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.errors import (
    BuildError,
    IntegrityError,
    JsonTextError,
    ReleaseError,
    ReleaseExistsError,
)
from healthtopics.problems import Problem, has_errors
from healthtopics.release import (
    INDEX,
    POINTER,
    Confirmation,
    Manifest,
    Opened,
    Promise,
    Split,
    Store,
    compare,
    next_sequence,
    numbers,
    open_current,
    open_release,
    point_to,
    pointer_at,
    promise_in,
    put_manifest_parts,
    read_artifact,
    release_key,
    split,
)
from healthtopics.validation.public import check_manifest, check_manifest_part, check_public


def roll_forward(
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
        finished = finish(configuration, store, last, old, now)
    return last, finished


def check_split(manifest: Split) -> list[Problem]:
    """Validate a manifest and its parts against their public schemas."""
    found = check_manifest(jsontext.load(manifest.text), "manifest.json")
    for part, text in manifest.parts.items():
        found += check_manifest_part(jsontext.load(text), f"manifest.json, part {part}")
    return found


def prepare(store: Store, manifest: Manifest) -> Opened:
    """Store the parts of a manifest, whose artifacts are stored; raises BuildError if it is not valid."""
    stored = split(manifest)
    _refuse(check_split(stored))
    put_manifest_parts(store, stored.parts.values())
    parts = {name: Promise.of(text) for name, text in stored.parts.items()}
    return Opened(manifest, stored.text, jsontext.digest(stored.text), {}, parts=parts)


def claim(store: Store, prepared: Opened) -> None:
    """Make it a release, not yet visible; everything that it names reaches the disk first.

    Raises ReleaseExistsError if there is one of its number.
    """
    store.flush()
    number = prepared.manifest.number
    if not store.create(release_key(number, "manifest.json"), prepared.text):
        raise ReleaseExistsError(number)


def finish(
    configuration: Configuration, store: Store, opened: Opened, old: Manifest | None, now: datetime
) -> Mapping[str, Any]:
    """Make a claimed release the one that readers see; returns its changes against the old one."""
    changes = put_changes(store, opened.manifest, old)
    point(configuration, store, opened, now)
    return changes


def put_changes(store: Store, new: Manifest, old: Manifest | None) -> Mapping[str, Any]:
    """Write what changed against the old release, and return it."""
    changes = changes_of(store, new, old)
    store.replace(release_key(new.number, "changes.json"), jsontext.dump(changes))
    return changes


def changes_of(store: Store, new: Manifest, old: Manifest | None) -> Mapping[str, Any]:
    """Return what changed against the old release, with the corrections that editions tell of."""
    changes = compare(new, old, corrections_since(store, new, old) if old else {})
    _refuse(check_public("public/changes.schema.json", changes, "changes.json"))
    return changes


def corrections_since(store: Store, new: Manifest, old: Manifest) -> dict[tuple[str, str], str]:
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


def pinned_in(store: Store, opened: Opened) -> int | None:
    """Return the number of the release that was gone back to with this one; None if there is none.

    Its own pointer says so, which a rollback writes before it claims the number. Where that is damaged, the
    second record counts: to publish today's texts over a rollback is what must not happen by itself.
    """
    key = release_key(opened.manifest.number, POINTER)
    try:
        pointer = opened.pointer or pointer_at(store, key)
        number, promise = promise_in(pointer)
    except (FileNotFoundError, ReleaseError, JsonTextError):
        return _recorded_pin(store, opened)
    pinned = pointer.get("pinned")
    is_its_own = (number, promise.sha256) == (opened.manifest.number, opened.sha256)
    return pinned if is_its_own and isinstance(pinned, int) else None


_PIN: Final = "pin.json"
"""The second record of a pin, in the folder of a release; no reader needs it."""


def _recorded_pin(store: Store, opened: Opened) -> int | None:
    key = release_key(opened.manifest.number, _PIN)
    try:
        record = jsontext.parse(store.read(key), key)
        pinned = record["pinned"] if record["manifest"] == opened.sha256 else None
    except (FileNotFoundError, JsonTextError, LookupError, TypeError):
        return None
    return pinned if isinstance(pinned, int) else None


def _record_pin(store: Store, opened: Opened, pinned: int | None) -> None:
    if _recorded_pin(store, opened) != pinned:
        record = {"manifest": opened.sha256, "pinned": pinned}
        store.replace(release_key(opened.manifest.number, _PIN), jsontext.dump(record))


def point(
    configuration: Configuration, store: Store, opened: Opened, now: datetime, *, resume: bool = False
) -> None:
    """Confirm a release, and make it the current one; after a rollback it stays pinned until `resume`."""
    pinned = None if resume else pinned_in(store, opened)
    put_pointer(configuration, store, opened, now, pinned=pinned)
    # Also to confirm: `current` may be a copy of the pointers instead of the link.
    store.switch(opened.manifest.number)


def put_pointer(
    configuration: Configuration, store: Store, opened: Opened, now: datetime, *, pinned: int | None
) -> None:
    """Write the pointer to a release into its folder."""
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
        pinned=pinned,
    )
    pointer = point_to(number, manifest=opened.text, changes=changes, confirmation=confirmation)
    _refuse(check_public("public/current.schema.json", pointer, "current.json"))
    _record_pin(store, opened, pinned)
    store.replace(release_key(number, POINTER), jsontext.dump(pointer))


def _refuse(problems: Sequence[Problem]) -> None:
    if has_errors(problems):
        raise BuildError(problems)
