"""`healthtopics catalogue update`: bring catalogues up to date after topics have changed."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import languages_of, read_input, sound_topics, work_on, workspace_at
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem

if TYPE_CHECKING:
    from healthtopics.catalogues.memory import Remembered
    from healthtopics.cli.common import OpenWorkspace
    from healthtopics.publishing.overview import Overview
    from healthtopics.storage.workspace import Workspace
    from healthtopics.workbench.catalogues import Update, Updates


def update(
    topics: options.Catalogues = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
    suggestions: Annotated[
        bool,
        typer.Option(
            "--suggestions/--no-suggestions",
            help="Suggest translations of the same and of similar texts for new ones, as fuzzy.",
        ),
    ] = True,
    memories: Annotated[
        list[Path] | None,
        typer.Option(
            "--memory",
            metavar="FILE",
            help="Suggest what this translation memory (TMX) has, for all texts without a translation.",
        ),
    ] = None,
    no_cache: options.NoCache = False,
) -> None:
    """Bring the catalogues up to date with the topics; translations are kept.

    A file that cannot be read, or may be truncated, is reported and left alone (exit 1);
    the others are updated.

    Examples:
    healthtopics catalogue update                  # all of them
    healthtopics catalogue update asthma -l es     # one of them
    healthtopics catalogue update --memory a.tmx   # with an agency's memory
    """
    from healthtopics.layout import INTERFACE, VOCABULARY
    from healthtopics.publishing.overview import look_at
    from healthtopics.storage.workspace import read_catalogue_files
    from healthtopics.workbench.catalogues import updated_catalogues

    opened = workspace_at(workspace)
    languages = languages_of(opened, language)
    words = [name for name in topics or () if name in (VOCABULARY, INTERFACE)]
    wanted = [name for name in topics or () if name not in words]
    refused: list[Problem] = []
    written: list[Update] = []
    with work_on(opened, "Updating", no_cache=no_cache) as work:
        files, maker, engine = work
        overview = look_at(files, maker, engine, leaves_out_faulty=True)
        names = [*(sound_topics(wanted, overview) if wanted or not words else []), *words]
        for tag in languages:
            texts = read_catalogue_files(opened, tag)
            more = _remembered(memories or (), tag)
            updates = updated_catalogues(
                overview, texts, tag, names, suggests=suggestions, more=more, engine=engine
            )
            refused += updates.problems
            written += updates.catalogues
            _write(opened, updates)
        left = _left(opened, work, [each.path for each in written])
    print_problems([*overview.errors, *refused, *_warnings(overview, refused)])
    _answer(written, left)
    if overview.errors or refused:
        raise typer.Exit(EXIT_PROBLEMS)


def _left(opened: "Workspace", work: "OpenWorkspace", paths: Sequence[str]) -> int:
    """Return how many messages of changed catalogues are to do, counted as `catalogue status` does."""
    from healthtopics.language import SOURCE
    from healthtopics.storage.workspace import read_files
    from healthtopics.workbench.status import status_of

    if not paths:
        return 0
    files = read_files(opened)
    languages = [each for each in files.configuration.languages if each != SOURCE]
    status = status_of(
        files, None, languages, None, maker=work.maker, engine=work.engine, leaves_out_faulty=True
    )
    return sum(len(sheet.to_do()) for sheet in status.sheets if sheet.path in paths)


def _answer(written: "Sequence[Update]", left: int) -> None:
    """Say how much was changed."""
    kept, made_fuzzy = (sum(getattr(each, name) for each in written) for name in ("kept", "made_fuzzy"))
    current().answer(changed=[each.path for each in written], kept=kept, madeFuzzy=made_fuzzy, left=left)
    counts = f": {count(kept, 'translation')} kept, {made_fuzzy:,} made fuzzy, {left:,} left to do"
    typer.echo(f"{count(len(written), 'catalogue')} changed{counts * bool(written)}.")


def _remembered(memories: Sequence[Path], language: LanguageTag) -> "list[Remembered]":
    """Return the translations of memories, each named after its file: in one word, for comments."""
    from healthtopics.catalogues.tmx import from_tmx

    return [
        each
        for file in memories
        for each in from_tmx(read_input(file), str(file), language, re.sub(r"[\s,]+", "-", file.stem))
    ]


def _write(opened: "Workspace", updates: "Updates") -> None:
    from healthtopics.storage.workspace import write_file

    for each in updates.catalogues:
        write_file(opened, each.path, each.data, was=each.was)
        typer.echo(f"updated {each.path}")


def _warnings(overview: "Overview", refused: Sequence[Problem]) -> list[Problem]:
    """Return the warnings of translators' files, except files that are refused as a whole."""
    from healthtopics.layout import CONFIGURATION, LOCALES, folder_of

    left_alone = {problem.path for problem in refused}
    return [
        problem
        for problem in overview.warnings
        if folder_of(problem.path) in (LOCALES, CONFIGURATION) and problem.path not in left_alone
    ]
