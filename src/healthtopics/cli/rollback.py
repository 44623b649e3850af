"""`healthtopics release rollback`: an older release again, for everybody."""

from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, completing, options
from healthtopics.cli.claims import reporting_claims
from healthtopics.cli.common import (
    known_release,
    permission_for,
    progress_bar,
    workspace_and_store,
)
from healthtopics.cli.exits import EXIT_PROBLEMS
from healthtopics.cli.findings import print_problems
from healthtopics.cli.jobs import announce_quietly, notifying_webhooks
from healthtopics.cli.run import current
from healthtopics.errors import NoCurrentReleaseError
from healthtopics.release import numbers, objects_of, open_current

if TYPE_CHECKING:
    from healthtopics.publishing.differing import ReleaseDifference


def rollback(
    number: Annotated[
        int,
        typer.Argument(
            metavar="N",
            help="The number of the release to publish again.",
            autocompletion=completing.releases,
        ),
    ],
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    allow_withdrawals: options.AllowWithdrawals = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would change for readers.")
    ] = False,
    mode: options.Mode = "0644",
    compress: options.Precompress = False,
) -> None:
    """Publish an older release again, under the next number.

    It stays current until `publish --resume`.

    What differs from the current release gets new dates, so that every partner takes it over.

    Examples:
    healthtopics release rollback 41   # readers get 41 again
    healthtopics publish --resume      # the way back
    """
    from healthtopics.publishing.dating import Dating
    from healthtopics.publishing.differing import describe, differ
    from healthtopics.publishing.precompressing import precompress
    from healthtopics.publishing.rollback import roll_back
    from healthtopics.publishing.values import Engine
    from healthtopics.publishing.withdrawals import check_withdrawals
    from healthtopics.release import open_release
    from healthtopics.storage import software
    from healthtopics.storage.scratch import temporary_folder

    opened, store = workspace_and_store(workspace, exports, mode)
    current().store = store
    known = numbers(store)
    if not known:
        raise NoCurrentReleaseError(str(store.folder))
    known_release(number, known)
    if number == known[-1]:
        raise typer.BadParameter(f"release {number} is the current one.")
    permission = permission_for(allow_withdrawals, opened.configuration, store)
    if dry_run:
        now, wanted = open_current(store), open_release(store, number)
        difference = differ(store, now, wanted)
        current().answer("dry-run", release=known[-1], difference=difference.to_dict())
        typer.echo(f"A rollback from release {known[-1]} to release {number} would change:")
        for line in describe(difference):
            typer.echo(f"  {line}")
        _warn(difference)
        withdrawn = check_withdrawals(now.manifest, wanted.manifest, (), permission, rolls_back_to=number)
        if problems := list(withdrawn):
            print_problems(problems)
            typer.echo("The rollback would be refused.", err=True)
            raise typer.Exit(EXIT_PROBLEMS)
        return
    with (
        notifying_webhooks(opened, store),
        store.locked(),
        reporting_claims(store),
        progress_bar("Rolling back") as progress,
    ):
        done = roll_back(
            opened.configuration,
            store,
            number,
            now=clock.now(),
            maker=software.maker(),
            dating=Dating(source_date=clock.source_date()),
            permission=permission,
            ready=lambda release: compress and precompress(store, objects_of(release)),
            engine=Engine(folder=temporary_folder, progress=progress),
        )
        difference = differ(store, done.before, done.current)
        announce_quietly(opened, store)
    manifest = done.current.manifest
    current().answer(
        "rolled-back" if done.is_new else "unchanged",
        release=manifest.number,
        manifest=done.current.sha256,
        pinned=number,
        difference=difference.to_dict(),
    )
    if done.is_new:
        typer.echo(f"Published release {manifest.number}: it is release {number} again.")
        for line in describe(difference):
            typer.echo(f"  {line}")
    else:
        typer.echo(f"Release {manifest.number} says the same as release {number} already.")
    typer.echo("Nothing new is published until `healthtopics publish --resume`.")
    _warn(difference)


def _warn(difference: "ReleaseDifference") -> None:
    """Say what readers had better not get again without somebody looking at it."""
    if difference.undone:
        typer.echo("Readers get errors again that were corrected since:", err=True)
        for each in difference.undone:
            typer.echo(f"  {each}", err=True)
    if difference.added:
        topics = ", ".join(each.topic for each in difference.added)
        typer.echo(f"Topics come back that were withdrawn since: {topics}.", err=True)
