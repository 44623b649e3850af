"""`healthtopics pull`: a partner's side."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli.common import JsonOption, print_json, progress_bar


def pull(
    url: Annotated[str, typer.Argument(help="Where the exports are served, https://….")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that holds the copy.")],
    as_json: JsonOption = False,
) -> None:
    """Fetch the current release: only what is new, every byte checked, whole releases only."""
    import httpx

    from healthtopics.network.pull import TIMEOUT, USER_AGENT
    from healthtopics.network.pull import pull as pull_release
    from healthtopics.storage.local import LocalStore

    store = LocalStore(folder)
    with (
        httpx.Client(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}) as client,
        store.locked(),
        progress_bar("Pulling") as progress,
    ):
        result = pull_release(client, url, store, progress=progress)
    if as_json:
        print_json(
            {
                "release": result.number,
                "fetched": result.fetched,
                "reused": result.reused,
                "bytes": result.bytes,
                "unchanged": result.unchanged,
            }
        )
    elif result.unchanged:
        typer.echo(f"Nothing new: release {result.number} is here already.")
    else:
        typer.echo(
            f"Release {result.number} is in {folder}: {result.fetched} artifacts fetched "
            f"({result.bytes:,} bytes), {result.reused} were here already."
        )
