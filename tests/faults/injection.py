"""Faults in the middle of a command: strace(1) kills it, or refuses one of its system calls.

A first run records every call that touches the command's own files. Each of them becomes a point, at which a
later run is killed or gets an error. strace counts the calls of every process by itself, so that workers
have separate points.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support.workspaces import Run

KILL: Final = "KILL"
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
_LINE: Final = re.compile(r"(?P<process>\d+) +(?P<call>\w+)\((?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """One call of one process, and what happens to it."""

    call: str
    nth: int
    """The calls of this name are counted from 1, by process."""
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

    def run(self, *, point: Point | None = None, log: Path | None = None, in_workers: bool = False) -> Run:
        """Run it as a process; at the point, if there is one, the fault happens."""
        strace = []
        if point is not None or log is not None:
            trace = ["-f", "-qq", "--seccomp-bpf", "-e", f"trace={','.join(_CALLS)}"]
            if point is not None:
                trace += ["-o", "/dev/null", "-e", point.injection]
            else:
                trace += ["-y", "-s", "0", "-o", str(log)]
            strace = ["strace", *trace]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.environment,
        }
        if in_workers:
            environment |= {
                "PYTHONPATH": os.pathsep.join(
                    filter(None, (str(Path(__file__).parent / "workers"), self.environment.get("PYTHONPATH")))
                ),
                "FAULTS_STRACE": "\t".join(strace),
            }
            strace = []
        done = subprocess.run(
            [*strace, str(Path(sys.executable).with_name("healthtopics")), *self.arguments],
            cwd="/",
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        out, err = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        return Run(done.returncode, out, err)

    def points(self, log: Path, *, in_workers: bool = False) -> Iterator[Point]:
        """Run it, record its calls in a file, and yield every point of its first process, or of a worker."""
        done = self.run(log=log, in_workers=in_workers)
        assert done.code in (0, 1), done.err
        seen = set()
        for call, nth, rest in _calls(log, tuple(map(str, self.folders)), every_process=in_workers):
            kind = _SAME.get(call, call)
            changes = call not in _READS
            if call == "openat" and _CREATES.search(rest):
                kind, changes = "creating openat", True
            faults = (*((KILL,) if changes else ()), *_ERRORS[kind])
            for point in (Point(call, nth, fault) for fault in faults):
                if point not in seen:
                    seen.add(point)
                    yield point


def _calls(log: Path, folders: Sequence[str], *, every_process: bool) -> Iterator[tuple[str, int, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    first = ""
    for line in log.read_text(errors="replace").splitlines():
        if not (match := _LINE.match(line)):
            continue
        process, call, rest = match["process"], match["call"], match["rest"]
        first = first or process
        counts[process, call] += 1
        if (every_process or process == first) and any(folder in rest for folder in folders):
            yield call, counts[process, call], rest


def what_is_missing() -> str:
    """Return what keeps faults from being injected here; empty if nothing does."""
    if sys.platform != "linux":
        return "Linux"
    if os.geteuid() != 0:
        return "root"
    return "" if shutil.which("strace") else "strace"
