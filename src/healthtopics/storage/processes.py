"""Worker processes on this machine."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import cached_property
from typing import Any


class Processes(Executor):
    """An executor with a process for each processor, all started at the first task.

    A forkserver starts them: it has read the libraries once, and no thread of this process is copied.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401
        """Give a task to the next free process."""
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the processes, if there are any."""
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["healthtopics.publishing.building"])
        return ProcessPoolExecutor(len(os.sched_getaffinity(0)), context)
