"""The releases of a store in another one, of which readers see the old releases or the new ones, never both.

The order of writes is that of a publication: objects, then what describes the releases, then the switch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from healthtopics.compression import CODINGS
from healthtopics.copies import COPY, SELECTION, Copy, parse_copy
from healthtopics.errors import (
    IntegrityError,
    JsonTextError,
    NoCurrentReleaseError,
    ReleaseError,
    StorageError,
)
from healthtopics.jsontext import dump
from healthtopics.release import (
    POINTER,
    Opened,
    Promise,
    Store,
    damaged_siblings,
    lacking,
    numbers,
    objects_of,
    open_current,
    open_release,
    promise_in,
    promised_parts,
    release_key,
    sequence_of,
)
from healthtopics.workers import Progress

_DESCRIBING: Final = ("changes.json", SELECTION, POINTER, "manifest.json")
"""The files in the folder of a release, the one that makes it a release last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSnapshot:
    """The releases of a store at one moment: what is published meanwhile is not part of it."""

    current: Opened
    objects: Mapping[str, Promise]
    """The objects of all releases up to the current one, by key."""
    siblings: tuple[str, ...]
    """The keys of compressed objects that are intact."""
    damaged: tuple[str, ...]
    """Those of compressed objects that are damaged: they are not copied."""
    manifests: Mapping[int, str]
    """The digests of the manifests, by the number of the release."""
    describing: tuple[str, ...]
    """The keys of the files that describe the releases, in the order in which they are written."""

    @property
    def number(self) -> int:
        """The number of the current release."""
        return self.current.manifest.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The result of copying releases."""

    number: int
    copied: int
    """The number of objects that were copied."""
    reused: int
    """The number of objects that were there already."""


def take_snapshot(store: Store) -> StoreSnapshot:
    """Return what is to be copied of a store.

    Raises IntegrityError if an object is missing or has another length, StorageError if releases are pruned
    meanwhile, again and again, and as `open_current` does.
    """
    for _ in range(2):
        known = numbers(store)
        try:
            return _snapshot(store)
        except ReleaseError:
            # A prune removes manifests first: if none has gone, something is damaged.
            if set(known) <= set(numbers(store)):
                raise
    raise StorageError("Releases were pruned while they were read. Run this again.")


def _snapshot(store: Store) -> StoreSnapshot:
    current = open_current(store)
    releases = [open_release(store, number) for number in numbers(store) if number <= current.manifest.number]
    objects = {key: promise for opened in releases for key, promise in objects_of(opened).items()}
    _check_lengths(store, objects)
    siblings, damaged = _siblings(store, objects)
    keys = (release_key(opened.manifest.number, name) for opened in releases for name in _DESCRIBING)
    return StoreSnapshot(
        current=current,
        objects=objects,
        manifests={opened.manifest.number: opened.sha256 for opened in releases},
        siblings=siblings,
        damaged=damaged,
        describing=tuple(key for key in keys if _length(store, key) is not None),
    )


def _siblings(store: Store, objects: Mapping[str, Promise]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of compressed objects: the intact ones, and the damaged ones."""
    possible = (key + coding.suffix for key in objects for coding in CODINGS.values())
    damaged = {error.key for key, each in objects.items() for error in damaged_siblings(store, key, each)}
    found = (key for key in possible if key not in damaged and _length(store, key) is not None)
    return tuple(found), tuple(sorted(damaged))


def _check_lengths(store: Store, objects: Mapping[str, Promise]) -> None:
    for key, promise in objects.items():
        found = _length(store, key)
        if found != promise.length:
            actual = "nothing" if found is None else f"{found} bytes"
            raise IntegrityError(key, expected=f"{promise.length} bytes", actual=actual)


def refuse_older(snapshot: StoreSnapshot, there: Mapping[str, Any]) -> None:
    """Raise ReleaseError if a pointer is later than that of the snapshot, or is not one."""
    number, _ = promise_in(there)
    if (sequence_of(snapshot.current.pointer), snapshot.number) < (sequence_of(there), number):
        raise ReleaseError(
            f"release {number} is there already; release {snapshot.number} here is older, or its pointer is."
        )


def _refuse_other(snapshot: StoreSnapshot, there: Opened) -> None:
    """Raise ReleaseError if a store holds later releases than the snapshot, or those of another publisher."""
    mine, theirs = snapshot.current.manifest.base_url, there.manifest.base_url
    number = there.manifest.number
    # The address of a trial may have changed since.
    if mine != theirs and snapshot.manifests.get(number) != there.sha256:
        raise ReleaseError(
            f"the folder holds releases of {theirs}, and these are of {mine}. Use another folder."
        )
    refuse_older(snapshot, there.pointer)
    if snapshot.manifests.get(number, there.sha256) != there.sha256:
        raise ReleaseError(
            f"the folder holds another release {number} than the one that is here. Use another folder."
        )


def copy_releases(
    source: Store,
    snapshot: StoreSnapshot,
    destination: Store,
    origin: str,
    *,
    progress: Progress = lambda _done, _total: None,
) -> Copied:
    """Bring the releases of a snapshot into another store, and make its current one current there.

    `origin` says in the copy where it came from. Every object is compared with its digest on the way. Raises
    IntegrityError for one that is damaged, ReleaseError if the other store holds later releases, StorageError
    if something is pruned meanwhile.
    """
    flushed = _flushed(destination, snapshot)
    missing = lacking(destination, snapshot.objects, flushed)
    if _length(destination, COPY) is None:
        _note(destination, origin, flushed="")
    for done, key in enumerate(missing, start=1):
        promise = snapshot.objects[key]
        if not destination.stage(key, promised_parts(source, key, promise)):
            destination.restage(key, promised_parts(source, key, promise))
        progress(done, len(missing))
    for key in snapshot.siblings:
        data = _read(source, key)
        if not _holds(destination, key, data):
            destination.replace(key, data)
    destination.flush()
    for key in snapshot.describing:
        data = _read(source, key)
        if not _holds(destination, key, data):
            destination.replace(key, data)
    _note(destination, origin, flushed=snapshot.current.sha256)
    destination.switch(snapshot.number)
    return Copied(number=snapshot.number, copied=len(missing), reused=len(snapshot.objects) - len(missing))


def _flushed(destination: Store, snapshot: StoreSnapshot) -> frozenset[str]:
    """Return the keys of the objects that have reached the other disk.

    Raises ReleaseError if the other store must not be written.
    """
    try:
        there = open_current(destination)
    except NoCurrentReleaseError:
        return frozenset()
    except (ReleaseError, JsonTextError):  # damaged: everything is compared
        return frozenset()
    _refuse_other(snapshot, there)
    try:
        known = parse_copy(destination.read(COPY), COPY)
    except (FileNotFoundError, ReleaseError):
        return frozenset()
    return frozenset(objects_of(there)) if known.flushed == there.sha256 else frozenset()


def _note(destination: Store, origin: str, *, flushed: str) -> None:
    data = dump(Copy(made_by="release copy", source=origin, flushed=flushed))
    if not _holds(destination, COPY, data):
        destination.replace(COPY, data)


def _read(source: Store, key: str) -> bytes:
    try:
        return source.read(key)
    except FileNotFoundError:
        raise StorageError(f"{key}: it was removed while the releases were copied. Run this again.") from None


def _holds(store: Store, key: str, data: bytes) -> bool:
    try:
        return store.read(key) == data
    except FileNotFoundError:
        return False


def _length(store: Store, key: str) -> int | None:
    try:
        return store.length(key)
    except FileNotFoundError:
        return None
