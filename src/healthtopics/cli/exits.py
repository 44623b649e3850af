"""Exit codes and their messages. A code is never a count."""

from collections.abc import Iterable
from concurrent.futures import BrokenExecutor

from healthtopics.errors import (
    ConfigurationError,
    DataError,
    HealthTopicsError,
    ReleaseExistsError,
    TryAgainError,
)
from healthtopics.problems import Level, Problem

EXIT_OK = 0
"""Done, or nothing to do."""
EXIT_PROBLEMS = 1
"""Problems found in the data."""
EXIT_USAGE = 2
"""Wrong usage."""
EXIT_BUG = 70
"""A bug."""
EXIT_TRY_AGAIN = 75
"""Nothing is wrong with the data: lock held, number claimed by another, disk full, network down."""
EXIT_CONFIGURATION = 78
"""Wrong configuration."""


REPAIR = "Run `healthtopics publish --repair`: it makes damaged artifacts again."


def exit_code(error: Exception) -> int:
    """Return the code for an error that ends a command."""
    match error:
        case ConfigurationError():
            return EXIT_CONFIGURATION
        case TryAgainError() | ReleaseExistsError() | BrokenExecutor():
            return EXIT_TRY_AGAIN
        case HealthTopicsError():
            return EXIT_PROBLEMS
    return EXIT_BUG


def explain(error: Exception) -> str:
    """Return for people what happened and what to do; the notes say what it means for the command."""
    notes = "".join(f" {note}" for note in getattr(error, "__notes__", ()))
    match error:
        case DataError(problems=problems):
            return f"{error.diagnostics()}\n{tally(problems)}.{notes}"
        case HealthTopicsError():
            return f"{error.diagnostics()}{notes}"
        case BrokenExecutor():
            return (
                "A worker process ended before its work was done; the system may have run out of memory."
                f"{notes} Run this again."
            )
    return (
        f"This is a bug in healthtopics: {type(error).__name__}: {error}\n"
        "Run it again as `healthtopics --debug …` and report what that prints."
    )


def tally(problems: Iterable[Problem]) -> str:
    """Return the number of errors and of warnings, in words."""
    levels = [problem.level for problem in problems]
    nouns = {level: "note" if level is Level.INFO else level for level in Level}
    counts = [count(levels.count(level), noun) for level, noun in nouns.items() if level in levels]
    return ", ".join(counts) or "no problems"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 topic, 2 topics."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
