"""`healthtopics catalogue keep`: an editor confirms translations that are still right."""

import sys
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import known_topics, languages_of, overview_of, workspace_at
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.run import current
from healthtopics.language import LanguageTag

if TYPE_CHECKING:
    from healthtopics.catalogues.keep import Doubt
    from healthtopics.publishing.overview import Overview
    from healthtopics.storage.workspace import Workspace


def keep(
    topics: options.Topics = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
    *,
    typo_only: Annotated[
        bool, typer.Option("--typo-only/--all", help="Only entries whose English had a slip, or all.")
    ] = True,
    entry: Annotated[
        list[int] | None,
        typer.Option(
            "--entry",
            metavar="LINE",
            help="Just the entry at this line, of one topic and language; repeatable.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Approve translations that an update made fuzzy.

    What changed in the English is shown first.

    Examples:
    healthtopics catalogue keep --dry-run                 # show it
    healthtopics catalogue keep asthma --all              # all of one topic
    healthtopics catalogue keep asthma -l es --entry 42   # the one at line 42
    """
    from healthtopics.layout import INTERFACE, VOCABULARY
    from healthtopics.storage.workspace import read_catalogue_files

    opened = workspace_at(workspace)
    overview = overview_of(opened)
    names = known_topics(topics, list(overview.topics))
    names += [] if topics else [VOCABULARY, INTERFACE]
    tags = languages_of(opened, language)
    if entry and not len(names) == len(tags) == 1:
        raise typer.BadParameter("--entry needs the one topic, and the --language, whose line it names.")
    files = {tag: read_catalogue_files(opened, tag) for tag in tags}
    found = list(_doubts(overview, tags, names, files))
    wanted = _chosen(found, entry, typo_only=typo_only)
    fit = [each for each in wanted if not each[2].errors]
    _show_all(found, wanted)
    kept = fit if fit and not dry_run and _is_agreed(yes, len(fit)) else []
    _write(opened, files, kept)
    current().answer(entries=[_row(*each, is_kept=each in kept) for each in found])
    typer.echo(f"{count(len(kept), 'translation')} kept." if kept else "Nothing was changed.")
    if len(fit) < len(wanted):
        raise typer.Exit(EXIT_PROBLEMS)


def _chosen(
    found: "list[tuple[LanguageTag, str, Doubt]]", entry: list[int] | None, *, typo_only: bool
) -> "list[tuple[LanguageTag, str, Doubt]]":
    """Return the entries that the user names; an unknown line is a usage error."""
    if not entry:
        return [each for each in found if each[2].is_typo_only or not typo_only]
    if missing := sorted({*entry} - {doubt.line for *_, doubt in found}):
        raise typer.BadParameter(f"line {missing[0]} starts no entry that an update made fuzzy.")
    return [each for each in found if each[2].line in entry]


def _doubts(
    overview: "Overview",
    tags: Collection[LanguageTag],
    names: Collection[str],
    files: Mapping[LanguageTag, Mapping[str, bytes]],
) -> "Iterator[tuple[LanguageTag, str, Doubt]]":
    from healthtopics.catalogues.keep import read_doubts
    from healthtopics.reading.difference import word_counts
    from healthtopics.workbench.catalogues import english_texts, template_for
    from healthtopics.workbench.desk import judge_of

    is_doubtful = any(b"fuzzy" in data for own in files.values() for data in own.values())
    counts = word_counts(english_texts(overview)) if is_doubtful else {}
    for tag in tags:
        for name in names:
            if name in files[tag]:
                read = overview.sources.read(name) if name in overview.topics else None
                template, _header = template_for(overview, tag, name, read)
                judge = judge_of(overview.sources, read.document if read else None, tag)
                glossary = overview.sources.glossaries.get(tag)
                data, path = files[tag][name], _path(tag, name)
                for doubt in read_doubts(data, path, template, judge, glossary, counts=counts):
                    yield tag, name, doubt


def _write(
    opened: "Workspace",
    files: Mapping[LanguageTag, Mapping[str, bytes]],
    kept: "list[tuple[LanguageTag, str, Doubt]]",
) -> None:
    from healthtopics.catalogues.keep import keep as kept_in
    from healthtopics.catalogues.po_header import header_date
    from healthtopics.storage.workspace import write_file

    now = header_date(clock.now())
    for tag, name in dict.fromkeys((tag, name) for tag, name, _doubt in kept):
        own = {doubt.line for *place, doubt in kept if place == [tag, name]}
        path, was = _path(tag, name), files[tag][name]
        write_file(opened, path, kept_in(was, path, own, now), was=was)


def _path(tag: LanguageTag, name: str) -> str:
    from healthtopics.layout import catalogue_path

    return catalogue_path(tag, name)


def _row(tag: LanguageTag, name: str, doubt: "Doubt", *, is_kept: bool) -> dict[str, Any]:
    from healthtopics.reading.difference import word_difference

    return {
        "path": _path(tag, name),
        "line": doubt.line,
        "language": tag,
        "topic": name,
        "role": doubt.key.msgctxt,
        "previous": doubt.previous,
        "english": doubt.key.msgid,
        "difference": [
            {"kind": part.kind, "text": part.text}
            for part in word_difference(doubt.previous, doubt.key.msgid)
        ],
        "translation": doubt.msgstr,
        "typoOnly": doubt.is_typo_only,
        "errors": [
            {"check": each.check, "message": each.message, "hint": each.hint} for each in doubt.errors
        ],
        "kept": is_kept,
    }


def _show_all(
    found: "list[tuple[LanguageTag, str, Doubt]]", wanted: "list[tuple[LanguageTag, str, Doubt]]"
) -> None:
    for each in wanted:
        _show(*each)
    left = [each for each in found if each not in wanted]
    if left:
        number = count(len(left), "fuzzy translation")
        typer.echo(f"{number} left: name the line with --entry, or use --all.")
    for tag, name, doubt in left:
        typer.echo(f"  {_path(tag, name)}:{doubt.line}  {_difference(doubt)}")


def _show(tag: LanguageTag, name: str, doubt: "Doubt") -> None:
    typer.echo(f"{_path(tag, name)}:{doubt.line}  {doubt.key.msgctxt}")
    typer.echo(f"  {_difference(doubt)}")
    typer.echo(f"  {doubt.msgstr}")
    for each in doubt.errors:
        typer.echo(f"  not kept: {each.check}: {each.message} {each.hint}".rstrip(), err=True)


def _difference(doubt: "Doubt") -> str:
    from healthtopics.reading.difference import mark_up, word_difference

    return mark_up(word_difference(doubt.previous, doubt.key.msgid)).replace("\n", " ")


def _is_agreed(yes: bool, number: int) -> bool:
    """Return whether to go on; if nobody can be asked, `--yes` is required."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter("cannot ask without a terminal: use --yes, or --dry-run to look.")
    return typer.confirm(f"Keep {count(number, 'translation')}?")
