"""SIGTERM, SIGHUP and a time limit end a command as Ctrl-C does.

Everything unwinds, so nothing half-made is left.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from healthtopics.cli.exits import Stopped

_STOPPING: Final = (signal.SIGTERM, signal.SIGHUP)


MOST_SECONDS: Final = 365 * 86400
"""The longest time limit: the timers of a system have some end."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise Stopped at the first signal; a second one ends the process at once."""
    # Only what has its default: `nohup` has switched SIGHUP off, and that is respected.
    mine = [each for each in _STOPPING if signal.getsignal(each) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        mine = []

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in mine:
            signal.signal(each, signal.SIG_DFL)
        raise Stopped(number)

    for each in mine:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each in mine:
            signal.signal(each, signal.SIG_DFL)


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Raise Stopped in what takes longer; where the system has no timers for it, it takes its time."""
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Stopped(number)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
