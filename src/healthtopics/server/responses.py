"""Responses in the form in which they are sent, and the cache of them."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final

from healthtopics.delivery.health import LIVE, METRICS, READY
from healthtopics.delivery.message import Response
from healthtopics.delivery.parts import JoinedSlices, Part
from healthtopics.delivery.table import ROUTES

Fields = tuple[tuple[bytes, bytes], ...]
"""Header fields by lower-case name, in the order in which they came."""
Key = tuple[bytes, bytes, bytes, Fields]
"""What an answer depends on: method, target, body, and those fields that `delivery` looks at."""

_MOST_KEPT: Final = 64 * 2**20
"""The size of the cache of answers, in bytes."""
_OF_ANSWER: Final = 2048
"""What the objects of an answer take besides its bytes, in bytes."""
_OF_SLICE: Final = 256
"""What a slice of a body in several parts takes, in bytes."""


PATHS: Final[Mapping[str, str]] = {
    **{path: path for path in (LIVE, READY, METRICS)},
    **{route.operation: route.path for route in ROUTES},
}
"""By operation: the template of the path, which is all that logs and metrics know of one."""


@dataclass(eq=False)
class EncodedResponse:
    """A response, ready to be sent: `head` lacks only its last, empty line."""

    status: int
    head: bytes
    body: bytes = b""
    part: Part | None = None
    """What is sent instead of the body, if it is large."""
    route: str = ""
    """The template of the path; empty if no route answered."""
    is_private: bool = False

    @cached_property
    def length(self) -> int:
        """The number of bytes of the body."""
        return self.part.length if self.part else len(self.body)

    @cached_property
    def private_head(self) -> bytes:
        """The head of the same answer for one client: no shared cache may keep it."""
        return self.head.replace(b"\r\nCache-Control: public", b"\r\nCache-Control: private")


def encode(response: Response) -> EncodedResponse:
    """Return a response, whose problem is written if it is one, in the form in which it is sent."""
    assert response.problem is None  # noqa: S101 - it would be sent without its body
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    head = "".join(f"{line}\r\n" for line in lines).encode("latin-1")
    return EncodedResponse(
        response.status,
        head,
        response.body,
        response.part,
        PATHS.get(response.operation, ""),
        response.is_private,
    )


class ResponseCache:
    """The most recent answers, up to a number of bytes. Used by one thread only."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Key, EncodedResponse] = OrderedDict()

    def get(self, key: Key) -> EncodedResponse | None:
        """Return the answer for a key, if there is one."""
        answer = self._kept.get(key)
        if answer is not None:
            self._kept.move_to_end(key)
        return answer

    def put(self, key: Key, answer: EncodedResponse) -> None:
        """Keep an answer, and forget those that were not used for longest."""
        weight = _weight(key, answer)
        if key in self._kept or weight > self._most // 4:
            return
        self._kept[key] = answer
        self._bytes += weight
        while self._bytes > self._most:
            self._bytes -= _weight(*self._kept.popitem(last=False))


def _weight(key: Key, answer: EncodedResponse) -> int:
    method, target, body, fields = key
    of_key = len(method) + len(target) + len(body) + sum(len(name) + len(value) for name, value in fields)
    of_part = len(answer.part.slices) * _OF_SLICE if isinstance(answer.part, JoinedSlices) else 0
    return of_key + len(answer.head) + len(answer.body) + of_part + _OF_ANSWER
