"""`healthtopics release unpack`: the artifacts by name."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import mode_of, progress_bar, store_at
from healthtopics.cli.exits import count
from healthtopics.cli.run import current
from healthtopics.cli.showing import open_numbered


def unpack(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[N] DIR", help="The number of a release, the current one if left out, and a folder."
        ),
    ],
    link: Annotated[
        bool,
        typer.Option(
            "--link", help="Hard links to the files of the store instead of copies: never write to them."
        ),
    ] = False,
    mode: options.Mode = "0644",
    workspace: options.Workspace = None,
    exports: options.Exports = None,
) -> None:
    """Write the artifacts of a release into a folder by name.

    All of them are written, or none.

    The folder must be new or empty, or one that was unpacked before: that is replaced in one step.

    Examples:
    healthtopics release unpack site      # the current release
    healthtopics release unpack 41 site   # an older one
    """
    from healthtopics.storage.unpacking import unpack as unpack_release

    *numbers, folder = words
    if len(numbers) > 1 or not all(each.isdecimal() for each in numbers):
        raise typer.BadParameter("name one release by its number, or none, and then one folder.")
    permissions = mode_of(mode)
    store = store_at(exports, workspace)
    opened = open_numbered(store, int(numbers[0]) if numbers else None)
    with progress_bar("Unpacking") as progress:
        unpack_release(store, opened, Path(folder), link=link, mode=permissions, progress=progress)
    release, artifacts = opened.manifest.number, len(opened.manifest.files)
    current().answer("unpacked", release=release, artifacts=artifacts)
    typer.echo(f"Release {release} is in {folder}: {count(artifacts, 'artifact')}.")
