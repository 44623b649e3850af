"""A run starts with no record of an earlier one."""

import pytest

from conformance.support.findings import RESULTS


def pytest_sessionstart(session: pytest.Session) -> None:
    """Drop the record once: the workers of a parallel run share it."""
    if not hasattr(session.config, "workerinput"):
        RESULTS.unlink(missing_ok=True)
