"""`healthtopics catalogue …`: the translator's loop."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtopics.cli.common import (
    JsonOption,
    TopicsArgument,
    WorkspaceOption,
    known_topics,
    print_json,
    print_problems,
    print_table,
    sources_of,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtopics.language import LanguageTag
    from healthtopics.problems import Problem
    from healthtopics.publishing import Editions, Sources

app = typer.Typer(help="Work on translations.", no_args_is_help=True)
LanguageOption = Annotated[
    str | None, typer.Option("--language", "-l", help="Only this language; all configured ones if left out.")
]


@app.command()
def update(
    topics: TopicsArgument = None, language: LanguageOption = None, workspace: WorkspaceOption = None
) -> None:
    """Bring the catalogues up to date with the topics; translations are kept."""
    from healthtopics.publishing import VOCABULARY, catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files, write_file
    from healthtopics.translation import Header, template_of, template_of_vocabulary, update_catalogue

    opened = workspace_at(workspace)
    sources = sources_of(opened)
    names = known_topics(topics, list(sources.topics))
    first = min(document["dates"]["created"] for document in sources.topics.values())
    written = 0
    for tag in _languages(sources, language):
        texts = read_catalogue_files(opened, tag)
        for name in [*names, VOCABULARY]:
            if name == VOCABULARY:
                template = template_of_vocabulary(sources.vocabulary, tag)
                header = Header(language=tag, subject="the vocabulary", created=first)
            else:
                document = sources.topics[name]
                template = template_of(sources.plan, document, tag)
                header = Header(language=tag, subject=f"topic “{name}”", created=document["dates"]["updated"])
            path = catalogue_path(tag, name)
            shipped = sources.catalogues.get(tag, {}).get(name) if name == VOCABULARY else None
            data = update_catalogue(template, texts.get(name), header, path, shipped)
            if data != texts.get(name):
                write_file(opened, path, data)
                written += 1
                typer.echo(f"updated {path}")
    typer.echo(f"{count(written, 'catalogue')} changed.")


@app.command()
def check(
    topics: TopicsArgument = None,
    language: LanguageOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Check that this one file can be read, outside a workspace.")
    ] = None,
    workspace: WorkspaceOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for missing and fuzzy messages, too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check what translators have written: file, line, what is wrong, and how to mend it."""
    from healthtopics.errors import DataError
    from healthtopics.problems import has_errors

    try:
        problems = _check_file(file) if file else _findings(workspace, topics, language)
    except DataError as error:
        problems = list(error.problems)
    if as_json:
        print_json({"problems": [problem.to_dict() for problem in problems]})
    else:
        print_problems(problems)
        typer.echo(f"{tally(problems).capitalize()}.")
    if has_errors(problems) or (strict and problems):
        raise typer.Exit(EXIT_PROBLEMS)


@app.command()
def status(
    topics: TopicsArgument = None,
    language: LanguageOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far each topic is translated, and what keeps it from being published."""
    sources = sources_of(workspace_at(workspace))
    editions = _editions(sources)
    names = known_topics(topics, list(editions.coverage))
    held = {(each.topic, each.language) for each in editions.held}
    rows: list[dict[str, Any]] = [
        {
            "language": tag,
            "topic": name,
            **editions.coverage[name][tag].to_dict(),
            "complete": editions.coverage[name][tag].is_complete,
            "publishable": (name, tag) not in held,
        }
        for tag in _languages(sources, language)
        for name in names
    ]
    if as_json:
        print_json({"catalogues": rows})
        return
    heads = ("language", "topic", "messages", "translated", "fuzzy", "missing", "blocked")
    print_table(
        [*heads, "edition"],
        [[*(row[head] for head in heads), "ready" if row["publishable"] else "held"] for row in rows],
    )


def _languages(sources: "Sources", wanted: str | None) -> list["LanguageTag"]:
    known = list(sources.configuration.languages)
    if wanted is None:
        return known
    if wanted not in known:
        raise typer.BadParameter(
            f"language {wanted!r} is not in healthtopics.toml. Known: {', '.join(known)}."
        )
    return [tag for tag in known if tag == wanted]


def _editions(sources: "Sources") -> "Editions":
    from healthtopics.publishing import prepare

    # Topics that are to appear later are translated before.
    return prepare(sources, today=None)


def _findings(
    workspace: Path | None, topics: "Sequence[str] | None", language: str | None
) -> "list[Problem]":
    sources = sources_of(workspace_at(workspace))
    editions = _editions(sources)
    names = known_topics(topics, list(sources.topics))
    found = [
        problem
        for tag in _languages(sources, language)
        for name in names
        for problem in editions.findings.get((name, tag), ())
    ]
    return [*sources.warnings, *dict.fromkeys(found)]


def _check_file(file: Path) -> "list[Problem]":
    from healthtopics.translation import po

    try:
        data = file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}.") from None
    return list(po.parse(data, str(file)).warnings)
