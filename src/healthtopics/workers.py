"""Tasks for any `concurrent.futures.Executor`: threads, processes, a cluster, or none."""

import ctypes
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import cached_property
from typing import Any, Final, Generic, TypeAlias, TypeVar

from healthtopics.jsontext import digest

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many steps of how many are done."""
_T = TypeVar("_T")
_J = TypeVar("_J")
_R = TypeVar("_R")

_AHEAD: Final = 32
"""The number of jobs that are submitted before the first result is awaited."""
FEW: Final = 24
"""This many topics are done before other processes could have started."""
_CHUNK: Final = 16
"""The number of items in one job."""


_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(number: signal.Signals) -> None:
    """Let the system send this process a signal when the one that started it ends. Linux only."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option:
        set_option(_PR_SET_PDEATHSIG, number)


class Shared(Generic[_T]):
    """The data that all tasks share: pickled once, and unpickled once in each process."""

    def __init__(self, value: _T) -> None:
        self.value = value

    @cached_property
    def _pickled(self) -> tuple[str, bytes]:
        data = pickle.dumps(self.value, pickle.HIGHEST_PROTOCOL)
        return digest(data), data

    def __reduce__(self) -> tuple[Callable[[str, bytes], "Shared[Any]"], tuple[str, bytes]]:
        return _restore, self._pickled


_restored: dict[str, Shared[Any]] = {}
"""Cache one value: each pass shares exactly one."""


def _restore(name: str, data: bytes) -> Shared[Any]:
    if name not in _restored:
        _restored.clear()
        _restored[name] = Shared(pickle.loads(data))  # noqa: S301 - the process that asks for the work wrote it
    return _restored[name]


def spread(
    executor: Executor | None, task: Callable[[Shared[_T], _J], _R], shared: Shared[_T], jobs: Iterable[_J]
) -> Iterator[_R]:
    """Yield the result of the task for each job, in the order of the jobs; without an executor, one by one.

    Only as many jobs are taken, and results held, as keep the workers busy.
    """
    if executor is None:
        yield from (task(shared, job) for job in jobs)
        return
    waiting: deque[Future[_R]] = deque()
    for job in jobs:
        waiting.append(executor.submit(task, shared, job))
        if len(waiting) >= _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def spread_in_chunks(
    executor: Executor | None,
    task: Callable[[Shared[_T], Sequence[_J]], _R],
    shared: Shared[_T],
    items: Sequence[_J],
    progress: Progress,
) -> Iterator[_R]:
    """Yield the result of the task for each chunk of the items, in order; a few items need no executor."""
    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    done = 0
    results = spread(executor if len(items) > FEW else None, task, shared, chunks)
    for chunk, result in zip(chunks, results, strict=True):
        done += len(chunk)
        progress(done, len(items))
        yield result
