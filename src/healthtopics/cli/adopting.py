"""`healthtopics release adopt`: the publisher's own release back, from a service or a copy."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import members_of, progress_bar, service_at, workspace_and_store
from healthtopics.cli.exits import count
from healthtopics.cli.run import current


def adopt(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="Where the releases, or a partner's copy of all of them, are served."
        ),
    ],
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    mode: options.Mode = "0644",
) -> None:
    """Take over the current release from a service or a copy.

    This is for when `exports/` was lost, damaged or restored from an old backup.

    The next `publish` continues with the next number. Choose the service or the copy that has the latest
    release: what nobody has any more is lost.

    Examples:
    healthtopics release adopt https://topics.example.org   # from the service
    """
    from healthtopics.network.adopting import adopt as adopt_release
    from healthtopics.network.fetching import open_client

    opened, store = workspace_and_store(workspace, exports, mode)
    if Path(url).is_dir():
        raise typer.BadParameter(
            f"{url!r} is a folder. Serve it first, with `healthtopics serve --exports {url}`, then adopt the "
            "address that this prints."
        )
    service_at(url)
    with open_client() as client, progress_bar("Adopting") as progress:
        result = adopt_release(
            client,
            url,
            store,
            base_url=opened.configuration.base_url,
            hold=store.locked,
            progress=progress,
        )
    current().answer(
        "unchanged" if result.unchanged and not result.fetched else "adopted",
        **members_of(result),
        expires=result.expires,
    )
    if result.unchanged:
        again = f"{count(result.fetched, 'file')} fetched again" if result.fetched else "nothing is damaged"
        typer.echo(f"Release {result.number} is here already: {again}.")
    else:
        typer.echo(
            f"Release {result.number} was taken over: {count(result.fetched, 'file')} fetched "
            f"({result.bytes:,} bytes), {result.reused} were here already. "
            f"The next release is {result.number + 1}."
        )
