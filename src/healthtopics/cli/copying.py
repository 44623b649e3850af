"""`healthtopics release copy`: the releases on a static host."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import advice_for, mode_of, progress_bar, store_at
from healthtopics.cli.exits import count
from healthtopics.cli.run import current


def copy(
    destination: Annotated[
        str, typer.Argument(metavar="DEST", help="A folder; or host:path, to which rsync copies.")
    ],
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    mode: options.Mode = "0644",
) -> None:
    """Copy all releases to a folder or a host.

    Readers there see the old releases or the new ones, never a mixture.

    At host:path nothing is locked or flushed: let one job at a time copy there.

    Examples:
    healthtopics release copy /srv/topics                   # a folder
    healthtopics release copy www.example.org:/srv/topics   # another host, by rsync
    """
    from healthtopics.publishing.copying import copy_releases, take_snapshot
    from healthtopics.storage.copies import CopyStore
    from healthtopics.storage.rsync import is_remote, send

    permissions = mode_of(mode)
    store = store_at(exports, workspace)
    snapshot = take_snapshot(store)
    if snapshot.damaged:
        forms = count(len(snapshot.damaged), "compressed form")
        typer.echo(f"{forms} damaged, left out: {snapshot.damaged[0]}. {advice_for(store)}", err=True)
    if is_remote(destination):
        send(store, snapshot, destination, permissions)
        number, copied = snapshot.number, len(snapshot.objects)
        current().answer("copied", release=number, objects=copied)
        typer.echo(f"Release {number} is at {destination}, with {count(copied, 'object')}.")
        return
    there = CopyStore(Path(destination), permissions)
    if there.folder.resolve() == store.folder.resolve():
        raise typer.BadParameter(f"{destination} is the folder of the releases themselves.")
    with there.locked(), progress_bar("Copying") as progress:
        result = copy_releases(store, snapshot, there, str(store.folder.resolve()), progress=progress)
    current().answer("copied", release=result.number, copied=result.copied, reused=result.reused)
    typer.echo(
        f"Release {result.number} is in {destination}: {count(result.copied, 'object')} copied, "
        f"{result.reused} were there already."
    )
