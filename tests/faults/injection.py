"""Faults in the middle of a command: strace(1) kills it, or refuses one of its system calls.

A first run records every call that touches the command's own files. Each of them becomes a point, at which a
later run is killed or gets an error. Only the first thread, only the other threads, or only the workers meet
the fault: strace counts the calls of each thread by itself, so the first one would be somewhere else at its
own nth call, such as at the document that reports what happened to another.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from signal import SIGKILL
from typing import Final

from support.workspaces import Run

KILL: Final = "KILL"
_FOLDER: Final = Path(__file__).parent
_MOST_SECONDS: Final = 120
_WARM: Final = {"SOURCE_DATE_EPOCH", "PYTHONPATH"}
"""The variables of commands that are forks; the path is that of the process they come from."""
_CREATES: Final = re.compile(r"\bO_(?:CREAT|WRONLY|RDWR|TRUNC)\b")
_NAMES: Final = ("ENOSPC", "EIO", "EROFS", "EACCES")
_ERRORS: Final[Mapping[str, Sequence[str]]] = {
    "openat": ("EIO", "EMFILE", "EACCES", "EINTR"),
    "creating openat": (*_NAMES, "EMFILE", "EINTR"),
    "read": ("EIO", "EINTR"),
    "pread64": ("EIO",),
    "getdents64": ("EIO",),
    "write": ("ENOSPC", "EIO", "EINTR"),
    "writev": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO"),
    "rename": (*_NAMES, "EXDEV"),
    "link": (*_NAMES, "EXDEV"),
    "symlink": _NAMES,
    "unlink": ("EIO", "EROFS", "EACCES"),
    "rmdir": ("EIO", "EROFS", "EACCES"),
    "mkdir": _NAMES,
    "fsync": ("EIO", "ENOSPC", "EINTR"),
    "fdatasync": ("EIO", "ENOSPC"),
    "syncfs": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "chmod": ("EIO", "EROFS", "EACCES"),
    "fchmod": ("EIO", "EROFS"),
}
"""The errors that a call can meet on a full, failing or read-only disk, without rights, or between disks."""
_READS: Final = ("openat", "read", "pread64", "getdents64")
_OTHER_NAMES: Final = {
    "rename": ("renameat", "renameat2"),
    "link": ("linkat",),
    "symlink": ("symlinkat",),
    "unlink": ("unlinkat",),
    "mkdir": ("mkdirat",),
    "fchmod": ("fchmodat",),
}
_SAME: Final = {other: name for name, others in _OTHER_NAMES.items() for other in others}
_CALLS: Final = sorted({name for name in _ERRORS if " " not in name} | _SAME.keys())
_LINE: Final = re.compile(r"(?:(?P<process>\d+) +)?(?P<call>\w+)\((?P<rest>.*)")
"""A line of strace; the process is there with -f."""


class Where(Enum):
    """Whose calls are points."""

    FIRST = auto()
    """Those of the first thread of the first process."""
    THREADS = auto()
    """Those of its other threads."""
    WORKERS = auto()
    """Those of worker processes; they do all of the work."""


@dataclass(frozen=True, slots=True)
class Point:
    """One call of one process, and what happens to it."""

    call: str
    nth: int
    """The calls of this name are counted from 1, by thread."""
    fault: str
    """`KILL`, or the name of an error."""

    def __str__(self) -> str:
        return f"{self.fault} at {self.call} {self.nth}"

    @property
    def injection(self) -> str:
        fault = "signal=KILL" if self.fault == KILL else f"error={self.fault}"
        return f"inject={self.call}:{fault}:when={self.nth}"


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and where its files are."""

    arguments: tuple[str, ...]
    folders: tuple[Path, ...]
    """Only calls that touch these are points."""
    environment: Mapping[str, str]

    def run(self, *, point: Point | None = None, log: Path | None = None, where: Where = Where.FIRST) -> Run:
        """Run it as a process; at the point, if there is one, the fault happens."""
        strace = []
        if point is not None or log is not None:
            # With --seccomp-bpf it would be faster, but no signal would be sent.
            strace = ["strace", "-s", "0", "-e", f"trace={','.join(_CALLS)}"]
            strace += ["-e", point.injection] if point is not None else ["-y"]
        if strace and where is not Where.WORKERS and self.environment.keys() <= _WARM:
            return self._run_warm(strace, point, log, where)
        if strace:
            strace += ["-o", os.devnull if log is None else str(log)]
            # That strace is attached to a worker is awaited, so it must say so.
            strace += ["-f"] if where is Where.WORKERS else ["-qq"]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }
        if where is Where.WORKERS:
            environment |= {
                "PYTHONPATH": os.pathsep.join(
                    filter(None, (str(_FOLDER / "workers"), self.environment.get("PYTHONPATH")))
                ),
                "FAULTS_STRACE": "\t".join(strace),
            }
            strace = []
        done = subprocess.run(
            [*strace, str(Path(sys.executable).with_name("healthtopics")), *self.arguments],
            cwd="/",
            env=environment,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
        out, err = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        return Run(done.returncode, out, err)

    def _run_warm(self, strace: Sequence[str], point: Point | None, log: Path | None, where: Where) -> Run:
        """Run it as a fork of a process that has loaded everything; make sure that the fault happens."""
        with tempfile.TemporaryDirectory() as folder:
            calls = log or Path(folder, "calls")
            done = _warm(self.environment.get("PYTHONPATH", "")).run(self, strace, calls, folder, where)
            # Which thread does which work is chance, but whatever threads do, one of them does first.
            if point and (where is Where.FIRST or point.nth == 1):
                texts = (file.read_text(errors="replace") for file in _files(calls))
                happened = (
                    done.code == -SIGKILL
                    if point.fault == KILL
                    else any("(INJECTED)" in text for text in texts)
                )
                assert happened, f"no {point}"
        return done

    def points(self, log: Path, where: Where = Where.FIRST, *, reads: bool = True) -> Iterator[Point]:
        """Run it, record its calls in a file, and yield its points; without `reads`, those of writes only."""
        done = self.run(log=log, where=where)
        assert done.code in (0, 1), done.err
        seen = set()
        for call, nth, rest in _calls(log, tuple(map(str, self.folders))):
            kind = _SAME.get(call, call)
            changes = call not in _READS
            if call == "openat" and _CREATES.search(rest):
                kind, changes = "creating openat", True
            if not (changes or reads):
                continue
            faults = (*((KILL,) if changes else ()), *_ERRORS[kind])
            for point in (Point(call, nth, fault) for fault in faults):
                if point not in seen:
                    seen.add(point)
                    yield point


def attached(strace: Sequence[str], log: Path, thread: int) -> "subprocess.Popen[str]":
    """Have strace watch a thread, and no other; it does so when this returns."""
    watching = subprocess.Popen(
        [*strace, "-o", str(log), "-p", str(thread)], stderr=subprocess.PIPE, text=True
    )
    assert watching.stderr
    assert "attached" in watching.stderr.readline()
    return watching


class _Warm:
    """The process of warm.py."""

    def __init__(self, path: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        paths = os.pathsep.join(filter(None, (path, str(_FOLDER.parent))))
        self._process = subprocess.Popen(
            [sys.executable, _FOLDER / "warm.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": paths},
        )

    def run(self, command: Command, strace: Sequence[str], log: Path, temporary: str, where: Where) -> Run:
        """Run a command while strace watches its first thread, or each of the others.

        The command's temporary files are in a separate folder.
        """
        out, err = (Path(self._folder.name, name) for name in ("out", "err"))
        order = {
            "arguments": command.arguments,
            "environment": dict(command.environment),
            "out": str(out),
            "err": str(err),
            "temporary": temporary,
            "strace": strace,
            "log": str(log),
            "threads": where is Where.THREADS,
        }
        process = int(self._ask(json.dumps(order)))
        if where is Where.THREADS:
            code = int(self._ask("go"))
        else:
            with attached(strace, log, process) as watching:
                code = int(self._ask("go"))
                watching.communicate(timeout=_MOST_SECONDS)
        return Run(code, *(each.read_text(errors="replace") for each in (out, err)))

    def _ask(self, line: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


_warm: Final = cache(_Warm)
"""One for each path of packages, in each process of tests; it ends when its standard input does."""


def _files(log: Path) -> list[Path]:
    """Return the files of a log: one, or one for each thread."""
    return sorted(log.parent.glob(f"{log.name}*"))


def _calls(log: Path, folders: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    counts: Counter[tuple[Path, str | None, str]] = Counter()
    for file in _files(log):
        for match in filter(None, map(_LINE.match, file.read_text(errors="replace").splitlines())):
            process, call, rest = match["process"], match["call"], match["rest"]
            counts[file, process, call] += 1
            if any(folder in rest for folder in folders):
                yield call, counts[file, process, call], rest


def what_is_missing() -> str:
    """Return what keeps faults from being injected here; empty if nothing does."""
    if sys.platform != "linux":
        return "Linux"
    if os.geteuid() != 0:
        return "root"
    return "" if shutil.which("strace") else "strace"
