"""What is shown of problems: their places in the files, for people grouped and in color."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, TextIO

import typer

from healthtopics.cli.exits import tally
from healthtopics.cli.log import log_problems
from healthtopics.cli.run import OutputFormat, current
from healthtopics.errors import HealthTopicsError
from healthtopics.problems import Level, Problem, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from healthtopics.places import Places

_MOST: Final = 40
"""This many problems are printed in the order of their places."""
_FEW: Final = 3
"""This many problems of one kind are printed among more than `_MOST`."""
_STYLES: Final = {Level.ERROR: ("✗", "bold red"), Level.WARNING: ("!", "yellow"), Level.INFO: ("·", "cyan")}
"""By level: the symbol and the color on a terminal."""


def print_problems(
    problems: Iterable[Problem], *, is_verbose: bool = False, finds_places: bool = True
) -> None:
    """Report what was found, each once: for people grouped, in the answer for programs.

    A command that judges prints it on standard output, others on standard error. Notes are only counted, and
    of more than forty problems those of a kind that are many, unless `is_verbose`. The places of values are
    found unless the pointers lead into something else than the files of the workspace.
    """
    run = current()
    found = list(dict.fromkeys(problems))
    run.problems = in_order(with_places(found, run.workspace) if finds_places else found)
    if log_problems() or run.output is not OutputFormat.TEXT:
        return
    out = Output(sys.stdout if run.is_judging else sys.stderr)
    shown = [each for each in run.problems if is_verbose or each.level is not Level.INFO]
    out.print_all(shown, is_verbose=is_verbose)
    if notes := len(run.problems) - len(shown):
        out.print(f"{notes:,} note{'s' * (notes > 1)} besides; --verbose lists them.")


def print_summary(problems: Iterable[Problem], *, is_verbose: bool) -> None:
    """Print how many problems there are, and what to do next."""
    found = list(dict.fromkeys(problems))
    typer.echo(f"{tally(found).capitalize()}.{next_step(found, is_verbose=is_verbose)}")


def next_step(problems: Iterable[Problem], *, is_verbose: bool) -> str:
    """Return the end of a summary, after its full stop: what to do next if there are errors."""
    found = set(problems)
    errors = sum(each.level is Level.ERROR for each in found)
    if not errors:
        return ""
    what = "the error" if errors == 1 else f"the {errors:,} errors"
    shown = sum(each.level is not Level.INFO for each in found)
    return f" Fix {what}{'; --verbose lists all' if shown > _MOST and not is_verbose else ''}."


def with_places(problems: Iterable[Problem], workspace: Path | None) -> list[Problem]:
    """Return the problems with the line and column of what their pointers name, where that can be found.

    Each file with a problem is read once, as it is now.
    """
    if workspace is None:
        return list(problems)
    known: dict[str, Places | None] = {}
    return [_with_place(each, workspace, known) for each in problems]


def _with_place(problem: Problem, workspace: Path, known: "dict[str, Places | None]") -> Problem:
    from dataclasses import replace

    if problem.line is not None or PurePosixPath(problem.path).suffix not in (".json", ".toml"):
        return problem
    if problem.path not in known:
        known[problem.path] = _places_in(workspace / problem.path)
    places = known[problem.path]
    position = places.at_pointer(problem.pointer) if places else None
    return replace(problem, line=position.line, column=position.column) if position else problem


def _places_in(file: Path) -> "Places | None":
    from healthtopics.places import Places
    from healthtopics.storage.listing import read_file

    try:
        return Places(read_file(file).decode(), file.suffix)
    except (HealthTopicsError, ValueError, RecursionError):
        # Not there, not valid, or nested too deep: the problem says so itself.
        return None


class Output:
    """Prints problems: on a terminal with symbols and colors, elsewhere plain."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._console = _console(stream)

    def print_all(self, problems: Sequence[Problem], *, is_verbose: bool, indent: str = "") -> None:
        """Print problems in the order of their places, or of more than forty the first of each kind."""
        hints: set[tuple[str, str, str]] = set()
        for problem in problems if is_verbose else _first(problems):
            if isinstance(problem, str):
                self.print(problem)
                continue
            self._print_head(problem, indent)
            key = (problem.check, problem.hint, problem.spec)
            if is_verbose or key not in hints:
                for line in str(problem).splitlines()[1:]:
                    self.print(f"{indent}{line}", "dim")
            hints.add(key)

    def print(self, line: str, style: str = "") -> None:
        """Print one line, however long it is."""
        if self._console is None:
            typer.echo(line, file=self._stream)
        else:
            self._console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    def _print_head(self, problem: Problem, indent: str) -> None:
        if self._console is None:
            self.print(f"{indent}{str(problem).splitlines()[0]}")
            return
        from rich.text import Text

        symbol, color = _STYLES[problem.level]
        line = Text.assemble(
            indent,
            (one_line(problem.place), "bold"),
            "  ",
            (f"{symbol} {problem.level}", color),
            f"  {problem.check}  {one_line(problem.message)}",
        )
        self._console.print(line, highlight=False, soft_wrap=True)


def _console(stream: TextIO) -> "Console | None":
    """Return what prints with colors; None for a stream that nobody looks at.

    Rich decides by NO_COLOR, FORCE_COLOR and TERM, as other programs do.
    """
    if not (stream.isatty() or os.environ.get("FORCE_COLOR")):
        return None
    from rich.console import Console

    console = Console(file=stream)
    return console if console.is_terminal and console.encoding.startswith("utf") else None


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file, line and column."""
    return sorted(problems, key=lambda each: (each.path, each.line or 0, each.column or 0))


def _first(problems: Sequence[Problem]) -> Iterator[Problem | str]:
    """Yield few problems as they are; of many, some of each kind, and how many more there are."""
    if len(problems) <= _MOST:
        yield from problems
        return
    levels = list(Level)
    kind = attrgetter("level", "check")
    by_kind = sorted(problems, key=lambda each: (levels.index(each.level), each.check))
    for (level, check), same in groupby(by_kind, kind):
        each = list(same)
        yield from each[:_FEW]
        if len(each) > _FEW:
            yield f"  … {len(each) - _FEW:,} more × {level.value}  {check}; --verbose lists every one"
