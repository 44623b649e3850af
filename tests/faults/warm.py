"""A process that has imported everything; each command is a fork of it, so that none takes time for imports.

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
from collections.abc import Iterator
from typing import Any

import healthtopics
from healthtopics import cli


def forks() -> Iterator[None]:
    """Carry out orders; yield once in each fork, which goes on alone."""
    for line in sys.stdin:
        start, started = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(started)
            prepare(json.loads(line))
            select.select([start], [], [])  # a call that is never counted
            yield
            return
        os.close(start)
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
    sys.argv = ["healthtopics", *order["arguments"]]


if __name__ == "__main__":
    for module in pkgutil.walk_packages(healthtopics.__path__, "healthtopics."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    gc.freeze()
    for _ in forks():
        cli.main()
