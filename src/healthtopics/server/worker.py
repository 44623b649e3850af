"""One worker: the connections of one process, their limits, and what they share."""

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Final

from healthtopics.delivery.message import Slice, Wording, problem
from healthtopics.errors import HealthTopicsError
from healthtopics.server import health
from healthtopics.server.access import AccessLog
from healthtopics.server.connection import Connection, Received, failure_of
from healthtopics.server.gate import ADMITTED, Admission, Gate
from healthtopics.server.health import Fitness
from healthtopics.server.limits import THREADS, Limits
from healthtopics.server.responses import PATHS, EncodedResponse, Key
from healthtopics.server.service import Served, Service, keep
from healthtopics.server.tally import Tally, WorkerTally

_REFRESH_S: Final = 1.0
"""How often the worker looks for a new release, for revoked keys and for what has taken too long."""
_LINGER_S: Final = 2.0
"""How long a client may read the answer to a request that was not read to its end."""

_BUSY: Final = Wording(
    en="the service has too many connections now; try again in a moment.",
    es="el servicio tiene demasiadas conexiones en este momento; vuelva a intentarlo en un momento.",
)
_SLOW: Final = Wording(
    en="the answer took longer than {most} seconds; try again in a moment.",
    es="la respuesta tardó más de {most} segundos; vuelva a intentarlo en un momento.",
)
_FULL: Final = Wording(
    en="the service has too many answers to make now; try again in a moment.",
    es="el servicio tiene demasiadas respuestas pendientes; vuelva a intentarlo en un momento.",
)
_BUG: Final = Wording(
    en="the service has failed; its log says how.",
    es="el servicio ha fallado; su registro indica cómo.",
)
_GONE: Final = Wording(
    en="a file of the release cannot be read now.",
    es="un archivo de la versión no se puede leer en este momento.",
)

_log = logging.getLogger(__name__)


