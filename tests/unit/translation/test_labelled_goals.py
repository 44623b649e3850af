"""What the checks reach on the labelled set.

The goals hold on the half that they were tuned on. The held-out half tells how far they generalise: fewer errors
are caught there than the goal asks, `tests/labelled/README.md` says how many; here it may only not get worse.
"""

import pytest

from labelled.measure import GOAL_CAUGHT, GOAL_DISTURBED, Measured, measure, report
from labelled.mutate import HALVES

CAUGHT = {"development": GOAL_CAUGHT, "held-out": 0.95}


@pytest.fixture(scope="module", params=HALVES)
def half(request: pytest.FixtureRequest) -> tuple[str, Measured]:
    found = measure(request.param)
    print(report(request.param, found))  # noqa: T201 - shown where a test fails
    return request.param, found


def test_errors_are_caught(half: tuple[str, Measured]) -> None:
    name, measured = half
    assert measured.caught >= CAUGHT[name]


def test_right_translations_are_left_alone(half: tuple[str, Measured]) -> None:
    _name, measured = half
    assert measured.disturbed <= GOAL_DISTURBED
