"""`healthtopics pull`: a partner's side."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import progress_bar
from healthtopics.cli.exits import count
from healthtopics.cli.run import current
from healthtopics.errors import ReleaseError
from healthtopics.release import instant


def pull(
    url: Annotated[str, typer.Argument(help="Where the exports are served, https://….")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that holds the copy.")],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Only artifacts in this format, for example fhir-r4; repeatable."),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", help="Only artifacts in this language, or in none; repeatable."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--names", metavar="PATTERN", help="Only artifacts with names like 'fhir/r4/es/*'; repeatable."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="From now on all artifacts, after a pull of only some.")
    ] = False,
    compress: options.Precompress = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file of the copy, and fetch damaged ones again.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            min=0.1,
            help="Give up after this many seconds, 3600 if left out. What has arrived is kept.",
        ),
    ] = None,
) -> None:
    """Fetch the current release: only what is new, every byte checked, whole releases only.

    --format, --language and --names select a part of it, which later pulls keep to. The index, topics.json,
    is always part of it.
    """
    import httpx
    from stamina.instrumentation import RetryDetails, set_on_retry_hooks

    from healthtopics.copies import EVERYTHING, Selection
    from healthtopics.network.fetching import (
        ATTEMPTS,
        OVERALL_TIMEOUT,
        TIMEOUT,
        USER_AGENT,
        base_of,
        reason_of,
    )
    from healthtopics.network.pull import pull as pull_release
    from healthtopics.storage.copies import CopyStore

    def tell(details: RetryDetails) -> None:
        attempt = f"attempt {details.retry_num + 1} of {ATTEMPTS}"
        typer.echo(f"{base}: {reason_of(details.caused_by)}; trying again, {attempt}.", err=True)

    try:
        base = base_of(url)
    except ReleaseError as error:
        raise typer.BadParameter(str(error)) from None
    selection = None
    if formats or languages or names:
        if everything:
            raise typer.BadParameter("--everything is not possible together with a selection.")
        selection = Selection(
            formats=tuple(formats or ()), languages=tuple(languages or ()), names=tuple(names or ())
        )
    elif everything:
        selection = EVERYTHING
    set_on_retry_hooks([tell])
    store = CopyStore(folder)
    store.check()
    with (
        httpx.Client(timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}) as client,
        progress_bar("Pulling") as progress,
    ):
        result = pull_release(
            client,
            url,
            store,
            selection=selection,
            verify=verify,
            compress=compress,
            timeout=timeout or OVERALL_TIMEOUT,
            hold=store.locked,
            progress=progress,
        )
    is_expired = result.expires < instant(clock.now())
    if is_expired:
        typer.echo(
            f"Release {result.number} expired at {result.expires}: by then its publisher should have "
            "confirmed or replaced it. Ask whether it is still at work.",
            err=True,
        )
    current().answer(
        "unchanged" if result.unchanged else "pulled",
        release=result.number,
        sequence=result.sequence,
        manifest=result.manifest,
        fetched=result.fetched,
        reused=result.reused,
        bytes=result.bytes,
        repaired=result.repaired,
        expires=result.expires,
        expired=is_expired,
    )
    if result.unchanged:
        again = f" {count(result.repaired, 'damaged file')} fetched again." if result.repaired else ""
        more = f" {count(result.fetched, 'file')} fetched besides." if result.fetched else ""
        typer.echo(f"Nothing new: release {result.number} is here already.{again}{more}")
    else:
        typer.echo(
            f"Release {result.number} is in {folder}: {count(result.fetched, 'file')} fetched "
            f"({result.bytes:,} bytes), {result.reused} were here already."
        )
