"""`healthtopics check`: everything that publish would do, without writing."""

import typer

from healthtopics.cli import options
from healthtopics.cli.common import known_topics, moment, print_json, print_problems, work_on, workspace_at
from healthtopics.cli.exits import EXIT_PROBLEMS, count, tally
from healthtopics.problems import has_errors
from healthtopics.release import Held


def check(
    topics: options.Topics = None,
    workspace: options.Workspace = None,
    as_of: options.AsOf = None,
    strict: options.Strict = False,
    no_cache: options.NoCache = False,
    as_json: options.Json = False,
) -> None:
    """Check topics, catalogues and the exports they would give; write only the cache.

    If topics are named, only their files are checked, with what they link to and the words they use.
    """
    from healthtopics.publishing.checking import check_all, check_topics
    from healthtopics.storage.workspace import topic_names

    now = moment(as_of)
    opened = workspace_at(workspace)
    names = known_topics(topics, topic_names(opened))
    with work_on(opened, "Checking", no_cache=no_cache, exports=True) as (files, maker, engine):
        if topics:
            checked = check_topics(files, names, now=now, maker=maker, engine=engine)
        else:
            checked = check_all(files, now=now, maker=maker, engine=engine)
    problems = checked.problems
    held = checked.held
    failed = has_errors(problems) or (strict and bool(held))
    if as_json:
        print_json(
            {
                "problems": [*problems, *(problem for each in held for problem in each.problems)],
                "held": held,
                "topics": names,
            }
        )
    else:
        print_problems(problems)
        for each in held:
            typer.echo(f"Held: {each.topic} ({each.language}) is not complete. Reasons:{_way(each)}")
        backlog = f", {count(len(held), 'edition')} held" if held else ""
        typer.echo(f"{count(len(names), 'topic')} checked: {tally(problems)}{backlog}.")
    if failed:
        raise typer.Exit(EXIT_PROBLEMS)


def _way(held: Held) -> str:
    lines = []
    for problem in held.problems:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        hint = "" if problem.line else f" {problem.hint}"
        lines.append(f"\n  {place}  {problem.message}{hint}")
    return "".join(lines)
