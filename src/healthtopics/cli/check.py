"""`healthtopics check`: everything that publish would do, but the writing."""

from pathlib import PurePosixPath
from typing import Any

import typer

from healthtopics.cli.common import (
    AsOfOption,
    JsonOption,
    StrictOption,
    TopicsArgument,
    WorkspaceOption,
    known_topics,
    moment,
    print_json,
    print_problems,
    processes,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count, tally


def check(
    topics: TopicsArgument = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check topics, catalogues and the exports they would give; write nothing."""
    from healthtopics.errors import DataError
    from healthtopics.problems import Level, Problem, has_errors
    from healthtopics.publishing import Engine, build
    from healthtopics.storage import software
    from healthtopics.storage.memory import ForgetfulStore
    from healthtopics.storage.workspace import read_files, topic_names

    now = moment(as_of)
    opened = workspace_at(workspace)
    known = topic_names(opened)
    names = known_topics(topics, known)
    held: list[dict[str, Any]] = []
    problems: list[Problem] = []
    try:
        with processes() as executor:
            engine = Engine(executor=executor)
            built = build(
                read_files(opened), ForgetfulStore(), None, now=now, maker=software.maker(), engine=engine
            )
        problems += built.warnings
        held = [each.to_dict() for each in built.manifest.held if each.topic in names]
    except DataError as error:
        problems += error.problems
    # An error anywhere keeps every topic from being published; warnings about other topics can wait.
    others = {*known} - {*names}
    problems = [
        problem
        for problem in problems
        if problem.level is Level.ERROR or PurePosixPath(problem.path).name.split(".")[0] not in others
    ]
    failed = has_errors(problems) or (strict and bool(held))
    if as_json:
        print_json(
            {
                "problems": [
                    *(problem.to_dict() for problem in problems),
                    *(problem for each in held for problem in each["problems"]),
                ],
                "held": held,
                "topics": names,
            }
        )
    else:
        print_problems(problems)
        for each in held:
            typer.echo(f"Held: {each['topic']} ({each['language']}) is not complete. In the way:{_way(each)}")
        backlog = f", {count(len(held), 'edition')} held" if held else ""
        typer.echo(f"{count(len(names), 'topic')} checked: {tally(problems)}{backlog}.")
    if failed:
        raise typer.Exit(EXIT_PROBLEMS)


def _way(held: dict[str, Any]) -> str:
    lines = []
    for problem in held["problems"]:
        place = f"{problem['path']}:{problem['line']}" if problem["line"] else problem["path"]
        hint = "" if problem["line"] else f" {problem['hint']}"
        lines.append(f"\n  {place}  {problem['message']}{hint}")
    return "".join(lines)
