"""One worker: the connections of one process, and what it does once a second."""

import asyncio
import logging
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from healthtopics.server.access import AccessLog
from healthtopics.server.answering import Answering, failure_of
from healthtopics.server.connection import Connection
from healthtopics.server.gate import Gate
from healthtopics.server.limits import Limits
from healthtopics.server.pool import Pool
from healthtopics.server.responses import PATHS
from healthtopics.server.service import Service
from healthtopics.server.tally import Tally, WorkerTally

_REFRESH_S: Final = 1.0
"""How often the worker looks for a new release, for revoked keys and for what has taken too long."""

_log = logging.getLogger(__name__)


def tally_for(workers: int) -> Tally:
    """Return what so many workers count in."""
    return Tally(PATHS.values(), workers)


class Worker:
    """The connections of one process. Everything but the making of answers happens in its event loop."""

    def __init__(
        self,
        service: Service,
        gate: Gate,
        limits: Limits,
        *,
        log: AccessLog | None,
        tally: Tally,
        number: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Serve; `number` is that of this worker among those of the tally."""
        self._counts: WorkerTally = tally.counts[number]
        self.answers = Answering(service, gate, limits, log=log, tally=tally, counts=self._counts, now=now)
        self.pool = Pool(limits, self._counts)
        self._refresh_gauges()

    async def serve(self, listening: socket.socket, stop: asyncio.Event) -> None:
        """Accept connections until `stop` is set, then finish the requests that are at work."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connection(self.answers, self.pool), sock=listening, backlog=2048
        )
        refreshing = loop.create_task(self._refresh())
        looking = loop.create_task(self._look())
        await stop.wait()
        server.close()
        self.answers.is_stopping = True
        await self.pool.stop()
        refreshing.cancel()
        looking.cancel()
        self.answers.close()

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(_REFRESH_S)
            try:
                await self.answers.refresh()
            except Exception as error:  # noqa: BLE001 - the next second may be better
                _log.error("the service could not look for a new release: %s", failure_of(error))

    async def _look(self) -> None:
        """Close what is late, whatever the threads are doing."""
        while True:
            await asyncio.sleep(_REFRESH_S)
            try:
                self.pool.close_late()
                self._refresh_gauges()
            except Exception as error:  # noqa: BLE001 - the other connections are looked at in a second
                _log.error("a connection could not be closed: %s", failure_of(error))

    def _refresh_gauges(self) -> None:
        set_gauge, service = self._counts.set_gauge, self.answers.service
        set_gauge("requests_in_flight", self.answers.in_flight)
        set_gauge("connections", len(self.pool))
        set_gauge("release_number", service.number)
        pointer = service.pointer()
        for name, member in (("time", "timestamp"), ("expires", "expires_timestamp")):
            moment = datetime.fromisoformat(pointer[name]).timestamp() if pointer else 0
            set_gauge(f"release_{member}_seconds", moment)
        set_gauge("release_fit", not service.reason_against(self.answers.now))
        set_gauge("release_is_newest", bool(service.number) and not service.warning)
