"""`healthtopics import …`: foreign collections into the workspace."""

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from os import SEEK_END
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Final

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.commands import Commands
from healthtopics.cli.common import (
    print_table,
    progress_bar,
    reading_input,
    store_at,
    work_on,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count, tally
from healthtopics.cli.findings import print_problems
from healthtopics.cli.jobs import start_job
from healthtopics.cli.run import current
from healthtopics.errors import BuildError, ConfigurationError, DataError
from healthtopics.jsontext import dump
from healthtopics.problems import Problem, has_errors
from healthtopics.release import open_current

if TYPE_CHECKING:
    from healthtopics.importers.medlineplus.records import RecordCollection
    from healthtopics.importers.shared.state import ImportState
    from healthtopics.layout import Files
    from healthtopics.storage.workspace import Workspace

app = Commands(
    """Import topics of other publishers, with translations.

    Examples:
    healthtopics import medlineplus mplus_topics_2026-11-20.xml   # new and changed topics
    """
)

_NEXT: Final = (
    "Next: import the file again, run `healthtopics publish`, and compare again. What is still reported "
    "then was changed here, and an import keeps it: to take the text of the file, delete the part here and "
    "the topic's entry in imports/medlineplus.json, and do the same once more. If nobody changed it here, "
    "it is a bug in healthtopics: report it."
)
"""After a comparison that found something else."""


@app.callback()
def _imports() -> None:
    """Keep `medlineplus` a subcommand although it is the only one."""


@app.command(judges=True, is_job=True)
def medlineplus(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The health topic XML of NLM: a file, a .zip, or - for standard input."
        ),
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="TOPIC",
            help="Only this topic (its id or MedlinePlus id) and those that it is related to.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Import nothing: compare the current release with the file, block by block."
        ),
    ] = False,
    keep_going: Annotated[
        bool,
        typer.Option(
            "--keep-going", help="Import the sound topics even if others have faults; still exit with 1."
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a report, as JSON, to this file.")
    ] = None,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    no_cache: options.NoCache = False,
    verbose: options.Verbose = False,
) -> None:
    """Import health topics of MedlinePlus.

    An English and a Spanish record become one topic and its catalogue.

    Examples:
    healthtopics import medlineplus mplus_topics_2026-11-20.xml                 # new and changed topics
    healthtopics import medlineplus mplus_topics_2026-11-20.xml --only asthma   # one topic
    healthtopics import medlineplus mplus_topics_2026-11-20.xml --verify        # compare only
    """
    import tempfile

    from healthtopics.importers.medlineplus.importing import (
        STATE,
        UnknownTopicError,
        read_state,
        select,
    )
    from healthtopics.importers.medlineplus.opening import open_source
    from healthtopics.importers.medlineplus.records import read_collection
    from healthtopics.storage.workspace import read_bytes, replace_file

    if verify and (dry_run or keep_going):
        raise typer.BadParameter(
            "--verify imports nothing: --dry-run and --keep-going have no meaning with it."
        )
    _check_report(report)
    current().is_judging = verify
    opened = workspace_at(workspace)
    start_job(opened.folder, opened.jobs)
    name = "standard input" if file == "-" else Path(file).name
    result: dict[str, Any] = {"result": "refused"}
    problems: list[Problem]
    with _opened(file) as stream, tempfile.TemporaryFile() as spool, tempfile.TemporaryFile() as states:
        try:
            with progress_bar("Reading") as progress:
                length = stream.seek(0, SEEK_END)
                stream.seek(0)
                collection = read_collection(
                    open_source(stream, name),
                    spool,
                    name,
                    lambda: progress(stream.tell(), length),
                    saved=_saved(file),
                )
            state = read_state(read_bytes(opened, STATE), states)
            wanted = select(collection, only, state) if only else frozenset()
            if verify:
                result, problems = _verify(opened, exports, collection, state, wanted, no_cache=no_cache)
            else:
                result, problems = _import(
                    opened, collection, state, wanted, is_dry=dry_run, keep_going=keep_going
                )
        except UnknownTopicError as error:
            raise typer.BadParameter(str(error)) from None
        except DataError as error:
            problems = list(error.problems)
    members = {name: value for name, value in result.items() if name != "result"}
    current().answer(result["result"], **members)
    if report:
        replace_file(report, dump({**result, "problems": problems}))
    print_problems(problems, is_verbose=verbose, finds_places=False)
    _print_result(result, problems, is_verifying=verify, is_verbose=verbose)
    if has_errors(problems):
        raise typer.Exit(EXIT_PROBLEMS)


def _opened(file: str) -> IO[bytes]:
    from healthtopics.storage.streams import open_seekable

    with reading_input(file):
        return open_seekable(sys.stdin.buffer if file == "-" else Path(file))


def _saved(file: str) -> str:
    """Return the day, in UTC, on which a file was saved; today for standard input."""
    moment = None if file == "-" else Path(file).stat().st_mtime
    return (clock.now() if moment is None else datetime.fromtimestamp(moment, UTC)).date().isoformat()


def _check_report(report: Path | None) -> None:
    """Raise before the work if its report cannot be written."""
    from tempfile import TemporaryFile

    from healthtopics.storage.atomic import writing

    if report is None:
        return
    if not report.parent.is_dir():
        raise typer.BadParameter(f"--report: there is no folder {report.parent}.")
    if report.is_dir():
        raise typer.BadParameter(f"--report: {report} is a folder.")
    with writing(report), TemporaryFile(dir=report.parent):
        pass


