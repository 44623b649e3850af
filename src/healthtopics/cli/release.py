"""`healthtopics release …`: what has been published."""

from typing import Annotated

import typer

from healthtopics.cli.common import ExportsOption, JsonOption, WorkspaceOption, print_json, store_at
from healthtopics.cli.exits import EXIT_PROBLEMS

app = typer.Typer(help="Look at releases.", no_args_is_help=True)
NumberArgument = Annotated[
    int | None, typer.Argument(help="The number of a release; the current one if left out.")
]


@app.command("list")
def list_releases(
    workspace: WorkspaceOption = None, exports: ExportsOption = None, as_json: JsonOption = False
) -> None:
    """List all releases, the latest first."""
    from healthtopics.errors import NoCurrentReleaseError
    from healthtopics.release import numbers, open_current, open_release

    store = store_at(exports, workspace)
    try:
        current = open_current(store).manifest.number
    except NoCurrentReleaseError:
        current = None
    manifests = [open_release(store, number).manifest for number in reversed(numbers(store))]
    if as_json:
        rows = [
            {
                "number": each.number,
                "time": each.time,
                "artifacts": len(each.files),
                "topics": len(each.coverage),
                "held": len(each.held),
                "current": each.number == current,
            }
            for each in manifests
        ]
        print_json({"releases": rows})
        return
    if not manifests:
        typer.echo("No release yet. Run `healthtopics publish`.")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("Release", "Time", "Topics", "Artifacts", "Held", "", box=box.SIMPLE)
    for each in manifests:
        mark = "current" if each.number == current else ""
        table.add_row(
            str(each.number),
            each.time,
            str(len(each.coverage)),
            str(len(each.files)),
            str(len(each.held)),
            mark,
        )
    Console().print(table)


@app.command()
def show(
    number: NumberArgument = None,
    artifact: Annotated[
        str | None, typer.Option("--artifact", help="Print this artifact, for example topics.json.")
    ] = None,
    workspace: WorkspaceOption = None,
    exports: ExportsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a release: its artifacts with length and digest, or the bytes of one of them."""
    from healthtopics.errors import ReleaseError
    from healthtopics.release import open_current, open_release, read_artifact

    store = store_at(exports, workspace)
    opened = open_current(store) if number is None else open_release(store, number)
    manifest = opened.manifest
    if artifact is not None:
        if artifact not in manifest.files:
            raise ReleaseError(f"release {manifest.number} has no artifact {artifact!r}.")
        typer.echo(read_artifact(store, artifact, manifest.files[artifact]), nl=False)
        return
    if as_json:
        print_json(manifest.to_dict())
        return
    typer.echo(f"Release {manifest.number} of {manifest.time}, {manifest.base_url}, by {manifest.software}")
    for held in manifest.held:
        typer.echo(f"Held: {held.topic} ({held.language}), {held.as_of or 'not published'}")
    width = max(map(len, manifest.files), default=0)
    for name, each in manifest.files.items():
        typer.echo(f"{name:{width}}  {each.length:>9,} bytes  {each.sha256[:12]}")


@app.command()
def verify(
    number: NumberArgument = None,
    workspace: WorkspaceOption = None,
    exports: ExportsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every artifact of a release and compare its digest."""
    from healthtopics.release import open_current, open_release
    from healthtopics.release import verify as verify_release

    store = store_at(exports, workspace)
    opened = open_current(store) if number is None else open_release(store, number)
    damaged = verify_release(store, opened)
    if as_json:
        print_json(
            {
                "number": opened.manifest.number,
                "artifacts": len(opened.manifest.files),
                "damaged": list(map(str, damaged)),
            }
        )
    else:
        for error in damaged:
            typer.echo(str(error), err=True)
        if not damaged:
            typer.echo(
                f"Release {opened.manifest.number}: all {len(opened.manifest.files)} artifacts are intact."
            )
    if damaged:
        raise typer.Exit(EXIT_PROBLEMS)
