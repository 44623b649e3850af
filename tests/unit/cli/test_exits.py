import errno
import os
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest

from healthtopics.cli.exits import TABLE, Stopped, count, exit_code, explain, result_of, tally
from healthtopics.errors import (
    BuildError,
    ConfigurationError,
    HealthTopicsError,
    IntegrityError,
    NetworkError,
    NoCurrentReleaseError,
    ReleaseExistsError,
    StorageError,
    UnusablePathError,
    refusal,
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
        (UnusablePathError("read-only"), 78),
        (NetworkError("down"), 75),
        (BrokenProcessPool("killed"), 75),
        (ConfigurationError("wrong"), 78),
        (HealthTopicsError("else"), 1),
        (ValueError("bug"), 70),
        (KeyError("bug"), 70),
        (OSError("bug"), 70),
        (MemoryError(), 75),
        (Stopped(15), 143),
        (Stopped(1), 129),
        (KeyboardInterrupt(), 130),
    ],
    ids=repr,
)
def test_each_kind_of_error_has_its_code(error: BaseException, code: int) -> None:
    assert exit_code(error) == code
    assert code in {row.code for row in TABLE}


HELPS_TO_RETRY = (
    "ENOSPC",
    "EDQUOT",
    "EMFILE",
    "ENFILE",
    "EIO",
    "ENOMEM",
    "EAGAIN",
    "EINTR",
    "EBUSY",
    "EPIPE",
)
NEEDS_SOMEBODY = (
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOTDIR",
    "EISDIR",
    "ELOOP",
    "ENAMETOOLONG",
    "ENOENT",
    "EEXIST",
)


@pytest.mark.parametrize(
    ("name", "code"),
    [*((name, 75) for name in HELPS_TO_RETRY), *((name, 78) for name in NEEDS_SOMEBODY)],
)
def test_what_the_system_refuses_has_its_code_with_and_without_a_name(name: str, code: int) -> None:
    number = getattr(errno, name)
    plain = OSError(number, os.strerror(number), "topics")
    assert exit_code(plain) == exit_code(refusal(plain, "topics: refused.")) == code
    assert explain(plain).startswith(f"topics: the system refuses it ({os.strerror(number)}). ")
    assert "run this again" in explain(plain).lower()


def _missing(reason: str = os.strerror(errno.ENOENT)) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, reason)


def test_a_deleted_working_directory_is_named() -> None:
    assert "The working directory no longer exists." in explain(_missing())
    assert "No usable temporary" in explain(_missing("No usable temporary directory found in ['/x']"))


def test_every_code_has_one_row_and_a_result() -> None:
    codes = [row.code for row in TABLE]
    assert codes == sorted({*codes}, key=codes.index)
    assert result_of(0) == "done"
    assert result_of(137) == "stopped"


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
    assert explain(error).endswith("out of memory. Run this again. Nothing was published.")


@pytest.mark.parametrize(("number", "words"), [(0, "0 topics"), (1, "1 topic"), (1200, "1,200 topics")])
def test_count(number: int, words: str) -> None:
    assert count(number, "topic") == words
