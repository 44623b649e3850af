"""Results for files that have not changed, cached by the digest of everything that they were made from.

A key is a digest of everything that its value depends on, so that a value never goes out of date: other
files, another configuration or another version of the software have another key. A value is only used if
its own digest is right. Without a cache, or with a damaged one, everything is computed with the same result.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Protocol, TypeVar

import msgspec

from healthtopics import jsontext

_T = TypeVar("_T")
_K = TypeVar("_K")

_CHUNK: Final = 500
"""Values that are read at a time."""
_DIGEST: Final = 64


class Cache(Protocol):
    """Keeps bytes by key. It may lose any of them at any time, and never fails."""

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return the values of those keys that are present."""

    def write(self, values: Mapping[str, bytes]) -> None:
        """Store these values if possible."""


class NoCache:
    """Stores nothing."""

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return nothing."""
        del keys
        return {}

    def write(self, values: Mapping[str, bytes]) -> None:
        """Do nothing."""

    def __reduce__(self) -> str:
        return "NO_CACHE"  # each process has exactly one, so that `is` finds it


NO_CACHE: Final = NoCache()


def key_of(kind: str, *parts: object) -> str:
    """Return the key of a value of some kind that is made from these parts, JSON each."""
    return f"{kind}:{jsontext.digest(jsontext.dump_line(parts))}"


def recall(cache: Cache, keys: Mapping[_K, str], kind: type[_T]) -> Iterator[tuple[_K, _T]]:
    """Yield the cached values, all of one type, with the names of their keys."""
    decoder = msgspec.json.Decoder(kind)
    waiting = iter(keys.items())
    while chunk := dict(islice(waiting, _CHUNK)):
        values = cache.read(chunk.values())
        for name, key in chunk.items():
            text = _unsealed(key, values.get(key, b""))
            if text is None:
                continue
            try:
                value = decoder.decode(text)
            except msgspec.DecodeError:  # something wrote what it promised not to: compute it again
                continue
            yield name, value


def remember(cache: Cache, values: Mapping[str, object]) -> None:
    """Store values in the cache by their keys: dataclasses, or JSON values."""
    if values:
        cache.write({key: _sealed(key, msgspec.json.encode(value)) for key, value in values.items()})


def _sealed(key: str, text: bytes) -> bytes:
    return jsontext.digest(key.encode() + text).encode() + text


def _unsealed(key: str, data: bytes) -> bytes | None:
    seal, text = data[:_DIGEST], data[_DIGEST:]
    return text if seal == jsontext.digest(key.encode() + text).encode() else None
