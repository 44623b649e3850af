"""`healthtopics pull`: a partner's side."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import print_json, progress_bar
from healthtopics.cli.exits import count
from healthtopics.errors import ReleaseError
from healthtopics.release import instant


def pull(
    url: Annotated[str, typer.Argument(help="Where the exports are served, https://….")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that holds the copy.")],
    as_json: options.Json = False,
) -> None:
    """Fetch the current release: only what is new, every byte checked, whole releases only."""
    import httpx
    from stamina.instrumentation import RetryDetails, set_on_retry_hooks

    from healthtopics.network.pull import ATTEMPTS, TIMEOUT, USER_AGENT, base_of, reason_of
    from healthtopics.network.pull import pull as pull_release
    from healthtopics.storage.local import LocalStore

    def tell(details: RetryDetails) -> None:
        attempt = f"attempt {details.retry_num + 1} of {ATTEMPTS}"
        typer.echo(f"{url}: {reason_of(details.caused_by)}; trying again, {attempt}.", err=True)

    try:
        base_of(url)
    except ReleaseError as error:
        raise typer.BadParameter(str(error)) from None
    set_on_retry_hooks([tell])
    store = LocalStore(folder)
    with (
        httpx.Client(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}) as client,
        progress_bar("Pulling") as progress,
    ):
        result = pull_release(client, url, store, hold=store.locked, progress=progress)
    is_expired = result.expires < instant(clock.now())
    if is_expired:
        typer.echo(
            f"Release {result.number} expired at {result.expires}: by then its publisher should have "
            "confirmed or replaced it. Ask whether it is still at work.",
            err=True,
        )
    if as_json:
        print_json(
            {
                "release": result.number,
                "fetched": result.fetched,
                "reused": result.reused,
                "bytes": result.bytes,
                "unchanged": result.unchanged,
                "expires": result.expires,
                "expired": is_expired,
            }
        )
    elif result.unchanged:
        typer.echo(f"Nothing new: release {result.number} is here already.")
    else:
        typer.echo(
            f"Release {result.number} is in {folder}: {count(result.fetched, 'file')} fetched "
            f"({result.bytes:,} bytes), {result.reused} were here already."
        )
