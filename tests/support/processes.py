"""`healthtopics serve` and the preview in processes as users start them."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

STARTED = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from healthtopics.cli import main
main()
"""


@dataclass(frozen=True)
class Serving:
    url: str
    process: "subprocess.Popen[str]"
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in path.read_text().split()]


def is_running(process: int) -> bool:
    """Return whether a process has not ended; one that has, and that nobody waited for, has no command."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def serving(*words: str | Path, log: Path, descriptors: int = 0, ends_with: int = 143) -> Iterator[Serving]:
    """Run a command that serves until the block ends."""

    def limit() -> None:
        if descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    command = [sys.executable, "-c", STARTED, *map(str, words)]
    if "--port" not in words:
        command += ["--port", "0"]
    is_logged = "--log" in words  # then the address is in the log
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if is_logged else errors,
            text=True,
            env=environment,
            preexec_fn=limit,  # noqa: PLW1509 - no thread of the tests runs Python at this point
        ) as process,
    ):
        try:
            address = _address_in(process, errors)
            assert address, log.read_text()
            yield Serving(address[0].rstrip("/"), process, log)
        finally:
            process.terminate()
            if process.stderr:
                errors.write(process.stderr.read())
                errors.flush()
            assert process.wait(timeout=60) == ends_with, log.read_text()
    assert "Traceback" not in log.read_text()


def _address_in(process: subprocess.Popen[str], log: TextIO) -> re.Match[str] | None:
    """Read where a service listens: from its log, of which a copy is kept, if it has one of objects."""
    lines = process.stderr or process.stdout
    assert lines is not None
    for line in lines:
        if process.stderr:
            log.write(line)
        if found := re.search(r"http://[^\s\"]+/", line):
            return found
    return None
