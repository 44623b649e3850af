"""`healthtopics catalogue check`: what is wrong with the translations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

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
from healthtopics.errors import DataError
from healthtopics.problems import Problem, has_errors


def check(
    topics: options.Catalogues = None,
    language: options.Language = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Check this one file, outside a workspace.")
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
    current().is_judging = True
    try:
        problems = _check_file(file) if file else _findings(workspace, topics, language, no_cache=no_cache)
    except DataError as error:
        problems = list(error.problems)
    print_problems(problems, is_verbose=verbose)
    print_summary(problems, is_verbose=verbose)
    failed = has_errors(problems) or (strict and bool(problems))
    code = code_of(problems) if failed else EXIT_OK
    current().answer(judged(code))
    if failed:
        raise typer.Exit(code)


def _findings(
    workspace: Path | None, topics: Sequence[str] | None, language: str | None, *, no_cache: bool
) -> list[Problem]:
    from healthtopics.layout import WORDS
    from healthtopics.publishing.overview import findings_of

    opened = workspace_at(workspace)
    languages = languages_of(opened, language)
    with work_on(opened, "Checking", no_cache=no_cache) as work:
        names = known_topics(topics, [*work.files.topic_names(), *WORDS]) if topics else None
        return opened.judged(findings_of(*work, languages, names))


def _check_file(file: Path) -> list[Problem]:
    from healthtopics.translation.single_file import check_alone

    return check_alone(read_input(file), str(file))
