"""One connection of HTTP/1.1: what arrives becomes requests, and answers leave in the order of the requests.

The bytes are parsed by llhttp, the parser of Node.js (httptools). HTTP/2 and TLS are the work of a proxy.
"""

import asyncio
import logging
import time
from collections import deque
from dataclasses import replace
from typing import Final, cast

import httptools

from healthtopics.delivery.message import Wording
from healthtopics.delivery.parts import Part, opened
from healthtopics.server import gate
from healthtopics.server.answering import Answering, Received, failure_of
from healthtopics.server.pool import Pool
from healthtopics.server.responses import EncodedResponse
from healthtopics.server.service import WANTED

_CHUNKS: Final = (131_072, 1_048_576)
"""Of a large body, in bytes: so much is read into memory at once, for a slow client and for a fast one.
A read has its cost, and slow clients may be many."""
_TOGETHER: Final = 65_536
"""A body up to this length is sent in one piece with its head."""

NOT_HTTP: Final = Wording(en="this is not a valid HTTP request.", es="esta no es una solicitud HTTP válida.")
UNKNOWN_VERSION: Final = Wording(
    en="the service knows the versions 1.0 and 1.1 of HTTP, and this is a request of another.",
    es="el servicio conoce las versiones 1.0 y 1.1 de HTTP, y esta es una solicitud de otra.",
)
NO_HOST: Final = Wording(
    en="a request of HTTP/1.1 has exactly one Host field (RFC 9112, section 3.2).",
    es="una solicitud de HTTP/1.1 tiene exactamente un campo Host (RFC 9112, sección 3.2).",
)
LONG_TARGET: Final = Wording(
    en="the address of the request is longer than {most} bytes.",
    es="la dirección de la solicitud tiene más de {most} bytes.",
)
LONG_HEADERS: Final = Wording(
    en="the header fields of the request are longer than {most} bytes.",
    es="los encabezados de la solicitud tienen más de {most} bytes.",
)
LONG_BODY: Final = Wording(
    en="the body of the request is longer than {most} bytes.",
    es="el cuerpo de la solicitud tiene más de {most} bytes.",
)
LATE: Final = Wording(
    en="the request was not complete after {most} seconds.",
    es="la solicitud no llegó completa en {most} segundos.",
)

_log = logging.getLogger(__name__)


class _RefusedError(Exception):
    """Raised in a callback, so that the parser stops."""


