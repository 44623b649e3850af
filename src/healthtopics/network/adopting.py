"""A publisher's side: take its own current release over from a service or a copy, after the store was lost.

The release comes as by a pull, every byte checked. But the store stays a publisher's: the next publication
continues the chain, with the next number and a pointer that everybody takes for a newer one.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import httpx

from healthtopics.copies import COPY, EVERYTHING
from healthtopics.errors import JsonTextError, ReleaseError
from healthtopics.jsontext import digest, dump, parse
from healthtopics.network.fetching import OVERALL_TIMEOUT, base_of
from healthtopics.network.pull import PullResult, pull
from healthtopics.release import (
    CURRENT,
    LEAP,
    POINTER,
    Manifest,
    Promise,
    Store,
    next_sequence,
    numbers,
    open_release,
    pointer_at,
    promise_in,
    read_promised,
    release_key,
    sequence_of,
)
from healthtopics.workers import Progress


def adopt(
    client: httpx.Client,
    url: str,
    store: Store,
    *,
    base_url: str,
    timeout: float = OVERALL_TIMEOUT,
    hold: Callable[[], AbstractContextManager[object]] = nullcontext,
    progress: Progress = lambda _done, _total: None,
) -> PullResult:
    """Take the current release at `url` over into a publisher's store, and make it current there.

    `base_url` is that of the workspace. Where the store has this release already, what is damaged in it is
    fetched again, and its own pointer stays.

    Raises what `pull` raises, and ReleaseError for a release of another publisher, or one that does not
    continue those in the store.
    """
    own, following, base = _read_pointer(store), next_sequence(store), base_of(url)
    was_intact = own is not None and _is_intact(store, own)

    def accept(manifest: Manifest) -> None:
        if manifest.base_url != base_url:
            raise ReleaseError(f"{base} publishes {manifest.base_url}, but this workspace is {base_url}.")
        previous = manifest.previous
        if previous and previous.number in numbers(store):
            key = release_key(previous.number, "manifest.json")
            if digest(store.read(key)) != previous.sha256:
                raise ReleaseError(
                    f"{base}: release {manifest.number} follows another release {previous.number} than the "
                    "one here: the histories have parted. Adopt it into an empty folder, with --exports."
                )

    adopting = _Adopting(store)
    result = pull(
        client,
        url,
        adopting,
        selection=EVERYTHING,
        timeout=timeout,
        hold=hold,
        accept=accept,
        progress=progress,
    )
    with hold():
        return _renumber(store, result, own, following, was_intact=was_intact)


def _renumber(
    store: Store, result: PullResult, own: dict[str, Any] | None, following: int, *, was_intact: bool
) -> PullResult:
    """Let the pointer that came with a release come after all that readers have seen."""
    key = release_key(result.number, POINTER)
    if own is not None and sequence_of(own) >= result.sequence:
        number, promise = promise_in(own)
        if (number, promise.sha256) == (result.number, result.manifest):
            store.replace(key, dump(own))
            return replace(result, sequence=sequence_of(own), unchanged=was_intact)
    # Readers may have seen pointers that were lost.
    sequence = max(following, result.sequence) + LEAP
    store.replace(key, dump({**parse(store.read(key), key), "sequence": sequence}))
    return replace(result, sequence=sequence)


def _read_pointer(store: Store) -> dict[str, Any] | None:
    """Return the store's own pointer; None if there is none, or if it is damaged."""
    try:
        return dict(pointer_at(store, CURRENT))
    except (FileNotFoundError, ReleaseError, JsonTextError):
        return None


def _is_intact(store: Store, pointer: dict[str, Any]) -> bool:
    """Return whether a pointer leads to a whole manifest and its changes; artifacts are compared later."""
    try:
        for name in ("manifest", "changes"):
            key = release_key(pointer["number"], f"{name}.json")
            read_promised(store, key, Promise(pointer[name]["sha256"], pointer[name]["length"]))
        open_release(store, pointer["number"])
    except (ReleaseError, JsonTextError, LookupError, TypeError):
        return False
    return True


class _Adopting:
    """A store that a pull takes for an empty place: nothing says that it is a copy, or what is current."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, key: str) -> bytes:
        if key in (COPY, CURRENT):
            raise FileNotFoundError(key)
        return self._store.read(key)

    def parts(self, key: str) -> Iterator[bytes]:
        return self._store.parts(key)

    def length(self, key: str) -> int:
        return self._store.length(key)

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        return self._store.read_slice(key, offset, length)

    def create(self, key: str, data: bytes) -> bool:
        return self._store.create(key, data)

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        return self._store.stage(key, parts)

    def flush(self) -> None:
        self._store.flush()

    def replace(self, key: str, data: bytes) -> None:
        if key != COPY:
            self._store.replace(key, data)

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        self._store.restage(key, parts)

    def keys(self, prefix: str) -> Iterator[str]:
        return self._store.keys(prefix)

    def switch(self, number: int) -> None:
        self._store.switch(number)
