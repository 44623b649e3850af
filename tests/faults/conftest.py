"""Faults need root, Linux and strace; elsewhere these tests are skipped, with the reason."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from faults.disks import Disk
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


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    missing = [tool for tool in ("mkfs.ext4", "mount", "umount") if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing or not Path("/dev/loop-control").exists():
        pytest.skip(f"needs root, loop devices and {' '.join(missing) or 'nothing else'}")
    disk = Disk(tmp_path)
    try:
        disk.start()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"loop devices cannot be mounted here: {error}")
    try:
        yield disk
    finally:
        disk.end()
