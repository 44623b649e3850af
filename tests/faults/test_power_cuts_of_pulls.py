"""What `healthtopics pull` has acknowledged survives a power cut, and one in its middle tears nothing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.disks import Disk
from faults.injection import KILL, Command
from healthtopics.publishing.verifying import verify_store
from healthtopics.release import open_current, verify
from healthtopics.storage.local import LocalStore
from support.hosts import static_host
from support.releases import TITLES, publish
from support.workspaces import run

REVISED = {**TITLES, "asthma": {"en": "Asthma, revised", "es": "Asma"}}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "exports")
    publish(store)
    return store


@pytest.fixture
def url(store: LocalStore) -> Iterator[str]:
    with static_host(store.folder) as url:
        yield url


def _damaged(folder: Path) -> int:
    return len(verify_store(LocalStore(folder)).problems)


def test_a_copy_is_whole_after_each_acknowledged_pull(disk: Disk, store: LocalStore, url: str) -> None:
    copy = disk.place / "copy"
    for number, titles in ((1, None), (2, REVISED), (3, TITLES)):
        if titles:
            publish(store, titles)
        assert run("pull", "--json", url, str(copy), folder=disk.place).json["release"] == number
        after = disk.cut_power() / "copy"
        assert open_current(LocalStore(after)).manifest.number == number
        assert _damaged(after) == 0


def test_a_power_cut_at_any_write_leaves_one_release_whole(
    disk: Disk, store: LocalStore, url: str, tmp_path: Path, every: int
) -> None:
    """The pull stops at the point, and the power fails."""

    def pulling(copy: Path) -> Command:
        return Command(("pull", url, str(copy)), (copy,), {})

    before = disk.place / "copy"
    assert pulling(before).run().code == 0
    publish(store, REVISED)
    shutil.copytree(before, tmp_path / "dry", symlinks=True)
    points = [each for each in pulling(tmp_path / "dry").points(tmp_path / "calls") if each.fault == KILL]
    tried = points[::every]
    print(f"pull: {len(tried)} power cuts")  # noqa: T201 - the number is part of the proof
    assert tried
    for point in tried:
        attempt = disk.place / "attempt"
        shutil.copytree(before, attempt, symlinks=True)
        os.sync()
        assert pulling(attempt).run(point=point).code == -9
        after = disk.cut_power() / "attempt"
        opened = open_current(LocalStore(after))
        assert opened.manifest.number in (1, 2), point
        assert verify(LocalStore(after), opened) == [], point
        assert run("pull", url, str(after), folder=after).code == 0, point
        assert open_current(LocalStore(after)).manifest.number == 2
        assert _damaged(after) == 0, point
        disk.remove("attempt")


def test_what_an_earlier_pull_left_unflushed_is_not_believed(
    disk: Disk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = disk.place / "copy"
    with monkeypatch.context() as patch:
        # The mutant: it proves that the test above would see a missing flush.
        patch.setattr(LocalStore, "flush", lambda _store: None)
        assert run("pull", url, str(copy), folder=disk.place).code == 0
        after = disk.cut_power() / "copy"
    lost = _damaged(after)
    assert lost > 0
    done = run("pull", "--json", url, str(after), folder=disk.place)
    assert (done.code, done.json["result"], _damaged(after)) == (0, "unchanged", 0)
    assert done.json["repaired"] > 0
