"""What the checks reach on the labelled set.

The goals hold on the half that they were tuned on. The held-out half, which tells how far they generalise, is
measured before a release and never by a test: otherwise checks would be tuned to it.
"""

import pytest

from labelled.measure import GOAL_CAUGHT, GOAL_DISTURBED, Measured, measure, report


@pytest.fixture(scope="module")
def measured() -> Measured:
    found = measure("development")
    print(report("development", found))  # noqa: T201 - shown where a test fails
    return found


def test_errors_are_caught(measured: Measured) -> None:
    assert measured.caught >= GOAL_CAUGHT


def test_right_translations_are_left_alone(measured: Measured) -> None:
    assert measured.disturbed <= GOAL_DISTURBED
