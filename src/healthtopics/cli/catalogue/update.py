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
    from healthtopics.publishing import INTERFACE, VOCABULARY, catalogue_path, interface_template
    from healthtopics.storage.workspace import read_catalogue_files, write_file
    from healthtopics.translation import (
        Header,
        Memory,
        template_of,
        template_of_vocabulary,
        update_catalogue,
    )

    opened = workspace_at(workspace)
    sources = sources_of(opened)
    names = known_topics(topics, list(sources.topics))
    first = min(document["dates"]["created"] for document in sources.topics.values())
    written = 0
    for tag in languages_of(sources, language):
        texts = read_catalogue_files(opened, tag)
        memory = Memory.of(sources.catalogues.get(tag, {}).values()) if suggestions else None
        for name in [*names, VOCABULARY, INTERFACE]:
            if name == VOCABULARY:
                template = template_of_vocabulary(sources.vocabulary, tag)
                header = Header(language=tag, subject="the vocabulary", created=first)
            elif name == INTERFACE:
                template = interface_template()
                header = Header(language=tag, subject="the pages", created=first)
            else:
                document = sources.topics[name]
                template = template_of(sources.plan, document, tag)
                header = Header(language=tag, subject=f"topic “{name}”", created=document["dates"]["updated"])
            path = catalogue_path(tag, name)
            shipped = sources.catalogues.get(tag, {}).get(name) if name in (VOCABULARY, INTERFACE) else None
            data = update_catalogue(template, texts.get(name), header, path, shipped, memory=memory)
            if data != texts.get(name):
                write_file(opened, path, data)
                written += 1
                typer.echo(f"updated {path}")
    typer.echo(f"{count(written, 'catalogue')} changed.")
