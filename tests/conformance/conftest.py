"""A run starts with no record of an earlier one."""

from conformance.support.findings import RESULTS


def pytest_sessionstart() -> None:
    RESULTS.unlink(missing_ok=True)
