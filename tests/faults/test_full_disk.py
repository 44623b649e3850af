"""A disk with little room: nothing is torn, nothing unfinished is left, and a job needs nothing but room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.sweeping import LATER, corrected, two_topics
from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import Workspace, run, tree


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory of 1 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "small", place], check=False)
    if done.returncode:
        pytest.skip("tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def resize(place: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", place], check=True)


@pytest.fixture
def workspace(tmp_path: Path, small: Path) -> Workspace:
    """A workspace whose store has a release and no room for another."""
    workspace = two_topics(tmp_path / "workspace")
    (workspace.folder / "exports").symlink_to(small)
    workspace.publish()
    corrected(workspace)
    return workspace


def test_a_full_store(workspace: Workspace, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", LATER)
    used = sum(path.stat().st_blocks * 512 for path in small.rglob("*"))
    before = dict(tree(small))
    for room in (8, 32, 64):
        resize(small, f"{used // 1024 + room}k")
        done = run("publish", folder=workspace.folder)
        assert done.code == 75, done.err
        assert "No space left" in done.err
        assert not list(small.rglob(".tmp-*"))
        store = LocalStore(small)
        assert (open_current(store).manifest.number, verify(store, open_current(store))) == (1, [])
        assert before.items() <= dict(tree(small)).items()
    resize(small, "8m")
    assert run("publish", folder=workspace.folder).code == 0
    assert open_current(LocalStore(small)).manifest.number == 2
