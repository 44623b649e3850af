"""The access log: one line for each request, without anything that says what a person asked for.

It has the template of the route, `/{language}/{topic}`, never the path, the query or the client's address:
those of a health service say who reads about what.
"""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final

import orjson

_STANDARD_ERROR: Final = 2
_MOMENT_S: Final = 0.1
_PIECE: Final = 4_096
"""So many bytes reach a pipe in one piece (PIPE_BUF of Linux): lines of several workers are not mixed up."""
_MOST: Final = 500
"""This many entries do not wait for the end of the moment."""


class AccessLog:
    """Collects entries for a moment, and writes them with few calls."""

    def __init__(self, members: Mapping[str, str], descriptor: int = _STANDARD_ERROR) -> None:
        """Write JSON, each line with these members, too; without members, words."""
        self._members = members
        self._descriptor = descriptor
        self._entries: list[bytes] = []
        self._second = 0
        self._shown = ""

    def write(self, method: str, route: str, status: int, length: int, seconds: float, request: str) -> None:
        """Write an entry; `request` is the id that the answer has, too."""
        if not self._members:
            entry = (
                f"{self._now()} {method} {route or '-'} {status} {length} {seconds:.6f} {request}\n"
            ).encode()
        else:
            entry = orjson.dumps(
                {
                    "time": self._now(),
                    "level": "info",
                    **self._members,
                    "message": "request",
                    "method": method,
                    "route": route or None,
                    "status": status,
                    "bytes": length,
                    "seconds": round(seconds, 6),
                    "request": request,
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )
        if not self._entries:
            asyncio.get_running_loop().call_later(_MOMENT_S, self.flush)
        self._entries.append(entry)
        if len(self._entries) >= _MOST:
            self.flush()

    def flush(self) -> None:
        """Write what was collected, in pieces of whole lines."""
        entries, self._entries = self._entries, []
        with suppress(OSError):  # a reader that went away, or a full disk, stops no answer
            for piece in _pieces(entries):
                written = 0
                while written < len(piece):
                    written += os.write(self._descriptor, piece[written:])

    def _now(self) -> str:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._shown = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        return self._shown


def _pieces(entries: Iterable[bytes]) -> Iterator[bytes]:
    piece = b""
    for entry in entries:
        if piece and len(piece) + len(entry) > _PIECE:
            yield piece
            piece = b""
        piece += entry
    yield piece
