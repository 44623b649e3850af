"""`healthtopics release prune`: room on the disk, without taking anything from readers."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Annotated, Final

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import progress_bar, store_at
from healthtopics.cli.exits import count
from healthtopics.cli.run import current
from healthtopics.errors import NoCurrentReleaseError
from healthtopics.release import instant

_MOST_DAYS: Final = 36_525
"""A century; no date is that much before another."""


def prune(
    keep: Annotated[
        float | None,
        typer.Option(
            "--keep",
            metavar="DAYS",
            min=0,
            max=_MOST_DAYS,
            help="Keep what was current within so many days: twice the cadence, at least 7, if left out.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
) -> None:
    """Remove releases that readers no longer use.

    The objects that only they name go, too.

    The lists of changes stay. It works on copies, too.

    Examples:
    healthtopics release prune --dry-run   # only look
    healthtopics release prune --keep 90   # what was current in 90 days stays
    """
    from healthtopics.publishing.pruning import ShortKeepError, plan_pruning
    from healthtopics.publishing.pruning import prune as prune_store

    store = store_at(exports, workspace)
    wanted = None if keep is None else timedelta(days=keep)
    try:
        with nullcontext() if dry_run else store.locked(), progress_bar("Reading releases") as progress:
            plan = plan_pruning(store, clock.now(), wanted, progress)
            if not dry_run:
                prune_store(store, plan)
    except NoCurrentReleaseError:
        raise NoCurrentReleaseError(str(store.folder)) from None
    except ShortKeepError as error:
        raise typer.BadParameter(f"--keep: {error}") from None
    is_something = bool(plan.removed or plan.objects)
    done = "dry-run" if dry_run else "pruned" if is_something else "unchanged"
    current().answer(
        done,
        release=plan.kept[-1],
        kept=plan.kept,
        removed=plan.removed,
        since=instant(plan.since),
        confirmed=instant(plan.confirmed),
        objects=len(plan.objects),
        bytes=plan.bytes,
    )
    what = f"{count(len(plan.removed), 'release')} and {count(len(plan.objects), 'object')}"
    size = f"({plan.bytes:,} bytes)"
    if not is_something:
        typer.echo("Nothing to remove.")
    elif dry_run:
        typer.echo(f"Would be removed: {what} {size}.")
    else:
        typer.echo(f"Removed: {what} {size}.")
    typer.echo(f"Kept: {count(len(plan.kept), 'release')}, {plan.kept[0]} to {plan.kept[-1]}.")
    if len(plan.kept) > 1:
        typer.echo(f"They were current after {instant(plan.since)}: readers may still read them.")
        if plan.is_stale:
            typer.echo(
                f"No job has confirmed the current release since {instant(plan.confirmed)}, and the days are "
                "counted from then. Run `healthtopics publish` first, or `healthtopics pull` in a copy."
            )
