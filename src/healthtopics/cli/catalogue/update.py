"""`healthtopics catalogue update`: the topics have changed, the catalogues follow."""

from typing import Annotated

import typer

from healthtopics.cli.catalogue.common import LanguageOption, languages_of
from healthtopics.cli.common import TopicsArgument, WorkspaceOption, known_topics, sources_of, workspace_at
from healthtopics.cli.exits import count


def update(
    topics: TopicsArgument = None,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
    suggestions: Annotated[
        bool,
        typer.Option(
            "--suggestions/--no-suggestions",
            help="Offer, as fuzzy, the translations of the same and of similar texts for new ones.",
        ),
    ] = True,
) -> None:
    """Bring the catalogues up to date with the topics; translations are kept."""
    from healthtopics.publishing import INTERFACE, VOCABULARY
    from healthtopics.publishing.catalogues import updated_catalogues
    from healthtopics.storage.workspace import read_catalogue_files, write_file

    opened = workspace_at(workspace)
    sources = sources_of(opened)
    known = list(sources.topics)
    names = known_topics(topics, [*known, VOCABULARY, INTERFACE]) if topics else known
    written = 0
    for tag in languages_of(sources, language):
        texts = read_catalogue_files(opened, tag)
        for path, was, data in updated_catalogues(sources, texts, tag, names, suggests=suggestions):
            write_file(opened, path, data, was=was)
            written += 1
            typer.echo(f"updated {path}")
    typer.echo(f"{count(written, 'catalogue')} changed.")
