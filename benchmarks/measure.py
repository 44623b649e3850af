"""Run a command as its user would, and measure wall time, processor time, peak memory of all its processes.

Linux only: memory is read from /proc. It is the proportional set size (PSS), in which a page that n processes
share counts 1/n for each, so that the sum over a tree of processes is what the tree really uses. It is
sampled, so a peak between two samples is missed.
"""

import ctypes
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run."""

    seconds: float
    cpu_seconds: float
    """User and system time of the process and its descendants."""
    peak_memory: int
    """In bytes, the sum over all processes at one moment."""


class CommandFailedError(Exception):
    """A measured command failed, so that its figures would be meaningless."""


def measure(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> Figures:
    """Run a command to its end and return its figures.

    Raises CommandFailedError with the end of its output if it does not exit with 0.
    """
    figures, _output = measure_output(command, environment=environment)
    return figures


def measure_output(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
) -> tuple[Figures, str]:
    """Do as `measure` does, and return the standard output, too."""
    # Orphaned processes become our children, so that their time is counted.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.sync()  # writes of earlier commands are not this one's work
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            env=environment,
        )
        with _Sampler(process.pid) as sampler:
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu_seconds = usage.ru_utime + usage.ru_stime + _cpu_seconds_of_orphans(process.pid)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        words = " ".join(map(str, command))
        raise CommandFailedError(f"{words}\nexited with {process.returncode}:\n{text[-2000:]}")
    return Figures(seconds, cpu_seconds, sampler.peak), text


class Server:
    """A context manager for a command that serves until it is stopped; its first line has its address."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._command = command

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        said = (self._process.stdout.readline() if self._process.stdout else "").strip()
        found = re.search(r"http://[0-9.:]+/", said)
        if found is None:
            self.__exit__()
            raise CommandFailedError(f"{' '.join(map(str, self._command))}\nsaid {said!r}")
        self.address = found[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # a shell may start background processes with Ctrl-C ignored
        self._process.communicate()

    def measure(self, work: Callable[[], object]) -> Figures:
        """Return the figures of the server during some requests, and their duration."""
        start, cpu = time.perf_counter(), self._cpu_seconds()
        with _Sampler(self._process.pid) as sampler:
            work()
            seconds = time.perf_counter() - start
            cpu_seconds = self._cpu_seconds() - cpu
            sampler.sample()
        return Figures(seconds, cpu_seconds, sampler.peak)

    def _cpu_seconds(self) -> float:
        """Return the time of all its processes, including those that have ended (proc_pid_stat(5))."""
        stats = (_read(Path(f"/proc/{pid}/stat")).rpartition(")")[2] for pid in _tree(self._process.pid))
        return sum(int(ticks) for stat in stats for ticks in stat.split()[11:15]) / os.sysconf("SC_CLK_TCK")


class _Sampler(threading.Thread):
    """Samples the memory of a process and its descendants, often at first, later every tenth of a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        pause_s = 0.01
        while not self._ended.wait(pause_s):
            self.sample()
            pause_s = min(0.1, pause_s * 1.1)

    def sample(self) -> None:
        """Take one sample."""
        self.peak = max(self.peak, sum(_proportional_set_size(pid) for pid in _tree(self._pid)))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended
        return
    for thread in threads:
        for child in _read(thread / "children").split():
            yield from _tree(int(child))


def _proportional_set_size(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB$", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:  # the process has ended, or is ending
        return ""


def _cpu_seconds_of_orphans(group: int) -> float:
    """Wait for processes that the command has left running in its process group, and return their time."""
    seconds = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-group, 0)
        except ChildProcessError:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime
