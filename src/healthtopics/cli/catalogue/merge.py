"""`healthtopics catalogue merge`: git's merge driver for catalogues."""

import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.errors import CatalogueError, HealthTopicsError
from healthtopics.language import posix_locale


def merge(
    base: Annotated[
        Path,
        typer.Argument(metavar="BASE", help="The version that both come from.", exists=True, dir_okay=False),
    ],
    ours: Annotated[
        Path,
        typer.Argument(
            metavar="OURS", help="Your version, which gets the result.", exists=True, dir_okay=False
        ),
    ],
    theirs: Annotated[
        Path, typer.Argument(metavar="THEIRS", help="The other version.", exists=True, dir_okay=False)
    ],
    path: Annotated[
        str, typer.Option("--path", metavar="PATH", help="What the file is called in messages; git's %P.")
    ] = "",
) -> None:
    """Merge two versions of a catalogue, message by message.

    This is git's merge driver: it writes the result into OURS.

    Git uses it for files with `merge=healthtopics` in .gitattributes (`healthtopics init` writes it), after:
    git config merge.healthtopics.driver "healthtopics catalogue merge %O %A %B --path %P"

    Exits with 1 if somebody has to choose; both entries are then between conflict markers.

    Examples:
    healthtopics catalogue merge base.po ours.po theirs.po   # by hand
    """
    from healthtopics.catalogues import merging
    from healthtopics.storage.workspace import overwrite_file

    name = path or str(ours)
    was = ours.read_bytes()
    try:
        merged = merging.merge(
            base.read_bytes(), was, theirs.read_bytes(), name, is_marked=_is_reviewed(name)
        )
    except CatalogueError as error:
        if _merge_by_lines(ours, base, theirs, name):
            return
        problems = error.problems
        message = f"{name}: a version cannot be read, so that git merged it line by line. Look at all of it."
    else:
        # In one step: of a file that is half-written, git would keep the half.
        overwrite_file(ours, merged.data, was=was)
        problems = merged.conflicts
        message = f"{name}: {count(len(problems), 'message')} to choose."
    print_problems(problems)
    if problems:
        typer.echo(message, err=True)
        raise typer.Exit(EXIT_PROBLEMS)


def _is_reviewed(name: str) -> bool:
    """Return whether the workspace of a catalogue asks for reviews in its language, as far as is known."""
    from healthtopics.layout import parse_catalogue_path
    from healthtopics.storage.workspace import find_workspace, open_workspace

    file = Path(name).absolute()
    try:
        folder = find_workspace(file.parent)
        languages = open_workspace(folder).configuration.languages
    except HealthTopicsError:  # none here, or its configuration is in conflict as well
        return False
    place = parse_catalogue_path(file.relative_to(folder).as_posix())
    return place is not None and any(
        policy.review == "required" and posix_locale(language) == place[0]
        for language, policy in languages.items()
    )


def _merge_by_lines(ours: Path, base: Path, theirs: Path, name: str) -> bool:
    """Merge as git does without a driver; return whether the result is a valid catalogue.

    Nothing of either version is lost: what git cannot merge is between conflict markers in `ours`. If git
    cannot do that either, `ours` stays as it is and git's index has the other version.
    """
    from healthtopics.catalogues import po

    git = shutil.which("git")
    if git is None:
        return False
    command = [git, "merge-file", "-L", "ours", "-L", "base", "-L", "theirs", *map(str, (ours, base, theirs))]
    if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - git itself
        return False
    try:
        po.parse_whole(ours.read_bytes(), name)
    except CatalogueError:
        return False
    return True
