"""What the checks reach on the half of the labelled set that they are tuned on.

The held-out half, which tells how far they generalise, is never measured by a test: otherwise checks would be
tuned to it.
"""

import pytest

from labelled.measure import Measured, measure, report


@pytest.fixture(scope="module")
def measured() -> Measured:
    found = measure("development")
    print(*report("development", found), sep="\n")  # noqa: T201 - shown where a test fails
    return found


def test_errors_are_caught(measured: Measured) -> None:
    assert measured.caught >= 0.82


def test_right_translations_are_left_alone(measured: Measured) -> None:
    assert measured.flagged <= 0.042
    assert measured.with_error <= 0.007
