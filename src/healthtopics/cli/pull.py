"""`healthtopics pull`: a partner's side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import members_of, mode_of, progress_bar, service_at
from healthtopics.cli.exits import count
from healthtopics.cli.jobs import start_job
from healthtopics.cli.log import log_message
from healthtopics.cli.run import current
from healthtopics.cli.signals import MOST_SECONDS
from healthtopics.problems import Level
from healthtopics.release import instant, read_pointer

if TYPE_CHECKING:
    from healthtopics.network.pull import PullResult
    from healthtopics.storage.copies import CopyStore


def pull(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the exports are served, https://….")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that holds the copy.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="Only artifacts in this format, for example fhir-r4; repeatable.",
        ),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--language", metavar="LANGUAGE", help="Only artifacts in this language, or in none; repeatable."
        ),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--names", metavar="PATTERN", help="Only artifacts with names like 'fhir/r4/es/*'; repeatable."
        ),
    ] = None,
    no_index: Annotated[
        bool,
        typer.Option(
            "--no-index",
            help="Without topics.sqlite, which only `serve` needs: it is new with every release, and large.",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="From now on all artifacts, after a pull of only some.")
    ] = False,
    mode: options.Mode = "0644",
    compress: options.Precompress = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file of the copy, and fetch damaged ones again.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            min=0.1,
            max=MOST_SECONDS,
            help="Give up after this many seconds, 3600 if left out. What has arrived is kept.",
        ),
    ] = None,
) -> None:
    """Fetch the current release of a publisher.

    Only what is new is fetched, every byte is checked, and the copy never has half a release.

    --format, --language, --names and --no-index select a part of it, which later pulls keep to. The list of
    topics, topics.json, is always part of it.

    Examples:
    healthtopics pull https://topics.example.org copy                                    # everything
    healthtopics pull https://topics.example.org copy --format schemaorg --language es   # a part
    """
    from healthtopics.copies import EVERYTHING, Selection
    from healthtopics.network.fetching import OVERALL_TIMEOUT, open_client
    from healthtopics.network.pull import pull as pull_release
    from healthtopics.storage.copies import CopyStore

    service_at(url)
    wanted = Selection(
        formats=tuple(formats or ()),
        languages=tuple(languages or ()),
        names=tuple(names or ()),
        index=not no_index,
    )
    if everything and wanted != EVERYTHING:
        raise typer.BadParameter("--everything is not possible together with a selection.")
    permissions = mode_of(mode)
    start_job(folder)
    store = CopyStore(folder, permissions)
    store.check()
    with (
        open_client() as client,
        progress_bar("Pulling") as progress,
    ):
        result = pull_release(
            client,
            url,
            store,
            selection=wanted if everything or wanted != EVERYTHING else None,
            verify=verify,
            compress=compress,
            timeout=timeout or OVERALL_TIMEOUT,
            hold=store.locked,
            progress=progress,
        )
    is_expired = result.expires < instant(clock.now())
    if is_expired:
        log_message(
            f"Release {result.number} expired at {result.expires}: by then its publisher should have "
            "confirmed or replaced it. Ask whether it is still at work.",
            Level.WARNING,
        )
    current().answer(
        "unchanged" if result.unchanged else "pulled",
        **members_of(result),
        repaired=result.repaired,
        expires=result.expires,
        expired=is_expired,
    )
    _measure(store, result)
    if result.unchanged:
        again = f" {count(result.repaired, 'damaged file')} fetched again." if result.repaired else ""
        more = f" {count(result.fetched, 'file')} fetched besides." if result.fetched else ""
        typer.echo(f"Nothing new: release {result.number} is here already.{again}{more}")
    else:
        typer.echo(
            f"Release {result.number} is in {folder}: {count(result.fetched, 'file')} fetched "
            f"({result.bytes:,} bytes), {result.reused} were here already."
        )


def _measure(store: "CopyStore", result: "PullResult") -> None:
    if (job := current().job) and job.metrics is not None:
        from healthtopics.metrics import Series, measure_pointer

        job.measures = {
            **measure_pointer(read_pointer(store)),
            Series("fetched_files"): result.fetched,
            Series("fetched_bytes"): result.bytes,
        }
