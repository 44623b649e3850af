"""Worker processes on this machine."""

import ctypes
import gc
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack, contextmanager
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from healthtopics.workers import end_with_parent

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.connection import Connection


class Processes(Executor):
    """An executor with a process for each processor, all started at the first task.

    A forkserver starts them: it has imported the libraries once, and no thread of this process is copied.
    They end with this process, however it ends. Where the system refuses processes, or what they need (a
    writable /dev/shm, a short TMPDIR, open files), the tasks are done in this one.
    """

    def __init__(self, module: str = "healthtopics.publishing.building") -> None:
        """Remember the module with the tasks, which is imported before the processes start."""
        self._module = module

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401 - as in Executor
        """Submit a task to the next free process."""
        if self._pool is None:
            return _done(fn, *args, **kwargs)
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except EOFError as error:  # it may start another process, and the forkserver has ended
            raise BrokenExecutor from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Executor
        """End the processes, if there are any."""
        pool: ProcessPoolExecutor | None = self.__dict__.get("_pool")
        if pool is not None:
            pool.shutdown(wait, cancel_futures=cancel_futures)

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        # What failed or was stopped needs no more results: only the tasks at work are finished.
        self.shutdown(cancel_futures=kind is not None)

    @cached_property
    def _pool(self) -> "ProcessPoolExecutor | None":
        import multiprocessing  # noqa: PLC0415 - slow to import, and mostly there is little to do
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only where there is work

        _return_memory()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([self._module])
        has_affinity = hasattr(os, "sched_getaffinity")  # which a container restricts
        count = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
        with ExitStack() as undone:
            try:
                self._watched, self._lifeline = context.Pipe(duplex=False)
                undone.callback(self._lifeline.close)  # which ends those that could be started
                prepared = (_prepare_worker, (self._watched,))
                # Its locks start the resource tracker, which would let the signals in again.
                pool = ProcessPoolExecutor(count, context, *prepared)
                with _signals_later():
                    for started in [pool.submit(_nothing) for _ in range(count or 1)]:
                        started.result()
            except (OSError, EOFError, BrokenExecutor):  # EOFError: the forkserver has ended
                return None
            undone.pop_all()
        return pool


def _done(function: Callable[..., Any], /, *arguments: Any, **options: Any) -> "Future[Any]":  # noqa: ANN401 - as in Executor
    """Carry out a task at once."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*arguments, **options))
    except Exception as error:  # noqa: BLE001 - it belongs to the caller that asks for the result
        future.set_exception(error)
    return future


def _nothing() -> None:
    """Do nothing: the first task starts the processes."""


_HELD_BACK: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def _signals_later() -> Iterator[None]:
    """Let signals wait while processes are started, which inherit that they wait.

    A terminal or a scheduler sends its signals to all of them at once, and this process alone decides what
    they mean: the forkserver and the workers end with it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker(watched: "Connection") -> None:
    """Let the process end with its parent, and look for garbage seldom.

    Tasks leave few cycles, and looking took a tenth of the time.
    """
    end_with_parent(signal.SIGKILL)  # that is the forkserver; even in the midst of a long call
    Thread(target=_end_with, args=(watched,), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])  # by which a pool ends what is left of it
    # What was imported before a process started is never garbage: frozen, its pages stay shared.
    gc.freeze()
    gc.set_threshold(100_000)
    _return_memory()


def _end_with(watched: "Connection") -> None:
    """End this process when the one at the other end of the pipe has ended."""
    watched.poll(None)
    os._exit(1)


_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1024 * 1024


def _return_memory() -> None:
    """Let glibc return large blocks to the system when they are freed.

    By default it learns to keep up to 64 MiB, which made a fifth of the memory of 10,000 topics.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:  # glibc only
        set_option(_M_MMAP_THRESHOLD, _LARGE)
