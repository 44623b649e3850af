"""Exit codes and their messages. A code is never a count."""

import errno
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import BrokenExecutor
from signal import SIGALRM, SIGHUP, SIGINT, SIGTERM, Signals
from typing import Final, NamedTuple

from healthtopics.errors import (
    ConfigurationError,
    DataError,
    HealthTopicsError,
    InvalidConfigurationError,
    NothingSelectedError,
    ReleaseExistsError,
    TryAgainError,
    is_lasting,
    refusal,
)
from healthtopics.layout import CONFIGURATION
from healthtopics.problems import Level, Problem

EXIT_OK = 0
EXIT_PROBLEMS = 1
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_TRY_AGAIN = 75
EXIT_CONFIGURATION = 78


class Exit(NamedTuple):
    """A row of the table of exit codes."""

    code: int
    results: tuple[str, ...]
    """What `result` in the JSON can be; the first is the default."""
    meaning: str
    todo: str
    """What a job does then."""


TABLE: Final = (
    Exit(
        EXIT_OK,
        (
            *("done", "published", "unchanged", "pinned", "rolled-back", "pulled", "copied"),
            *("adopted", "pruned", "unpacked", "passed", "imported", "dry-run", "verified", "notified"),
        ),
        "done, or nothing to do; a held edition is not an error (`--strict` makes it one)",
        "nothing; `held` in the JSON lists editions that wait for a translator",
    ),
    Exit(
        EXIT_PROBLEMS,
        ("refused", "failed", "published", "unchanged", "imported", "dry-run", "verified"),
        "problems in the data, or a damaged release; no new release was made, except by `--strict`, "
        "which exits with 1 after publishing what is not held",
        "tell the people who write the data; the last release stays current",
    ),
    Exit(EXIT_USAGE, ("usage",), "wrong usage; nothing was done", "correct the command"),
    Exit(
        EXIT_BUG,
        ("bug", "published"),
        "a bug in healthtopics",
        "report it, with what `healthtopics --debug …` prints",
    ),
    Exit(
        EXIT_TRY_AGAIN,
        ("try-again", "published", "unchanged", "pulled"),
        "a retry can help: another publisher is at work, the disk is full, too many files are open, a disk "
        "or the network fails, files changed while they were read, the output could not be written, or "
        "`--timeout` is over",
        "run it again later; if it goes on for longer than the cadence, look at the message",
    ),
    Exit(
        EXIT_CONFIGURATION,
        ("configuration", "published"),
        "a retry cannot help: wrong configuration, no permission, a read-only disk, a file where a folder is "
        "due, a link to nothing, a plug-in that fails",
        "correct what the message names",
    ),
    Exit(
        128 + SIGHUP,
        ("stopped", "published", "unchanged"),
        "stopped by SIGHUP",
        "run it again; it finishes what was begun",
    ),
    Exit(
        128 + SIGINT,
        ("stopped", "published", "unchanged"),
        "stopped by Ctrl-C",
        "nothing: somebody stopped it",
    ),
    Exit(
        128 + SIGTERM,
        ("stopped", "published", "unchanged"),
        "stopped by SIGTERM, as by the time limit of a scheduler",
        "run it again; it finishes what was begun",
    ),
)
"""Every exit code; docs/commands.md and docs/operations.md show it. A code is never a count."""


def result_of(code: int) -> str:
    """Return the result of a command that names none itself."""
    return next((row.results[0] for row in TABLE if row.code == code), "stopped")


