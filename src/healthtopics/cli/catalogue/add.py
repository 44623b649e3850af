"""`healthtopics catalogue add`: a new language."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from healthtopics.cli import options
from healthtopics.cli.common import language_named, overview_of, workspace_at
from healthtopics.cli.exits import count
from healthtopics.errors import CatalogueError
from healthtopics.language import SOURCE, LanguageTag

if TYPE_CHECKING:
    from healthtopics.configuration import LanguagePolicy


def add(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="The language tag (BCP 47): pt, zh-Hans, es-MX.")],
    policy: Annotated[
        Literal["complete", "fallback"] | None,
        typer.Option(
            "--policy",
            help="complete: a topic appears when all of it is translated. "
            "fallback: gaps are filled with English, and marked. complete if left out.",
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="SHARE",
            min=0,
            max=1,
            help="With fallback: the share of messages that must be translated; 0.8 if left out.",
        ),
    ] = None,
    locale: Annotated[
        str | None,
        typer.Option(
            "--locale", metavar="TAG", help="The regional variant for numbers and dates, for example pt-BR."
        ),
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """Add a language: its catalogues, and a table in healthtopics.toml.

    Examples:
    healthtopics catalogue add pt --locale pt-BR                           # when all is translated
    healthtopics catalogue add zh-Hans --policy fallback --threshold 0.9   # English in gaps
    """
    from healthtopics.catalogues.languages import language_name
    from healthtopics.layout import CONFIGURATION, INTERFACE
    from healthtopics.storage.workspace import (
        read_bytes,
        read_catalogue_files,
        read_files,
        with_language,
        write_file,
    )
    from healthtopics.workbench.catalogues import updated_catalogues

    language = language_named(tag)
    if language == SOURCE:
        raise typer.BadParameter(f"topics are written in {SOURCE!r}: it needs no catalogues.")
    wanted = _policy(language, policy, threshold, language_named(locale) if locale else None)
    opened = workspace_at(workspace)
    if present := opened.configuration.languages.get(language):
        given = {"policy": policy, "threshold": threshold, "locale": locale}
        if any(value not in (None, getattr(present, name)) for name, value in given.items()):
            raise typer.BadParameter(
                f"{language!r} is in {CONFIGURATION} with another policy. Change it there."
            )
        typer.echo(f"{language} is in {CONFIGURATION} already; nothing was changed.")
        typer.echo("`healthtopics catalogue update` brings its catalogues up to date.")
        return
    before = read_bytes(opened, CONFIGURATION)
    extended, configuration = with_language(opened, language, wanted)
    overview = overview_of(extended)
    texts = read_catalogue_files(extended, language)
    names = list(overview.topics)
    # If another language translates the words of pages, this one does, too.
    if any(INTERFACE in read_files(opened).catalogue_names(tag) for tag in opened.configuration.languages):
        names.append(INTERFACE)
    updates = updated_catalogues(overview, texts, language, names)
    if updates.problems:
        raise CatalogueError(updates.problems)
    for path, was, data, *_counts in updates.catalogues:
        write_file(extended, path, data, was=was)
        typer.echo(f"wrote {path}")
    # Last: until then, nothing uses the catalogues, and the same command can be run again.
    write_file(extended, CONFIGURATION, configuration, was=before)
    typer.echo(
        f"{language_name(language)} ({language}) is in {CONFIGURATION}, with policy {wanted.policy!r}; "
        f"{count(len(updates.catalogues), 'catalogue')} written."
    )
    typer.echo("Next: translate them; `healthtopics catalogue status` shows how far they have come.")


def _policy(
    language: LanguageTag,
    policy: Literal["complete", "fallback"] | None,
    threshold: float | None,
    locale: LanguageTag | None,
) -> "LanguagePolicy":
    from healthtopics.configuration import LanguagePolicy

    if threshold is not None and policy != "fallback":
        raise typer.BadParameter("--threshold goes with --policy fallback.")
    if locale and locale.partition("-")[0] != language.partition("-")[0]:
        raise typer.BadParameter(f"--locale {locale} is not a variant of {language!r}.")
    wanted = LanguagePolicy(policy=policy or "complete", locale=locale)
    return wanted if threshold is None else replace(wanted, threshold=threshold)
