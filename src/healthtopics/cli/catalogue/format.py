"""`healthtopics catalogue format`: the same catalogues in canonical form, which every tool keeps."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import (
    known_topics,
    languages_of,
    progress_bar,
    read_input,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.errors import CatalogueError
from healthtopics.problems import Problem, excerpt, has_errors

if TYPE_CHECKING:
    from healthtopics.catalogue import Key

if TYPE_CHECKING:
    from healthtopics.storage.workspace import Workspace


def format_files(
    topics: options.Catalogues = None,
    language: options.Language = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Format this file, outside a workspace, too; may be given repeatedly.",
        ),
    ] = None,
    workspace: options.Workspace = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a file would change.")
    ] = False,
) -> None:
    """Write catalogues in the form that every tool keeps.

    Their content stays the same. An obsolete entry with the text of a live one joins that, and its
    translation is kept as a comment.

    Examples:
    healthtopics catalogue format                       # the workspace's
    healthtopics catalogue format --check               # write nothing
    healthtopics catalogue format --file asthma.es.po   # a file that was sent to you
    """
    from healthtopics.catalogues.po import not_a_catalogue
    from healthtopics.storage.listing import kind_of

    changed = 0
    found: list[Problem] = []
    opened = None if files else workspace_at(workspace)
    targets = [*(_own(opened, topics, language) if opened else _given(files or (), topics, language))]
    with progress_bar("Formatting") as progress:
        for done, (path, target) in enumerate(targets):
            progress(done, len(targets))
            if not files and (kind := kind_of(target)):
                found.append(not_a_catalogue(path, kind))
                continue
            data = read_input(target)
            text, problems, joined = _formatted(data, path)
            found += problems
            if text != data:
                changed += 1
                typer.echo(f"{'would format' if check else 'formatted'} {path}{_removed(data)}")
                for key in joined:
                    typer.echo(
                        f"  “{excerpt(' '.join(key.msgid.split()))}”: an obsolete entry joins the live one; "
                        "its translation, if it is another one, is kept as a comment"
                    )
                if not check:
                    _write(opened, path, target, text, was=data)
    print_problems(found)
    typer.echo(f"{count(changed, 'catalogue')} {'would change' if check else 'changed'}.")
    if has_errors(found) or (check and changed):
        raise typer.Exit(EXIT_PROBLEMS)


def _write(opened: "Workspace | None", path: str, target: Path, data: bytes, *, was: bytes) -> None:
    from healthtopics.storage.workspace import overwrite_file, write_file

    if opened:
        write_file(opened, path, data, was=was)
    else:
        overwrite_file(target, data, was=was)


def _given(
    files: Sequence[Path], topics: list[str] | None, language: str | None
) -> Iterator[tuple[str, Path]]:
    if topics or language:
        raise typer.BadParameter("--file cannot be combined with topics or --language.")
    for file in files:
        yield str(file), file


def _formatted(data: bytes, path: str) -> "tuple[bytes, Sequence[Problem], Sequence[Key]]":
    """Return the canonical form of a catalogue, or the same bytes if it cannot be read, and the problems."""
    from healthtopics.catalogues.template import format_catalogue

    try:
        return format_catalogue(data, path)
    except CatalogueError as error:
        return data, error.problems, ()


def _own(opened: "Workspace", topics: list[str] | None, language: str | None) -> Iterator[tuple[str, Path]]:
    """Yield the workspace's catalogues, even those without a topic: path for display, and file."""
    from healthtopics.layout import catalogue_path
    from healthtopics.storage.workspace import read_files

    there = read_files(opened)
    names = {
        tag: [*there.catalogue_names(tag), *there.unreadable_catalogues(tag)]
        for tag in languages_of(opened, language)
    }
    wanted = known_topics(topics, sorted({name for each in names.values() for name in each}))
    for tag, each in names.items():
        for name in each:
            if name in wanted:
                path = catalogue_path(tag, name)
                yield path, opened.folder / path


def _removed(data: bytes) -> str:
    """Return the names of removed characters that editors do not show."""
    found = [
        *(["byte order mark"] if data.startswith(codecs.BOM_UTF8) else []),
        *(["Windows line ends"] if b"\r\n" in data else []),
    ]
    return f" ({' and '.join(found)} removed)" if found else ""
