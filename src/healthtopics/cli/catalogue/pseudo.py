"""`healthtopics catalogue pseudo`: generated pseudo-languages, for tests."""

from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import language_named, overview_of, workspace_at
from healthtopics.cli.exits import count
from healthtopics.language import LanguageTag, direction, is_pseudo

if TYPE_CHECKING:
    from healthtopics.storage.workspace import Workspace

_ACCENTED = "en-XA"
_RIGHT_TO_LEFT = "ar-XB"
"""CLDR's tags for its own pseudo-locales."""


def pseudo(
    accented: Annotated[
        str | None,
        typer.Option("--accented", metavar="TAG", help=f"The tag of one with accents, such as {_ACCENTED}."),
    ] = None,
    rtl: Annotated[
        str | None,
        typer.Option(
            "--rtl", metavar="TAG", help=f"The tag of one from right to left, such as {_RIGHT_TO_LEFT}."
        ),
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """Translate catalogues by rule, to see what bypasses them.

    By default, into en-XA, with accents, and ar-XB, from right to left.

    Examples:
    healthtopics catalogue pseudo   # en-XA and ar-XB
    """
    from healthtopics.storage.workspace import read_catalogue_files, write_file
    from healthtopics.translation.pseudo import STYLES
    from healthtopics.workbench.catalogues import updated_catalogues

    wanted = {"accented": accented, "rtl": rtl}
    if accented is None and rtl is None:
        wanted = {"accented": _ACCENTED, "rtl": _RIGHT_TO_LEFT}
    tags = {style: _pseudo_locale(style, tag) for style, tag in wanted.items() if tag is not None}
    opened = workspace_at(workspace)
    for tag in tags.values():
        _refuse_work_of_others(opened, tag)
    overview = overview_of(opened)
    for style, tag in tags.items():
        texts = read_catalogue_files(opened, tag)
        names = list(overview.topics)
        catalogues = updated_catalogues(overview, texts, tag, names, style=STYLES[style]).catalogues
        for path, was, data, *_counts in catalogues:
            write_file(opened, path, data, was=was)
        typer.echo(f"{tag}: {count(len(catalogues), 'catalogue')} changed.")
        if tag not in opened.configuration.languages:
            typer.echo(f"It is published only after `healthtopics catalogue add {tag}`.")


def _pseudo_locale(style: str, text: str) -> LanguageTag:
    """Parse the tag of a pseudo-locale; others are a usage error, so that no real language is overwritten."""
    tag = language_named(text)
    turn = "rtl" if style == "rtl" else "ltr"
    if not is_pseudo(tag) or direction(tag) != turn:
        example = _RIGHT_TO_LEFT if style == "rtl" else _ACCENTED
        raise typer.BadParameter(
            f"{tag!r} is not a tag for a pseudo-locale of this kind: the region is XA or XB, and the "
            f"language is written {'right to left' if turn == 'rtl' else 'left to right'}, as in {example!r}."
        )
    return tag


def _refuse_work_of_others(workspace: "Workspace", tag: LanguageTag) -> None:
    from healthtopics.layout import catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files
    from healthtopics.translation.pseudo import MARK, is_replaceable

    paths = {catalogue_path(tag, name): data for name, data in read_catalogue_files(workspace, tag).items()}
    kept = [path for path, data in paths.items() if not is_replaceable(data, path)]
    if kept:
        raise typer.BadParameter(
            f"{', '.join(kept)}: the header has no {MARK}, so somebody has written this. Nothing was changed."
        )
