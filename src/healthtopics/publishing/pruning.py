"""Removes what no reader can still be reading: old releases, and the objects that only they name.

A reader has read a pointer, which is valid for twice the cadence, and fetches what it leads to. So a release
stays until it has not been the current one for that time. Manifests go first: whatever happens afterwards, no
release is left that names an object which is gone. The lists of changes stay, as they tell the history, and
so does what is withdrawn: it is in the index of the current release.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from healthtopics.compression import CODINGS
from healthtopics.errors import JsonTextError, ReleaseError
from healthtopics.jsontext import parse
from healthtopics.release import (
    CURRENT,
    Store,
    numbers,
    objects_of,
    open_current,
    open_release,
    release_in,
    release_key,
)
from healthtopics.workers import Progress

LEAST: Final = timedelta(days=7)
"""What was current within this time stays, unless the user wants it otherwise."""
_SUFFIXES: Final = "|".join(re.escape(coding.suffix) for coding in CODINGS.values())
_OBJECT: Final = re.compile(rf"(objects/sha256/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.[a-z]{{1,9}})({_SUFFIXES})?")
"""The key of an object, and the suffix of a compressed form; anything else is not ours to remove."""


class ShortKeepError(ValueError):
    """Readers may need longer than the time to keep."""


class PrunableStore(Store, Protocol):
    """A store of which parts can be removed."""

    def modified(self, key: str) -> datetime:
        """Return when the file was written; raises FileNotFoundError if there is none."""

    def remove(self, keys: Iterable[str]) -> None:
        """Remove files, durably; those that are not there are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What can be removed from a store."""

    kept: tuple[int, ...]
    """The numbers of the releases that stay."""
    removed: tuple[int, ...]
    """The numbers of the releases that go."""
    since: datetime
    """What was current after it stays."""
    confirmed: datetime
    """When the current release was last confirmed."""
    is_stale: bool
    """Whether that is longer ago than a pointer is valid: no job runs any more."""
    objects: tuple[str, ...]
    """The keys of the objects that go, compressed forms included."""
    bytes: int
    """Their length together."""


def plan_pruning(
    store: PrunableStore,
    now: datetime,
    keep: timedelta | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Pruning:
    """Return what can be removed: what was not current within the time to keep, twice the cadence by default.

    Raises ShortKeepError if readers may need longer than the time to keep, and ReleaseError if a release that
    stays cannot be read: what it names would be lost.
    """
    current = open_current(store)
    confirmed, valid = _validity(current.pointer)
    if keep is not None and keep < valid:
        raise ShortKeepError(
            f"pointers are valid for {valid.total_seconds() / 86400:g} days, and readers may still read what "
            "they lead to. Keep releases for at least that time."
        )
    # A clock that is ahead removes nothing more; neither does a publisher that has not run for long.
    since = min(now, confirmed) - (keep or max(LEAST, valid))
    known = numbers(store)
    last = current.manifest.number
    removed = {
        number
        for number in {*known, *_half_removed(store)}
        if number < last and _arrival(store, known[bisect(known, number)]) < since
    }
    kept = [number for number in known if number not in removed]
    named: set[str] = set()
    for done, number in enumerate(kept):
        progress(done, len(kept))
        named.update(objects_of(open_release(store, number)))
    objects = [
        key
        for key in store.keys("objects/")
        if (match := _OBJECT.fullmatch(key)) and match[1] not in named and store.modified(key) < since
    ]
    return Pruning(
        kept=tuple(kept),
        removed=tuple(sorted(removed)),
        since=since,
        confirmed=confirmed,
        is_stale=now > confirmed + valid,
        objects=tuple(objects),
        bytes=sum(map(store.length, objects)),
    )


def prune(store: PrunableStore, plan: Pruning) -> None:
    """Remove what was planned; the store must have been locked since before that."""
    store.remove(release_key(number, "manifest.json") for number in plan.removed)
    for number in plan.removed:
        changes = release_key(number, "changes.json")
        store.remove([key for key in store.keys(release_key(number)) if key != changes])
    store.remove(plan.objects)


def _validity(pointer: Mapping[str, Any]) -> tuple[datetime, timedelta]:
    """Return when a pointer was written, and for how long it is valid."""
    try:
        confirmed, expires = (datetime.fromisoformat(pointer[each]) for each in ("time", "expires"))
        return confirmed, expires - confirmed
    except (LookupError, TypeError, ValueError) as error:
        raise ReleaseError(
            f"{CURRENT} does not say when it is valid ({error!r}). Publish first; in a copy, pull."
        ) from None


def _half_removed(store: PrunableStore) -> set[int]:
    """Return the numbers of releases of which more than the changes is here, as a killed prune leaves it."""
    found = filter(None, map(release_in, store.keys("releases/")))
    return {number for number, name in found if name != "changes.json"}


def _arrival(store: PrunableStore, number: int) -> datetime:
    """Return when a release came into the store: in a copy, some time after it was published."""
    key = release_key(number, "manifest.json")
    written = store.modified(key)
    try:
        return max(written, datetime.fromisoformat(parse(store.read(key), key)["time"]))
    except (JsonTextError, LookupError, TypeError, ValueError):  # `release verify` reports it
        return written
