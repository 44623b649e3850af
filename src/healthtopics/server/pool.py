"""The open connections of a process by what they are doing, and since when: their limits."""

import asyncio
from typing import Final, Protocol

from healthtopics.delivery.message import Wording
from healthtopics.server.limits import Limits
from healthtopics.server.tally import WorkerTally

_LINGER_S: Final = 2.0
"""How long a client may read the answer to a request that was not read to its end."""
_BUSY: Final = Wording(
    en="the service has too many connections now; try again in a moment.",
    es="el servicio tiene demasiadas conexiones en este momento; vuelva a intentarlo en un momento.",
)


class Pooled(Protocol):
    """A connection, as its pool sees it."""

    transport: asyncio.Transport

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has arrived."""

    def refuse(self, status: int, detail: Wording, retry_after: int = 0) -> None:
        """Send an error and end the connection."""

    def expire(self) -> None:
        """End a request that takes too long to arrive."""

    def close(self) -> None:
        """Close when the client has taken everything."""


class Pool:
    """The connections, which report what they are doing. Used by the event loop only."""

    def __init__(self, limits: Limits, counts: WorkerTally) -> None:
        self._limits = limits
        self._counts = counts
        self._loop = asyncio.get_running_loop()
        self._connections: set[Pooled] = set()
        # Each by when it began, the oldest first.
        self._receiving: dict[Pooled, float] = {}
        self._idle: dict[Pooled, float] = {}
        self._lingering: dict[Pooled, float] = {}
        self._sending: dict[Pooled, tuple[float, int]] = {}
        self._empty = asyncio.Event()

    def __len__(self) -> int:
        return len(self._connections)

    async def stop(self) -> None:
        """Close what waits for a request, then wait for the others; whatever takes too long is aborted."""
        for connection in (*self._idle, *(each for each in self._receiving if not each.has_begun)):
            self._close(connection, "stopping")
        if self._connections:
            self._empty.clear()
            try:
                await asyncio.wait_for(self._empty.wait(), self._limits.stopping_s)
            except TimeoutError:
                for connection in list(self._connections):
                    self._counts.count_closed("stopping")
                    connection.transport.abort()

    def opened(self, connection: Pooled) -> None:
        """Note a new connection; if there are too many, close the one that has waited for longest."""
        self._connections.add(connection)
        self._receiving[connection] = self._loop.time()
        if len(self._connections) <= self._limits.connections:
            return
        oldest = next(iter(self._idle), None) or next(iter(self._receiving))
        self._counts.count_closed("full")
        if oldest is connection:
            del self._receiving[connection]
            connection.refuse(503, _BUSY, retry_after=1)
        else:
            oldest.transport.abort()
            self.closed(oldest)

    def closed(self, connection: Pooled) -> None:
        """Forget a connection."""
        for each in (self._receiving, self._idle, self._lingering, self._sending):
            each.pop(connection, None)
        self._connections.discard(connection)
        if not self._connections:
            self._empty.set()

    def receives(self, connection: Pooled) -> None:
        """Note that a request has begun."""
        self._idle.pop(connection, None)
        if connection not in self._receiving:
            self._receiving[connection] = self._loop.time()

    def has_received(self, connection: Pooled) -> None:
        """Note that a request is complete."""
        self._receiving.pop(connection, None)

    def waits(self, connection: Pooled) -> None:
        """Note that a connection waits for the next request."""
        if connection in self._connections:
            self._idle[connection] = self._loop.time()

    def sends(self, connection: Pooled) -> None:
        """Note that a client has not taken its answer yet."""
        self._idle.pop(connection, None)
        self._sending[connection] = (self._loop.time(), connection.transport.get_write_buffer_size())

    def has_sent(self, connection: Pooled) -> None:
        """Note that it has taken it."""
        self._sending.pop(connection, None)

    def closes(self, connection: Pooled) -> None:
        """Note that a connection ends when the client has taken what was sent."""
        for each in (self._receiving, self._idle, self._lingering):
            each.pop(connection, None)
        if connection.transport.get_write_buffer_size():
            self.sends(connection)

    def lingers(self, connection: Pooled) -> None:
        """Note that a connection only waits for the client to end it."""
        self._lingering[connection] = self._loop.time()

    def close_late(self) -> None:
        """Close connections whose time is over."""
        now = self._loop.time()
        for connection, since in list(self._receiving.items()):
            if now - since < self._limits.receiving_s:
                break
            del self._receiving[connection]
            self._counts.count_closed("receiving")
            connection.expire()
        for connections, seconds in ((self._idle, self._limits.idle_s), (self._lingering, _LINGER_S)):
            for connection, since in list(connections.items()):
                if now - since < seconds:
                    break
                self._close(connection, "idle")
        for connection, (since, before) in list(self._sending.items()):
            if now - since >= self._limits.sending_s:
                left = connection.transport.get_write_buffer_size()
                if before - left < self._limits.sending:
                    self._counts.count_closed("sending")
                    connection.transport.abort()
                else:
                    self._sending[connection] = (now, left)

    def _close(self, connection: Pooled, reason: str) -> None:
        # What the client has not taken yet has its time, and is counted when that is over.
        if not connection.transport.get_write_buffer_size():
            self._counts.count_closed(reason)
        connection.close()
