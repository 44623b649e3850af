"""`healthtopics catalogue check`: what is wrong with the translations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import (
    known_topics,
    languages_of,
    read_input,
    work_on,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_OK, code_of, judged
from healthtopics.cli.findings import print_problems, print_summary
from healthtopics.cli.run import current
from healthtopics.errors import ConfigurationError, DataError
from healthtopics.problems import Problem, has_errors

if TYPE_CHECKING:
    from healthtopics.translation.single_file import Surroundings
    from healthtopics.translation.unjudged import Unjudged


def check(
    topics: options.Catalogues = None,
    language: options.Language = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Check this one file, by itself.")
    ] = None,
    workspace: options.Workspace = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for missing and fuzzy messages, too.")
    ] = False,
    no_cache: options.NoCache = False,
    verbose: options.Verbose = False,
) -> None:
    """Check translations: what is wrong, where, and what to do.

    A file that cannot be read is reported, and the others are still checked.

    Examples:
    healthtopics catalogue check asthma                # one topic
    healthtopics catalogue check --file asthma.es.po   # a file that was sent to you
    """
    from healthtopics.translation.unjudged import Unjudged

    current().is_judging = True
    unjudged = Unjudged()
    try:
        problems, unjudged = (
            _check_file(file, workspace)
            if file
            else _findings(workspace, topics, language, no_cache=no_cache)
        )
    except DataError as error:
        problems = list(error.problems)
    print_problems(problems, is_verbose=verbose)
    print_summary(problems, is_verbose=verbose)
    for line in unjudged.lines():
        typer.echo(line)
    failed = has_errors(problems) or (strict and bool(problems))
    code = code_of(problems) if failed else EXIT_OK
    current().answer(judged(code), unjudged=unjudged.to_dict())
    if failed:
        raise typer.Exit(code)


def _findings(
    workspace: Path | None, topics: Sequence[str] | None, language: str | None, *, no_cache: bool
) -> "tuple[list[Problem], Unjudged]":
    from healthtopics.layout import WORDS
    from healthtopics.publishing.overview import findings_of
    from healthtopics.translation.unjudged import Unjudged

    opened = workspace_at(workspace)
    languages = languages_of(opened, language)
    with work_on(opened, "Checking", no_cache=no_cache) as work:
        names = known_topics(topics, [*work.files.topic_names(), *WORDS]) if topics else None
        problems = opened.judged(findings_of(*work, languages, names))
    return problems, Unjudged.of(problems, languages)


def _check_file(file: Path, workspace: Path | None) -> "tuple[list[Problem], Unjudged]":
    from healthtopics.translation.single_file import check_alone

    return check_alone(read_input(file), str(file), _around(file, workspace))


def _around(file: Path, workspace: Path | None) -> "Surroundings | None":
    """Return what the workspace of a file knows, which may be named; None if there is none."""
    from healthtopics.publishing.sources import surroundings_of
    from healthtopics.storage.workspace import find_workspace, read_files

    if workspace is None:
        try:
            workspace = find_workspace(file.resolve().parent)
        except ConfigurationError:
            return None
    # A file that was sent is called after its topic, too: fever.po, fever.es.po.
    return surroundings_of(read_files(workspace_at(workspace)), file.name.partition(".")[0])
