import inspect
import pickle
import re

import pytest

from healthtopics import errors
from healthtopics.problems import Problem

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass) if each is not Problem]
CLASSES = [each for each in CLASSES if issubclass(each, Exception)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_has_the_one_root_and_is_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, errors.HealthTopicsError)
    assert re.search(rf"\b{error.__name__}\b", errors.__doc__ or "")


def test_error_in_data_carries_and_prints_every_problem() -> None:
    problems = [
        Problem(check="a", path="x.json", message="one."),
        Problem(check="b", path="y.json", message="two."),
    ]
    error = errors.BuildError(problems)
    assert error.problems == tuple(problems)
    assert error.diagnostics() == "x.json  error  a  one.\ny.json  error  b  two."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.ReleaseExistsError(7), ("release 7", "Run publish again")),
        (
            errors.IntegrityError("objects/x", expected="3 bytes", actual="nothing"),
            ("objects/x", "3 bytes", "nothing"),
        ),
        (errors.NoCurrentReleaseError("exports"), ("exports", "healthtopics publish")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_error_says_what_happened_and_what_to_do(
    error: errors.HealthTopicsError, words: tuple[str, ...]
) -> None:
    assert all(word in error.diagnostics() for word in words)


def test_the_same_command_may_succeed_later_after_storage_and_network_errors() -> None:
    assert issubclass(errors.StorageError, errors.TryAgainError)
    assert issubclass(errors.NetworkError, errors.TryAgainError)
    assert not issubclass(errors.DataError, errors.TryAgainError)


@pytest.mark.parametrize(
    "error",
    [
        errors.BuildError([Problem(check="a", path="x.json", message="one.")]),
        errors.IntegrityError("objects/x", expected="1", actual="2"),
        errors.ReleaseExistsError(3),
        errors.StorageError("x: cannot be read."),
    ],
)
def test_an_error_of_another_process_arrives_as_it_was(error: errors.HealthTopicsError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(there), there.args, vars(there)) == (type(error), error.args, vars(error))