class Stopped(BaseException):
    """A signal asked this process to end: everything unwinds, and files are left as by any other error."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class ServiceStopped(Stopped):
    """A signal ended a service, as services end: nothing was begun that another run would finish."""


REPAIR = "Run `healthtopics release repair`: it makes damaged files again, as far as that is possible."
FROM_A_COPY = (
    "It cannot be made again here. Take the file from a backup or from a copy that has it; what belongs to "
    "the current release, `healthtopics release adopt URL` takes from a service or a copy. An old release "
    "that nobody needs any more goes with `healthtopics release prune`."
)


def code_of(problems: Iterable[Problem]) -> int:
    """Return the code for problems with errors: whether those of the configuration are among them."""
    is_configured = all(
        each.path != CONFIGURATION
        or each.level is not Level.ERROR
        or each.check.startswith("withdrawn-")  # that the file is right or not, only its authors know
        for each in problems
    )
    return EXIT_PROBLEMS if is_configured else EXIT_CONFIGURATION


def judged(code: int) -> str:
    """Return the result of a command that judges, by its exit code."""
    return {EXIT_OK: "passed", EXIT_PROBLEMS: "failed"}.get(code) or result_of(code)


def exit_code(error: BaseException) -> int:
    """Return the code for an error that ends a command."""
    match _known(error):
        case Stopped(signal=signal):
            return EXIT_TRY_AGAIN if signal == SIGALRM else 128 + signal
        case DataError(problems=problems):
            return code_of(problems)
        case HealthTopicsError() as known:
            kinds = ((kind, code) for kind, code in _CODES.items() if isinstance(known, kind))
            return next(kinds, (HealthTopicsError, EXIT_PROBLEMS))[1]
    return EXIT_BUG


_CODES: Final[Mapping[type[HealthTopicsError], int]] = {
    ConfigurationError: EXIT_CONFIGURATION,
    NothingSelectedError: EXIT_USAGE,
    TryAgainError: EXIT_TRY_AGAIN,
    ReleaseExistsError: EXIT_TRY_AGAIN,
}


def explain(error: BaseException) -> str:
    """Return for people what happened and what to do; the notes say what it means for the command."""
    notes = "".join(f" {note}" for note in getattr(error, "__notes__", ()))
    match _known(error):
        case DataError(problems=problems) | InvalidConfigurationError(problems=problems) as known:
            return f"{known.diagnostics()}\n{tally(problems)}.{notes}"
        case HealthTopicsError() as known:
            return f"{known.diagnostics()}{notes}"
        case ServiceStopped():
            return "Stopped."
        case Stopped(signal=signal):
            reason = "--timeout is over." if signal == SIGALRM else f"Stopped by {Signals(signal).name}."
            return f"{reason}{notes} Run this again: it finishes what was begun."
    advice = f"{notes} Run it again".lstrip()
    return (
        f"This is a bug in healthtopics: {type(error).__name__}: {error}\n"
        f"{advice} as `healthtopics --debug …` and report what that prints."
    )


def _known(error: BaseException) -> BaseException:
    """Return what Python and the system raise as an error of this package, unless it is a bug."""
    match error:
        case KeyboardInterrupt():
            return Stopped(SIGINT)
        case BrokenExecutor():
            return TryAgainError(
                "A worker process ended before its work was done; the system may have run out of memory. "
                "Run this again."
            )
        case MemoryError():
            return TryAgainError("The memory is exhausted. Run this again when less is running.")
        case OSError(errno=int()):
            return refusal(error, _refused(error))
    return error


_HINTS: Final = {
    errno.EMFILE: "Allow this process more open files (ulimit -n), then run this again.",
    errno.ENFILE: "Too many files are open on this machine. Run this again.",
    errno.ENOSPC: "Make room, then run this again.",
    errno.EDQUOT: "Make room, then run this again.",
}


def _refused(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    if error.filename is not None:
        reason = f"{os.fsdecode(error.filename)}: the system refuses it ({reason})."
    elif reason == os.strerror(errno.ENOENT):  # only the working directory has no name
        return "The working directory no longer exists. Change to a folder that does, then run this again."
    else:
        reason = f"The system refused ({reason})."
    hint = "Correct that, then run this again." if is_lasting(error) else "Run this again."
    return f"{reason} {_HINTS.get(error.errno or 0, hint)}"


def tally(problems: Iterable[Problem]) -> str:
    """Return the number of errors and of warnings, in words."""
    levels = [problem.level for problem in problems]
    nouns = {level: "note" if level is Level.INFO else level for level in Level}
    counts = [count(levels.count(level), noun) for level, noun in nouns.items() if level in levels]
    return ", ".join(counts) or "no problems"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 topic, 2 topics."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
