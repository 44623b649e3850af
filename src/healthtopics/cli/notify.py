"""`healthtopics notify`: send webhooks what they have not taken yet."""

from typing import Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import store_at, workspace_at
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.jobs import announce_releases, deliver, measure_waiting, start_job
from healthtopics.cli.log import log_message
from healthtopics.cli.run import current
from healthtopics.errors import ConfigurationError, NetworkError
from healthtopics.problems import Level


def notify(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    now: Annotated[
        bool,
        typer.Option(
            "--now", help="Try all messages, also those that are to wait, and receivers that were gone."
        ),
    ] = False,
) -> None:
    """Deliver messages that webhooks have not taken yet.

    They keep their ids, so that no receiver takes one twice.

    Examples:
    healthtopics notify         # what is due
    healthtopics notify --now   # also those that are to wait
    """
    opened = workspace_at(workspace)
    store = store_at(exports, opened.folder)
    start_job(opened.folder, opened.jobs)
    if not opened.jobs.webhooks:
        current().answer("done", delivered=0, waiting=0)
        typer.echo("healthtopics.toml has no webhooks.")
        return
    announce_releases(opened, store, again=now)
    delivery = deliver(opened, store, everything=now)
    measure_waiting(delivery)
    members = {"delivered": delivery.taken, "waiting": delivery.waiting}
    current().answer("" if delivery.lost or delivery.faults or delivery.waiting else "notified", **members)
    for line in (*delivery.lost, *delivery.refused):
        log_message(line, Level.WARNING)
    typer.echo(f"{count(delivery.taken, 'message')} delivered, {delivery.waiting} waiting.")
    if delivery.faults:
        raise ConfigurationError("\n".join(delivery.faults))
    if delivery.lost:
        raise typer.Exit(EXIT_PROBLEMS)
    if delivery.waiting:
        raise NetworkError("Not every webhook has taken its messages. Run `healthtopics notify` again later.")
