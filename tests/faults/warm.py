"""A process that has run commands before; each command is a fork of it, and need not load what they loaded.

Standard input has an order a line, then a line once strace watches the fork. Standard output has the process
id of the fork, then its exit code, negative for a signal.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread, get_native_id
from typing import Any

import healthtopics
from faults.injection import attached
from faults.sweeping import corrected, two_topics
from healthtopics import cli


def forks() -> Iterator[None]:
    """Carry out orders; yield once in each fork, which goes on alone."""
    for line in sys.stdin:
        (start, started), (ready, prepared) = os.pipe(), os.pipe()
        process = os.fork()
        if process == 0:
            os.close(started)
            prepare(json.loads(line))
            os.close(prepared)  # from here on its calls are counted
            select.select([start], [], [])  # a call that is never counted
            yield
            return
        os.close(start)
        os.close(prepared)
        os.read(ready, 1)
        os.close(ready)
        print(process, flush=True)  # noqa: T201 - the answer
        sys.stdin.readline()
        os.close(started)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)  # noqa: T201 - the answer


def prepare(order: dict[str, Any]) -> None:
    """Become the command of an order."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, stream in enumerate((os.devnull, order["out"], order["err"])):
        os.dup2(os.open(stream, flags if number else os.O_RDONLY, 0o600), number)
    os.chdir("/")
    os.environ.update(order["environment"])
    # A run looks into it for what killed ones have left; nobody else's files may be there.
    tempfile.tempdir = order["temporary"]
    sys.argv = ["healthtopics", *order["arguments"]]
    if order["threads"]:
        watch_threads(order["strace"], order["log"])


def watch_threads(strace: Sequence[str], log: str) -> None:
    """Have strace watch each thread that starts from now on, from before its work."""
    work = Thread.run

    def watched(self: Thread) -> None:
        number = get_native_id()
        attached(strace, Path(f"{log}.{number}"), number)
        work(self)

    Thread.run = watched  # type: ignore[method-assign]  # executors start them, too


def rehearse() -> None:
    """Load everything that commands need, code and data: most of their time would go into that."""
    for module in pkgutil.walk_packages(healthtopics.__path__, "healthtopics."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with tempfile.TemporaryDirectory() as folder:
        workspace = two_topics(Path(folder, "workspace"))
        workspace.publish("--precompress")
        corrected(workspace)
        workspace.publish()
        workspace.run("release", "verify")


if __name__ == "__main__":
    rehearse()
    gc.freeze()
    for _ in forks():
        cli.main()
