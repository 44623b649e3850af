"""In which content codings a representation can be sent, and its bytes in each.

Compressed forms that the store has beside an object come first. What has none is compressed on request, if it
is small.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from healthtopics.compression import CODINGS
from healthtopics.delivery.negotiation import IDENTITY
from healthtopics.delivery.parts import JoinedSlices, MadeBytes, Part, Slice
from healthtopics.delivery.representation import Representation
from healthtopics.errors import IntegrityError
from healthtopics.release import Objects, Promise, check_bytes, read_promised, read_whole

LARGE: Final = 2**20
"""Files of this length or more, in bytes, are sent without being read into memory."""
_TINY: Final = 256
"""Shorter bodies are not compressed: they would hardly become shorter."""
_ON_REQUEST: Final = "gzip"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A representation in one content coding."""

    coding: str
    """A name in CODINGS, or IDENTITY."""
    length: int
    """In bytes."""
    content: bytes | Part
    """The bytes, or where a large file has them, whose bytes are not checked."""


def codings_of(found: Representation, objects: Objects) -> tuple[str, ...]:
    """Return the content codings in which a representation is to be had, besides as it is."""
    if isinstance(found.content, str) and (beside := tuple(_beside(found.content, objects))):
        return beside
    is_small = _TINY <= found.length < LARGE
    return (_ON_REQUEST,) if is_small and _is_text(found.media_type) else ()


def etag_of(found: Representation, coding: str) -> str:
    """Return the ETag: that of the version, if there is one, else the strong one of what is sent."""
    if found.version:
        return f'W/"{found.version}"'
    return f'"{found.sha256}"' if coding == IDENTITY else f'"{found.sha256}-{coding}"'


def encode(found: Representation, coding: str, objects: Objects) -> Encoded:
    """Return a representation in one of its codings.

    Raises what reading from the store raises, and IntegrityError if it does not have the promised bytes.
    """
    key, promise = found.content, Promise(found.sha256, found.length)
    if isinstance(key, bytes):
        data = key
    elif isinstance(key, MadeBytes):
        if found.length >= LARGE:
            return Encoded(IDENTITY, found.length, key)
        data = b"".join(key.make())
    elif isinstance(key, JoinedSlices):
        if found.length >= LARGE:
            return Encoded(IDENTITY, found.length, key)
        slices = key.within(0, key.length)
        data = b"".join(read_whole(objects, each.key, each.offset, each.length) for each in slices)
    elif coding != IDENTITY and coding in _beside(key, objects):
        return _packed(key + CODINGS[coding].suffix, coding, promise, objects)
    elif found.length >= LARGE:
        return Encoded(IDENTITY, found.length, Slice(key, 0, _length(key, promise, objects)))
    else:
        data = read_promised(objects, key, promise)
    data = data if coding == IDENTITY else CODINGS[coding].pack(data)
    return Encoded(coding, len(data), data)


def measure(found: Representation, coding: str, objects: Objects) -> Encoded:
    """Return what `encode` does, without the content if its length is known without it."""
    if coding == IDENTITY:
        return Encoded(coding, found.length, b"")
    lengths = _beside(found.content, objects) if isinstance(found.content, str) else {}
    return Encoded(coding, lengths[coding], b"") if coding in lengths else encode(found, coding, objects)


def _length(key: str, promise: Promise, objects: Objects) -> int:
    try:
        length = objects.length(key)
    except FileNotFoundError:
        length = 0
    if length != promise.length:
        raise IntegrityError(key, expected=f"{promise.length} bytes", actual=f"{length} bytes")
    return length


def _packed(key: str, coding: str, promise: Promise, objects: Objects) -> Encoded:
    length = objects.length(key)
    if length >= LARGE:
        return Encoded(coding, length, Slice(key, 0, length))
    data = objects.read(key)
    try:
        check_bytes(key, CODINGS[coding].unpack(data, promise.length), promise)
    except ValueError:
        raise IntegrityError(
            key, expected=f"{coding} of {promise.length} bytes", actual="other bytes"
        ) from None
    return Encoded(coding, length, data)


def _beside(key: str, objects: Objects) -> Mapping[str, int]:
    """Return the lengths of the compressed forms beside an object, by coding."""
    found: dict[str, int] = {}
    for name, coding in CODINGS.items():
        try:
            found[name] = objects.length(key + coding.suffix)
        except FileNotFoundError:
            continue
    return found


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or "json" in media_type or "xml" in media_type
