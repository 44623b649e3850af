"""Running the service: one worker in this process, or several processes that end with it."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

import uvloop

from healthtopics.errors import TryAgainError
from healthtopics.server.limits import Limits
from healthtopics.server.worker import Worker, tally_for
from healthtopics.workers import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from healthtopics.server.tally import Tally

Make = Callable[[Limits, "Tally", int], Worker]
"""Makes the worker of a number, in the process and the event loop in which it is going to serve."""

_STOPPING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MOST_REPLACED: Final = 10
"""In a minute. Workers that end faster cannot serve at all."""

_log = logging.getLogger(__name__)


def run(make: Make, listening: socket.socket, limits: Limits, *, workers: int = 1) -> signal.Signals:
    """Serve until a signal ends it, and return that; the requests at work are finished."""
    limits = limits.within_descriptors()
    tally = tally_for(workers)
    if workers == 1:
        return _work(lambda: make(limits, tally, 0), listening)
    return _supervise(lambda number: make(limits, tally, number), listening, limits, workers)


def _work(make: Callable[[], Worker], listening: socket.socket) -> signal.Signals:
    async def serve() -> signal.Signals:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_Seldom())
        stop = asyncio.Event()
        received: list[signal.Signals] = []

        def end(number: signal.Signals) -> None:
            if received:
                os._exit(128 + number)  # the second one: at once
            received.append(number)
            stop.set()

        for each in _STOPPING:
            if signal.getsignal(each) is not signal.SIG_IGN:  # as `nohup` has set it
                loop.add_signal_handler(each, end, each)
        worker = make()
        # What is there now stays: it need not be looked through for garbage, and its pages stay shared.
        gc.collect()
        gc.freeze()
        await worker.serve(listening, stop)
        return received[0]

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve())


class _Seldom:
    """Logs errors of the event loop, each at most once a minute: too many open files would repeat one."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        message = f"{context.get('message')}: {error!r}" if error else str(context.get("message"))
        now = time.monotonic()
        if now - self._last.get(message, -60.0) >= 60 and len(self._last) < 1000:
            self._last[message] = now
            _log.error("%s", message, exc_info=error if isinstance(error, Exception) else None)


def _supervise(
    make: Callable[[int], Worker], listening: socket.socket, limits: Limits, workers: int
) -> signal.Signals:
    """Keep workers running until a signal comes, and end them when this process ends, however it ends."""
    context = multiprocessing.get_context("fork")
    parent = os.getpid()

    def work(number: int) -> None:
        signal.set_wakeup_fd(-1)  # which is that of the parent
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # A terminal sends its signals to all processes at once: this one's are those of the parent.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        _end_with(parent)
        _work(lambda: make(number), listening)

    def start(number: int) -> "ForkProcess":
        process = context.Process(target=work, args=(number,), name=f"worker-{number + 1}")
        # Until the worker has its own handlers, a signal to it would be taken for one to the parent.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        return process

    running: dict[int, ForkProcess] = {}
    replaced: deque[float] = deque(maxlen=_MOST_REPLACED)
    try:
        with _stopping_signals() as signals:
            running.update((number, start(number)) for number in range(workers))
            while signals not in wait([signals, *(process.sentinel for process in running.values())]):
                for number, process in list(running.items()):
                    if process.is_alive():
                        continue
                    _log.error("worker %d ended with %s; it is replaced", number + 1, process.exitcode)
                    now = time.monotonic()
                    if len(replaced) == _MOST_REPLACED and now - replaced[0] < 60:
                        raise TryAgainError(
                            "The workers of the service end again and again; the log says why."
                        )
                    replaced.append(now)
                    running[number] = start(number)
            return signal.Signals(signals.recv(1)[0])
    finally:
        listening.close()  # while any process has it, the system accepts connections that nobody answers
        for process in running.values():
            process.terminate()
        end = time.monotonic() + limits.stopping_s + 5
        for process in running.values():
            process.join(max(0.0, end - time.monotonic()))
            if process.is_alive():
                process.kill()


@contextmanager
def _stopping_signals() -> Iterator[socket.socket]:
    """Yield a socket on which the numbers of signals arrive; afterwards, a signal ends this process."""
    mine = [each for each in _STOPPING if signal.getsignal(each) is not signal.SIG_IGN]
    reading, writing = socket.socketpair()
    with reading, writing:
        writing.settimeout(0)
        for each in mine:
            signal.signal(each, lambda _number, _frame: None)
        signal.set_wakeup_fd(writing.fileno())
        try:
            yield reading
        finally:
            signal.set_wakeup_fd(-1)
            for each in mine:
                signal.signal(each, signal.SIG_DFL)


def _end_with(parent: int) -> None:
    """Let the system end this process when its parent has ended."""
    end_with_parent(signal.SIGTERM)
    if os.getppid() != parent:  # it ended before that
        os._exit(1)