class _TooManyError(Exception):
    """Raised instead of making one more answer."""


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
        self.service = service
        self.gate = gate
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self.is_stopping = False
        self.in_flight = 0
        self._log = log
        self._tally = tally
        self._counts: WorkerTally = tally.counts[number]
        self._now = now
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="answers")
        # Whether the release is fit must be known however many answers are being made.
        self._own_thread = ThreadPoolExecutor(1, thread_name_prefix="refresh")
        self._making: dict[tuple[Served, Key], asyncio.Future[EncodedResponse]] = {}
        self._connections: set[Connection] = set()
        # Each by when it began, the oldest first.
        self._receiving: dict[Connection, float] = {}
        self._idle: dict[Connection, float] = {}
        self._lingering: dict[Connection, float] = {}
        self._sending: dict[Connection, tuple[float, int]] = {}
        self._empty = asyncio.Event()
        self._prefix = secrets.token_hex(4)
        self._requests = 0
        self._date = (0, b"")
        self._refresh_gauges()

    async def serve(self, listening: socket.socket, stop: asyncio.Event) -> None:
        """Accept connections until `stop` is set, then finish the requests that are at work."""
        server = await self.loop.create_server(lambda: Connection(self), sock=listening, backlog=2048)
        refreshing = self.loop.create_task(self._refresh())
        looking = self.loop.create_task(self._look())
        await stop.wait()
        server.close()
        self.is_stopping = True
        for connection in (*self._idle, *(each for each in self._receiving if not each.has_begun)):
            self._close(connection, "stopping")
        if self._connections:
            self._empty.clear()
            try:
                await asyncio.wait_for(self._empty.wait(), self.limits.stopping_s)
            except TimeoutError:
                for connection in list(self._connections):
                    self._counts.count_closed("stopping")
                    connection.transport.abort()
        refreshing.cancel()
        looking.cancel()
        for threads in (self._threads, self._own_thread):
            threads.shutdown(wait=False, cancel_futures=True)
        if self._log is not None:
            self._log.flush()

    # The state of connections, which they report

    def opened(self, connection: Connection) -> None:
        """Note a new connection; if there are too many, close the one that has waited for longest."""
        self._connections.add(connection)
        self._receiving[connection] = self.loop.time()
        if len(self._connections) <= self.limits.connections:
            return
        oldest = next(iter(self._idle), None) or next(iter(self._receiving))
        self._counts.count_closed("full")
        if oldest is connection:
            del self._receiving[connection]
            connection.refuse(503, _BUSY, retry_after=1)
        else:
            oldest.transport.abort()
            self.closed(oldest)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        for each in (self._receiving, self._idle, self._lingering, self._sending):
            each.pop(connection, None)
        self._connections.discard(connection)
        if not self._connections:
            self._empty.set()

    def receives(self, connection: Connection) -> None:
        """Note that a request has begun."""
        self._idle.pop(connection, None)
        if connection not in self._receiving:
            self._receiving[connection] = self.loop.time()

    def has_received(self, connection: Connection) -> None:
        """Note that a request is complete."""
        self._receiving.pop(connection, None)

    def waits(self, connection: Connection) -> None:
        """Note that a connection waits for the next request."""
        if connection in self._connections:
            self._idle[connection] = self.loop.time()

    def sends(self, connection: Connection) -> None:
        """Note that a client has not taken its answer yet."""
        self._idle.pop(connection, None)
        self._sending[connection] = (self.loop.time(), connection.transport.get_write_buffer_size())

    def has_sent(self, connection: Connection) -> None:
        """Note that it has taken it."""
        self._sending.pop(connection, None)

    def closes(self, connection: Connection) -> None:
        """Note that a connection ends when the client has taken what was sent."""
        for each in (self._receiving, self._idle, self._lingering):
            each.pop(connection, None)
        if connection.transport.get_write_buffer_size():
            self.sends(connection)

    def lingers(self, connection: Connection) -> None:
        """Note that a connection only waits for the client to end it."""
        self._lingering[connection] = self.loop.time()

    # Answers

    def admit(self, received: Received) -> Admission | None:
        """Return what the gate says; None if it does not know yet."""
        method, target, _body, _fields = received.key
        # A browser asks with OPTIONS, without the key, whether a page may send one (Fetch, CORS-preflight).
        if received.claims is None or method == b"OPTIONS" or target.partition(b"?")[0] in health.OPEN:
            return ADMITTED
        served, key = self.service.served, received.key
        return self.gate.admit(received.claims, received.started, lambda: served.is_open(key))

    def ready_answer(self, received: Received, admission: Admission) -> EncodedResponse | None:
        """Return an answer that need not be made."""
        served = self.service.served
        if admission.refusal:
            return served.encode(admission.refusal, received.key)
        return served.answers.get(received.key)

    async def answer(
        self, received: Received, admission: Admission | None
    ) -> tuple[Admission, EncodedResponse]:
        """Return what the gate says, and the answer; whatever fails is an answer, too."""
        try:
            async with asyncio.timeout(self.limits.answering_s):
                if admission is None:
                    admission = await self._verified(received)
                return admission, self.ready_answer(received, admission) or await self._answer(received.key)
        except TimeoutError:
            detail = _SLOW.filled(most=round(self.limits.answering_s))
            failure = problem(503, detail, headers=(("Retry-After", "5"),))
        except _TooManyError:
            failure = problem(503, _FULL, headers=(("Retry-After", "5"),))
        except Exception as error:  # noqa: BLE001 - it is an answer, too
            _log.error("an answer could not be made: %s", failure_of(error))
            failure = problem(500, _BUG)
        return admission or ADMITTED, self.service.served.encode(failure, received.key)

    async def _verified(self, received: Received) -> Admission:
        """Return what the gate says of a request with a key that it has not seen yet."""
        while (admission := self.admit(received)) is None:  # again, if the keys have changed meanwhile
            assert received.claims is not None  # noqa: S101 - for the type checker
            await self.loop.run_in_executor(self._threads, self.gate.verify, received.claims.token)
        return admission

    async def _answer(self, key: Key) -> EncodedResponse:
        if key[1].partition(b"?")[0] in health.TARGETS:
            return await self.loop.run_in_executor(self._own_thread, self._about_itself, key)
        served = self.service.served
        found = served.answers.get(key)
        if found is not None:
            return found
        # Many clients ask for the same after a release: it is made once.
        place = (served, key)
        making = self._making.get(place)
        if making is None:
            if len(self._making) >= self.limits.making:
                raise _TooManyError
            making = self.loop.run_in_executor(self._threads, self._make, key, served)
            self._making[place] = making
            making.add_done_callback(lambda made: self._made(place, made))
        return await asyncio.shield(making)

    def _make(self, key: Key, served: Served) -> EncodedResponse:
        return self.service.compose(key, served)

    def _made(self, place: tuple[Served, Key], made: "asyncio.Future[EncodedResponse]") -> None:
        del self._making[place]
        if not made.cancelled() and made.exception() is None:
            keep(*place, made.result())

    def _about_itself(self, key: Key) -> EncodedResponse:
        service = self.service
        reason, warning = service.reason_against(self._now), service.warning
        response = health.respond(key[0], key[1], Fitness(service.number, reason, warning), self._tally)
        return self.service.served.encode(response, key)

    async def read(self, part: Slice, offset: int, length: int) -> bytes | None:
        """Return some bytes of a large body; None if they cannot be read."""
        try:
            return await self.loop.run_in_executor(self._threads, self.service.read, part, offset, length)
        except (HealthTopicsError, FileNotFoundError) as error:
            _log.error("%s", error)
            return None

    def unreadable(self, key: Key) -> EncodedResponse:
        """Return the answer for a large body that cannot be read."""
        return self.service.served.encode(problem(503, _GONE, headers=(("Retry-After", "10"),)), key)

    def finished(self, received: Received, answer: EncodedResponse, admission: Admission) -> bytes:
        """Count and log an answer, and return the whole head of it."""
        status, length, route = answer.status, answer.length, answer.route
        seconds = time.monotonic() - received.started
        identity = self._next_id()
        self._counts.count(route, status, length, seconds)
        if self._log is not None:
            self._log.write(received.key[0].decode("latin-1"), route, status, length, seconds, identity)
        return b"%bDate: %b\r\nX-Request-Id: %b\r\n%b%b\r\n" % (
            answer.private_head if admission.is_private else answer.head,
            self._http_date(),
            identity.encode(),
            admission.fields,
            b"Connection: close\r\n" if received.is_last or self.is_stopping else b"",
        )

    def refused(self, status: int, detail: Wording, key: Key, retry_after: int) -> bytes:
        """Count and log an error, and return all of its bytes; the connection ends with it.

        `key` has as much of the request as has arrived.
        """
        headers = (("Retry-After", str(retry_after)),) if retry_after else ()
        answer = self.service.served.encode(problem(status, detail, headers=headers), key)
        if key[0] == b"HEAD":
            answer.body = b""
        received = Received((b"-", b"", b"", ()), None, True, time.monotonic())  # noqa: FBT003 - it is the last
        return self.finished(received, answer, ADMITTED) + answer.body

    def _next_id(self) -> str:
        self._requests += 1
        return f"{self._prefix}-{self._requests:x}"

    def _http_date(self) -> bytes:
        second = int(time.time())
        if second != self._date[0]:
            self._date = second, formatdate(usegmt=True).encode()
        return self._date[1]

    # Once a second

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(_REFRESH_S)
            try:
                await self.loop.run_in_executor(self._own_thread, self.service.refresh)
                await self.loop.run_in_executor(self._own_thread, self.gate.refresh)
            except Exception as error:  # noqa: BLE001 - the next second may be better
                _log.error("the service could not look for a new release: %s", failure_of(error))

    async def _look(self) -> None:
        """Close what is late, whatever the threads are doing."""
        while True:
            await asyncio.sleep(_REFRESH_S)
            try:
                self._close_late(self.loop.time())
                self._refresh_gauges()
            except Exception as error:  # noqa: BLE001 - the other connections are looked at in a second
                _log.error("a connection could not be closed: %s", failure_of(error))

    def _close_late(self, now: float) -> None:
        """Close connections whose time is over."""
        for connection, since in list(self._receiving.items()):
            if now - since < self.limits.receiving_s:
                break
            del self._receiving[connection]
            self._counts.count_closed("receiving")
            connection.expire()
        for connections, seconds in ((self._idle, self.limits.idle_s), (self._lingering, _LINGER_S)):
            for connection, since in list(connections.items()):
                if now - since < seconds:
                    break
                self._close(connection, "idle")
        for connection, (since, before) in list(self._sending.items()):
            if now - since >= self.limits.sending_s:
                left = connection.transport.get_write_buffer_size()
                if before - left < self.limits.sending:
                    self._counts.count_closed("sending")
                    connection.transport.abort()
                else:
                    self._sending[connection] = (now, left)

    def _close(self, connection: Connection, reason: str) -> None:
        # What the client has not taken yet has its time, and is counted when that is over.
        if not connection.transport.get_write_buffer_size():
            self._counts.count_closed(reason)
        connection.close()

    def _refresh_gauges(self) -> None:
        set_gauge = self._counts.set_gauge
        set_gauge("requests_in_flight", self.in_flight)
        set_gauge("connections", len(self._connections))
        set_gauge("release_number", self.service.number)
        pointer = self.service.pointer()
        for name, member in (("time", "timestamp"), ("expires", "expires_timestamp")):
            moment = datetime.fromisoformat(pointer[name]).timestamp() if pointer else 0
            set_gauge(f"release_{member}_seconds", moment)
        set_gauge("release_fit", not self.service.reason_against(self._now))
        set_gauge("release_is_newest", bool(self.service.number) and not self.service.warning)