class Connection(asyncio.Protocol):
    """One connection. All its methods are called by the event loop of its answers."""

    def __init__(self, answers: Answering, pool: Pool) -> None:
        self._answers = answers
        self._pool = pool
        self._limits = answers.limits
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Received] = deque()
        self._task: asyncio.Task[None] | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        self._has_begun = False
        """Whether a part of a request has arrived."""
        self._is_over = False
        """Whether no more requests are read: the rest of what arrives is thrown away."""
        self._refusal: tuple[int, Wording] | None = None
        """What is sent after the earlier answers, if the client has sent what cannot be read."""
        self._unfinished = 0
        """The bytes that arrived since the last whole request, whole header or part of a body."""
        self._reset()

    def _reset(self) -> None:
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._claims: list[tuple[bytes, bytes]] = []
        self._size = 0
        self._hosts = 0
        self._body: list[bytes] = []
        self._length = 0
        self._has_headers = False
        self._expects = False
        self._refused: tuple[int, Wording] | None = None

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop has a class without that base
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if peer else ""
        self._pool.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Forget everything; what is being made for others goes on."""
        self._is_over = True
        self._can_write.set()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
        self._pool.closed(self)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived."""
        if self._is_over:
            return
        self._unfinished += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # The request is answered as if it had not asked for another protocol (RFC 9110 §7.8).
            self._is_over = True
        except httptools.HttpParserCallbackError as error:
            if self._refused is None:
                _log.error("a request could not be read: %s", type(error.__context__ or error).__name__)
                self._refused = (400, NOT_HTTP)
            self._refuse(*self._refused)
        except httptools.HttpParserError:
            self._refuse(400, NOT_HTTP)
        else:
            most = self._limits.target + self._limits.headers
            if self._unfinished > most:
                # A field without end, of the header or the trailer: the parser keeps it until it is whole.
                self._refuse(431, LONG_HEADERS.filled(most=self._limits.headers))

    def eof_received(self) -> bool:
        """Keep a connection open for its answers if the client has sent everything."""
        self._is_over = True
        is_needed = self._task is not None or bool(self._waiting) or not self._can_write.is_set()
        if not is_needed:
            self.close()
        return is_needed

    def pause_writing(self) -> None:
        """Wait for a client that takes its answer slowly: read nothing more from it."""
        self._can_write.clear()
        self._pool.sends(self)
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on with a client that has taken its answer."""
        self._can_write.set()
        if not self.transport.is_closing():  # then the rest has its time, too
            self._pool.has_sent(self)
            self._go_on()

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._reset()
        if not self._is_over:
            self._has_begun = True
            self._pool.receives(self)

    def on_url(self, url: bytes) -> None:
        """Add to the request target."""
        self._target += url
        if len(self._target) > self._limits.target:
            self._stop(414, LONG_TARGET.filled(most=self._limits.target))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header field; those of the trailer only have a size (RFC 9110, section 6.5.1)."""
        self._size += len(name) + len(value) + 4
        if self._size > self._limits.headers:
            self._stop(431, LONG_HEADERS.filled(most=self._limits.headers))
        if self._has_headers:
            return
        name = name.lower()
        if name in WANTED:
            self._fields.append((name, value))
        elif name in gate.FIELDS:
            self._claims.append((name, value))
        elif name == b"host":
            self._hosts += 1
        elif name == b"content-length":
            # llhttp has checked that it is a number; it may have any number of digits.
            if len(value) > 18 or int(value) > self._limits.body:
                self._stop(413, LONG_BODY.filled(most=self._limits.body))
        elif name == b"expect":
            self._expects = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        """Check what all fields together must have."""
        self._has_headers = True
        self._unfinished = 0
        version = self._parser.get_http_version()
        if version not in ("1.0", "1.1"):  # llhttp reads 0.9, and 2.0 in the form of 1.1, as well
            self._stop(400, UNKNOWN_VERSION)
        if self._hosts != 1 and version == "1.1":
            self._stop(400, NO_HOST)
        if self._expects and version == "1.1" and self._task is None and not self._waiting:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Add to the body."""
        self._unfinished = 0
        self._length += len(body)
        if self._length > self._limits.body:
            self._stop(413, LONG_BODY.filled(most=self._limits.body))
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Answer the request, or let it wait for those before it."""
        answers = self._answers
        self._unfinished = 0
        self._has_begun = False
        self._pool.has_received(self)
        parser = self._parser
        method = parser.get_method()
        # The body of another method has no meaning (RFC 9110 §9.3.1): the answer is the same.
        body = b"".join(self._body) if method == b"POST" else b""
        key = (method, self._target, body, tuple(self._fields))
        claims = None if answers.gate.is_open else gate.claims_of(self._peer, self._claims)
        # Few clients ask for keep-alive with HTTP/1.0, and proxies mistake it.
        is_last = answers.is_stopping or parser.get_http_version() != "1.1" or not parser.should_keep_alive()
        received = Received(key, claims, is_last or parser.should_upgrade(), time.monotonic())
        is_last = received.is_last
        if is_last:
            self._is_over = True
        if not self._is_free:
            self._waiting.append(received)
            self.transport.pause_reading()
        else:
            self._answer(received)

    def _stop(self, status: int, detail: Wording) -> None:
        self._refused = (status, detail)
        raise _RefusedError

    # Answers

    def _answer(self, received: Received) -> None:
        """Send what is ready, else make it in a task."""
        answers = self._answers
        admission = answers.admit(received)
        if admission is not None:
            answer = answers.ready_answer(received, admission)
            if answer is not None and answer.part is None:
                self._send(received, answer, admission)
                return
        answers.in_flight += 1
        self._task = answers.loop.create_task(self._make(received, admission))

    async def _make(self, received: Received, admission: gate.Admission | None) -> None:
        answers = self._answers
        try:
            admission, answer = await answers.answer(received, admission)
            if answer.part is None:
                self._send(received, answer, admission)
            else:
                await self._send_part(received, answer, admission, answer.part)
        except Exception as error:  # noqa: BLE001 - the other clients get their answers
            _log.error("an answer could not be sent: %s", failure_of(error))
            self.transport.abort()
        finally:
            answers.in_flight -= 1
            self._task = None
        self._go_on()

    def _go_on(self) -> None:
        """Answer what waits, as far as it can be; then wait for the next request."""
        while self._waiting and self._is_free:
            self._answer(self._waiting.popleft())
        if self._waiting or not self._is_free or self.transport.is_closing():
            return
        if self._refusal:
            self.refuse(*self._refusal)
        elif self._is_over:
            self.close()  # the client has sent everything that it wanted to
        else:
            self.transport.resume_reading()
            if not self._has_begun:
                self._pool.waits(self)

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has arrived."""
        return self._has_begun

    @property
    def _is_free(self) -> bool:
        """Whether the next request can be answered."""
        return self._task is None and self._can_write.is_set()

    def _send(self, received: Received, answer: EncodedResponse, admission: gate.Admission) -> None:
        if self.transport.is_closing():
            return
        if received.key[0] == b"HEAD" and answer.body:  # an error that was made without looking at the method
            answer = replace(answer, body=b"")
        head = self._answers.finished(received, answer, admission)
        if len(answer.body) > _TOGETHER:
            self.transport.writelines((head, answer.body))
        else:
            self.transport.write(head + answer.body)
        self._end(received)

    async def _send_part(
        self, received: Received, answer: EncodedResponse, admission: gate.Admission, part: Part
    ) -> None:
        answers = self._answers
        source = opened(part)
        # Before the head, so that a file that is gone is an error and not half an answer.
        slow, fast = _CHUNKS
        chunk = slow
        data = await answers.read(source, 0, min(chunk, part.length))
        if data is None:
            self._send(received, answers.unreadable(received.key), admission)
            return
        if self.transport.is_closing():
            return
        self.transport.write(answers.finished(received, answer, admission))
        sent = 0
        while data:
            self.transport.write(data)
            sent += len(data)
            chunk = min(2 * chunk, fast) if self._can_write.is_set() else max(chunk // 2, slow)
            await self._can_write.wait()
            if self.transport.is_closing():
                return
            left = part.length - sent
            data = await answers.read(source, sent, min(chunk, left)) if left else b""
        if sent == part.length:
            self._end(received)
        else:
            self.transport.abort()  # the client notices that bytes are missing

    def _end(self, received: Received) -> None:
        """Close after the last answer, else wait for the next request."""
        if received.is_last or self._answers.is_stopping:
            self.close()
        elif not self._has_begun and not self._waiting and self._can_write.is_set():
            self._pool.waits(self)

    def _refuse(self, status: int, detail: Wording) -> None:
        """End with an error, as what follows cannot be read; the requests before it are answered first."""
        self._is_over = True
        self._pool.has_received(self)
        if self._waiting or not self._is_free:
            self._refusal = status, detail
        else:
            self.refuse(status, detail)

    def refuse(self, status: int, detail: Wording, retry_after: int = 0) -> None:
        """Send an error and end the connection, but not before the client could read it.

        A connection that is closed with unread bytes is reset, and the client may lose an unread answer.
        """
        self._is_over = True
        self._refusal = None
        key = (self._parser.get_method(), self._target, b"", tuple(self._fields))
        self.transport.write(self._answers.refused(status, detail, key, retry_after))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._pool.lingers(self)

    def expire(self) -> None:
        """End a request that takes too long to arrive."""
        if self._has_begun:
            self._refuse(408, LATE.filled(most=round(self._limits.receiving_s)))
        else:
            self.close()

    def close(self) -> None:
        """Close when the client has taken everything, for which it has as long as for any answer."""
        self._is_over = True
        self._pool.closes(self)
        self.transport.close()
