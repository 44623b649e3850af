"""What a client may ask of the service: sizes, times and numbers."""

import resource
from dataclasses import dataclass, replace
from typing import Final

from healthtopics.delivery.opening import MOST_EARLIER

THREADS: Final = 8
"""Of a worker, for answers that are not in the cache. They share one interpreter: more are not faster."""
OWN: Final = 32 + THREADS * (1 + MOST_EARLIER)
"""The file descriptors of a worker that are not connections: the log, the event loop, files that are read,
and for each thread the indexes of the current and of earlier releases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one worker."""

    target: int = 8_000
    """The length of the request target, in bytes; beyond it 414."""
    headers: int = 32_768
    """The length of all header fields together, in bytes; beyond it 431."""
    body: int = 262_144
    """The length of the body, in bytes; beyond it 413. A problem list for CDS Hooks takes some 100,000."""
    receiving_s: float = 10.0
    """From the first byte of a request, or from the start of the connection, to its last; beyond it 408."""
    idle_s: float = 75.0
    """Between two requests. Longer than the 60 s of nginx, so that a proxy closes first."""
    answering_s: float = 30.0
    """To make an answer; beyond it 503."""
    sending_s: float = 30.0
    """In which a client must take at least `sending` bytes of an answer that waits for it."""
    sending: int = 16_384
    making: int = 256
    """Answers that are being made, or wait for a thread; a request for one more gets 503."""
    connections: int = 4_000
    """At once. A new one closes the oldest that waits for a request; if all are at work, it gets 503."""
    stopping_s: float = 20.0
    """For the requests that are at work when the service stops."""

    def within_descriptors(self) -> "Limits":
        """Return the limits with as many connections as the system allows this process.

        The soft limit of open files is raised to the hard one first.
        """
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.connections + OWN
        allowed = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, _soft_now()), hard))
        return replace(self, connections=max(1, min(self.connections, allowed - OWN)))


def _soft_now() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return hard if soft == resource.RLIM_INFINITY else soft
