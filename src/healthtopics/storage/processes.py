"""Worker processes on this machine."""

import ctypes
import gc
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


class Processes(Executor):
    """An executor with a process for each processor, all started at the first task.

    A forkserver starts them: it has imported the libraries once, and no thread of this process is copied.
    """

    def __init__(self, module: str = "healthtopics.publishing.building") -> None:
        """Remember the module with the tasks, which is imported before the processes start."""
        self._module = module

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401 - as in Executor
        """Submit a task to the next free process."""
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Executor
        """End the processes, if there are any."""
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)

    @cached_property
    def _pool(self) -> "ProcessPoolExecutor":
        import multiprocessing  # noqa: PLC0415 - slow to import, and mostly there is little to do
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only where there is work

        _return_memory()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([self._module])
        has_affinity = hasattr(os, "sched_getaffinity")  # which a container restricts
        count = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
        return ProcessPoolExecutor(count, context, initializer=_prepare_worker)


def _prepare_worker() -> None:
    """Look for garbage seldom: tasks leave few cycles, and looking took a tenth of the time."""
    # What was imported before a process started is never garbage: frozen, its pages stay shared.
    gc.freeze()
    gc.set_threshold(100_000)
    _return_memory()


_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1024 * 1024


def _return_memory() -> None:
    """Let glibc return large blocks to the system when they are freed.

    By default it learns to keep up to 64 MiB, which made a fifth of the memory of 10,000 topics.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:  # glibc only
        set_option(_M_MMAP_THRESHOLD, _LARGE)
