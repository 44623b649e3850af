"""`healthtopics check`: everything that publish would do, but the writing."""

import typer

from healthtopics.cli.common import (
    JsonOption,
    StrictOption,
    TopicsArgument,
    WorkspaceOption,
    known_topics,
    moment,
    print_json,
    print_problems,
    sources_of,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS


def check(
    topics: TopicsArgument = None,
    workspace: WorkspaceOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check topics, catalogues and the exports they would give; write nothing."""
    from healthtopics.errors import DataError
    from healthtopics.problems import Problem, has_errors
    from healthtopics.publishing import build
    from healthtopics.storage import software
    from healthtopics.storage.memory import MemoryStore

    held: list[dict[str, object]] = []
    problems: list[Problem] = []
    names: list[str] = []
    try:
        sources = sources_of(workspace_at(workspace))
        names = known_topics(topics, list(sources.topics))
        built = build(sources, MemoryStore(), None, now=moment(None), maker=software.maker())
        problems += built.warnings
        held = [each.to_dict() for each in built.manifest.held if each.topic in names]
    except DataError as error:
        problems += error.problems
    if topics:
        stems = tuple(f"/{topic}." for topic in topics)
        problems = [problem for problem in problems if any(stem in f"/{problem.path}" for stem in stems)]
    failed = has_errors(problems) or (strict and bool(held))
    if as_json:
        print_json(
            {
                "problems": [
                    *(problem.to_dict() for problem in problems),
                    *(problem for each in held for problem in each["problems"]),  # type: ignore[attr-defined]
                ],
                "held": held,
                "topics": names,
            }
        )
    else:
        print_problems(problems)
        for each in held:
            typer.echo(f"{each['topic']} ({each['language']}): not complete, {_way(each)}")
        if not problems and not held:
            typer.echo(f"{len(names)} topic(s) checked: no problems.")
    if failed:
        raise typer.Exit(EXIT_PROBLEMS)


def _way(held: dict[str, object]) -> str:
    found = held["problems"]
    places = [f"{each['path']}:{each['line'] or 1} {each['message']}" for each in found]  # type: ignore[attr-defined]
    return f"{len(places)} message(s) in the way:" + "".join(f"\n  {place}" for place in places)
