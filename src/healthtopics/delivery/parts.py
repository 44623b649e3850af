"""Where the bytes of an answer come from that are sent without being read into memory."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes of a file of the store."""

    key: str
    offset: int
    length: int

    def within(self, offset: int, length: int) -> Iterator["Slice"]:
        """Yield what some of these bytes are; `offset` counts from the first."""
        yield Slice(self.key, self.offset + offset, min(length, self.length - offset))


@dataclass(frozen=True, slots=True)
class JoinedSlices:
    """Bytes of several files of the store, one after the other."""

    slices: tuple[Slice, ...]
    ends: tuple[int, ...]
    """Where each ends, counted from the first byte of all."""

    @classmethod
    def of(cls, slices: Iterable[Slice]) -> "JoinedSlices":
        """Return these bytes; those that follow each other in a file are one slice."""
        joined: list[Slice] = []
        for each in slices:
            last = joined[-1] if joined else None
            if last and last.key == each.key and last.offset + last.length == each.offset:
                joined[-1] = Slice(last.key, last.offset, last.length + each.length)
            else:
                joined.append(each)
        return cls(tuple(joined), tuple(accumulate(each.length for each in joined)))

    @property
    def length(self) -> int:
        """The number of bytes."""
        return self.ends[-1] if self.ends else 0

    def within(self, offset: int, length: int) -> Iterator[Slice]:
        """Yield what some of these bytes are; `offset` counts from the first."""
        number = bisect_right(self.ends, offset)
        while length > 0 and number < len(self.slices):
            each = self.slices[number]
            begin = max(0, offset - (self.ends[number] - each.length))
            count = min(length, each.length - begin)
            yield Slice(each.key, each.offset + begin, count)
            length -= count
            number += 1


@dataclass(frozen=True, slots=True, eq=False)
class MadeBytes:
    """Bytes that are made while they are sent, the same ones each time."""

    length: int
    make: Callable[[], Iterator[bytes]]
    """Yields them from the first to the last."""


class OpenBytes:
    """Bytes that are read from the first to the last."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ready = bytearray()

    def read(self, length: int) -> bytes:
        """Return the next bytes, fewer only at the end."""
        while len(self._ready) < length and (piece := next(self._pieces, b"")):
            self._ready += piece
        found = bytes(self._ready[:length])
        del self._ready[:length]
        return found


Part = Slice | JoinedSlices | MadeBytes
"""Bytes that are not read into memory at once."""
Source = Slice | JoinedSlices | OpenBytes
"""What they are read from for one answer."""


def opened(part: Part) -> Source:
    """Return what to read a part from, for one answer."""
    return OpenBytes(part.make()) if isinstance(part, MadeBytes) else part
