import io
import json
import sys
from contextlib import redirect_stderr

import pytest
import typer

from healthtopics.cli.log import LogForm, log_message, log_problems, logged, wanted_log, write_entry
from healthtopics.cli.run import MOST_PROBLEMS, Run, begin
from healthtopics.problems import Level, Problem


def written(form: LogForm, *acts: object) -> str:
    """Return what standard error gets from functions that write to it."""
    stream = io.StringIO()
    with redirect_stderr(stream), logged(begin(Run(command="publish", id="r1")), form):
        for act in acts:
            assert callable(act)
            act()
    return stream.getvalue()


def entries(*acts: object) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in written(LogForm.JSON, *acts).splitlines()]
    assert {(line["run"], line["command"]) for line in lines} == {("r1", "publish")}
    assert lines[0]["message"] == "started"
    return [(line["level"], line["message"]) for line in lines[1:]]


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (["publish"], LogForm.TEXT),
        (["publish", "--log", "json"], LogForm.JSON),
        (["publish", "--log=json", "--json"], LogForm.JSON),
        (["publish", "--log", "json", "--log", "text"], LogForm.TEXT),
        (["publish", "--log"], LogForm.TEXT),
        (["publish", "--log", "xml"], LogForm.TEXT),
        (["publish", "json"], LogForm.TEXT),
    ],
)
def test_the_form_is_read_from_the_words(words: list[str], form: LogForm) -> None:
    assert wanted_log(words) is form


def test_people_read_lines() -> None:
    assert written(LogForm.TEXT, lambda: log_message("a"), lambda: write_entry("b")) == "a\n"
    assert not log_problems()


def test_programs_get_one_object_per_line() -> None:
    found = entries(
        lambda: log_message("two\nlines", Level.WARNING),
        lambda: typer.echo("from typer", err=True),
        lambda: sys.stderr.write("part, "),
        lambda: sys.stderr.write("rest\n\n \nno end of line"),
    )
    assert found == [
        ("warning", "two\nlines"),
        ("info", "from typer"),
        ("info", "part, rest"),
        ("info", "no end of line"),
    ]


def test_a_name_that_is_not_utf_8_is_written() -> None:
    assert entries(lambda: log_message("topics/\udcff.json")) == [("info", "topics/\\udcff.json")]


def test_too_many_problems_are_counted() -> None:
    problems = [Problem(check="x", path="a.json", message=f"{n}.") for n in range(MOST_PROBLEMS + 2)]

    def tell_all() -> None:
        run = begin(Run(command="publish", id="r1"))
        run.problems = problems
        assert log_problems()

    found = entries(tell_all)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == ("warning", "2 more problems were found.")
