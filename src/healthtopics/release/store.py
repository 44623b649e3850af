"""What keeps the files of releases, and bytes that are only believed after a comparison."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final, Protocol

from healthtopics.compression import CODINGS, ContentCoding
from healthtopics.errors import IntegrityError, ReleaseError
from healthtopics.problems import Problem
from healthtopics.release.keys import object_key, release_in
from healthtopics.release.manifest import Artifact, Promise


class Objects(Protocol):
    """What has bytes under keys, which are relative paths with slashes."""

    def read(self, key: str) -> bytes:
        """Return the bytes; raises FileNotFoundError if there are none."""

    def length(self, key: str) -> int:
        """Return the number of bytes; raises FileNotFoundError if there are none, or only a link."""

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        """Return some of the bytes; raises FileNotFoundError if there are none."""


class Store(Objects, Protocol):
    """Where releases are kept."""

    def parts(self, key: str) -> Iterator[bytes]:
        """Yield the bytes, part by part; raises FileNotFoundError if there are none."""

    def create(self, key: str, data: bytes) -> bool:
        """Write bytes that must not exist yet, durably; return False, changing nothing, if they do."""

    def stage(self, key: str, parts: Iterable[bytes]) -> bool:
        """Do what `create` does with bytes whose key is their digest; they are durable after `flush`."""

    def flush(self) -> None:
        """Return when everything written, by any process, would survive a power cut."""

    def replace(self, key: str, data: bytes) -> None:
        """Replace bytes, durably, in one step."""

    def restage(self, key: str, parts: Iterable[bytes]) -> None:
        """Replace damaged bytes whose key is their digest, durably, in one step."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that start with the prefix, sorted."""

    def switch(self, number: int) -> None:
        """Make the release's pointers the current ones, in one step."""


def put_manifest_parts(store: Store, parts: Iterable[bytes]) -> None:
    """Store the parts of a manifest; they are durable once the store has been flushed."""
    for text in parts:
        put_parts(store, "part.json", (text,))


_SHOWN: Final = 10
"""The most problems of a document that are shown, as only its author can fix them."""


def numbers(store: Store) -> list[int]:
    """Return the numbers of all releases, ascending: those whose manifest exists."""
    found = filter(None, map(release_in, store.keys("releases/")))
    return sorted(number for number, name in found if name == "manifest.json")


def read_artifact(store: Store, name: str, artifact: Artifact) -> bytes:
    """Return the bytes of an artifact, checked; raises IntegrityError if they are missing or differ."""
    key = object_key(name, artifact.sha256)
    return read_promised(store, key, artifact.promise)


def read_promised(store: Objects, key: str, promise: Promise) -> bytes:
    """Return what a manifest or pointer promises; raises IntegrityError if it is missing or differs."""
    try:
        data = store.read(key)
    except FileNotFoundError:
        raise IntegrityError(key, expected=f"{promise.length} bytes", actual="nothing") from None
    check_bytes(key, data, promise)
    return data


def read_whole(store: Objects, key: str, offset: int, length: int) -> bytes:
    """Return some bytes of a file, all of them; raises IntegrityError if it does not have so many."""
    try:
        data = store.read_slice(key, offset, length)
    except FileNotFoundError:
        data = b""
    if len(data) != length:
        raise IntegrityError(key, expected=f"{offset + length} bytes or more", actual="fewer")
    return data


def promised_parts(store: Store, key: str, promise: Promise) -> Iterator[bytes]:
    """Yield what a manifest promises, part by part.

    Raises IntegrityError if it is missing, or at the end if it differs.
    """
    try:
        yield from checked_parts(key, store.parts(key), promise)
    except FileNotFoundError:
        raise IntegrityError(key, expected=f"{promise.length} bytes", actual="nothing") from None


def checked_parts(key: str, parts: Iterable[bytes], promise: Promise) -> Iterator[bytes]:
    """Yield parts; raises IntegrityError at the end if together they are not what a manifest promises."""
    hashed, length = sha256(), 0
    for part in parts:
        hashed.update(part)
        length += len(part)
        yield part
    _check(key, Promise(hashed.hexdigest(), length), promise)


def check_promised(store: Store, key: str, promise: Promise) -> None:
    """Raise IntegrityError if what a manifest or pointer promises is missing or differs."""
    for _ in promised_parts(store, key, promise):
        pass


def put_parts(store: Store, name: str, parts: Iterable[bytes]) -> tuple[str, int]:
    """Store an artifact under its digest, replacing damaged bytes; return digest and length.

    The parts are read twice, so that those of an iterator are kept in memory. They are durable once the store
    has been flushed.
    """
    if isinstance(parts, Iterator):
        parts = tuple(parts)
    promise = Promise.of_parts(parts)
    key = object_key(name, promise.sha256)
    # An existing object is not trusted: a power cut may have left it empty under its final name.
    if not store.stage(key, parts) and lacking(store, {key: promise}, ()):
        store.restage(key, parts)
    return promise.sha256, promise.length


def lacking(store: Store, objects: Mapping[str, Promise], flushed: Container[str]) -> list[str]:
    """Return the keys of objects that are missing or damaged in a store.

    The lengths of those that have reached the disk are enough; others are read, and their digests compared.
    """

    def is_intact(key: str, promise: Promise) -> bool:
        try:
            if store.length(key) != promise.length:
                return False
            if key not in flushed:
                check_promised(store, key, promise)
        except (FileNotFoundError, IntegrityError):
            return False
        return True

    return [key for key, promise in objects.items() if not is_intact(key, promise)]


def damaged_siblings(store: Store, key: str, promise: Promise) -> Iterator[IntegrityError]:
    """Yield what is wrong with the compressed forms of an object; a missing one is not wrong."""
    for coding in CODINGS.values():
        try:
            data = store.read(key + coding.suffix)
        except FileNotFoundError:
            continue
        try:
            check_bytes(key, coding.unpack(data, promise.length), promise)
        except (ValueError, IntegrityError):
            yield IntegrityError(
                key + coding.suffix, expected=f"{key} in {coding.name}", actual="other bytes"
            )


def has_sibling(store: Store, key: str, promise: Promise, coding: ContentCoding, *, check: bool) -> bool:
    """Return whether an object has a compressed form; with `check`, whether it is that of this object."""
    try:
        length = store.length(key + coding.suffix)
    except FileNotFoundError:
        return False
    if not check:
        return length > 0
    wrong = {error.key for error in damaged_siblings(store, key, promise)}
    return key + coding.suffix not in wrong


def refuse(problems: Sequence[Problem]) -> None:
    """Raise ReleaseError with the problems, if any, of data offered as part of a release."""
    if problems:
        more = f"\n… and {len(problems) - _SHOWN} more." if len(problems) > _SHOWN else ""
        raise ReleaseError("\n".join(map(str, problems[:_SHOWN])) + more)


def check_bytes(key: str, data: bytes, promise: Promise) -> None:
    """Raise IntegrityError if bytes are not what a manifest or pointer promises."""
    _check(key, Promise.of(data), promise)


def _check(key: str, actual: Promise, promise: Promise) -> None:
    if actual.length != promise.length:
        raise IntegrityError(key, expected=f"{promise.length} bytes", actual=f"{actual.length} bytes")
    if actual.sha256 != promise.sha256:
        raise IntegrityError(key, expected=f"SHA-256 {promise.sha256}", actual=actual.sha256)
