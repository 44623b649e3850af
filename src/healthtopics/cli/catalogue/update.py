"""`healthtopics catalogue update`: the topics have changed, the catalogues follow."""

import typer

from healthtopics.cli.catalogue.common import LanguageOption, languages_of, updated_catalogues
from healthtopics.cli.common import TopicsArgument, WorkspaceOption, known_topics, sources_of, workspace_at
from healthtopics.cli.exits import count


def update(
    topics: TopicsArgument = None, language: LanguageOption = None, workspace: WorkspaceOption = None
) -> None:
    """Bring the catalogues up to date with the topics; translations are kept."""
    from healthtopics.storage.workspace import write_file

    opened = workspace_at(workspace)
    sources = sources_of(opened)
    names = known_topics(topics, list(sources.topics))
    written = 0
    for tag in languages_of(sources, language):
        for path, data in updated_catalogues(opened, sources, tag, names):
            write_file(opened, path, data)
            written += 1
            typer.echo(f"updated {path}")
    typer.echo(f"{count(written, 'catalogue')} changed.")
