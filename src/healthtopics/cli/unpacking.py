"""`healthtopics release unpack`: the artifacts by name, and a site of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import mode_of, progress_bar, store_at
from healthtopics.cli.exits import count
from healthtopics.cli.run import current
from healthtopics.cli.showing import open_numbered
from healthtopics.errors import ReleaseError
from healthtopics.release import TOPICS_SQLITE, Opened, check_promised, object_key, read_artifact

if TYPE_CHECKING:
    from healthtopics.storage.local import LocalStore


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
            "--link", help="Hard links to the artifacts in the store instead of copies: never write to them."
        ),
    ] = False,
    site: Annotated[
        bool,
        typer.Option(
            "--site/--no-site", help="Pages that link to each other as files, beside the artifacts."
        ),
    ] = True,
    mode: options.Mode = "0644",
    workspace: options.Workspace = None,
    exports: options.Exports = None,
) -> None:
    """Write the artifacts of a release into a folder by name, and a site.

    All of it is written, or nothing. The site begins at index.html and needs no server: open it, or let any
    host serve the folder. That must be new or empty, or one that was unpacked before, which is replaced in
    one step.

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
    files, why_none = _site_of(store, opened) if site else (None, "")
    with progress_bar("Unpacking") as progress:
        unpack_release(
            store, opened, Path(folder), site=files or (), link=link, mode=permissions, progress=progress
        )
    release, artifacts = opened.manifest.number, len(opened.manifest.files)
    current().answer("unpacked", release=release, artifacts=artifacts, site=files is not None)
    typer.echo(f"Release {release} is in {folder}: {count(artifacts, 'artifact')}.")
    if files:
        typer.echo(f"The site, which needs no server, begins at {folder}/index.html.")
    elif why_none:
        typer.echo(f"There is no site: {why_none}")


def _site_of(store: "LocalStore", opened: Opened) -> tuple[Iterator[tuple[str, bytes]] | None, str]:
    """Return name and content of each file of the site; None, and why, if there can be none."""
    from healthtopics.formats.table import PAGES
    from healthtopics.index.opening import TopicIndex
    from healthtopics.website.files import site_files

    artifacts = opened.manifest.files
    if not any(each.format == PAGES for each in artifacts.values()):
        return None, f"the format {PAGES} is not here, which the pages of topics are in."
    if TOPICS_SQLITE not in artifacts:
        return None, f"{TOPICS_SQLITE} is not here, which the lists of topics are made from."
    index = artifacts[TOPICS_SQLITE]
    key = object_key(TOPICS_SQLITE, index.sha256)
    check_promised(store, key, index.promise)
    try:
        opened_index = TopicIndex(store.path(key), opened.selection)
    except ReleaseError as error:
        return None, str(error)
    return site_files(opened_index, artifacts, lambda name: read_artifact(store, name, artifacts[name])), ""
