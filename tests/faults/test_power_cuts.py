"""What `healthtopics publish` has acknowledged survives a power cut, and one in its middle tears nothing."""

import os
from pathlib import Path

import pytest

from faults.disks import Disk
from faults.injection import KILL, Command
from faults.mutants import mutated
from faults.sweeping import LATER, corrected, two_topics
from healthtopics.errors import IntegrityError
from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import Workspace, run

ENVIRONMENT = {"SOURCE_DATE_EPOCH": LATER}


@pytest.fixture
def workspace(disk: Disk) -> Workspace:
    """A workspace on the disk, with a release and then an edit."""
    workspace = two_topics(disk.place / "workspace")
    workspace.publish()
    corrected(workspace)
    return workspace


def state(folder: Path) -> int:
    """Return the number of the current release, which must be whole."""
    store = LocalStore(folder / "exports")
    opened = open_current(store)
    assert verify(store, opened) == []
    return opened.manifest.number


def publishing(workspace: Workspace, environment: dict[str, str] = ENVIRONMENT) -> Command:
    return Command(("publish", "-C", str(workspace.folder)), (workspace.folder,), environment)


def test_an_acknowledged_release_survives(disk: Disk, workspace: Workspace) -> None:
    assert publishing(workspace).run().code == 0
    assert state(disk.cut_power() / "workspace") == 2


def test_a_power_cut_at_any_write_leaves_one_release_whole(
    disk: Disk, workspace: Workspace, tmp_path: Path, every: int
) -> None:
    """The publisher stops at the point; the power fails at once, or after the next commit of the journal."""
    dry = workspace.copy(tmp_path / "dry")
    points = [each for each in publishing(dry).points(tmp_path / "calls") if each.fault == KILL]
    tried = points[:: 2 * every]
    print(f"publish: {len(tried)} power cuts")  # noqa: T201 - the number is part of the proof
    for point in tried:
        attempt = workspace.copy(disk.place / "attempt")
        os.sync()
        publishing(attempt).run(point=point)
        after = disk.cut_power() / "attempt"
        assert state(after) in (1, 2), point
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", LATER)
            assert run("publish", "-C", str(after), folder=after).code == 0, point
        assert state(after) == 2
        disk.remove("attempt")


def test_a_publisher_that_does_not_flush_is_caught(disk: Disk, workspace: Workspace, tmp_path: Path) -> None:
    path = mutated(
        tmp_path / "mutant",
        "storage/local.py",
        "                flush_file_system(self.folder)",
        "                pass",
    )
    os.sync()
    done = publishing(workspace, {**ENVIRONMENT, "PYTHONPATH": os.fspath(path)}).run()
    assert done.code == 0
    with pytest.raises((AssertionError, IntegrityError)):
        state(disk.cut_power() / "workspace")
