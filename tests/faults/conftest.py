"""Faults need root, Linux and strace; elsewhere these tests are skipped, with the reason."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from faults.injection import what_is_missing


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Skip all of this folder where faults cannot be injected."""
    missing = what_is_missing()
    for item in items:
        if missing and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"faults cannot be injected: needs {missing}"))


@pytest.fixture(scope="session")
def every() -> int:
    """Every which point is tried: 1 for all of them."""
    return int(os.environ.get("FAULTS_EVERY", "1"))
