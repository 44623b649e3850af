"""`healthtopics catalogue check`: what is wrong with what translators have written."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli.catalogue.common import LanguageOption, languages_of
from healthtopics.cli.common import (
    JsonOption,
    TopicsArgument,
    WorkspaceOption,
    print_json,
    print_problems,
    read_input,
    sound_topics,
    sources_of,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtopics.problems import Problem


def check(
    topics: TopicsArgument = None,
    language: LanguageOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Check this one file, outside a workspace.")
    ] = None,
    workspace: WorkspaceOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for missing and fuzzy messages, too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check what translators have written: file, line, what is wrong, and how to mend it.

    A file that cannot be read is told, and the others are checked all the same.
    """
    from healthtopics.errors import DataError
    from healthtopics.problems import has_errors

    try:
        problems = _check_file(file) if file else _findings(workspace, topics, language)
    except DataError as error:
        problems = list(error.problems)
    if as_json:
        print_json({"problems": [problem.to_dict() for problem in problems]})
    else:
        print_problems(problems)
        typer.echo(f"{tally(problems).capitalize()}.")
    if has_errors(problems) or (strict and problems):
        raise typer.Exit(EXIT_PROBLEMS)


def _findings(
    workspace: Path | None, topics: "Sequence[str] | None", language: str | None
) -> "list[Problem]":
    from healthtopics.publishing import prepare

    sources = sources_of(workspace_at(workspace), leaves_out_faulty=True)
    editions = prepare(sources, today=None)  # what is to appear later is translated before
    names = sound_topics(topics, sources)
    found = [
        problem
        for tag in languages_of(sources, language)
        for name in names
        for problem in editions.findings.get((name, tag), ())
        if problem.path not in sources.faulty
    ]
    return [*sources.errors, *sources.warnings, *dict.fromkeys(found)]


def _check_file(file: Path) -> "list[Problem]":
    from healthtopics.translation.alone import check_alone

    return check_alone(read_input(file), str(file))
