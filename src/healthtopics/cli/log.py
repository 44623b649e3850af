"""The log of a job on standard error: words for people, or with `--log json` one object per line.

Every line of the second kind has the time, the level, the run and the command. What libraries print there
gets the same form, so that a collector of logs never meets a line without a run.
"""

import io
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from enum import StrEnum
from typing import Any, TextIO

import typer

from healthtopics.cli import clock
from healthtopics.cli.reports import json_line
from healthtopics.cli.run import Run, current, options_in
from healthtopics.problems import Level
from healthtopics.release import instant


class LogForm(StrEnum):
    """The form of standard error."""

    TEXT = "text"
    JSON = "json"


def wanted_log(words: Sequence[str]) -> LogForm:
    """Return the form that the words of the command line ask for, whether they are valid or not."""
    wanted = LogForm.TEXT
    for name, value in options_in(words):
        if name == "--log" and value in set(LogForm):
            wanted = LogForm(value)
    return wanted


class JsonLog(io.TextIOBase):
    """A text stream on which every line becomes an object."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO, run: Run) -> None:
        self._stream = stream
        self._run = run
        self._rest = ""

    def write(self, text: str, /) -> int:
        """Write each line that is complete."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                self.record(line, Level.INFO)
        return len(text)

    def finish(self) -> None:
        """Write what has no end of line."""
        self.write("\n")

    def record(self, message: str, level: Level, **members: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Write one entry."""
        entry = {
            "time": instant(clock.now()),
            "level": level,
            "run": self._run.id,
            "command": self._run.command,
            "message": message,
            **members,
        }
        self._stream.write(json_line(entry))
        self._stream.flush()


@contextmanager
def logged(run: Run, form: LogForm) -> Iterator[None]:
    """Give standard error the wanted form."""
    if form is LogForm.TEXT:
        yield
        return
    log = JsonLog(sys.stderr, run)
    with redirect_stderr(log):
        write_entry("started")
        yield
        log.finish()


def log_message(message: str, level: Level = Level.INFO, **members: Any) -> None:  # noqa: ANN401 - as above
    """Write a message to standard error; the members are for programs only."""
    if not write_entry(message, level, **members):
        typer.echo(message, err=True)


def trace(error: BaseException) -> None:
    """Print where in the code an error arose, if somebody asks for it."""
    if "--debug" in sys.argv:
        traceback.print_exception(error)


def write_entry(message: str, level: Level = Level.INFO, **members: Any) -> bool:  # noqa: ANN401 - as above
    """Write an entry of the JSON log; return False if people read the log."""
    if not isinstance(sys.stderr, JsonLog):
        return False
    sys.stderr.record(message, level, **members)
    return True


def log_problems() -> bool:
    """Write the problems of the run to the JSON log; return False if people read the log."""
    if not isinstance(sys.stderr, JsonLog):
        return False
    run = current()
    shown = run.first_problems()
    for problem in shown:
        place = {
            name: getattr(problem, name) for name in ("check", "path", "line", "column", "pointer", "hint")
        }
        sys.stderr.record(
            problem.message, problem.level, **{key: each for key, each in place.items() if each}
        )
    if more := len(run.problems) - len(shown):
        sys.stderr.record(f"{more:,} more problems were found.", Level.WARNING)
    return True
