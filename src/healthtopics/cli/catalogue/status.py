"""`healthtopics catalogue status`: how far topics are translated, and what is missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import (
    known_topics,
    languages_of,
    print_table,
    store_at,
    work_on,
    workspace_at,
    write_output,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.problems import Level, excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtopics.publishing.values import TextEase
    from healthtopics.workbench.sheets import Entry, Sheet

_SHOWN = 10


def status(
    topics: options.Topics = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    as_of: options.AsOf = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with all of it to this file, too."),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="List everything to do, not only the first.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 while an edition is held.")] = False,
    no_cache: options.NoCache = False,
) -> None:
    """Show how far translations are, and what to do next.

    A file that cannot be read is reported (exit 1), and the others are still shown.

    Examples:
    healthtopics catalogue status                      # all topics
    healthtopics catalogue status asthma --all         # everything to do in one
    healthtopics catalogue status --html status.html   # as a page, too
    """
    from healthtopics.publishing.latest import last_release
    from healthtopics.workbench.status import status_of

    today = clock.day_of(as_of)
    opened = workspace_at(workspace)
    languages = languages_of(opened, language)
    release = last_release(store_at(exports, opened.folder))
    with work_on(opened, "Reading", no_cache=no_cache) as (files, maker, engine):
        names = known_topics(topics, files.topic_names()) if topics else None
        found = status_of(
            files,
            release,
            languages,
            names,
            maker=maker,
            engine=engine,
            leaves_out_faulty=True,
        )
    sheets = found.sheets
    if html:
        from healthtopics.workbench.pages import status_page

        write_output(html, status_page(sheets, found.release, today))
    pinned = release.pinned if release else None
    current().answer(
        release=found.release, pinned=pinned, catalogues=[sheet.to_dict(today) for sheet in sheets]
    )
    if pinned is not None:
        typer.echo(
            f"Readers have release {pinned} again, since a rollback. Nothing new is published until "
            "`healthtopics publish --resume`.\n"
        )
    _print(sheets, today, show_all=show_all, shows_drafts=bool(topics))
    print_problems(found.errors)
    if found.errors:
        raise typer.Exit(EXIT_PROBLEMS)
    if strict and any(sheet.is_held for sheet in sheets):
        raise typer.Exit(EXIT_PROBLEMS)


def _print(sheets: "Sequence[Sheet]", today: str, *, show_all: bool, shows_drafts: bool) -> None:
    from healthtopics.workbench.sheets import TO_DO, Work, to_do

    heads = (
        "language",
        "topic",
        "messages",
        "done",
        "fuzzy",
        "missing",
        "blocked",
        "review",
        "warned",
        "words to do",
    )
    print_table(
        [*heads, "reading", "edition", "for readers"],
        [
            [
                sheet.language,
                sheet.name,
                sheet.count(),
                sheet.count(Work.DONE, Work.WARNED),
                *(
                    sheet.count(kind)
                    for kind in (Work.FUZZY, Work.MISSING, Work.BLOCKED, Work.REVIEW, Work.WARNED)
                ),
                sheet.words(*TO_DO),
                _ease(sheet.ease),
                sheet.edition,
                _for_readers(sheet, today),
            ]
            for sheet in sheets
        ],
    )
    queue = to_do(sheet for sheet in sheets if shows_drafts or not sheet.is_draft)
    for sheet in sheets:
        if sheet.elsewhere:
            places = ", ".join(dict.fromkeys(problem.path for problem in sheet.elsewhere))
            waits = f"waits for {count(len(sheet.elsewhere), 'message')} of {places}"
            typer.echo(f"{sheet.name} ({sheet.language}) also {waits}.")
    if queue:
        typer.echo("\nTo do, what can hurt somebody if it is wrong first:")
        for sheet, entry in queue if show_all else queue[:_SHOWN]:
            _print_entry(sheet, entry)
        if len(queue) > _SHOWN and not show_all:
            typer.echo(f"… and {count(len(queue) - _SHOWN, 'message')} more; --all lists them.")


def _ease(ease: "TextEase | None") -> str:
    """Return how easy an edition is to read; a dash if that is not known."""
    return "–" if ease is None or ease.whole is None else f"{ease.whole:.1f}"


def _for_readers(sheet: "Sheet", today: str) -> str:
    """Return in a word what readers notice of a publication today."""
    change = sheet.change_on(today)
    if change == "draft":
        return "draft"
    if change == "later":
        return f"from {sheet.publish_from}"
    if change == "withdrawn":
        return f"none since {sheet.withdraw_from}"
    if sheet.edition == "held" and not sheet.as_of:
        return "none yet"
    return f"that of {sheet.as_of[:10]}" if sheet.as_of else str(change)


def _print_entry(sheet: "Sheet", entry: "Entry") -> None:
    from healthtopics.reading.difference import mark_up, word_difference

    place = f"{sheet.path}:{entry.line}" if entry.line else sheet.path
    words = excerpt(entry.key.msgid.partition("\n")[0], 70)
    typer.echo(f"  {place}  {entry.work}{'  safety' if entry.is_safety_critical else ''}  “{words}”")
    if entry.previous:
        typer.echo(f"      {mark_up(word_difference(entry.previous, entry.key.msgid))}")
    if entry.former:
        typer.echo(f"      former translation: {' '.join(entry.former.split())}")
    for problem in entry.problems:
        if problem.level is Level.ERROR:
            typer.echo(f"      {problem.check}: {problem.message}")
