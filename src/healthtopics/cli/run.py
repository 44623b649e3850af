"""One run of the program: its id, its command, its result.

Logs, metrics and messages of a run all take its id, command and start from here.
"""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from healthtopics.cli import clock
from healthtopics.problems import Level, Problem
from healthtopics.release import instant

if TYPE_CHECKING:
    from healthtopics.metrics import Measures
    from healthtopics.storage.local import LocalStore

MOST_PROBLEMS: Final = 1000
"""This many problems are in the answer of a run, errors first; `problemsTotal` says how many there are."""


class OutputFormat(StrEnum):
    """What standard output has: words for people, or a document for a program."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    """SARIF 2.1.0, for code scanning."""
    GITHUB = "github"
    """Words, and the findings as annotations of GitHub Actions."""

    @property
    def is_document(self) -> bool:
        """Whether one document is all that standard output has."""
        return self in (OutputFormat.JSON, OutputFormat.SARIF)


@dataclass(slots=True, kw_only=True)
class Job:
    """What one run reports, and where to."""

    metrics: Path | None
    ping: str
    folder: Path = field(default_factory=Path)
    """The workspace, or the copy; until it is known, the current folder."""
    measures: "Measures" = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One run. What a command finds out is collected here and printed at the end, whatever the end is."""

    command: str = ""
    """As it was typed: `catalogue check`; empty if there is no such command."""
    output: OutputFormat = OutputFormat.TEXT
    id: str = field(default_factory=lambda: str(uuid4()))
    started: datetime = field(default_factory=clock.now)
    workspace: Path | None = None
    """The folder that the paths of problems are relative to, once it is known."""
    result: str = ""
    """One of the results of `exits.TABLE`; empty until the command has set it."""
    message: str = ""
    """The error that ended the run, in words for people."""
    problems: Sequence[Problem] = ()
    is_judging: bool = False
    """Whether its problems are what the command was asked for, and so belong on standard output."""
    members: dict[str, Any] = field(default_factory=dict)
    """What else the answer has."""
    is_left_to_another: bool = False
    """Whether another process was at work, and this one left it to that."""
    is_service_stopped: bool = False
    """Whether it ended as a service does: by a signal, and without an error."""
    job: Job | None = None
    """What the run reports elsewhere, if schedulers run the command."""
    store: "LocalStore | None" = None
    """The releases that the command reads, once they are known: damage to them has a way out."""
    _ticks: float = field(default_factory=monotonic)

    def answer(self, result: str = "", /, **members: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Set the result as soon as it is certain: whatever happens after it, `--json` has it."""
        self.result = result
        self.members = members

    @property
    def seconds(self) -> float:
        """How long the run has taken until now."""
        return round(monotonic() - self._ticks, 3)

    def document(self, exit_code: int) -> dict[str, Any]:
        """Return the one object that `--json` prints."""
        return {
            "result": self.result,
            "exitCode": exit_code,
            "command": self.command,
            "run": self.id,
            "started": instant(self.started),
            "seconds": self.seconds,
            **({"message": self.message} if self.message else {}),
            **self.members,
            "problems": self.first_problems(),
            "problemsTotal": len(self.problems),
        }

    def first_problems(self) -> list[Problem]:
        """Return as many problems as an answer has, errors first if there are more."""
        problems = list(self.problems)
        if len(problems) > MOST_PROBLEMS:
            problems.sort(key=lambda problem: list(Level).index(problem.level))
        return problems[:MOST_PROBLEMS]


_current: ContextVar[Run] = ContextVar("run")


def begin(run: Run) -> Run:
    """Make a run the current one of this process."""
    _current.set(run)
    return run


def current() -> Run:
    """Return the current run; without one, as in a test of a function, a new one that prints words."""
    try:
        return _current.get()
    except LookupError:
        return begin(Run())


def wanted_output(words: list[str]) -> OutputFormat:
    """Return what standard output is to have; wrong usage, too, is reported in this form."""
    wanted = OutputFormat.TEXT
    for name, value in options_in(words):
        if name == "--json":
            wanted = OutputFormat.JSON
        elif name == "--output-format" and value in set(OutputFormat):
            wanted = OutputFormat(value)
    return wanted


def options_in(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word of a command line with the value that it has if it is an option."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        name, equals, value = word.partition("=")
        yield name, value if equals else following


def command_name(command: object, words: list[str]) -> str:
    """Return the name of the command among the words: `catalogue check`."""
    names = []
    for word in words:
        below = getattr(command, "commands", {})
        if word in below:
            names.append(word)
            command = below[word]
    return " ".join(names)
