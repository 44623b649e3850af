"""What all tests share: the external tools that some of them need."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.tools import find_tool

# How fast a machine is says nothing about the code: no example has a deadline, no strategy is too slow.
# Every run on a developer's machine tries new examples; CI tries the same ones for the same code.
settings.register_profile(
    "patient",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

# What git knows of the person who runs the tests is in no file that they write.
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

_TESTS = Path(__file__).parent
_WEBLATE = str(_TESTS.parent / ".venv-weblate/bin/weblate")  # `make conformance` installs it
_SCREEN = ("Xvfb", "xdotool")
_TOOLS = {
    "gettext": ("GNU gettext", ("msgfmt", "msgcat")),
    "browser": ("Chromium", ("chromium",)),
    "buildah": ("buildah or debootstrap", ("buildah", "debootstrap")),
    "exporter": ("Prometheus's node exporter", ("prometheus-node-exporter",)),
    "help2man": ("help2man", ("help2man",)),
    "man": ("man", ("man",)),
    "faketime": ("libfaketime", ("faketime",)),
    "nginx": ("nginx", ("nginx",)),
    "rsync": ("rsync", ("rsync",)),
    "sqlite3": ("SQLite's command line", ("sqlite3",)),
    "systemd": ("systemd", ("systemd-analyze",)),
    "weblate": ("Weblate, PostgreSQL or Redis", (_WEBLATE, "psql", "redis-server")),
    "poedit": ("Poedit or a virtual screen", ("poedit", *_SCREEN)),
    "lokalize": ("Lokalize or a virtual screen", ("lokalize", *_SCREEN)),
    "omegat": ("OmegaT", ("omegat", "java")),
}

_NOT_MEASURED = {
    _TESTS / "agreement",
    _TESTS / "property",
    _TESTS / "unit/benchmarks",
    _TESTS / "functional/test_cache.py",
    _TESTS / "functional/test_order_of_writes.py",
}


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Leave out of coverage, which doubles their time, tests of benchmarks and those that repeat others."""
    for item in items:
        if _NOT_MEASURED.intersection([item.path, *item.path.parents]):
            item.add_marker(pytest.mark.no_cover)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked with a tool that is missing; under CI=true none may be."""
    for mark, (name, commands) in _TOOLS.items():
        if item.get_closest_marker(mark) is None:
            continue
        missing = [command for command in commands if not find_tool(command)]
        if missing:
            reason = f"{name} is not installed: {', '.join(missing)} not on PATH"
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)
