"""What all tests share: the one external tool that some of them need."""

import os
import shutil

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `gettext` where its tools are missing; under CI=true they must not be."""
    if item.get_closest_marker("gettext") is None:
        return
    missing = [tool for tool in ("msgfmt", "msgcat") if shutil.which(tool) is None]
    if missing:
        reason = f"GNU gettext is not installed: {', '.join(missing)} not on PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