def _import(
    opened: "Workspace",
    collection: "RecordCollection",
    state: "ImportState",
    wanted: frozenset[str],
    *,
    is_dry: bool,
    keep_going: bool,
) -> tuple[dict[str, Any], list[Problem]]:
    from healthtopics.importers.medlineplus.importing import STATE, MedlinePlusImport, head
    from healthtopics.importers.medlineplus.record import SPANISH
    from healthtopics.publishing.sources import read_glossary
    from healthtopics.storage import software
    from healthtopics.storage.processes import Processes
    from healthtopics.storage.staging import staging
    from healthtopics.storage.workspace import read_files

    speaks_spanish = SPANISH in opened.configuration.languages
    if not speaks_spanish and any("spanish" in topic for topic in state.topics.values()):
        raise ConfigurationError(
            "healthtopics.toml: [languages.es] is missing, but Spanish was imported before. Add it again; "
            "without it, this import would remove the Spanish texts."
        )
    files = read_files(opened)
    glossary, found = read_glossary(files, SPANISH)
    if has_errors(found):
        raise BuildError(found)
    started = MedlinePlusImport(
        collection,
        files,
        state,
        software=software.maker().digest,
        only=wanted,
        glossary=glossary,
        speaks_spanish=speaks_spanish,
    )
    with (
        nullcontext(None) if is_dry else staging(opened.folder) as waiting,
        progress_bar("Importing") as progress,
        Processes(MedlinePlusImport.__module__) as workers,
    ):
        put = waiting.put if waiting else lambda _path, _data: None
        changed = started.carry_out(put, workers, progress)
        if has_errors(started.problems) and not keep_going:
            return {"result": "refused", **head(collection)}, started.problems
        if waiting:
            waiting.put(STATE, started.after.chunks())
            waiting.commit()
    return started.result(changed, is_dry=is_dry), started.problems


def _verify(
    opened: "Workspace",
    exports: Path | None,
    collection: "RecordCollection",
    state: "ImportState",
    wanted: frozenset[str],
    *,
    no_cache: bool,
) -> tuple[dict[str, Any], list[Problem]]:
    """Compare the current release, as partners get it, with the file."""
    from healthtopics.formats.table import formats_named
    from healthtopics.importers.medlineplus.importing import head
    from healthtopics.importers.medlineplus.verification import PublishedEditions, verify

    store = store_at(exports, opened.folder)
    artifacts = open_current(store).manifest.files
    with work_on(opened, "Comparing", no_cache=no_cache) as (files, maker, engine):
        published = PublishedEditions(
            store=store,
            files=artifacts,
            formats=formats_named(opened.configuration.formats),
            labels=_aspect_labels(files),
            software=maker.judging,
            cache=engine.cache,
        )
        counts, problems = verify(collection, state, wanted, published, engine.progress)
    return {"result": "verified", **head(collection), **counts}, problems


def _aspect_labels(files: "Files") -> dict[str, frozenset[str]]:
    """Return the words that are titles of sections without a heading, by language."""
    from healthtopics.publishing.sources import gather

    sources = gather(files, looks_for_orphans=False)
    return {
        language: frozenset(term.label.value for term in words.terms["aspects"].values())
        for language, words in sources.terms.items()
    }


def _print_result(
    result: dict[str, Any], problems: list[Problem], *, is_verifying: bool, is_verbose: bool
) -> None:
    if result["result"] == "refused" and is_verifying:
        typer.echo(
            f"{tally(problems).capitalize()}. The release was not compared with the file: fetch it again, or "
            "restore what the problems name."
        )
        return
    if result["result"] == "refused":
        typer.echo(
            f"{tally(problems).capitalize()}. Nothing was imported; --keep-going imports the sound topics."
        )
        return
    if result["result"] == "verified":
        share = "nothing to compare" if result["share"] is None else f"{result['share']:.2%} faithful"
        typer.echo(f"{result['faithful']:,} of {count(result['editions'], 'edition')}: {share}.")
        typer.echo(result["coverage"])
        if has_errors(problems):
            typer.echo(_NEXT)
        return
    totals = result["totals"]
    sums = [f"{number:,} {name}" for name, number in totals["outcomes"].items()]
    typer.echo(", ".join([count(totals["topics"], "topic"), *sums]) + ".")
    rows = [
        *((f"messages: {unit}", number) for unit, number in totals["messages"].items()),
        ("doubtful pairings", totals["doubts"]),
        *(
            (f"repaired: {check.removeprefix('medlineplus-')}", number)
            for check, number in totals["repaired"].items()
        ),
        ("clashes with local work", totals["clashes"]),
    ]
    print_table(("what", "how many"), rows)
    for topic in result["topics"]:
        for clash in topic["clashes"]:
            typer.echo(clash, err=True)
    _print_repairs(result["topics"], is_verbose=is_verbose)
    written = count(len(result["changed"]), "file")
    typer.echo(f"{written} would change." if result["result"] == "dry-run" else f"{written} changed.")


def _print_repairs(topics: list[dict[str, Any]], *, is_verbose: bool) -> None:
    """Print what was repaired or needs to be looked at: each kind with an example, or everything."""
    kinds: dict[str, list[str]] = {}
    for topic in topics:
        for repair in topic["repairs"]:
            kinds.setdefault(repair["check"], []).append(f"{topic['id']}: {repair['message']}")
        if not topic["repairs"]:  # its records are those of an earlier import, whose report has the texts
            for check, times in topic["repaired"].items():
                kinds.setdefault(check, []).extend(
                    [f"{topic['id']}: as at the import that changed it"] * times
                )
    for check, lines in kinds.items():
        for line in lines if is_verbose else ():
            typer.echo(f"{check}  {line}", err=True)
        if not is_verbose:
            typer.echo(f"{len(lines):,} × {check}, for example {lines[0]}", err=True)
