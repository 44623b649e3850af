"""The service in this process: asked directly, or over real sockets."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx
import uvloop

from healthtopics.delivery.message import FIELDS
from healthtopics.delivery.parts import opened
from healthtopics.server.access import AccessLog
from healthtopics.server.gate import Gate
from healthtopics.server.limits import Limits
from healthtopics.server.listening import address_of, listen
from healthtopics.server.responses import EncodedResponse
from healthtopics.server.service import Service, keep
from healthtopics.server.worker import Worker, tally_for


class Asking(httpx.BaseTransport):
    """Lets httpx ask a service without a socket, as a worker would."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fields = tuple((name.lower(), value) for name, value in request.headers.raw)
        wanted = tuple(each for each in fields if each[0].decode() in FIELDS)
        key = (request.method.encode(), request.url.raw_path, request.read(), wanted)
        served = self.service.served
        found = served.answers.get(key)
        if found is None:
            found = self.service.compose(key, served)
            keep(served, key, found)
        return self._response(found)

    def _response(self, found: EncodedResponse) -> httpx.Response:
        status_line, *lines = found.head.decode("latin-1").splitlines()
        fields = [(name, value) for name, _colon, value in (line.partition(": ") for line in lines)]
        body = self.service.read(opened(found.part), 0, found.part.length) if found.part else found.body
        return httpx.Response(int(status_line.split()[1]), headers=fields, stream=httpx.ByteStream(body))


def client_of(service: Service) -> httpx.Client:
    """Return a client that asks a service without a socket."""
    return httpx.Client(transport=Asking(service))


@dataclass(frozen=True)
class Running:
    """A worker in a thread of this process."""

    url: str
    worker: Worker
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def end(self) -> None:
        """Ask it to stop, as a signal would."""
        with suppress(RuntimeError):  # it has stopped
            self.loop.call_soon_threadsafe(self.stop.set)


@contextmanager
def running(
    service: Service,
    gate: Gate | None = None,
    limits: Limits | None = None,
    log: AccessLog | None = None,
    *,
    send_buffer: int = 0,
) -> Iterator[Running]:
    """Serve on a port of this machine; the system buffers about `send_buffer` bytes of an answer."""
    started = threading.Event()
    found: list[Running] = []
    with listen("127.0.0.1", 0) as listening:
        if send_buffer:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)

        async def serve() -> None:
            worker = Worker(service, gate or Gate(), limits or Limits(), log=log, tally=tally_for(1))
            stop = asyncio.Event()
            found.append(Running(address_of(listening).rstrip("/"), worker, asyncio.get_running_loop(), stop))
            asyncio.get_running_loop().call_soon(started.set)
            await worker.serve(listening, stop)

        def run() -> None:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(serve())

        thread = threading.Thread(target=run)
        thread.start()
        try:
            assert started.wait(timeout=60)
            yield found[0]
        finally:
            found[0].end()
            thread.join()
