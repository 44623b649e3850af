"""What the connections of a process answer: from the cache or a thread, counted and logged."""

import asyncio
import logging
import secrets
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Final, NamedTuple

from healthtopics.delivery.message import Wording, problem
from healthtopics.delivery.parts import Source
from healthtopics.errors import HealthTopicsError
from healthtopics.server import health
from healthtopics.server.access import AccessLog
from healthtopics.server.gate import ADMITTED, Admission, Claims, Gate
from healthtopics.server.health import Fitness
from healthtopics.server.limits import THREADS, Limits
from healthtopics.server.responses import EncodedResponse, Key
from healthtopics.server.service import Served, Service, keep
from healthtopics.server.tally import Tally, WorkerTally

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


def failure_of(error: BaseException) -> str:
    """Return what failed, for the log: without the message, which may quote what somebody asked for."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()


class Received(NamedTuple):
    """A whole request."""

    key: Key
    claims: Claims | None
    """None if nobody asks for them."""
    is_last: bool
    """Whether the connection ends with its answer."""
    started: float
    """When it was complete, by the monotonic clock."""


class Answering:
    """Answers requests. Everything but the making of answers happens in the event loop."""

    def __init__(
        self,
        service: Service,
        gate: Gate,
        limits: Limits,
        *,
        log: AccessLog | None,
        tally: Tally,
        counts: WorkerTally,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Answer from a service; `counts` are those of this worker in the tally."""
        self.service = service
        self.gate = gate
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self.is_stopping = False
        self.in_flight = 0
        self.now = now
        self._log = log
        self._tally = tally
        self._counts = counts
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="answers")
        # Whether the release is fit must be known however many answers are being made.
        self._own_thread = ThreadPoolExecutor(1, thread_name_prefix="refresh")
        self._making: dict[tuple[Served, Key], asyncio.Future[EncodedResponse]] = {}
        self._prefix = secrets.token_hex(4)
        self._requests = 0
        self._date = (0, b"")

    async def refresh(self) -> None:
        """Look for a new release and for changed keys, in a thread."""
        await self.loop.run_in_executor(self._own_thread, self.service.refresh)
        await self.loop.run_in_executor(self._own_thread, self.gate.refresh)

    def close(self) -> None:
        """End the threads, and write what is not in the log yet."""
        for threads in (self._threads, self._own_thread):
            threads.shutdown(wait=False, cancel_futures=True)
        if self._log is not None:
            self._log.flush()

    def admit(self, received: Received) -> Admission | None:
        """Return what the gate says; None if it does not know yet."""
        method, target, _body, _fields = received.key
        # A browser asks with OPTIONS, without the key, whether a page may send one (Fetch, CORS-preflight).
        if (
            received.claims is None
            or method == b"OPTIONS"
            or health.is_open(target, self.service.served.prefix)
        ):
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
        if health.is_target(key[1], self.service.served.prefix):
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
        reason, warning = service.reason_against(self.now), service.warning
        response = health.respond(key[0], key[1], Fitness(service.number, reason, warning), self._tally)
        return self.service.served.encode(response, key)

    async def read(self, part: Source, offset: int, length: int) -> bytes | None:
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
