"""`healthtopics release …`: the published releases."""

from dataclasses import replace
from typing import Annotated

import typer

from healthtopics.cli import adopting, copying, options, pruning, publish, rollback, showing, unpacking
from healthtopics.cli.commands import Commands
from healthtopics.cli.common import (
    advice_for,
    known_release,
    print_table,
    progress_bar,
    store_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.errors import NoCurrentReleaseError
from healthtopics.release import numbers, open_current, open_release

app = Commands(
    """Look at releases, and move them.

    Examples:
    healthtopics release show         # the current one
    healthtopics release diff 41 42   # what 42 changed
    """
)

app.command("show")(showing.show)
app.command("diff")(showing.diff)
app.command("adopt")(adopting.adopt)
app.command("copy")(copying.copy)
app.command("unpack")(unpacking.unpack)
app.command("prune")(pruning.prune)
app.command("rollback")(rollback.rollback)


@app.command("list")
def list_releases(workspace: options.Workspace = None, exports: options.Exports = None) -> None:
    """List all releases, the latest first.

    Examples:
    healthtopics release list   # with topics and sizes
    """
    store = store_at(exports, workspace)
    try:
        newest = open_current(store).manifest.number
    except NoCurrentReleaseError:
        newest = None
    manifests = [open_release(store, number).manifest for number in reversed(numbers(store))]
    rows = [
        {
            "number": each.number,
            "time": each.time,
            "artifacts": len(each.files),
            "topics": len(each.coverage),
            "held": len(each.held),
            "current": each.number == newest,
        }
        for each in manifests
    ]
    current().answer(releases=rows)
    if rows:
        columns = ("number", "time", "topics", "artifacts", "held")
        print_table(
            ["release", *columns[1:], ""],
            [[*(row[name] for name in columns), "current" if row["current"] else ""] for row in rows],
        )
    else:
        typer.echo("No release yet. Run `healthtopics publish`.")


@app.command()
def repair(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    mode: options.Mode = "0644",
    compress: options.Precompress = False,
    no_cache: options.NoCache = False,
    verbose: options.Verbose = False,
) -> None:
    """Make damaged files again, and publish.

    Everything that is published is read; what is made again is published as `publish` does.

    What cannot be made again is named, with where to get it. A copy repairs itself: `pull --verify`.

    Examples:
    healthtopics release repair   # in the workspace
    """
    publish.publish(
        workspace=workspace,
        exports=exports,
        repair=True,
        mode=mode,
        compress=compress,
        no_cache=no_cache,
        verbose=verbose,
    )


@app.command(judges=True)
def verify(
    release: Annotated[
        int | None, typer.Option("--release", metavar="N", help="Only this release; all if left out.")
    ] = None,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    verbose: options.Verbose = False,
) -> None:
    """Check that every release and object is undamaged.

    All of them are read, and compared with what the releases and pointers promise.

    Examples:
    healthtopics release verify                  # the workspace's
    healthtopics release verify --exports copy   # those of a copy
    """
    from healthtopics.publishing.verifying import verify_store
    from healthtopics.storage.copies import copy_in

    current().is_judging = True
    store = store_at(exports, workspace)
    known = numbers(store)
    if not known:
        raise NoCurrentReleaseError(str(store.folder))
    if release is not None:
        known_release(release, known)
    with progress_bar("Verifying") as progress:
        report = verify_store(store, release, progress)
    advice = advice_for(store)
    problems = [replace(problem, hint=advice) for problem in report.problems]
    current().answer(
        "failed" if problems else "passed",
        release=report.releases[-1],
        releases=len(report.releases),
        objects=len(report.objects),
        damaged=len(problems),
        gaps=report.gaps,
        **({} if report.unfinished is None else {"unfinished": report.unfinished}),
    )
    print_problems(problems, is_verbose=verbose, finds_places=False)
    what = f"Release {release}" if release is not None else count(len(report.releases), "release")
    objects = count(len(report.objects), "object")
    if problems:
        typer.echo(f"{what}, {objects}: {count(len(problems), 'file')} damaged or missing. {advice}")
    else:
        typer.echo(f"{what}, {objects}: all intact.")
    if report.gaps:
        gaps = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in report.gaps)
        why = "this copy skipped them" if copy_in(store) else "`release adopt` left them where they were"
        typer.echo(f"Not here: {gaps}. They were pruned, or {why}.")
    if report.unfinished is not None:
        typer.echo(
            f"Release {report.unfinished} is not current yet: a publisher is at work, or was killed. "
            "The next publish finishes it."
        )
    if report.later is not None:
        typer.echo(f"Release {report.later} was published meanwhile, and was not read.")
    if problems:
        raise typer.Exit(EXIT_PROBLEMS)
