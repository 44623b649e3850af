"""A disk with little room: nothing is torn, nothing unfinished is left, and a job needs nothing but room."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults.sweeping import LATER, corrected, two_topics
from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import Workspace, run, tree


@contextmanager
def mounted(place: Path, size: str) -> Iterator[None]:
    """Mount a file system in memory of that size."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "small", place], check=False)
    if done.returncode:
        pytest.skip("tmpfs cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory of 4 MiB."""
    with mounted(tmp_path / "small", "4m"):
        yield tmp_path / "small"


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


@pytest.mark.parametrize("size", ["4k", "16k", "64k"])
def test_a_full_cache_costs_nothing_but_time(tmp_path: Path, size: str) -> None:
    """Not even the empty database fits, or that and little else."""
    workspace = two_topics(tmp_path / "workspace")
    other = workspace.copy(tmp_path / "other")
    with mounted(workspace.folder / ".cache", size):
        for day in (20, 21):
            for each in (workspace, other):
                each.publish(at=f"2026-11-{day}T06:00:00Z")
                each.run("check")
            if day == 20:
                corrected(workspace)
                corrected(other)
    assert dict(tree(workspace.exports)) == dict(tree(other.exports))
    assert open_current(workspace.store).manifest.number == 2
