from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest

from healthtopics.cli.exits import count, exit_code, explain, tally
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    HealthTopicsError,
    IntegrityError,
    NetworkError,
    NoCurrentReleaseError,
    ReleaseExistsError,
    StorageError,
)
from healthtopics.problems import Level, Problem

ERROR = Problem(check="x", path="topics/a.json", message="one.")
WARNING = Problem(check="y", level=Level.WARNING, path="topics/b.json", message="two.")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BuildError([ERROR]), 1),
        (IntegrityError("a", expected="b", actual="c"), 1),
        (NoCurrentReleaseError("exports"), 1),
        (ReleaseExistsError(7), 75),
        (StorageError("full"), 75),
        (NetworkError("down"), 75),
        (BrokenProcessPool("killed"), 75),
        (ConfigurationError("wrong"), 78),
        (HealthTopicsError("else"), 1),
        (ValueError("bug"), 70),
        (KeyError("bug"), 70),
        (OSError("bug"), 70),
    ],
    ids=repr,
)
def test_each_kind_of_error_has_its_code(error: Exception, code: int) -> None:
    assert exit_code(error) == code


def test_problems_are_reported_and_counted() -> None:
    error = BuildError([ERROR, ERROR, WARNING])
    told = [
        "topics/a.json  error  x  one.",
        "topics/a.json  error  x  one.",
        "topics/b.json  warning  y  two.",
    ]
    assert explain(error).splitlines() == [*told, "2 errors, 1 warning."]
    error.add_note("Nothing was published.")
    assert explain(error).splitlines() == [*told, "2 errors, 1 warning. Nothing was published."]


def test_other_errors_are_reported_in_their_own_words() -> None:
    assert explain(StorageError("the disk is full.")) == "the disk is full."


def test_a_bug_asks_for_a_report() -> None:
    assert explain(ValueError("odd")).startswith("This is a bug in healthtopics: ValueError: odd\n")


def test_tally() -> None:
    assert tally([]) == "no problems"
    assert tally([WARNING]) == "1 warning"
    assert tally([replace(WARNING, level=Level.INFO)] * 3) == "3 notes"
    assert tally([WARNING, ERROR]) == "1 error, 1 warning"


def test_a_killed_worker_is_not_reported_as_a_bug() -> None:
    error = BrokenProcessPool("killed")
    error.add_note("Nothing was published.")
    assert explain(error).endswith("out of memory. Nothing was published. Run this again.")


@pytest.mark.parametrize(("number", "words"), [(0, "0 topics"), (1, "1 topic"), (1200, "1,200 topics")])
def test_count(number: int, words: str) -> None:
    assert count(number, "topic") == words
