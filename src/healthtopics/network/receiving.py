"""Brings the objects of a release into a store: several at a time, long ones part by part."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Lock
from typing import Final

import httpx

from healthtopics.errors import IntegrityError
from healthtopics.network.fetching import Fetcher
from healthtopics.release import Manifest, Promise, Store, check_bytes, checked_parts, lacking, promises_of
from healthtopics.workers import Progress

MOST_BYTES: Final = 512 * 2**20
"""The limit for what is read into memory, for the parts of a manifest together, and for the objects that are
fetched at the same time: about a million artifacts in one manifest.
"""
MOST_STREAMED: Final = 8 * 2**30
"""The limit for the index of a release, which is never in memory: that of 10,000 topics has 0.3 GB, and each
release adds what has changed to its history.
"""
STREAMED: Final = 16 * 2**20
"""Objects with more bytes are never in memory: they are written part by part, as they arrive."""
_AT_ONCE: Final = 8
"""Objects that are fetched at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What was done to make a release complete."""

    fetched: int
    reused: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """Brings objects of one server into one store."""

    fetcher: Fetcher
    store: Store
    verify: bool
    """Whether objects that are here already are read and compared."""
    progress: Progress
    writing: Lock = field(default_factory=Lock)
    """Objects arrive at the same time; a store is used by one thread at a time."""
    room: "_Room" = field(default_factory=lambda: _Room(MOST_BYTES))
    """What objects that are fetched at the same time take."""
    read_ahead: dict[str, bytes] = field(default_factory=dict)
    """Objects that were fetched to judge the release, by key, before anything was written."""

    def complete(self, manifest: Manifest, flushed: Manifest | None) -> Completed:
        """Fetch the objects of a release that are not here, or damaged; `flushed` has reached the disk."""
        known = promises_of(flushed) if flushed and not self.verify else {}
        objects = promises_of(manifest)
        missing = {key: objects[key] for key in lacking(self.store, objects, known)}
        # What has been read ahead is stored first: it need not be fetched again if a later one fails.
        missing = dict(sorted(missing.items(), key=lambda item: item[0] not in self.read_ahead))
        short = {key: promise for key, promise in missing.items() if not self._is_streamed(key, promise)}
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            for done, _ in enumerate(pool.map(self._fetch, short, short.values()), start=1):
                self.progress(done, len(missing))
        finally:
            # One failure decides; starting the remaining downloads would only make the caller wait.
            pool.shutdown(cancel_futures=True)
        for done, key in enumerate(missing.keys() - short.keys(), start=len(short) + 1):
            self._stream(key, missing[key])
            self.progress(done, len(missing))
        return Completed(
            fetched=len(missing),
            reused=len(objects) - len(missing),
            bytes=sum(promise.length for promise in missing.values()),
        )

    def get_promised(self, key: str, promise: Promise) -> bytes:
        """Return what a manifest or pointer promises; raises IntegrityError if it is not."""
        where = f"{self.fetcher.base}/{key}"
        status, data = self.fetcher.get(key, promise.length, packed=True)
        if status != httpx.codes.OK:
            raise IntegrityError(where, expected=f"{promise.length} bytes", actual="nothing")
        check_bytes(where, data, promise)
        return data

    def _is_streamed(self, key: str, promise: Promise) -> bool:
        return promise.length > STREAMED and key not in self.read_ahead

    def _fetch(self, key: str, promise: Promise) -> None:
        with self.room.taken(promise.length):
            data = self.read_ahead.get(key) or self.get_promised(key, promise)
            with self.writing:
                if not self.store.stage(key, (data,)):
                    self.store.replace(key, data)  # what is in place was found to be damaged

    def _stream(self, key: str, promise: Promise) -> None:
        """Store an object while it arrives; one with other bytes does not stay."""

        def parts() -> Iterator[bytes]:
            return checked_parts(
                f"{self.fetcher.base}/{key}", self.fetcher.parts(key, promise.length), promise
            )

        if not self.store.stage(key, parts()):
            self.store.restage(key, parts())


class _Room:
    """Limits how many bytes are in memory at the same time; what is longer waits until it is alone."""

    def __init__(self, total: int) -> None:
        self._total = self._free = total
        self._changed = Condition()

    @contextmanager
    def taken(self, length: int) -> Iterator[None]:
        length = min(length, self._total)
        with self._changed:
            self._changed.wait_for(lambda: length <= self._free)
            self._free -= length
        try:
            yield
        finally:
            with self._changed:
                self._free += length
                self._changed.notify_all()
